"""Times as the person sees them: in their zone, to the minute, as near as it helps."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from search_cli.session import Session

if TYPE_CHECKING:
    from index.article import Article
    from index.workspace import Workspace


def zone_of(session: Session, workspace: Workspace) -> tzinfo:
    """The zone of days and times: `--tz`, then workspace.toml, then the machine's own."""
    from index.workspace.timezone import find_zone

    return find_zone(session.zone or workspace.zone)


def zone_name(zone: tzinfo, now: datetime) -> str:
    """What to call the zone: its IANA name, or its abbreviation now."""
    return getattr(zone, "key", "") or now.astimezone(zone).tzname() or "UTC"


def moment(time: datetime | None, zone: tzinfo) -> str:
    """`2023-02-04 18:39`, or nothing."""
    return f"{time.astimezone(zone):%Y-%m-%d %H:%M}" if time else ""


def span(seconds: float) -> str:
    """How long, in one unit: `45 s`, `3 min`, `5 h`, `3 d`."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def published(article: Article, zone: tzinfo) -> str:
    """When an article was published, as exactly as it said: to the minute, the day or the month."""
    if article.published is None:
        return ""
    if article.published_precision in ("day", "month"):  # a day of the outlet's, in no zone
        return f"{article.published:%Y-%m-%d}"[
            : 7 if article.published_precision == "month" else 10
        ]
    return moment(article.published, zone)


def dated(article: Article, zone: tzinfo, *, day: bool = False) -> str:
    """`published` for a list, with `~` before a weak date; `undated` for none. `day` leaves the time."""
    time = published(article, zone)[: 10 if day else None]
    return f"{'~' if article.has_weak_date else ''}{time}" if time else "undated"
