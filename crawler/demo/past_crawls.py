"""Common Crawl's files and indexes of the sample outlets, as WARC files that any reader reads."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

from crawler.demo.past import Captured, Known, Reply
from crawler.demo.site import NOT_FOUND, ServedAnswer
from index.archive.warc import members_of, payload_digest, warcinfo_member
from index.capture import Capture

CRAWL = "CC-MAIN-2023-06"
MONTH = "/crawl-data/CC-NEWS/2023/02/"
_DAYS = 4  # of a news file
_STAMP = "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """A page in a file: where its member begins there, and how long it is."""

    captured: Captured
    offset: int
    length: int


def common_crawl(everything: Sequence[Known]) -> Reply:
    """Answers of the news files and their list, and of one crawl with its index."""
    pages = [one.captures[0] for one in everything if one.captures and is_crawled(one)]
    files: dict[str, bytes] = {}
    for name, held in _by_days(pages).items():
        files[f"{MONTH}{name}"] = _warc(name, held)[0]
    crawl, records = _warc("crawl.warc.gz", pages)
    files[f"/crawl-data/{CRAWL}/crawl.warc.gz"] = crawl
    return partial(_reply, files, records)


def is_crawled(one: Known) -> bool:
    """Whether Common Crawl has a piece."""
    return one.piece.number % 6 != 1


def _reply(files: Mapping[str, bytes], records: Sequence[_Record], target: str) -> ServedAnswer:
    parts = urlsplit(target)
    if parts.path == f"{MONTH}warc.paths.gz":
        names = "".join(f"{name.lstrip('/')}\n" for name in sorted(files) if MONTH in name)
        return ServedAnswer(body=gzip.compress(names.encode(), mtime=0), media="application/gzip")
    if parts.path == "/collinfo.json":
        crawls = [{"id": name} for name in ("CC-MAIN-2022-49", CRAWL, "CC-MAIN-2024-10")]
        return ServedAnswer(body=json.dumps(crawls).encode(), media="application/json")
    if parts.path == f"/{CRAWL}-index":
        return _index(records, parse_qs(parts.query))
    if parts.path in files:
        return ServedAnswer(body=files[parts.path], media="application/gzip")
    return NOT_FOUND


def _by_days(pages: Sequence[Captured]) -> dict[str, list[Captured]]:
    """The pages by the news file that they are in; it is named by the time at which it was begun."""
    first = datetime(2023, 2, 1, tzinfo=UTC)
    found: dict[str, list[Captured]] = {}
    for page in sorted(pages, key=lambda one: one.moment):
        begun = first + timedelta(days=(page.moment - first).days // _DAYS * _DAYS)
        found.setdefault(f"CC-NEWS-{begun:{_STAMP}}-00001.warc.gz", []).append(page)
    return found


def warc_of(name: str, pages: Sequence[Captured]) -> bytes:
    """A WARC file of these pages, as any reader of web archives takes it."""
    return _warc(name, pages)[0]


def _warc(name: str, pages: Sequence[Captured]) -> tuple[bytes, list[_Record]]:
    """A WARC file of these pages, and where each is."""
    data = bytearray(warcinfo_member(name))
    records = []
    for page in pages:
        response, _ = members_of(_capture(page), None)
        records.append(_Record(captured=page, offset=len(data), length=len(response)))
        data += response
    return bytes(data), records


def _capture(page: Captured) -> Capture:
    return Capture(
        url=page.url,
        status=page.answer.status,
        headers=(("Content-Type", page.answer.media),),
        body=page.answer.body,
        fetched=page.moment.astimezone(UTC),
    )


def _index(records: Sequence[_Record], asked: Mapping[str, Sequence[str]]) -> ServedAnswer:
    host = asked.get("url", [""])[0].removeprefix("*.")
    lines = list(_lines(one for one in records if urlsplit(one.captured.url).hostname == host))
    if not lines:
        return ServedAnswer(
            status=404, media="application/json", body=b'{"message": "No Captures found"}'
        )
    return ServedAnswer(body="\n".join(lines).encode(), media="text/x-ndjson")


def _lines(records: Iterator[_Record]) -> Iterator[str]:
    for one in records:
        yield json.dumps(
            {
                "url": one.captured.url,
                "timestamp": f"{one.captured.moment.astimezone(UTC):{_STAMP}}",
                "filename": f"crawl-data/{CRAWL}/crawl.warc.gz",
                "offset": str(one.offset),
                "length": str(one.length),
                "digest": payload_digest(one.captured.answer.body),
                "mime": "text/html",
                "status": str(one.captured.answer.status),
            }
        )
