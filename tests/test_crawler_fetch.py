from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.fetch import Fetcher, Page
from crawler.refusal import Refusal
from index.workspace import Workspace

Answer = Callable[[BaseHTTPRequestHandler], None]
AGENT = "pressclip/0.1.0 (+desk@clippings.example)"


class Outlet(ThreadingHTTPServer):
    """A server on a free loopback port that answers by path and notes what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Outlet

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        self.server.answers.get(self.path, not_found)(self)

    def log_message(self, *_: object) -> None:
        pass


def sent(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


not_found = sent(404)


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")


def trickle(handler: BaseHTTPRequestHandler) -> None:
    server = handler.server
    assert isinstance(server, Outlet)
    handler.send_response(200)
    handler.end_headers()
    try:
        while not server.closing.wait(0.02):
            handler.wfile.write(b".")
    except OSError:
        pass


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    with Outlet() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def fetch() -> Fetcher:
    return Fetcher(agent=AGENT, delay=0.0, allow_private=True, deadline=0.5)


def refused(answer: Page | Refusal) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def test_a_page_is_fetched_with_our_name(outlet: Outlet, fetch: Fetcher) -> None:
    outlet.answers["/a?x=1"] = sent(200, b"news", Content_Type="text/plain")
    page = fetch(f"{outlet.url}/a?x=1")
    assert isinstance(page, Page)
    assert (page.status, page.body, page.content_type) == (200, b"news", "text/plain")
    assert outlet.asked == [("/robots.txt", AGENT), ("/a?x=1", AGENT)]


def test_robots_txt_is_asked_for_once_and_obeyed(outlet: Outlet, fetch: Fetcher) -> None:
    outlet.answers["/robots.txt"] = sent(200, b"User-agent: *\nDisallow: /closed")
    outlet.answers["/moved"] = sent(302, Location="/closed/b")
    assert refused(fetch(f"{outlet.url}/closed/a")) == "robots"
    assert refused(fetch(f"{outlet.url}/moved")) == "robots"
    assert [path for path, _ in outlet.asked] == ["/robots.txt", "/moved"]


def test_a_host_whose_robots_txt_fails_is_left_alone(outlet: Outlet, fetch: Fetcher) -> None:
    outlet.answers["/robots.txt"] = sent(503)
    assert refused(fetch(f"{outlet.url}/a")) == "robots"
    assert len(outlet.asked) == 1


@pytest.mark.parametrize(("said", "closed"), [("open", False), ("closed", True)])
def test_of_a_robots_txt_that_is_refused_the_workspace_decides(
    outlet: Outlet, tmp_path: Path, said: str, closed: bool
) -> None:
    (tmp_path / "workspace.toml").write_text(
        f'delay = 0\nallow_private = true\nrobots_forbidden = "{said}"\n'
    )
    outlet.answers["/robots.txt"] = sent(401)
    outlet.answers["/a"] = sent(200, b"news")
    answer = Fetcher.of(Workspace.load(tmp_path))(f"{outlet.url}/a")
    assert (isinstance(answer, Refusal) and answer.code == "robots") is closed


def test_redirects_are_followed_to_a_point(outlet: Outlet, fetch: Fetcher) -> None:
    for hop in range(9):
        outlet.answers[f"/{hop}"] = sent(301, Location=f"/{hop + 1}")
    outlet.answers["/9"] = sent(200, b"end")
    outlet.answers["/ring"] = sent(301, Location="/ring#again")
    page = fetch(f"{outlet.url}/4")
    assert isinstance(page, Page)
    assert page.url == f"{outlet.url}/9"
    assert refused(fetch(f"{outlet.url}/0")) == "redirect-loop"
    assert refused(fetch(f"{outlet.url}/ring")) == "redirect-loop"


def test_gzip_is_undone(outlet: Outlet, fetch: Fetcher) -> None:
    outlet.answers["/z"] = sent(200, gzip.compress(b"news"), Content_Encoding="gzip")
    page = fetch(f"{outlet.url}/z")
    assert isinstance(page, Page)
    assert page.body == b"news"


FAILING = {
    "broken gzip": (sent(200, b"\x1f\x8b no", Content_Encoding="gzip"), "broken"),
    "false gzip": (sent(200, b"plain", Content_Encoding="br"), "broken"),
    "gzip bomb": (
        sent(200, gzip.compress(bytes(60 * 2**20), 1), Content_Encoding="gzip"),
        "too-large",
    ),
    "cut short": (cut_short, "broken"),
    "trickle without end": (trickle, "timeout"),
    "redirect to a file": (sent(302, Location="file:///etc/passwd"), "redirect-loop"),
    "redirect to nowhere": (sent(302), "redirect-loop"),
}


@pytest.mark.parametrize(("answer", "code"), FAILING.values(), ids=FAILING.keys())
def test_what_fails_on_the_wire_has_a_code(
    outlet: Outlet, fetch: Fetcher, answer: Answer, code: str
) -> None:
    outlet.answers["/x"] = answer
    assert refused(fetch(f"{outlet.url}/x")) == code


def test_a_server_that_is_not_there_refuses(fetch: Fetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert refused(fetch(f"http://127.0.0.1:{port}/robots.txt")) == "refused"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0"]
)
def test_loopback_is_blocked_in_every_spelling_unless_it_is_allowed(
    outlet: Outlet, host: str
) -> None:
    port = outlet.server_address[1]
    guarded = Fetcher(agent=AGENT, delay=0.0)
    guarded.admit_port(outlet.url)
    assert refused(guarded(f"http://{host}:{port}/a")) == "blocked-address"
    assert outlet.asked == []


def test_a_name_that_leads_to_a_private_address_is_blocked(
    outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", outlet.server_address)]
    monkeypatch.setattr("crawler.fetch.socket.getaddrinfo", lambda *_: where)
    guarded = Fetcher(agent=AGENT, delay=0.0)
    assert refused(guarded("http://harbour-daily.example/robots.txt")) == "blocked-address"
    assert outlet.asked == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://a.example/", "url-scheme"),
        ("http://a.example:22/", "blocked-port"),
        ("http://169.254.169.254/latest", "blocked-address"),
        ("http://10.0.0.1/", "blocked-address"),
    ],
)
def test_odd_schemes_ports_and_addresses_are_blocked(url: str, code: str) -> None:
    assert refused(Fetcher(agent=AGENT, delay=0.0)(url)) == code


def test_the_environments_proxy_is_used(outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", outlet.url)
    monkeypatch.setenv("no_proxy", "")
    outlet.answers["http://harbour-daily.example/a"] = sent(200, b"by proxy")
    guarded = Fetcher(agent=AGENT, delay=0.0)
    page = guarded("http://harbour-daily.example/a")
    assert isinstance(page, Page)
    assert page.body == b"by proxy"
    assert refused(guarded("http://127.0.0.1/a")) == "blocked-address"


def test_a_pause_is_kept_between_requests_to_a_site(
    outlet: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("crawler.fetch.time.sleep", pauses.append)
    outlet.answers["/robots.txt"] = sent(200, b"User-agent: *\nCrawl-delay: 7")
    fetch = Fetcher(agent=AGENT, delay=2.0, allow_private=True)
    fetch(f"{outlet.url}/a")
    fetch(f"{outlet.url}/b")
    assert [round(pause) for pause in pauses] == [7, 7]
