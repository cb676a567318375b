"""Text as words, shingles, zones and quotations: what is worked out from a text alone."""
