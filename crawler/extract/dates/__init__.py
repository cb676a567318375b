"""When a page was published and updated: every witness is kept, a rule chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from crawler.extract.dates.clues import read_clues
from crawler.extract.dates.evidence import Role, is_of_document, stamps, url_date
from crawler.extract.dates.parse import EARLIEST, Clues, Moment
from crawler.extract.dates.timezones import is_midnight_in
from crawler.extract.dates.witness import DAY, Reader, Witness, order_of
from crawler.extract.page import Page
from index.article import Confidence, DateEvidence, Precision
from index.capture import Capture

# Clocks differ, and a page may be dated by the end of its day.
TOLERANCE = timedelta(hours=24)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
EVIDENCE_LIMIT = 24
# htmldate's search has no bound of its own: a page with more elements is searched by us only.
SEARCH_LIMIT = 6_000
HALF = timedelta(minutes=30)
WEST, EAST = timedelta(hours=-10), timedelta(hours=14)  # how far inhabited zones are from UTC
# Who says of a page, in words made for it, when it was published.
STATED = ("json-ld datePublished", "meta", "microdata", "rdfa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The chosen dates (aware, UTC), the witness of `published`, and all evidence, best first.

    `day` is the calendar day of `published` where it was published: as its witness wrote it, or, if
    that one wrote in UTC, as others did. `conflict` says that witnesses of rank are more than a day
    apart, or that one names a day that cannot be.
    """

    published: datetime | None = None
    precision: Precision = "second"
    day: date | None = None
    updated: datetime | None = None
    witness: str = ""
    confidence: Confidence = ""
    conflict: bool = False
    evidence: tuple[DateEvidence, ...] = ()


def read_dates(
    page: Page,
    capture: Capture,
    zone_name: str,
    month_first: bool | None = None,
    country: str | None = None,
) -> Dates:
    """The dates of a page; none is before 1990 or later than a day after the fetch.

    `zone_name` is the IANA zone of times that name no offset; unknown or empty means UTC. `month_first`
    is the outlet's order of dates of numbers, None if it is not known; `country` (ISO 3166-1) where it
    writes, None: where its zone is. The time of a capture that came in somebody else's WARC file is
    hearsay: it bounds nothing.
    """
    clues = read_clues(page, zone_name, month_first, country)
    reader = Reader(clues=clues, fetched=capture.fetched, latest=_latest(capture))
    said = [reader.witness(*spoken) for spoken in stamps(page, capture)]
    visible = reader.visible(page)
    said, visible = (
        reader.settle(said, [*said, *visible]),
        reader.settle(visible, [*said, *visible]),
    )
    stated = _valid(said, "published", *STATED)
    if any(not is_of_document(one.source) for one in stated):
        said += visible[:6]
    else:
        said = _with_visible(said, visible, page, capture, reader)
    return _choose(said, capture.fetched, clues)


def _latest(capture: Capture) -> datetime:
    return LATEST if capture.listing.channel == "warc" else capture.fetched + TOLERANCE


def _valid(witnesses: Sequence[Witness], role: Role, *sources: str) -> list[Witness]:
    """The witnesses of that role, from sources of those families, whose date is possible."""
    return [
        one
        for one in witnesses
        if one.role == role and one.moment and one.source.startswith(sources)
    ]


def _with_visible(
    said: list[Witness],
    visible: list[Witness],
    page: Page,
    capture: Capture,
    reader: Reader,
) -> list[Witness]:
    """The witnesses in the order of trust for a page whose markup names no date of publication.

    A sure dateline comes before the URL unless the two contradict each other; htmldate's search
    before a dateline that only may be one, where none is likely.
    """
    sure, weak = [one for one in visible if one.sure], [one for one in visible if not one.sure]
    by_url = _valid(said, "published", "url", "listing")
    if by_url and by_url[0].moment:
        day = by_url[0].moment.day
        agreeing = [
            one
            for one in sure + weak
            if one.role == "published" and one.moment and abs((one.moment.day - day).days) <= 1
        ]
        agreeing.sort(key=lambda one: one.moment is None or one.moment.day != day)
        return [*agreeing[:1], *said, *(one for one in sure if one not in agreeing[:1])]
    if _valid(sure, "published", "visible"):
        return [*sure, *said, *weak]
    known = any(one.likely for one in visible) or _valid(said, "published", *STATED)
    found, month = "" if known else _search(page, capture), url_date(page.url, "month")
    searched = [reader.witness("published", "htmldate", found, sure=False)] if found else []
    by_month = [reader.witness("published", "url", month, sure=False)] if month else []
    return [*said, *searched, *sure, *weak, *by_month]


def _choose(said: Sequence[Witness], fetched: datetime, clues: Clues) -> Dates:
    """The first possible date of each role; an update is never earlier than the publication.

    What names only its last update is dated by that, weakly.
    """
    evidence = _evidence_of(said, fetched)
    updates = [one for one in said if one.role == "updated" and one.moment]
    named = next((one for one in said if one.role == "published" and one.moment), None)
    chosen = named or next((one for one in updates if one.source != "last-modified"), None)
    updated = next((one.moment.value for one in updates if one.moment), None)
    conflict = _conflicts(said, chosen)
    if chosen is None or chosen.moment is None:
        return Dates(updated=updated, evidence=evidence, conflict=conflict)
    moment = _by_list(chosen.moment, said)
    return Dates(
        published=moment.value,
        precision=moment.precision,
        day=_written_day(moment, said, clues),
        updated=updated if updated and updated > moment.value else None,
        witness=chosen.source,
        confidence=_confidence(chosen),
        conflict=conflict,
        evidence=evidence,
    )


def _by_list(moment: Moment, said: Sequence[Witness]) -> Moment:
    """A moment of an unknown zone, in the zone of the list that led to the page where that tells it.

    The list gives the same minute, whole hours or a half hour more away; the day stays as it is written.
    """
    if moment.zone or moment.precision not in ("second", "minute"):
        return moment
    for one in said:
        other = one.moment
        if not one.source.startswith("listing") or other is None or not other.zone:
            continue
        apart = moment.value.replace(second=0) - other.value.replace(second=0)
        if other.precision in ("second", "minute") and WEST <= apart <= EAST and not apart % HALF:
            return replace(moment, value=other.value, precision=other.precision)
    return moment


def _confidence(chosen: Witness) -> Confidence:
    if not chosen.sure or chosen.role == "updated":
        return "low"
    return "high" if chosen.source.startswith(STATED) else "medium"


def _conflicts(said: Sequence[Witness], chosen: Witness | None) -> bool:
    """Whether a witness of rank is more than a day from the chosen one, or names an impossible day."""
    ranked = [one for one in _once(said) if one.role == "published" and _has_rank(one)]
    if any(one.impossible for one in ranked):
        return True
    days = [one.moment.day for one in ranked if one.moment]
    if chosen is None or chosen.moment is None:
        return False
    return any(abs(day - chosen.moment.day) > DAY for day in days)


def _once(said: Sequence[Witness]) -> list[Witness]:
    """The first of each source: microdata and lists repeat the property for other articles."""
    return list({(one.role, one.source): one for one in reversed(said)}.values())


def _has_rank(one: Witness) -> bool:
    """Whether the witness speaks of the publication for sure; a month alone contradicts no day."""
    return (
        one.sure
        and one.source.startswith((*STATED, "url", "listing"))
        and (one.moment is None or one.moment.precision != "month")
    )


def _written_day(moment: Moment, said: Sequence[Witness], clues: Clues) -> date:
    """The day of a moment where the page was published.

    A moment written in UTC may be of the day before or after there: the outlet's zone tells, or else a
    sure witness that wrote a day of its own, or else that it is midnight there, as of a day without a time.
    """
    zone = clues.zone
    if moment.zone != "UTC" or moment.precision not in ("second", "minute"):
        return moment.day
    if zone is not UTC:
        return moment.value.astimezone(zone).date()
    heard = (one.moment for one in said if one.role == "published" and one.sure and one.moment)
    told = next((other.day for other in heard if _is_same_locally(moment, other)), None)
    if told is None and (local := is_midnight_in(moment.value, clues.country)):
        return moment.value.astimezone(local).date()
    return told or moment.day


def _is_same_locally(moment: Moment, other: Moment) -> bool:
    """Whether a date written in some zone but UTC can be a moment that is known in UTC."""
    if other.zone == "UTC" or other.precision == "month":
        return False
    if other.zone:
        return abs(other.value - moment.value) <= timedelta(hours=6)
    if other.precision == "day":
        days = ((moment.value + offset).date() for offset in (WEST, timedelta(), EAST))
        return other.day in days
    return WEST <= other.value - moment.value <= EAST


def _evidence_of(said: Sequence[Witness], fetched: datetime) -> tuple[DateEvidence, ...]:
    """The evidence in its order of trust; last, that the page was there when it was fetched."""
    seen = DateEvidence(role="seen", source="fetch", raw="", value=fetched, zone="UTC")
    return (*map(_evidence, said[: EVIDENCE_LIMIT - 1]), seen)


def _evidence(one: Witness) -> DateEvidence:
    if one.moment is None:
        return DateEvidence(role=one.role, source=one.source, raw=one.raw)
    order = f" ({order_of(one.moment, one.raw)}, by {one.settled})" if one.settled else ""
    return DateEvidence(
        role=one.role,
        source=f"{one.source}{order}",
        raw=one.raw,
        value=one.moment.value,
        precision=one.moment.precision,
        zone=one.moment.zone,
    )


def _search(page: Page, capture: Capture) -> str:
    """What htmldate finds in the page, as YYYY-MM-DD; "" for nothing.

    Its extensive search is left alone: it loads the grammar of every language, for 2 seconds a
    process, and makes the first of January out of copyright notices.
    """
    if sum(1 for _ in page.tree.iter()) > SEARCH_LIMIT:
        return ""
    from htmldate import find_date  # a worker's: the lists' dates need none of it

    found = find_date(
        page.tree,
        original_date=True,
        extensive_search=False,
        url=page.url or None,
        min_date=EARLIEST.replace(tzinfo=None),
        max_date=_latest(capture).astimezone(UTC).replace(tzinfo=None),
    )
    return str(found or "")
