"""A stored article as a plain record, for export and for other programs: the keys are a format."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from index.article import Verdict, isoformat
from index.store import StoredArticle
from index.text.zones import all_zones, count_words, lead_of

FIELDS = (
    "id", "url", "canonical_url", "outlet", "title", "authors", "published", "published_precision",
    "published_day", "date_confidence", "date_conflict", "updated", "fetched", "first_seen",
    "language", "kicker", "lead", "text", "zones", "asides", "links", "entries", "description",
    "section", "tags", "image", "site_name", "agency", "place", "words", "kind", "paywalled", "story",
    "relevance", "reasons", "verdicts", "family", "versions", "removed", "desk_tags", "note",
    "revision", "aliases", "archive", "dates", "robots", "unavailable_after", "tdm_reserved",
    "tdm_policy", "withheld", "parts", "continues", "boilerplate", "copy_of", "captured",
    "archive_source", "saved_copy", "saved_at",
)  # fmt: skip


def to_record(stored: StoredArticle, *, story: str = "") -> dict[str, Any]:
    """The values of `FIELDS`; times are ISO 8601 in UTC, what is unknown is None.

    `story`, `relevance` and `reasons` are those of the story asked for, or else of the one that keeps
    the article with the highest score; `verdicts` holds all of them.
    """
    article = stored.article.to_dict()
    verdict = _main_verdict(stored, story)
    record: dict[str, Any] = {
        **article,
        "id": stored.id,
        "kicker": stored.article.kicker,
        "lead": lead_of(stored.article),
        "words": count_words(stored.article),
        "zones": [asdict(zone) for zone in all_zones(stored.article)],
        "first_seen": isoformat(stored.first_seen),
        "story": verdict.story if verdict else None,
        "relevance": verdict.score if verdict else None,
        "reasons": list(verdict.reasons) if verdict else [],
        "verdicts": [
            {
                "story": found.story,
                "decision": found.decision,
                "score": found.score,
                "reasons": list(found.reasons),
            }
            for found in stored.verdicts
        ],
        "family": stored.family,
        "versions": stored.versions,
        "removed": isoformat(stored.removal.seen) if stored.removal else None,
        "desk_tags": list(stored.remarks.tags),
        "note": stored.remarks.note or None,
        "revision": stored.revision,
        "aliases": list(stored.aliases),
        "archive": _archive(stored),
        "saved_copy": stored.saved.address if stored.saved else "",
        "saved_at": isoformat(stored.saved.captured) if stored.saved else None,
    }
    return {name: record[name] for name in FIELDS}


def _main_verdict(stored: StoredArticle, story: str) -> Verdict | None:
    kept = [verdict for verdict in stored.verdicts if verdict.kept]
    asked = [verdict for verdict in stored.verdicts if verdict.story == story]
    return max(asked or kept, key=lambda verdict: verdict.score, default=None)


def _archive(stored: StoredArticle) -> dict[str, Any] | None:
    """Where the capture is: file below data/archive, offset of its record, payload digest."""
    return asdict(stored.archive) if stored.archive else None
