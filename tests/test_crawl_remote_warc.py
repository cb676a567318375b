"""`crawl --warc https://…`: an archive of the web is read as it streams, and resumed where it broke off."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import random
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.wire.remote_file import RemoteFile, RemoteFileError, SeekableRemoteFile, _Guard
from index.archive.zstandard import zstd
from tests.containers import packed
from tests.test_crawl_import import AIRSHIP, article, corpus

Command = Callable[..., Any]
OUTLET = "prairie-courier.example"
TITLES = [f"Balloon number {number}" for number in range(6)]


ARCHIVE = packed(
    article(f"p{number}", title, more=f"<!-- {random.Random(number).randbytes(60_000).hex()} -->")
    for number, title in enumerate(TITLES)
)


class WarcServer:
    """Serves one archive with ranges; `breaks` are how many bytes each answer gives
    before it ends; 0 is an answer 410, and a number below 0 another error."""

    def __init__(self) -> None:
        self.ranges: list[str] = []
        self.breaks: list[int | None] = []
        self.url = ""
        self.leads_to = ""
        self.data = ARCHIVE
        self.etag = '"one"'
        self.gives_ranges = True
        self.gives = "bytes {start}-999999999/{whole}"
        self.sent = 0

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("Range", "")
        self.ranges.append(asked)
        if self.leads_to:
            handler.send_response(302)
            handler.send_header("Location", self.leads_to)
            handler.end_headers()
            return
        most = self.breaks.pop(0) if self.breaks else None
        if most is not None and most <= 0:
            handler.send_error(-most or 410)
            return
        is_same = handler.headers.get("If-Range", self.etag) == self.etag
        is_part = bool(asked) and is_same and self.gives_ranges
        start = int(asked.removeprefix("bytes=").rstrip("-")) if is_part else 0
        data = self.data[start:]
        handler.send_response(206 if is_part else 200)
        if is_part and self.gives:
            handler.send_header(
                "Content-Range", self.gives.format(start=start, whole=len(self.data))
            )
        handler.send_header("Content-Length", str(len(data)))
        handler.send_header("ETag", self.etag)
        if self.gives_ranges:
            handler.send_header("Accept-Ranges", "bytes")
        handler.end_headers()
        with contextlib.suppress(OSError):  # who has enough hangs up
            for at in range(0, len(data[:most]), 65_536):
                handler.wfile.write(data[:most][at : at + 65_536])
                self.sent += 65_536


@pytest.fixture
def served(desk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WarcServer]:
    (desk / "stories" / "airship.toml").write_text(AIRSHIP, "utf-8")
    with (desk / "workspace.toml").open("r+") as file:
        text = file.read()
        file.seek(0)
        file.write("allow_private = true\n" + text)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with _serve() as server:
        yield server


@contextmanager
def _serve() -> Iterator[WarcServer]:
    state = WarcServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/pages.warc.gz"
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def index_of(archive: bytes) -> str:
    """The index of the made-up archive, by its gzip members."""
    lines, offset = [], 0
    while offset < len(archive):
        decoder = zlib.decompressobj(31)
        plain = decoder.decompress(archive[offset:])
        length = len(archive) - offset - len(decoder.unused_data)
        url = plain.partition(b"WARC-Target-URI: ")[2].partition(b"\r\n")[0].decode()
        said = {"url": url, "offset": offset, "length": length, "filename": "pages.warc.gz"}
        lines.append(f"x 20230204120000 {json.dumps(said)}")
        offset += length
    return "\n".join(lines)


OF_OTHERS = packed(
    article(f"q{number}", "Other news", more=f"<!-- {random.Random(number).randbytes(900_000).hex()} -->")
    .replace(b"prairie-courier", b"somebody-else--")
    for number in range(6)
)  # fmt: skip


@pytest.mark.parametrize("is_right", [True, False])
def test_records_of_other_outlets_are_not_sent_where_an_index_tells_their_places(
    desk: Path,
    served: WarcServer,
    pressclip: Command,
    caplog: pytest.LogCaptureFixture,
    is_right: bool,
) -> None:
    served.data = OF_OTHERS + ARCHIVE
    index = index_of(served.data)
    (desk / "pages.cdxj").write_text(
        index if is_right else index.replace('"offset": ', '"offset": 1')
    )
    told = ("--outlet", OUTLET, "--index", "pages.cdxj", "-j", "1")
    said = pressclip("crawl", "--warc", served.url, *told)
    assert said.status == 0, said.err
    assert titles(desk) == TITLES
    assert "6 records of other outlets" in said.err
    assert ("its index is not used" in caplog.text) is not is_right
    assert ("1 file whose index does not fit (read whole)" in said.err) is not is_right
    jump = [f"bytes={len(OF_OTHERS) - 1}-"]  # to the last byte of them, to see that it is there
    assert (served.ranges[1:] == jump) is is_right


def titles(desk: Path) -> list[str]:
    return sorted(held.article.title for held in corpus(desk).values())


def test_a_connection_that_breaks_is_taken_up_by_a_range(
    desk: Path, served: WarcServer, pressclip: Command
) -> None:
    served.breaks = [200_000]
    said = pressclip("crawl", "--warc", served.url, "-j", "1")
    assert said.status == 0, said.err
    assert titles(desk) == TITLES
    assert served.ranges == ["", "bytes=200000-"]


def test_what_was_read_to_its_end_is_not_asked_for_again(
    desk: Path, served: WarcServer, pressclip: Command
) -> None:
    pressclip("crawl", "--warc", served.url, "-j", "1")
    served.ranges.clear()
    said = pressclip("crawl", "--warc", served.url, "-j", "1")
    assert (said.status, served.ranges) == (0, [])
    assert "1 file read to its end by an earlier run" in said.err
    pressclip("crawl", "--warc", served.url, "--since", "2023-02-01", "-j", "1")
    assert served.ranges == [""]  # another question reads it anew


def test_the_next_run_goes_on_where_one_was_given_up(
    desk: Path, served: WarcServer, pressclip: Command, caplog: pytest.LogCaptureFixture
) -> None:
    served.breaks = [200_000, 0]
    said = pressclip("crawl", "--warc", served.url, "-j", "1")
    assert said.status == 3
    assert "http-410: Gone; the next run goes on from there" in caplog.text
    before = titles(desk)
    assert 0 < len(before) < len(TITLES)
    served.ranges.clear()
    assert pressclip("crawl", "--warc", served.url, "-j", "1").status == 0
    assert titles(desk) == TITLES
    [asked] = served.ranges
    assert int(asked.removeprefix("bytes=").rstrip("-")) > 60_000


def test_a_file_that_changed_between_two_runs_is_read_again_from_its_beginning(
    desk: Path, served: WarcServer, pressclip: Command, caplog: pytest.LogCaptureFixture
) -> None:
    served.breaks = [200_000, 0]
    pressclip("crawl", "--warc", served.url, "-j", "1")
    served.ranges.clear()
    served.etag, served.data = '"two"', packed([article("new", "Balloon anew")]) + ARCHIVE
    said = pressclip("crawl", "--warc", served.url, "-j", "1")
    assert said.status == 3
    assert "changed: not the file that was begun" in caplog.text
    assert "it is read again from its beginning" in caplog.text
    assert titles(desk) == ["Balloon anew", *TITLES]
    assert served.ranges[0]
    assert served.ranges[1:] == [""]


def test_a_file_that_changes_while_it_is_read_is_begun_anew(
    desk: Path, served: WarcServer, pressclip: Command
) -> None:
    served.breaks = [200_000]

    def change(handler: BaseHTTPRequestHandler, real: Any = served.answer) -> None:
        if served.ranges:
            served.etag = '"two"'
        real(handler)

    served.answer = change  # type: ignore[method-assign]
    assert pressclip("crawl", "--warc", served.url, "-j", "1").status == 3
    assert titles(desk) == TITLES
    assert served.ranges == ["", "bytes=200000-", ""]


def test_what_needs_its_beginning_is_started_again_by_the_next_run(
    desk: Path, served: WarcServer, pressclip: Command, caplog: pytest.LogCaptureFixture
) -> None:
    served.url = served.url.replace(".warc.gz", ".warc.zst")
    served.data = zstd.compress(gzip.decompress(ARCHIVE))
    served.breaks = [len(served.data) - 1_000, 0]
    pressclip("crawl", "--warc", served.url, "-j", "1")
    assert "http-410: Gone; the next run starts it again" in caplog.text
    served.ranges.clear()
    assert pressclip("crawl", "--warc", served.url, "-j", "1").status == 0
    assert (titles(desk), served.ranges) == (TITLES, [""])


def wacz(archive: bytes, filler: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("archive/a.warc.gz", archive)
        file.writestr("pages/pages.jsonl", random.Random(1).randbytes(filler))
    return buffer.getvalue()


def test_a_wacz_of_the_web_is_read_by_ranges_its_index_first(
    desk: Path, served: WarcServer, pressclip: Command
) -> None:
    served.url = served.url.replace(".warc.gz", ".wacz")
    served.data = wacz(ARCHIVE, filler=20_000_000)
    said = pressclip("crawl", "--warc", served.url, "-j", "1")
    assert said.status == 0, said.err
    assert titles(desk) == TITLES
    assert (
        served.sent < 12_000_000
    )  # what lies in the server's and the system's buffers is sent too


def test_a_wacz_whose_server_gives_no_ranges_is_refused_in_one_line(
    desk: Path, served: WarcServer, pressclip: Command, caplog: pytest.LogCaptureFixture
) -> None:
    served.url = served.url.replace(".warc.gz", ".wacz")
    served.data, served.gives_ranges = wacz(ARCHIVE), False
    assert pressclip("crawl", "--warc", served.url, "-j", "1").status == 4
    assert "needs-ranges: its server gives no ranges: download it" in caplog.text


@pytest.mark.parametrize("gives_ranges", [True, False])
def test_long_records_of_others_in_a_plain_warc_are_not_even_sent(
    desk: Path, served: WarcServer, pressclip: Command, gives_ranges: bool
) -> None:
    served.url = served.url.removesuffix(".gz")
    long = article("film", "A film", more="x" * 20_000_000).replace(b"example/", b"example.org/")
    served.data = long + gzip.decompress(ARCHIVE)
    served.gives_ranges = gives_ranges
    said = pressclip("crawl", "--warc", served.url, "--outlet", OUTLET, "-j", "1")
    assert said.status == 0, said.err
    assert titles(desk) == TITLES
    assert (served.sent < 12_000_000) is gives_ranges


def test_a_private_address_needs_a_word_of_the_user(desk: Path, pressclip: Command) -> None:
    (desk / "stories" / "airship.toml").write_text(AIRSHIP, "utf-8")
    said = pressclip("crawl", "--warc", "http://127.0.0.1:9/x.warc.gz", "-j", "1")
    assert (said.status, "a private address" in said.err) == (2, True)


def test_a_public_address_does_not_lead_to_a_private_one(
    desk: Path,
    pressclip: Command,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (desk / "stories" / "airship.toml").write_text(AIRSHIP, "utf-8")
    with _serve() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/pages.warc.gz"))
        monkeypatch.setenv("no_proxy", "")
        proxy.leads_to = "http://127.0.0.1:9/inner.warc.gz"
        said = pressclip("crawl", "--warc", "http://archive.example/x.warc.gz", "-j", "1")
    assert (said.status, proxy.ranges) == (4, [""])
    assert "blocked-address: it leads to http://127.0.0.1:9/inner.warc.gz" in caplog.text


def test_a_name_that_comes_to_lead_to_a_private_address_is_left() -> None:
    guard = _Guard("https://archive.example/x.warc.gz")
    guard.check_peer("93.184.215.14")
    with pytest.raises(RemoteFileError, match=r"blocked-address: it leads to 127\.0\.0\.1"):
        guard.check_peer("127.0.0.1")


def test_a_file_of_ones_own_network_is_read_there_to_its_end() -> None:
    guard = _Guard("https://archive.example/x.warc.gz")
    guard.check_peer("192.168.7.9")
    guard.check_peer("192.168.7.9")


def test_a_host_where_nobody_listens_is_told_at_once() -> None:
    with _serve() as gone:
        url = gone.url
    pauses: list[float] = []
    with pytest.raises(RemoteFileError, match="refused: nobody listens there"):
        RemoteFile(url, "tests", sleep=pauses.append).read()
    assert pauses == []


def test_a_server_that_is_down_for_a_while_is_waited_for_with_a_word(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    pauses: list[float] = []
    with _serve() as server:
        server.breaks = [-503, 200_000, -503]
        with RemoteFile(server.url, "tests", sleep=pauses.append) as file:
            assert b"".join(iter(lambda: file.read(65_536), b"")) == ARCHIVE
        address = server.url
    assert pauses == [1.0, 5.0, 20.0]
    assert f"{address}: http-503; asked again in 1 s" in caplog.messages
    assert f"it ends after 200,000 of {len(ARCHIVE):,} bytes; asked again in 5 s" in caplog.text


def test_the_end_of_a_file_is_waited_for_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    pauses: list[float] = []
    with _serve() as server:
        server.breaks = [-503]
        with SeekableRemoteFile(server.url, "tests", sleep=pauses.append) as file:
            assert file.seek(0, io.SEEK_END) == len(ARCHIVE)
    assert pauses == [1.0]


@pytest.mark.parametrize(
    ("gives", "error"),
    [
        ("bytes 7-9/{whole}", "changed: .* asked from byte 1,000 on, it gives 7 on"),
        ("bytes {start}-9/12", r"changed: .* 12 bytes, not "),
        ("", "no-range: it does not say which bytes it gives"),
        ("lines 1-2/3", "no-range: it does not say which bytes it gives"),
    ],
)
def test_a_range_that_was_not_asked_for_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, gives: str, error: str
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with _serve() as server:
        server.breaks, server.gives = [1_000], gives
        with (
            RemoteFile(server.url, "tests", sleep=lambda _: None) as file,
            pytest.raises(RemoteFileError, match=error),
        ):
            b"".join(iter(lambda: file.read(65_536), b""))
