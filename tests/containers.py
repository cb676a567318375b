"""Archives as other tools write them, made for the tests."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path

from index.archive.containers import Item, read_container
from index.archive.warc import Damage
from index.capture import Capture

CASES = Path(__file__).with_name("data") / "containers"
DATE = "2023-02-04T12:00:00Z"


def record(kind: str, url: str, block: bytes, *, date: str = DATE, **fields: str) -> bytes:
    """A WARC record as bytes."""
    named = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": date,
        "Content-Type": "application/http; msgtype=response",
        **{name.replace("_", "-"): value for name, value in fields.items()},
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"WARC/1.0\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def response(body: bytes, headers: Mapping[str, str] | None = None, status: int = 200) -> bytes:
    """An HTTP response as bytes."""
    lines = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} OK\r\n{head}\r\n".encode() + body


def page(name: str, **fields: str) -> bytes:
    """A WARC record with a page of that name in it."""
    url = f"https://selwyn-gazette.example/{name}"
    return record("response", url, response(f"<p>page {name}</p>".encode() * 20), **fields)


def packed(records: Iterable[bytes]) -> bytes:
    """Each record as a gzip member."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def read(path: Path, data: bytes) -> list[Item]:
    """What is in a file with this content."""
    path.write_bytes(data)
    return list(read_container(path))


def names(items: Iterable[Item]) -> list[str]:
    """The last parts of the addresses of the captures among them."""
    return [item.url.rpartition("/")[2] for item in items if isinstance(item, Capture)]


def damage(items: Iterable[Item]) -> list[str]:
    """The reasons of the damage among them."""
    return [item.reason for item in items if isinstance(item, Damage)]
