"""Common Crawl's index: pages of an outlet in its crawls of the whole web, each with its place there.

`collinfo.json` names the crawls; an index answers one JSON object a line, and a range of bytes of the file
that it names is one gzip member with one WARC record (https://commoncrawl.org/the-data/get-started/).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from crawler.backfill.answers import read_json, read_text, rows_of, text_of
from crawler.backfill.asks import Answer, Ask, Copy, Lead, Scope
from crawler.backfill.cdx import moment_of
from crawler.lists import Found
from crawler.refusal import Refusal

SOURCE = "common-crawl"
BASE = "https://index.commoncrawl.org/"
DATA = "https://data.commoncrawl.org/"
SIZE = 200_000
_NAME = re.compile(r"CC-MAIN-(\d{4})-(\d{2})")
_LONGEST = timedelta(days=21)  # of a crawl whose ends are not told
_LATE = timedelta(days=60)  # after the window, in which its pages may still be met


def days_of(key: str) -> tuple[date, date] | None:
    """The days of which an outlet's pages in a crawl may be: all; None for the list of the crawls."""
    return (date.min, date.max) if _NAME.match(key) else None


def plan(scope: Scope) -> Iterator[Ask]:
    """The list of the crawls comes first; it leads to one request an outlet and crawl."""
    if scope.hosts:
        base = scope.bases.get(SOURCE, BASE)
        span = f"{scope.start:%Y%m%d}-{scope.end:%Y%m%d} {' '.join(scope.hosts)}"
        yield Ask(source=SOURCE, key=f"crawls {span}", url=f"{base}collinfo.json", expected=SIZE)


def read(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    """The crawls of the window, or an outlet's pages in one of them."""
    if not ask.part:
        return _crawls(body, content_type, scope)
    text = read_text(body, content_type)
    if isinstance(text, Refusal):
        return text
    leads: list[Lead] = []
    damaged = 0
    for line in text.splitlines():
        copy = _copy(line, scope)
        if copy is None:
            damaged += 1
        else:
            leads.append(Lead(found=Found(url=copy.url), copy=copy))
    refused = {"no-record": damaged} if damaged else {}
    return Answer(leads=tuple(leads), records=len(leads) + damaged, refused=refused)


def _crawls(body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    value = read_json(body, content_type)
    if isinstance(value, Refusal):
        return value
    names = [text_of(row, "id", 60) for row in rows_of(value) if _meets(row, scope)]
    more = tuple(_ask(scope, name, host) for name in names for host in scope.hosts)
    return Answer(more=more, records=len(rows_of(value)))


def _meets(row: dict[str, object], scope: Scope) -> bool:
    """Whether a crawl ran in the window or not long after it."""
    span = _span(row)
    return span is not None and span[0] < scope.end + _LATE and span[1] >= scope.start


def _span(row: dict[str, object]) -> tuple[datetime, datetime] | None:
    try:
        ends = [datetime.fromisoformat(text_of(row, name, 40)) for name in ("from", "to")]
        first, last = (one if one.tzinfo else one.replace(tzinfo=UTC) for one in ends)
    except ValueError:
        match = _NAME.fullmatch(text_of(row, "id", 60))
        if match is None or not 1 <= int(match[2]) <= 53:
            return None
        first = datetime.fromisocalendar(int(match[1]), min(int(match[2]), 52), 1).replace(
            tzinfo=UTC
        )
        last = first + _LONGEST
    return first, last


def _ask(scope: Scope, crawl: str, host: str) -> Ask:
    asked = [("url", f"*.{host}"), ("output", "json"), ("filter", "=status:200")]
    base = scope.bases.get(SOURCE, BASE)
    return Ask(
        source=SOURCE,
        key=f"{crawl} {host}",
        url=f"{base}{crawl}-index?{urlencode(asked)}",
        expected=SIZE,
        part=host,
    )


def _copy(line: str, scope: Scope) -> Copy | None:
    try:
        row = json.loads(line)
        url, name = text_of(row, "url"), text_of(row, "filename", 400)
        start, length = int(row["offset"]), int(row["length"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    captured = moment_of(text_of(row, "timestamp", 20))
    if captured is None or not url.startswith(("http://", "https://")) or not name or length <= 0:
        return None
    return Copy(
        url=url,
        address=f"{scope.bases.get('common-crawl-data', DATA)}{name}",
        captured=captured,
        archive=SOURCE,
        digest=text_of(row, "digest", 80),
        start=start,
        length=length,
    )
