"""What the values of an export's fields are: for formats that have types, and for tables in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeAlias, cast

ValueType: TypeAlias = "str | list[ValueType] | dict[str, ValueType]"
"""`text`, `integer`, `number`, `flag`, `time` (UTC) or `day`; a list of one of them; a table of keys.

Every value may be unknown, that is None; a list that is empty is none."""

_PLACE: dict[str, ValueType] = {
    "file": "text", "offset": "integer", "length": "integer", "digest": "text"
}  # fmt: skip

FIELD_TYPES: dict[str, ValueType] = {
    "id": "text",
    "url": "text",
    "canonical_url": "text",
    "outlet": "text",
    "title": "text",
    "authors": ["text"],
    "published": "time",
    "published_precision": "text",
    "published_day": "day",
    "date_confidence": "text",
    "date_conflict": "flag",
    "updated": "time",
    "fetched": "time",
    "first_seen": "time",
    "language": "text",
    "kicker": "text",
    "lead": "text",
    "text": "text",
    "zones": [{"kind": "text", "start": "integer", "end": "integer"}],
    "asides": [{"kind": "text", "text": "text"}],
    "links": ["text"],
    "entries": [{"published": "time", "title": "text", "text": "text"}],
    "description": "text",
    "section": "text",
    "tags": ["text"],
    "image": "text",
    "site_name": "text",
    "agency": "text",
    "place": "text",
    "words": "integer",
    "kind": "text",
    "paywalled": "flag",
    "story": "text",
    "relevance": "number",
    "reasons": ["text"],
    "verdicts": [{"story": "text", "decision": "text", "score": "number", "reasons": ["text"]}],
    "family": "text",
    "versions": "integer",
    "removed": "time",
    "desk_tags": ["text"],
    "note": "text",
    "revision": "integer",
    "aliases": ["text"],
    "archive": _PLACE,
    "dates": [
        {
            "role": "text",
            "source": "text",
            "raw": "text",
            "value": "time",
            "precision": "text",
            "zone": "text",
        }
    ],
    "robots": ["text"],
    "unavailable_after": "time",
    "tdm_reserved": "flag",
    "tdm_policy": "text",
    "withheld": "text",
    "parts": [{"url": "text", "start": "integer", "archive": _PLACE}],
    "continues": "text",
    "boilerplate": ["text"],
    "copy_of": "text",
    "captured": "time",
    "archive_source": "text",
    "saved_copy": "text",
    "saved_at": "time",
}
"""By each of `export_record.FIELDS`, what `to_record` gives for it."""

EDIT_TYPES: dict[str, ValueType] = {
    "id": "text",
    "outlet": "text",
    "title": "text",
    "url": "text",
    "kind": "text",
    "silent": "flag",
    "before": "text",
    "after": "text",
    "paragraph": "integer",
    "version_before": "integer",
    "version": "integer",
    "seen_before": "time",
    "seen": "time",
    "updated": "time",
    "archive_before": _PLACE,
    "archive": _PLACE,
}
"""A change of an article from one version to the next."""


def typed(value: Any, kind: ValueType) -> Any:
    """A JSON value as Python's own of that type: times and days are read, the rest is left as it is.

    Text has no lone surrogates afterwards, which no format takes. Raises `ValueError` for a time or a
    day that is not ISO 8601.
    """
    if value is None:
        return None
    if isinstance(kind, list):
        return [typed(item, kind[0]) for item in value]
    if isinstance(kind, dict):
        held = cast("Mapping[str, Any]", value)
        return {key: typed(held.get(key), inner) for key, inner in kind.items()}
    if kind == "time":
        return value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if kind == "day":
        return value if isinstance(value, date) else date.fromisoformat(value)
    if kind == "text":
        text = str(value)
        return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    return float(value) if kind == "number" else value


def typed_row(row: Mapping[str, Any], types: Mapping[str, ValueType]) -> dict[str, Any]:
    """The row with the fields of the types alone, each as Python's own value."""
    return {name: typed(row.get(name), kind) for name, kind in types.items()}
