"""Articles as an Atom feed (RFC 4287), for feed readers and other programs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from index.article import isoformat
from index.text.zones import lead_of
from search_cli.output.reference import outlet_name
from search_cli.output.render import one_line
from search_cli.output.typeset import weblink

if TYPE_CHECKING:
    from index.store import StoredArticle

NAMESPACE = "http://www.w3.org/2005/Atom"
SUMMARY = 500  # characters
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, Char


def atom_feed(
    articles: Sequence[StoredArticle],
    *,
    title: str,
    key: str,
    now: datetime,
    names: Mapping[str, str],
    link: str = "",
) -> str:
    """The feed; `key` is what it is known by for good, `link` where it will be found.

    An entry is known by its article's canonical address, so that an index built again changes none.
    """
    feed = Element("feed", {"xmlns": NAMESPACE})
    _add(feed, "title", title)
    _add(feed, "id", _urn(key))
    newest = max(map(_updated, articles), default=now)
    _add(feed, "updated", _time(newest))
    _add(SubElement(feed, "author"), "name", "pressclip")
    if link:
        SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": link})
    for stored in articles:
        _add_entry(feed, stored, names)
    indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def _add_entry(feed: Element, stored: StoredArticle, names: Mapping[str, str]) -> None:
    article = stored.article
    entry = SubElement(feed, "entry")
    if article.language:
        entry.set("xml:lang", _safe(article.language))
    _add(entry, "title", article.title or stored.id)
    _add(entry, "id", _urn(article.canonical_url or article.url))
    if url := weblink(_safe(article.url)):
        SubElement(entry, "link", {"rel": "alternate", "href": url})
    _add(entry, "updated", _time(_updated(stored)))
    if article.published:
        _add(entry, "published", _time(article.published))
    for name in article.authors:
        _add(SubElement(entry, "author"), "name", name)
    source = outlet_name(stored, names)
    if not article.authors:
        _add(SubElement(entry, "author"), "name", source)
    SubElement(entry, "category", {"term": _safe(article.outlet), "label": _safe(source)})
    summary = one_line(lead_of(article) or article.text.partition("\n")[0])
    if summary:
        _add(entry, "summary", f"{summary[:SUMMARY]}…" if len(summary) > SUMMARY else summary)


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _safe(text)


def _safe(text: str) -> str:
    return _NOT_XML.sub("", one_line(text))


def _updated(stored: StoredArticle) -> datetime:
    """When what is shown was seen first: a feed reader shows an edited article again."""
    return stored.article.fetched if stored.versions > 1 else stored.first_seen


def _time(moment: datetime) -> str:
    return isoformat(moment) or ""


def _urn(key: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, key)}"
