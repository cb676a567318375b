"""Pages per second of `pressclip crawl --warc`, beside `trafilatura.bare_extraction` on the same pages.

    python -m bench.speed.throughput WARC [--pages N | --smallest N] [--jobs N] [--rounds N] [--memory N]

Prints, for one run on one machine: the single-process rate of `bare_extraction` with metadata (the
baseline), the whole crawl's rate (read the WARC, archive, extract, judge, store; and again with the
index), the ratio to cores × baseline, the share of CPU that is extraction, and peak memory of the
main process and its workers. `--memory N` imports N pages (the file again and again under other
URLs) and prints resident memory on the way, each line as it is reached; `--smallest N` takes the N
smallest pages over 6 kB, so that many can be imported in a short time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from crawler.ingest.intake import Intake
from crawler.ingest.run import CrawlRun
from crawler.ingest.stages import take_captures
from index.archive.containers import read_container
from index.capture import Capture
from index.fulltext.indexer import update_index
from index.workspace import Workspace

LEAST_BYTES = 6_000
STORY = """id = "all"
title = "Everything"
[match]
any = "*"
"""


def load(warc: Path, pages: int) -> list[Capture]:
    found = (item for item in read_container(warc) if isinstance(item, Capture))
    return [capture for capture, _ in zip(found, range(pages), strict=False)]


def smallest(captures: list[Capture], number: int) -> list[Capture]:
    pages = [one for one in captures if one.status == 200 and len(one.body) > LEAST_BYTES]
    return sorted(pages, key=lambda one: len(one.body))[:number]


def baseline(captures: list[Capture]) -> float:
    """CPU seconds of plain trafilatura over the pages, in this process."""
    from trafilatura import bare_extraction

    started = time.process_time()
    for capture in captures:
        bare_extraction(capture.body, url=capture.url, with_metadata=True)
    return time.process_time() - started


def make_workspace(folder: Path) -> Workspace:
    (folder / "stories").mkdir(parents=True)
    (folder / "workspace.toml").write_text("")
    (folder / "outlets.toml").write_text("")
    (folder / "stories" / "all.toml").write_text(STORY)
    return Workspace.load(folder)


class Watch(threading.Thread):
    """Watches this process and its workers: resident memory (MiB), and the workers' CPU seconds."""

    def __init__(self, intake: Intake | None = None, step: int = 1) -> None:
        super().__init__(daemon=True)
        self.peak_main = self.peak_workers = 0.0
        self._cpu: dict[int, float] = {}
        self._intake = intake
        self._step, self._next = step, step
        self._stop_asked = threading.Event()

    def run(self) -> None:
        import psutil

        me = psutil.Process()
        while not self._stop_asked.wait(0.5):
            workers = 0.0
            for child in me.children(recursive=True):
                try:
                    workers += child.memory_info().rss / 2**20
                    times = child.cpu_times()
                except psutil.NoSuchProcess:
                    continue
                self._cpu[child.pid] = times.user + times.system
            main = me.memory_info().rss / 2**20
            self.peak_main = max(self.peak_main, main)
            self.peak_workers = max(self.peak_workers, workers)
            if self._intake is not None and self._intake.recorded >= self._next:
                print(f"{self._intake.recorded:>6}   {main:8.0f}   {workers:8.0f}", flush=True)
                self._next = self._intake.recorded + self._step

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()

    @property
    def workers_cpu(self) -> float:
        return sum(self._cpu.values())


def crawl(captures: list[Capture], jobs: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder) / "desk")
        watch = Watch()
        watch.start()
        run = CrawlRun(workspace, command="bench", workers=jobs)
        run.open()
        started, cpu = time.perf_counter(), time.process_time()
        take_captures(run.intake, captures)
        seconds = time.perf_counter() - started
        own = time.process_time() - cpu
        started = time.perf_counter()
        update_index(run.store, workspace.index_dir)
        index_seconds = time.perf_counter() - started
        run.close()
        watch.stop()
        held = run.intake.counts
        return {
            "seconds": seconds,
            "main_cpu": own,
            "workers_cpu": watch.workers_cpu,
            "index_seconds": index_seconds,
            "articles": held["new"],
            "peak_main": watch.peak_main,
            "peak_workers": watch.peak_workers,
        }


def again_and_again(captures: list[Capture], pages: int) -> Iterator[Capture]:
    for number in count():
        for capture in captures:
            if pages <= 0:
                return
            pages -= 1
            mark = "&" if "?" in capture.url else "?"
            yield replace(capture, url=f"{capture.url}{mark}id={number}")


def watch_memory(captures: list[Capture], pages: int, jobs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = CrawlRun(make_workspace(Path(folder) / "desk"), command="bench", workers=jobs)
        run.open()
        print("pages    main MiB   workers MiB")
        watch = Watch(run.intake, max(pages // 50, 1))
        watch.start()
        take_captures(run.intake, again_and_again(captures, pages))
        watch.stop()
        run.close()
    print(f"peak     {watch.peak_main:8.0f}   {watch.peak_workers:8.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("warc", type=Path)
    parser.add_argument("--pages", type=int, default=1_000_000)
    parser.add_argument("--smallest", type=int, default=0, metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, default=0, metavar="N")
    args = parser.parse_args()
    captures = load(args.warc, args.pages)
    if args.smallest:
        captures = smallest(captures, args.smallest)
    if args.memory:
        watch_memory(captures, args.memory, args.jobs)
        return
    ratios = []
    for number in range(1, args.rounds + 1):
        base = len(captures) / baseline(captures)
        found = crawl(captures, args.jobs)
        workers = found["workers_cpu"]
        rate = len(captures) / found["seconds"]
        cpu = workers + found["main_cpu"]
        ratios.append(rate / (args.jobs * base))
        print(
            f"round {number}: {len(captures)} pages, {found['articles']:.0f} articles\n"
            f"  trafilatura.bare_extraction, one process   {base:6.1f} pages/s of CPU\n"
            f"  pressclip crawl --warc, {args.jobs} workers         {rate:6.1f} pages/s"
            f" = {ratios[-1]:.2f} × cores × baseline\n"
            f"  with the index                             "
            f"{len(captures) / (found['seconds'] + found['index_seconds']):6.1f} pages/s\n"
            f"  CPU: extraction {workers:.1f} s, main process {found['main_cpu']:.1f} s"
            f" ({workers / cpu:.0%} extraction); {len(captures) / cpu / base:.2f} × the baseline"
            " per CPU second\n"
            f"  peak memory: main {found['peak_main']:.0f} MiB, workers {found['peak_workers']:.0f} MiB"
        )
    print(f"median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
