"""Many desks on many machines: a queue in PostgreSQL, workers that crawl what is due, one at a time each."""
