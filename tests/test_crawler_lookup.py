"""Looking around: the requests of a verb go the way of a crawl's. A fixture is one process, one reactor."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.wire.lookup import fetch_pages
from index.archive import Archive
from index.capture import Capture
from index.errors import WorkspaceBusy
from index.store import Host, Store, StoreWriter
from index.workspace import Workspace
from index.workspace.lock import hold

Answer = Callable[[BaseHTTPRequestHandler], None]
SITE, SLOW = "http://news.example", "http://slow.example"
DOWN, SHUT = "http://down.example", "http://shut.example"
TIRED, LOST = "http://tired.example", "http://lost.example"
# Asks for the URLs of its standard input, in order, and prints the answers.
PROGRAM = """
import json, sys
from pathlib import Path
from crawler.refusal import Refusal
from crawler.wire.lookup import look_around
from index.workspace import Workspace
asked = json.load(sys.stdin)
async def work(lookup):
    found = [await lookup.fetch(url) for url in asked["lists"]]
    found += [await lookup.fetch_page(url) for url in asked["pages"]]
    rules = await lookup.robots(asked["pages"][0])
    return found, rules.crawl_delay(lookup.agent)
root = asked["root"]
urls = asked["lists"] + asked["pages"]
answers, delay = look_around(
    Workspace.load(Path(root)) if root else None, work, named=urls, settings=asked["settings"])
print(json.dumps([delay, [
    {"code": one.code, "detail": one.detail} if isinstance(one, Refusal) else
    {"code": "", "status": one.status, "url": one.url, "body": one.body.decode("latin-1"),
     "media": one.content_type, "moved_to": one.moved_to}
    for one in answers]]))
"""
LYING = "import socket\nsocket.gethostbyname = lambda name: '127.0.0.1'\n" + PROGRAM


class Outlets(ThreadingHTTPServer):
    """A proxy on a free loopback port that is every host, answers by URL and notes what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str, float]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [url for url, _, _ in self.asked]


class Handler(BaseHTTPRequestHandler):
    server: Outlets

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["User-Agent"], time.monotonic()))
        self.server.answers.get(self.path, sent(404))(self)

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


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")


def trickle(handler: BaseHTTPRequestHandler) -> None:
    server = handler.server
    assert isinstance(server, Outlets)
    handler.send_response(200)
    handler.end_headers()
    try:
        while not server.closing.wait(0.02):
            handler.wfile.write(b".")
    except OSError:
        pass


def look(
    program: str, root: Path | None, lists: list[str], pages: list[str], environment: dict[str, str]
) -> tuple[float | None, dict[str, Any]]:
    """The crawl-delay of the first page's host, and the answers by URL."""
    asked = {
        "root": str(root) if root else "", "lists": lists, "pages": pages,
        "settings": {"DOWNLOAD_TIMEOUT": 2},
    }  # fmt: skip
    around = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(asked), env={**around, **environment},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    delay, answers = json.loads(done.stdout)
    return delay, dict(zip(lists + pages, answers, strict=True))


@pytest.fixture(scope="module")
def outlets() -> Iterator[Outlets]:
    with Outlets() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


FAILING = {
    "broken gzip": (sent(200, b"\x1f\x8b no", Content_Encoding="gzip"), "decode-error"),
    "a coding that is not there": (sent(200, b"plain", Content_Encoding="br"), "decode-error"),
    "gzip bomb": (
        sent(200, gzip.compress(bytes(60 * 2**20), 1), Content_Encoding="gzip"),
        "too-large",
    ),
    "cut short": (cut_short, "broken"),
    "trickle without end": (trickle, "timeout"),
    "ring": (sent(301, Location="/ring#again"), "redirect-loop"),
    "too long a way": (sent(301, Location="/0"), "redirect-loop"),
    "closed by robots.txt": (sent(200), "robots"),
    "moved to what is closed": (sent(302, Location="/closed/b"), "robots"),
    "moved to this machine": (sent(302, Location="http://127.0.0.1:9/"), "blocked-address"),
}
PLACES = {"ring": "/ring", "closed by robots.txt": "/closed/a"}
GUARDED = [
    f"http://{host}:PORT/a"
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0")
] + ["http://169.254.169.254/latest", "http://10.0.0.1/"]  # fmt: skip


def place(name: str) -> str:
    return SITE + PLACES.get(name, "/" + name.replace(" ", "-"))


@dataclass(frozen=True, slots=True)
class Looked:
    """What one process was answered, with the outlets it asked and its desk."""

    root: Path
    outlets: Outlets
    answers: dict[str, Any]
    delay: float | None


@pytest.fixture(scope="module")
def looked(outlets: Outlets, tmp_path_factory: pytest.TempPathFactory) -> Looked:
    root = tmp_path_factory.mktemp("desk")
    (root / "workspace.toml").write_text(
        'delay = 0\ncontact = "desk@clippings.example"\nrobots_forbidden = "closed"\n'
    )
    later = datetime.now(UTC) + timedelta(hours=1)
    with StoreWriter.open(root / "data" / "pressclip.db") as store:
        store.hosts.note(Host(site="tired.example", failures=1, outcome="http-429", retry_at=later))
        store.hosts.note(Host(site="lost.example", failures=1, outcome="dns", retry_at=later))
    answers = outlets.answers
    robots = b"User-agent: *\nDisallow: /closed\n"
    answers[f"{SITE}/robots.txt"] = sent(200, robots)
    answers[f"{SITE}/a?x=1"] = sent(200, b"news", Content_Type="text/plain")
    answers[f"{SITE}/z"] = sent(200, gzip.compress(b"news"), Content_Encoding="gzip")
    answers[f"{SITE}/big"] = sent(200, bytes(11 * 2**20))
    for hop in range(9):
        answers[f"{SITE}/{hop}"] = sent(301, Location=f"/{hop + 1}")
    answers[f"{SITE}/9"] = sent(200, b"end")
    answers[f"{SITE}/lately"] = sent(302, Location="/9")
    answers[f"{SITE}/file"] = sent(302, Location="file:///etc/passwd")
    answers[f"{SITE}:8080/a"] = sent(200, b"at a port")
    answers[f"{SITE}:8080/b"] = sent(301, Location=f"{SITE}:8022/b")
    answers[f"{DOWN}/robots.txt"] = sent(503)
    answers[f"{SHUT}/robots.txt"] = sent(401)
    answers[f"{SLOW}/robots.txt"] = sent(200, b"User-agent: *\nCrawl-delay: 1")
    answers[f"{LOST}/a"] = sent(200, b"found again")
    for name, (answer, _) in FAILING.items():
        answers[place(name)] = answer
    lists = [
        f"{SITE}/a?x=1", f"{SITE}/z", f"{SITE}/big", f"{SITE}/4", f"{SITE}/lately", f"{SITE}/file",
        *map(place, FAILING), f"{DOWN}/a", f"{SHUT}/a", f"{TIRED}/a", f"{LOST}/a",
        f"{SITE}:8080/a", f"{SITE}:8080/b", "ftp://news.example/",
    ]  # fmt: skip
    pages = [f"{SLOW}/a", f"{SLOW}/b", f"{SITE}/big?page"]
    answers[f"{SITE}/big?page"] = answers[f"{SITE}/big"]
    delay, found = look(PROGRAM, root, lists, pages, {"http_proxy": outlets.url})
    return Looked(root, outlets, found, delay)


def test_a_page_is_fetched_with_our_name_after_robots_txt(looked: Looked) -> None:
    page = looked.answers[f"{SITE}/a?x=1"]
    assert (page["status"], page["body"], page["media"]) == (200, "news", "text/plain")
    asked = [one for one in looked.outlets.asked if one[0].startswith(f"{SITE}/")]
    assert [url for url, _, _ in asked][:2] == [f"{SITE}/robots.txt", f"{SITE}/a?x=1"]
    assert {agent.partition("/")[0] for _, agent, _ in asked} == {"pressclip"}
    assert asked[0][1].endswith("(+desk@clippings.example)")


def test_robots_txt_is_asked_for_once_and_obeyed(looked: Looked) -> None:
    assert looked.outlets.paths.count(f"{SITE}/robots.txt") == 1
    assert not [url for url in looked.outlets.paths if "/closed/" in url]


def test_a_host_whose_robots_txt_fails_or_is_refused_is_left_alone(looked: Looked) -> None:
    assert looked.answers[f"{DOWN}/a"]["code"] == "robots-unreachable"
    assert looked.answers[f"{SHUT}/a"]["code"] == "robots-unreachable"
    assert f"{DOWN}/a" not in looked.outlets.paths
    assert f"{SHUT}/a" not in looked.outlets.paths


def test_redirects_are_followed_to_a_point_and_permanent_ones_told(looked: Looked) -> None:
    moved = looked.answers[f"{SITE}/4"]
    assert (moved["url"], moved["moved_to"]) == (f"{SITE}/9", f"{SITE}/9")
    lately = looked.answers[f"{SITE}/lately"]
    assert (lately["url"], lately["moved_to"]) == (f"{SITE}/9", "")
    assert looked.answers[f"{SITE}/file"]["status"] == 302  # left where it is


def test_gzip_is_undone(looked: Looked) -> None:
    assert looked.answers[f"{SITE}/z"]["body"] == "news"


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, (_, code) in FAILING.items()])
def test_what_fails_on_the_wire_has_a_code(looked: Looked, name: str, code: str) -> None:
    assert looked.answers[place(name)]["code"] == code


def test_a_port_is_let_through_that_the_user_named_and_no_other(looked: Looked) -> None:
    assert looked.answers[f"{SITE}:8080/a"]["body"] == "at a port"
    assert looked.answers[f"{SITE}:8080/b"]["code"] == "blocked-port"


def test_what_is_no_address_is_refused(looked: Looked) -> None:
    assert looked.answers["ftp://news.example/"]["code"] == "url-scheme"


def test_a_list_may_be_larger_than_a_page(looked: Looked) -> None:
    assert len(looked.answers[f"{SITE}/big"]["body"]) == 11 * 2**20
    assert looked.answers[f"{SITE}/big?page"]["code"] == "too-large"


def test_the_delay_that_robots_txt_asks_for_is_kept(looked: Looked) -> None:
    assert looked.delay == 1.0
    moments = [
        moment for url, _, moment in looked.outlets.asked if url in (f"{SLOW}/a", f"{SLOW}/b")
    ]
    assert moments[1] - moments[0] >= 1.0


def test_a_host_that_asked_for_rest_has_it_and_one_that_was_not_there_is_tried(
    looked: Looked,
) -> None:
    tired = looked.answers[f"{TIRED}/a"]
    assert tired["code"] == "resting"
    assert tired["detail"].startswith("http-429 lately; left alone until ")
    assert not [url for url in looked.outlets.paths if url.startswith(TIRED)]
    assert looked.answers[f"{LOST}/a"]["body"] == "found again"


def test_what_is_learned_of_hosts_is_kept_for_the_next_crawl(looked: Looked) -> None:
    with Store.open(looked.root / "data" / "pressclip.db") as store:
        assert store.hosts.robots(SITE) is not None
        assert {"tired.example", "down.example"} <= set(store.hosts.failing())
        assert "lost.example" not in store.hosts.failing()


def test_everything_is_archived_and_nothing_waits_to_become_an_article(looked: Looked) -> None:
    with Archive(looked.root / "data" / "archive") as archive:
        found = [item for item in archive.captures() if isinstance(item, Capture)]
    channels = {item.url: item.listing.channel for item in found}
    assert channels[f"{SITE}/robots.txt"] == "robots"
    assert channels[f"{SITE}/a?x=1"] == "list:lookup"
    assert channels[f"{SLOW}/a"] == "lookup"
    assert len([item for item in found if item.url == f"{SITE}/9"]) == 2
    with Store.open(looked.root / "data" / "pressclip.db") as store:
        assert store.captures.undecided() == []
        assert store.articles.all_ids() == []


@pytest.fixture(scope="module")
def outside(outlets: Outlets, tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """The answers where there is no workspace; the folder is that for temporary files."""
    folder = tmp_path_factory.mktemp("temporary")
    port = str(outlets.server_address[1])
    urls = [url.replace("PORT", port) for url in GUARDED]
    outlets.answers["http://open.example/robots.txt"] = sent(401)
    outlets.answers["http://open.example/a"] = sent(200, b"news")
    around = {"http_proxy": outlets.url, "no_proxy": "", "TMPDIR": str(folder)}
    delay, answers = look(PROGRAM, None, urls, ["http://open.example/a"], around)
    return Looked(folder, outlets, answers, delay)


def test_without_a_workspace_nothing_is_kept(outside: Looked) -> None:
    assert outside.answers["http://open.example/a"]["body"] == "news"  # also: a 401 is no ban
    assert list(outside.root.iterdir()) == []


@pytest.mark.parametrize("url", GUARDED)
def test_this_machine_is_blocked_in_every_spelling(outside: Looked, url: str) -> None:
    port = str(outside.outlets.server_address[1])
    assert outside.answers[url.replace("PORT", port)]["code"] == "blocked-address"
    assert not [one for one in outside.outlets.paths if one == "/a" or port in one]


def test_a_name_that_leads_to_this_machine_is_not_connected_to(outlets: Outlets) -> None:
    before = len(outlets.asked)
    url = f"http://rebinding.example:{outlets.server_address[1]}/a"
    _, answers = look(LYING, None, [], [url], {})
    assert answers[url]["code"] == "dns"
    assert len(outlets.asked) == before


def test_beside_a_crawl_nobody_looks_around(tmp_path: Path) -> None:
    workspace = Workspace(root=tmp_path)
    with hold(workspace.data / "lock"), pytest.raises(WorkspaceBusy, match="another command"):
        fetch_pages(workspace, ["http://news.example/"])
