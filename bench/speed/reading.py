"""CPU of reading a page whole (extract, judge, fingerprint), beside bare trafilatura on the same page.

    python -m bench.speed.reading [WARC] [--every N] [--rounds N] [--steps] [--readings FILE]

Each page is read by both in turns, each in a process of its own, from its bytes: the baseline is
`trafilatura.bare_extraction` with metadata, as it comes. Printed are the seconds of each round, their
ratio, and that of the median page. `--steps` tells how the time is separated among the steps of reading.
`--readings FILE` writes every reading as a line: two checkouts read alike when their files are equal.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import logging
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench.sets.real import SHARED
from bench.speed.throughput import load, make_workspace
from crawler.extract import record
from crawler.ingest.read import ReadingContext, read
from index.capture import Capture

WARM = 20
"""Pages read by both before the clock counts: tables and word lists are loaded by then."""


def main() -> None:
    """Prints the figures; writes the readings instead where that is asked for."""
    logging.disable(logging.CRITICAL)
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("warc", type=Path, nargs="?", default=SHARED / "real-web.warc.gz")
    parser.add_argument("--every", type=int, default=4, help="read each Nth page [default: 4]")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", action="store_true", help="tell the time of each step too")
    parser.add_argument("--readings", type=Path, metavar="FILE")
    args = parser.parse_args()
    if not args.warc.is_file():
        print(f"skipped: no {args.warc}")
        return
    captures, context = load(args.warc, sys.maxsize)[:: args.every], one_story()
    if args.readings:
        write_readings(args.readings, captures, context)
        return
    compare(captures, args.rounds)
    if args.steps:
        tell_steps(captures, context)


def one_story() -> ReadingContext:
    """The context of a desk with one story, for which every article counts."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(Path(folder) / "desk")
        return ReadingContext.of(tuple(workspace.stories().values()), workspace.outlets())


def write_readings(path: Path, captures: Sequence[Capture], context: ReadingContext) -> None:
    """Writes what each page is read as; sets are written in one order only with a fixed hash seed."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        sys.exit("start this with PYTHONHASHSEED=0, so that two files can be compared")
    with path.open("w", encoding="utf-8", errors="backslashreplace") as lines:
        lines.writelines(f"{one.url}\t{read(one, context)!r}\n" for one in captures)
    print(f"{len(captures)} readings in {path}")


def compare(captures: Sequence[Capture], rounds: int) -> None:
    """Prints each round's seconds of CPU and ratios, and the median over the rounds."""
    ratios = []
    with _reader(_read_whole) as ours, _reader(_read_bare) as bare:
        for capture in captures[:WARM]:
            _seconds(ours, capture), _seconds(bare, capture)
        for number in range(1, rounds + 1):
            pairs = [(_seconds(ours, one), _seconds(bare, one)) for one in captures]
            mine, base = (list(column) for column in zip(*pairs, strict=True))
            ratios.append(sum(mine) / sum(base))
            median_page = statistics.median(mine) / statistics.median(base)
            print(
                f"round {number}: {len(captures)} pages, reading {sum(mine):.1f} s of CPU, bare"
                f" trafilatura {sum(base):.1f} s: {ratios[-1]:.2f} ×; median page {median_page:.2f} ×",
                flush=True,
            )
    print(f"median ratio {statistics.median(ratios):.2f}")


@contextmanager
def _reader(work: Callable[[Connection], None]) -> Iterator[Connection]:
    """A process of its own that reads the pages sent to it, and answers each with its seconds of CPU."""
    here, there = Pipe()
    process = get_context("spawn").Process(target=work, args=(there,))
    process.start()
    try:
        yield here
    finally:
        here.send(None)
        process.join()


def _seconds(reader: Connection, capture: Capture) -> float:
    reader.send(capture)
    return float(reader.recv())


def _read_whole(pages: Connection) -> None:
    importlib.import_module("crawler.ingest.preload")  # a worker of a crawl starts with this
    context = one_story()
    gc.freeze()  # as it does
    _serve(pages, lambda capture: read(capture, context))


def _read_bare(pages: Connection) -> None:
    from trafilatura import bare_extraction

    _serve(pages, lambda one: bare_extraction(one.body, url=one.url, with_metadata=True))


def _serve(pages: Connection, work: Callable[[Capture], Any]) -> None:
    logging.disable(logging.CRITICAL)
    while (capture := pages.recv()) is not None:
        pages.send(_clocked(work, capture))


def _clocked(work: Callable[[Capture], Any], capture: Capture) -> float:
    """The seconds of CPU that one page takes."""
    started = time.process_time()
    work(capture)
    return time.process_time() - started


def tell_steps(captures: Sequence[Capture], context: ReadingContext) -> None:
    """Prints the share of each step that `extract_page` attempts, and of what comes behind it."""
    spent: Counter[str] = Counter()
    attempt = record.attempt

    def clocked(default: Any, step: Callable[..., Any], *args: Any, **options: Any) -> Any:
        started = time.process_time()
        value = attempt(default, step, *args, **options)
        spent[step.__name__] += time.process_time() - started  # type: ignore[assignment]
        return value

    record.attempt = clocked  # type: ignore[assignment]
    try:
        whole = sum(_clocked(lambda one: read(one, context), capture) for capture in captures)
    finally:
        record.attempt = attempt
    spent["all else: judge, fingerprint, identity"] = whole - sum(spent.values())  # type: ignore[assignment]
    for step, seconds in spent.most_common():
        print(f"  {step:40}{1000 * seconds / len(captures):7.2f} ms a page{seconds / whole:7.1%}")


if __name__ == "__main__":
    main()
