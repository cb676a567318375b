"""The differences between two versions of a text, with paragraphs that moved.

Sentences are aligned first. Two that share half of their words are one that was edited, and differ word by
word; any other was put in, taken out or replaced whole, so that nobody reads a salad of words.

Scripts without spaces between words are compared by characters, whatever the article's language
is said to be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from index.text.alignment import increasing_pairs, matching_runs
from index.text.shingles import CHARACTERS, is_content, normal_tokens
from index.versions.sentence_alignment import Token, align_units, units_of

Op = Literal["=", "-", "+", "<", ">"]

_PIECE = rf"(?s)\n|[^\S\n]+|[{CHARACTERS}]|(?:[^\W{CHARACTERS}]|['’](?=\w))+|."
_MOVABLE = 30  # characters; a shorter paragraph is not worth calling moved


class DiffPiece(NamedTuple):
    """A stretch of text and what became of it.

    `=` kept, `-` deleted, `+` inserted, `<` a paragraph moved from here, `>` one moved to here.
    """

    op: Op
    text: str


def word_diff(old: str, new: str) -> list[DiffPiece]:
    """The pieces that lead from one text to the other.

    Those of `=`, `-` and `<` are the old text, those of `=`, `+` and `>` the new one, to the letter.
    """
    before, after = old.split("\n"), new.split("\n")
    kept, moved = _standing(before, after)
    old_tokens, new_tokens = _cut(before, moved), _cut(after, moved)
    pieces: list[DiffPiece] = []
    at_old = at_new = 0
    for place_old, place_new in [*kept, (len(before), len(after))]:
        pieces += _pieces(old_tokens[at_old:place_old], new_tokens[at_new:place_new])
        if place_old < len(before):
            pieces += _pieces(
                old_tokens[place_old : place_old + 1], new_tokens[place_new : place_new + 1]
            )
        at_old, at_new = place_old + 1, place_new + 1
    return _joined(_smoothed(pieces))


def _standing(
    old: Sequence[str], new: Sequence[str]
) -> tuple[list[tuple[int, int]], frozenset[str]]:
    """The paragraphs that stand once in each text: the places of those in order, and the others."""
    in_old, in_new = Counter(old), Counter(new)
    places = {paragraph: place for place, paragraph in enumerate(new)}
    pairs = [
        (place, places[paragraph])
        for place, paragraph in enumerate(old)
        if in_old[paragraph] == 1 == in_new[paragraph] and len(paragraph) >= _MOVABLE
    ]
    kept = increasing_pairs(pairs)
    return kept, frozenset(old[place] for place, _ in set(pairs).difference(kept))


def _cut(paragraphs: Sequence[str], moved: frozenset[str]) -> list[list[Token]]:
    """The tokens of each paragraph; a line break belongs to the paragraph after it."""
    cut: list[list[Token]] = []
    for number, paragraph in enumerate(paragraphs):
        tokens = [Token("\n", moved=False)] if number else []
        if paragraph in moved:
            tokens.append(Token(paragraph, moved=True))
        else:
            tokens.extend(Token(piece, moved=False) for piece in re.findall(_PIECE, paragraph))
        cut.append(tokens)
    return cut


def _pieces(old: Sequence[list[Token]], new: Sequence[list[Token]]) -> Iterator[DiffPiece]:
    """The pieces of a stretch of paragraphs, sentence by sentence."""
    before, after = units_of(old), units_of(new)
    at_old = at_new = 0
    for place_old, place_new in align_units(before, after):
        yield from _changed(before[at_old:place_old], after[at_new:place_new])
        yield from _edited(before[place_old], after[place_new])
        at_old, at_new = place_old + 1, place_new + 1
    yield from _changed(before[at_old:], after[at_new:])


def _edited(old: Sequence[Token], new: Sequence[Token]) -> Iterator[DiffPiece]:
    """The pieces of two sentences that are one, word by word."""
    keys = [token.text for token in old], [token.text for token in new]
    at_old = at_new = 0
    for run in matching_runs(*keys):
        yield from _changed([old[at_old : run.a]], [new[at_new : run.b]])
        at_old, at_new = run.a + run.size, run.b + run.size
        yield DiffPiece("=", "".join(token.text for token in old[run.a : at_old]))
    yield from _changed([old[at_old:]], [new[at_new:]])


def _changed(old: Sequence[Sequence[Token]], new: Sequence[Sequence[Token]]) -> Iterator[DiffPiece]:
    yield from (
        DiffPiece("<" if token.moved else "-", token.text) for unit in old for token in unit
    )
    yield from (
        DiffPiece(">" if token.moved else "+", token.text) for unit in new for token in unit
    )


def _smoothed(pieces: Sequence[DiffPiece]) -> list[DiffPiece]:
    """The pieces with what is kept by chance between two changes given up: spaces, signs, and words

    that say nothing by themselves.
    """
    smoothed: list[DiffPiece] = []
    for number, piece in enumerate(pieces):
        inner = 0 < number < len(pieces) - 1
        around = {pieces[number - 1].op, pieces[number + 1].op} if inner else set()
        chance = piece.op == "=" and "\n" not in piece.text and not _says_much(piece.text)
        if chance and around and around <= {"-", "+"}:
            smoothed += [DiffPiece("-", piece.text), DiffPiece("+", piece.text)]
        else:
            smoothed.append(piece)
    return smoothed


def _says_much(text: str) -> bool:
    """Whether the text has a word that is not a function word."""
    return any(map(is_content, normal_tokens(text)))


def _joined(pieces: Sequence[DiffPiece]) -> list[DiffPiece]:
    """Join neighbours of one kind; within a change, what was deleted comes first."""
    joined: list[DiffPiece] = []
    change: dict[Op, str] = {}
    for piece in [*pieces, DiffPiece("=", "")]:
        if piece.op in ("-", "+"):
            change[piece.op] = change.get(piece.op, "") + piece.text
            continue
        joined += [DiffPiece(op, change[op]) for op in _CHANGES if op in change]
        change = {}
        if piece.op == "=" and joined and joined[-1].op == "=":
            joined[-1] = DiffPiece("=", joined[-1].text + piece.text)
        elif piece.text:
            joined.append(piece)
    return joined


_CHANGES: tuple[Op, ...] = ("-", "+")
