"""Backoff: hosts that fail are left alone for a while, longer each time, and across runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from index.store import Host, StoreWriter

FIRST_BACKOFF = timedelta(minutes=10)
LONGEST_BACKOFF = timedelta(days=1)
MAX_FAILURES = 5  # failures in a row after which a host is left to the next run
MAX_PAUSE = 120.0  # seconds; who asks for more is left to the next run

# Failures that may be our own network's: when nobody answers at all, nobody is blamed.
MAYBE_OURS = frozenset({"dns", "refused", "timeout", "failed", "broken", "robots-unreachable"})


class Backoff:
    """Which sites are left alone, by their failures in this run and in earlier ones.

    A site's first failure in a run is noted at once, with a backoff of ten minutes that doubles with
    each run in a row, up to a day; an answer clears it. The run itself goes on asking until
    `MAX_FAILURES` in a row, or until the host asks to be left alone for long.
    """

    def __init__(self, store: StoreWriter, now: datetime) -> None:
        self._store = store
        self._failing = store.hosts.failing()
        # Nobody is left alone for longer; a later moment was written while the clock ran ahead.
        self._backing_off = {
            site: host
            for site, host in self._failing.items()
            if now < host.retry_at <= now + LONGEST_BACKOFF
        }
        self._in_a_row: Counter[str] = Counter()
        self._blamed: set[str] = set()
        self._has_answer = False

    @property
    def backing_off(self) -> Mapping[str, Host]:
        """The sites that are not asked in this run any more, and until when."""
        return self._backing_off

    def answered(self, site: str) -> None:
        """A site answers: whatever was held against it is forgotten."""
        self._has_answer = True
        self._in_a_row[site] = 0
        if self._failing.pop(site, None) is not None:
            self._blamed.discard(site)
            self._store.hosts.forget([site])

    def failed(self, site: str, code: str, retry_after: float | None = None) -> None:
        """A request failed in passing; `retry_after` is what the host asked for, in seconds."""
        now = datetime.now(UTC)
        self._has_answer = self._has_answer or code.startswith("http-")
        self._in_a_row[site] += 1
        known = self._failing.get(site)
        failures = known.failures if known else 0
        if site not in self._blamed:
            failures += 1
            self._blamed.add(site)
        wait = min(FIRST_BACKOFF * 2 ** min(failures - 1, 10), LONGEST_BACKOFF)
        asked = timedelta(seconds=min(retry_after or 0.0, LONGEST_BACKOFF.total_seconds()))
        host = Host(site=site, failures=failures, outcome=code, retry_at=now + max(wait, asked))
        self._failing[site] = host
        self._store.hosts.note(host)
        if self._in_a_row[site] >= MAX_FAILURES or (retry_after or 0.0) > MAX_PAUSE:
            self._backing_off[site] = host

    def close(self) -> None:
        """End of the run: when nobody answered at all, the fault was ours, and nobody is blamed."""
        if not self._has_answer:
            ours = [site for site in self._blamed if self._failing[site].outcome in MAYBE_OURS]
            self._store.hosts.forget(ours)
