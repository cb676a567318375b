"""What a reference to an article says, for every format of references alike; values, not yet markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from index.text.person_names import PersonName, split_name
from search_cli.output.moments import moment
from search_cli.output.render import clean, one_line

if TYPE_CHECKING:
    from index.article import Article
    from index.store import StoredArticle

Names = Mapping[str, str]
"""What outlets are called, by their ids."""

_OFFSET = re.compile(r"UTC([+-])(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """When an article was published: the `day` as its outlet counts days (`2023-02-04`, or a month).

    `exact` is the time with its offset (ISO 8601) where one is known, `weak` that the date is a guess
    or contradicted.
    """

    day: str
    exact: str = ""
    weak: bool = False

    @property
    def parts(self) -> list[int]:
        """Year, month and, where it is known, day."""
        return [int(part) for part in self.day.split("-")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference: who, what, where, when, and how to find the very text that was read.

    `copy` is the address of an archived copy that anybody can open, `archive` its host; `proof` tells
    pressclip's id, the exact times, the payload's digest and its place in the desk's own archive.
    """

    id: str
    title: str
    authors: tuple[PersonName, ...]
    outlet: str
    outlet_id: str
    issued: Issued | None
    accessed: datetime
    url: str
    language: str
    section: str
    abstract: str
    tags: tuple[str, ...]
    copy: str
    archive: str
    proof: Mapping[str, str]


def refer(stored: StoredArticle, zone: tzinfo, names: Names) -> Reference:
    """The reference to an article; times without an offset of their own are in `zone`."""
    article = stored.article
    issued = issued_of(article, zone)
    outlet = one_line(outlet_name(stored, names))
    offices = {one.casefold() for one in (outlet, article.agency, article.site_name) if one}
    copy = clean(article.archive_source or (stored.saved.address if stored.saved else ""))
    return Reference(
        id=stored.id,
        title=one_line(article.title),
        authors=tuple(
            PersonName(whole=one_line(name))
            if name.casefold() in offices
            else split_name(one_line(name), article.language)
            for name in article.authors
        ),
        outlet=outlet,
        outlet_id=article.outlet,
        issued=issued,
        accessed=article.fetched,
        url=clean(article.canonical_url or article.url),
        language=article.language,
        section=one_line(article.section),
        abstract=one_line(article.description),
        tags=tuple(map(one_line, article.tags)),
        copy=copy,
        archive=urlsplit(copy).hostname or "",
        proof=_proof(stored, issued),
    )


def outlet_name(stored: StoredArticle, names: Names) -> str:
    """What the outlet is called: by outlets.toml, or else by the page, or else its id."""
    article = stored.article
    return names.get(article.outlet, "") or article.site_name or article.outlet


def issued_of(article: Article, zone: tzinfo) -> Issued | None:
    """When it was published, by the clock of its outlet where that is known; None for no date."""
    if article.published is None:
        return None
    weak = article.has_weak_date
    if article.published_precision == "month":
        return Issued(day=f"{article.published:%Y-%m}", weak=weak)
    if article.published_precision == "day":
        return Issued(day=f"{article.published_day or article.published.date()}", weak=weak)
    said = _zone_said(article)
    local = article.published.astimezone(said or UTC)
    day = article.published_day or article.published.astimezone(said or zone).date()
    exact = local.isoformat(timespec="seconds").replace("+00:00", "Z")
    return Issued(day=f"{day}", exact=exact, weak=weak)


def copy_note(stored: StoredArticle, zone: tzinfo) -> str:
    """That the page was read as a copy out of an archive, and where that is; empty when it was not."""
    article = stored.article
    if not article.copy_of:
        return ""
    return (
        f"archived copy of {moment(article.captured, zone)[:10]}: {clean(article.archive_source)}"
    )


def _zone_said(article: Article) -> tzinfo | None:
    """The zone in which the source of the date wrote it; None if it said none."""
    for one in article.dates:
        if one.role == "published" and one.value == article.published and one.zone:
            if found := _OFFSET.fullmatch(one.zone):
                span = timedelta(hours=int(found[2]), minutes=int(found[3]))
                return timezone(-span if found[1] == "-" else span)
            try:
                return ZoneInfo(one.zone)
            except (KeyError, ValueError, OSError):
                return None  # no such zone on this machine
    return None


def _proof(stored: StoredArticle, issued: Issued | None) -> dict[str, str]:
    """How to find and check what was read, as name and value."""
    proof = {"pressclip": stored.id}
    if issued:
        proof["published"] = ("~" if issued.weak else "") + (issued.exact or issued.day)
    fetched = stored.article.fetched.astimezone(UTC)
    proof["captured"] = fetched.isoformat(timespec="seconds").replace("+00:00", "Z")
    if stored.archive:
        digest = stored.archive.digest
        proof["payload"] = digest if ":" in digest else f"sha256:{digest}"
        proof["archive"] = f"{stored.archive.file}, offset {stored.archive.offset}"
    return proof
