"""`pressclip outlet check` against a made-up outlet with each kind of illness, behind a proxy."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from crawler.demo.serving import serve
from crawler.demo.site import ServedAnswer, ServedOutlet, Site, outlet_of
from index.coverage.estimates import stale_since
from index.workspace.outlets_edit import repair_lists
from tests.crawling import HOST, Desk

NOW = datetime.now(UTC)
FILE = f"""\
[[outlet]]
id = "{HOST}"
url = "http://{HOST}/"
feeds = [
    "http://{HOST}/feed.xml",    # the good one
    # tried in spring
    "http://{HOST}/old.xml",
    "http://{HOST}/gone.xml",
    "http://{HOST}/walled.xml",
    "http://{HOST}/tired.xml",
]
sitemaps = ["http://{HOST}/closed.xml"]  # news
sections = ["http://{HOST}/walled"]
"""
WALL = ServedAnswer(
    body=b"<html><title>Just a moment...</title><body>Checking your browser before</body>"
)
MOVED = ServedAnswer(status=301, headers=(("Location", "/new.xml"),))


def feed(name: str, *, newest: timedelta = timedelta(hours=1)) -> ServedAnswer:
    items = "".join(
        f"<item><title>{name} {n}</title><link>http://{HOST}/2023/02/{name}-item-number-{n}</link>"
        f"<pubDate>{format_datetime(NOW - newest - timedelta(hours=4 * n))}</pubDate></item>"
        for n in range(6)
    )
    xml = f"<rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>"
    return ServedAnswer(body=xml.encode(), media="application/rss+xml")


ANSWERS = {
    "/": ServedAnswer(body=b'<html><head><link rel=alternate type="application/rss+xml" href=/fresh.xml>'
                     b"</head><body>front</body></html>"),
    "/feed.xml": feed("good"),
    "/old.xml": MOVED,
    "/new.xml": feed("moved"),
    "/walled.xml": WALL,
    "/walled": WALL,
    "/tired.xml": feed("tired", newest=timedelta(days=9)),
    "/closed.xml": ServedAnswer(status=403),
    "/fresh.xml": feed("fresh"),
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    root = tmp_path / "desk"
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text("delay = 0.0\n")
    (root / "outlets.toml").write_text(FILE)
    with serve(Site.of([outlet_of(HOST, ANSWERS)])) as served:
        yield Desk(root, served)


def test_each_list_is_named_by_what_became_of_it_and_the_file_is_repaired(desk: Desk) -> None:
    told = desk.pressclip("outlet", "check", "--json", input="n\n")
    record = json.loads(told.stdout)
    states = {one["url"].rpartition("/")[2]: one["state"] for one in record["lists"]}
    assert states == {
        "feed.xml": "answers", "old.xml": "moved", "gone.xml": "dead", "walled.xml": "blocked",
        "tired.xml": "stale", "closed.xml": "blocked", "walled": "blocked",
    }  # fmt: skip
    assert (desk.root / "outlets.toml").read_text() == FILE  # nobody said yes
    assert told.returncode == 3

    done = desk.pressclip("--no-input", "outlet", "check", HOST)
    assert done.returncode == 3, done.stderr  # what is blocked and stale still needs a look
    assert f"repair: feeds: http://{HOST}/old.xml → http://{HOST}/new.xml" in done.stdout
    assert f"repair: feeds: drop http://{HOST}/gone.xml" in done.stdout
    assert f"repair: feeds: add http://{HOST}/fresh.xml" in done.stdout
    text = (desk.root / "outlets.toml").read_text()
    [outlet] = tomllib.loads(text)["outlet"]
    assert [url.rpartition("/")[2] for url in outlet["feeds"]] == [
        "feed.xml", "new.xml", "walled.xml", "tired.xml", "fresh.xml",
    ]  # fmt: skip
    for comment in ("# the good one", "# tried in spring", "# news"):
        assert comment in text

    again = desk.pressclip("--no-input", "outlet", "check", HOST)
    assert "repair" not in again.stdout


def test_a_sound_outlet_ends_with_0_and_one_that_does_not_answer_with_4(tmp_path: Path) -> None:
    root = tmp_path / "desk"
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text("delay = 0.0\n")
    (root / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\nfeeds = ["http://{HOST}/feed.xml"]\n'
    )
    answers = {
        "/": ANSWERS["/"],
        "/feed.xml": ANSWERS["/feed.xml"],
        "/fresh.xml": ANSWERS["/feed.xml"],
    }
    outage = ServedOutlet(host=HOST, pages={}, outage=ServedAnswer(status=503))
    sites = {0: outlet_of(HOST, answers), 4: outage}
    for status, outlet in sites.items():
        with serve(Site.of([outlet])) as served:
            done = Desk(root, served).pressclip("--no-input", "outlet", "check")
        assert done.returncode == status, done.stdout + done.stderr
    assert "fails" in done.stdout
    unknown = Desk(root, served).pressclip("outlet", "check", "nobody.example")
    assert unknown.returncode == 2


def test_the_last_address_of_a_key_takes_the_key_with_it(tmp_path: Path) -> None:
    path = tmp_path / "outlets.toml"
    path.write_text('[[outlet]]\nid = "a.example"\nfeeds = ["https://a.example/f"]\n# end\n')
    repair_lists(path, {"a.example": [("feeds", "https://a.example/f", ""),
                                      ("sitemaps", "", "https://a.example/s")]})  # fmt: skip
    [outlet] = tomllib.loads(path.read_text())["outlet"]
    assert outlet == {"id": "a.example", "sitemaps": ["https://a.example/s"]}
    assert "# end" in path.read_text()


@pytest.mark.parametrize(
    ("gap_hours", "silent_days", "stale"),
    [(4, 2, False), (4, 4, True), (24, 4, False), (24, 6, True), (24 * 7, 30, False)],
)
def test_a_list_is_stale_by_its_own_rhythm(gap_hours: int, silent_days: int, stale: bool) -> None:
    newest = NOW - timedelta(days=silent_days)
    dates = [newest - timedelta(hours=gap_hours * n) for n in range(5)]
    assert bool(stale_since(dates, NOW)) == stale
    assert not stale_since(dates[:1], NOW)
