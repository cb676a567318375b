"""Which sentence of one version became which of the next: Needleman and Wunsch (1970) on shared words.

Sentences stand for themselves where they are the same; of two others half of the words must be shared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.text.alignment import matching_runs
from index.text.sentences import find_sentences
from index.text.shingles import is_content, normal_tokens

SHARED = 0.5
"""The share of their words (Dice 1945) from which on two sentences are one that was edited."""

_CELLS = 20_000  # sentences × sentences; a gap of more is not looked through
_FEW = 2  # words with meaning, below which all words are compared
_BLANK = 0.01  # what two blanks are worth to each other


class Token(NamedTuple):
    """A word, space, sign or character; or a whole paragraph that was moved."""

    text: str
    moved: bool


Unit = list[Token]
"""The tokens of a sentence with the white space before it, or one moved paragraph."""


def units_of(paragraphs: Sequence[list[Token]]) -> list[Unit]:
    """The sentences of paragraphs, all tokens in their order."""
    units: list[Unit] = []
    for tokens in paragraphs:
        if any(token.moved for token in tokens):
            units += [[token] for token in tokens]
        else:
            units += _cut(tokens)
    return units


def align_units(old: Sequence[Unit], new: Sequence[Unit]) -> list[tuple[int, int]]:
    """The pairs of places whose sentences are the same or one that was edited, in the order of both."""
    before, after = [_key(unit, "<") for unit in old], [_key(unit, ">") for unit in new]
    pairs: list[tuple[int, int]] = []
    at_old = at_new = 0
    for run in matching_runs(before, after):
        pairs += _gap(before, after, (at_old, run.a, at_new, run.b))
        pairs += [(run.a + step, run.b + step) for step in range(run.size)]
        at_old, at_new = run.a + run.size, run.b + run.size
    return pairs + _gap(before, after, (at_old, len(before), at_new, len(after)))


def likeness(one: str, other: str) -> float:
    """The share of their words that two sentences have in common, 0 to 1 (Dice's coefficient)."""
    a, b = _words(one, other)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def _cut(tokens: Sequence[Token]) -> Iterator[Unit]:
    text = "".join(token.text for token in tokens)
    ends = [end for _, end in find_sentences(text)][:-1]
    unit: Unit = []
    place = 0
    for token in tokens:
        if ends and place >= ends[0]:
            yield unit
            unit = []
            ends.pop(0)
        unit.append(token)
        place += len(token.text)
    if unit:
        yield unit


def _key(unit: Unit, side: str) -> str:
    """What a sentence is compared by: a moved paragraph is like nothing on the other side."""
    text = "".join(token.text for token in unit)
    return side + text if any(token.moved for token in unit) else text.strip()


def _gap(
    old: Sequence[str], new: Sequence[str], window: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """The best pairs in a window (old from, old to, new from, new to), by the sum of their likeness."""
    old_from, old_to, new_from, new_to = window
    rows, columns = old_to - old_from, new_to - new_from
    if not rows or not columns or rows * columns > _CELLS:
        return []
    worth = [
        [_worth(old[old_from + row], new[new_from + column]) for column in range(columns)]
        for row in range(rows)
    ]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            best[row][column] = max(
                best[row + 1][column],
                best[row][column + 1],
                worth[row][column] + best[row + 1][column + 1] if worth[row][column] else 0.0,
            )
    pairs, row, column = [], 0, 0
    while row < rows and column < columns:
        own = worth[row][column]
        if own and best[row][column] == own + best[row + 1][column + 1]:
            pairs.append((old_from + row, new_from + column))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs


def _worth(one: str, other: str) -> float:
    """What a pair is worth; nothing if it must not be one."""
    if one[:1] in "<>" or other[:1] in "<>":
        return 0.0
    if not one or not other:
        return _BLANK if one == other else 0.0
    if one == other:
        return 1.0
    found = likeness(one, other)
    return found if found >= SHARED else 0.0


def _words(one: str, other: str) -> tuple[Counter[str], Counter[str]]:
    """The words of both by which they are compared: those with meaning, where both have some."""
    both = [normal_tokens(text) or re.findall(r"\S", text) for text in (one, other)]
    content = [[token for token in tokens if is_content(token)] for tokens in both]
    a, b = content if min(map(len, content)) >= _FEW else both
    return Counter(a), Counter(b)
