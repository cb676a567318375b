"""Words near each other as interval queries; where those would say less, a wider one that says more.

Lucene's intervals keep the shortest match at each place (Clarke, Cormack and Burkowski 1995), which is
all that is needed where each part is a stretch of one fixed length. For other parts, and for runs of
letters that are cut into pairs, the query asks for a superset; `again` then looks at the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from index.opensearch.client import Json
from index.opensearch.leaves import Single, roots_of, slots_of, typo_pattern
from index.opensearch.mapping import FIELDS, HOLE, STEMMED
from index.query import Near, Node, Or, Phrase, Typo, Wildcard, Word, walk
from index.query.match import asks_for_capitals
from index.text.analysis import Slot

_EXPANSIONS = 1000  # words of the corpus that a pattern near something may stand for
_PERMUTED = 4  # parts whose every order is asked for


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part as an interval rule: from `least` to `most` positions long.

    `exact` says that the rule's intervals are all its matches, from the first to the last position.
    """

    rule: Json
    least: int
    most: int
    exact: bool


def near_query(node: Near, languages: Sequence[str]) -> tuple[Json, bool] | None:
    """The query of a Near and whether it is exact; None where its parts look into several zones."""
    zones = {leaf.zone for leaf in walk(node) if isinstance(leaf, Word | Phrase | Wildcard | Typo)}
    if len(zones) != 1 or zones == {"quote"}:
        return None  # words of two quotations may be near each other
    (zone,) = zones
    found = _near(node, zone, languages)
    return {"intervals": {FIELDS[zone]: found.rule}}, found.exact


def row_query(leaf: Single) -> Json:
    """The query of words that follow each other, where one is a pattern."""
    return {"intervals": {FIELDS[leaf.zone]: _single(leaf, ()).rule}}


def _stretch(node: Node, zone: str, languages: Sequence[str]) -> Stretch:
    match node:
        case Near():
            return _near(node, zone, languages)
        case Or(parts):
            found = [_stretch(part, zone, languages) for part in parts]
            lengths = {one.least for one in found} | {one.most for one in found}
            exact = len(lengths) == 1 and all(one.exact for one in found)
            return Stretch(_any(found), min(lengths), max(lengths), exact)
        case Word() | Phrase() | Wildcard() | Typo():
            return _single(node, languages)
        case _:
            raise TypeError(f"no stretch of words: {node}")


def _near(node: Near, zone: str, languages: Sequence[str]) -> Stretch:
    parts = [_stretch(part, zone, languages) for part in node.parts]
    fixed = all(part.exact and part.least == part.most for part in parts)
    longest = max(part.most for part in parts)
    least, most = (
        sum(part.least for part in parts),
        node.distance + sum(part.most for part in parts),
    )
    if fixed and len(parts) == 2 and (node.ordered or longest <= 2):
        gaps, orders = node.distance - 1, [parts] if node.ordered else [parts, parts[::-1]]
    elif fixed and len(parts) <= _PERMUTED and longest == 1:
        gaps = node.distance + 1 - len(parts)
        orders = [list(order) for order in permutations(parts)]
    else:
        # Any match is within that many positions, and so does the shortest that holds all parts.
        return Stretch(_all(parts, most, ordered=False), 1, most, exact=False)
    if gaps < 0:
        return Stretch(_all(parts, 0, ordered=True), least, most, exact=False)
    rules = [_all(order, gaps, ordered=True) for order in orders]
    rule = rules[0] if len(rules) == 1 else {"any_of": {"intervals": rules}}
    return Stretch(rule, least, most, exact=True)


def _single(leaf: Single, languages: Sequence[str]) -> Stretch:
    slots, length = slots_of(leaf)
    rules = [_slot_rule(slot) for slot in slots]
    if len(rules) > 1:
        holes = slots[-1].offset + 1 - slots[0].offset - len(slots)
        whole = length == slots[-1].offset + 1 and not holes
        return Stretch(_all_rules(rules, holes, ordered=True), length, length, exact=whole)
    if isinstance(leaf, Word) and asks_for_capitals(leaf):
        return Stretch(rules[0], 1, 1, exact=False)
    rooted = STEMMED.get(leaf.zone)
    if rooted:
        rules += [
            {"match": {"query": root, "use_field": rooted}} for root in roots_of(leaf, languages)
        ]
    rule = rules[0] if len(rules) == 1 else {"any_of": {"intervals": rules}}
    return Stretch(rule, 1, 1, exact=length == 1)


def _slot_rule(slot: Slot) -> Json:
    match slot.kind:
        case "token":
            return {"match": {"query": slot.text}}
        case "typo":
            return {"regexp": {"pattern": typo_pattern(slot.text), "max_expansions": _EXPANSIONS}}
        case "pattern":
            return {"wildcard": {"pattern": slot.text, "max_expansions": _EXPANSIONS}}
        case _:
            return {"wildcard": {"pattern": f"{slot.text}*", "max_expansions": _EXPANSIONS}}


def _all(parts: Sequence[Stretch], gaps: int, *, ordered: bool) -> Json:
    return _all_rules([part.rule for part in parts], gaps, ordered=ordered)


def _all_rules(rules: Sequence[Json], gaps: int, *, ordered: bool) -> Json:
    return {"all_of": {"intervals": list(rules), "max_gaps": gaps, "ordered": ordered}}


def _any(parts: Sequence[Stretch]) -> Json:
    return {"any_of": {"intervals": [part.rule for part in parts]}}


def phrase_text(slots: Sequence[Slot]) -> str:
    """The tokens of a phrase at their positions, with holes where none is asked for."""
    places = {slot.offset: slot.text for slot in slots}
    first, last = slots[0].offset, slots[-1].offset
    return " ".join(places.get(place, HOLE) for place in range(first, last + 1))
