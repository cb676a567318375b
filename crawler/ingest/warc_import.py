"""Captures from other tools' archives and from saved pages, for the same stages as our own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast
from urllib.parse import urlsplit

from crawler.ingest.imports import (
    SOUGHT,
    ImportProgress,
    ImportScope,
    OpenFile,
    is_address,
    size_of,
)
from crawler.ingest.index_files import index_lines
from crawler.ingest.run import CrawlRun
from crawler.urls import canonical
from crawler.wire.politeness import user_agent
from crawler.wire.remote_file import RemoteFile, RemoteFileError, SeekableRemoteFile
from index.archive.containers import Digests, Item, Passed, Revisit, read_container, read_stream
from index.archive.containers.index_lines import index_beside
from index.archive.containers.values import (
    OTHER_HOST,
    OTHER_TIME,
    UNRESOLVED,
    WRONG_INDEX,
    everything,
)
from index.archive.warc import Damage, payload_digest
from index.capture import Capture, Listing
from index.errors import ArchiveError, UsageError
from index.store.imports import ReadTo
from index.workspace.addresses import is_private_url

_TOLD = 20  # records of a file that are named one by one
_NOTED = 5.0  # seconds between two notes of how far an archive of the web is read
_CHANGED, _WITHOUT_RANGES = "changed", ("no-range", "needs-ranges")
PAGES, REVISITS, READ_BEFORE = "pages", "revisits", "read-before"

logger = logging.getLogger(__name__)


class WarcImport:
    """The files of one import, read one after the other; the run's `records` counts what is in them.

    What cannot be read is named in the log and counted by the run as `damaged`, a file without any
    page as `no-captures`, what was forgotten on demand as `forgotten`, what is held as `known`.
    """

    def __init__(
        self,
        run: CrawlRun,
        scope: ImportScope,
        *,
        tell: Callable[[ImportProgress], None] = lambda _: None,
    ) -> None:
        self._run = run
        self._scope = scope
        self._tell = tell
        self._open = OpenFile(name="")
        self._done = self._size = 0
        self._started = time.monotonic()
        self._wanted = scope.wanted(run.context.outlet_of)
        self._forgotten = run.store.tombstones.forgotten()
        self._digests: Digests = {}
        self._revisits: list[Revisit] = []
        self._is_other = False  # the archive of the web is not the one that was begun

    def captures(self, files: Sequence[str]) -> Iterator[Capture]:
        """The captures of files and addresses that the archive does not hold yet; then the revisits.

        A revisit is found again once its page is filed, whichever file that is in. Raises `UsageError`
        for an address that this workspace does not ask.
        """
        self._size = sum(map(size_of, files))
        for name in files:
            if is_address(name):
                yield from self._remote(name)
                continue
            self._open = OpenFile(name=name)
            place = self._open.place
            path, index = Path(name), self._index_of(name)
            yield from self._captures(
                read_container(
                    path, wanted=self._wanted, digests=self._digests, place=place, index=index
                )
            )
            self._done += size_of(name)
        for revisit in self._revisits:
            found = self._resolve(revisit)
            if found is not None:
                yield from self._unless_held(found)
        self._revisits.clear()

    def _remote(self, url: str) -> Iterator[Capture]:
        """The captures of an archive of the web, on from where an earlier run stopped."""
        workspace = self._run.workspace
        if is_private_url(url) and not workspace.allow_private:
            hint = "allow_private = true in workspace.toml"
            raise UsageError(f"{url}: a private address", hint=hint)
        known = self._run.store.imports.place(url, self._scope.text)
        if known is None:
            self._run.records[READ_BEFORE] += 1
            return
        self._is_other = False
        yield from self._read_remote(url, known)
        if self._is_other:
            yield from self._read_remote(url, ReadTo())

    def _read_remote(self, url: str, known: ReadTo) -> Iterator[Capture]:
        name = urlsplit(url).path.rpartition("/")[2] or url
        index = self._index_of(url)
        sought = index is not None or name.lower().endswith(SOUGHT)
        kind = SeekableRemoteFile if sought else RemoteFile
        agent = user_agent(self._run.workspace.contact)
        with kind(url, agent, validator=known.validator) as file:
            file.place = known.place
            self._open = OpenFile(name=url, start=known.place, validator=lambda: file.validator)
            stream = cast(IO[bytes], file)
            place = self._open.place
            yield from self._captures(
                read_stream(
                    stream,
                    name,
                    wanted=self._wanted,
                    digests=self._digests,
                    place=place,
                    index=index,
                )
            )

    def _index_of(self, name: str) -> Iterable[str] | None:
        """The lines of a file's index: of those that were named, or else of the one beside it.

        None if nothing would be jumped over, or there is none.
        """
        if self._wanted is everything:
            return None
        named = self._scope.indexes
        if not named and not is_address(name) and (beside := index_beside(Path(name))):
            named = (str(beside),)
        return index_lines(named, self._run.workspace) if named else None

    def _captures(self, items: Iterator[Item]) -> Iterator[Capture]:
        opened = self._open
        noted = time.monotonic()
        found = damaged = 0
        try:
            for item in items:
                match item:
                    case Damage():
                        damaged += 1
                        self._note_damage(item, damaged)
                    case Passed():
                        self._run.records[item.kind] += 1
                        found += item.kind in (OTHER_HOST, OTHER_TIME)
                        if item.kind == WRONG_INDEX:
                            told = "%s: its index is not used, the file is read whole: %s"
                            logger.warning(told, opened.name, item.url)
                    case Revisit():
                        self._run.records[REVISITS] += 1
                        self._revisits.append(item)
                        found += 1
                    case Capture():
                        self._run.records[PAGES] += 1
                        found += 1
                        yield from self._unless_held(item)
                self._tell(self._progress())
                if time.monotonic() - noted > _NOTED:
                    noted = time.monotonic()
                    self._note_place(opened.at)
            self._note_place(None)
        except RemoteFileError as error:
            self._run.intake.counts["damaged"] += 1
            found += 1
            self._note_place(opened.at if self._goes_on(error) else 0)
            logger.warning("%s%s", error, self._what_now(error))
        except ArchiveError as error:
            self._run.intake.counts["damaged"] += 1
            logger.warning("%s", error)
        if not found:
            self._run.intake.counts["no-captures"] += 1
            logger.warning("%s: no page in it", opened.name)

    def _goes_on(self, error: RemoteFileError) -> bool:
        """Whether a later run can go on where this one was given up."""
        return self._open.is_resumed and error.code not in (_CHANGED, *_WITHOUT_RANGES)

    def _what_now(self, error: RemoteFileError) -> str:
        """What comes after an archive of the web that was given up; one that changed is begun again once.

        So is one of an earlier run whose rest cannot be had.
        """
        opened = self._open
        if not self._is_other and opened.start + opened.place.offset > 0:
            self._is_other = error.code == _CHANGED or (
                error.code == "no-range" and not opened.place.offset
            )
            if self._is_other:
                return "; it is read again from its beginning"
        if self._goes_on(error):
            return "; the next run goes on from there"
        return "" if error.code == "needs-ranges" else "; the next run starts it again"

    def _note_place(self, place: int | None) -> None:
        """Up to that byte, or to its end for None, has an archive of the web been taken."""
        opened = self._open
        if opened.is_resumed or (place is None and is_address(opened.name)):
            now = datetime.now(UTC)
            validator = opened.validator() if place else ""
            self._run.store.imports.note(
                opened.name, self._scope.text, place, at=now, validator=validator
            )

    def _note_damage(self, damage: Damage, number: int) -> None:
        self._run.intake.counts["damaged"] += 1
        inner = damage.file.partition(":")[2]
        name = self._open.name + (f" ({inner})" if inner else "")
        if number <= _TOLD:
            offset = self._open.start + damage.offset
            logger.warning("%s, offset %d: not read: %s", name, offset, damage.reason)
        elif number == _TOLD + 1:
            logger.warning("%s: more is not read in it; the end of the run tells how much", name)

    def _progress(self) -> ImportProgress:
        of_this = 0 if is_address(self._open.name) else self._open.place.offset
        return ImportProgress(
            seconds=time.monotonic() - self._started,
            done=self._done + of_this,
            size=self._size,
            pages=self._run.records[PAGES],
        )

    def _unless_held(self, capture: Capture) -> Iterator[Capture]:
        run = self._run
        if run.store.captures.holds(capture.url, capture.fetched, payload_digest(capture.body)):
            run.intake.counts["known"] += 1
        elif self._forgotten(canonical(capture.url), run.context.outlet_of(capture.url)):
            run.intake.counts["forgotten"] += 1
        else:
            yield capture

    def _resolve(self, revisit: Revisit) -> Capture | None:
        """The page that a revisit found again, as it was found then; None if it is not at hand."""
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
