"""The captures behind what a person names: an address, an HTML or WARC file, standard input."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from crawler.extract.text import one_line
from crawler.ingest.run import is_page
from crawler.pages import capture_of_answer, capture_of_html
from crawler.refusal import Refusal
from crawler.urls import clean, url_fault
from index.archive.containers import is_container, read_container
from index.archive.warc import MAX_BODY, Damage
from index.capture import Capture
from index.errors import ArchiveError, PressclipError, UsageError
from index.files import storage_errors
from index.workspace import Workspace

ADVICE = {
    "blocked-address": "a private address needs a desk with allow_private = true",
    "blocked-port": "only ports 80 and 443 are fetched, but the one you name",
    "robots": "robots.txt is obeyed; save the page with a browser and give the file",
    "robots-unreachable": "try again later, or save the page with a browser and give the file",
    "resting": "try again later, or save the page with a browser and give the file",
    "dns": "is the name spelled right?",
    "refused": "is the server running, and the port right?",
}

_LOOK = 64 * 1024  # bytes in which a file says what it is

Unread = Callable[[str, str], None]  # told a place in a file, and why nothing is read there


def captures_of(
    source: str,
    url: str,
    workspace: Workspace | None,
    *,
    fetching: Callable[[str], None],
    unread: Unread,
) -> tuple[Iterable[Capture], bool]:
    """The captures behind an address, a file or `-`, and whether there may be many.

    `url` is where the page of an HTML file came from, if that is known. `fetching` is told the
    address that is fetched, `unread` which records of a WARC file cannot be read, and why. What is
    fetched is archived in the workspace, if there is one.

    Raises `UsageError`, `StorageError`, `WorkspaceBusy`, or `PressclipError` for a page that is not to
    be had.
    """
    if source.lower().startswith(("http://", "https://")):
        return [_fetched(source, workspace, fetching)], False
    return _read(source, url, unread)


def _fetched(source: str, workspace: Workspace | None, fetching: Callable[[str], None]) -> Capture:
    if fault := url_fault(source):
        raise UsageError(f"{one_line(source, 200)}: not the address of a page ({fault})")
    from crawler.wire.lookup import fetch_pages  # with Scrapy, which a file does not need

    url = clean(source)
    fetching(url)
    page = fetch_pages(workspace, [url])[url]
    if isinstance(page, Refusal):
        raise PressclipError(f"{url}: not fetched: {page}", hint=ADVICE.get(page.code, ""))
    return capture_of_answer(page)


def _read(source: str, url: str, unread: Unread) -> tuple[Iterable[Capture], bool]:
    """The captures of a file, and whether it may hold many; raises `UsageError` or `StorageError`."""
    if url and url_fault(url):
        raise UsageError(
            f"--url {one_line(url, 200)}: not the address of a page ({url_fault(url)})"
        )
    if source != "-" and "://" in source:
        raise UsageError(f"{one_line(source, 200)}: only http and https addresses can be read")
    if source == "-":
        return _read_stream(sys.stdin.buffer, url, unread)
    path = Path(source)
    if not path.is_file():
        problem, hint = "no such file", "an address begins with https://"
        if path.is_dir():
            problem, hint = "a folder", "name the files in it, one at a time"
        raise UsageError(f"{one_line(source, 200)}: {problem}", hint=hint)
    with storage_errors(path), path.open("rb") as file:
        if not is_container(file.read(_LOOK)):
            file.seek(0)
            return [_from_html(file, url, path.resolve().as_uri(), _written(path))], False
    return _from_container(path, url, unread), True


def _read_stream(stream: IO[bytes], url: str, unread: Unread) -> tuple[Iterable[Capture], bool]:
    """The captures of standard input; a WARC file is put aside, since it is read by its offsets."""
    with tempfile.NamedTemporaryFile(suffix=".warc", delete=False) as copy:
        path = Path(copy.name)
        chunk = stream.read(1 << 20)
        most = sys.maxsize if is_container(chunk) else MAX_BODY  # a pipe may never end
        while chunk and copy.tell() <= most:
            copy.write(chunk)
            chunk = stream.read(1 << 20)
    try:
        with path.open("rb") as file:
            if not is_container(file.read(_LOOK)):
                file.seek(0)
                return [_from_html(file, url, "file:///dev/stdin", datetime.now(UTC))], False
    except BaseException:
        path.unlink()
        raise
    return _removing(path, url, unread), True


def _removing(path: Path, url: str, unread: Unread) -> Iterator[Capture]:
    try:
        yield from _from_container(path, url, unread)
    finally:
        path.unlink()


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _from_html(file: IO[bytes], url: str, place: str, moment: datetime) -> Capture:
    """The page of an HTML file; it is taken to be from where it says that it is from."""
    body = file.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise UsageError(f"{place}: over {MAX_BODY // 2**20} MiB, no page of news")
    return capture_of_html(body, url=url, place=place, written=moment)


def _from_container(path: Path, url: str, unread: Unread) -> Iterator[Capture]:
    """The pages of an archive or a saved page, of which `url` may be known better."""
    found = 0
    damage: Damage | None = None
    for item in read_container(path):
        if isinstance(item, Damage):
            damage = item
            where = f"{path}, offset {item.offset}"
            unread(where, one_line(item.reason, 200))
        elif isinstance(item, Capture):
            found += 1
            if is_page(item):
                yield replace(item, url=clean(url)) if url and item.is_resource else item
    if not found:
        raise ArchiveError(f"{path}: {damage.reason if damage else 'no page in it'}")
