"""Search by meaning: the articles whose headline and lead mean what was asked, beside those with its words.

Both orders are fused by rank (reciprocal rank fusion; Cormack, Clarke and Büttcher, SIGIR 2009), as
meaning knows no names and words know no other language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.corpus.narrow import narrow
from index.errors import UsageError
from index.fulltext.engine import Answer
from index.fulltext.searcher import Ranked
from index.fulltext.searcher.evaluate import leaves_of
from index.meaning.encoder import EXTRA, cosines, is_installed, load_encoder
from index.query import And, Everything, Filter, Node, Or

if TYPE_CHECKING:
    from index.corpus import Corpus

NEAREST = 50
"""How many articles are found by meaning, where no more are asked for."""

_LEAST = 0.15  # cosine below which an article has nothing to do with what was asked
_PART = 10_000  # vectors compared at a time
_DAMPING = 60  # of ranks, as in the paper


def require_encoder() -> None:
    """Raise `UsageError` if the extra is not installed."""
    if not is_installed():
        raise UsageError("--meaning needs the sentence encoder", hint=EXTRA)


def meaning_of(tree: Node) -> bytes:
    """What the words of a query mean; raises `UsageError` if it has none, or without the extra."""
    require_encoder()
    words = " ".join(str(getattr(leaf, "text", "")) for leaf in leaves_of(tree)).strip()
    [vector] = load_encoder().encode([words])
    if not vector:
        raise UsageError(
            "--meaning needs words to go by", hint="pressclip search --meaning 'a ship on a reef'"
        )
    return vector


def meaning_of_article(corpus: Corpus, identity: str) -> bytes:
    """What an article means; raises `UsageError` if it was not encoded, or without the extra."""
    require_encoder()
    found = corpus.store.encodings.openings([identity])
    if identity not in found:
        raise UsageError(
            f"{identity}: not encoded, or in a language that the encoder does not know",
            hint="pressclip replay --judge   (encodes what was read before)",
        )
    return found[identity]


def find_nearest(corpus: Corpus, vector: bytes, among: Node, *, most: int = NEAREST) -> list[str]:
    """The ids of the articles nearest in meaning of those that a query matches, the nearest first.

    Raises `UsageError` if nothing is encoded yet.
    """
    if not corpus.store.encodings.count():
        raise UsageError("no article is encoded yet", hint="run: pressclip replay --judge")
    wanted = set(corpus.match(among).ids())
    found: list[tuple[float, str]] = []
    held = (pair for pair in corpus.store.encodings.all_openings() if pair[0] in wanted)
    for part in _parts(held):
        near = cosines(vector, [packed for _, packed in part])
        found += [(value, name) for value, (name, _) in zip(near, part, strict=True)]
        found = sorted(
            (one for one in found if one[0] >= _LEAST), key=lambda one: (-one[0], one[1])
        )[:most]
    return [name for _, name in found]


def without_words(tree: Node) -> Node:
    """What a query asks beside its words: languages, dates, outlets."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    return narrow(Everything(), [part for part in parts if not leaves_of(part)])


def with_nearest(tree: Node, nearest: Sequence[str]) -> Node:
    """A query that also finds the nearest articles."""
    return Or((tree, Filter("id", tuple(nearest)))) if nearest else tree


def rank_fused(
    matches: Answer,
    by_words: Iterable[str],
    nearest: Sequence[str],
    *,
    limit: int | None,
    fold: bool,
) -> list[Ranked]:
    """The hits of `with_nearest`, first those that stand high in either order or in both.

    `by_words` are ids in the order of the query alone. With `fold` the best of each family is listed.
    """
    scores: dict[str, float] = {}
    for order in (by_words, nearest):
        for rank, name in enumerate(order, start=1):
            scores[name] = scores.get(name, 0.0) + 1 / (_DAMPING + rank)
    known = matches.top(None, sort="newest", fold=False)
    ranked = sorted(known, key=lambda hit: (-scores.get(hit.id, 0.0), hit.id))
    taken: set[int] = set()
    kept = []
    for hit in ranked:
        if fold and hit.family in taken:
            continue
        taken.add(hit.family)
        score = round(scores.get(hit.id, 0.0) * _DAMPING, 4)
        kept.append(replace(hit, score=score))
        if limit is not None and len(kept) == limit:
            break
    return kept


def _parts(pairs: Iterable[tuple[str, bytes]]) -> Iterable[list[tuple[str, bytes]]]:
    part: list[tuple[str, bytes]] = []
    for pair in pairs:
        part.append(pair)
        if len(part) == _PART:
            yield part
            part = []
    if part:
        yield part
