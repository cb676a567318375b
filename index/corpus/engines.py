"""The one place that knows which search engine a workspace has set: [search] engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import IndexUnusable

if TYPE_CHECKING:
    from index.fulltext.engine import Searcher
    from index.store import Store
    from index.workspace import Workspace


def open_searcher(workspace: Workspace, store: Store) -> Searcher:
    """The engine, open for reading.

    Raises `IndexUnusable` when it holds nothing that can be searched, `UsageError` for its settings.
    """
    if workspace.search.engine == "opensearch":
        from index.opensearch.searcher import ClusterIndex

        return ClusterIndex.open(workspace.search.address(), store)
    from index.fulltext.searcher import SearchIndex

    return SearchIndex.open(workspace.index_dir)


def how_to_update(workspace: Workspace) -> str:
    """The command that brings what is searched up to the store."""
    return "pressclip push" if workspace.search.engine == "opensearch" else "pressclip index"


def indexed_revision(workspace: Workspace) -> int | None:
    """The revision that the engine holds; None when there is nothing that can be read.

    Raises `UsageError` for its settings.
    """
    try:
        if workspace.search.engine == "opensearch":
            from index.opensearch.searcher import pushed_revision

            return pushed_revision(workspace.search.address())
        from index.fulltext.searcher import SearchIndex

        return SearchIndex.open(workspace.index_dir).revision
    except IndexUnusable:
        return None
