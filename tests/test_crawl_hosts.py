"""What hosts say of themselves over time: robots.txt that moves or closes, servers that ask to wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.demo.serving import ServedSite, serve
from crawler.demo.site import ServedAnswer, ServedOutlet, ServedPage, Site, outlet_of
from crawler.wire.retry import retry_after
from index.article import isoformat
from index.store import SiteFile
from index.store.hosts import is_fresh
from tests.crawling import HOST, OTHER, Desk, article, feed, make_desk

NEW, OLD = "/news/balloon-new", "/news/balloon-old"
CLOSED = ServedAnswer(body=b"User-agent: *\nDisallow: /news/\n", media="text/plain")
OPEN = ServedAnswer(body=b"User-agent: *\nDisallow:\n", media="text/plain")


@contextmanager
def serving(root: Path, *outlets: ServedOutlet) -> Iterator[Desk]:
    make_desk(root)
    (root / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\nfeeds = ["http://{HOST}/feed.xml"]\n'
    )
    with serve(Site.of(outlets)) as served:
        yield Desk(root, served)


def asked(served: ServedSite, since: int = 0) -> list[str]:
    return [visit.target for visit in served.visits[since:] if "tdmrep" not in visit.target]


def editions(**pages: tuple[ServedAnswer, ...]) -> ServedOutlet:
    """An outlet whose pages, by name, change from edition to edition."""
    targets = {"robots": "/robots.txt", "feed": "/feed.xml", "old": OLD, "new": NEW}
    found = {
        targets[name]: ServedPage(target=targets[name], editions=all_)
        for name, all_ in pages.items()
    }
    return ServedOutlet(host=HOST, pages=found)


def set_clock(root: Path, age: timedelta) -> None:
    """Make what is known of the host's robots.txt as old as that."""
    moment = isoformat(datetime.now(UTC) - age)
    with closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection, connection:
        connection.execute("UPDATE robots SET fetched = ?", (moment,))


@pytest.mark.parametrize(
    ("age", "is_read_again"),
    [(timedelta(hours=23), False), (timedelta(hours=25), True)],
    ids=["fresh", "a day old"],
)
def test_rules_serve_for_a_day_and_what_they_close_then_is_not_fetched(
    tmp_path: Path, age: timedelta, is_read_again: bool
) -> None:
    outlet = editions(
        robots=(OPEN, CLOSED), feed=(feed(OLD), feed(OLD, NEW)),
        old=(article("The balloon of old"),), new=(article("The balloon of now"),),
    )  # fmt: skip
    with serving(tmp_path / "desk", outlet) as desk:
        desk.pressclip("crawl")
        set_clock(desk.root, age)
        desk.served.switch(2)
        before = len(desk.served.visits)
        desk.pressclip("crawl")
        found = asked(desk.served, before)
    assert ("/robots.txt" in found) is is_read_again
    assert (NEW in found) is not is_read_again
    assert desk.outcomes()[NEW] == ("robots" if is_read_again else "kept")


@pytest.mark.parametrize(
    ("age", "fresh"), [(6.9, True), (7.1, False), (-900.0, False)], ids=["young", "old", "future"]
)
def test_a_file_of_a_host_serves_for_its_time(age: float, fresh: bool) -> None:
    fetched = datetime.now(UTC) - timedelta(days=age)
    file = SiteFile(origin=f"http://{HOST}", fetched=fetched, status=200, body=b"")
    assert is_fresh(file, timedelta(days=7)) is fresh


def test_rules_that_stand_on_another_host_bind_the_one_that_was_asked(tmp_path: Path) -> None:
    moved = ServedAnswer(status=301, headers=(("Location", f"http://{OTHER}/robots.txt"),))
    first = outlet_of(
        HOST, {"/robots.txt": moved, "/feed.xml": feed(OLD), OLD: article("A balloon")}
    )
    # Of the other host's own pages these rules say the same; it is not asked because of it.
    second = outlet_of(OTHER, {"/robots.txt": CLOSED})
    with serving(tmp_path / "desk", first, second) as desk:
        desk.pressclip("crawl")
        visits = [(visit.host, visit.target) for visit in desk.served.visits]
    assert desk.outcomes()[OLD] == "robots"
    assert visits == [(HOST, "/robots.txt"), (OTHER, "/robots.txt"), (HOST, "/feed.xml")]


def test_rules_behind_redirects_without_end_close_the_host(tmp_path: Path) -> None:
    hops = {
        f"/robots{hop or ''}.txt": ServedAnswer(status=302, headers=(("Location", f"/robots{hop + 1}.txt"),))
        for hop in range(9)
    }  # fmt: skip
    with serving(tmp_path / "desk", outlet_of(HOST, {**hops, "/feed.xml": feed(OLD)})) as desk:
        desk.pressclip("crawl")
        found = asked(desk.served)
    assert len(found) == 6
    assert "/feed.xml" not in found


def test_the_workspace_says_what_a_refused_robots_txt_means(tmp_path: Path) -> None:
    answers = {
        "/robots.txt": ServedAnswer(status=403),
        "/feed.xml": feed(OLD),
        OLD: article("Balloon"),
    }
    with serving(tmp_path / "desk", outlet_of(HOST, answers)) as desk:
        (desk.root / "workspace.toml").write_text('delay = 0\nrobots_forbidden = "closed"\n')
        desk.pressclip("crawl")
        assert asked(desk.served) == ["/robots.txt"]


def test_a_server_that_never_heals_is_asked_three_times(tmp_path: Path) -> None:
    answers = {"/feed.xml": feed(OLD), OLD: ServedAnswer(status=503)}
    with serving(tmp_path / "desk", outlet_of(HOST, answers)) as desk:
        desk.pressclip("crawl")
        times = [visit.started for visit in desk.served.visits if visit.target == OLD]
    assert len(times) == 3
    first, second = times[1] - times[0], times[2] - times[1]
    assert first >= 1.0
    assert second >= 4.0
    with closing(sqlite3.connect(desk.root / "data" / "pressclip.db")) as connection:
        assert connection.execute("SELECT state FROM frontier").fetchall() == [("later",)]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0), (" 0 ", 0.0), ("9" * 400, 999_999_999.0), ("-1", None), ("soon", None), ("", None),
        ("1e9", None), ("²", None), ("Sat, 04 Feb 2023 12:02:00 GMT", 120.0),
        ("Sat, 04 Feb 2023 11:00:00 GMT", 0.0), ("Sat, 04 Feb 2033 12:00:00 +0000", 315_619_200.0),
        ("Sat, 99 Feb 2023 12:00:00 GMT", None), ("Sat, 04 Feb 99999 12:00:00 GMT", None),
    ],
)  # fmt: skip
def test_a_retry_after_is_seconds_a_date_or_nothing(said: str, seconds: float | None) -> None:
    assert retry_after(said, datetime(2023, 2, 4, 12, tzinfo=UTC)) == seconds


def test_a_host_that_asks_for_ten_years_does_not_hold_up_the_crawl(tmp_path: Path) -> None:
    wait = ServedAnswer(status=503, headers=(("Retry-After", "Fri, 04 Feb 2033 12:00:00 GMT"),))
    answers = {"/feed.xml": feed(OLD, NEW), OLD: wait, NEW: wait}
    with serving(tmp_path / "desk", outlet_of(HOST, answers)) as desk:
        desk.pressclip("crawl")
        found = asked(desk.served)
    assert [target for target in found if "/news/" in target] in ([OLD], [NEW])


def test_what_a_site_said_of_its_page_is_not_told_to_another(tmp_path: Path) -> None:
    """A known article that is now at another site: its validators would be answered by nobody else."""
    away = ServedAnswer(status=301, headers=(("Location", f"http://{OTHER}{OLD}"),))
    outlet = editions(feed=(feed(OLD),), old=(article("The balloon of old"), away))
    other = outlet_of(OTHER, {OLD: article("The balloon of old")})
    with serving(tmp_path / "desk", outlet, other) as desk:
        desk.pressclip("crawl")
        desk.served.switch(2)
        desk.pressclip("crawl", "--recheck")
        [visit] = [one for one in desk.served.visits if one.host == OTHER and one.target == OLD]
        [first] = [one for one in desk.served.visits if one.status == 301]
    assert first.conditional
    assert not visit.conditional
    assert visit.status == 200


def test_a_page_that_no_longer_asks_to_be_hidden_comes_into_search(tmp_path: Path) -> None:
    shown = article("The balloon of old")
    hidden = ServedAnswer(body=shown.body, headers=(("X-Robots-Tag", "noindex"),))
    with serving(tmp_path / "desk", editions(feed=(feed(OLD),), old=(hidden, shown))) as desk:
        desk.pressclip("crawl")
        assert desk.titles() == set()
        desk.served.switch(2)
        desk.pressclip("crawl", "--recheck")
        assert desk.titles() == {"The balloon of old"}
