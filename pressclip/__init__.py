"""Pressclip from Python: open a desk, search it, read what it knows. Never writes, never fetches.

>>> import pressclip
>>> with pressclip.open("desk") as desk:
...     for article in desk.search('story:balloon "spy balloon"'):
...         print(article.outlet, article.title)
harbour-daily.example Spy balloon crosses prairie
prairie-courier.example Balloon seen over the elevators

This module is the public interface. What `__all__` names keeps its meaning until the next major
version; the changelog announces a removal one minor version before. `index`, `crawler` and
`search_cli` are internal and may change in any version.
"""

from __future__ import annotations

from importlib.metadata import version as _version

from index.errors import (
    ConfigError,
    IndexUnusable,
    PressclipError,
    QuerySyntaxError,
    StoreError,
    UsageError,
    WorkspaceNotFound,
)
from pressclip.desk import Desk, open
from pressclip.records import (
    Article,
    Compared,
    Count,
    Edit,
    Family,
    Member,
    Quote,
    Story,
    Version,
)
from pressclip.rows import Articles, Rows

__version__ = _version("pressclip")

__all__ = [
    "Article",
    "Articles",
    "Compared",
    "ConfigError",
    "Count",
    "Desk",
    "Edit",
    "Family",
    "IndexUnusable",
    "Member",
    "PressclipError",
    "QuerySyntaxError",
    "Quote",
    "Rows",
    "StoreError",
    "Story",
    "UsageError",
    "Version",
    "WorkspaceNotFound",
    "__version__",
    "open",
]
