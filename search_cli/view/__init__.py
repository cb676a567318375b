"""What the verbs show: lines for articles, families, edits, facets and charts."""
