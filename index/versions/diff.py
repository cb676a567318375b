"""What two versions of a text share and where they differ, word by word; moved paragraphs known.

Scripts without spaces between words are compared by characters, whatever the article's language
is said to be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from index.text.alignment import increasing_pairs, matching_runs
from index.text.shingles import CHARACTERS

Op = Literal["=", "-", "+", "<", ">"]

_PIECE = rf"(?s)\n|[^\S\n]+|[{CHARACTERS}]|(?:[^\W{CHARACTERS}]|['’](?=\w))+|."
_MOVABLE = 30  # characters; a shorter paragraph is not worth calling moved


class Piece(NamedTuple):
    """A stretch of text and what became of it.

    `=` kept, `-` deleted, `+` inserted, `<` a paragraph moved from here, `>` one moved to here.
    """

    op: Op
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """The pieces that lead from one text to the other.

    Those of `=`, `-` and `<` are the old text, those of `=`, `+` and `>` the new one, to the letter.
    """
    before, after = old.split("\n"), new.split("\n")
    kept, moved = _standing(before, after)
    old_tokens, new_tokens = _cut(before, moved), _cut(after, moved)
    pieces: list[Piece] = []
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


class _Token(NamedTuple):
    """A word, space, sign or character; or a whole paragraph that was moved."""

    text: str
    moved: bool

    def key(self, side: str) -> str:
        """What it is compared by: a moved paragraph is like nothing on the other side."""
        return side + self.text if self.moved else self.text


def _cut(paragraphs: Sequence[str], moved: frozenset[str]) -> list[list[_Token]]:
    """The tokens of each paragraph; a line break belongs to the paragraph after it."""
    cut: list[list[_Token]] = []
    for number, paragraph in enumerate(paragraphs):
        tokens = [_Token("\n", moved=False)] if number else []
        if paragraph in moved:
            tokens.append(_Token(paragraph, moved=True))
        else:
            tokens.extend(_Token(piece, moved=False) for piece in re.findall(_PIECE, paragraph))
        cut.append(tokens)
    return cut


def _pieces(old: Sequence[list[_Token]], new: Sequence[list[_Token]]) -> Iterator[Piece]:
    before = [token for paragraph in old for token in paragraph]
    after = [token for paragraph in new for token in paragraph]
    keys = [token.key("<") for token in before], [token.key(">") for token in after]
    at_old = at_new = 0
    for run in matching_runs(*keys):
        yield from _changed(before[at_old : run.a], after[at_new : run.b])
        at_old, at_new = run.a + run.size, run.b + run.size
        yield Piece("=", "".join(token.text for token in before[run.a : at_old]))
    yield from _changed(before[at_old:], after[at_new:])


def _changed(old: Sequence[_Token], new: Sequence[_Token]) -> Iterator[Piece]:
    yield from (Piece("<" if token.moved else "-", token.text) for token in old)
    yield from (Piece(">" if token.moved else "+", token.text) for token in new)


def _smoothed(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with what is kept by chance between two changes, a space or a sign, given up."""
    smoothed: list[Piece] = []
    for number, piece in enumerate(pieces):
        inner = 0 < number < len(pieces) - 1
        around = {pieces[number - 1].op, pieces[number + 1].op} if inner else set()
        chance = piece.op == "=" and "\n" not in piece.text and not re.search(r"\w", piece.text)
        if chance and around and around <= {"-", "+"}:
            smoothed += [Piece("-", piece.text), Piece("+", piece.text)]
        else:
            smoothed.append(piece)
    return smoothed


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind made one; within a change, what was deleted comes first."""
    joined: list[Piece] = []
    change: dict[Op, str] = {}
    for piece in [*pieces, Piece("=", "")]:
        if piece.op in ("-", "+"):
            change[piece.op] = change.get(piece.op, "") + piece.text
            continue
        joined += [Piece(op, change[op]) for op in _CHANGES if op in change]
        change = {}
        if piece.op == "=" and joined and joined[-1].op == "=":
            joined[-1] = Piece("=", joined[-1].text + piece.text)
        elif piece.text:
            joined.append(piece)
    return joined


_CHANGES: tuple[Op, ...] = ("-", "+")
