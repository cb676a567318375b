"""A real small crawl of outlets with each illness, and what `status` and the exit code say of it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.demo.serving import serve
from crawler.demo.site import ServedAnswer, Site, outlet_of
from index.article import isoformat
from tests.crawling import HOST, OTHER, Desk, article, feed, make_desk

WALL = ServedAnswer(
    body=b"<html><title>Just a moment...</title><body>Checking your browser before</body>"
)
GOOD = {"/good.xml": feed("/news/balloon-seen"), "/news/balloon-seen": article("A balloon is seen")}
ILL = {
    **GOOD,
    "/walled.xml": WALL,
    "/closed.xml": ServedAnswer(status=403),
    "/tired.xml": feed("/news/balloon-seen"),
    "/page.xml": ServedAnswer(body=b"<html><title>Home</title><body><p>Welcome</p></body></html>"),
}
FEEDS = ("good", "walled", "closed", "gone", "tired", "page")
ILLNESS = {
    "walled": "blocked (list-bot-wall",
    "closed": "blocked (http-403",
    "gone": "gone (http-404, 3 times)",
    "tired": "stale: nothing new for 9 days",
    "page": "answers something else than a list (list-html",
}


def change(desk: Desk, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(desk.root / "data" / "pressclip.db")) as connection, connection:
        connection.execute(sql, values)


def test_each_illness_of_a_list_is_named_after_a_real_crawl(tmp_path: Path) -> None:
    root = tmp_path / "desk"
    make_desk(root)
    feeds = ", ".join(f'"http://{HOST}/{name}.xml"' for name in FEEDS)
    (root / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\nfeeds = [{feeds}]\n'
    )
    with serve(Site.of([outlet_of(HOST, ILL)])) as served:
        desk = Desk(root, served)
        assert desk.pressclip("crawl").returncode == 3
        ago = isoformat(datetime.now(UTC) - timedelta(days=9, hours=1))
        change(
            desk, "UPDATE lists SET failures = 2 WHERE url LIKE '%gone.xml'"
        )  # as after two more
        change(desk, "UPDATE lists SET changed = ?, usual = 4 WHERE url LIKE '%tired.xml'", ago)
        done = desk.pressclip("crawl")
        assert done.returncode == 3
        assert f"needs attention: {HOST}" in done.stderr
    [record] = json.loads(desk.pressclip("status", "--outlets", "--json").stdout)
    said = {one["url"].rpartition("/")[2].removesuffix(".xml"): one["why"]
            for one in record["health"]["ailing"]}  # fmt: skip
    assert said.keys() == ILLNESS.keys()
    assert all(said[name].startswith(told) for name, told in ILLNESS.items()), said
    shown = desk.pressclip("status", "--outlets", "-f", "table")
    assert f"feed blocked (list-bot-wall, 2 times): http://{HOST}/walled.xml" in shown.stderr
    assert f"fix: pressclip outlet check {HOST}" in shown.stderr
    lines = desk.pressclip("status", "-f", "table").stdout.splitlines()
    assert "1 outlet needs attention:" in lines
    assert lines[-1] == f"fix: pressclip outlet check {HOST}"


def test_a_yield_under_a_quarter_of_what_is_expected_is_exit_3_and_named(tmp_path: Path) -> None:
    root = tmp_path / "desk"
    make_desk(root)
    (root / "outlets.toml").write_text(
        "".join(
            f'[[outlet]]\nid = "{host}"\nurl = "http://{host}/"\n'
            f'feeds = ["http://{host}/good.xml"]\nexpect = "{expect}"\n'
            for host, expect in ((HOST, "20/day"), (OTHER, "1/week"))
        )
    )
    with serve(Site.of([outlet_of(HOST, GOOD), outlet_of(OTHER, GOOD)])) as served:
        desk = Desk(root, served)
        assert desk.pressclip("crawl").returncode == 0  # too early to tell
        ago = isoformat(datetime.now(UTC) - timedelta(days=8))
        change(desk, "UPDATE runs SET started = ?", ago)
        change(desk, "UPDATE watched SET began = ?", ago)
        done = desk.pressclip("crawl")
        assert done.returncode == 3
        assert f"needs attention: {HOST}\n" in done.stderr
        assert desk.pressclip("crawl", "--max-failed", "1").returncode == 0
    told = "0.0 articles a day for 3 days (expected: 20)"
    assert f"  {HOST}  {told}" in desk.pressclip("status", "-f", "table").stdout.splitlines()
    assert json.loads(desk.pressclip("status", "--json").stdout)["weak"] == {HOST: told}
