"""What a shell may complete: names from the workspace, fields and values of a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from index.errors import PressclipError
from search_cli.session import Session

if TYPE_CHECKING:
    from index.workspace import Workspace

VARIABLE = "_PRESSCLIP_COMPLETE"
_VALUED = ("outlet", "story", "lang", "country", "tag", "is", "query", "changed", "collection")

_TEXTS = (click.types.StringParamType, click.types.UnprocessedParamType)

Source = Callable[["Workspace"], Iterable[str]]


class Named(click.types.StringParamType):
    """A text of which a shell may complete the last of its parts between commas."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names that begin like what was typed; none if there is no workspace."""
        return [CompletionItem(name) for name in _begun(_read(ctx, self._source), incomplete)]


class QueryWord(click.types.StringParamType):
    """A word of a query: its fields are completed, and the values of those that name things."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """`out` → the outlets as `outlet:id`, `lang:f` → `lang:fr`, `t` → `title:`."""
        before = ctx.params.get(param.name or "") or ()
        quoted, word = _last_word(incomplete)
        return [CompletionItem(f"{quoted}{text}") for text in _query_words(ctx, before, word)]


class Mark(click.types.StringParamType):
    """A tag behind + or -, or else an id or a word of a query."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """`+k` → the tags as `+key`; anything else as a query."""
        if incomplete.startswith("+"):
            tags = _begun(_read(ctx, _tags), incomplete[1:])
            return [CompletionItem(f"+{name}") for name in tags]
        return QueryWord().shell_complete(ctx, param, incomplete)


def complete_names(command: click.Command) -> None:
    """Give the parameters of a verb that name things their live values."""
    for param in command.params:
        kind = _KINDS.get(param.opts[0])
        if kind is not None and isinstance(param.type, _TEXTS):
            param.type = kind


def _last_word(typed: str) -> tuple[str, str]:
    """What is before the last word of a quoted query, and that word; `("a -lang:f` alike."""
    found = re.fullmatch(r"(.*[\s(])?(-?)([^\s(]*)", typed, re.DOTALL)
    if found is None or typed.count('"') % 2:
        return typed, '"'  # no field begins so
    return f"{found[1] or ''}{found[2]}", found[3]


def _query_words(ctx: click.Context, before: Sequence[str], incomplete: str) -> list[str]:
    # bash makes words of their own of a colon and of what is behind it
    if incomplete == ":" and before and before[-1] in _VALUED:
        return [f":{value}" for value in _values(ctx, before[-1])]
    if len(before) > 1 and before[-1] == ":" and before[-2] in _VALUED:
        return _begun(_values(ctx, before[-2]), incomplete)
    field, colon, typed = incomplete.partition(":")
    if colon:
        found = _begun(_values(ctx, field), typed) if field in _VALUED else []
        return [f"{field}:{value}" for value in found]
    from index.query import FIELDS

    fields = [name for name in FIELDS if name.startswith(field)]
    if len(fields) == 1 and fields[0] in _VALUED:
        return [f"{fields[0]}:{value}" for value in _values(ctx, fields[0])]
    return [f"{name}:" for name in fields]


def _values(ctx: click.Context, field: str) -> list[str]:
    if field == "is":
        from index.query import FLAGS

        return list(FLAGS)
    if field == "changed":
        from index.query import CHANGES

        return list(CHANGES)
    sources = {
        "outlet": _outlets,
        "story": _stories,
        "lang": _languages,
        "country": _countries,
        "tag": _tags,
        "query": _queries,
        "collection": _collections,
    }
    return _read(ctx, sources[field])


def _read(ctx: click.Context, source: Source) -> list[str]:
    """The names of the workspace; none if there is none, or a file of it is at fault."""
    from index.workspace import Workspace

    session = ctx.obj if isinstance(ctx.obj, Session) else Session()
    try:
        return list(source(Workspace.find(session.directory)))
    except (PressclipError, OSError):
        return []


def _begun(names: Iterable[str], typed: str) -> list[str]:
    """The names that continue the last part of what was typed."""
    before, comma, last = typed.rpartition(",")
    return [f"{before}{comma}{name}" for name in names if name.startswith(last)]


def _stories(workspace: Workspace) -> list[str]:
    return [path.stem for path in workspace.story_files()]


def _outlets(workspace: Workspace) -> list[str]:
    outlets = workspace.outlets()
    return [*outlets.by_id, *(f"@{name}" for name in outlets.collections)]


def _collections(workspace: Workspace) -> list[str]:
    return list(workspace.outlets().collections)


def _languages(workspace: Workspace) -> list[str]:
    return sorted({code for outlet in workspace.outlets() for code in outlet.lang})


def _countries(workspace: Workspace) -> list[str]:
    return sorted({outlet.country for outlet in workspace.outlets()} - {""})


def _tags(workspace: Workspace) -> list[str]:
    from index.store import Store

    with Store.open(workspace.database) as store:
        return list(store.tags.counts())


def _queries(workspace: Workspace) -> list[str]:
    return list(workspace.queries)


def _facets(_: Workspace) -> Sequence[str]:
    from index.fulltext.searcher import FACETS

    return FACETS


def _topics(_: Workspace) -> Sequence[str]:
    from search_cli.commandline.topics import TOPICS

    return tuple(TOPICS)


_KINDS: dict[str, click.types.StringParamType] = {
    "words": QueryWord(),
    "marks": Mark(),
    "stories": Named(_stories),
    "story_id": Named(_stories),
    "--story": Named(_stories),
    "outlet_id": Named(_outlets),
    "name": Named(_outlets),
    "--outlet": Named(_outlets),
    "--lang": Named(_languages),
    "--facet": Named(_facets),
    "topic": Named(_topics),
}
