"""Memory and time of `export`, format by format, at growing sizes.

    python -m bench.speed.exporting [--rows 10000,100000] [--articles 1000,4000]

First the writers alone, each in a process of its own, fed with the records of made-up articles one by
one: whether what they hold grows with the rows. Then the verb itself on a made-up desk, the query and
the reading with it (JSON Lines is the baseline), and what the order of all ids takes by itself.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.made_up.articles import make_articles
from index.article import Article, Verdict
from index.capture import ArchiveRef, Capture
from index.corpus.export_record import FIELDS, to_record
from index.families.fingerprint import fingerprint
from index.fulltext.indexer import update_index
from index.fulltext.searcher.ordered import order_codes
from index.store import StoreWriter
from search_cli.output.render import write_rows
from search_cli.output.tables import write_table
from search_cli.view.exporting import columns_of, flat_types, flatten, types_of

WRITERS = ("csv", "jsonl", "parquet", "xlsx")
VERBS = ("jsonl", "csv", "parquet", "xlsx", "sqlite")
WORKSPACE = 'contact = "bench@clippings.example"\n'


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="10000,100000")
    parser.add_argument("--articles", default="1000,4000")
    parser.add_argument("--ids", default="1000000")
    parser.add_argument("--one", nargs=2, metavar=("FORMAT", "ROWS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return _write_one(options.one[0], int(options.one[1]))
    for count in map(int, filter(None, options.rows.split(","))):
        for style in WRITERS:
            _child(f"writer {style:<8}{count:>10,} rows", "--one", style, str(count))
    for count in map(int, filter(None, options.articles.split(","))):
        with tempfile.TemporaryDirectory() as folder:
            desk = Path(folder) / "desk"
            # In a process of its own: a child's peak begins with what its parent held.
            _child(f"make   {'desk':<8}{count:>10,} articles", "--one", str(desk), str(count))
            for style in VERBS:
                output = Path(folder) / f"out.{style}"
                line = ("-C", str(desk), "-q", "export", "*", "-f", style, "-o", str(output))
                _child(f"export {style:<8}{count:>10,} articles", *line, module="search_cli.main")
    for count in map(int, filter(None, options.ids.split(","))):
        _child(f"order  {'ids':<8}{count:>10,} articles", "--one", "ids", str(count))
    return 0


def _child(told: str, *words: str, module: str = "bench.speed.exporting") -> None:
    """Run a command, and print its CPU and its peak."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = (
        "import resource, runpy, sys\n"
        f"sys.argv = ['{module}', *sys.argv[1:]]\n"
        "try:\n"
        f"    runpy.run_module('{module}', run_name='__main__')\n"
        "finally:\n"
        "    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "    sys.__stdout__.write(f'{peak} MiB at the peak')\n"
    )
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    clock = time.monotonic() - started
    print(f"{told}: {done.stdout or done.stderr[-300:]}, {cpu:.1f} s of CPU, {clock:.1f} s")


def _records(count: int) -> Iterator[dict[str, Any]]:
    """Records of made-up articles; two thousand texts under ever new ids."""
    known = [to_record(one) for one in make_articles(2_000)]
    for number in range(count):
        yield {**known[number % len(known)], "id": f"{number:07d}"}


def _write_one(style: str, count: int) -> int:
    if style == "ids":
        codes = array("Q", range(10**9, 10**9 + count))
        order_codes(codes, range(count), range(count), real=False)
        return 0
    if "/" in style:
        _make_desk(Path(style), count)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / f"out.{style}"
        rows = _records(count)
        if style == "parquet":
            write_table(output, "parquet", types_of(FIELDS), rows, name="articles")
        elif style == "xlsx":
            write_table(output, "xlsx", flat_types(FIELDS), map(flatten, rows), name="articles")
        else:
            fields = columns_of(FIELDS) if style == "csv" else FIELDS
            flat = map(flatten, rows) if style == "csv" else rows
            with output.open("w", encoding="utf-8") as file:
                file.writelines(write_rows(flat, fields, "csv" if style == "csv" else "jsonl"))
    return 0


def _make_desk(root: Path, count: int) -> None:
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text(WORKSPACE, "utf-8")
    (root / "outlets.toml").write_text("", "utf-8")
    with StoreWriter.open(root / "data" / "pressclip.db") as store:
        with store.transaction():
            for number, one in enumerate(make_articles(count)):
                _record(store, one.article, number)
        update_index(store, root / "data" / "index")


def _record(store: StoreWriter, article: Article, number: int) -> None:
    """Put an article into the store, with a capture that exists in name only."""
    ref = ArchiveRef(file="b.warc.gz", offset=number, length=1, digest=f"sha256:{number}")
    capture = Capture(
        url=article.url, status=200, headers=(), body=b"", fetched=article.fetched, ref=ref
    )
    store.articles.record(
        article,
        key=article.url,
        capture=store.captures.add(capture, outlet=article.outlet),
        verdicts=(Verdict(story="all", decision="on-story", score=1.0),),
        fingerprint=fingerprint(article),
    )


if __name__ == "__main__":
    sys.exit(main())
