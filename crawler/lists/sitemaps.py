"""Sitemaps: lists of URLs, indexes of lists, the news extension; text files, gzip, wrong types.

Protocol: https://www.sitemaps.org/protocol.html; news: Google's sitemap-news/0.9.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from lxml import etree

from crawler.extract.page.decode import decode
from crawler.extract.text import field_text
from crawler.lists.feeds import Feed, parse_feed
from crawler.lists.timestamps import parse_date
from crawler.lists.xml import SAFE, SITEMAP_LIMIT, is_html, refuse_html, unpack, xml_source
from crawler.refusal import Refusal
from crawler.urls import clean
from crawler.urls.dated import Days, named_days
from index.workspace.story import Window

MAX_URLS = 50_000
TITLE_LIMIT = 500

# A day named in one zone may be the day before or after in another.
_SLACK = timedelta(days=1)
_DIGITS = re.compile(r"\d+")
_TEXT_URL = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapUrl:
    """One URL of a sitemap. `modified` is `lastmod`, `published` and the rest the news extension.

    Dates are as written, and as moments in UTC (`…_at`), None if they could not be read.
    """

    url: str
    modified: str = ""
    modified_at: datetime | None = None
    published: str = ""
    published_at: datetime | None = None
    title: str = ""
    language: str = ""
    publication: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSitemap:
    """One sitemap that an index names, with its `lastmod` if given."""

    url: str
    modified: str = ""
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap lists: pages, other sitemaps, or (out of the protocol) both.

    At most 50,000 of each, as the protocol says; `partial` when there were more or the document
    was damaged. `news` says that it carries the news extension.
    """

    urls: tuple[SitemapUrl, ...] = ()
    children: tuple[ChildSitemap, ...] = ()
    news: bool = False
    partial: bool = False


def parse_sitemap(body: bytes, *, url: str, content_type: str = "") -> Sitemap | Refusal:
    """The sitemap in a response body, whatever its type claims. Never raises.

    Gzip is unpacked (50 MiB at most); a feed counts as a sitemap, as the protocol allows. Codes
    of refusals: those of `xmldoc`, and `not-a-sitemap`.
    """
    unpacked = unpack(body, SITEMAP_LIMIT)
    if isinstance(unpacked, Refusal):
        return unpacked
    if b"<" not in unpacked[:1000]:
        return _parse_lines(decode(unpacked, content_type), url)
    source = xml_source(unpacked, content_type)
    if isinstance(source, Refusal):
        return source
    return _parse_xml(source, url)


def can_fall_in_window(
    url: str,
    window: Window,
    *,
    modified: datetime | None = None,
    published: datetime | None = None,
) -> bool:
    """Whether what is at `url`, a page or a list, can have been published in the window.

    The publication date decides if there is one, or else the day or month that the URL names.
    A last change before the window's start rules out; a later one says nothing. A day's slack
    is left for time zones. True when nothing is known.
    """
    if published is not None:
        return _meets(published.date(), published.date(), window)
    named = named_days(url)
    if (
        named is not None
        and named.precision != "year"
        and not _meets(named.first, named.last, window)
    ):
        return False
    return not (modified and window.start and modified.date() < window.start - _SLACK)


def children_in_window(
    children: Sequence[ChildSitemap], window: Window
) -> tuple[ChildSitemap, ...]:
    """The sitemaps of an index that can list pages of the window, the newest-named first.

    A year in a name counts only if its siblings' numbers are years too: `sitemap-2010.xml`
    beside `sitemap-7.xml` is a number.
    """
    numbered = _numbered_shapes(children)
    chosen: list[tuple[date, ChildSitemap]] = []
    for child in children:
        named = named_days(child.url)
        is_year = (
            named is not None and named.precision == "year" and _shape(child.url) not in numbered
        )
        if is_year and named and not _meets(named.first, named.last, window):
            continue
        if can_fall_in_window(child.url, window, modified=child.modified_at):
            chosen.append((_order(named, child), child))
    return tuple(child for _, child in sorted(chosen, key=lambda pair: pair[0], reverse=True))


def _meets(first: date, last: date, window: Window) -> bool:
    if window.end is not None and first > window.end + _SLACK:
        return False
    return window.start is None or last >= window.start - _SLACK


def _order(named: Days | None, child: ChildSitemap) -> date:
    if named is not None:
        return named.last
    return child.modified_at.date() if child.modified_at else date.max


def _shape(url: str) -> str:
    return _DIGITS.sub("#", url)


def _numbered_shapes(children: Sequence[ChildSitemap]) -> set[str]:
    """The shapes of names in which some sibling's last number is not a year."""
    shapes = set()
    for child in children:
        numbers = _DIGITS.findall(child.url)
        if numbers and not re.fullmatch(r"(?:199|20\d)\d", numbers[-1]):
            shapes.add(_shape(child.url))
    return shapes


def _parse_lines(text: str, base: str) -> Sitemap | Refusal:
    if is_html(text):
        return refuse_html(text)
    found = [line.strip() for line in text.splitlines() if _TEXT_URL.fullmatch(line.strip())]
    if not found:
        code = "not-a-sitemap" if text.strip() else "empty"
        return Refusal(code=code, detail="neither XML nor a list of URLs")
    urls = tuple(SitemapUrl(url=url) for url in filter(None, (clean(line) for line in found)))
    return Sitemap(urls=urls[:MAX_URLS], partial=len(urls) > MAX_URLS)


def _parse_xml(source: bytes, base: str) -> Sitemap | Refusal:
    """Read element by element, so that a list of 50 MiB never is in memory as a tree."""
    events = etree.iterparse(BytesIO(source), events=("start", "end"), encoding="utf-8", **SAFE)
    reader = _Reader(base)
    try:
        for event, element in events:
            if not reader.take(event, element):
                break
    except etree.XMLSyntaxError:
        reader.partial = True
    return reader.result(source)


_OPENED = re.compile(rb"<(?:\w+:)?(?:url|sitemap)(?:[\s>]|$)")
_CLOSED = re.compile(rb"</(?:\w+:)?(?:url|sitemap)\s*>")
_TAIL = 10_000


def _is_cut(source: bytes, root: str) -> bool:
    """Whether a document ends before its root does, as libxml2 mends without a word."""
    return root.encode() not in source[-200:].rpartition(b"</")[2].lower()


class _Reader:
    """Collects the entries of a sitemap while it is parsed."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.root = ""
        self.urls: list[SitemapUrl] = []
        self.children: list[ChildSitemap] = []
        self.news = False
        self.partial = False
        self.is_last_kept = False

    def take(self, event: str, element: Any) -> bool:
        """Handle one event of the parser; False when no more is wanted."""
        name = _local(element)
        if event == "start":
            self.root = self.root or name
            return True
        before = len(self.urls) + len(self.children)
        if name == "url":
            self._add_url(element)
        elif name == "sitemap":
            self._add_child(element)
        else:
            return True
        self.is_last_kept = len(self.urls) + len(self.children) > before
        element.clear(keep_tail=False)
        while element.getprevious() is not None:
            del element.getparent()[0]
        if max(len(self.urls), len(self.children)) > MAX_URLS:
            self.partial = True
            return False
        return True

    def result(self, source: bytes) -> Sitemap | Refusal:
        """What was collected; a feed is read as such."""
        if self.root in ("rss", "rdf", "feed"):
            return _from_feed(parse_feed(source, url=self.base))
        if self.root not in ("urlset", "sitemapindex", "url", "sitemap"):
            return Refusal(code="not-a-sitemap", detail=f"its root is <{self.root[:40]}>")
        if _is_cut(source, self.root):
            self.partial = True
            self._drop_last(source)
        return Sitemap(
            urls=tuple(self.urls[:MAX_URLS]),
            children=tuple(self.children[:MAX_URLS]),
            news=self.news,
            partial=self.partial,
        )

    def _drop_last(self, source: bytes) -> None:
        """Leaves out the entry in which a cut document ends: its address may be half of one."""
        opened = [match.start() for match in _OPENED.finditer(source[-_TAIL:])]
        closed = [match.start() for match in _CLOSED.finditer(source[-_TAIL:])]
        if self.is_last_kept and opened and opened[-1] > max(closed, default=-1):
            del (self.urls if self.urls else self.children)[-1:]

    def _add_child(self, element: Any) -> None:
        fields = _fields(element)
        modified = fields.get("lastmod", "")
        # Some indexes forget <loc> and write the address into <sitemap> itself.
        url = clean(fields.get("loc") or (element.text or "").strip() or " ", self.base)
        if url and url != clean(self.base):
            self.children.append(
                ChildSitemap(url=url, modified=modified[:100], modified_at=parse_date(modified))
            )

    def _add_url(self, element: Any) -> None:
        fields = _fields(element)
        url = clean(fields["loc"], self.base) if fields.get("loc") else ""
        if not url:
            return
        published, modified = fields.get("publication_date", ""), fields.get("lastmod", "")
        self.news = self.news or bool(published or "news" in fields)
        self.urls.append(
            SitemapUrl(
                url=url,
                modified=modified[:100],
                modified_at=parse_date(modified),
                published=published[:100],
                published_at=parse_date(published),
                title=field_text(fields.get("title"), TITLE_LIMIT),
                language=fields.get("language", "").lower()[:35],
                publication=field_text(fields.get("name"), 200),
            )
        )


_NEWS_FIELDS = frozenset({"title", "publication_date"})


def _fields(element: Any) -> dict[str, str]:
    """Texts below an entry by local name: `loc` and `lastmod`, and the news extension's own.

    Titles of images and videos are in their own parts and are left out.
    """
    fields: dict[str, str] = {}
    for child in element:
        name = _local(child)
        if name in ("loc", "lastmod"):
            fields.setdefault(name, (child.text or "").strip())
        elif name == "news":
            fields[name] = ""
            for part in child.iter():
                if _local(part) in _NEWS_FIELDS or _local(part) in ("name", "language"):
                    fields.setdefault(_local(part), (part.text or "").strip())
    return fields


def _local(element: Any) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _from_feed(feed: Feed | Refusal) -> Sitemap | Refusal:
    if isinstance(feed, Refusal):
        return feed
    urls = tuple(
        SitemapUrl(
            url=entry.url,
            modified=entry.updated,
            modified_at=entry.updated_at,
            published=entry.published,
            published_at=entry.published_at,
            title=entry.title,
            language=feed.language,
            publication=feed.title,
        )
        for entry in feed.entries
    )
    return Sitemap(urls=urls, partial=feed.partial)
