"""`pressclip outlet add` against made-up outlets on loopback ports."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.outlets.values import Discovery, FoundFeed, FoundSection, FoundSitemap, Identity
from index.workspace.outlets import Outlet
from search_cli.commands.outlet_add import describe

FRONT = """<html lang="en"><head><meta property="og:site_name" content="Prairie Courier">
<link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>LINKS</body></html>"""
FEED = """<rss><channel><title>Courier</title><item><title>Balloon</title><link>/2023/02/balloon</link>
<pubDate>Thu, 02 Feb 2023 22:14:00 GMT</pubDate></item></channel></rss>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of a made-up outlet with a front page and a feed."""
    root = tmp_path / "site"
    root.mkdir()
    links = "".join(f"<a href='/2023/02/story-of-the-day-{n}'>Story {n}</a>" for n in range(5))
    (root / "index.html").write_text(FRONT.replace("LINKS", links), "utf-8")
    (root / "feed.xml").write_text(FEED, "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def open_desk(desk: Path) -> Path:
    """A workspace whose outlets may be on this machine, without pauses."""
    file = desk / "workspace.toml"
    file.write_text(f"allow_private = true\ndelay = 0\n{file.read_text('utf-8')}", "utf-8")
    return desk


def outlets_of(desk: Path) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((desk / "outlets.toml").read_text("utf-8"))
    by_id: dict[str, Any] = {outlet["id"]: outlet for outlet in table["outlet"]}
    by_id.update(table["collections"])
    return by_id


def test_an_outlet_is_added_as_proposed(
    open_desk: Path, site: str, own_process: Callable[..., Any]
) -> None:
    said = own_process("outlet", "add", site, "--no-input", "--collection", "local")
    host = site.removeprefix("http://")
    assert said.status == 0
    assert said.out.splitlines()[0] == f"{host}   Prairie Courier · en"
    assert "feeds        1 answers, 1 item, newest item" in said.out
    assert f"next: pressclip crawl --outlet {host}" in said.err
    written = outlets_of(open_desk)
    assert written[host]["feeds"] == [f"{site}/feed.xml"]
    assert written[host]["url"] == f"{site}/"
    assert written["local"] == ["prairie-courier.example", host]
    assert "# the neighbour" in (open_desk / "outlets.toml").read_text("utf-8")


def test_adding_again_changes_nothing_the_user_wrote(
    open_desk: Path, site: str, own_process: Callable[..., Any]
) -> None:
    own_process("outlet", "add", site, "--no-input")
    file = open_desk / "outlets.toml"
    file.write_text(
        file.read_text("utf-8").replace('Prairie Courier"\nlang', 'My Courier"\nlang'), "utf-8"
    )
    before = file.read_text("utf-8")
    assert own_process("outlet", "add", site, "--no-input", "-q").status == 0
    assert file.read_text("utf-8") == before


def test_a_no_changes_nothing(open_desk: Path, site: str, own_process: Callable[..., Any]) -> None:
    before = (open_desk / "outlets.toml").read_text("utf-8")
    assert own_process("outlet", "add", site, answer="n\n").status == 0
    assert (open_desk / "outlets.toml").read_text("utf-8") == before


def test_a_private_outlet_needs_a_word_in_the_workspace(
    desk: Path, site: str, own_process: Callable[..., Any]
) -> None:
    said = own_process("outlet", "add", site, "--no-input")
    assert said.status == 4
    assert "allow_private = true" in said.err
    assert site.removeprefix("http://") not in outlets_of(desk)


@pytest.mark.parametrize("url", ["", "word", "ftp://a.example/", "javascript:alert(1)", "http://"])
def test_what_is_no_address_is_a_usage_error(
    open_desk: Path, url: str, pressclip: Callable[..., Any]
) -> None:
    said = pressclip("outlet", "add", url, "--no-input")
    assert said.status == 2
    assert "Traceback" not in said.err


def test_an_outlet_that_offers_nothing_is_an_error_with_advice(
    open_desk: Path, site: str, own_process: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "site" / "index.html").write_text("<html><body>Shop</body></html>", "utf-8")
    (tmp_path / "site" / "feed.xml").unlink()
    said = own_process("outlet", "add", site, "--no-input")
    assert said.status == 4
    assert "no feed, sitemap or section page answers" in said.err


def test_what_was_found_is_told_in_words() -> None:
    found = Discovery(
        url="https://lematin.example/",
        id="lematin.example",
        identity=Identity(name="Le Matin", cms="Arc"),
        crawl_delay=5.0,
        feeds=(FoundFeed(url="u", entries=20, newest=datetime(2023, 2, 4, 11, 56, tzinfo=UTC)),),
        sitemaps=(
            FoundSitemap(url="u", kind="news", urls=80, first=date(2023, 2, 3), last=date(2023, 2, 4)),
            FoundSitemap(url="v", kind="archive", urls=900, step="day", first=date(1944, 12, 19)),
        ),
        sections=(FoundSection(url="https://lematin.example/", articles=40),),
        failed=(("https://lematin.example/gone.rss", "http-404"),),
        left_untried=2,
    )  # fmt: skip
    outlet = Outlet(id="lematin.example", name="Le Matin", lang=("fr",), country="fr")
    lines = describe(found, outlet, delay=2.0, now=datetime(2023, 2, 4, 12, tzinfo=UTC))
    assert list(lines) == [
        "lematin.example   Le Matin · fr · FR · Arc",
        "  robots.txt   allows us, crawl-delay 5 s → we use 5 s",
        "  feeds        1 answers, 20 items, newest item 4 min ago",
        "  sitemaps     news sitemap (2 days), archive by day back to 1944-12-19",
        "  sections     1 answers, 40 links to articles",
        "  no answer    https://lematin.example/gone.rss  http-404",
        "  not tried    2 more feeds and sitemaps; add them by hand if needed",
    ]
