"""From a capture to the corpus: archive, read, record, judge, index."""
