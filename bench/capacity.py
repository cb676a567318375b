"""What so many articles need: rates measured here in small, then a plan computed from them.

    python -m bench.capacity [WARC] [--pages N] [--outlets N] [--cores N] [--json]

First it reads some pages (of a WARC file, else made-up ones) as a crawl does, and merges them into a hub:
CPU a page of reading, of the one writer, of the index and of the merge, bytes a page of archive, database
and index, memory. Then it computes for growing corpora what a day costs, on how many machines, and simulates
the buckets: outlets with as uneven a yield as real ones have (Zipf), put into buckets by the product's own
hash. What grows faster than the number of articles is not seen by that: the plan is a straight line through
what was measured.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.speed.merge import made_up_pages, measure
from bench.speed.throughput import Watch, load, make_workspace
from crawler.ingest.merge import merge_desks
from crawler.ingest.run import CrawlRun
from crawler.ingest.stages import take_captures
from index.capture import Capture
from index.workspace.sharding import choose_bucket, name_buckets

DAY = 86_400.0
USE = 0.5  # of the cores that a crawl may have over a day: news comes by day, machines need rest
DELAY = 2.0  # seconds between two requests to a site, as a new desk has it
VISITS = 48  # visits to an outlet's lists a day: two lists, each hour
LOOKS = 5  # requests an article: once, and four times later for edits
SIZE = 100  # outlets a bucket
MACHINES = 10  # that read everything again, where there are as many buckets
YEARS = 2  # over which a corpus comes in


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What a page costs: CPU seconds, bytes, and the most memory of a run in bytes.

    `read` is all of a crawl but the wire, `write` the part of it in the one process that writes; `index` is
    the end of a run: what is judged of the whole, and the search index.
    """

    read: float
    write: float
    index: float
    merge: float
    archive: float
    database: float
    search_index: float
    memory: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a corpus needs; CPU in seconds a day, sizes in bytes.

    `busiest` is the fullest bucket's share of pages over the mean; `largest` how much of the day the largest
    outlet's requests take with the pause between them; `merge_hours` of one core a night. `read_all` are the
    days that that many machines take to read everything again, `merge_all` those of one core to merge it.
    """

    articles: int
    outlets: int
    day: float
    buckets: int
    busiest: float
    largest: float
    crawl_cores: float
    machines: int
    merge_hours: float
    read_all: float
    merge_all: float
    bucket_disk: float
    hub_disk: float
    archive: float


def measure_rates(captures: Sequence[Capture]) -> Rates:
    """Read pages and merge them, in a desk and a hub that vanish."""
    number = len(captures)
    with tempfile.TemporaryDirectory() as folder:
        desk = make_workspace(Path(folder) / "desk")
        watch = Watch()
        watch.start()
        run = CrawlRun(desk, command="bench", workers=1)
        run.open()
        began = time.process_time()
        take_captures(run.intake, captures)
        write = time.process_time() - began
        began = time.process_time()
        run.close()
        index = time.process_time() - began
        watch.stop()
        hub = make_workspace(Path(folder) / "hub")
        merge = measure(lambda: merge_desks(hub, [desk.root], workers=1))
        return Rates(
            read=(write + watch.workers_cpu) / number, write=write / number, index=index / number,
            merge=merge / number, archive=_size(desk.archive_dir) / number,
            database=_size(desk.database) / number, search_index=_size(desk.index_dir) / number,
            memory=(watch.peak_main + watch.peak_workers) * 2**20,
        )  # fmt: skip


def yields(outlets: int, day: float) -> list[float]:
    """Articles a day of each outlet, the largest first: the n-th has a share of 1 / (n + 10)."""
    weights = [1 / (place + 10) for place in range(outlets)]
    whole = sum(weights)
    return [day * weight / whole for weight in weights]


def plan(rates: Rates, articles: int, outlets: int, cores: int) -> Plan:
    """What a corpus of so many articles of so many outlets needs, that came in over `YEARS`."""
    day = articles / (YEARS * 365)
    buckets = max(1, math.ceil(outlets / SIZE))
    names = name_buckets(buckets)
    full = dict.fromkeys(names, 0.0)
    each = yields(outlets, day)
    for place, number in enumerate(each):
        full[choose_bucket(f"outlet-{place}.example", names)] += number
    crawl_cores = day * (rates.read + rates.index) / (DAY * USE)
    at_once = min(buckets, MACHINES)
    by_pages = math.ceil(crawl_cores / cores)
    row = rates.database + rates.search_index
    return Plan(
        articles=articles, outlets=outlets, day=day, buckets=buckets,
        busiest=max(full.values()) * buckets / day,
        largest=(each[0] * LOOKS + VISITS) * DELAY / DAY,
        crawl_cores=crawl_cores, machines=max(1, by_pages),
        merge_hours=day * rates.merge / 3600,
        read_all=articles * (rates.read + rates.index) / (DAY * cores * at_once),
        merge_all=articles * rates.merge / DAY,
        bucket_disk=articles * (row + rates.archive) / buckets,
        hub_disk=articles * row, archive=articles * rates.archive,
    )  # fmt: skip


def _size(path: Path) -> int:
    files = [path] if path.is_file() else path.rglob("*")
    return sum(one.stat().st_size for one in files if one.is_file())


def rate_lines(rates: Rates, pages: int) -> list[str]:
    """The measured rates as a table in Markdown."""
    cpu = {
        "read, judge, store": rates.read, "of it the one writer": rates.write,
        "judge the whole and index, at the end of a run": rates.index,
        "merge into a hub, judged and indexed": rates.merge,
    }  # fmt: skip
    disk = {
        "archive": rates.archive,
        "database": rates.database,
        "search index": rates.search_index,
    }
    return [
        f"| a page, of {pages:,} | |",
        "|---|---|",
        *(f"| {name} | {1000 * value:.0f} ms of CPU |" for name, value in cpu.items()),
        *(f"| {name} | {value / 1000:.1f} kB |" for name, value in disk.items()),
        f"| memory of a crawl with one worker | {rates.memory / 2**20:,.0f} MiB |",
    ]


def plan_lines(plans: Sequence[Plan], cores: int) -> list[str]:
    """The plans as a table in Markdown, a column each."""
    rows = {
        "articles a day": [f"{one.day:,.0f}" for one in plans],
        "outlets": [f"{one.outlets:,}" for one in plans],
        "buckets": [f"{one.buckets:,}" for one in plans],
        "fullest bucket, times the mean": [f"{one.busiest:.1f}" for one in plans],
        "largest outlet's requests, share of the day": [f"{one.largest:.0%}" for one in plans],
        "cores that crawl": [f"{one.crawl_cores:.2f}" for one in plans],
        f"machines of {cores} cores that crawl": [f"{one.machines:,}" for one in plans],
        "merge a night, hours of a core": [f"{one.merge_hours:.1f}" for one in plans],
        f"read all again, days of up to {MACHINES} machines": [
            f"{one.read_all:,.1f}" for one in plans
        ],
        "merge all at once, days of a core": [f"{one.merge_all:,.1f}" for one in plans],
        "disk of a bucket": [_bytes(one.bucket_disk) for one in plans],
        "database and index of the hub": [_bytes(one.hub_disk) for one in plans],
        "archive": [_bytes(one.archive) for one in plans],
    }
    return [
        f"| articles held | {' | '.join(f'{one.articles:,}' for one in plans)} |",
        f"|---|{'---|' * len(plans)}",
        *(f"| {name} | {' | '.join(values)} |" for name, values in rows.items()),
    ]


def _bytes(number: float) -> str:
    for unit, size in (("TB", 1e12), ("GB", 1e9)):
        if number >= size:
            return f"{number / size:,.1f} {unit}"
    return f"{number / 1e6:,.0f} MB"


def main() -> None:
    """Measure, compute, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("warc", type=Path, nargs="?")
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--outlets", type=int, default=5000, help="of the largest corpus")
    parser.add_argument("--cores", type=int, default=4, help="of a machine")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    captures = load(chosen.warc, chosen.pages) if chosen.warc else made_up_pages(chosen.pages)
    rates = measure_rates(captures)
    plans = [
        plan(rates, articles, max(1, round(chosen.outlets * share)), chosen.cores)
        for articles, share in (
            (100_000, 0.02),
            (1_000_000, 0.1),
            (10_000_000, 0.4),
            (100_000_000, 1),
        )
    ]
    if chosen.json:
        print(
            json.dumps({"rates": asdict(rates), "plans": [asdict(one) for one in plans]}, indent=1)
        )
        return
    print("\n".join([*rate_lines(rates, len(captures)), "", *plan_lines(plans, chosen.cores)]))


if __name__ == "__main__":
    main()
