"""The most reprinted texts: the largest families, and a record for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.article import isoformat
from search_cli.view.carriers import Family

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.fulltext.engine import Answer

FIELDS = (
    "family", "articles", "outlets", "countries", "hours", "first", "last", "origin", "evidence",
    "title", "url", "members",
)  # fmt: skip


def largest_families(matches: Answer) -> list[int]:
    """The families of which several articles match, the largest first."""
    counted = matches.families
    carried = [code for code, count in counted.items() if count > 1]
    return sorted(carried, key=lambda code: (-counted[code], code))


def family_records(
    corpus: Corpus, matches: Answer, codes: Sequence[int], countries: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What is told of each of these families, as values: of its members, those that match."""
    matching = frozenset(matches.ids()) if codes else frozenset()
    counted = matches.families
    return [
        _family_record(corpus, code, matching, countries) | {"articles": counted[code]}
        for code in codes
    ]


def _family_record(
    corpus: Corpus, code: int, matching: frozenset[str], countries: Mapping[str, str]
) -> dict[str, Any]:
    """One family as a record."""
    from index.fulltext.schema import decode_id

    name = decode_id(code)
    family = Family.of(corpus.store, name)
    members = [one for one in family.members if one.article in matching] if family else []
    outlets = sorted({member.outlet for member in members})
    first = min((member.published for member in members), default=None)
    last = max((member.published for member in members), default=None)
    record: dict[str, Any] = dict.fromkeys(FIELDS)
    if family and first and last:
        origin = corpus.store.articles.get([family.origin.article])[family.origin.article].article
        record |= {
            "hours": round((last - first).total_seconds() / 3600, 1),
            "origin": family.origin.outlet,
            "evidence": family.evidence(origin.site_name, corpus.zone),
            "title": origin.title,
            "url": origin.url,
        }
    return record | {
        "family": name,
        "outlets": outlets,
        "countries": sorted({countries.get(outlet, "") for outlet in outlets} - {""}),
        "first": isoformat(first),
        "last": isoformat(last),
        "members": [member.article for member in members],
    }
