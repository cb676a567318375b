"""What stood at an article's address when: its versions, and the times in which it was gone."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.article import Article
from index.capture import ArchiveRef
from index.families.publication import publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text that was seen of an article, and where its capture is."""

    number: int
    seen: datetime
    article: Article
    archive: ArchiveRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A time in which the article was not at its address: when that was seen first, its code

    (`http-404`, `http-410`, `soft-404`, `redirect-home`), and when the article was there again.
    """

    seen: datetime
    code: str
    ended: datetime | None = None

    def lasts(self, moment: datetime) -> bool:
        """Whether the article was gone at a moment."""
        return self.seen <= moment and (self.ended is None or moment < self.ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stood from `since` until just before `until` (None: to this day).

    With a `removal`, `version` is the last text before it.
    """

    since: datetime
    until: datetime | None
    version: Version
    removal: Removal | None


def standings(
    versions: Sequence[Version], removals: Sequence[Removal], first_seen: datetime
) -> list[Standing]:
    """All that stood at an article's address, one after the other; the last has no end.

    The first text stands from the time by which the article was out (`publication`, the earliest of
    its versions), also when it was seen only later; another text from when it was seen.
    """
    out = min(publication(version.article, first_seen)[0] for version in versions)
    starts = [datetime.fromtimestamp(out, UTC), *(version.seen for version in versions[1:])]
    ends = [removal.ended for removal in removals if removal.ended]
    gone = [removal.seen for removal in removals]
    times = sorted({*starts, *(moment for moment in (*gone, *ends) if moment > starts[0])})
    return [
        Standing(
            since=since,
            until=until,
            version=versions[bisect_right(starts, since) - 1],
            removal=next((one for one in removals if one.lasts(since)), None),
        )
        for since, until in zip(times, [*times[1:], None], strict=True)
    ]
