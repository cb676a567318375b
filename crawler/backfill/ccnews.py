"""CC-NEWS: whole pages of thousands of outlets, a few hundred WARC files of about 1 GB a month, since 2016.

There is no index. A file is read as it streams. What is outside the window, or is not of the outlets
asked for, is passed over by its record's header: it is unpacked, since a gzip member tells its end in no
other way, but neither held nor read. Of the rest title and description are judged, and only what
promises coverage is kept
(https://commoncrawl.org/blog/news-dataset-available).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from html import unescape
from typing import IO

from crawler.backfill.answers import read_text
from crawler.backfill.asks import Answer, Ask, Lead, Scope
from crawler.backfill.cdx import moment_of
from crawler.backfill.judging import WANTED, Judge
from crawler.extract.page.decode import decode
from crawler.extract.text import field_text
from crawler.lists import Found
from crawler.refusal import Refusal
from crawler.urls import is_front_page, trap_fault
from index.archive.containers import Passed, Revisit, read_stream
from index.archive.warc import Damage
from index.article import isoformat
from index.capture import Capture, Listing

SOURCE = "cc-news"
BASE = "https://data.commoncrawl.org/"
FIRST = date(2016, 8, 1)
SIZE = 30_000
FILE_SIZE = 1_000_000_000  # bytes of a file, usually
_LATE = timedelta(days=2)  # pages are captured soon after they are published
_NAME = re.compile(r"CC-NEWS-(\d{14})-\d+\.warc\.gz$")
_PATH = re.compile(r"crawl-data/CC-NEWS/[\w./-]{1,200}\.warc\.gz")
_HEAD, _BODY = 128 * 1024, 1024 * 1024
_SHORTEST = 60  # characters of a paragraph; what is shorter is a button or a byline
MET = 0.3  # the least that a whole text must promise: a query is met in it, not only its head word
_PARAGRAPH = re.compile(
    r"<p\b[^>]{0,500}>(.{1,8000}?)(?=</p>|<p\b|</div>)", re.IGNORECASE | re.DOTALL
)
_TITLE = re.compile(r"<title[^>]*>([^<]{1,600})", re.IGNORECASE)
_META = re.compile(r"<meta\s[^>]{1,3000}>", re.IGNORECASE)
_NAMED = re.compile(r"""(?:name|property)\s*=\s*["']?([\w:]+)""", re.IGNORECASE)
_CONTENT = re.compile(r"""content\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiftedFile:
    """What a file came to: the pages that promise coverage, and how many records were passed by code."""

    captures: tuple[Capture, ...] = ()
    records: int = 0
    passed: Counter[str] = field(default_factory=Counter)


def plan(scope: Scope) -> Iterator[Ask]:
    """The list of the files of each month; it leads to a request a file."""
    base = scope.bases.get(SOURCE, BASE)
    for month in months(scope):
        url = f"{base}crawl-data/CC-NEWS/{month:%Y/%m}/warc.paths.gz"
        yield Ask(source=SOURCE, key=f"{month:%Y-%m} {scope.window}", url=url, expected=SIZE)


def months(scope: Scope) -> Iterator[date]:
    """The first days of the months in which pages of the window may have been captured."""
    day = max(scope.start.date().replace(day=1), FIRST)
    while day < (scope.end + _LATE).date():
        if not scope.month or f"{day:%Y-%m}" == scope.month:
            yield day
        day = (day + timedelta(days=32)).replace(day=1)


def days_of(key: str) -> tuple[date, date] | None:
    """The days on which a file's pages may have been captured, by its key; None for a month's list."""
    begun = _begun(key)
    return (begun.date(), (begun + _LATE).date()) if begun else None


def days_read(scope: Scope) -> tuple[date, date]:
    """The days of whose captures a scope reads files."""
    return scope.start.date(), (scope.end + _LATE - timedelta(seconds=1)).date()


def read(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    """The files of a month whose time, by their names, is in the window or soon after it."""
    text = read_text(body, content_type)
    if isinstance(text, Refusal):
        return text
    paths = [line.strip() for line in text.splitlines() if line.strip()]
    known = [path for path in paths if _PATH.fullmatch(path)]
    if not known:
        return Refusal(code="no-rows", detail="it lists no file")
    base = scope.bases.get(SOURCE, BASE)
    more = (
        Ask(source=SOURCE, key=path, url=f"{base}{path}", part=path, expected=FILE_SIZE)
        for path in known
        if _may_hold(path, scope)
    )
    refused = {"no-record": len(paths) - len(known)} if len(paths) > len(known) else {}
    return Answer(more=tuple(more), records=len(paths), refused=refused)


def sift_file(file: IO[bytes], address: str, scope: Scope, judge: Judge) -> SiftedFile:
    """The pages of a streamed file that promise to be coverage; raises `OSError` when it breaks off."""
    found: list[Capture] = []
    passed: Counter[str] = Counter()
    records = 0

    def why_not(url: str, moment: datetime | None) -> str:
        if moment is not None and not scope.start <= moment < scope.end + _LATE:
            return "outside-window"
        return "" if scope.is_host(url) else "other-outlet"

    for item in read_stream(file, address, wanted=why_not):
        records += 1
        if isinstance(item, Damage):
            passed["damaged"] += 1
        elif isinstance(item, Passed | Revisit):
            passed[item.kind if isinstance(item, Passed) else "revisit"] += 1
        elif capture := _promising(item, address, scope, judge):
            found.append(capture)
        else:
            passed["not-promising"] += 1
    return SiftedFile(captures=tuple(found), records=records, passed=passed)


def headline(body: bytes, content_type: str) -> tuple[str, str, str]:
    """Title, description and language of a page, as its head says them, at little cost."""
    text = decode(body[:_HEAD], content_type)
    said: dict[str, str] = {}
    for tag in _META.findall(text):
        name, content = _NAMED.search(tag), _CONTENT.search(tag)
        if name and content:
            said.setdefault(name[1].lower(), content[1] or content[2] or "")
    title = _TITLE.search(text)
    shown = said.get("og:title") or (unescape(title[1]) if title else "")
    summary = said.get("og:description") or said.get("description", "")
    return field_text(shown, 500), field_text(summary, 1_000), said.get("og:locale", "")[:2].lower()


def paragraphs(body: bytes, content_type: str) -> str:
    """What is in a page's paragraphs, at little cost: most of an article, little of what is around."""
    text = decode(body[:_BODY], content_type)
    found = (field_text(match[1], 5_000) for match in _PARAGRAPH.finditer(text))
    return "\n".join(part for part in found if len(part) >= _SHORTEST)


def _promising(capture: Capture, address: str, scope: Scope, judge: Judge) -> Capture | None:
    """The capture as a copy that is worth reading; None for what is none."""
    url = capture.url
    if capture.status != 200 or is_front_page(url) or trap_fault(url):
        return None
    title, summary, language = headline(capture.body, capture.header("Content-Type"))
    if not scope.is_language(language):
        return None
    lead = Lead(found=Found(url=url, title=title, summary=summary), language=language)
    if judge.promise(lead) < WANTED:
        whole = replace(
            lead.found, summary=paragraphs(capture.body, capture.header("Content-Type"))
        )
        if judge.promise(replace(lead, found=whole)) < MET:
            return None
    listing = Listing(
        channel=SOURCE,
        source=address,
        title=title,
        summary=summary,
        copy_of=url,
        captured=isoformat(capture.fetched) or "",
        archive_source=address,
    )
    return replace(capture, listing=listing)


def _may_hold(path: str, scope: Scope) -> bool:
    """Whether a file, which is begun at the time in its name, may hold captures of the window."""
    begun = _begun(path)
    return begun is None or scope.start - _LATE <= begun < scope.end + _LATE


def _begun(path: str) -> datetime | None:
    """When a file was begun, by its name; None for a name that tells no time."""
    match = _NAME.search(path)
    return moment_of(match[1]) if match else None
