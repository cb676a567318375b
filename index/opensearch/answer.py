"""Every article of the cluster that a query matches: counted, ordered, divided when asked."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cached_property

from index.fulltext.schema import NO_QUARTER, decode_id
from index.fulltext.searcher.evaluate import Leaf, leaves_of
from index.fulltext.searcher.facets import OF_OUTLET, UNDATED, Groups, Valued, day_of
from index.fulltext.searcher.ordered import OrderedIds
from index.fulltext.searcher.rank import WEEK, Ranked, Sort
from index.opensearch.again import read_articles
from index.opensearch.client import Cluster, Json
from index.opensearch.pages import count_by, first_value, read_documents
from index.opensearch.scores import (
    Statistics,
    asked_for,
    read_statistics,
    score_clauses,
    score_parts,
    statistics_body,
)
from index.opensearch.translate import Known, terms
from index.query import CHANGES, FLAGS, Node
from index.store import Store

_WINDOW = 10_000  # hits that the cluster gives at once; its own default
_COLUMNS = ("code", "family", "version")

# By facet the column of its values.
_FACETS = {
    "outlet": "outlet", "lang": "lang", "author": "authors", "speaker": "speakers", "section": "section",
    "story": "stories", "kind": "kind", "agency": "agency", "is": "is", "changed": "changed",
}  # fmt: skip
_TIES: list[Json] = [{"moment": "desc"}, {"code": "asc"}]
_ORDERS: Mapping[str, list[Json]] = {
    "newest": _TIES,
    "oldest": [{"moment": "asc"}, {"code": "asc"}],
    "seen": [{"seen": "desc"}, *_TIES],
    "outlet": [{"outlet": {"order": "asc", "missing": "_first"}}, *_TIES],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query as the cluster is asked it: of which indices, in which form."""

    index: str
    query: Json
    everything: Json
    languages: Sequence[str]
    known: Known


class ClusterAnswer:
    """The matches of one query; every property is a request of its own, made when it is looked at."""

    def __init__(self, cluster: Cluster, store: Store, tree: Node, asked: Asked) -> None:
        """`asked.everything` finds what was searched, matching or not."""
        self.tree = tree
        self._cluster = cluster
        self._store = store
        self._asked = asked
        self._counted: dict[tuple[str, tzinfo], Counter[str]] = {}

    @cached_property
    def total(self) -> int:
        """How many articles match."""
        return self._count(self._asked.query)

    @cached_property
    def texts(self) -> int:
        """How many distinct texts: the originals, and the families of which only reprints match."""
        originals = _both(self._asked.query, terms("is", ["original"]))
        reprints = _both(self._asked.query, terms("is", ["reprint"]))
        carried = [int(str(value)) for value, _ in self._by("family", reprints)]
        with_original = self._count(_both(originals, terms("code", carried))) if carried else 0
        return self._count(originals) + len(carried) - with_original

    @cached_property
    def families(self) -> Counter[int]:
        """The matching articles of each family, by the family's number."""
        return Counter({int(str(value)): count for value, count in self._by("family")})

    def ids(self) -> Iterator[str]:
        """The ids of all matching articles, in no order."""
        for hit in self._read([{"code": "asc"}], ("code",)):
            yield decode_id(first_value(hit, "code"))

    def top(
        self, limit: int | None = None, *, sort: Sort = "relevance", fold: bool = True
    ) -> list[Ranked]:
        """The first hits in that order, all without a limit; with `fold` the best of each family."""
        wanted = self.total if limit is None else min(limit, self.total)
        if not wanted:
            return []
        query, order = self._ordered(sort)
        scored = order[0] == {"_score": "desc"}
        if wanted <= _WINDOW:
            hits = self._first(query, order, wanted, fold=fold)
        else:
            hits = self._scan(query, order, wanted, fold=fold)
        return self._ranked(hits, scored=scored)

    def in_order(self, sort: Sort = "relevance") -> Sequence[str]:
        """The ids of all hits, none folded, in the order of `top`."""
        query, order = self._ordered(sort)
        body = {"query": query, "sort": order}
        read = read_documents(self._cluster, self._asked.index, body, ("code",))
        return OrderedIds(array("q", (first_value(hit, "code") for hit in read)))

    def marks(self, hit: Ranked) -> None:
        """None: the cluster is not asked where words stand; the text itself tells."""

    def score_parts(self, hit: Ranked) -> list[tuple[Leaf, float, float]]:
        """For each term of the query: its weight in the hit, and what it adds to the score.

        By the text: the cluster rounds lengths and counts patterns more simply. Together they are the
        score that it gave.
        """
        [(_, article)] = read_articles(self._store, [(hit.id, hit.version, hit.id)])
        parts = score_parts(self.tree, article, self._asked.languages, self._statistics)
        share = hit.score / (sum(added for _, _, added in parts) or 1.0)
        return [(leaf, weight, added * share) for leaf, weight, added in parts]

    def count_values(self, facet: str, *, zone: tzinfo = UTC) -> Counter[str]:
        """Matching articles by value, days in the zone; counted once."""
        key = facet, zone
        if key not in self._counted:
            self._counted[key] = self._count_values(facet, zone)
        return self._counted[key]

    def read_values(
        self, facets: Sequence[str], groups: Mapping[str, Groups], *, zone: tzinfo = UTC
    ) -> Iterator[Valued]:
        """Every matching article with its values, `""` where it has none."""
        readers = [_value_reader(facet, groups.get(facet, {}), zone) for facet in facets]
        columns = dict.fromkeys(_column(facet) for facet in facets)
        for hit in self._read([{"code": "asc"}], ("code", "family", *columns)):
            row = tuple(read(hit) for read in readers)
            yield Valued(first_value(hit, "code"), first_value(hit, "family"), row)

    def _count_values(self, facet: str, zone: tzinfo) -> Counter[str]:
        if facet != "day":
            return Counter({str(value): count for value, count in self._by(_FACETS[facet])})
        days: Counter[str] = Counter()
        for value, count in self._by("quarter"):
            days[day_of(int(str(value)), zone)] += count
        if undated := self.total - days.total():
            days[UNDATED] = undated
        return days

    # Orders

    def _ordered(self, sort: Sort) -> tuple[Json, list[Json]]:
        """The query and the order to ask for."""
        if sort == "relevance" and not leaves_of(self.tree):
            sort = "newest"
        if sort not in ("relevance", "recent"):
            return self._asked.query, _ORDERS[sort]
        clauses = score_clauses(
            self.tree, self._asked.languages, self._asked.known, self._statistics
        )
        query: Json = {"bool": {"filter": [self._asked.query], "should": clauses}}
        return self._aged(query) if sort == "recent" else query, [{"_score": "desc"}, *_TIES]

    def _aged(self, query: Json) -> Json:
        """Half of a score decays with age, by half in each week before the newest hit."""
        body = {
            "size": 0,
            "query": self._asked.query,
            "aggs": {"newest": {"max": {"field": "moment"}}},
        }
        newest = self._search(body)["aggregations"]["newest"]["value"] or 0
        decay = {"moment": {"origin": int(newest), "scale": WEEK, "decay": 0.5}}
        functions = [{"exp": decay, "weight": 0.5}, {"weight": 0.5}]
        return {
            "function_score": {
                "query": query,
                "functions": functions,
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        }

    @cached_property
    def _statistics(self) -> Statistics:
        queries = asked_for(self.tree, self._asked.languages)
        body = {**statistics_body(queries), "query": self._asked.everything}
        return read_statistics(queries, self._search(body))

    def _first(self, query: Json, order: list[Json], wanted: int, *, fold: bool) -> list[Json]:
        body: Json = {
            "query": query,
            "sort": order,
            "size": wanted,
            "docvalue_fields": list(_COLUMNS),
            "track_scores": True,
        }
        if fold:
            body["collapse"] = {"field": "family"}
        found: list[Json] = self._search(body, search_type="dfs_query_then_fetch")["hits"]["hits"]
        return found

    def _scan(self, query: Json, order: list[Json], wanted: int, *, fold: bool) -> list[Json]:
        body = {"query": query, "sort": order, "track_scores": True}
        taken: set[int] = set()
        kept: list[Json] = []
        for hit in read_documents(self._cluster, self._asked.index, body, _COLUMNS):
            family = first_value(hit, "family")
            if fold and family in taken:
                continue
            taken.add(family)
            kept.append(hit)
            if len(kept) == wanted:
                break
        return kept

    def _ranked(self, hits: Sequence[Json], *, scored: bool) -> list[Ranked]:
        families = sorted({first_value(hit, "family") for hit in hits})
        among = _both(self._asked.query, terms("family", families))
        sizes = {int(str(value)): count for value, count in self._by("family", among)}
        return [
            Ranked(
                id=decode_id(first_value(hit, "code")),
                score=float(hit["_score"]) if scored else 0.0,
                family=first_value(hit, "family"),
                reprints=sizes.get(first_value(hit, "family"), 1) - 1,
                segment=0,
                document=place,
                version=first_value(hit, "version"),
            )
            for place, hit in enumerate(hits)
        ]

    # Requests

    def _search(self, body: Json, **options: str) -> Json:
        body = {"track_total_hits": True, **body}
        return self._cluster.call("POST", f"/{self._asked.index}/_search", body, **options)

    def _count(self, query: Json) -> int:
        found = self._search({"size": 0, "query": query})
        return int(found["hits"]["total"]["value"])

    def _by(self, field: str, query: Json | None = None) -> Iterable[tuple[object, int]]:
        return count_by(self._cluster, self._asked.index, query or self._asked.query, field)

    def _read(self, order: list[Json], fields: Sequence[str]) -> Iterator[Json]:
        body = {"query": self._asked.query, "sort": order}
        return read_documents(self._cluster, self._asked.index, body, fields)


def _both(query: Json, other: Json) -> Json:
    return {"bool": {"filter": [query, other]}}


def _column(facet: str) -> str:
    return "quarter" if facet == "day" else "outlet" if facet in OF_OUTLET else _FACETS[facet]


def _value_reader(facet: str, groups: Groups, zone: tzinfo) -> Callable[[Json], tuple[str, ...]]:
    column = _column(facet)

    def values(hit: Json) -> list[str]:
        return [str(value) for value in hit.get("fields", {}).get(column, ())]

    if facet == "day":
        return lambda hit: (day_of(int((values(hit) or [str(NO_QUARTER)])[0]), zone),)
    if facet in OF_OUTLET:
        return lambda hit: tuple(groups.get((values(hit) or [""])[0], ())) or ("",)
    if facet in ("is", "changed"):
        known = FLAGS if facet == "is" else CHANGES
        return lambda hit: tuple(sorted(values(hit), key=known.index)) or ("",)
    return lambda hit: tuple(values(hit)) or ("",)
