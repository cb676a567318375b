"""What is between a request and its answer: robots.txt, delays, retries, guards, the archive."""
