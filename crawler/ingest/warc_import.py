"""Captures from other tools' archives and from saved pages, for the same stages as our own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from crawler.ingest.run import CrawlRun
from crawler.urls import canonical
from index.archive.containers import Digests, Item, Passed, Revisit, Wanted, read_container
from index.archive.containers.values import OTHER_HOST, OTHER_TIME, UNRESOLVED
from index.archive.warc import Damage, payload_digest
from index.capture import Capture, Listing
from index.errors import ArchiveError

# What `--warc` takes beside the files named by it: the shell's other matches of a pattern.
SUFFIXES = (
    ".warc", ".warc.gz", ".warc.zst", ".warc.gz.open", ".arc", ".arc.gz", ".wacz",
    ".mhtml", ".mht", ".html", ".htm",
)  # fmt: skip
_TOLD = 20  # records of a file that are named one by one
PAGES, REVISITS = "pages", "revisits"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportScope:
    """Which records of the files are read: those of an outlet, those captured since a moment; all."""

    outlet: str = ""
    since: datetime | None = None

    def wanted(self, outlet_of: Callable[[str], str]) -> Wanted:
        """Why a record is passed over unread, by its address and time; empty for none."""

        def reason(url: str, moment: datetime | None) -> str:
            if self.since is not None and moment is not None and moment < self.since:
                return OTHER_TIME
            return OTHER_HOST if self.outlet and outlet_of(url) != self.outlet else ""

        return reason


class WarcImport:
    """The files of one import, read one after the other; the run's `records` counts what is in them.

    What cannot be read is named in the log and counted by the run as `damaged`, a file without any
    page as `no-captures`, what was forgotten on demand as `forgotten`, what is held as `known`.
    """

    def __init__(self, run: CrawlRun, scope: ImportScope) -> None:
        self._run = run
        self._wanted = scope.wanted(run.context.outlet_of)
        self._forgotten = run.store.tombstones.forgotten()
        self._digests: Digests = {}
        self._revisits: list[Revisit] = []

    def captures(self, files: Iterable[Path]) -> Iterator[Capture]:
        """The captures of files that the archive does not hold yet; then the revisits among them.

        A revisit is found again once its page is filed, whichever file that is in.
        """
        for path in files:
            items = read_container(path, wanted=self._wanted, digests=self._digests)
            yield from self._captures(items, path)
        for revisit in self._revisits:
            found = self._resolve(revisit)
            if found is not None:
                yield from self._unless_held(found)
        self._revisits.clear()

    def _captures(self, items: Iterator[Item], path: Path) -> Iterator[Capture]:
        found = damaged = 0
        try:
            for item in items:
                match item:
                    case Damage():
                        damaged += 1
                        self._note(path.with_name(item.file), item, damaged)
                    case Passed():
                        self._run.records[item.kind] += 1
                        found += item.kind in (OTHER_HOST, OTHER_TIME)
                    case Revisit():
                        self._run.records[REVISITS] += 1
                        self._revisits.append(item)
                        found += 1
                    case Capture():
                        self._run.records[PAGES] += 1
                        found += 1
                        yield from self._unless_held(item)
        except ArchiveError as error:
            self._run.intake.counts["damaged"] += 1
            logger.warning("%s", error)
        if not found:
            self._run.intake.counts["no-captures"] += 1
            logger.warning("%s: no page in it", path)

    def _note(self, path: Path, damage: Damage, number: int) -> None:
        self._run.intake.counts["damaged"] += 1
        if number <= _TOLD:
            logger.warning("%s, offset %d: not read: %s", path, damage.offset, damage.reason)
        elif number == _TOLD + 1:
            logger.warning("%s: more is not read in it; the end of the run tells how much", path)

    def _unless_held(self, capture: Capture) -> Iterator[Capture]:
        run = self._run
        if run.store.captures.holds(capture.url, capture.fetched, payload_digest(capture.body)):
            run.intake.counts["known"] += 1
        elif self._forgotten(canonical(capture.url), run.context.outlet_of(capture.url)):
            run.intake.counts["forgotten"] += 1
        else:
            yield capture

    def _resolve(self, revisit: Revisit) -> Capture | None:
        """The page that a revisit found again, as it was found then; None where it is not at hand."""
        captures = self._run.store.captures
        ref = captures.find(revisit.original, revisit.captured, until=revisit.fetched)
        try:
            found = self._run.archive.read(ref) if ref else None
        except ArchiveError as error:
            logger.warning("%s", error)
            found = None
        if found is None or found.withheld:
            self._run.records[UNRESOLVED] += 1
            return None
        return replace(
            found,
            url=revisit.url,
            headers=found.headers if not revisit.headers else revisit.headers,
            fetched=revisit.fetched,
            listing=Listing(channel="warc", source=revisit.source),
            request_headers=(),
            ref=None,
        )
