"""Families: who carried whose text. Copies, excerpts and expanded forms, placed one by one.

`placing` keeps the tables of `schema` up to date inside the store's transaction; `reading` reads them.
Nothing is imported here: a search needs only `publication`, and so starts faster.
"""
