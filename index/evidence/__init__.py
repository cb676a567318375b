"""What a stranger can check: an article with the records that it was read from, and their digests."""
