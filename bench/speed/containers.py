"""How fast archives of others are read, all of them and almost nothing of them, beside warcio and FastWARC.

    python -m bench.speed.containers [FILE.warc.gz] [--pages 3000]

Without a file one is made up, a gzip member for each record. `read` decodes every page; `pass over`
wants an outlet that is not in the file, which is what a stream of CC-NEWS mostly comes to; `one in 50`
wants ten outlets of the made-up file, with its index and without, and tells how much of it was read.
MB are of the packed file, seconds of CPU; the best of three runs. What is beside ours decodes bodies
too where it is told to read.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import fastwarc.warc as fastwarc
from warcio.archiveiterator import ArchiveIterator

from index.archive.containers import read_container, read_stream
from index.capture import Capture

RUNS = 3
WORDS = ("balloon", "prairie", "county", "sheriff", "harbour", "council", "drifted", "morning")


def made_up(path: Path, pages: int) -> None:
    """A file of that many pages of about 40 kB, packed as an archive's are."""
    dice = random.Random(1)
    with path.open("wb") as file:
        for number in range(pages):
            words = (dice.choice(WORDS) + str(dice.randrange(3_000)) for _ in range(4_000))
            body = f"<html><body><p>{' '.join(words)}</p></body></html>".encode()
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2023-02-04T12:00:00Z\r\n"
                f"WARC-Record-ID: <urn:uuid:{number:032x}>\r\n"
                f"WARC-Target-URI: https://outlet-{number % 500}.example/{number}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + block + b"\r\n\r\n", 6))


def ours(path: Path) -> int:
    return sum(isinstance(item, Capture) for item in read_container(path))


def ours_passing(path: Path) -> int:
    return sum(1 for _ in read_container(path, wanted=lambda _url, _moment: "other-host"))


def index_of(path: Path) -> list[str]:
    """The index of a file with a gzip member a record, as CDXJ."""
    lines = []
    with path.open("rb") as file:
        for record in fastwarc.ArchiveIterator(file, record_types=fastwarc.WarcRecordType.response):
            record.reader.consume()
            url = record.headers["WARC-Target-URI"]
            lines.append((record.stream_pos, url))
    ends = [place for place, _ in lines[1:]] + [path.stat().st_size]
    return [
        f"x 20230204120000 {json.dumps({'url': url, 'offset': place, 'length': end - place})}"
        for (place, url), end in zip(lines, ends, strict=True)
    ]


class CountedFile(io.FileIO):
    """A file that counts the bytes read of it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(-1 if size is None else size) or b""
        self.count += len(data)
        return data


def few(path: Path, index: list[str] | None) -> tuple[int, int]:
    """Pages of one outlet in fifty, and the bytes read for them."""

    def reason(url: str, moment: datetime | None) -> str:
        del moment
        return (
            "" if int(url[len("https://outlet-") :].partition(".")[0]) % 50 == 0 else "other-host"
        )

    with CountedFile(path) as file:
        items = read_stream(file, path.name, wanted=reason, index=index)
        return sum(isinstance(item, Capture) for item in items), file.count


def by_warcio(path: Path) -> int:
    count = 0
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                record.content_stream().read()
                count += 1
    return count


def warcio_passing(path: Path) -> int:
    with path.open("rb") as file:
        return sum(record.rec_type == "response" for record in ArchiveIterator(file))


def by_fastwarc(path: Path) -> int:
    count = 0
    response = fastwarc.WarcRecordType.response
    with path.open("rb") as file:
        for record in fastwarc.ArchiveIterator(file, record_types=response, auto_decode="all"):
            record.reader.read()
            count += 1
    return count


def fastwarc_passing(path: Path) -> int:
    response = fastwarc.WarcRecordType.response
    with path.open("rb") as file:
        records = fastwarc.ArchiveIterator(file, record_types=response, parse_http=False)
        return sum(1 for _ in records)


def best(work: Callable[[Path], Any], path: Path) -> tuple[float, Any]:
    """The least seconds of CPU of three runs, and what the work counted."""
    times, count = [], 0
    for _ in range(RUNS):
        started = time.process_time()
        count = work(path)
        times.append(time.process_time() - started)
    return min(times), count


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    options.add_argument("file", type=Path, nargs="?")
    options.add_argument("--pages", type=int, default=3_000)
    asked = options.parse_args()
    with TemporaryDirectory() as folder:
        path = asked.file or Path(folder) / "made-up.warc.gz"
        if not asked.file:
            made_up(path, asked.pages)
        size = path.stat().st_size / 1e6
        print(f"{path.name}: {size:,.0f} MB")
        for name, works in (
            ("read", {"pressclip": ours, "warcio": by_warcio, "FastWARC": by_fastwarc}),
            (
                "pass over",
                {
                    "pressclip": ours_passing,
                    "warcio": warcio_passing,
                    "FastWARC": fastwarc_passing,
                },
            ),
        ):
            for tool, work in works.items():
                seconds, count = best(work, path)
                print(f"  {name:<10} {tool:<10} {size / seconds:7.1f} MB/s  {count:,} records")
        if not asked.file:
            index = index_of(path)
            for tool, lines in (("no index", None), ("index", index)):
                seconds, (count, read) = best(partial(few, index=lines), path)
                share = read / path.stat().st_size
                print(
                    f"  {'one in 50':<10} {tool:<10} {size / seconds:7.1f} MB/s  {count:,} pages,"
                    f" {share:.1%} of the bytes read"
                )


if __name__ == "__main__":
    main()
