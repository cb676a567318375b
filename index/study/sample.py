"""Which articles a study reads: one of a family or all, of one language, no more than it can read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.study.word_counts import Text

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.fulltext.engine import Answer
    from index.fulltext.searcher import Valued
    from index.store import StoredArticle

MOST = 20_000
"""Articles that a study of words reads at most; of more it takes a sample, always the same one."""

_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The articles of a study by their ids, in how many matched (`articles`, distinct `texts`),

    the language they are in (empty for any), and the articles left out for being in another.
    """

    ids: tuple[str, ...]
    articles: int
    texts: int
    language: str = ""
    other_languages: int = 0
    families: frozenset[int] = frozenset()

    is_cut: bool = False
    """Whether fewer were taken than there are."""


def take_sample(
    corpus: Corpus,
    matches: Answer,
    *,
    language: str | None = None,
    every: bool = False,
    without: Collection[int] = (),
    most: int = MOST,
) -> Sample:
    """The matching articles in a language (None: the most frequent one; empty: any), none of

    the families in `without`. Unless `every` reprint counts, one article stands for its family: the
    first of it where that matches, or else the one with the lowest number.
    """
    valued = corpus.read_values(matches, "lang")
    valued = [one for one in valued if one.family not in without]
    if language is None:
        language = _main_language(valued)
    kept = [one for one in valued if not language or language in one.values[0]]
    chosen = kept if every else _one_a_family(kept)
    is_cut = len(chosen) > most
    if is_cut:
        chosen = sorted(chosen, key=_chance)[:most]
    from index.fulltext.schema import decode_id

    return Sample(
        ids=tuple(decode_id(one.code) for one in sorted(chosen)),
        articles=len(kept),
        texts=len({one.family for one in kept}),
        language=language,
        other_languages=len(valued) - len(kept),
        families=frozenset(one.family for one in kept),
        is_cut=is_cut,
    )


def read_articles(corpus: Corpus, ids: Sequence[str]) -> Iterator[StoredArticle]:
    """The articles of the ids in their order, read from the store in pages."""
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        found = corpus.store.articles.get(page)
        yield from (found[name] for name in page if name in found)


def read_texts(corpus: Corpus, ids: Sequence[str]) -> Iterator[Text]:
    """Their texts."""
    return (Text.of(stored.id, stored.article) for stored in read_articles(corpus, ids))


def _main_language(valued: Sequence[Valued]) -> str:
    counted: dict[str, int] = {}
    for one in valued:
        counted[one.values[0][0]] = counted.get(one.values[0][0], 0) + 1
    return min(counted, key=lambda name: (-counted[name], name), default="")


def _one_a_family(valued: Sequence[Valued]) -> list[Valued]:
    best: dict[int, Valued] = {}
    for one in valued:
        held = best.get(one.family)
        if held is None or (one.code != one.family, one.code) < (
            held.code != held.family,
            held.code,
        ):
            best[one.family] = one
    return list(best.values())


def _chance(one: Valued) -> bytes:
    """By what a sample is drawn: the same for the same article, and else by chance."""
    return blake2b(one.code.to_bytes(12, "big"), digest_size=8).digest()
