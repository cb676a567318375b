"""What the verbs that take a query share: its words, the options that narrow it, the corpus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from index.errors import UsageError
from search_cli.session import Session

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node
    from index.workspace import Workspace

# As index.fulltext.searcher.SORTS, which is not imported to show a help text; a test compares them.
ORDERS = ("relevance", "recent", "newest", "oldest", "seen", "outlet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """The options beside a query, each empty when it was not given."""

    since: str | None = None
    until: str | None = None
    outlet: tuple[str, ...] = ()
    lang: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    mentions: bool = False
    as_of: str | None = None
    ever: bool = False

    @property
    def only_story(self) -> str:
        """The story asked for where it is a single one, or else empty."""
        stories = _split(self.story)
        return stories[0] if len(stories) == 1 else ""

    def understand(self, corpus: Corpus, words: Sequence[str]) -> Node:
        """The tree of the words and the options; raises `UsageError` and its children."""
        return corpus.understand(
            " ".join(words),
            since=self.since,
            until=self.until,
            outlet=_split(self.outlet),
            lang=_split(self.lang),
            story=_split(self.story),
            mentions=self.mentions,
        )


def query_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a verb QUERY… and the options that narrow it, as `words` and `narrowing`."""

    @wraps(function)
    def asked(
        *args: Any,
        since: str | None,
        until: str | None,
        outlet: tuple[str, ...],
        lang: tuple[str, ...],
        story: tuple[str, ...],
        mentions: bool,
        as_of: str | None,
        **rest: Any,
    ) -> int:
        narrowing = Narrowing(
            since=since,
            until=until,
            outlet=outlet,
            lang=lang,
            story=story,
            mentions=mentions,
            as_of=as_of,
        )
        return function(*args, narrowing=narrowing, **rest)

    decorated = asked
    for option in _QUERY_OPTIONS:
        decorated = option(decorated)
    return decorated


_QUERY_OPTIONS = (
    click.option(
        "--mentions", is_flag=True, help="Include articles that only mention the story in passing."
    ),
    click.option(
        "--as-of", metavar="D", help="Show what was published at a moment (a day means its end)."
    ),
    click.option("--story", metavar="ID", multiple=True, help="Only articles on this story."),
    click.option(
        "--lang", metavar="CODE", multiple=True, help="Only articles in this language (en, zh, …)."
    ),
    click.option(
        "--outlet", metavar="X", multiple=True, help="Only articles of this outlet or @collection."
    ),
    click.option("--until", metavar="D", help="Only articles published on or before this day."),
    click.option(
        "--since",
        metavar="D",
        help="Only articles published on or after this day (also 7d, yesterday).",
    ),
    click.argument("words", metavar="QUERY…", nargs=-1),
)


def open_desk(session: Session, narrowing: Narrowing) -> tuple[Workspace, Corpus]:
    """The workspace and its corpus, days counted in the session's zone.

    Raises `UsageError` for a story that does not exist or a moment that is none, and what
    `corpus_of` raises.
    """
    from index.corpus import corpus_of
    from index.query.dates import parse_moment
    from index.workspace import Workspace
    from index.workspace.timezone import find_zone

    workspace = Workspace.find(session.directory)
    zone = find_zone(session.zone or workspace.zone)
    as_of = parse_moment(narrowing.as_of, zone=zone) if narrowing.as_of is not None else None
    if as_of and narrowing.ever:
        raise UsageError("--as-of and --all-versions cannot be used together")
    workspace.check_stories(_split(narrowing.story))
    corpus = corpus_of(workspace, as_of=as_of)
    corpus.zone = zone
    if narrowing.ever:
        corpus.when = "ever"
    return workspace, corpus


def require_words(words: Sequence[str], verb: str) -> None:
    """Raise `UsageError` if no query was given."""
    if not any(word.strip() for word in words):
        raise UsageError("no query given", hint=f"pressclip {verb} '*' matches everything")


def _split(values: Sequence[str]) -> tuple[str, ...]:
    """Values given by repeating an option or between commas."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())
