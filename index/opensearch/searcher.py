"""The reading side of the cluster's index: a query tree in, an answer out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from index.errors import IndexUnusable, UsageError
from index.fulltext.schema import FOREVER, decode_id, to_micros
from index.fulltext.searcher import When
from index.opensearch.again import look_again
from index.opensearch.answer import Asked, ClusterAnswer
from index.opensearch.client import Cluster, ClusterRefusal, Json
from index.opensearch.pages import count_by, first_value, read_documents
from index.opensearch.state import IndexState, check_format, check_health, read_states
from index.opensearch.translate import ALL, terms, translate
from index.query import Node
from index.store import Store
from index.text.analysis import stemmed_languages, terms_of_words
from index.workspace.search_settings import ClusterAddress

PATIENCE = 20.0
"""Seconds for which a search is tried while nodes are away or busy."""

_LEAST_LETTERS = 3
_SUGGESTED = 3
_NEAR = 50  # words one letter away that are counted
_TOO_MANY = ("too many terms", "too_complex_to_determinize", "expanded to")


class ClusterIndex:
    """A desk's index in a cluster, open for reading. It goes on changing while a push writes."""

    updated_by = "pressclip push"

    def __init__(self, cluster: Cluster, store: Store, state: IndexState) -> None:
        self.revision = state.revision
        self.store = state.store
        self._cluster = cluster
        self._texts = store
        self._name = state.name

    @classmethod
    def open(cls, address: ClusterAddress, store: Store) -> ClusterIndex:
        """Open what was pushed; `store` has the texts.

        Raises `IndexUnusable` when it is missing, red, or of another format, and if no node
        answers; `UsageError` without the extra.
        """
        cluster = Cluster(address)
        try:
            return cls(cluster, store, _open_state(cluster))
        except BaseException:
            cluster.close()
            raise

    @cached_property
    def count(self) -> int:
        """The articles it holds."""
        return self._count(ALL)

    def close(self) -> None:
        """Close the connections."""
        self._cluster.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Nothing around: a request itself raises `IndexUnusable`."""
        yield

    def search(self, tree: Node, *, when: When = "now") -> ClusterAnswer:
        """Every article that matches, once: with "ever" its newest version that does.

        Raises `UsageError` for a word that stands for too many, or a query for which too many
        articles would have to be looked at again; `IndexUnusable` when the cluster does not answer.
        """
        index = self._name if when == "now" else f"{self._name},{self._name}.past"
        among = ALL if isinstance(when, str) else _standing(to_micros(when))
        languages = self._languages

        def candidates(query: Json, most: int) -> Iterator[tuple[str, int, str]]:
            body = {"query": _both(query, among), "sort": [{"code": "asc"}, {"since": "asc"}]}
            columns = ("code", "version")
            for hit in read_documents(self._cluster, index, body, columns, most=most):
                identity = decode_id(first_value(hit, "code"))
                yield identity, first_value(hit, "version"), hit["_id"]

        try:
            known = look_again(tree, languages, self._texts, candidates)
            query = translate(tree, languages, known)
            if when == "ever":
                query = self._newest_of_each(query)
            asked = Asked(
                index=index,
                query=_both(query, among),
                everything=among,
                languages=languages,
                known=known,
            )
            answer = ClusterAnswer(self._cluster, self._texts, tree, asked)
            _ = answer.total  # what the cluster refuses is told here
        except ClusterRefusal as error:
            if any(sign in f"{error.kind} {error}".lower() for sign in _TOO_MANY):
                raise UsageError(
                    "a part of the query stands for more than 1,000 words of the corpus",
                    hint="give more letters",
                ) from error
            raise
        return answer

    def frequency(self, token: str) -> int:
        """How many articles have the very form."""
        return self._count({"term": {"text": {"value": token}}})

    def suggest_words(self, word: str) -> list[tuple[str, int]]:
        """Words of the corpus one edit away, with the articles that have each; the most frequent first.

        None for anything that is not one word of at least three letters.
        """
        token = terms_of_words(word).word
        if len(token) < _LEAST_LETTERS:
            return []
        options = {
            "field": "text",
            "analyzer": "words",
            "suggest_mode": "always",
            "max_edits": 1,
            "min_word_length": _LEAST_LETTERS,
            "prefix_length": 0,
            "size": _NEAR,
            "shard_size": 200,
            "max_inspections": 50,
        }
        body = {"suggest": {"near": {"text": token, "term": options}}}
        found = self._cluster.call("POST", f"/{self._name}/_search", body)["suggest"]["near"]
        others = {option["text"] for one in found for option in one["options"]} - {token}
        counted = [(other, self.frequency(other)) for other in sorted(others)]
        return sorted((one for one in counted if one[1]), key=lambda one: (-one[1], one[0]))[
            :_SUGGESTED
        ]

    @cached_property
    def _languages(self) -> list[str]:
        """The languages of the corpus, past versions too, that have roots."""
        every = f"{self._name},{self._name}.past"
        held = {str(value) for value, _ in count_by(self._cluster, every, ALL, "lang")}
        return sorted(held & stemmed_languages())

    def _newest_of_each(self, query: Json) -> Json:
        """The query with each article once, by the newest of its versions that match.

        What stands now is the newest of all; of the rest only what was edited has a choice.
        """
        body = {"query": query, "sort": [{"code": "asc"}, {"since": "desc"}]}
        columns = ("code",)
        best: dict[int, str] = {}
        for hit in read_documents(self._cluster, f"{self._name}.past", body, columns):
            best.setdefault(first_value(hit, "code"), hit["_id"])
        if best:
            again = {"query": _both(query, terms("code", sorted(best))), "sort": [{"code": "asc"}]}
            for hit in read_documents(self._cluster, self._name, again, columns):
                best.pop(first_value(hit, "code"), None)
        older = {"ids": {"values": list(best.values())}}
        newest = _both(query, terms("until", [FOREVER]))
        return {"bool": {"should": [newest, older], "minimum_should_match": 1}}

    def _count(self, query: Json) -> int:
        body = {"size": 0, "query": query, "track_total_hits": True}
        found = self._cluster.call("POST", f"/{self._name}/_search", body)
        return int(found["hits"]["total"]["value"])


def pushed_revision(address: ClusterAddress) -> int:
    """The store's revision that a cluster holds; raises as `ClusterIndex.open`."""
    cluster = Cluster(address)
    try:
        return _open_state(cluster).revision
    finally:
        cluster.close()


def _open_state(cluster: Cluster) -> IndexState:
    state, _ = read_states(cluster)
    if state is None:
        raise IndexUnusable(
            f"{cluster.address}: nothing was pushed yet", hint="run: pressclip push"
        )
    check_format(cluster, state)
    check_health(cluster, state)
    cluster.patience = PATIENCE
    return state


def _both(query: Json, other: Json) -> Json:
    return query if other == ALL else {"bool": {"filter": [query, other]}}


def _standing(moment: int) -> Json:
    """What stood at a moment, in microseconds since 1970."""
    bounds = [{"range": {"since": {"lte": moment}}}, {"range": {"until": {"gt": moment}}}]
    return {"bool": {"filter": bounds}}
