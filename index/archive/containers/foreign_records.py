"""Records of foreign archives as captures, or as what is passed over and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from index.archive.containers.http_messages import read_message
from index.archive.containers.values import (
    COMPANION,
    CONVERSION,
    MEDIA,
    OTHER_ADDRESS,
    SEGMENT,
    Passed,
    Place,
    Revisit,
    Wanted,
)
from index.archive.containers.warc_records import Record, Torn, parse_fields
from index.archive.warc.reader import Damage, with_metadata
from index.capture import Capture, Listing

Item = Capture | Revisit | Passed | Damage
Digests = MutableMapping[str, tuple[str, datetime]]  # of payloads seen: of which page, and when

_STAMP = re.compile(r"\d{12,17}")
_FIRST_YEAR = 1990
_MEDIA = re.compile(
    r"(image|audio|video|font)/|text/(css|javascript)|application/"
    r"(x-)?(javascript|ecmascript|font|wasm|vnd\.ms-fontobject|shockwave)",
    re.IGNORECASE,
)


class CaptureReader:
    """Makes captures of the records of one file; `digests` is shared by the files that belong together."""

    def __init__(
        self, source: str, *, most: int, wanted: Wanted, digests: Digests, place: Place
    ) -> None:
        self._source = source
        self._most = most
        self._wanted = wanted
        self._digests = digests
        self._place = place

    def wants(self, named: Mapping[str, str]) -> bool:
        """Whether the block of a record with these fields has to be read."""
        if named.get("warc-type") == "metadata":
            return "warc-concurrent-to" in named
        url = _url(named)
        return bool(url) and not self._wanted(url, date_of(named.get("warc-date", "")))

    def items(self, records: Iterable[Record | Torn]) -> Iterator[Item]:
        """What the records come to, in their order; a capture together with what is beside it."""
        pending: Capture | None = None
        identity = ""
        for record in records:
            if isinstance(record, Torn):
                yield Damage(file=self._source, offset=record.offset, reason=record.reason)
                continue
            is_beside = bool(identity) and record.field("warc-concurrent-to") == identity
            if is_beside and pending is not None and record.field("warc-type") == "metadata":
                pending = with_metadata(pending, _said(record.block))
                yield Passed(kind=COMPANION)
                continue
            item = self._item(record)
            if isinstance(item, Passed) and item.kind == COMPANION:
                yield item
                continue
            if pending is not None:
                yield pending
            pending, identity = None, ""
            self._place.offset = record.offset
            if isinstance(item, Capture):
                pending, identity = item, record.field("warc-record-id")
            else:
                yield item
        if pending is not None:
            yield pending

    def _item(self, record: Record) -> Item:
        kind, url = record.field("warc-type").lower(), _url(record.fields)
        if kind in ("conversion", "continuation"):
            return Passed(kind=CONVERSION if kind == "conversion" else SEGMENT, url=url)
        if kind not in ("response", "resource", "revisit"):
            return Passed(kind=COMPANION)
        if record.field("warc-segment-number") not in ("", "0"):
            return Passed(kind=SEGMENT, url=url)
        moment = date_of(record.field("warc-date"))
        if not url:
            return Passed(kind=OTHER_ADDRESS, url=record.field("warc-target-uri")[:200])
        if reason := self._wanted(url, moment):
            return Passed(kind=reason, url=url)
        fetched = moment or datetime.now(UTC)
        if kind == "revisit":
            return self._revisit(record, url, fetched)
        return self._capture(record, kind, url, fetched)

    def _capture(self, record: Record, kind: str, url: str, fetched: datetime) -> Capture | Passed:
        media = record.field("content-type")
        capture = Capture(
            url=url,
            status=200,
            headers=(("Content-Type", media),),
            body=record.block[: self._most + 1],
            fetched=fetched,
            listing=Listing(channel="warc", source=self._source),
            ip=record.field("warc-ip-address"),
            is_resource=kind == "resource",
        )
        if kind == "response":
            message = read_message(record.block, self._most)
            if message is None:
                return Passed(kind=OTHER_ADDRESS, url=url)
            capture = replace(
                capture, status=message.status, headers=message.headers, body=message.body
            )
        if _MEDIA.match(capture.header("Content-Type").strip()):
            return Passed(kind=MEDIA, url=url)
        if digest := record.field("warc-payload-digest"):
            self._digests.setdefault(digest.lower(), (url, fetched))
        return capture

    def _revisit(self, record: Record, url: str, fetched: datetime) -> Revisit:
        message = read_message(record.block, self._most)
        original = _web_address(record.field("warc-refers-to-target-uri"))
        captured = date_of(record.field("warc-refers-to-date"))
        digest = record.field("warc-payload-digest").lower()
        if not (original and captured) and digest in self._digests:
            original, captured = self._digests[digest]
        elif not original and "not-modified" in record.field("warc-profile"):
            original = url  # the server said that its own last answer still holds
        return Revisit(
            url=url,
            fetched=fetched,
            source=self._source,
            headers=message.headers if message else (),
            original=original,
            captured=captured,
        )


def date_of(text: str) -> datetime | None:
    """The time of a record, in ISO 8601 or as 12 to 17 digits; None for one that cannot be.

    A capture is not older than the web, and not of the day after tomorrow.
    """
    try:
        if _STAMP.fullmatch(text):
            moment = datetime.strptime(text[:14].ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        else:
            moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    is_sound = moment.year >= _FIRST_YEAR and moment <= datetime.now(UTC) + timedelta(days=1)
    return moment if is_sound else None


def _url(named: Mapping[str, str]) -> str:
    return _web_address(named.get("warc-target-uri", ""))


def _web_address(text: str) -> str:
    """An http(s) address, which some tools put in angle brackets; empty for any other."""
    address = text.strip("<> ").replace(" ", "%20")
    return address if address[:8].lower().startswith(("http://", "https://")) else ""


def _said(block: bytes) -> dict[str, str]:
    """The fields of our own metadata record, unescaped."""
    return {name: unquote(value) for name, value in parse_fields(b"\n" + block).items()}
