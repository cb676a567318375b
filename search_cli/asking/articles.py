"""Names of articles as people give them: ids or their beginning, `@3`, URLs, `-` for a list."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

from index.errors import UsageError
from index.workspace import Workspace
from search_cli.output.render import one_line
from search_cli.output.waiting import stop_waiting
from search_cli.state import recall

if TYPE_CHECKING:
    from index.store import Store


def find_articles(workspace: Workspace, store: Store, names: Sequence[str]) -> list[str]:
    """The ids behind the names, in their order; raises `UsageError` for an unknown or unclear one."""
    return [_find(workspace, store, name) for name in _spelled_out(names)]


def identity_of(url: str) -> str:
    """The key under which the crawl knows an address; loaded by name, as the wire's verbs are."""
    canonical = cast("Callable[[str], str]", import_module("crawler.urls").canonical)
    return canonical(url)


def _spelled_out(names: Sequence[str]) -> Iterator[str]:
    """The names with `-` replaced by the first field of each line of standard input."""
    for name in names:
        if name != "-":
            yield name
            continue
        stop_waiting()
        for line in sys.stdin:
            if first := line.split("\t", 1)[0].strip():
                yield first


def _find(workspace: Workspace, store: Store, name: str) -> str:
    if name.startswith("@"):
        name = recall(workspace, name)
    keys = [identity_of(name)] if "/" in name else []
    ids = store.articles.find(name, *keys)
    if len(ids) == 1:
        return ids[0]
    if not ids:
        hint = f"pressclip why {name}" if keys else "an id is the first column of pressclip search"
        raise UsageError(f"no such article: {one_line(name)}", hint=hint)
    some = ", ".join(ids[:6])
    raise UsageError(f"{name}: matches several articles: {some}", hint="give more of the id")
