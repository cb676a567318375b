"""CDXJ: a line for each capture of a WARC file, sorted by address, and its packed form (ZipNum).

`org,example)/page 20230204120000 {"url": …, "offset": …}`: what pywb, ReplayWeb.page and every reader of
WACZ look addresses up in (specs.webrecorder.net/cdxj). Own code, as the library for the sort key, surt,
is under the AGPL.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Self
from urllib.parse import urlsplit

from index.capture import Capture

BLOCK = 3000
"""Lines in one block of a packed index, as in other writers of WACZ."""
_WWW = re.compile(r"^www\d*\.")
_PORTS = {"http": 80, "https": 443}


def sort_key(url: str) -> str:
    """The address as captures are sorted by: host turned round, small letters, no `www`, query sorted.

    `https://www.News.example/A/?b=2&a=1` gives `example,news)/a?a=1&b=2` (SURT, as the Internet Archive
    writes it). What is not a http(s) address is its own key.
    """
    try:
        parts = urlsplit(url.lower())
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in _PORTS or not parts.hostname:
        return url
    host = ",".join(reversed(_WWW.sub("", parts.hostname).split(".")))
    place = f":{port}" if port not in (None, _PORTS[parts.scheme]) else ""
    path = parts.path.rstrip("/") or "/"
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{host}{place}){path}" + (f"?{query}" if query else "")


def index_line(capture: Capture, *, file: str, offset: int) -> str:
    """The line of a capture whose record is at that place; raises `ValueError` without a reference."""
    if capture.ref is None:
        raise ValueError("only what is archived has a line in an index")
    said: dict[str, Any] = {
        "url": capture.url,
        "mime": capture.header("Content-Type").partition(";")[0].strip() or "unk",
        "status": str(capture.status),
        "digest": capture.ref.digest,
        "length": str(capture.ref.length),
        "offset": str(offset),
        "filename": file,
    }
    key = sort_key(capture.url).replace(" ", "%20")
    return f"{key} {capture.fetched:%Y%m%d%H%M%S} {json.dumps(said, ensure_ascii=False)}"


class SortedLines:
    """Lines in their order, however many: runs that fit into memory are sorted and merged from the disk."""

    def __init__(self, folder: Path, *, most: int = 20_000) -> None:
        self._folder = folder
        self._most = most
        self._lines: list[str] = []
        self._runs: list[IO[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for run in self._runs:
            run.close()

    def add(self, line: str) -> None:
        """One line, without its end."""
        self._lines.append(line)
        if len(self._lines) >= self._most:
            run = TemporaryFile("w+", encoding="utf-8", newline="\n", dir=self._folder)  # noqa: SIM115 - closed at the end
            self._runs.append(run)
            run.writelines(f"{line}\n" for line in sorted(self._lines))
            self._lines.clear()

    def __iter__(self) -> Iterator[str]:
        """The lines, sorted; read once, when all are there."""
        for run in self._runs:
            run.seek(0)
        runs = ((line.removesuffix("\n") for line in run) for run in self._runs)
        return merge(*runs, iter(sorted(self._lines)))


def packed_index(lines: Iterable[str], *, name: str) -> Iterator[tuple[bytes, str]]:
    """Sorted lines as gzip blocks, each with its line for `index.idx`; the first pair is the heading.

    `name` is the file that the blocks go into.
    """
    about = {"format": "cdxj-gzip-1.0", "filename": name}
    yield b"", f"!meta 0 {json.dumps(about)}\n"
    offset, rest = 0, iter(lines)
    while block := list(islice(rest, BLOCK)):
        data = gzip.compress("".join(f"{line}\n" for line in block).encode("utf-8"), mtime=0)
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        place = {"offset": offset, "length": len(data), "digest": digest}
        first = " ".join(block[0].split(" ", 2)[:2])
        yield data, f"{first} {json.dumps(place)}\n"
        offset += len(data)
