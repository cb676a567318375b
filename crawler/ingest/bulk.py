"""CC-NEWS in bulk: one task a file on an engine, the results merged by the one writer of this process."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import IO, cast

from crawler.backfill.asks import Ask, Scope
from crawler.backfill.ccnews import SOURCE, SiftedFile, sift_file
from crawler.backfill.judging import Judge
from crawler.backfill.ledger import SourceLedger
from crawler.ingest.engines import Engine
from crawler.ingest.run import CrawlRun
from crawler.ingest.stages import take_captures
from crawler.refusal import Refusal
from crawler.urls import canonical
from crawler.wire.politeness import user_agent
from crawler.wire.remote_file import RemoteFile
from index.archive.warc import payload_digest
from index.capture import Capture
from index.errors import UsageError
from index.relevance.profile import Profile
from index.store.backfill import ANSWERED, Asked
from index.workspace.addresses import is_private_url

logger = logging.getLogger(__name__)


def files_left(run: CrawlRun, scope: Scope) -> list[Ask]:
    """The files that are known and were not read for a story's scope yet, oldest first."""
    ledger = SourceLedger(run.store, SOURCE, scope)
    files = [one for one in ledger.planned() if one.part and not ledger.is_settled(one.key)]
    return sorted(files, key=lambda ask: ask.key)


def read_files(
    run: CrawlRun, scope: Scope, engine: Engine, *, limit: int = 0, seconds: float = float("inf")
) -> bool:
    """Read the files that are left; returns whether all were read within the bounds.

    A file is done when its pages are recorded: what a kill leaves is read again by the next run. Raises
    `UsageError` for files at an address that this workspace does not ask.
    """
    files = files_left(run, scope)
    for ask in files:
        if is_private_url(ask.url) and not run.workspace.allow_private:
            raise UsageError(
                f"{ask.url}: a private address", hint="allow_private = true in workspace.toml"
            )
    profile = run.context.profiles.get(scope.story.id)
    agent = user_agent(run.workspace.contact)
    deadline = time.monotonic() + seconds
    before = run.intake.recorded
    for ask, result in engine.run(sift_remote, files, scope, profile, agent):
        _merge(run, scope, ask, result)
        if time.monotonic() > deadline or (limit and run.intake.recorded - before >= limit):
            return False
    return True


def sift_remote(ask: Ask, scope: Scope, profile: Profile | None, agent: str) -> SiftedFile:
    """What a file of the web comes to; the task of a worker. Raises `RemoteFileError`."""
    with RemoteFile(ask.url, agent) as file:
        return sift_file(cast(IO[bytes], file), ask.url, scope, Judge.of(scope.story, profile))


def _merge(run: CrawlRun, scope: Scope, ask: Ask, result: SiftedFile | Refusal) -> None:
    """Record the pages of a file, then that it was read."""
    if isinstance(result, Refusal):
        logger.warning("%s: %s", ask.key, result)
        run.failed_outlets.add(SOURCE)
        run.intake.counts["lists-failed"] += 1
        note = Asked(source=SOURCE, key=ask.key, url=ask.url, part=ask.part, outcome=result.code)
    else:
        new = list(_new(run, result.captures))
        take_captures(run.intake, new)
        run.intake.counts["lists"] += 1
        note = Asked(
            source=SOURCE, key=ask.key, url=ask.url, part=ask.part, outcome=ANSWERED,
            records=result.records, candidates=len(result.captures), wanted=len(new),
        )  # fmt: skip
    with run.store.transaction():
        SourceLedger(run.store, SOURCE, scope).note(note)


def _new(run: CrawlRun, captures: tuple[Capture, ...]) -> Iterator[Capture]:
    """The captures that the archive does not hold, and that nobody had forgotten."""
    forgotten = run.store.tombstones.forgotten()
    for capture in captures:
        if run.store.captures.holds(capture.url, capture.fetched, payload_digest(capture.body)):
            run.intake.counts["known"] += 1
        elif forgotten(canonical(capture.url), run.context.outlet_of(capture.url)):
            run.intake.counts["forgotten"] += 1
        else:
            yield capture
