"""Whoosh's files: segments read through a memory map and written in bulk, and their table of contents."""
