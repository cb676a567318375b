"""The disk: workspace files, archive, store and search index of a clippings desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.corpus import Corpus, open_corpus

__all__ = ["Corpus", "open_corpus"]


def __getattr__(name: str) -> Any:
    """Load the corpus when it is asked for: most of what imports `index` needs a leaf of it."""
    if name in __all__:
        from index import corpus

        return getattr(corpus, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
