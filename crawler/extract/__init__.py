"""From a captured page to an article record, or to the reason why it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.extract.rejection import NotAnArticle

if TYPE_CHECKING:
    from crawler.extract.record import extract, extract_page

__all__ = ["NotAnArticle", "extract", "extract_page"]


def __getattr__(name: str) -> Any:
    """Load what reads pages when it is asked for: workers read, the process of a crawl does not."""
    if name in __all__:
        from crawler.extract import record

        return getattr(record, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
