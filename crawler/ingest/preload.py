"""What every worker needs to read pages, loaded once before the workers are forked.

The process of a crawl loads none of it: it starts in a third of the time, and reads no page itself.
"""

import feedparser
import htmldate
import trafilatura

import crawler.backfill.sift
import crawler.extract.record
import crawler.ingest.read
from crawler.extract.language import load_classifier
from crawler.extract.page.parsers import load_stop_words

__all__ = ["crawler", "feedparser", "htmldate", "trafilatura"]

load_classifier()
load_stop_words()
