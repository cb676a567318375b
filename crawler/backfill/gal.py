"""GDELT's Article List: every article that GDELT met in a minute, with title and description.

One gzip of JSON lines a minute, since 2020; most minutes have none. The first minutes after each
quarter of an hour do, but which of them has changed over the years: what earlier requests found says
which are worth a request. Free to use with citation (https://blog.gdeltproject.org/announcing-the-gdelt-article-list-gal/).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any

from crawler.backfill.asks import Answer, Ask, Lead, Scope
from crawler.extract.text import field_text
from crawler.lists import Found
from crawler.lists.timestamps import parse_date
from crawler.lists.xml import unpack
from crawler.refusal import Refusal
from index.archive.content_encoding import CodingError, CutShortError
from index.archive.content_encoding import unpack as unpack_coded

SOURCE = "gdelt"
GZIP_MAGIC = b"\x1f\x8b"
BASE = "http://data.gdeltproject.org/gdeltv3/gal/"
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
OFFSETS = range(8)  # minutes after a quarter at which files were ever seen
SIZE = 200_000  # bytes of a file, usually
LIMIT = 64 * 2**20  # bytes of a file, unpacked
_QUARTER = timedelta(minutes=15)
_EXPECTED = 4.0  # files asked for a quarter, usually
_FRESH = timedelta(minutes=45)  # files of the last minutes may still be on their way
_LATE = timedelta(hours=24)  # an article may be met so long after it was published
_RARE = 0.1  # the share of hits below which an offset is not asked any more
CUT = "cut"  # a file that ends too early: what came is read, and it is asked for again
NO_RECORD = "no-record"  # a line that is none
_TITLE, _SUMMARY = 500, 1_000
_decode = json.JSONDecoder().raw_decode  # `json.loads` without its look for an encoding and space

Tries = Mapping[int, tuple[int, int]]
"""For each minute after a quarter, how many files were asked for and how many there were."""


class Minutes:
    """Gives out the files of a window one by one, and learns from the answers which to ask for.

    `settled` are the keys of earlier runs with whether there was a file; `whole` the quarters that
    need no further look.
    """

    def __init__(
        self, scope: Scope, now: datetime, settled: Mapping[str, bool], whole: Collection[str]
    ) -> None:
        self._base = scope.bases.get(SOURCE, BASE)
        self._settled = dict(settled)
        self._whole = set(whole)
        self._quarters = [
            one for one in quarters(scope, now - _FRESH) if quarter_key(one) not in self._whole
        ]
        self._quarters.reverse()
        self._left: list[int] = []
        self._quarter: datetime | None = None
        self._probed = False
        self._torn: set[datetime] = set()
        self._tries: dict[int, tuple[int, int]] = {}
        for key, found in settled.items():
            self._count(key, found)

    def next(self) -> Ask | None:
        """The next file to ask for; None when there is none left."""
        while True:
            while self._left and self._quarter is not None:
                asked = ask(self._quarter, self._left.pop(0), self._base)
                if asked.key not in self._settled:
                    return asked
            if self._quarter is not None and not self._probed and not self._is_found(self._quarter):
                self._left, self._probed = others(self._tries), True
                continue
            if not self._quarters:
                self._quarter = None
                return None
            self._quarter, self._probed = self._quarters.pop(), False
            self._left = likely(self._tries)

    def answered(self, key: str, *, found: bool) -> str:
        """Learn whether there was a file; returns the key of the quarter if it is whole with that."""
        self._settled[key] = found
        self._count(key, found)
        quarter, _ = minute_of(key)
        if quarter != self._quarter or self._left or not (self._probed or self._is_found(quarter)):
            return ""
        return "" if quarter in self._torn else quarter_key(quarter)

    def failed(self, key: str) -> None:
        """A file did not come, or not whole: its quarter is looked at again by the next run."""
        self._torn.add(minute_of(key)[0])

    @property
    def left(self) -> int:
        """How many more files will be asked for, about."""
        return round(len(self._quarters) * self._usual) + len(self._left)

    @property
    def _usual(self) -> float:
        return float(len(likely(self._tries))) if self._tries else _EXPECTED

    def _is_found(self, quarter: datetime) -> bool:
        keys = (ask(quarter, offset).key for offset in OFFSETS)
        return any(self._settled.get(key) for key in keys)

    def _count(self, key: str, found: bool) -> None:
        offset = minute_of(key)[1]
        asked, hits = self._tries.get(offset, (0, 0))
        self._tries[offset] = (asked + 1, hits + found)


def quarter_key(quarter: datetime) -> str:
    """The name of a quarter of an hour in the ledger; shorter than any file's."""
    return f"{quarter:%Y%m%d%H%M}"


def days_of(key: str) -> tuple[date, date]:
    """The days on which articles of a file or a quarter, by its key, may have been published."""
    day = datetime.strptime(key[:8], "%Y%m%d").date()
    return (datetime.combine(day, time()) - _LATE).date(), day


def quarters(scope: Scope, now: datetime) -> Iterator[datetime]:
    """The quarters of an hour in which articles of the window may have been met, oldest first."""
    moment = max(scope.start, FIRST)
    last = min(scope.end + _LATE, now)
    moment = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    while moment < last:
        yield moment
        moment += _QUARTER


def likely(tries: Tries) -> list[int]:
    """The offsets that are worth a request, by what was found up to now; all while little is known."""
    known = ((offset, *tries.get(offset, (0, 0))) for offset in OFFSETS)
    return [offset for offset, asked, found in known if (found + 1) / (asked + 2) >= _RARE]


def others(tries: Tries) -> list[int]:
    """The offsets that `likely` leaves out: asked where a quarter has nothing at the others."""
    return [offset for offset in OFFSETS if offset not in likely(tries)]


def ask(quarter: datetime, offset: int, base: str = BASE) -> Ask:
    """The request for the file of a minute."""
    name = f"{quarter + timedelta(minutes=offset):%Y%m%d%H%M%S}"
    return Ask(source=SOURCE, key=name, url=f"{base}{name}.gal.json.gz", expected=SIZE)


def minute_of(key: str) -> tuple[datetime, int]:
    """The quarter and the offset of a file by its key, the inverse of `ask`."""
    moment = datetime.strptime(key, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    offset = moment.minute % 15
    return moment - timedelta(minutes=offset), offset


def read(body: bytes, passes: Callable[[str], bool] = lambda _: True) -> Answer | Refusal:
    """The articles of a file whose title and description pass; all are counted.

    Lines that are no record, or name no page, are counted and left out. What has no title passes.
    """
    plain, is_cut = _unpacked(body)
    if isinstance(plain, Refusal):
        return plain
    if not plain:
        return Refusal(code="empty", detail="nothing was served")
    leads: list[Lead] = []
    refused: dict[str, int] = {}
    lines = _lines(plain)
    records = 0
    if is_cut:
        refused[CUT] = 1
        lines = lines[:-1]
    for line in lines:
        if not (bare := line.strip()):
            continue
        records += 1
        lead = _lead(bare, passes)
        if isinstance(lead, Lead):
            leads.append(lead)
        elif lead:
            refused[lead] = refused.get(lead, 0) + 1
    if records and refused.get(NO_RECORD) == records:
        return Refusal(code="not-json", detail="no list of articles was served")
    return Answer(leads=tuple(leads), records=records, refused=refused)


def _unpacked(body: bytes) -> tuple[bytes | Refusal, bool]:
    """A file unpacked, and whether it ends too early; one that is whole is read once."""
    if body.startswith(GZIP_MAGIC):
        try:
            plain = unpack_coded(body, ("gzip",), LIMIT)
        except CutShortError:
            return unpack(body, LIMIT), True
        except CodingError:
            return unpack(body, LIMIT), False  # which says what is wrong with it
        if not plain.startswith(GZIP_MAGIC):
            return plain, False
    return unpack(body, LIMIT), False


def _lines(plain: bytes) -> Sequence[str | bytes]:
    """The lines as text; as bytes where one of them is not in UTF-8, which spoils that one alone."""
    try:
        return plain.decode().split("\n")
    except UnicodeDecodeError:
        return plain.split(b"\n")


def _lead(line: str | bytes, passes: Callable[[str], bool]) -> Lead | str:
    """A record as a lead; the code of what is wrong with it, empty for one that does not pass."""
    try:
        text = line if isinstance(line, str) else line.decode()
        record, end = _decode(text)
    except (ValueError, RecursionError):
        return NO_RECORD
    if not isinstance(record, dict) or end != len(text):
        return NO_RECORD
    url = record.get("url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        return "no-url"
    title, said = record.get("title"), record.get("desc")
    if isinstance(title, str) and title.strip():
        text = f"{title} {said}" if isinstance(said, str) else title
        if not passes(unescape(text) if "&" in text else text):
            return ""
    published = _text(record, "date", 40)
    return Lead(
        found=Found(
            url=url.strip(),
            title=field_text(title, _TITLE),
            summary=field_text(said, _SUMMARY),
            published=published,
            published_at=_moment(published),
        ),
        language=_text(record, "lang", 12).lower(),
        outlet=_text(record, "domain", 200).lower(),
    )


def _text(record: Mapping[str, Any], name: str, limit: int) -> str:
    value = record.get(name)
    return value[:limit].strip() if isinstance(value, str) else ""


def _moment(text: str) -> datetime | None:
    """The record's time; None for what is none or cannot be (before the web, after the century)."""
    return parse_date(text) if text else None
