"""The whole way: a real crawl of outlets on loopback, in a process of its own, then what is on the disk."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from crawler.demo.server import Visit
from crawler.demo.serving import ServedSite, serve
from crawler.demo.site import Answer, Outlet, Page, Site, outlet_of
from index.archive import Archive
from index.capture import Capture
from index.store import ArticleStore

HOST = "prairie-courier.example"
OTHER = "harbour-daily.example"
XML = "application/rss+xml"

PARAGRAPHS = (
    "<p>A white {thing} drifted over the grain elevators of Prairie County on Thursday and stayed in"
    " sight for most of the afternoon, residents of three towns said, while the sheriff's office asked"
    " them not to shoot at it and promised to say more when it knew more.</p>"
    "<p>The {thing} was far above the reach of any aircraft at the county airfield. A spokesman for the"
    " state guard said that the object was being followed, that it was no danger to anyone on the ground"
    " and that its owner was known, though he did not say who that was.</p>"
    "<p>By evening the {thing} had moved on to the east. The school in Elm Fork, which had kept its"
    " pupils in the yard to watch, closed half an hour late, and the diner on Main Street reported its"
    " best Thursday since the county fair of last year.</p>"
)


def article(title: str, thing: str = "balloon", day: str = "2023-02-02") -> Answer:
    data = {"@type": "NewsArticle", "headline": title, "datePublished": f"{day}T18:00:00Z"}
    return Answer(
        body=(
            f"<html lang=en><head><title>{title}</title>"
            f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
            f"<body><nav><a href=/>Home</a></nav><article><h1>{title}</h1>"
            f"{PARAGRAPHS.format(thing=thing)}</article></body></html>"
        ).encode()
    )


def feed(*targets: str, host: str = HOST) -> Answer:
    items = "".join(
        f"<item><title>{target}</title><link>http://{host}{target}</link></item>"
        for target in targets
    )
    return Answer(
        body=f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode(),
        media=XML,
    )


def sitemap(*targets: str) -> Answer:
    urls = "".join(f"<url><loc>http://{HOST}{target}</loc></url>" for target in targets)
    xml = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"
    return Answer(body=gzip.compress(xml.encode()), media="application/gzip")


SITEMAP_INDEX = Answer(
    body=(
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap>"
        f"<loc>http://{HOST}/sitemap-1.xml.gz</loc></sitemap></sitemapindex>"
    ).encode(),
    media="application/xml",
)


def small_site() -> Site:
    answers = {
        "/robots.txt": Answer(body=b"User-agent: *\nDisallow: /private/\n", media="text/plain"),
        "/feed.xml": feed(
            "/news/balloon-seen", "/news/fair-opens", "/gone", "/private/x", "/moved"
        ),
        "/sitemap.xml": SITEMAP_INDEX,
        "/sitemap-1.xml.gz": sitemap("/news/balloon-again?utm_source=map", "/news/balloon-seen"),
        "/news/balloon-seen": article("A balloon is seen over the elevators"),
        "/news/balloon-again": article("Second look at the balloon", day="2023-02-03"),
        "/news/fair-opens": article("County fair opens early", thing="tent"),
        "/moved": Answer(status=301, headers=(("Location", "/news/balloon-moved"),)),
        "/news/balloon-moved": article("Balloon moved on, and so did the traffic"),
    }
    front = (
        "<html><body><main><a href='/2023/02/03/balloon-over-the-harbour-at-dawn'>"
        "A balloon over the harbour at dawn, and nobody knows whose</a></main></body></html>"
    )
    harbour = {
        "/": Answer(body=front.encode()),
        "/2023/02/03/balloon-over-the-harbour-at-dawn": article(
            "A balloon over the harbour at dawn"
        ),
    }
    return Site.of([outlet_of(HOST, answers), outlet_of(OTHER, harbour)])


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace, and the served outlets that its command line reaches through a proxy."""

    root: Path
    served: ServedSite

    def run(self, *args: str, **options: object) -> subprocess.CompletedProcess[str]:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [sys.executable, "-m", *args], cwd=self.root, env=self.environment(),
            capture_output=True, text=True, timeout=120, **options,  # type: ignore[call-overload]
        )  # fmt: skip
        return done

    def pressclip(self, *args: str, **options: object) -> subprocess.CompletedProcess[str]:
        return self.run("search_cli.main", *args, **options)

    def environment(self) -> dict[str, str]:
        proxy = self.served.ports.proxy_url
        return {**os.environ, "http_proxy": proxy, "no_proxy": ""}

    def store(self) -> ArticleStore:
        return ArticleStore.open(self.root / "data" / "pressclip.db")

    def titles(self) -> set[str]:
        with self.store() as store:
            return {held.article.title for held in store.get(store.kept_ids()).values()}

    def outcomes(self) -> dict[str, str]:
        """The newest outcome by path."""
        with sqlite3.connect(self.root / "data" / "pressclip.db") as connection:
            rows = connection.execute("SELECT url, outcome FROM ledger ORDER BY id").fetchall()
        connection.close()
        return {url.split(".example", 1)[1]: outcome for url, outcome in rows}


def make_desk(root: Path) -> None:
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text("delay = 0.0\n")
    (root / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n")
    (root / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\n'
        f'feeds = ["http://{HOST}/feed.xml"]\nsitemaps = ["http://{HOST}/sitemap.xml"]\n'
        f'[[outlet]]\nid = "{OTHER}"\nurl = "http://{OTHER}/"\n'
    )
    (root / "stories" / "balloon.toml").write_text(
        "id = \"balloon\"\nwindow = \"2023-01-28..2023-02-28\"\n[match]\nen = '''balloon'''\n"
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    root = tmp_path / "desk"
    make_desk(root)
    with serve(small_site()) as served:
        yield Desk(root, served)


def pages(visits: list[Visit]) -> list[str]:
    of_the_site = ("/robots.txt", "/.well-known/tdmrep.json")
    return [visit.target for visit in visits if visit.target not in of_the_site]


KEPT = {
    "A balloon is seen over the elevators",
    "Second look at the balloon",
    "Balloon moved on, and so did the traffic",
    "A balloon over the harbour at dawn",
}


def test_a_crawl_keeps_the_coverage_and_says_what_became_of_the_rest(desk: Desk) -> None:
    done = desk.pressclip("crawl")
    assert done.returncode == 0, done.stderr
    assert desk.titles() == KEPT
    outcomes = desk.outcomes()
    assert outcomes["/news/fair-opens"] == "off-story"
    assert outcomes["/gone"] == "http-404"
    assert outcomes["/private/x"] == "robots"
    assert "/private/x" not in pages(desk.served.visits)
    assert "4 articles" in done.stderr


def test_a_crawled_article_can_be_searched(desk: Desk) -> None:
    desk.pressclip("crawl")
    found = desk.pressclip("search", "harbour", "-f", "json")
    assert found.returncode == 0, found.stderr
    assert [hit["title"] for hit in json.loads(found.stdout)] == [
        "A balloon over the harbour at dawn"
    ]


def test_every_response_is_in_the_archive(desk: Desk) -> None:
    desk.pressclip("crawl")
    archive = Archive(desk.root / "data" / "archive")
    archived = {item.url for item in archive.captures() if isinstance(item, Capture)}
    asked = {f"http://{visit.host}{visit.target}" for visit in desk.served.visits}
    assert archived == asked


def test_a_second_crawl_asks_only_for_lists_and_only_whether_they_changed(desk: Desk) -> None:
    desk.pressclip("crawl")
    before = len(desk.served.visits)
    done = desk.pressclip("crawl")
    assert done.returncode == 0, done.stderr
    later = [visit for visit in desk.served.visits[before:] if visit.target != "/robots.txt"]
    assert {visit.target for visit in later} <= {"/feed.xml", "/sitemap.xml", "/"}
    assert all(visit.conditional and visit.status == 304 for visit in later)


def test_the_replayed_corpus_is_the_crawled_one(desk: Desk) -> None:
    desk.pressclip("crawl")
    with desk.store() as store:
        crawled = store.get(store.all_ids())
    ledger = desk.outcomes()
    done = desk.pressclip("replay")
    assert done.returncode == 0, done.stderr
    with desk.store() as store:
        replayed = store.get(store.all_ids())
    assert {key: held.article for key, held in replayed.items()} == {
        key: held.article for key, held in crawled.items()
    }
    assert [held.verdicts for held in replayed.values()] == [
        held.verdicts for held in crawled.values()
    ]
    assert desk.outcomes() == ledger
    assert desk.pressclip("search", "harbour", "--count").stdout.strip() == "1"


def test_a_changed_story_is_judged_again_without_the_network(desk: Desk) -> None:
    desk.pressclip("crawl")
    visits = len(desk.served.visits)
    (desk.root / "stories" / "balloon.toml").write_text(
        "id = \"balloon\"\n[match]\nen = '''tent'''\n"
    )
    assert desk.pressclip("replay").returncode == 0
    assert desk.titles() == {"County fair opens early"}
    assert len(desk.served.visits) == visits


def test_scrapy_itself_runs_the_spiders_of_a_workspace(desk: Desk) -> None:
    listed = desk.run("scrapy", "list")
    assert listed.stdout.split() == ["coverage", "urls"], listed.stderr
    done = desk.run("scrapy", "crawl", "coverage", "-a", "story=balloon")
    assert done.returncode == 0, done.stderr
    assert desk.titles() == KEPT


def test_urls_are_taken_from_standard_input(desk: Desk) -> None:
    done = desk.pressclip("crawl", "--urls", "-", input=f"# one\nhttp://{HOST}/news/balloon-seen\n")
    assert done.returncode == 0, done.stderr
    assert desk.titles() == {"A balloon is seen over the elevators"}
    assert pages(desk.served.visits) == ["/news/balloon-seen"]


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
    story = Page(target="/news/balloon-seen", editions=(article("A balloon is seen"), edited))
    listed = Page(target="/feed.xml", editions=(feed("/news/balloon-seen"),))
    outlet = Outlet(host=HOST, pages={page.target: page for page in (story, listed)})
    with serve(Site.of([outlet])) as served:
        desk = Desk(tmp_path / "desk", served)
        desk.pressclip("crawl")
        served.switch(2)
        assert desk.pressclip("crawl").returncode == 3  # the other outlet does not answer
        assert desk.titles() == {"A balloon is seen"}
        desk.pressclip("crawl", "--recheck")
    with desk.store() as store:
        [identity] = store.kept_ids()
        assert [version.article.title for version in store.versions(identity)] == [
            "A balloon is seen",
            "Balloon was two balloons",
        ]


def test_what_was_taken_away_is_kept_and_marked_until_it_is_there_again(tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    there, gone = article("A balloon is seen"), Answer(status=404)
    home = Answer(status=302, headers=(("Location", "/"),))
    pages = (
        Page(target="/news/balloon-seen", editions=(there, gone, there)),
        Page(target="/news/balloon-moved", editions=(article("Balloon moved on"), home)),
        Page(target="/feed.xml", editions=(feed("/news/balloon-seen", "/news/balloon-moved"),)),
        Page(target="/", editions=(Answer(body=b"<html><body><h1>Prairie Courier</h1></body></html>"),)),
    )  # fmt: skip
    outlet = Outlet(host=HOST, pages={page.target: page for page in pages})
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
        found = {one.article.title: one for one in store.get(store.kept_ids()).values()}
    (absence,) = found["A balloon is seen"].removals
    assert (absence.code, absence.ended is not None) == ("http-404", True)
    removal = found["Balloon moved on"].removal
    assert removal is not None
    assert removal.code == "redirect-home"


def test_an_outlet_that_fails_is_named_and_left_to_the_next_run(tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    closed = Outlet(
        host=HOST, pages={}, outage=Answer(status=503, headers=(("Retry-After", "3600"),))
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
    wait = Answer(status=429, headers=(("Retry-After", "1"),))
    page = Page(
        target="/news/balloon-seen", editions=(article("A balloon is seen"),), stumbles=(wait,)
    )
    listed = Page(target="/feed.xml", editions=(feed("/news/balloon-seen"),))
    outlet = Outlet(host=HOST, pages={one.target: one for one in (page, listed)})
    with serve(Site.of([outlet])) as served:
        desk = Desk(tmp_path / "desk", served)
        desk.pressclip("crawl", "--outlet", HOST)
        first, second = (visit for visit in served.visits if visit.target == page.target)
    assert desk.titles() == {"A balloon is seen"}
    assert second.started - first.ended >= 0.99


def test_a_host_whose_robots_txt_fails_is_not_entered(tmp_path: Path) -> None:
    make_desk(tmp_path / "desk")
    answers = {"/robots.txt": Answer(status=500), "/feed.xml": feed("/news/balloon-seen")}
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
        # `python -m bench.stopping` says how long it takes; here it is only not for any of the 60 s.
        assert time.monotonic() - sent < 30, said
        assert "Traceback" not in said
    (desk.root / "workspace.toml").write_text("delay = 0.0\n")
    with serve(site) as served:
        assert Desk(desk.root, served).pressclip("crawl").returncode == 0
    assert desk.titles() == KEPT


def listing(*targets: str, following: str = "") -> Answer:
    """A section page with headlines for these targets, and a link to its next page."""
    links = "".join(
        f"<li><a href='{target}'>What was seen over the town of Elm Fork</a>" for target in targets
    )
    following = following and f"<a rel=next href='{following}'>older</a>"
    return Answer(
        body=f"<html><body><main><ul>{links}</ul>{following}</main></body></html>".encode()
    )


STORY_AT = "/2023/02/02/balloon-over-the-elevators-of-the-county-{}"


def crawl_one(root: Path, outlet: str, answers: dict[str, Answer], story: str = "") -> list[Visit]:
    """The visits of a crawl of one outlet with these lines in its table and in the story."""
    make_desk(root)
    (root / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\n{outlet}'
    )
    path = root / "stories" / "balloon.toml"
    path.write_text(path.read_text() + story)
    with serve(Site.of([outlet_of(HOST, answers)])) as served:
        done = Desk(root, served).pressclip("crawl")
        assert done.returncode == 0, done.stderr
        return list(served.visits)


def test_the_pages_of_a_list_are_read_to_their_end(tmp_path: Path) -> None:
    answers = {
        "/county": listing(STORY_AT.format("a"), following="/county?page=2"),
        "/county?page=2": listing(STORY_AT.format("b"), following="/county?page=3"),
        "/county?page=3": listing(STORY_AT.format("c")),
        **{STORY_AT.format(name): article(f"Balloon {name} is seen") for name in "abc"},
    }
    visits = crawl_one(tmp_path / "desk", f'sections = ["http://{HOST}/county"]', answers)
    assert set(pages(visits)) >= {STORY_AT.format(name) for name in "abc"}


def test_an_outlets_own_search_is_asked_for_the_storys_words(tmp_path: Path) -> None:
    answers = {
        "/feed.xml": feed(),
        "/find?q=balloon&p=1": listing(STORY_AT.format("a")),
        STORY_AT.format("a"): article("Balloon a is seen"),
    }
    outlet = (
        f'feeds = ["http://{HOST}/feed.xml"]\nsearch = "http://{HOST}/find?q={{query}}&p={{page}}"'
    )
    make_desk(tmp_path / "desk")
    (tmp_path / "desk" / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\n{outlet}\n'
    )
    with serve(Site.of([outlet_of(HOST, answers)])) as served:
        desk = Desk(tmp_path / "desk", served)
        desk.pressclip("crawl")
        assert desk.titles() == {"Balloon a is seen"}


def test_links_of_a_kept_article_are_followed_as_deep_as_the_story_says(tmp_path: Path) -> None:
    def linking(title: str, target: str) -> Answer:
        body = article(title).body.replace(
            b"</article>",
            f"<p><a href='{target}'>More of what was seen that day</a></p></article>".encode(),
        )
        return Answer(body=body)

    answers = {
        "/feed.xml": feed(STORY_AT.format("a")),
        STORY_AT.format("a"): linking("Balloon a is seen", STORY_AT.format("b")),
        STORY_AT.format("b"): linking("Balloon b is seen", STORY_AT.format("c")),
        STORY_AT.format("c"): article("Balloon c is seen"),
    }
    visits = crawl_one(
        tmp_path / "desk",
        f'feeds = ["http://{HOST}/feed.xml"]',
        answers,
        "[discover]\nfollow = 1\n",
    )
    asked = set(pages(visits))
    assert STORY_AT.format("b") in asked
    assert STORY_AT.format("c") not in asked


def test_a_recheck_asks_only_whether_the_articles_changed(desk: Desk) -> None:
    desk.pressclip("crawl")
    before = len(desk.served.visits)
    done = desk.pressclip("crawl", "--recheck")
    assert done.returncode == 0, done.stderr
    again = [visit for visit in desk.served.visits[before:] if "balloon" in visit.target]
    assert len(again) == len(KEPT)
    assert all(visit.conditional and visit.status == 304 for visit in again)
    assert "4 unchanged" in done.stderr


def test_a_crawl_of_what_is_due_asks_nobody_right_after_another(desk: Desk) -> None:
    desk.pressclip("crawl")
    before = len(desk.served.visits)
    assert desk.pressclip("crawl", "--due").returncode == 0
    assert len(desk.served.visits) == before


def test_a_changed_window_reads_unchanged_lists_again(desk: Desk) -> None:
    story = desk.root / "stories" / "balloon.toml"
    story.write_text(story.read_text().replace("2023-01-28..2023-02-28", "2024-01-01..2024-02-01"))
    desk.pressclip("crawl")
    assert desk.titles() == set()
    make = story.read_text().replace("2024-01-01..2024-02-01", "2023-01-28..2023-02-28")
    story.write_text(make)
    desk.pressclip("crawl")
    assert desk.pressclip("replay").returncode == 0
    assert desk.titles() == KEPT


def test_a_dry_run_tells_and_asks_nobody(desk: Desk) -> None:
    done = desk.pressclip("crawl", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "1 feeds, 1 sitemaps, 1 sections" in done.stdout
    assert not desk.served.visits
    assert not (desk.root / "data").exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [((), 3), (("--strict",), 4), (("--max-failed", "1"), 0), (("--max-failed", "40%"), 3)],
    ids=["plain", "strict", "one-allowed", "share"],
)
def test_the_exit_code_follows_the_error_budget(
    tmp_path: Path, options: tuple[str, ...], code: int
) -> None:
    make_desk(tmp_path / "desk")
    with serve(Site.of([small_site().outlets[HOST]])) as served:
        done = Desk(tmp_path / "desk", served).pressclip("crawl", *options)
    assert done.returncode == code, done.stderr


def test_an_alert_is_run_for_news_and_for_nothing_else(desk: Desk) -> None:
    story = desk.root / "stories" / "balloon.toml"
    story.write_text(
        story.read_text() + "[alert]\nrun = \"sh -c 'echo $0 >> alerts' '{new} on {story}'\"\n"
    )
    desk.pressclip("crawl")
    desk.pressclip("crawl")
    assert (desk.root / "alerts").read_text() == "4 on balloon\n"


def test_the_coverage_is_estimated_from_several_channels(desk: Desk) -> None:
    desk.pressclip("crawl")
    done = desk.pressclip("status", "--coverage", "--json")
    rows = {row["outlet"]: row for row in json.loads(done.stdout)}
    assert rows[HOST]["held"] == 3
    assert rows[HOST]["channels"] == {"feed": 2, "sitemap": 2}
    assert rows[HOST]["method"] == "Chapman"
    assert rows[OTHER]["why_not"] == "found by one channel only"


def test_a_second_crawl_at_the_same_time_is_refused_with_75(desk: Desk) -> None:
    from index.lock import hold

    with hold(desk.root / "data" / "lock"):
        done = desk.pressclip("crawl")
    assert done.returncode == 75
    assert f"process {os.getpid()}" in done.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("crawl", "baloon"), "balloon"),
        (("crawl", "--outlet", "nobody.example"), "nobody.example"),
        (("crawl", "--urls", "none.txt"), "none.txt"),
        (("crawl", "--warc", "none.warc.gz"), "none.warc.gz"),
        (("crawl", "-s", "nonsense"), "NAME=VALUE"),
        (("replay",), "nothing is archived"),
    ],
    ids=["story", "outlet", "urls", "warc", "setting", "empty-archive"],
)
def test_a_wrong_call_says_what_is_wrong_in_one_line(
    desk: Desk, args: tuple[str, ...], message: str
) -> None:
    done = desk.pressclip(*args)
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_captures_of_another_warc_go_the_same_way(desk: Desk, tmp_path: Path) -> None:
    desk.pressclip("crawl")
    [warc] = (desk.root / "data" / "archive").rglob("*.warc.gz")
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(warc.read_bytes() + warc.read_bytes()[:-20])  # its last member is cut
    empty = tmp_path / "empty.warc.gz"
    empty.touch()
    make_desk(tmp_path / "second")
    other = Desk(tmp_path / "second", desk.served)
    visits = len(desk.served.visits)
    done = other.pressclip("crawl", "--warc", str(torn), str(empty))
    assert done.returncode == 3
    assert other.titles() == KEPT
    assert "1 files without a response" in done.stderr
    assert len(desk.served.visits) == visits
    again = other.pressclip("crawl", "--warc", str(warc))
    assert "new" not in again.stderr
