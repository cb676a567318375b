"""Operations a second and memory of the frontier, from 1,000 to 1,000,000 URLs.

    python -m bench.speed.frontier [URLS]

An operation is one candidate added (in lists of 50 of one site, as feeds bring them), one taken, one
finished, each committed on its own except that a list is one transaction. `CPU us` is processor time
for each operation, which other work on the machine changes little. The baseline in the same run is a
heap in memory, which a kill empties.
"""

from __future__ import annotations

import heapq
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from index.capture import Listing
from index.store import Candidate, StoreWriter

SITES = 300
LIST = 50
SAMPLE = 3_000


def candidates(first: int, count: int) -> Iterator[Candidate]:
    for number in range(first, first + count):
        site = f"gazette-{number // LIST % SITES:03d}.example"
        url = f"https://www.{site}/news/2023/02/{number % 28 + 1:02d}/a-headline-of-six-words-{number}"
        listing = Listing(
            channel="feed",
            source=f"https://{site}/feed.xml",
            outlet=site,
            title=f"Headline {number}",
        )
        # A multiplicative hash: the same order in every run, and no order in it.
        score = (number * 2_654_435_761 % 2**32) / 2**32
        yield Candidate(url=url, key=url, outlet=site, site=site, score=score, listing=listing)


def fill(store: StoreWriter, first: int, count: int) -> None:
    for start in range(first, first + count, LIST):
        with store.transaction():
            store.frontier.add(candidates(start, min(LIST, first + count - start)))


def take_and_finish(store: StoreWriter, rounds: int, sites: int) -> None:
    for number in range(rounds):
        [candidate] = store.frontier.take(f"gazette-{number % sites:03d}.example", 1)
        store.frontier.finish(candidate.key)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many operations a second by the clock, and how much processor time one takes."""

    per_second: float
    cpu_us: float


def timed(operations: int, work: Callable[[], None]) -> Rate:
    started, cpu = time.perf_counter(), time.process_time()
    work()
    took, spent = time.perf_counter() - started, time.process_time() - cpu
    return Rate(operations / took, 1e6 * spent / operations)


def repeat(work: Callable[[], object], times: int) -> None:
    for _ in range(times):
        work()


def memory() -> float:
    return float(psutil.Process().memory_info().rss / 2**20)


def heap_rate(count: int) -> Rate:
    heap: list[tuple[float, str]] = []

    def work() -> None:
        for candidate in candidates(0, count):
            heapq.heappush(heap, (-candidate.score, candidate.url))
        for _ in range(count):
            heapq.heappop(heap)

    return timed(2 * count, work)


def main() -> int:
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"{'URLs':>10} {'add/s':>9} {'CPU us':>7} {'take+finish/s':>14} {'CPU us':>7}"
          f" {'sites() ms':>11} {'waiting() ms':>13} {'RSS MiB':>8} {'file MiB':>9}")  # fmt: skip
    slowest = float("inf")
    with tempfile.TemporaryDirectory(prefix="frontier-") as folder:
        path = Path(folder) / "pressclip.db"
        with StoreWriter.open(path) as store:
            held = 0
            for size in (1_000, 10_000, 100_000, 1_000_000):
                if size > most:
                    break
                fill(store, held, size - held)
                held = size
                added = timed(SAMPLE, lambda: fill(store, held, SAMPLE))  # noqa: B023 - called at once
                held += SAMPLE
                taken = timed(
                    2 * SAMPLE, partial(take_and_finish, store, SAMPLE, min(SITES, held // LIST))
                )
                sites, waiting = (
                    1000 / timed(20, partial(repeat, call, 20)).per_second
                    for call in (store.frontier.sites, store.frontier.waiting)
                )
                slowest = min(slowest, added.per_second, taken.per_second)
                print(f"{size:>10,} {added.per_second:>9,.0f} {added.cpu_us:>7.0f}"
                      f" {taken.per_second:>14,.0f} {taken.cpu_us:>7.0f} {sites:>11.2f}"
                      f" {waiting:>13.2f} {memory():>8.0f} {path.stat().st_size / 2**20:>9.0f}")  # fmt: skip
    heap = heap_rate(100_000)
    print(f"baseline, a heap in memory: {heap.per_second:,.0f} operations/s at 100,000 URLs")
    print(f"slowest: {slowest:,.0f} operations/s (wanted: 3,000)")
    return 0 if slowest >= 3_000 else 1


if __name__ == "__main__":
    sys.exit(main())
