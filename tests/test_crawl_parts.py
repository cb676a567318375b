"""Split articles and failed pages over loopback: fetched politely, joined, and joined again offline."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.demo.serving import ServedSite, serve
from crawler.demo.site import ServedAnswer, Site, outlet_of
from index.archive import Archive
from index.store import Store, StoredArticle

HOST = "prairie-courier.example"
SPLIT, BARRED = "/news/a-long-flight-over-land", "/news/a-short-flight-over-town"
LATE, LATE_AMP = "/news/a-late-flight-over-hills", "/amp/news/a-late-flight-over-hills"
PATHS = "/news/a-slow-flight-over-lakes"  # its pages call the first one their canonical address
WALL, AMP = "/news/wall-7311", "/amp/7311"
TITLES = {
    SPLIT: "A long flight of the balloon",
    BARRED: "A short flight of the balloon",
    LATE: "A late flight of the balloon",
    LATE_AMP: "A late flight of the balloon",
    PATHS: "A slow flight of the balloon",
    AMP: "What the wall hid of the balloon",
}


def page(target: str, who: str, *, pager: str = "", html: str = "", head: str = "") -> ServedAnswer:
    title = TITLES[target.partition("?")[0]]
    data = {"@type": "NewsArticle", "headline": title, "datePublished": "2023-02-02T18:00:00Z"}
    text = "".join(
        f"<p>The {who} of Elm Fork saw the balloon {what} on Thursday and told this paper so, at some length"
        f" and with gestures, in the yard of the {who}'s house, where a map had been drawn in the sand.</p>"
        for what in ("rise", "stand", "go down")
    )
    body = (
        f"<html lang=en {html}><head><title>{title}</title>{head}"
        f"<script type='application/ld+json'>{json.dumps(data)}</script></head>"
        f"<body><article><h1>{title}</h1>{text}</article>{pager}</body></html>"
    )
    return ServedAnswer(body=body.encode())


def pager(target: str, number: int) -> str:
    return f"<div>Page {number} of 3 <a href='{target}?page={number + 1}'>Next</a></div>"


def lake_page(who: str, number: int) -> ServedAnswer:
    lead = f"<div>{number} <a href='{PATHS}/page/{number + 1}'>{number + 1}</a></div>"
    head = f"<link rel=canonical href='http://{HOST}{PATHS}'>"
    return page(PATHS, who, head=head, pager=lead if number < 3 else "")


def split_site() -> Site:
    items = "".join(
        f"<item><title>balloon</title><link>http://{HOST}{target}</link></item>"
        for target in (SPLIT, BARRED, WALL)
    )
    wall = (
        f"<html><head><title>x</title><link rel=amphtml href='{AMP}'></head>"
        "<body>Please enable JavaScript.</body></html>"
    )
    answers = {
        "/robots.txt": ServedAnswer(
            body=f"User-agent: *\nDisallow: {BARRED}?page=\n".encode(), media="text/plain"
        ),
        "/feed.xml": ServedAnswer(
            body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), media="application/rss+xml"
        ),
        SPLIT: page(SPLIT, "pilot", pager=pager(SPLIT, 1)),
        f"{SPLIT}?page=2": page(SPLIT, "farmer", pager=pager(SPLIT, 2)),
        f"{SPLIT}?page=3": page(SPLIT, "teacher"),
        BARRED: page(BARRED, "sheriff", pager=pager(BARRED, 1)),
        LATE: page(LATE, "sailor", pager=pager(LATE, 1)),
        f"{LATE}?page=2": page(LATE, "miller", pager=pager(LATE, 2)),
        f"{LATE}?page=3": page(LATE, "grocer"),
        PATHS: lake_page("sailor", 1),
        f"{PATHS}/page/2": lake_page("miller", 2),
        f"{PATHS}/page/3": lake_page("grocer", 3),
        LATE_AMP: page(LATE_AMP, "poet", html="amp", head=f"<link rel=canonical href='http://{HOST}{LATE}'>"),
        WALL: ServedAnswer(body=wall.encode()),
        AMP: page(AMP, "ranger"),
    }  # fmt: skip
    return Site.of([outlet_of(HOST, answers)])


@dataclass(frozen=True, slots=True)
class Desk:
    root: Path
    served: ServedSite

    def pressclip(self, *args: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "search_cli.main", *args],
            cwd=self.root,
            env={**os.environ, "http_proxy": self.served.ports.proxy_url, "no_proxy": ""},
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr

    def crawl_only(self, target: str) -> None:
        """Crawl one page, named by hand."""
        (self.root / "urls.txt").write_text(f"http://{HOST}{target}\n")
        self.pressclip("crawl", "--urls", "urls.txt")

    def state(self) -> tuple[dict[str, StoredArticle], dict[str, str]]:
        """The articles by path, and the newest outcome by address."""
        with Store.open(self.root / "data" / "pressclip.db") as store:
            held = store.articles.get(store.articles.kept_ids()).values()
            articles = {one.article.url.split(".example")[1]: one for one in held}
        with closing(sqlite3.connect(self.root / "data" / "pressclip.db")) as connection:
            rows = connection.execute("SELECT url, outcome FROM ledger ORDER BY id").fetchall()
        return articles, {url.split(".example", 1)[1]: outcome for url, outcome in rows}

    def asked(self) -> list[str]:
        return [visit.target for visit in self.served.visits if visit.target != "/robots.txt"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    root = tmp_path / "desk"
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text("delay = 0.0\n")
    (root / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\nfeeds = ["http://{HOST}/feed.xml"]\n'
    )
    (root / "stories" / "balloon.toml").write_text(
        "id = \"balloon\"\n[match]\nen = '''balloon'''\n"
    )
    with serve(split_site()) as served:
        yield Desk(root, served)


def test_a_split_article_is_one_and_a_replay_joins_it_again(desk: Desk) -> None:
    desk.pressclip("crawl")
    articles, outcomes = desk.state()
    assert set(articles) == {SPLIT, BARRED, WALL}
    whole = articles[SPLIT]
    assert [who in whole.article.text for who in ("pilot", "farmer", "teacher")] == [True] * 3
    assert {f"http://{HOST}{SPLIT}?page={n}" for n in (2, 3)} <= set(whole.aliases)
    assert whole.versions == 1
    with Archive(desk.root / "data" / "archive") as archive:
        places = [archive.read(part.archive).url for part in whole.article.parts if part.archive]
    assert places == [f"http://{HOST}{SPLIT}?page={n}" for n in (2, 3)]
    assert outcomes[f"{SPLIT}?page=2"] == outcomes[f"{SPLIT}?page=3"] == "part"

    barred = articles[BARRED].article
    assert (barred.parts, barred.continues) == ((), f"http://{HOST}{BARRED}?page=2")
    assert outcomes[f"{BARRED}?page=2"] == "robots"
    assert f"{BARRED}?page=2" not in desk.asked()

    assert articles[WALL].article.witnesses["text"] == "amp"
    assert outcomes[WALL] == "kept"

    asked = len(desk.asked())
    desk.pressclip("replay")
    again, outcomes_again = desk.state()
    assert {path: one.article for path, one in again.items()} == {
        path: one.article for path, one in articles.items()
    }
    assert outcomes_again == outcomes
    assert len(desk.asked()) == asked


WHOLE = ["sailor", "miller", "grocer"]


def saw(stored: StoredArticle) -> list[str]:
    """Whose pages the text is from, in its order."""
    found = {who: stored.article.text.find(f"The {who} ") for who in (*WHOLE, "poet")}
    return sorted((who for who in found if found[who] >= 0), key=lambda who: found[who])


@pytest.mark.parametrize(
    ("first", "order"),
    [
        (LATE, (f"{LATE}?page=2", LATE)),
        (LATE, (f"{LATE}?page=3", f"{LATE}?page=2", LATE)),
        (LATE, (LATE, f"{LATE}?page=2")),
        (PATHS, (f"{PATHS}/page/2", PATHS)),
        (PATHS, (PATHS, f"{PATHS}/page/2")),
    ],
    ids=[
        "second-first",
        "backwards",
        "first-first",
        "second-first-canonical",
        "first-first-canonical",
    ],
)
def test_the_pages_of_an_article_are_one_in_whatever_order_they_come(
    desk: Desk, first: str, order: tuple[str, ...]
) -> None:
    for target in order:
        desk.crawl_only(target)
    articles, outcomes = desk.state()
    assert [path for path in articles if path.startswith(first)] == [first]
    whole = articles[first]
    assert (saw(whole), whole.versions) == (WHOLE, 1)
    assert outcomes[next(target for target in order if target != first)] == "part"

    desk.pressclip("replay")
    again, outcomes_again = desk.state()
    assert (again[first].id, again[first].article) == (whole.id, whole.article)
    assert (len(again), again[first].versions, outcomes_again) == (len(articles), 1, outcomes)


@pytest.mark.parametrize("order", [(LATE_AMP,), (LATE, LATE_AMP), (LATE_AMP, LATE)])
def test_an_amp_page_gives_way_to_the_page_that_it_is_a_form_of(
    desk: Desk, order: tuple[str, ...]
) -> None:
    for target in order:
        desk.crawl_only(target)
    articles, _ = desk.state()
    assert len(articles) == 1
    (one,) = articles.values()
    assert (saw(one), one.versions) == (WHOLE, 1)
    assert one.article.canonical_url == f"http://{HOST}{LATE}"
