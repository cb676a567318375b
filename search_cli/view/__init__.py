"""What the commands print: lines for articles, families, edits, facets and charts."""
