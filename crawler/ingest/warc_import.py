"""Captures from other tools' WARC files, for the same stages as our own."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from crawler.ingest.run import CrawlRun
from crawler.urls import canonical
from index.archive.warc import Damage, payload_digest, read_file
from index.capture import Capture

WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.gz.open")

logger = logging.getLogger(__name__)


def captures_of(files: Iterable[Path], run: CrawlRun) -> Iterator[Capture]:
    """The captures of WARC files that the archive does not hold yet.

    What cannot be read is named in the log and counted as `damaged`, a file without any response as
    `no-captures`, what was forgotten on demand as `forgotten`.
    """
    forgotten = run.store.tombstones.forgotten()
    for path in files:
        found = 0
        for item in read_file(path):
            if isinstance(item, Damage):
                run.intake.counts["damaged"] += 1
                logger.warning("%s, offset %d: not read: %s", path, item.offset, item.reason)
                continue
            found += 1
            if run.store.captures.holds(item.url, item.fetched, payload_digest(item.body)):
                run.intake.counts["known"] += 1
            elif forgotten(canonical(item.url), run.context.outlet_of(item.url)):
                run.intake.counts["forgotten"] += 1
            else:
                yield item
        if not found:
            run.intake.counts["no-captures"] += 1
            logger.warning("%s: no HTTP response in it", path)
