"""From what was asked to a tree the index can answer: options added, names resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, tzinfo

from index.fulltext.schema import MENTIONED
from index.query import And, Everything, Filter, Node, Not, Period, rewrite, walk
from index.query.dates import parse_moment, parse_since, parse_until

Moment = str | date | datetime | None

HIDING = Not(Filter("is", ("mention",)))
"""The part of a query that leaves out what only mentions its story."""


def narrow(tree: Node, parts: Iterable[Node]) -> Node:
    """The tree and all the parts."""
    found: list[Node] = []
    for part in (tree, *parts):
        found += part.parts if isinstance(part, And) else [part]
    kept = [part for part in found if not isinstance(part, Everything)]
    if len(kept) > 1:
        return And(tuple(kept))
    return kept[0] if kept else Everything()


def count_mentions(tree: Node) -> Node:
    """The tree, where `story:` finds what only mentions the story too; else see `hide_mentions`."""
    if _holds(tree, lambda node: node == HIDING):
        return tree

    def both(wanted: Filter) -> Node:
        mentioned = [MENTIONED + value for value in wanted.values]
        return Filter("story", (*wanted.values, *mentioned))

    return replace_filters(tree, {"story": both})


def hide_mentions(tree: Node) -> Node:
    """The tree without articles that only mention their story, unless it asks for them by name.

    It does with `is:mention`, and with `id:`.
    """

    def asks(node: Node) -> bool:
        return isinstance(node, Filter) and (node.field == "id" or "mention" in _flags(node))

    return tree if _holds(tree, asks) else narrow(tree, [HIDING])


def without_hiding(tree: Node) -> Node:
    """The tree as it was before `hide_mentions`."""
    if HIDING not in _parts(tree):
        return tree
    return narrow(Everything(), [part for part in _parts(tree) if part != HIDING])


def stories_named(tree: Node) -> list[str]:
    """The ids that `story:` names anywhere in the tree, in small letters, as stories have them."""
    return [
        value.casefold()
        for node in walk(tree)
        if isinstance(node, Filter) and node.field == "story"
        for value in node.values
    ]


def _holds(tree: Node, wanted: Callable[[Node], bool]) -> bool:
    """Whether a part of the tree, at any depth, is a wanted one."""
    found: list[Node] = []

    def look(node: Node) -> Node:
        if wanted(node):
            found.append(node)
        return node

    rewrite(tree, look)
    return bool(found)


def _parts(tree: Node) -> tuple[Node, ...]:
    return tree.parts if isinstance(tree, And) else (tree,)


def _flags(node: Filter) -> list[str]:
    return [value.casefold() for value in node.values] if node.field == "is" else []


def read_period(since: Moment, until: Moment, zone: tzinfo, now: datetime | None) -> list[Node]:
    """A `date:` period, if either end is given; a day as `until` is the whole day.

    Raises `UsageError` for a text that is not a date.
    """
    if since is None and until is None:
        return []
    start = _read_end(since, zone, now, parse_since)
    end = _read_end(until, zone, now, parse_until)
    return [Period("date", start, end)]


def read_moment(given: Moment, zone: tzinfo) -> datetime | None:
    """A moment to look back to; raises `UsageError` for a text that is not a date."""
    return _read_end(given, zone, None, parse_moment)


def read_filters(options: Mapping[str, str | Iterable[str] | None]) -> list[Node]:
    """A filter for each option that has a value or several."""
    found: list[Node] = []
    for name, given in options.items():
        values = (given,) if isinstance(given, str) else tuple(given or ())
        if values:
            found.append(Filter(name, values))
    return found


def replace_filters(tree: Node, known: Mapping[str, Callable[[Filter], Node]]) -> Node:
    """The tree with each filter on one of the fields replaced by what its function gives."""

    def change(node: Node) -> Node:
        if isinstance(node, Filter) and node.field in known:
            return known[node.field](node)
        return node

    return rewrite(tree, change)


def _read_end(
    given: Moment,
    zone: tzinfo,
    now: datetime | None,
    parse: Callable[..., datetime],
) -> datetime | None:
    if given is None:
        return None
    if isinstance(given, datetime):
        return given.replace(tzinfo=given.tzinfo or zone).astimezone(UTC)
    return parse(str(given), zone=zone, now=now)
