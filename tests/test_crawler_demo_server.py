"""The sample outlets' server: names through the proxy, conditional requests, faults, its process."""

from __future__ import annotations

import gzip
import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bench.made_up.newsrooms import Plan
from bench.made_up.server import serve_newsrooms
from crawler.demo.exchange import parse_request
from crawler.demo.server import Ports
from crawler.demo.serving import ServedSite, SiteProcess, serve
from crawler.demo.site import ServedAnswer, ServedOutlet, ServedPage, Site, outlet_of

HOST = "prairie-courier.example"
URL = f"http://{HOST}/news"
OLD = ServedAnswer(body=b"A balloon " * 100, modified=datetime(2023, 2, 3, 12, tzinfo=UTC))
NEW = replace(OLD, body=b"Two balloons " * 100)
BUSY = ServedAnswer(status=503, headers=(("Retry-After", "7"),))


@pytest.fixture
def served() -> Iterator[ServedSite]:
    pages = [
        ServedPage(target="/news", editions=(OLD, NEW)),
        ServedPage(target="/a.php?id=1", editions=(OLD,)),
        ServedPage(target="/a.php?id=2", editions=(NEW,)),
        ServedPage(target="/flaky", editions=(OLD,), stumbles=(BUSY, replace(OLD, cut=10))),
    ]
    courier = ServedOutlet(
        host=HOST, pages={page.target: page for page in pages}, headers=(("Server", "nginx"),)
    )
    down = replace(outlet_of("down.example", {"/robots.txt": OLD}), outage=BUSY)
    with serve(Site.of([courier, down])) as site:
        yield site


def ask(
    port: int, target: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[int, Mapping[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, target, headers=dict(headers or {}))
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def test_an_outlet_answers_under_its_name_through_the_proxy(served: ServedSite) -> None:
    status, headers, body = ask(served.ports.proxy, URL)
    assert (status, body, headers["Server"]) == (200, OLD.body, "nginx")
    assert headers["Last-Modified"] == "Fri, 03 Feb 2023 12:00:00 GMT"


def test_an_outlet_answers_at_a_port_of_its_own(served: ServedSite) -> None:
    assert ask(served.ports.outlets[HOST], "/news")[2] == OLD.body


@pytest.mark.parametrize(
    ("target", "method", "status"),
    [
        ("http://news.example.org/", "GET", 403),
        ("http://169.254.169.254/latest", "GET", 403),
        (f"http://{HOST}:8080/news", "GET", 403),
        (f"https://{HOST}/news", "GET", 403),
        ("http://nobody.example/", "GET", 502),
        ("/news", "GET", 400),
        (URL, "POST", 405),
    ],
    ids=["other host", "address", "other port", "https", "no such outlet", "no proxy", "post"],
)
def test_the_proxy_refuses_all_but_the_outlets(
    served: ServedSite, target: str, method: str, status: int
) -> None:
    assert ask(served.ports.proxy, target, method)[0] == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": OLD.etag}, 304),
        ({"If-None-Match": f'"x", W/{OLD.etag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"x"'}, 200),
        ({"If-Modified-Since": "Fri, 03 Feb 2023 12:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Fri, 03 Feb 2023 11:59:59 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-None-Match": '"x"', "If-Modified-Since": "Sat, 04 Feb 2023 12:00:00 GMT"}, 200),
    ],
    ids=["tag", "weak tag", "any tag", "other tag", "since", "changed", "nonsense", "tag first"],
)
def test_what_has_not_changed_is_not_sent(
    served: ServedSite, headers: dict[str, str], status: int
) -> None:
    answer = ask(served.ports.proxy, URL, headers=headers)
    assert answer[0] == status
    assert bool(answer[2]) == (status == 200)
    assert served.visits[-1].conditional


def test_the_second_edition_shows_other_pages(served: ServedSite) -> None:
    served.switch(2)
    assert ask(served.ports.proxy, URL, headers={"If-None-Match": OLD.etag})[2] == NEW.body


def test_a_query_is_identity_only_where_a_page_has_it(served: ServedSite) -> None:
    port = served.ports.proxy
    assert ask(port, f"{URL}?utm_source=rss")[2] == OLD.body
    assert ask(port, f"http://{HOST}/a.php?id=2")[2] == NEW.body
    assert ask(port, f"http://{HOST}/a.php?id=3")[0] == 404


def test_a_page_stumbles_and_then_is_itself(served: ServedSite) -> None:
    url = f"http://{HOST}/flaky"
    status, headers, _ = ask(served.ports.proxy, url)
    assert (status, headers["Retry-After"]) == (503, "7")
    with pytest.raises(http.client.IncompleteRead):
        ask(served.ports.proxy, url)
    assert ask(served.ports.proxy, url)[2] == OLD.body


def test_an_outage_spares_robots_txt_alone(served: ServedSite) -> None:
    port = served.ports.proxy
    assert ask(port, "http://down.example/")[0] == 503
    assert ask(port, "http://down.example/robots.txt")[0] == 200


def test_bodies_are_packed_for_those_who_take_it(served: ServedSite) -> None:
    _, headers, body = ask(served.ports.proxy, URL, headers={"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == OLD.body


def test_head_tells_the_length_without_the_body(served: ServedSite) -> None:
    status, headers, body = ask(served.ports.proxy, URL, "HEAD")
    assert (status, headers["Content-Length"], body) == (200, str(len(OLD.body)), b"")


def test_one_connection_serves_many_requests(served: ServedSite) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.ports.proxy, timeout=10)
    for target in ("/news", "/missing", "/news"):
        connection.request("GET", f"http://{HOST}{target}")
        connection.getresponse().read()
    connection.close()
    assert [visit.status for visit in served.visits] == [200, 404, 200]


def test_the_log_tells_who_asked_what_and_when(served: ServedSite) -> None:
    ask(served.ports.proxy, URL, headers={"User-Agent": "reader/1"})
    (visit,) = served.visits
    assert (visit.host, visit.target, visit.agent) == (HOST, "/news", "reader/1")
    assert 0 <= visit.ended - visit.started < 10


@pytest.mark.parametrize("noise", [b"\x16\x03\x01\r\n\r\n", b"GET\r\n\r\n", b"x" * 70_000])
def test_who_speaks_no_http_gets_no_answer_and_harms_nobody(
    served: ServedSite, noise: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", served.ports.proxy), timeout=10) as line:
        line.sendall(noise)
        line.shutdown(socket.SHUT_WR)
        assert _received(line) == b""
    assert ask(served.ports.proxy, URL)[0] == 200


def _received(line: socket.socket) -> bytes:
    try:
        return line.recv(1)
    except ConnectionResetError:
        return b""


def test_another_version_of_http_is_refused() -> None:
    with pytest.raises(ValueError, match="HTTP/2"):
        parse_request(b"GET / HTTP/2\r\n\r\n")


def test_the_server_runs_as_a_process_and_changes_editions(tmp_path: Path) -> None:
    port_file = tmp_path / "ports.json"
    edited = "/news/montana/white-orb-over-the-rimrocks-757546.html"
    with SiteProcess("--port-file", str(port_file)) as outlets:
        assert Ports.from_dict(json.loads(port_file.read_text("utf-8"))) == outlets.ports
        first = ask(outlets.ports.outlets[HOST], edited)
        outlets.switch(2)
        second = ask(outlets.ports.outlets[HOST], edited)
        assert [visit.target for visit in outlets.visits] == [edited, edited]
    assert first[2] != second[2]


def test_the_process_can_serve_generated_outlets() -> None:
    plan = Plan(outlets=2, articles=3, seed=5)
    with serve_newsrooms(plan, "--latency", "0.001") as outlets:
        assert set(outlets.ports.outlets) == {"gazette-000.example", "gazette-001.example"}
        assert ask(outlets.ports.proxy, "http://gazette-001.example/")[0] == 200


def start_by_hand() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.made_up.server", "1x1"]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )


def test_the_process_ends_when_its_parent_is_gone() -> None:
    with start_by_hand() as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert json.loads(process.stdout.readline())["proxy"]
        process.stdin.close()
        assert process.wait(10) == 0


def test_the_process_ends_by_sigterm() -> None:
    with start_by_hand() as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_an_order_that_is_none_is_said_to_be_so() -> None:
    with start_by_hand() as process:
        assert process.stdout is not None
        process.stdout.readline()
        out, _ = process.communicate("edition two\n", timeout=10)
        assert out == "not understood: edition two\n"


def test_the_proxy_url_is_what_http_proxy_takes(served: ServedSite) -> None:
    parts = urlsplit(served.ports.proxy_url)
    assert (parts.scheme, parts.hostname, parts.port) == (
        "http",
        "127.0.0.1",
        served.ports.proxy,
    )
