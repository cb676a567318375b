"""Pages crawled by one desk and by several that are merged: the same corpus? In what time?

    python -m bench.speed.merge [WARC] [--pages N] [--desks N] [--seed S]

Imports the first N pages of a WARC file, or N made-up ones, into one desk; then each outlet's pages into
one of several desks, drawn at random, and merges those into a hub. Prints the CPU seconds of a page for
reading it from the archive again (`replay`, the baseline) and for merging what was read of it, and what
differs between the hub and the one desk in articles, versions, families, verdicts and boilerplate: it must
be nothing.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.made_up.newsrooms import Plan, generate
from bench.speed.throughput import Watch, load, make_workspace
from crawler.ingest.merge import merge_desks
from crawler.ingest.replay import replay_archive
from crawler.ingest.run import CrawlRun
from crawler.ingest.stages import take_captures
from crawler.urls import outlet_of
from index.capture import Capture, Listing
from index.workspace import Workspace

SEEN = {
    "articles": "SELECT id, key, kept, first_seen, versions, text, title, outlet FROM articles",
    "families": "SELECT id, family FROM articles WHERE kept",
    "versions": "SELECT article, seen, record ->> 'title', record ->> 'text' FROM versions",
    "captures": "SELECT url, fetched, status, digest, outcome, article FROM captures",
    "verdicts": "SELECT article, story, decision, round(score, 6) FROM verdicts",
    "boilerplate": "SELECT outlet, block, text FROM boilerplate",
    "habits": "SELECT outlet, habits FROM habits",
}


def made_up_pages(number: int) -> list[Capture]:
    """So many pages of made-up outlets, fifty of each, fetched an hour after each other."""
    made = generate(Plan(outlets=-(-number // 50), articles=50, seed=1, on_story=0.5))
    captures = []
    for place, known in enumerate(made.known[:number]):
        url = urlsplit(known.url)
        answer = made.site.outlets[url.hostname or ""].page(url.path).answer(edition=1, visit=9)
        captures.append(
            Capture(
                url=known.url, status=answer.status, body=answer.body,
                headers=(("Content-Type", answer.media),),
                fetched=datetime(2023, 2, 1, tzinfo=UTC) + timedelta(hours=place),
                listing=Listing(channel="feed", url=known.url, outlet=known.outlet),
            )
        )  # fmt: skip
    return captures


def crawl(folder: Path, captures: list[Capture]) -> Workspace:
    """A desk that has read these pages."""
    workspace = make_workspace(folder)
    run = CrawlRun(workspace, command="bench")
    run.open()
    take_captures(run.intake, captures)
    run.close()
    return workspace


def seen(workspace: Workspace) -> dict[str, set[tuple[Any, ...]]]:
    """What a reader can see of a corpus."""
    with closing(sqlite3.connect(workspace.database)) as connection:
        return {name: set(connection.execute(query)) for name, query in SEEN.items()}


def measure(work: Callable[[], object]) -> float:
    """CPU seconds of a piece of work, in this process and its workers."""
    watch = Watch()
    watch.start()
    began = time.process_time()
    work()
    own = time.process_time() - began
    watch.stop()
    return own + watch.workers_cpu


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warc", type=Path, nargs="?")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--desks", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    captures = load(chosen.warc, chosen.pages) if chosen.warc else made_up_pages(chosen.pages)
    chance = random.Random(chosen.seed)
    place = {
        outlet: chance.randrange(chosen.desks)
        for outlet in sorted({outlet_of(one.url) for one in captures})
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        alone = crawl(root / "alone", captures)
        theirs = seen(alone)  # before the replay, which reads with what was learned meanwhile
        desks = [
            crawl(root / f"desk-{number}", part).root
            for number in range(chosen.desks)
            if (part := [one for one in captures if place[outlet_of(one.url)] == number])
        ]
        hub = make_workspace(root / "hub")
        merged = measure(lambda: merge_desks(hub, desks, workers=1))
        mine = seen(hub)
        again = measure(lambda: merge_desks(hub, desks, workers=1))
        replayed = measure(lambda: replay_archive(alone))
    number = len(captures)
    print(f"{number:,} pages, {len(place):,} outlets, {len(desks)} desks")
    print(f"replay       {1000 * replayed / number:7.1f} ms of CPU a page")
    print(f"merge        {1000 * merged / number:7.1f} ms of CPU a page")
    print(f"merge again  {1000 * again / number:7.1f} ms of CPU a page")
    for name, rows in theirs.items():
        print(f"{name:12} {len(rows):6,} rows, {len(rows ^ mine[name]):,} differ")


if __name__ == "__main__":
    main()
