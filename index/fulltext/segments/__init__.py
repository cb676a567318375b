"""Whoosh's files: segments read where they lie and written in bulk, and their table of contents."""
