"""CC-NEWS files read by processes of this machine and by a local Dask cluster, beside each other.

    python -m bench.speed.cc_news [FILES] [COPIES] [WORKERS]

Each file holds the demo's pages `COPIES` times under other addresses, served on loopback; a task reads
one file. Printed are files and records a second by the clock; the start of each engine, with a first
file for each worker, is told apart.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from bench.speed.gal_sift import START, demo_story
from crawler.backfill import Ask, Scope
from crawler.backfill.ccnews import SOURCE, SiftedFile
from crawler.demo.past import Service, known_pieces
from crawler.demo.past_crawls import warc_of
from crawler.demo.serving import serve
from crawler.demo.site import NOT_FOUND, ServedAnswer, Site
from crawler.ingest.bulk import sift_remote
from crawler.ingest.engines import ENGINES, engine_of

HOST = "commons.example"


def main() -> int:
    files, copies, workers = (*map(int, sys.argv[1:4]), *(8, 4, 2)[len(sys.argv) - 1 :])
    scope = Scope(story=demo_story(), start=START, end=START.replace(day=28))
    bodies = {f"/{number}.warc.gz": body for number, body in enumerate(made(files, copies))}
    size = sum(map(len, bodies.values()))
    print(f"{files} files, {size / 1e6:,.1f} MB, {workers} workers")

    def reply(target: str) -> ServedAnswer:
        body = bodies.get(target)
        return NOT_FOUND if body is None else ServedAnswer(body=body, media="application/gzip")

    service = Service(host=HOST, pages=MappingProxyType({}), reply=reply)
    with serve(Site.of([service])) as site:
        base = f"http://127.0.0.1:{site.ports.outlets[HOST]}"
        asks = [Ask(source=SOURCE, key=name, url=f"{base}{name}", part=name) for name in bodies]
        for name in ENGINES:
            print(f"  {name:<5} {measure(name, asks, scope, workers)}")
    return 0


def measure(name: str, asks: list[Ask], scope: Scope, workers: int) -> str:
    began = time.monotonic()
    with engine_of(name, workers=workers) as engine:
        for _ in engine.run(sift_remote, asks[:workers], scope, None, "bench"):
            pass  # every worker has imported what it needs
        ready = time.monotonic()
        results = [result for _, result in engine.run(sift_remote, asks, scope, None, "bench")]
        took = time.monotonic() - ready
    done = [one for one in results if isinstance(one, SiftedFile)]
    pages = sum(one.records for one in done)
    found = sum(len(one.captures) for one in done)
    return (
        f"{len(done) / took:6.2f} files/s, {pages / took:8,.0f} records/s,"
        f" {found:,} of {pages:,} promising, ready after {ready - began:.1f} s"
    )


def made(files: int, copies: int) -> Iterator[bytes]:
    """WARC files of the demo's pages under addresses of their own."""
    pages = [one.captures[0] for one in known_pieces() if one.captures]
    for number in range(files):
        named = [
            replace(page, url=f"{page.url}?edition={number}-{copy}")
            for copy in range(copies)
            for page in pages
        ]
        yield warc_of(f"{number}.warc.gz", named)


if __name__ == "__main__":
    sys.exit(main())
