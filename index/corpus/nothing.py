"""Why a query found nothing, and what to try instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.corpus.hints import LanguageHint, language_hints
from index.corpus.narrow import hide_mentions, narrow
from index.query import And, Everything, Filter, Node, Word

if TYPE_CHECKING:
    from index.corpus import Corpus

_NAMING = (
    "outlet",
    "story",
    "section",
    "kind",
    "agency",
    "collection",
)  # fields whose values are names that may be misspelt


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHits:
    """Why a query found nothing: articles by part of it, what may be meant, parts to drop.

    `suggestions` are (word, word of the corpus, its articles), or the same of a name, which then
    stands with its field; `dropped` are (part, articles that
    match all the others); `mentions` are the articles that match but only mention their story; `hints`
    are what stories say in a language that was asked for.
    """

    counts: tuple[tuple[str, int], ...]
    suggestions: tuple[tuple[str, str, int], ...]
    dropped: tuple[tuple[str, int], ...]
    mentions: int = 0
    hints: tuple[LanguageHint, ...] = ()


def explain_nothing(corpus: Corpus, tree: Node) -> NoHits:
    """What to say about a query without hits; raises as a search does."""
    asked = corpus.asked(tree)
    parts = asked.parts if isinstance(asked, And) else (asked,)
    counts = [(part, corpus.match(part).total) for part in parts]
    dropped = []
    for place, part in enumerate(parts if len(parts) > 1 else ()):
        rest = narrow(Everything(), [*parts[:place], *parts[place + 1 :]])
        if asked != tree:
            rest = hide_mentions(rest)
        dropped.append((corpus.echo(part), corpus.match(rest).total))
    missing = [part for part, count in counts if not count]
    return NoHits(
        counts=tuple((corpus.echo(part), count) for part, count in counts),
        suggestions=tuple(near for part in missing for near in _nearest(corpus, part)),
        dropped=tuple(dropped),
        mentions=corpus.hidden_mentions(tree),
        hints=language_hints(tree, corpus.stories(), lambda part: corpus.match(part).total),
    )


def _nearest(corpus: Corpus, part: Node) -> Iterator[tuple[str, str, int]]:
    """What may be meant by a word or a name that no article has."""
    if isinstance(part, Word):
        elsewhere = corpus.match(Word(part.text)).total
        others = [part.text] if elsewhere else _words_like(corpus, part.text)
        for other in others:
            if count := corpus.match(Word(other)).total:
                yield part.text, other, count
    elif isinstance(part, Filter) and part.field in _NAMING:
        from difflib import get_close_matches

        known = corpus.count_facet(corpus.match(Everything()), part.field)
        for value in part.values:
            for other in get_close_matches(value, known, n=1, cutoff=0.75):
                yield value, f"{part.field}:{other}", known[other]


def _words_like(corpus: Corpus, text: str) -> list[str]:
    return [word for word, _ in corpus.index.suggest_words(text)]
