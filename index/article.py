"""The records: an article, its zones, the evidence of its dates, and the verdict of a story on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, Self

from index.capture import ArchiveRef

Precision = Literal["second", "minute", "day", "month"]
Decision = Literal["on-story", "mention", "borderline", "off-story", "outside-window"]
Confidence = Literal["", "low", "medium", "high"]
ZoneKind = Literal["kicker", "lead", "body", "quote", "caption", "credit", "note", "correction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateEvidence:
    """One source of a date: who said it, what was written, what it was read as.

    `value` is None for a date that cannot be. `zone` is what its time was read in: the offset as
    written (`UTC+03:00`), or else the IANA zone of the outlet; empty if none is known. The
    role `seen` says that the page was there when it was fetched.
    """

    role: Literal["published", "updated", "seen"]
    source: str
    raw: str
    value: datetime | None = None
    precision: Precision = "second"
    zone: str = ""

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values."""
        return {
            "role": self.role,
            "source": self.source,
            "raw": self.raw,
            "value": isoformat(self.value),
            "precision": self.precision,
            "zone": self.zone,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(**{**data, "value": parse_iso(data["value"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class TextZone:
    """A stretch of an article's text that is of one kind: `start <= place < end`, in characters."""

    kind: ZoneKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What belongs to an article but is beside its text: a kicker, a caption, a correction."""

    kind: ZoneKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEntry:
    """An entry of a live blog: its own time, headline (may be empty) and paragraphs, a line each."""

    published: datetime | None
    title: str
    text: str

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values."""
        return {"published": isoformat(self.published), "title": self.title, "text": self.text}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(**{**data, "published": parse_iso(data["published"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A further page that gave text: its address, where its text begins, where it is archived."""

    url: str
    start: int
    archive: ArchiveRef | None = None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `asdict`."""
        ref = data.get("archive")
        return cls(url=data["url"], start=data["start"], archive=ArchiveRef(**ref) if ref else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What was read from one captured page. Times are aware and in UTC.

    `zones` are in the order of the text, none within another; what no zone covers is body.
    `entries` are those of a live blog, whose text holds their headlines and paragraphs too.
    `agency` is the news agency that the article says it has its text from, `place` that of its
    dateline. `published_day` is the calendar day where it was published, which may not be that in
    UTC. `date_conflict` says that those who date it are more than a day apart.
    `links` are the canonical addresses of the pages that the text links to.
    `robots` are the page's directives for us (`noindex`, `noarchive`, …), `tdm_reserved` whether it
    reserves text mining (None: it does not say), under the terms at `tdm_policy`. `withheld` says
    why it is not in search although a story may keep it: `noindex` or `expired`.
    `parts` are the further pages that the text was joined from, or the form of the page that it was
    taken from; `continues` is the address of a next part that is not held, empty for none.
    Of a copy out of an archive `copy_of` is the publisher's address, `captured` when it was captured,
    which is then the time of `fetched` too, and `archive_source` where the copy is to be had.
    `boilerplate` are paragraphs of the page that stand on many of its outlet's, taken out of the text.
    """

    url: str
    canonical_url: str
    outlet: str
    title: str
    text: str
    fetched: datetime
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_precision: Precision = "second"
    published_day: date | None = None
    date_confidence: Confidence = ""
    date_conflict: bool = False
    updated: datetime | None = None
    language: str = ""
    description: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    image: str = ""
    site_name: str = ""
    agency: str = ""
    place: str = ""
    kind: str = "article"
    paywalled: bool = False
    dates: tuple[DateEvidence, ...] = ()
    witnesses: Mapping[str, str] = field(default_factory=dict)
    zones: tuple[TextZone, ...] = ()
    asides: tuple[Aside, ...] = ()
    links: tuple[str, ...] = ()
    entries: tuple[LiveEntry, ...] = ()
    robots: tuple[str, ...] = ()
    unavailable_after: datetime | None = None
    tdm_reserved: bool | None = None
    tdm_policy: str = ""
    withheld: str = ""
    parts: tuple[Part, ...] = ()
    continues: str = ""
    boilerplate: tuple[str, ...] = ()
    copy_of: str = ""
    captured: datetime | None = None
    archive_source: str = ""

    @property
    def has_weak_date(self) -> bool:
        """Whether the date is a guess, or contradicted."""
        return self.published is not None and (self.date_confidence == "low" or self.date_conflict)

    @property
    def kicker(self) -> str:
        """The short line above the headline; empty when there is none."""
        return next((aside.text for aside in self.asides if aside.kind == "kicker"), "")

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values."""
        return {
            **{name: getattr(self, name) for name in self.__slots__},
            "authors": list(self.authors),
            "tags": list(self.tags),
            "fetched": isoformat(self.fetched),
            "published": isoformat(self.published),
            "published_day": self.published_day.isoformat() if self.published_day else None,
            "updated": isoformat(self.updated),
            "captured": isoformat(self.captured),
            "dates": [evidence.to_dict() for evidence in self.dates],
            "witnesses": dict(self.witnesses),
            "zones": [asdict(zone) for zone in self.zones],
            "asides": [asdict(aside) for aside in self.asides],
            "links": list(self.links),
            "entries": [entry.to_dict() for entry in self.entries],
            "robots": list(self.robots),
            "unavailable_after": isoformat(self.unavailable_after),
            "parts": [asdict(part) for part in self.parts],
            "boilerplate": list(self.boilerplate),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; raises `KeyError` or `TypeError` on foreign data."""
        fetched = parse_iso(data["fetched"])
        if fetched is None:
            raise TypeError("an article has a fetch time")
        return cls(
            **{
                **data,
                "authors": tuple(data["authors"]),
                "tags": tuple(data["tags"]),
                "fetched": fetched,
                "published": parse_iso(data["published"]),
                "published_day": _parse_day(data.get("published_day")),
                "updated": parse_iso(data["updated"]),
                "captured": parse_iso(data.get("captured")),
                "dates": tuple(DateEvidence.from_dict(item) for item in data["dates"]),
                "witnesses": dict(data["witnesses"]),
                "zones": tuple(TextZone(**item) for item in data.get("zones", ())),
                "asides": tuple(Aside(**item) for item in data.get("asides", ())),
                "links": tuple(data.get("links", ())),
                "entries": tuple(LiveEntry.from_dict(item) for item in data.get("entries", ())),
                "robots": tuple(data.get("robots", ())),
                "unavailable_after": parse_iso(data.get("unavailable_after")),
                "boilerplate": tuple(data.get("boilerplate", ())),
                "parts": tuple(Part.from_dict(item) for item in data.get("parts", ())),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a story says of an article: a decision, a score of 0 to 1, and reasons in words.

    `alone` is the score where the story's own queries or its keep lists put the article on the story,
    whatever else was known, and 0 if they do not: what its profile is learned from.
    """

    story: str
    decision: Decision
    score: float
    reasons: tuple[str, ...] = ()
    alone: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether the article belongs in the corpus: it is coverage of the story, or mentions it."""
        return self.covers or self.decision == "mention"

    @property
    def covers(self) -> bool:
        """Whether the article counts as coverage of the story."""
        return self.decision in ("on-story", "borderline")


def isoformat(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with a `Z`, or None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_iso(text: str | None) -> datetime | None:
    """The inverse of `isoformat`."""
    return datetime.fromisoformat(text) if text else None


def _parse_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
