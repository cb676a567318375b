"""The whole way: a real crawl of outlets on loopback, in a process of its own, then what is on the disk."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.demo.serving import serve
from crawler.demo.site import ServedAnswer, ServedOutlet, ServedPage, Site, outlet_of
from index.archive import Archive
from index.capture import Capture
from tests.crawling import (
    HOST,
    KEPT,
    OTHER,
    Crawled,
    Desk,
    article,
    crawled_desk,
    feed,
    make_desk,
    pages,
    small_desk,
    small_site,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with small_desk(tmp_path / "desk") as made:
        yield made


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """The desk after a crawl; to look at."""
    with crawled_desk(tmp_path_factory.mktemp("crawled") / "desk") as made:
        yield made


@pytest.fixture
def read_desk(crawled: Crawled, tmp_path: Path) -> Desk:
    """A copy of it, to go on with."""
    return crawled.copy(tmp_path / "desk")


def test_a_crawl_keeps_the_coverage_and_says_what_became_of_the_rest(crawled: Crawled) -> None:
    assert crawled.desk.titles() == KEPT
    outcomes = crawled.desk.outcomes()
    assert outcomes["/news/fair-opens"] == "off-story"
    assert outcomes["/gone"] == "http-404"
    assert outcomes["/private/x"] == "robots"
    assert "/private/x" not in pages(crawled.visits)
    assert "4 articles" in crawled.done.stderr


def test_a_crawled_article_can_be_searched(crawled: Crawled) -> None:
    found = crawled.desk.pressclip("search", "harbour", "-f", "json")
    assert found.returncode == 0, found.stderr
    assert [hit["title"] for hit in json.loads(found.stdout)] == [
        "A balloon over the harbour at dawn"
    ]


def test_every_response_is_in_the_archive(crawled: Crawled) -> None:
    archive = Archive(crawled.desk.root / "data" / "archive")
    archived = {item.url for item in archive.captures() if isinstance(item, Capture)}
    asked = {f"http://{visit.host}{visit.target}" for visit in crawled.visits}
    assert archived == asked


def test_a_second_crawl_asks_only_for_lists_and_only_whether_they_changed(read_desk: Desk) -> None:
    before = len(read_desk.served.visits)
    done = read_desk.pressclip("crawl")
    assert done.returncode == 0, done.stderr
    later = [visit for visit in read_desk.served.visits[before:] if visit.target != "/robots.txt"]
    assert {visit.target for visit in later} <= {"/feed.xml", "/sitemap.xml", "/"}
    assert all(visit.conditional and visit.status == 304 for visit in later)


def test_the_replayed_corpus_is_the_crawled_one(read_desk: Desk) -> None:
    with read_desk.store() as store:
        crawled = store.articles.get(store.articles.all_ids())
    ledger = read_desk.outcomes()
    done = read_desk.pressclip("replay")
    assert done.returncode == 0, done.stderr
    with read_desk.store() as store:
        replayed = store.articles.get(store.articles.all_ids())
    assert {key: held.article for key, held in replayed.items()} == {
        key: held.article for key, held in crawled.items()
    }
    assert [held.verdicts for held in replayed.values()] == [
        held.verdicts for held in crawled.values()
    ]
    assert read_desk.outcomes() == ledger
    assert read_desk.pressclip("search", "harbour", "--count").stdout.strip() == "1"


def test_a_changed_story_is_judged_again_without_the_network(read_desk: Desk) -> None:
    visits = len(read_desk.served.visits)
    (read_desk.root / "stories" / "balloon.toml").write_text(
        "id = \"balloon\"\n[match]\nen = '''tent'''\n"
    )
    assert read_desk.pressclip("replay").returncode == 0
    assert read_desk.titles() == {"County fair opens early"}
    assert len(read_desk.served.visits) == visits


def test_scrapy_itself_runs_the_spiders_of_a_workspace(desk: Desk) -> None:
    listed = desk.run("scrapy", "list")
    assert listed.stdout.split() == ["backfill", "coverage", "urls"], listed.stderr
    done = desk.run("scrapy", "crawl", "coverage", "-a", "story=balloon")
    assert done.returncode == 0, done.stderr
    assert desk.titles() == KEPT


@pytest.mark.parametrize(
    ("spider", "argument", "told"),
    [
        pytest.param("coverage", "since=soon", "since=soon: no day", id="since"),
        pytest.param("coverage", "limit=few", "limit=few: not a number", id="limit"),
        pytest.param("coverage", "budget=-1", "budget=-1: must be 0 or more", id="budget"),
        pytest.param("coverage", "story=ballon", "no such story: ballon", id="story"),
        pytest.param("coverage", "outlet=nobody", "nobody: none of these stories", id="outlet"),
        pytest.param("coverage", "storey=x", "no such argument of coverage: storey", id="unknown"),
        pytest.param("urls", "file=no.txt", "no.txt: No such file", id="file"),
    ],
)
def test_scrapy_itself_refuses_a_wrong_argument_in_a_line(
    desk: Desk, spider: str, argument: str, told: str
) -> None:
    done = desk.run("scrapy", "crawl", spider, "-a", argument)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {told}")
    assert "Traceback" not in done.stderr
    assert not desk.served.visits


def test_urls_are_taken_from_standard_input(desk: Desk) -> None:
    done = desk.pressclip("crawl", "--urls", "-", input=f"# one\nhttp://{HOST}/news/balloon-seen\n")
    assert done.returncode == 0, done.stderr
    assert desk.titles() == {"A balloon is seen over the elevators"}
    assert pages(desk.served.visits) == ["/news/balloon-seen"]


def test_a_line_of_an_archive_is_a_copy_of_its_page(tmp_path: Path) -> None:
    """The page has gone; its copy is an article of its outlet, with the time of the capture."""
    archive, page = "web-archive.example", f"http://{HOST}/news/gone-by-now"
    make_desk(tmp_path / "desk")
    (tmp_path / "desk" / "workspace.toml").write_text(
        f'delay = 0.0\n[backfill.sources]\nwayback = "http://{archive}/"\n'
        "[backfill.pause]\nwayback = 0.0\n"
    )
    copies = {
        f"/web/20230204101500id_/{page}": article("A balloon that was seen then"),
        "/robots.txt": ServedAnswer(body=b"User-agent: *\nDisallow: /", media="text/plain"),
    }
    lines = (
        f"http://{archive}/web/20230204101500/{page}\n"
        f"http://{archive}/web/20230204111500/http://{HOST}/never-captured\n"
        "https://news.google.com/rss/articles/CBMiabcdefgh?oc=5\n"
    )
    with serve(Site.of([outlet_of(archive, copies)])) as served:
        desk = Desk(tmp_path / "desk", served)
        done = desk.pressclip("crawl", "--urls", "-", input=lines)
        assert set(pages(served.visits)) == {
            f"/web/20230204101500id_/{page}",
            f"/web/20230204111500id_/http://{HOST}/never-captured",
        }
    assert "Traceback" not in done.stderr
    assert "Google alone knows which page this is" in done.stderr
    with desk.store() as store:
        (identity,) = store.articles.kept_ids()
        held = store.articles.get([identity])[identity].article
    assert (held.url, held.outlet, held.copy_of) == (page, HOST, page)
    assert held.captured == held.fetched == datetime(2023, 2, 4, 10, 15, tzinfo=UTC)
    assert held.archive_source == f"http://{archive}/web/20230204101500id_/{page}"
    with closing(sqlite3.connect(desk.root / "data" / "pressclip.db")) as database:
        outcomes = dict(database.execute("SELECT url, outcome FROM ledger"))
    assert outcomes == {
        page: "kept",
        f"http://{archive}/web/20230204111500id_/http://{HOST}/never-captured": "http-404",
        "https://news.google.com/rss/articles/CBMiabcdefgh?oc=5": "url-sealed",
    }


def test_notes_of_a_list_stand_on_its_articles(desk: Desk) -> None:
    table = (
        "Key,Title,Url,Notes\n"
        f'A,x,http://{HOST}/news/balloon-seen,"<p>Ask the <b>county</b></p>"\n'
        f"B,y,http://{HOST}/news/balloon-again,\n"
    )
    (desk.root / "zotero.csv").write_text(table)
    assert desk.pressclip("crawl", "--urls", "zotero.csv").returncode == 0
    with desk.store() as store:
        held = store.articles.get(store.articles.kept_ids()).values()
        notes = {one.article.title: one.remarks.note for one in held}
    assert notes == {
        "A balloon is seen over the elevators": "Ask the county",
        "Second look at the balloon": "",
    }


def test_limit_and_outlet_bound_a_crawl(desk: Desk) -> None:
    done = desk.pressclip("crawl", "--outlet", HOST, "--limit", "1")
    assert done.returncode == 0, done.stderr
    news = [target for target in pages(desk.served.visits) if "/news/" in target]
    assert len(news) == 1
    assert not [visit for visit in desk.served.visits if visit.host == OTHER]
    desk.pressclip("crawl")
    assert desk.titles() == KEPT


def test_an_edited_article_is_found_by_a_recheck(tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    edited = article("Balloon was two balloons", thing="pair of balloons")
    story = ServedPage(target="/news/balloon-seen", editions=(article("A balloon is seen"), edited))
    listed = ServedPage(target="/feed.xml", editions=(feed("/news/balloon-seen"),))
    outlet = ServedOutlet(host=HOST, pages={page.target: page for page in (story, listed)})
    with serve(Site.of([outlet])) as served:
        desk = Desk(tmp_path / "desk", served)
        desk.pressclip("crawl")
        served.switch(2)
        assert desk.pressclip("crawl").returncode == 3  # the other outlet does not answer
        assert desk.titles() == {"A balloon is seen"}
        desk.pressclip("crawl", "--recheck")
    with desk.store() as store:
        [identity] = store.articles.kept_ids()
        assert [version.article.title for version in store.versions.of(identity)] == [
            "A balloon is seen",
            "Balloon was two balloons",
        ]


def test_what_was_taken_away_is_kept_and_marked_until_it_is_there_again(tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    there, gone = article("A balloon is seen"), ServedAnswer(status=404)
    home = ServedAnswer(status=302, headers=(("Location", "/"),))
    pages = (
        ServedPage(target="/news/balloon-seen", editions=(there, gone, there)),
        ServedPage(target="/news/balloon-moved", editions=(article("Balloon moved on"), home)),
        ServedPage(target="/feed.xml", editions=(feed("/news/balloon-seen", "/news/balloon-moved"),)),
        ServedPage(target="/", editions=(ServedAnswer(body=b"<html><h1>Prairie Courier</h1></html>"),)),
    )  # fmt: skip
    outlet = ServedOutlet(host=HOST, pages={page.target: page for page in pages})
    with serve(Site.of([outlet])) as served:
        desk = Desk(tmp_path / "desk", served)
        desk.pressclip("crawl")
        served.switch(2)
        done = desk.pressclip("crawl", "--recheck")
        assert "2 removed" in done.stderr
        listed = desk.pressclip("search", "is:removed", "--all", "--fields", "title,removed")
        assert sorted(line.split("\t")[0] for line in listed.stdout.splitlines()) == [
            "A balloon is seen",
            "Balloon moved on",
        ]
        served.switch(3)
        desk.pressclip("crawl", "--recheck")
        replayed = desk.pressclip("replay")
        assert replayed.returncode == 0, replayed.stderr
    with desk.store() as store:
        found = {
            one.article.title: one for one in store.articles.get(store.articles.kept_ids()).values()
        }
    (absence,) = found["A balloon is seen"].removals
    assert (absence.code, absence.ended is not None) == ("http-404", True)
    removal = found["Balloon moved on"].removal
    assert removal is not None
    assert removal.code == "redirect-home"


def test_an_outlet_that_fails_is_named_and_left_to_the_next_run(tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    closed = ServedOutlet(
        host=HOST, pages={}, outage=ServedAnswer(status=503, headers=(("Retry-After", "3600"),))
    )
    good = small_site().outlets[OTHER]
    with serve(Site.of([closed, good])) as served:
        done = Desk(tmp_path / "desk", served).pressclip("crawl")
        asked = [visit.target for visit in served.visits if visit.host == HOST]
    assert done.returncode == 3
    assert HOST in done.stderr
    assert asked == ["/robots.txt", "/feed.xml"]  # it wants to be left alone


def test_a_host_that_asks_to_wait_is_asked_again_after_that_time(tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    wait = ServedAnswer(status=429, headers=(("Retry-After", "1"),))
    page = ServedPage(
        target="/news/balloon-seen", editions=(article("A balloon is seen"),), stumbles=(wait,)
    )
    listed = ServedPage(target="/feed.xml", editions=(feed("/news/balloon-seen"),))
    outlet = ServedOutlet(host=HOST, pages={one.target: one for one in (page, listed)})
    with serve(Site.of([outlet])) as served:
        desk = Desk(tmp_path / "desk", served)
        desk.pressclip("crawl", "--outlet", HOST)
        first, second = (visit for visit in served.visits if visit.target == page.target)
    assert desk.titles() == {"A balloon is seen"}
    assert second.started - first.ended >= 0.99


def test_a_host_whose_robots_txt_fails_is_not_entered(tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    answers = {"/robots.txt": ServedAnswer(status=500), "/feed.xml": feed("/news/balloon-seen")}
    with serve(Site.of([outlet_of(HOST, answers)])) as served:
        done = Desk(tmp_path / "desk", served).pressclip("crawl", "--outlet", HOST)
        asked = {visit.target for visit in served.visits}
    assert asked == {"/robots.txt"}
    assert done.returncode == 4


def test_a_crawl_killed_at_any_moment_is_completed_by_the_next(desk: Desk) -> None:
    command = [sys.executable, "-m", "search_cli.main", "crawl"]
    for visits in (2, 5, 8):
        process = subprocess.Popen(
            command, cwd=desk.root, env=desk.environment(), stderr=subprocess.DEVNULL
        )
        seen = len(desk.served.visits)
        while process.poll() is None and len(desk.served.visits) < seen + visits:
            os.sched_yield()
        process.kill()
        process.wait()
    done = desk.pressclip("crawl")
    assert done.returncode == 0, done.stderr
    assert desk.titles() == KEPT
    with sqlite3.connect(desk.root / "data" / "pressclip.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert not list((desk.root / "data" / "archive").rglob("*.open"))
    assert desk.pressclip("search", "balloon", "--count").stdout.strip() == "4"


@pytest.mark.parametrize("interrupts", [1, 2], ids=["once", "twice"])
def test_an_interrupt_waits_for_nobody_and_the_next_crawl_continues(
    tmp_path: Path, interrupts: int
) -> None:
    make_desk(tmp_path / "desk")
    (tmp_path / "desk" / "workspace.toml").write_text("delay = 60.0\n")
    site = small_site()
    slow = Site.of([site.outlets[HOST], replace(site.outlets[OTHER], latency=60.0)])
    with serve(slow) as served:
        desk = Desk(tmp_path / "desk", served)
        process = subprocess.Popen(
            [sys.executable, "-m", "search_cli.main", "crawl"],
            cwd=desk.root, env=desk.environment(), stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while process.poll() is None and not served.visits:
            os.sched_yield()
        sent = time.monotonic()
        for _ in range(interrupts):
            process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130, said
        # `python -m bench.drills.stopping` says how long it takes; here it is only not for any of the 60 s.
        assert time.monotonic() - sent < 30, said
        assert "Traceback" not in said
    (desk.root / "workspace.toml").write_text("delay = 0.0\n")
    with serve(site) as served:
        assert Desk(desk.root, served).pressclip("crawl").returncode == 0
    assert desk.titles() == KEPT
