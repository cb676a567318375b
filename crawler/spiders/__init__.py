"""Scrapy spiders: where captures come from."""
