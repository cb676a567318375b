"""Where results go: tables and charts on a terminal, data formats, citations, databases."""
