"""RSS, RDF and Atom to a `Feed`: repaired by libxml2, bounded by us, read by feedparser.

feedparser is handed bytes alone, well-formed where libxml2 can make them so, and never an address
or a file. What costs it more than linear time is cut short before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from html import escape
from io import BytesIO
from typing import Any

from lxml import etree

from crawler.lists.feeds.entries import (
    CONTENT_LIMIT,
    MAX_ENTRIES,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    Feed,
    FeedEntry,
    language_tag,
    only_addressed,
    person_name,
    plain_text,
    unique,
)
from crawler.lists.timestamps import parse_date
from crawler.lists.xml import parse_xml, xml_source
from crawler.refusal import Refusal
from crawler.urls import clean
from crawler.urls.wrapped import unwrap

Fields = Mapping[str, Any]

_ENTRIES = frozenset({"item", "entry"})
_PEOPLE = frozenset({"author", "creator", "contributor", "name"})
_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LONGEST_TTL = timedelta(days=30)
# feedparser looks for an address in a name with a quadratic pattern, tries a dozen patterns on a date
# and compares each tag with those before it.
_NAMES = "author creator contributor managingeditor webmaster publisher owner name email"
_DATES = "pubdate published issued updated modified created date lastbuilddate expirationdate valid"
_TAGS = frozenset(["category", "keywords", "subject", "tags"])
_SHORT = frozenset(f"{_NAMES} {_DATES}".split()) | _TAGS
_SHORT_LIMIT = 500
_MAX_TAGS = 100
# 10,000 entries of twenty elements; feedparser takes some 20 µs for each.
_MAX_ELEMENTS = 200_000
# Maps, chapters and licences: nothing of them is used, and coordinates can go on for megabytes.
_UNUSED = tuple(
    f"{{{namespace}}}*"
    for namespace in (
        "http://www.georss.org/georss",
        "http://www.opengis.net/gml",
        "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "http://podlove.org/simple-chapters",
    )
)


def parse_xml_feed(body: bytes, url: str, content_type: str) -> Feed | Refusal:
    """The XML feed in a body; refused like `crawler.lists.feeds.parse_feed`."""
    parsed = _repaired(body, url, content_type)
    if isinstance(parsed, Refusal):
        return parsed
    root, damaged = parsed
    if _local_name(root) not in _ROOTS:
        return Refusal(code="not-a-feed", detail=f"its root is <{_local_name(root)[:40]}>")
    _bound(root)
    if sum(1 for _ in root.iter("{*}*")) > _MAX_ELEMENTS:
        return Refusal(code="xml-bomb", detail=f"over {_MAX_ELEMENTS:,} elements")
    read = _read(root, url)
    if isinstance(read, Refusal):
        return read
    entries, without_url = only_addressed(_entries(read, url))
    return _feed(read["feed"], entries, url, damaged=damaged, without_url=without_url)


def read_entries(body: bytes, url: str) -> list[FeedEntry]:
    """Every entry of a feed in its order, also those without an address; none if it is not a feed."""
    parsed = _repaired(body, url, "")
    if isinstance(parsed, Refusal):
        return []
    _bound(parsed[0])
    read = _read(parsed[0], url)
    return [] if isinstance(read, Refusal) else _entries(read, url)


def _repaired(body: bytes, url: str, content_type: str) -> tuple[Any, bool] | Refusal:
    source = xml_source(body, content_type)
    return source if isinstance(source, Refusal) else parse_xml(source, url)


def _read(root: Any, url: str) -> Any:
    """What feedparser makes of a tree; refused where it loses its way.

    It promises a flag (`bozo`) and no exception, but a link in a link, for one, is a KeyError.
    """
    import feedparser  # a worker's; the process of a crawl reads no list

    try:
        return feedparser.parse(
            BytesIO(etree.tostring(root, encoding="utf-8")),
            response_headers={
                "content-type": "application/xml; charset=utf-8",
                "content-location": url,
            },
            sanitize_html=False,  # every text is made plain here; what is kept as HTML is never shown
            resolve_relative_uris=False,
        )
    except (LookupError, AttributeError, TypeError, ValueError, RecursionError) as error:
        detail = f"its elements stand where none can be read ({type(error).__name__})"
        return Refusal(code="unreadable", detail=detail)


def _bound(root: Any) -> None:
    """Cut what is long without need: names, dates, tags, the entries past our limit."""
    for number, item in enumerate(list(root.iter("{*}item", "{*}entry"))):
        if number >= MAX_ENTRIES:
            _remove(item)
    for element in list(root.iter(*_UNUSED)):
        _remove(element)
    for element in list(root.iter("{*}link", "{*}guid")):
        if _is_nested(element):
            _remove(element)
    for element in list(root.iter("{*}*")):
        if _local_name(element) in _SHORT:
            _shorten(element)
        if _local_name(element) in _PEOPLE and "@" in (element.text or ""):
            element.text = person_name(element.text)
    for parent in root.iter("{*}*"):
        for tag in [child for child in parent if _local_name(child) in _TAGS][_MAX_TAGS:]:
            _remove(tag)


def _is_nested(element: Any) -> bool:
    """Whether a link is inside a picture, a related story or another part of an entry.

    feedparser takes the last one it meets for the entry's own.
    """
    parent = element.getparent()
    if parent is None or _local_name(parent) in (*_ENTRIES, *_ROOTS):
        return False
    return any(_local_name(one) in _ENTRIES for one in parent.iterancestors())


def _shorten(element: Any) -> None:
    text = "".join(element.itertext())
    if len(text) > _SHORT_LIMIT:
        tail = element.tail
        element.clear()
        element.text, element.tail = text[:_SHORT_LIMIT], tail


def _remove(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _local_name(element: Any) -> str:
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _feed(
    head: Fields, entries: tuple[FeedEntry, ...], url: str, *, damaged: bool, without_url: int
) -> Feed:
    return Feed(
        entries=entries,
        title=plain_text(_text(head, "title"), TITLE_LIMIT),
        language=language_tag(_text(head, "language")),
        home=_link(head, url, "alternate"),
        ttl=_ttl(head),
        next=_link(head, url, "next"),
        partial=damaged,
        without_url=without_url,
    )


def _entries(read: Any, url: str) -> list[FeedEntry]:
    # RSS has one date of its own; the `dc:date` beside it or in its place is the same one.
    dated_once = not read["version"].startswith("atom")
    return [_entry(fields, url, dated_once=dated_once) for fields in read["entries"]]


def _entry(fields: Fields, url: str, *, dated_once: bool) -> FeedEntry:
    updated = _text(fields, "updated")
    published = _text(fields, "published", "created") or (updated if dated_once else "")
    content = _content(fields)
    summary = _text(fields, "summary", "media_description", "itunes_summary", "subtitle")
    return FeedEntry(
        url=_address(fields, url),
        title=plain_text(_text(fields, "title", "media_title"), TITLE_LIMIT),
        summary=plain_text(summary or content, SUMMARY_LIMIT),
        published=published[:100],
        published_at=parse_date(published),
        updated=updated[:100],
        updated_at=parse_date(updated),
        authors=_authors(fields),
        section=_section(fields),
        content=content,
    )


def _text(fields: Fields, *names: str) -> str:
    """The first of these fields that is a text and not empty."""
    for name in names:
        value = _field(fields, name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _field(fields: Fields, name: str) -> Any:
    # Not by `get`: feedparser then warns of what it gives in place of a missing "updated".
    return fields[name] if name in fields else None  # noqa: SIM401


def _list(fields: Fields, name: str) -> list[Fields]:
    value = _field(fields, name)
    return value if isinstance(value, list) else []


def _content(fields: Fields) -> str:
    """The whole article as HTML if the feed carries it."""
    for part in _list(fields, "content"):
        kind, value = _text(part, "type"), _text(part, "value")
        if value and "src" not in part and not kind.startswith(("image/", "video/", "audio/")):
            plain = kind == "text/plain" and "<" not in value
            return (f"<p>{escape(value)}</p>" if plain else value)[:CONTENT_LIMIT]
    return ""


def _address(fields: Fields, url: str) -> str:
    for address in _addresses(fields):
        if address and (resolved := clean(unwrap(address), url)):
            return resolved
    return ""


def _addresses(fields: Fields) -> Iterator[str]:
    """What may be an entry's address, the best first."""
    yield _text(fields, "feedburner_origlink")  # its link is a redirect
    yield _text(fields, "pheedo_origlink")
    yield _text(fields, "link")
    yield from (href for href, _ in _links(fields, "alternate"))
    # A guid is an address unless it says that it is none; feedparser tells so only without a link.
    if "link" in fields or "guidislink" not in fields:
        name = _text(fields, "id")
        yield name if name.startswith(("http://", "https://")) else ""


def _link(fields: Fields, url: str, relation: str) -> str:
    """The link of that relation, a page before anything else."""
    own = _text(fields, "link") if relation == "alternate" else ""
    found = sorted(_links(fields, relation), key=lambda link: link[1] not in _PAGES)
    return next(
        filter(None, (clean(href, url) for href in (own, *(h for h, _ in found)) if href)), ""
    )


def _links(fields: Fields, relation: str) -> Iterator[tuple[str, str]]:
    """Address and type of each link of that relation."""
    for link in _list(fields, "links"):
        if _text(link, "rel").lower() == relation and (href := _text(link, "href")):
            yield href, _text(link, "type")


def _authors(fields: Fields) -> tuple[str, ...]:
    """The names; a bare mail address names nobody."""
    people = (*_list(fields, "authors"), *_list(fields, "contributors"))
    return unique([plain_text(_text(person, "name"), 200) for person in people])


def _section(fields: Fields) -> str:
    """The first category, by its label if it has one."""
    tags = _list(fields, "tags")
    return plain_text(_text(tags[0], "label", "term"), 120) if tags else ""


def _ttl(head: Fields) -> timedelta | None:
    """The pause asked for: `ttl` in minutes, or the period of the syndication module."""
    minutes = _text(head, "ttl")
    if minutes.isdecimal() and int(minutes[:9]) > 0:
        return min(timedelta(minutes=int(minutes[:9])), _LONGEST_TTL)
    period = _PERIODS.get(_text(head, "sy_updateperiod").lower())
    times = _text(head, "sy_updatefrequency") or "1"
    if period is None or not times.isdecimal() or int(times[:9]) == 0:
        return None
    return min(period / int(times[:9]), _LONGEST_TTL)
