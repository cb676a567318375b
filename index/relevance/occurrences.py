"""Where and how densely an article meets a story's query, and what that says by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from index.query import And, Everything, Filter, Near, Node, Not, Or, Period
from index.query.match import AnalysedArticle, matches, reworded, spans_of
from index.relevance.focus import is_digest, without_background

# What a query that is wholly met in one place says for being about the story; the places are
# joined as independent signals: 1 − ∏(1 − weight × share of the query met there). A lead alone is
# not enough: one in three that meet a query there only recall the story.
_WEIGHTS = {"title": 0.75, "lead": 0.45, "opening": 0.4, "text": 0.45, "passage": 0.35}
_RECALLED = 0.5  # of a lead's weight where only a background clause meets the query
_LISTED = 0.45  # at most, where the page says itself that it lists many topics
_OPENING = 80  # words that every newsroom's first two paragraphs fill
_DENSE = 1.5  # hits in 100 words at which a text speaks of little else
_PASSAGE = 120  # words of a passage of a long page
_NEEDED = _DENSE * _PASSAGE / 100  # times that a passage names it which speaks of little else
_LONG = 400  # words from which a text is judged by passage too
_OWN_SHARE = 0.25  # share of a long page that is about the story where the page is


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """How much of a query is met in each place, 0 to 1; `text` less where it is met seldom.

    `passage` is the share of a long text's passages that speak of little else, `recalled` whether the lead
    only recalls it, `listed` whether the page lists many topics.
    """

    title: float = 0.0
    lead: float = 0.0
    opening: float = 0.0
    text: float = 0.0
    passage: float = 0.0
    recalled: bool = False
    listed: bool = False

    @property
    def score(self) -> float:
        """What the places say together, as independent signals: 0 to 1."""
        lead = self.lead * (_RECALLED if self.recalled else 1.0)
        shares = {
            "title": self.title,
            "lead": lead,
            "opening": self.opening,
            "text": self.text,
            "passage": min(1.0, self.passage / _OWN_SHARE),
        }
        score = 1 - prod(1 - _WEIGHTS[place] * share for place, share in shares.items())
        return min(score, _LISTED) if self.listed and self.passage < _OWN_SHARE else score


def find_places(tree: Node, analysed: AnalysedArticle) -> Places:
    """Where an article meets a query that it meets somewhere."""
    title, lead = _share(tree, "title", analysed), _share(tree, "lead", analysed)
    text = _share(tree, "text", analysed)
    article, length = analysed.article, analysed.zones["text"].length
    passages = _counted(tree, analysed) if text else []
    return Places(
        title=title,
        lead=lead,
        opening=_share(tree, "text", analysed, until=_OPENING),
        text=text * _density(passages, length),
        passage=_share_of_page(passages, length),
        recalled=lead > 0 and _is_recalled(tree, analysed, lead),
        listed=is_digest(article.title, article.description),
    )


def _is_recalled(tree: Node, analysed: AnalysedArticle, lead: float) -> bool:
    """Whether the lead meets the query by the help of a background clause only."""
    bare = reworded(analysed, "lead", lambda text: without_background(text, analysed.language))
    return bare is not analysed and _share(tree, "lead", bare) < lead


def _counted(tree: Node, analysed: AnalysedArticle) -> list[int]:
    """How often each passage of the text names what the query is about."""
    named = {span[0] for one in set(_objects(tree)) for span in spans_of(one, "text", analysed)}
    full = [0] * -(-analysed.zones["text"].length // _PASSAGE)
    for place in named:
        full[place // _PASSAGE] += 1
    return full


def _density(passages: Sequence[int], length: int) -> float:
    """How near a text of that many words is to speaking of little else.

    One passage says no more than twice its share.
    """
    hits = sum(min(count, 2 * _NEEDED) for count in passages)
    return min(1.0, hits * 100 / max(1, length) / _DENSE)


def _share_of_page(passages: Sequence[int], length: int) -> float:
    """The share of a long text's passages that speak of little else; 0 for a shorter text."""
    full = sum(count >= _NEEDED for count in passages)
    return full / len(passages) if passages and length >= _LONG else 0.0


def _objects(node: Node) -> Iterator[Node]:
    """What a query is about: a phrase, a word, and of what must stand together the first."""
    match node:
        case Or(parts):
            for part in parts:
                yield from _objects(part)
        case And(parts) | Near(parts):
            first = next((part for part in parts if _is_text(part)), None)
            if first is not None:
                yield from _objects(first)
        case Not() | Filter() | Period() | Everything():
            return
        case _:
            yield node


def _share(node: Node, zone: str, analysed: AnalysedArticle, until: int | None = None) -> float:
    """How much of the query is met within a zone, or its first words: from 0 to 1."""
    match node:
        case And(parts):
            shares = [_share(part, zone, analysed, until) for part in parts if _is_text(part)]
            return sum(shares) / len(shares) if shares else float(matches(node, analysed))
        case Or(parts):
            return max(_share(part, zone, analysed, until) for part in parts)
        case Not() | Filter() | Period() | Everything():
            return float(matches(node, analysed))
        case _:
            spans = spans_of(node, zone, analysed)
            return float(bool(spans) and (until is None or spans[0][0] < until))


def _is_text(node: Node) -> bool:
    return not isinstance(node, Not | Filter | Period | Everything)
