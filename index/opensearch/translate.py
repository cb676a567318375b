"""A query tree → a query of the cluster's, in a filter's place: it finds, `scores` orders.

The meaning of a tree is in `index.query`. A leaf that the cluster cannot say stands here by what
`again` found of it, and, until that is known, by a query that finds no less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import assert_never

from index.fulltext.schema import encode_id, to_micros
from index.fulltext.searcher.evaluate import Leaf
from index.opensearch.client import Json
from index.opensearch.documents import cut, key_of
from index.opensearch.leaves import NAME_ZONES, roots_of, slots_of, typo_pattern
from index.opensearch.mapping import FIELDS, STEMMED
from index.opensearch.near import near_query, phrase_text, row_query
from index.query import (
    And,
    Everything,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Period,
    Phrase,
    Typo,
    Wildcard,
    Word,
)
from index.query.match import asks_for_capitals, filter_key
from index.text.analysis import Slot

NOTHING: Json = {"match_none": {}}
ALL: Json = {"match_all": {}}

_PART = 50_000  # values of one filter

Known = Mapping[Leaf, Json]
"""Leaves that were looked at again, and the query that finds just what they match."""


def translate(tree: Node, languages: Sequence[str], known: Known) -> Json:
    """The query of a tree; `languages` are the corpus's that have roots."""
    match tree:
        case And(parts):
            return {"bool": {"filter": [translate(part, languages, known) for part in parts]}}
        case Or(parts):
            return any_of(translate(part, languages, known) for part in parts)
        case Not(part):
            return {"bool": {"must_not": [translate(part, languages, known)]}}
        case Everything():
            return ALL
        case Filter(field, values):
            return filter_query(field, values)
        case Period(field, start, end):
            return _period(field, start, end)
        case Word() | Phrase() | Wildcard() | Typo() | Near():
            return known[tree] if tree in known else leaf_query(tree, languages)[0]
    assert_never(tree)


def leaf_query(node: Node, languages: Sequence[str]) -> tuple[Json, bool]:
    """The query of a leaf, and whether it finds just what the leaf matches, or more."""
    match node:
        case Near(parts):
            return near_query(node, languages) or (_all(parts, languages), False)
        case Or(parts):
            return any_of(leaf_query(part, languages)[0] for part in parts), False
        case Word() | Phrase() | Wildcard() | Typo():
            slots, _ = slots_of(node)
            if not slots:
                return NOTHING, True
            if len(slots) == 1:
                return any_of(word_queries(node, slots[0], languages)), True
            if all(slot.kind == "token" for slot in slots):
                asked = {"query": phrase_text(slots), "analyzer": "asked"}
                return {"match_phrase": {FIELDS[node.zone]: asked}}, True
            return row_query(node), slots[-1].offset + 1 - slots[0].offset == len(slots)
        case _:
            return NOTHING, True


def word_queries(
    leaf: Word | Phrase | Wildcard | Typo, slot: Slot, languages: Sequence[str]
) -> list[Json]:
    """The queries of a single slot: of its tokens, then of its roots."""
    if isinstance(leaf, Word) and asks_for_capitals(leaf) and leaf.zone not in NAME_ZONES:
        prefix = "" if leaf.zone == "any" else f"{leaf.zone}:"
        return [_term("capitals", cut(prefix + slot.text))]
    found = [_slot_query(FIELDS[leaf.zone], slot)]
    rooted = STEMMED.get(leaf.zone, "")
    return found + [_term(rooted, root) for root in roots_of(leaf, languages)]


def filter_query(field: str, values: Sequence[str]) -> Json:
    """A filter whose field the cluster knows; `index.corpus` has made ids and outlets of the others."""
    keys = sorted({filter_key(field, value) for value in values})
    match field:
        case "outlet" | "lang" | "section" | "story" | "kind" | "agency":
            return terms("keys", [key_of(field, key) for key in keys])
        case "id" | "group":
            codes = [code for key in keys if (code := _code(key))]
            return terms("code" if field == "id" else "family", codes)
        case "is" | "changed":
            return terms(field, keys)
        case _:
            return NOTHING


def terms(field: str, values: Sequence[str | int]) -> Json:
    """Any of the values, however many."""
    parts = [values[start : start + _PART] for start in range(0, len(values), _PART)]
    return any_of({"terms": {field: list(part)}} for part in parts)


def any_of(queries: Iterable[Json]) -> Json:
    """Any of the queries; nothing if there is none."""
    found = list(queries)
    if len(found) < 2:
        return found[0] if found else NOTHING
    return {"bool": {"should": found, "minimum_should_match": 1}}


def _all(parts: Sequence[Node], languages: Sequence[str]) -> Json:
    return {"bool": {"filter": [leaf_query(part, languages)[0] for part in parts]}}


def _slot_query(field: str, slot: Slot) -> Json:
    match slot.kind:
        case "token":
            return _term(field, slot.text)
        case "starts":
            return {"prefix": {field: {"value": slot.text}}}
        case "pattern":
            return {"wildcard": {field: {"value": slot.text}}}
        case "typo":
            pattern = {"value": typo_pattern(slot.text), "flags": "NONE"}
            return {"regexp": {field: {**pattern, "max_determinized_states": 100_000}}}
    assert_never(slot.kind)


def _term(field: str, text: str) -> Json:
    return {"term": {field: {"value": text}}}


def _period(field: str, start: datetime | None, end: datetime | None) -> Json:
    column = "published" if field == "date" else "seen"
    bounds = {name: to_micros(end_) for name, end_ in (("gte", start), ("lt", end)) if end_}
    return {"range": {column: bounds}} if bounds else {"exists": {"field": column}}


def _code(key: str) -> int:
    try:
        return encode_id(key)
    except ValueError:
        return 0
