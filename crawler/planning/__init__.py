"""What a crawl visits, and when: sources, queues, polling intervals, visits to lists."""
