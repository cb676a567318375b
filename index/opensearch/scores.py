"""Scores: the same BM25F as the workspace's own index, asked of the cluster term by term.

Field `text` holds lead and headline as often as they count, so that Lucene's BM25 of it is BM25F. What
is left to set right is rarity: ours is Whoosh's, and a word's is that of all its forms together. So each
term is boosted by our rarity over Lucene's. Patterns, and words near each other, are scored as intervals:
by how often they are there, whatever the text's length; what was looked at again counts once an article.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from index.article import Article
from index.fulltext.searcher.evaluate import Leaf, leaves_of
from index.fulltext.searcher.rank import K1, B
from index.opensearch.client import Json
from index.opensearch.leaves import Single, slots_of
from index.opensearch.mapping import WEIGHTS
from index.opensearch.near import row_query
from index.opensearch.translate import Known, any_of, leaf_query, word_queries
from index.query import Near, Node, Or, Phrase, Typo, Wildcard, Word
from index.query.match import analyse, spans_of

_ONCE = 1 / (1 + K1)  # what one occurrence adds in a text of average length


@dataclass(slots=True)
class Statistics:
    """What a score needs to know of the corpus: how many articles there are, how many have what.

    `length` is the average of the weighted words of an article.
    """

    count: int = 0
    length: float = 1.0
    held: dict[str, int] = field(default_factory=dict)

    def of(self, query: Json) -> int:
        """How many articles a query of `asked_for` finds."""
        return self.held.get(str(query), 0)


def asked_for(tree: Node, languages: Sequence[str]) -> list[Json]:
    """The queries whose articles have to be counted before the tree can be scored."""
    found: list[Json] = []
    for leaf in leaves_of(tree):
        for single in _singles(leaf):
            found += [any_of(queries) for queries in _counted(single, languages)]
            for queries in _slot_queries(single, languages):
                found += queries
                found += [_exists(query) for query in queries if "term" in query]
    return list({str(query): query for query in found}.values())


def score_clauses(
    tree: Node, languages: Sequence[str], known: Known, statistics: Statistics
) -> list[Json]:
    """A query for each term of the tree; a hit's score is their sum."""
    clauses: list[Json] = []
    for leaf, times in Counter(leaves_of(tree)).items():
        rarity = times * rarity_of(leaf, languages, statistics)
        clauses += _leaf_clauses(leaf, rarity, languages, known, statistics)
    return clauses


def rarity_of(node: Node, languages: Sequence[str], statistics: Statistics) -> float:
    """Whoosh's inverse document frequency; that of a phrase is the sum of its words'."""
    match node:
        case Near(parts):
            return sum(rarity_of(part, languages, statistics) for part in parts)
        case Or(parts):
            return max(rarity_of(part, languages, statistics) for part in parts)
        case Word() | Phrase() | Wildcard() | Typo():
            counted = [statistics.of(any_of(queries)) for queries in _slot_queries(node, languages)]
            return sum(math.log(statistics.count / (each + 1)) + 1 for each in counted)
        case _:
            return 0.0


def score_parts(
    tree: Node, article: Article, languages: Sequence[str], statistics: Statistics
) -> list[tuple[Leaf, float, float]]:
    """For each term its weight in an article, and what it adds to the score, by the text itself."""
    analysed = analyse(article)
    length = sum(analysed.zones[zone].length * weight for zone, weight in WEIGHTS.items())
    norm = K1 * (1 - B + B * length / (statistics.length or 1))
    found = []
    for leaf, times in Counter(leaves_of(tree)).items():
        weight = sum(
            len(spans_of(leaf, zone, analysed)) * WEIGHTS.get(zone, 1)
            for zone in (*WEIGHTS, "author", "speaker")
        )
        factor = times * rarity_of(leaf, languages, statistics) * (K1 + 1)
        found.append((leaf, float(weight), factor * weight / (weight + norm)))
    return found


def _leaf_clauses(
    leaf: Leaf, rarity: float, languages: Sequence[str], known: Known, statistics: Statistics
) -> list[Json]:
    if leaf in known:
        return [_constant(known[leaf], rarity)]
    if isinstance(leaf, Near):
        return [_intervals(leaf_query(leaf, languages)[0], rarity)]
    slots = _slot_queries(leaf, languages)
    if len(slots) == 1 and all("term" in query for query in slots[0]):
        terms = [_term(query, rarity, statistics) for query in slots[0]]
        return [{"dis_max": {"queries": terms}}] if len(terms) > 1 else terms
    query, _ = leaf_query(leaf, languages)
    if "match_phrase" in query:
        return [_phrase(query, slots, rarity, statistics)]
    return [_intervals(row_query(leaf), rarity)]


def _term(query: Json, rarity: float, statistics: Statistics) -> Json:
    ((name, given),) = query["term"].items()
    boost = rarity / _lucene(query, statistics)
    return {"term": {name: {**given, "boost": boost}}}


def _phrase(
    query: Json, slots: Sequence[Sequence[Json]], rarity: float, statistics: Statistics
) -> Json:
    ((name, given),) = query["match_phrase"].items()
    lucene = sum(_lucene(terms[0], statistics) for terms in slots)
    return {"match_phrase": {name: {**given, "boost": rarity / lucene}}}


def _intervals(query: Json, rarity: float) -> Json:
    """Lucene gives boost · n / (n + 1) for n matches; K1 is where 1 is in a text of average length."""
    if "intervals" not in query:
        return _constant(query, rarity)
    ((name, given),) = query["intervals"].items()
    return {"intervals": {name: {**given, "boost": rarity * (K1 + 1) * _ONCE * 2}}}


def _constant(query: Json, rarity: float) -> Json:
    return {"constant_score": {"filter": query, "boost": rarity * (K1 + 1) * _ONCE}}


def _lucene(query: Json, statistics: Statistics) -> float:
    """Lucene's inverse document frequency of a term among the articles that have its field."""
    count, held = statistics.of(_exists(query)), statistics.of(query)
    return math.log(1 + (max(count, held) - held + 0.5) / (held + 0.5))


def _exists(query: Json) -> Json:
    (name,) = query["term"]
    return {"exists": {"field": name}}


def _counted(leaf: Single, languages: Sequence[str]) -> list[list[Json]]:
    """By slot the queries whose articles tell how rare it is: of all the text, as a title's words are."""
    whole = replace(leaf, zone="any") if leaf.zone in ("title", "quote") else leaf
    return _slot_queries(whole, languages)


def _slot_queries(leaf: Single, languages: Sequence[str]) -> list[list[Json]]:
    return [word_queries(leaf, slot, languages) for slot in slots_of(leaf)[0]]


def _singles(node: Node) -> Iterable[Single]:
    match node:
        case Near(parts) | Or(parts):
            for part in parts:
                yield from _singles(part)
        case Word() | Phrase() | Wildcard() | Typo():
            yield node
        case _:
            return


def read_statistics(queries: Sequence[Json], answer: Json) -> Statistics:
    """What the cluster answered to `statistics_body`."""
    found = answer.get("aggregations", {})
    held = {str(query): found[f"q{place}"]["doc_count"] for place, query in enumerate(queries)}
    total = int(answer["hits"]["total"]["value"])
    return Statistics(count=total, length=found["length"]["value"] or 1.0, held=held)


def statistics_body(queries: Sequence[Json]) -> Json:
    """The request for all the counts at once, over every article."""
    counted: Mapping[str, Json] = {
        f"q{place}": {"filter": query} for place, query in enumerate(queries)
    }
    return {
        "size": 0,
        "track_total_hits": True,
        "aggs": {**counted, "length": {"avg": {"field": "length"}}},
    }
