"""Query pieces → tree: a recursive descent that knows where it is.

query    = all { OR all }
all      = negation { [AND] negation }
negation = { NOT | - } near
near     = atom { NEAR/n atom | W/n atom }
atom     = ( query ) | "phrase"[~n] | word | field:value{,value} | title:( query )
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Literal, Never, cast

from index.errors import QuerySyntaxError, UsageError
from index.query.dates import parse_period
from index.query.leaves import check_distance, read_bare, read_quoted
from index.query.lexer import Kind, Piece, PieceError, Value, read_pieces
from index.query.tree import (
    CHANGES,
    FIELDS,
    FILTERS,
    FLAGS,
    PERIODS,
    TEXT_FIELDS,
    And,
    Everything,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Period,
    Phrase,
    Typo,
    Wildcard,
    Word,
    Zone,
    walk,
)

MAX_CHARACTERS = 1_000
MAX_TERMS = 64
MAX_DEPTH = 20

_MEANT = {
    "language": "lang",
    "site": "outlet",
    "source": "outlet",
    "domain": "outlet",
    "by": "author",
    "said": "speaker",
    "quoted": "quote",
    "quotes": "quote",
    "headline": "title",
    "intitle": "title",
    "published": "date",
    "since": "date",
    "until": "date",
    "after": "date",
    "before": "date",
    "fetched": "seen",
    "family": "group",
    "has": "is",
    "edit": "changed",
    "edited": "changed",
    "wire": "agency",
    "type": "kind",
}
_EXAMPLES = {
    "title": "title:balloon",
    "author": 'author:"Lara Jakes"',
    "quote": "quote:balloon",
    "speaker": "speaker:Ryder",
    "outlet": "outlet:apnews.com,bbc.com",
    "lang": "lang:fr",
    "country": "country:us",
    "section": "section:world",
    "collection": "collection:local",
    "kind": "kind:opinion",
    "agency": "agency:AFP",
    "changed": "changed:headline",
    "story": "story:balloon",
    "group": "group:k7q2d",
    "id": "id:k7q2d",
    "is": "is:original",
    "date": "date:2023-02-04",
    "seen": "seen:today",
    "query": "query:morning",
}
_NONE_SAVED: Mapping[str, str] = MappingProxyType({})
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][a-z]{2,4})?", re.IGNORECASE | re.ASCII)
_FIELDS_HINT = "fields: pressclip help fields"
_QUERY_HINT = "pressclip help query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a query is read in: the moment and zone of its dates, and the saved queries."""

    now: datetime | None
    zone: tzinfo
    saved: Mapping[str, str]
    opened: tuple[str, ...] = ()


def parse(
    text: str,
    *,
    now: datetime | None = None,
    zone: tzinfo = UTC,
    saved: Mapping[str, str] = _NONE_SAVED,
) -> Node:
    """The tree of a query; days are whole days of `zone`, `now` is the clock for `7d` and `today`.

    Raises `QuerySyntaxError` with the column of the fault. Values of filters stay as typed;
    `outlet:@name` is resolved by `expand_collections`.
    """
    return parse_in(text, Setting(now=now, zone=zone, saved=saved))


def parse_in(text: str, setting: Setting, depth: int = 0) -> Node:
    """The tree of a query whose brackets start at `depth`; raises `QuerySyntaxError`."""
    if len(text) > MAX_CHARACTERS:
        raise QuerySyntaxError(
            f"the query has {len(text):,} characters; {MAX_CHARACTERS:,} are allowed",
            query=text,
            column=MAX_CHARACTERS,
            hint="save a part of it in workspace.toml and use query:NAME",
        )
    try:
        tree = _Parser(text, list(read_pieces(text)), setting, depth).read_all()
    except PieceError as fault:
        raise QuerySyntaxError(
            str(fault), query=text, column=fault.column, hint=fault.hint
        ) from fault
    if sum(not _has_parts(node) for node in walk(tree)) > MAX_TERMS:
        raise QuerySyntaxError(
            f"the query has more than {MAX_TERMS} terms",
            query=text,
            column=0,
            hint="use wildcards or comma lists, or ask in two queries",
        )
    return tree


def _has_parts(node: Node) -> bool:
    return isinstance(node, Near | And | Or | Not)


class _Parser:
    """One reading of one text; `zone` is the field whose brackets are open."""

    def __init__(self, text: str, pieces: list[Piece], setting: Setting, depth: int) -> None:
        self._text = text
        self._pieces = pieces
        self._setting = setting
        self._place = 0
        self._depth = depth
        self._zone: Zone = "any"

    def read_all(self) -> Node:
        if self._at("end"):
            self._fail("the query has no word in it", hint="* finds everything")
        tree = self._read_query()
        if not self._at("end"):
            self._fail("a closing bracket without an opening one", hint="remove the )")
        return tree

    def _read_query(self) -> Node:
        parts = [self._read_conjunction()]
        while self._take("or"):
            parts.append(self._read_conjunction())
        return _joined(Or, parts)

    def _read_conjunction(self) -> Node:
        parts = [self._read_negation()]
        while self._take("and") or not self._at("or", ")", "end"):
            parts.append(self._read_negation())
        return _joined(And, parts)

    def _read_negation(self) -> Node:
        if not self._at("-", "not"):
            return self._read_near()
        self._enter()
        self._take("-", "not")
        node = Not(self._read_negation())
        self._depth -= 1
        return node

    def _read_near(self) -> Node:
        column = self._piece.column
        node = self._read_atom()
        while self._at("near"):
            operator = self._take_piece()
            distance = check_distance(int(operator.text[1:]), operator.column)
            self._check_positional(node, column)
            column = self._piece.column
            part = self._read_atom()
            self._check_positional(part, column)
            node = Near((node, part), distance, ordered=operator.text[0] == "w")
        return node

    def _read_atom(self) -> Node:
        piece = self._piece
        match piece.kind:
            case "(":
                return self._read_group()
            case "quoted":
                return self._read_quoted(self._take_piece().values[0], self._zone)
            case "field":
                return self._read_field()
            case "word":
                self._take_piece()
                return read_bare(piece.text, piece.column, self._zone)
            case _:
                return self._fail_missing(piece)

    def _read_group(self) -> Node:
        opening = self._piece
        self._enter()
        self._take("(")
        if self._at(")"):
            self._fail("nothing between the brackets", hint="remove the ()")
        node = self._read_query()
        if not self._take(")"):
            self._fail("an opening bracket that is never closed", opening.column, hint="add a )")
        self._depth -= 1
        return node

    def _read_field(self) -> Node:
        piece = self._take_piece()
        name = piece.text.casefold()
        if name not in FIELDS:
            return self._read_unknown_field(piece)
        if not piece.values:
            return self._read_field_group(piece, name)
        if len(piece.values) > 1:
            self._check_depth(piece.column)
        if name in FILTERS:
            return Filter(name, tuple(self._filter_value(name, value) for value in piece.values))
        read = self._value_reader(name)
        return _joined(Or, [read(value) for value in piece.values])

    def _value_reader(self, name: str) -> Callable[[Value], Node]:
        if name in PERIODS:
            return lambda value: self._read_period(name, value)
        if name == "query":
            return self._read_saved
        zone = cast("Zone", name)
        return lambda value: (
            self._read_quoted(value, zone)
            if value.quoted
            else read_bare(value.text, value.column, zone)
        )

    def _read_field_group(self, piece: Piece, name: str) -> Node:
        """`title:(…)`: every word within belongs to the field."""
        start = piece.column + len(piece.text) + 1
        if name not in TEXT_FIELDS or not self._at("(") or self._piece.column != start:
            hint = f"write the value right after the colon, as in {_EXAMPLES[name]}"
            self._fail(f"{name}: has no value", piece.column, hint=hint)
        outer, self._zone = self._zone, cast("Zone", name)
        node = self._read_group()
        self._zone = outer
        return node

    def _read_unknown_field(self, piece: Piece) -> Node:
        guess = _guess_field(piece.text)
        if not piece.values and not guess:
            return read_bare(f"{piece.text}:", piece.column, self._zone)
        hint = f"did you mean {guess}: ?   ({_FIELDS_HINT})"
        if piece.text.casefold() in ("http", "https"):
            hint = "to look for an address: pressclip why ADDRESS"
        elif not guess:
            hint = f"to search for the words put them in quotes   ({_FIELDS_HINT})"
        return self._fail(f"no such field: {piece.text}:", piece.column, hint=hint)

    def _filter_value(self, name: str, value: Value) -> str:
        if not value.text:
            self._fail(f"{name}: has an empty value", value.column, hint=_FIELDS_HINT)
        if name == "is" and value.text.casefold() not in FLAGS:
            guess = _closest(value.text.casefold(), FLAGS)
            hint = f"did you mean is:{guess} ?" if guess else f"is: takes {', '.join(FLAGS)}"
            self._fail(f"no such property: is:{value.text}", value.column, hint=hint)
        if name == "changed" and value.text.casefold() not in CHANGES:
            guess = _closest(value.text.casefold(), CHANGES)
            hint = f"did you mean changed:{guess} ?" if guess else f"one of: {', '.join(CHANGES)}"
            self._fail(f"no such change: changed:{value.text}", value.column, hint=hint)
        if name == "lang" and not _LANGUAGE.fullmatch(value.text):
            hint = "use the code of two letters, as in lang:fr"
            self._fail(f"no such language code: {value.text}", value.column, hint=hint)
        return value.text

    def _read_period(self, name: str, value: Value) -> Node:
        try:
            start, end = parse_period(value.text, now=self._setting.now, zone=self._setting.zone)
        except UsageError as error:
            self._fail(str(error), value.column, hint=error.hint)
        return Period(cast("Literal['date', 'seen']", name), start, end)

    def _read_saved(self, value: Value) -> Node:
        name, setting = value.text, self._setting
        if name not in setting.saved:
            guess = _closest(name, setting.saved)
            hint = f"did you mean query:{guess} ?" if guess else "[queries] in workspace.toml"
            self._fail(f"no saved query of this name: {name}", value.column, hint=hint)
        if name in setting.opened:
            self._fail(f"the saved query {name} contains itself", value.column, hint=_QUERY_HINT)
        self._check_depth(value.column)
        inner = replace(setting, opened=(*setting.opened, name))
        try:
            return parse_in(setting.saved[name], inner, self._depth + 1)
        except QuerySyntaxError as error:
            message = f"in the saved query {name}: {error}"
            raise QuerySyntaxError(
                message, query=error.query, column=error.column, hint=error.hint
            ) from error

    def _read_quoted(self, value: Value, zone: Zone) -> Node:
        if "*" in value.text:  # becomes words in a row, which are written in brackets
            self._check_depth(value.column)
        return read_quoted(value, zone)

    def _check_positional(self, node: Node, column: int) -> None:
        if isinstance(node, And | Not | Filter | Period | Everything) or (
            isinstance(node, Or) and not all(map(_is_positional, node.parts))
        ):
            hint = "words, phrases, wildcards and (a OR b) can stand there"
            self._fail("NEAR and W cannot take this part", column, hint=hint)

    def _enter(self) -> None:
        self._check_depth(self._piece.column)
        self._depth += 1

    def _check_depth(self, column: int) -> None:
        if self._depth >= MAX_DEPTH:
            hint = "take some brackets away"
            self._fail(f"brackets and NOT nest deeper than {MAX_DEPTH}", column, hint=hint)

    @property
    def _piece(self) -> Piece:
        return self._pieces[self._place]

    def _at(self, *kinds: Kind) -> bool:
        return self._piece.kind in kinds

    def _take(self, *kinds: Kind) -> bool:
        found = self._at(*kinds)
        self._place += found
        return found

    def _take_piece(self) -> Piece:
        self._place += 1
        return self._pieces[self._place - 1]

    def _fail_missing(self, piece: Piece) -> Never:
        """A word was due at this piece."""
        if piece.kind in ("or", "and", "near"):
            hint = f'to search for the word put it in quotes: "{self._shown(piece)}"'
            self._fail(f"nothing before {self._shown(piece)}", hint=hint)
        if self._place == 0:
            self._fail("a closing bracket without an opening one", hint="remove the )")
        before = self._pieces[self._place - 1]
        self._fail(f"nothing after {self._shown(before)}", before.column, hint=_QUERY_HINT)

    def _shown(self, piece: Piece) -> str:
        return self._text[piece.column :].split(None, 1)[0]

    def _fail(self, message: str, column: int | None = None, *, hint: str) -> Never:
        where = self._piece.column if column is None else column
        raise PieceError(message, where, hint)


def _joined(kind: type[And] | type[Or], parts: Sequence[Node]) -> Node:
    """The parts under one node, those of the same kind taken apart; a single part is itself."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    return kind(tuple(flat))


def _is_positional(node: Node) -> bool:
    if isinstance(node, Or):
        return all(map(_is_positional, node.parts))
    return isinstance(node, Word | Phrase | Wildcard | Typo | Near)


def _guess_field(name: str) -> str:
    folded = name.casefold()
    return _MEANT.get(folded) or _closest(folded, FIELDS)


def _closest(name: str, known: Iterable[str]) -> str:
    # Only a mistake pays for this import.
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, known, n=1, cutoff=0.75)), "")
