"""Full-text search: the schema, the index on disk, its writer and its reader.

The index is in Whoosh's own format: `segments` writes and reads its files faster than Whoosh does, and
stock Whoosh opens what they write (a test holds that). To go back to stock, call Whoosh's `open_dir` on
the folder.
"""
