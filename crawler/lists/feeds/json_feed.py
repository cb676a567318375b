"""JSON Feed (versions 1 and 1.1) to a `Feed`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from crawler.lists.feeds.entries import (
    CONTENT_LIMIT,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    Feed,
    FeedEntry,
    language_tag,
    only_addressed,
    plain_text,
    unique,
)
from crawler.lists.timestamps import parse_date
from crawler.refusal import Refusal
from crawler.urls import clean
from crawler.urls.wrapped import unwrap


def parse_json_feed(text: str, url: str) -> Feed | Refusal:
    """The JSON Feed in a text; a refusal (`unreadable`, `not-a-feed`) for anything else."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Refusal(code="unreadable", detail=f"JSON: {error}"[:120])
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in _text(data, "version"):
        return Refusal(code="not-a-feed", detail="JSON, but no JSON Feed")
    entries, without_url = only_addressed(
        [_entry(item, url) for item in items if isinstance(item, dict)]
    )
    return Feed(
        entries=entries,
        title=plain_text(_text(data, "title"), TITLE_LIMIT),
        language=language_tag(_text(data, "language")),
        home=clean(_text(data, "home_page_url"), url),
        next=clean(_text(data, "next_url"), url) if data.get("next_url") else "",
        without_url=without_url,
    )


def _entry(item: Mapping[str, Any], url: str) -> FeedEntry:
    published, updated = _text(item, "date_published"), _text(item, "date_modified")
    plain = _text(item, "content_text")
    html = _text(item, "content_html") or (f"<p>{escape(plain)}</p>" if plain else "")
    return FeedEntry(
        url=_address(item, url),
        title=plain_text(_text(item, "title"), TITLE_LIMIT),
        summary=plain_text(_text(item, "summary") or plain or html, SUMMARY_LIMIT),
        published=published[:100],
        published_at=parse_date(published),
        updated=updated[:100],
        updated_at=parse_date(updated),
        authors=_authors(item),
        section=next((plain_text(tag, 120) for tag in _list(item, "tags")), ""),
        content=html[:CONTENT_LIMIT],
    )


def _address(item: Mapping[str, Any], url: str) -> str:
    for name in ("url", "external_url"):
        if address := _text(item, name) and clean(unwrap(_text(item, name)), url):
            return address
    return clean(_text(item, "id"))


def _authors(item: Mapping[str, Any]) -> tuple[str, ...]:
    people = [*_list(item, "authors"), item.get("author")]
    return unique([plain_text(one.get("name"), 200) for one in people if isinstance(one, dict)])


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    value = data.get(name)
    return value if isinstance(value, list) else []
