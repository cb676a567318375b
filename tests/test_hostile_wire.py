"""Threats on the wire: one real crawl each, by way of a proxy that does what hostile servers do."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import socket
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest

from index.archive import Archive
from index.capture import Capture

Send = Callable[[bytes], None]
Answer = bytes | Callable[[Send], None]
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def answer(body: bytes, *headers: str, status: str = "200 OK", media: str = "text/html") -> bytes:
    """A response as it goes over the wire."""
    lines = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {media}",
        f"Content-Length: {len(body)}",
        *headers,
    )
    return "\r\n".join(lines).encode("latin-1") + b"\r\nConnection: close\r\n\r\n" + body


def redirect(target: str) -> bytes:
    """A redirect to anything at all."""
    return answer(b"", f"Location: {target}", status="302 Found")


@dataclass(slots=True)
class Wire:
    """What the proxy answers by URL (without scheme), and what it was asked for."""

    answers: Mapping[str, Answer]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def handle(self, connection: socket.socket) -> None:
        head = _read_head(connection)
        if not head:
            return
        url = head.split(b" ", 2)[1].decode("latin-1")
        name = url.partition("://")[2]
        self.asked.append(url)
        self.heads.append(head)
        if not (urlsplit(url).hostname or "").endswith(".example"):
            _forward(connection, head, url)  # so that what should never be asked for is reached
            return
        given = self.answers.get(name, NOT_FOUND)

        def send(data: bytes) -> None:
            if self.over.is_set():
                raise ConnectionAbortedError
            connection.sendall(data)
            self.sent[name] = self.sent.get(name, 0) + len(data)

        send(given) if isinstance(given, bytes) else given(send)


def _read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return b""
        head += piece
    return head


def _forward(connection: socket.socket, head: bytes, url: str) -> None:
    parts = urlsplit(url)
    target = (parts.hostname or "", parts.port or 80)
    with contextlib.suppress(OSError), socket.create_connection(target, timeout=2) as upstream:
        upstream.sendall(head)
        connection.sendall(upstream.recv(65536))


@contextlib.contextmanager
def serve(answers: Mapping[str, Answer]) -> Iterator[Wire]:
    """The proxy, as long as the block runs."""
    wire = Wire(answers)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                wire.handle(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        wire.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield wire
        finally:
            wire.over.set()
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def canary() -> Iterator[tuple[int, list[str]]]:
    """A listener on a port of this machine that nobody may reach: its port, and who did."""
    reached: list[str] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                reached.append(_read_head(self.request).partition(b"\r\n")[0].decode("latin-1"))
                self.request.sendall(answer(b"<html><body>secret</body></html>"))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1], reached
        finally:
            server.shutdown()
            thread.join()


# ---- a desk, and a crawl of it ----

DEADLINE = 5  # seconds for a response in these tests; 30 by default
PARAGRAPH = (
    "<p>A white balloon drifted over the grain elevators of Prairie County on Thursday and stayed in"
    " sight for most of the afternoon, residents of three towns said, while the sheriff's office asked"
    " them not to shoot at it and promised to say more when it knew more.</p>"
)


def article(title: str, head: str = "") -> bytes:
    data = {"@type": "NewsArticle", "headline": title, "datePublished": "2023-02-02T18:00:00Z"}
    return (
        f"<html lang=en><head><title>{title}</title>{head}"
        f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><article><h1>{title}</h1>{PARAGRAPH * 3}</article></body></html>"
    ).encode()


@dataclass(frozen=True, slots=True)
class Desk:
    root: Path
    wire: Wire
    path: Path | None = None  # where its processes look for modules first

    def crawl(self, *args: str, urls: Iterator[str] | list[str] = (), proxy: bool = True) -> str:  # type: ignore[assignment]
        """Run a crawl; return what it said."""
        environment = {
            name: value for name, value in os.environ.items() if "proxy" not in name.lower()
        }
        if proxy:
            environment["http_proxy"] = self.wire.proxy
        if self.path:
            environment["PYTHONPATH"] = str(self.path)
        listed = ("--urls", "-") if urls else ()
        done = subprocess.run(
            [sys.executable, "-m", "search_cli.main", "crawl", *listed, *args,
             "-s", f"DOWNLOAD_TIMEOUT={DEADLINE}", "-s", "RETRY_TIMES=0", "-s", "CONCURRENT_REQUESTS=8"],
            cwd=self.root, env=environment, input="\n".join(urls), capture_output=True, text=True,
            timeout=120,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode in (0, 3, 4), done.stderr
        return done.stderr

    def rows(self, query: str) -> list[tuple[str, ...]]:
        with contextlib.closing(sqlite3.connect(self.root / "data" / "pressclip.db")) as connection:
            return connection.execute(query).fetchall()

    def outcomes(self) -> dict[str, str]:
        """The newest outcome of each URL, without its scheme."""
        rows = self.rows("SELECT url, outcome FROM ledger ORDER BY id")
        return {url.partition("://")[2].removesuffix("/x"): outcome for url, outcome in rows}

    def archived(self) -> list[Capture]:
        found = list(Archive(self.root / "data" / "archive").captures())
        assert all(isinstance(one, Capture) for one in found)
        return [one for one in found if isinstance(one, Capture)]


def make_desk(root: Path, outlets: str = "") -> None:
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text("delay = 0.0\n")
    (root / "outlets.toml").write_text(outlets)
    (root / "stories" / "all.toml").write_text('id = "all"\n[match]\nany = "*"\n')


# ---- answers that are not what they should be: each on a host of its own, all in one crawl ----

GOOD = article("A balloon is seen over the elevators")
ZIPPED = gzip.compress(GOOD)
BOMB = zlib.compressobj(9, zlib.DEFLATED, 31)
BOMB_BODY = b"".join(BOMB.compress(bytes(2**20)) for _ in range(200)) + BOMB.flush()


def trickle(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(1000):
        send(b"<p>one more</p>")
        time.sleep(0.1)


def slow_head(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        send(b"X-%d: y\r\n" % number)
        time.sleep(0.1)


def endless(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>")
    for _ in range(10_000):
        send(b"<p>more and more</p>" * 3000)


def chunked_broken(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    send(b"5\r\n<html\r\nZZ\r\nno chunk\r\n")


def cut(send: Send) -> None:
    send(answer(GOOD)[:-200])


def coded(body: bytes, coding: str) -> bytes:
    return answer(body, f"Content-Encoding: {coding}")


THREATS: dict[str, tuple[Answer, set[str]]] = {
    "good": (answer(GOOD), {"kept"}),
    "good-gzip": (coded(ZIPPED, "gzip"), {"kept"}),
    "good-padded": (coded(ZIPPED + bytes(20), "gzip"), {"kept"}),
    "good-raw-deflate": (coded(zlib.compress(GOOD, wbits=-15), "deflate"), {"kept"}),
    "good-br": (coded(brotli.compress(GOOD), "br"), {"kept"}),
    "good-twice": (coded(gzip.compress(brotli.compress(GOOD)), "br, gzip"), {"kept"}),
    "good-cookies": (
        answer(GOOD, *(f"Set-Cookie: c{n}={'v' * 20}" for n in range(400))),
        {"kept"},
    ),
    "bomb-gzip": (coded(BOMB_BODY, "gzip"), {"too-large"}),
    "bomb-deflate": (coded(zlib.compress(bytes(200 * 2**20)), "deflate"), {"too-large"}),
    "bomb-br": (coded(brotli.compress(bytes(200 * 2**20), quality=5), "br"), {"too-large"}),
    "bomb-in-bomb": (coded(gzip.compress(BOMB_BODY), "gzip, gzip"), {"too-large"}),
    "layers": (coded(gzip.compress(gzip.compress(ZIPPED)), "gzip, gzip, gzip"), {"decode-error"}),
    "corrupt-gzip": (coded(ZIPPED[:60] + b"\xff\xff" + ZIPPED[62:], "gzip"), {"decode-error"}),
    "wrong-crc": (coded(ZIPPED[:-6] + bytes(6), "gzip"), {"decode-error"}),
    "cut-gzip": (coded(ZIPPED[:-20], "gzip"), {"decode-error"}),
    "cut-br": (coded(brotli.compress(GOOD)[:-20], "br"), {"decode-error"}),
    "false-gzip": (coded(GOOD, "gzip"), {"decode-error"}),
    "unknown-coding": (coded(GOOD, "rot13"), {"decode-error"}),
    "zstd": (coded(b"\x28\xb5\x2f\xfd\x20\x09\x49\x00\x00balloon!!", "zstd"), {"decode-error"}),
    "cut-body": (cut, {"broken"}),
    "broken-chunks": (chunked_broken, {"broken", "failed"}),
    "no-http": (b"220 mail.example ESMTP ready\r\n", {"broken", "failed"}),
    "no-answer": (b"", {"broken", "failed"}),
    "slow-body": (trickle, {"timeout"}),
    "slow-head": (slow_head, {"timeout"}),
    "endless": (endless, {"too-large"}),
    "long": (answer(b"<p>x</p>" * 1_500_000), {"too-large"}),
    "unmodified": (answer(b"", status="304 Not Modified"), {"http-304"}),
    "partial": (answer(GOOD, status="206 Partial Content"), {"http-206"}),
    "loop": (redirect("http://loop.example/x"), {"redirect-loop"}),
    "ring": (redirect("http://ring-2.example/x"), {"redirect-loop"}),
    "ever-on": (redirect("http://ever-1.example/x"), {"redirect-loop"}),
    "to-file": (redirect("file:///etc/passwd"), {"blocked-scheme", "url-scheme", "http-302"}),
    "to-data": (redirect("data:text/html,<p>x"), {"blocked-scheme", "url-scheme", "http-302"}),
    "to-gopher": (redirect("gopher://a.example/x"), {"blocked-scheme", "url-scheme", "http-302"}),
    "to-long": (
        redirect(f"http://a.example/{'x' * 100_000}"),
        {"url-too-long", "failed", "broken"},
    ),
    "to-port": (redirect("http://good.example:8080/x"), {"blocked-port"}),
    "refresh": (answer(b"<meta http-equiv=refresh content='0;url=http://never.example/x'>"), set()),
}
PRIVATE = (
    "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0", "%31%32%37.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.1.1", "100.64.0.1", "[fd00::1]",
    "wiki", "printer.local", "vault.corp.internal", "nas.home.arpa", "metadata.goog",
)  # fmt: skip


def answers_of(port: int) -> dict[str, Answer]:
    answers: dict[str, Answer] = {
        f"{name}.example/x": given for name, (given, _) in THREATS.items()
    }
    answers["ring-2.example/x"] = redirect("http://ring.example/x")
    answers["with-credentials.example/x"] = redirect(
        "http://user:secret@good-credentials.example/x"
    )
    answers["good-credentials.example/x"] = answer(GOOD)
    for hop in range(1, 12):
        answers[f"ever-{hop}.example/x"] = redirect(f"http://ever-{hop + 1}.example/x")
    for number, host in enumerate(PRIVATE):
        answers[f"ssrf-{number}.example/x"] = redirect(f"http://{host}:{port}/x")
    answers["slow-robots.example/robots.txt"] = trickle
    answers["big-robots.example/robots.txt"] = big_robots
    answers["big-robots.example/x"] = answer(GOOD)
    answers["big-robots.example/closed"] = answer(GOOD)
    answers["bomb-robots.example/robots.txt"] = coded(BOMB_BODY, "gzip")
    answers["good-cookies.example/again"] = answer(GOOD)
    return answers


def big_robots(send: Send) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /closed\n")
    for _ in range(100_000):
        send(b"# and so on\n" * 1000)


@dataclass(frozen=True, slots=True)
class Crawled:
    desk: Desk
    outcomes: dict[str, str]
    reached: list[str]
    seconds: float


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    root = tmp_path_factory.mktemp("hostile") / "desk"
    make_desk(root)
    names = [*THREATS, *(f"ssrf-{number}" for number in range(len(PRIVATE)))]
    names += ["slow-robots", "big-robots", "bomb-robots", "with-credentials"]
    urls = [*(f"http://{name}.example/x" for name in names), "http://big-robots.example/closed"]
    urls.append("http://good-cookies.example/again")
    with canary() as (port, reached), serve(answers_of(port)) as wire:
        desk = Desk(root, wire)
        start = time.monotonic()
        desk.crawl(urls=urls)
        yield Crawled(desk, desk.outcomes(), reached, time.monotonic() - start)


@pytest.mark.parametrize("name", THREATS)
def test_an_answer_comes_to_what_it_should(crawled: Crawled, name: str) -> None:
    expected = THREATS[name][1]
    outcome = crawled.outcomes[f"{name}.example"]
    assert outcome in expected or (not expected and outcome != "kept")


@pytest.mark.parametrize("number", range(len(PRIVATE)), ids=PRIVATE)
def test_a_redirect_to_this_machine_or_its_network_is_refused(
    crawled: Crawled, number: int
) -> None:
    assert crawled.outcomes[f"ssrf-{number}.example"] in ("blocked-address", "url-unreadable")


def test_no_canary_was_reached_and_nothing_private_asked_for(crawled: Crawled) -> None:
    assert crawled.reached == []
    hosts = {urlsplit(url).hostname or "" for url in crawled.desk.wire.asked}
    assert {host for host in hosts if not host.endswith(".example")} == set()


def test_a_meta_refresh_is_not_followed(crawled: Crawled) -> None:
    assert not [url for url in crawled.desk.wire.asked if "never.example" in url]


def test_a_slow_server_holds_up_nobody_for_longer_than_the_deadline(crawled: Crawled) -> None:
    assert crawled.seconds < 15 * DEADLINE


def test_what_is_not_whole_is_not_in_the_archive(crawled: Crawled) -> None:
    pages = [one.url for one in crawled.desk.archived() if one.url.endswith("/x")]
    archived = {urlsplit(url).hostname for url in pages}
    broken = {
        "cut-gzip",
        "cut-br",
        "corrupt-gzip",
        "wrong-crc",
        "false-gzip",
        "unknown-coding",
        "cut-body",
    }
    broken |= {
        "bomb-gzip",
        "bomb-br",
        "bomb-deflate",
        "bomb-in-bomb",
        "endless",
        "slow-body",
        "long",
    }
    assert "good-br.example" in archived
    assert archived & {f"{name}.example" for name in broken} == set()


def test_an_endless_body_is_left_at_the_limit(crawled: Crawled) -> None:
    # What had been sent when the connection was closed also filled the buffers of the system.
    assert crawled.desk.wire.sent["endless.example/x"] < 20 * 2**20


def test_of_a_robots_file_the_head_counts_and_the_rest_is_not_read(crawled: Crawled) -> None:
    assert crawled.outcomes["big-robots.example"] == "kept"
    assert crawled.outcomes["big-robots.example/closed"] == "robots"
    assert crawled.desk.wire.sent["big-robots.example/robots.txt"] < 10 * 2**20


@pytest.mark.parametrize("name", ["slow-robots", "bomb-robots"])
def test_a_site_whose_robots_file_cannot_be_read_is_not_entered(
    crawled: Crawled, name: str
) -> None:
    assert crawled.outcomes[f"{name}.example"] == "robots-unreachable"
    assert f"http://{name}.example/x" not in crawled.desk.wire.asked


def test_credentials_stand_nowhere(crawled: Crawled) -> None:
    desk = crawled.desk
    assert "http://good-credentials.example/x" in desk.wire.asked
    assert crawled.outcomes["good-credentials.example"] == "kept"
    assert not [head for head in desk.wire.heads if b"secret" in head or b"Authorization" in head]
    stored = b"".join(path.read_bytes() for path in (desk.root / "data").rglob("pressclip.db*"))
    assert b"secret" not in stored
    location = [dict(one.headers).get("Location", "") for one in desk.archived()]
    urls = [one.url for one in desk.archived()] + [one.listing.url for one in desk.archived()]
    assert not [url for url in urls if "secret" in url]
    assert [one for one in location if "secret" in one]  # the archive keeps what a server said


def test_a_circle_is_seen_at_its_first_repeat_and_no_way_is_longer_than_five(
    crawled: Crawled,
) -> None:
    asked = crawled.desk.wire.asked
    assert [asked.count(f"http://{name}.example/x") for name in ("loop", "ring", "ring-2")] == [
        1,
        1,
        1,
    ]
    assert len([url for url in asked if "://ever-" in url and url.endswith("/x")]) == 6


def test_no_cookie_is_ever_sent_and_nobody_told_where_we_come_from(crawled: Crawled) -> None:
    assert "http://good-cookies.example/again" in crawled.desk.wire.asked
    assert not [head for head in crawled.desk.wire.heads if b"\r\nreferer:" in head.lower()]
    assert not [head for head in crawled.desk.wire.heads if b"\r\ncookie:" in head.lower()]


def test_another_crawl_continues_where_servers_failed(crawled: Crawled) -> None:
    assert crawled.desk.rows("SELECT url FROM frontier WHERE state = 'taken'") == []


# ---- without a proxy: the address checked is the address connected to ----


def test_urls_that_lead_to_this_machine_are_refused_without_a_proxy(tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    with canary() as (port, reached), serve({}) as wire:
        desk = Desk(tmp_path / "desk", wire)
        named = [host for host in PRIVATE if "%" not in host]
        desk.crawl(urls=[f"http://{host}:{port}/x" for host in named], proxy=False)
        outcomes = set(desk.outcomes().values())
    assert reached == []
    assert outcomes == {"blocked-address"}


# The machine's own answers to names, given out where a child process starts.
NAMES = """
import socket
ask = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **named: ask(
    "127.0.0.1" if str(host).endswith(".example") else host, *rest, **named
)
socket.gethostbyname = lambda host: "127.0.0.1"
"""


@pytest.mark.parametrize(("allowed", "outcome"), [("false", "dns"), ("true", "refused")])
def test_where_a_public_name_leads_to_a_private_address(
    tmp_path: Path, allowed: str, outcome: str
) -> None:
    """Refused where it is resolved; where the workspace allows it, it comes to the closed port."""
    make_desk(tmp_path / "desk")
    settings = tmp_path / "desk" / "workspace.toml"
    settings.write_text(f"delay = 0.0\nallow_private = {allowed}\n")
    (tmp_path / "sitecustomize.py").write_text(NAMES)
    with serve({}) as wire:
        desk = Desk(tmp_path / "desk", wire, path=tmp_path)
        desk.crawl(urls=["http://inside.example/x"], proxy=False)
    assert set(desk.outcomes().values()) == {outcome}
