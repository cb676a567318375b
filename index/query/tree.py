"""The query tree: what every engine and the matcher evaluate, and how it is written down.

`str(node)` is the canonical text: `parse(str(node)) == node` for every tree that `parse` returns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Literal, assert_never

from index.errors import UsageError
from index.query.dates import write_period

Zone = Literal["any", "title", "author", "quote", "speaker"]

FILTERS = (
    "outlet", "collection", "lang", "country", "kind", "agency", "section", "story", "tag", "group",
    "id", "is", "changed",
)  # fmt: skip
PERIODS = ("date", "seen")
TEXT_FIELDS = ("title", "author", "quote", "speaker")
FIELDS = (*TEXT_FIELDS, *FILTERS, *PERIODS, "query")
FLAGS = (
    "original",
    "reprint",
    "edited",
    "removed",
    "paywalled",
    "undated",
    "noted",
    "date-conflict",
    "mention",
    "borderline",
)


CHANGES = (
    "headline",
    "number",
    "name",
    "wording",
    "added",
    "removed",
    "moved",
    "correction",
    "entry",
    "silent",
    "quotation",
)
"""What an edit may have changed, as `changed:` takes it and `index.versions.history` finds it."""


class _Written:
    """A node that prints as the query it came from."""

    __slots__ = ()

    def __str__(self) -> str:
        return unparse(self)  # type: ignore[arg-type]  # every subclass is a Node


@dataclass(frozen=True, slots=True)
class Word(_Written):
    """One word as typed; `exact` asks for this form only (`=Balloons`)."""

    text: str
    zone: Zone = "any"
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase(_Written):
    """Words that follow each other, in these forms."""

    text: str
    zone: Zone = "any"


@dataclass(frozen=True, slots=True)
class Wildcard(_Written):
    """A pattern with `*` for any run of letters; at least two letters lead or trail."""

    pattern: str
    zone: Zone = "any"


@dataclass(frozen=True, slots=True)
class Typo(_Written):
    """A word or one that is one edit away (`baloon~`)."""

    text: str
    zone: Zone = "any"


@dataclass(frozen=True, slots=True)
class Near(_Written):
    """Parts within `distance` words of each other; `ordered` keeps their order (`W/n`).

    Two parts of any positional kind, or (from `"a b c"~5`, never ordered) three and more of
    Word, Wildcard and Typo. Positional kinds: Word, Phrase, Wildcard, Typo, Near, Or of these.
    """

    parts: tuple[Node, ...]
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Filter(_Written):
    """A metadata field that equals one of the values: outlet, lang, country, story, tag, id, …"""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period(_Written):
    """`start <= field < end`; None is open, both None is any known date.

    Fields: date (published) and seen (first fetched). An article without that date never matches.
    """

    field: Literal["date", "seen"]
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Everything(_Written):
    """`*`."""


@dataclass(frozen=True, slots=True)
class Not(_Written):
    """All that the part does not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class And(_Written):
    """All parts; two or more, none of them an And."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(_Written):
    """Any part; two or more, none of them an Or."""

    parts: tuple[Node, ...]


Node = Word | Phrase | Wildcard | Typo | Near | Filter | Period | Everything | Not | And | Or

_OR, _AND, _NOT, _NEAR, _ATOM = range(5)
_RESERVED = re.compile(r"and|or|not|(near|w)/\d+", re.IGNORECASE)
_PLAIN_VALUE = re.compile(r'[^\s(),"]+')


def unparse(tree: Node, *, zone: tzinfo = UTC) -> str:
    """The canonical text of a tree; whole days of `zone` are written as days."""
    return _write(tree, zone)[0]


def _write(node: Node, zone: tzinfo) -> tuple[str, int]:
    match node:
        case Word() | Phrase() | Wildcard() | Typo():
            return _write_field(node), _ATOM
        case Near():
            return _write_near(node, zone)
        case Filter(field, values):
            return f"{field}:{','.join(map(_quoted, values))}", _ATOM
        case Period(field, start, end):
            return f"{field}:{write_period(start, end, zone)}", _ATOM
        case Everything():
            return "*", _ATOM
        case Not(part):
            text, level = _write(part, zone)
            return (
                (f"-{text}", _NOT) if level == _ATOM else (f"NOT {_wrap(text, level, _NOT)}", _NOT)
            )
        case And(parts):
            return _join(parts, " ", _AND, zone), _AND
        case Or(parts):
            return _join(parts, " OR ", _OR, zone), _OR
    assert_never(node)


def _join(parts: Sequence[Node], glue: str, level: int, zone: tzinfo) -> str:
    return glue.join(_wrap(*_write(part, zone), level + 1) for part in parts)


def _wrap(text: str, level: int, needed: int) -> str:
    return text if level >= needed else f"({text})"


def _quoted(value: str) -> str:
    return value if _PLAIN_VALUE.fullmatch(value) else f'"{value}"'


def _write_bare(node: Word | Phrase | Wildcard | Typo) -> str:
    match node:
        case Word(text, exact=exact):
            return f"={text}" if exact else text
        case Phrase(text):
            return f'"{text}"'
        case Wildcard(pattern):
            return pattern
        case Typo(text):
            return f"{text}~"


def _write_field(node: Word | Phrase | Wildcard | Typo) -> str:
    text = _write_bare(node)
    if node.zone == "any":
        return text
    # A comma in a field's value would list two; within brackets it does not.
    listed = "," in text and not isinstance(node, Phrase)
    return f"{node.zone}:({text})" if listed else f"{node.zone}:{text}"


def _write_near(node: Near, zone: tzinfo) -> tuple[str, int]:
    words = [part for part in node.parts if isinstance(part, Word | Wildcard | Typo)]
    if len(node.parts) > 2 or any(map(_is_reserved, words)):
        prefix = "" if words[0].zone == "any" else f"{words[0].zone}:"
        return f'{prefix}"{" ".join(map(_write_bare, words))}"~{node.distance}', _ATOM
    left, right = node.parts
    glue = f" {'W' if node.ordered else 'NEAR'}/{node.distance} "
    return _wrap(*_write(left, zone), _NEAR) + glue + _wrap(*_write(right, zone), _ATOM), _NEAR


def _is_reserved(node: Word | Wildcard | Typo) -> bool:
    """Whether the word would be read as an operator; in quotes it is not."""
    return node.zone == "any" and _RESERVED.fullmatch(_write_bare(node)) is not None


def walk(tree: Node) -> Iterator[Node]:
    """The tree's nodes, parents before their parts."""
    yield tree
    for part in parts_of(tree):
        yield from walk(part)


def parts_of(node: Node) -> tuple[Node, ...]:
    """The parts directly under a node; none for a leaf."""
    match node:
        case Near(parts) | And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def rewrite(tree: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with `change` applied to every node, parts before their parents."""
    match tree:
        case Near(parts, distance, ordered):
            tree = Near(tuple(rewrite(part, change) for part in parts), distance, ordered)
        case And(parts):
            tree = And(tuple(rewrite(part, change) for part in parts))
        case Or(parts):
            tree = Or(tuple(rewrite(part, change) for part in parts))
        case Not(part):
            tree = Not(rewrite(part, change))
        case _:
            pass
    return change(tree)


def expand_collections(tree: Node, collections: Mapping[str, Sequence[str]]) -> Node:
    """The tree with each `outlet:@name` and `collection:name` replaced by that collection's outlets.

    Raises `UsageError` for a collection that is not in outlets.toml.
    """

    def members(value: str) -> Sequence[str]:
        if not value.startswith("@"):
            return (value,)
        if value[1:] not in collections:
            known = ", ".join(f"@{name}" for name in sorted(collections))
            hint = f"collections in outlets.toml: {known}" if known else "outlets.toml names none"
            raise UsageError(f"no such collection: {value}", hint=hint)
        return collections[value[1:]]

    def change(node: Node) -> Node:
        if isinstance(node, Filter) and node.field == "collection":
            node = Filter("outlet", tuple(f"@{name.removeprefix('@')}" for name in node.values))
        if not isinstance(node, Filter) or node.field != "outlet":
            return node
        values = [member for value in node.values for member in members(value)]
        return Filter("outlet", tuple(dict.fromkeys(values)))

    return rewrite(tree, change)
