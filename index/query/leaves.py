"""The words and quoted pieces of a query → leaves of the tree, each checked to be searchable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index.query.lexer import PieceError, Value
from index.query.tree import Everything, Near, Node, Phrase, Typo, Wildcard, Word, Zone
from index.text.analysis import (
    Terms,
    holds_paired_script,
    terms_of_pattern,
    terms_of_typo,
    terms_of_words,
)

MAX_DISTANCE = 100

_TERM_HINT = "a term needs a letter or a digit"

# Signs that end a word outside quotes too, so words in a row can be written without quotes.
_SEPARATING = re.compile(r"[(),:&|]")


def read_quoted(value: Value, zone: Zone) -> Node:
    """A phrase, words near each other (`"…"~n`) or in a row (`"spy ball*"`)."""
    if value.slop is None and "*" not in value.text:
        return _checked(Phrase(value.text, zone), terms_of_words(value.text), value.column)
    words = [word.lstrip("-") for word in _SEPARATING.sub(" ", value.text).split()]
    if "*" in words:
        raise PieceError("a star that stands alone in quotes", value.column, "use word W/2 word")
    parts = [read_bare(word, value.column, zone) for word in words if _is_word(word)]
    if value.slop is not None:
        return _read_window(parts, value)
    if not parts:
        raise PieceError("nothing here can be searched for", value.column, _TERM_HINT)
    return _read_row(parts)


def _read_window(parts: Sequence[Node], value: Value) -> Node:
    """`"a b c"~n`."""
    if len(parts) < 2:
        hint = "one typo is written without quotes: word~"
        raise PieceError("~ after quotes needs two words or more in them", value.column, hint)
    distance = check_distance(value.slop or 0, value.column)
    return Near(tuple(parts), distance)


def _read_row(parts: Sequence[Node]) -> Node:
    """`"spy ball*"`: words that follow each other, one of them with a wildcard."""
    exact = [replace(part, exact=True) if isinstance(part, Word) else part for part in parts]
    row = exact[0]
    for part in exact[1:]:
        row = Near((row, part), 1, ordered=True)
    return row


def read_bare(text: str, column: int, zone: Zone) -> Node:
    """A word with the signs on it: `=word`, `word~`, `wo*`, or `*` alone."""
    if text == "*" and zone == "any":
        return Everything()
    if text.startswith("="):
        return _read_exact(text[1:], column, zone)
    if text.endswith("~"):
        return _read_typo(text[:-1], column, zone)
    if "*" in text:
        return _read_wildcard(text, column, zone)
    if "?" in text.strip("?") and not holds_paired_script(text):
        hint = f"the wildcard is *, as in {text.replace('?', '*')}"
        raise PieceError("a question mark inside a word", column, hint)
    return _checked(Word(text, zone), terms_of_words(text), column)


def _read_exact(text: str, column: int, zone: Zone) -> Node:
    if "*" in text or text.endswith("~"):
        hint = "=word asks for this very form; leave out either the = or the other sign"
        raise PieceError("= with a wildcard or ~", column, hint)
    return _checked(Word(text, zone, exact=True), terms_of_words(text), column)


def _read_typo(text: str, column: int, zone: Zone) -> Node:
    if "*" in text:
        raise PieceError("a wildcard and ~ in one word", column, "use one of the two")
    if holds_paired_script(text):
        raise PieceError("~ has no meaning in this script", column, "leave the ~ out")
    terms = terms_of_typo(text)
    if terms.length == 1 and len(terms.slots[0].text) < 3:
        raise PieceError("~ needs a word of at least three letters", column, "as in baloon~")
    return _checked(Typo(text, zone), terms, column)


def _read_wildcard(pattern: str, column: int, zone: Zone) -> Node:
    if holds_paired_script(pattern):
        return _read_run(pattern, column, zone)
    terms = terms_of_pattern(pattern)
    if not all(_has_two_letters(slot.text) for slot in terms.slots if slot.kind == "pattern"):
        hint = "as in ballo* or *balloon"
        raise PieceError("a wildcard needs two letters before or after it", column, hint)
    return _checked(Wildcard(pattern, zone), terms, column)


def _read_run(pattern: str, column: int, zone: Zone) -> Node:
    """Scripts without spaces are found within longer runs, so a star at an end adds nothing."""
    text = pattern.strip("*")
    if text.startswith("-") or any(sign in text for sign in "*=~:"):
        hint = "leave a space between the parts, or use W/n: 气球 W/5 美国"
        raise PieceError("a wildcard inside a word of this script", column, hint)
    return _checked(Word(text, zone), terms_of_words(text), column)


def _checked(node: Node, terms: Terms, column: int) -> Node:
    if not terms.slots:
        raise PieceError("nothing here can be searched for", column, _TERM_HINT)
    return node


def check_distance(distance: int, column: int) -> int:
    """The distance if it can be one; raises `PieceError`."""
    if not 1 <= distance <= MAX_DISTANCE:
        hint = f"from 1 to {MAX_DISTANCE}, as in NEAR/8"
        raise PieceError("a distance that cannot be", column, hint)
    return distance


def _is_word(text: str) -> bool:
    return any(map(str.isalnum, text))


def _has_two_letters(pattern: str) -> bool:
    lead, trail = pattern.partition("*")[0], pattern.rpartition("*")[2]
    return len(lead) >= 2 or (not lead and len(trail) >= 2)
