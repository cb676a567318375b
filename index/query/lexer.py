"""Query text → pieces with their columns; quotes, brackets and signs in any typographic form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["(", ")", "-", "and", "or", "not", "near", "quoted", "word", "field", "end"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field's comma list, or a quoted piece; `slop` is the n of `"…"~n`."""

    text: str
    column: int
    quoted: bool = False
    slop: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a query; `text` is a word, a field's name, or NEAR's letter and number."""

    kind: Kind
    text: str
    column: int
    values: tuple[Value, ...] = ()


class PieceError(Exception):
    """A fault at a column of the text that is read, and what to do about it."""

    def __init__(self, message: str, column: int, hint: str) -> None:
        super().__init__(message)
        self.column = column
        self.hint = hint


# Each sign becomes one plain sign, so columns stay those of the text as typed.
_SIGNS = str.maketrans(
    dict.fromkeys(map(ord, "“”„‟«»「」『』〝〞〟"), ord('"'))
    | dict(zip(range(0xFF01, 0xFF5F), range(0x21, 0x7F), strict=True))
)
_OPERATORS: dict[str, Kind] = {
    "and": "and",
    "&": "and",
    "&&": "and",
    "or": "or",
    "|": "or",
    "||": "or",
    "not": "not",
}
_PROXIMITY = re.compile(r"(near|w)/(\d{1,9})", re.IGNORECASE | re.ASCII)
_QUOTED = r'"(?P<inside>[^"]*)"(?:~(?P<slop>[0-9]{1,9}))?'
_PIECE = re.compile(
    rf"""
    (?P<space>\s+)
    | (?P<bracket>[()])
    | (?P<minus>-(?=[^\s)]))
    | {_QUOTED}
    | (?P<unclosed>")
    | (?P<field>[A-Za-z][A-Za-z0-9_]*):
    | (?P<word>[^\s()"]+)
    """,
    re.VERBOSE,
)
_COMMA = re.compile(r",+(?P<gap>\s+[^\s)])?")
_VALUE = re.compile(rf'{_QUOTED}|(?P<unclosed>")|(?P<bare>[^\s(),"]+)')


def read_pieces(text: str) -> Iterator[Piece]:
    """The pieces of a query, an `end` last; raises `PieceError`."""
    plain = "".join(map(_plain_sign, text.translate(_SIGNS)))
    place = 0
    while found := _PIECE.match(plain, place):
        place = found.end()
        match found.lastgroup:
            case "space":
                continue
            case "bracket":
                yield Piece("(" if found[0] == "(" else ")", found[0], found.start())
            case "minus":
                yield Piece("-", "-", found.start())
            case "inside" | "slop":
                value = _quoted_value(found)
                yield Piece("quoted", value.text, value.column, (value,))
            case "unclosed":
                raise _unclosed(found.start())
            case "field":
                values, place = _read_values(plain, place)
                yield Piece("field", found["field"], found.start(), values)
            case _ if _is_meant(found[0]):
                yield _read_word(found)
            case _:
                continue  # a dash or a bullet of pasted text
    yield Piece("end", "", len(text))


def _plain_sign(letter: str) -> str:
    """Controls and halves of surrogate pairs cannot be printed; they count as spaces."""
    return " " if unicodedata.category(letter) in ("Cc", "Cs") else letter


def _is_meant(word: str) -> bool:
    return word == "*" or word in _OPERATORS or any(map(str.isalnum, word))


def _read_word(found: re.Match[str]) -> Piece:
    word = found[0]
    if proximity := _PROXIMITY.fullmatch(word):
        return Piece("near", f"{proximity[1][0].lower()}{proximity[2]}", found.start())
    return Piece(_OPERATORS.get(word.casefold(), "word"), word, found.start())


def _read_values(plain: str, place: int) -> tuple[tuple[Value, ...], int]:
    """The comma list that is at `place`, and where it ends; empty if there is none."""
    values = []
    while found := _VALUE.match(plain, place):
        place = found.end()
        if found["unclosed"]:
            raise _unclosed(found.start())
        if found["bare"]:
            values.append(Value(found["bare"], found.start()))
        else:
            values.append(_quoted_value(found))
        comma = _COMMA.match(plain, place)
        if comma is None:
            break
        if comma["gap"]:
            hint = "leave no space after the comma, or put the words in quotes"
            raise PieceError("a list that goes on after a space", place, hint)
        place = comma.end()
    return tuple(values), place


def _quoted_value(found: re.Match[str]) -> Value:
    text = " ".join(found["inside"].split())
    slop = None if found["slop"] is None else int(found["slop"])
    return Value(text, found.start(), quoted=True, slop=slop)


def _unclosed(column: int) -> PieceError:
    return PieceError("a quotation mark that is never closed", column, 'add the closing "')
