"""Archives whose request records lack their method: told, mended, and whole at every moment of it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import random
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from index.archive import Archive
from index.archive.warc.members import walk_members
from index.archive.warc.mending import mend_record
from index.capture import Capture, Listing
from index.maintenance import mend
from index.store import Store, StoreWriter
from index.store.rewrites import Rewrites
from index.workspace import Workspace

Command = Callable[..., Any]
WHEN = datetime(2023, 2, 4, 12, tzinfo=UTC)


def capture(number: int) -> Capture:
    return Capture(
        url=f"https://prairie-courier.example/article.php?id={number}",
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=b"<p>page %d</p>" % number,
        fetched=WHEN,
        listing=Listing(channel="feed"),
        request_headers=(("User-Agent", "pressclip"), ("Accept-Encoding", "gzip")),
    )


def make_archive(folder: Path, files: int = 2) -> None:
    for file in range(files):
        with Archive(folder) as archive:
            for number in range(3):
                archive.append(capture(10 * file + number))


def spoil(path: Path) -> None:
    """Write a file as the version did that lost the methods."""
    data = path.read_bytes()
    parts = []
    for member in walk_members(path):
        plain = gzip.decompress(data[member.start : member.end])
        headers, _, block = plain.partition(b"\r\n\r\n")
        if b"WARC-Type: request" in headers:
            block = block.removeprefix(b"GET ")
            length = len(block) - len(b"\r\n\r\n")
            digest = base64.b32encode(hashlib.sha1(block[:length]).digest())
            headers = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % length, headers)
            headers = re.sub(rb"(Block-Digest: sha1:)\w+", rb"\g<1>" + digest, headers)
            plain = headers + b"\r\n\r\n" + block
        parts.append(gzip.compress(plain))
    path.write_bytes(b"".join(parts))


@pytest.fixture
def old(desk: Path) -> Path:
    """A workspace whose archive was written by that version, with a store that names what is in it."""
    make_spoiled(desk)
    return desk


def make_spoiled(desk: Path, files: int = 2) -> None:
    archive = desk / "data" / "archive"
    make_archive(archive, files)
    for path in archive.rglob("*.warc.gz"):
        spoil(path)
    with StoreWriter.open(desk / "data" / "pressclip.db") as store:
        for item in Archive(archive).captures():
            assert isinstance(item, Capture)
            store.captures.decide(
                store.captures.add(item, outlet="prairie-courier.example"), "off-story"
            )


def request_lines(folder: Path) -> list[str]:
    lines = []
    for path in sorted(folder.rglob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                text = record.content_stream().read()
                if record.rec_type == "request":
                    assert record.payload_length >= len(text)
                    lines.append(f"{record.http_headers.protocol} {record.http_headers.statusline}")
    return lines


def held(desk: Path) -> list[Capture]:
    """What the store names, read from the archive by its places there."""
    archive = Archive(desk / "data" / "archive")
    with Store.open(desk / "data" / "pressclip.db") as store:
        rows = store._connection.execute(
            'SELECT file, "offset", length, digest FROM captures ORDER BY id'
        ).fetchall()
    from index.capture import ArchiveRef

    return [
        archive.read(ArchiveRef(file=row[0], offset=row[1], length=row[2], digest=row[3]))
        for row in rows
    ]


def test_a_request_is_written_with_its_method(tmp_path: Path) -> None:
    make_archive(tmp_path, files=1)
    assert request_lines(tmp_path)[1] == "GET /article.php?id=1 HTTP/1.1"


def test_a_request_without_method_is_told_as_a_fault(old: Path, pressclip: Command) -> None:
    said = pressclip("doctor")
    assert said.status == 4
    assert "lack their method" in said.out
    assert "pressclip doctor --fix" in said.out


def test_mended_every_capture_lies_where_the_store_says(old: Path, pressclip: Command) -> None:
    before = [(one.url, one.body, one.fetched) for one in held(old)]
    assert pressclip("doctor", "--fix").status == 0
    assert [(one.url, one.body, one.fetched) for one in held(old)] == before
    lines = request_lines(old / "data" / "archive")
    assert len(lines) == 6
    assert all(line.startswith("GET /article.php?id=") for line in lines)
    said = pressclip("verify")
    assert (said.status, "archive" in said.out) == (0, False)


def test_mended_twice_nothing_is_left_to_do(old: Path, pressclip: Command) -> None:
    pressclip("doctor", "--fix")
    files = {path.name for path in (old / "data" / "archive").rglob("*.warc.gz")}
    said = pressclip("doctor", "--fix")
    assert "nothing needed repair" in said.err
    assert {path.name for path in (old / "data" / "archive").rglob("*.warc.gz")} == files


def test_nothing_but_requests_and_the_files_own_name_is_changed(tmp_path: Path) -> None:
    make_archive(tmp_path, files=1)
    [path] = tmp_path.rglob("*.warc.gz")
    spoil(path)
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08\x00torn")
    archive = Archive(tmp_path)
    old = path.read_bytes()
    kept = [
        old[m.start : m.end]
        for m in walk_members(path)
        if m.start and b"WARC-Type: request" not in m.head
    ]
    new, _ = archive.mend(path.relative_to(tmp_path).as_posix())
    data = (tmp_path / (new + ".rewritten")).read_bytes()
    assert all(member in data for member in kept)
    assert data.endswith(b"\x1f\x8b\x08\x00torn")
    assert Path(new).name.encode() in gzip.GzipFile(fileobj=io.BytesIO(data)).read(400)


class Killed(BaseException):
    """Stands for a SIGKILL between two steps."""


@pytest.mark.parametrize(
    ("owner", "step", "call"),
    [
        (Archive, "mend", 1), (Rewrites, "note", 1), (Rewrites, "note", 2),
        (Archive, "replace", 1), (Archive, "replace", 2), (mend, "finish_rewrites", 3),
    ],
)  # fmt: skip
def test_killed_between_two_steps_it_loses_nothing_and_is_continued(
    old: Path, owner: Any, step: str, call: int, monkeypatch: pytest.MonkeyPatch, pressclip: Command
) -> None:
    before = [(one.url, one.body) for one in held(old)]
    real, calls = getattr(owner, step), []

    def kill(*given: Any, **named: Any) -> Any:
        calls.append(given)
        if len(calls) == call:
            raise Killed
        return real(*given, **named)

    workspace = Workspace.load(old)
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, kill)
        with (
            pytest.raises(Killed),
            StoreWriter.open(workspace.database) as store,
            Archive(workspace.archive_dir) as archive,
        ):
            list(mend.mend_requests(store, archive))
    assert [(one.url, one.body) for one in held(old)] == before
    assert pressclip("doctor", "--fix").status == 0
    assert [(one.url, one.body) for one in held(old)] == before
    said = pressclip("verify")
    assert (said.status, "archive" in said.out) == (0, False)
    assert len(list((old / "data" / "archive").rglob("*.warc.gz*"))) == 2


STRUCK = """
import sys
from pathlib import Path
from index.archive import Archive
from index.maintenance import mend
from index.store import StoreWriter
with StoreWriter.open(Path(sys.argv[1])) as store, Archive(Path(sys.argv[2])) as archive:
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in mend.mend_requests(store, archive):
        print("one", flush=True)
        sys.stdin.readline()
"""
FILES = 12


def test_a_real_kill_at_any_moment_of_the_mending_loses_nothing(
    desk: Path, pressclip: Command
) -> None:
    make_spoiled(desk, files=FILES)
    workspace, rng = Workspace.load(desk), random.Random(11)
    before = [(one.url, one.body, one.fetched) for one in held(desk)]
    for files in (0, 3, 4):  # mended by a process before it is struck in the next one, or before it
        command = [sys.executable, "-c", STRUCK]
        command += [str(workspace.database), str(workspace.archive_dir)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE) as child:
            assert child.stdout
            assert child.stdin
            for _ in range(files + 1):
                assert child.stdout.readline()
                child.stdin.write(b"go on\n")
                child.stdin.flush()
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(timeout=rng.uniform(0, 0.01))
            child.kill()
        assert [(one.url, one.body, one.fetched) for one in held(desk)] == before
    assert pressclip("doctor", "--fix").status == 0
    assert [(one.url, one.body, one.fetched) for one in held(desk)] == before
    lines = request_lines(desk / "data" / "archive")
    assert len(lines) == 3 * FILES
    assert all(line.startswith("GET ") for line in lines)
    said = pressclip("verify")
    assert (said.status, "archive" in said.out) == (0, False)
    assert len(list((desk / "data" / "archive").rglob("*.warc.gz*"))) == FILES


@pytest.mark.parametrize(
    "record",
    [
        b"WARC/1.1\r\nWARC-Type: request\r\nContent-Length: 18\r\n\r\nGET /a HTTP/1.1\r\n\r\n\r\n\r\n",
        b"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: 15\r\n\r\n/a HTTP/1.1\r\n\r\n\r\n\r\n",
        b"WARC/1.1\r\nWARC-Type: request\r\n\r\n/a HTTP/1.1\r\n\r\n",
        b"",
    ],
    ids=["has-one", "no-request", "no-length", "empty"],
)
def test_what_is_no_request_without_method_is_left_alone(record: bytes) -> None:
    assert mend_record(record) is None


@pytest.mark.parametrize("tool", ["warcio", "fastwarc"])
def test_other_tools_find_a_mended_file_whole(old: Path, pressclip: Command, tool: str) -> None:
    command = Path(sys.executable).with_name(tool)
    if not command.exists():
        pytest.skip(f"{tool} is not installed")
    pressclip("doctor", "--fix")
    for path in (old / "data" / "archive").rglob("*.warc.gz"):
        done = subprocess.run([command, "check", path], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
