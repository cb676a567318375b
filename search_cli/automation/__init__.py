"""What runs without a person: the timer that crawls, the command that a crawl raises."""
