"""The progress of a crawl: a few lines on a terminal, a short line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from search_cli.output.picture import Picture
from search_cli.output.terminal import note
from search_cli.session import Session

if TYPE_CHECKING:
    from crawler.ingest.imports import ImportProgress
    from crawler.spiders.progress import CrawlProgress, ProgressView

REDRAW = 0.5  # seconds between two pictures on a terminal
FIRST_LINE = 10.0  # seconds until the first line elsewhere
ROWS = 8  # outlets shown at once


def progress_view(session: Session) -> ProgressView | None:
    """How to show it: lines in place only where nothing else is written; None with `-q`."""
    if session.quiet:
        return None
    if sys.stderr.isatty() and not session.verbose:
        return ProgressOnScreen()
    return ProgressInLines(session)


class ProgressOnScreen:
    """Draws the whole and the slowest outlets in place."""

    def __init__(self) -> None:
        self.first = self.every = REDRAW
        self._picture = Picture()

    def show(self, progress: CrawlProgress) -> None:
        """Draw it over what was drawn before."""
        self._picture.draw(list(screen_lines(progress, self._picture.height)))

    def show_import(self, progress: ImportProgress) -> None:
        """Draw the progress of reading files."""
        self._picture.draw([import_line(progress)])

    def close(self) -> None:
        """Leave a clean screen."""
        self._picture.clear()


class ProgressInLines:
    """Writes a line after ten seconds, and then as often as the crawl's settings say."""

    def __init__(self, session: Session) -> None:
        self.first, self.every = FIRST_LINE, float("inf")
        self._session = session

    def show(self, progress: CrawlProgress) -> None:
        """Write it in a line."""
        note(self._session, f"crawl: {progress_line(progress)}")

    def show_import(self, progress: ImportProgress) -> None:
        """Write the progress of reading files."""
        note(self._session, f"crawl: {import_line(progress)}")

    def close(self) -> None:
        """What was written stays."""


def screen_lines(progress: CrawlProgress, height: int) -> Iterator[str]:
    """The picture for a terminal, at most `height` lines: the whole first, then the slowest outlets."""
    yield progress_line(progress)
    rows = progress.sites[: max(0, min(ROWS, height - 2))]
    width = max((len(site.name) for site in rows), default=0)
    for site in rows:
        yield (
            f"  {site.name:<{width}}  {site.done:>5,} asked · {site.left:>6,} left"
            f" · {spell_time(site.seconds)}"
        )
    if more := len(progress.sites) - len(rows):
        yield f"  … and {more:,} more outlets"


def progress_line(progress: CrawlProgress) -> str:
    """The whole in one line."""
    left = f" · {spell_time(progress.seconds)} left" if progress.seconds is not None else ""
    lists = f"{progress.lists:,} of {progress.lists + progress.lists_left:,} lists"
    return (
        f"{lists} · {progress.pages:,} pages ({progress.rate:.1f}/s) · {progress.kept:,} kept"
        f" · {progress.left:,} waiting{left}"
    )


def import_line(progress: ImportProgress) -> str:
    """The progress of reading files; for files on the disk with the time left at this rate."""
    rate = progress.pages / max(progress.seconds, 1.0)
    pages = f"{progress.pages:,} pages ({rate:.1f}/s)"
    if not progress.size or not progress.done:
        return pages
    left = progress.seconds * max(0, progress.size - progress.done) / progress.done
    done, size = progress.done / 1e6, progress.size / 1e6
    return f"{done:,.0f} of {size:,.0f} MB · {pages} · {spell_time(left)} left"


def spell_time(seconds: float) -> str:
    """A length of time in words.

    >>> spell_time(40), spell_time(600), spell_time(9000)
    ('under 1 min', '10 min', '2 h 30 min')
    """
    minutes = round(seconds / 60)
    if seconds < 60:
        return "under 1 min"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
