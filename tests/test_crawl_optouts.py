"""What pages ask not to be done with them, from the wire to search, export and replay."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.demo.serving import serve
from crawler.demo.site import ServedAnswer, Site, outlet_of
from index.archive import Archive
from index.capture import Capture
from tests.crawling import HOST, Desk, article, feed, make_desk

TERMS = "https://prairie-courier.example/terms.json"
TDMREP = [
    {"location": "/news/reserved*", "tdm-reservation": 1, "tdm-policy": TERMS},
    {"location": "/news/*", "tdm-reservation": 0},
]


def page(name: str, *headers: tuple[str, str], meta: str = "") -> ServedAnswer:
    """An article of its own; `meta` stands in its head."""
    made = article(f"The balloon of {name}", thing=f"balloon {name}")
    body = made.body.replace(b"<head>", f"<head>{meta}".encode())
    return replace(made, body=body, headers=headers)


PAGES = {
    "plain": page("plain"),
    "hidden": page("hidden", ("X-Robots-Tag", "noindex")),
    "unkept": page("unkept", meta='<meta name="robots" content="noarchive">'),
    "nothing": page("nothing", ("X-Robots-Tag", "none")),
    "past": page("past", ("X-Robots-Tag", "unavailable_after: 4 Feb 2023 12:00:00 GMT")),
    "others": page("others", ("X-Robots-Tag", "otherbot: noindex, noarchive"),
                   meta='<meta name="otherbot" content="noindex">'),
    "own": page("own", ("X-Robots-Tag", "otherbot: nofollow, pressclip: noarchive")),
    "reserved": page("reserved"),
    "freed": page("freed", ("tdm-reservation", "1"), meta='<meta name="tdm-reservation" content="0">'),
    "claimed": page("claimed", meta=f'<meta name="tdm-reservation" content="1">'
                    f'<meta name="tdm-policy" content="{TERMS}">'),
}  # fmt: skip
HIDDEN = {"hidden": "noindex", "nothing": "noindex", "past": "expired"}
UNKEPT = {"unkept", "own"}
RESERVED = {"reserved", "claimed"}


@contextmanager
def serving(root: Path, policy: str) -> Iterator[Desk]:
    """The site with every wish, and a desk with a policy."""
    make_desk(root)
    (root / "workspace.toml").write_text(f"delay = 0.0\n{policy}")
    answers = {f"/news/{name}": made for name, made in PAGES.items()}
    answers["/feed.xml"] = feed(*answers)
    answers["/.well-known/tdmrep.json"] = ServedAnswer(
        body=json.dumps(TDMREP).encode(), media="application/json"
    )
    with serve(Site.of([outlet_of(HOST, answers)])) as served:
        (root / "outlets.toml").write_text(
            f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\nfeeds = ["http://{HOST}/feed.xml"]\n'
        )
        yield Desk(root, served)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serving(tmp_path_factory.mktemp("optouts") / "desk", "") as desk:
        done = desk.pressclip("crawl")
        assert done.returncode == 0, done.stderr
        yield desk


def name_of(title: str) -> str:
    return title.rpartition(" ")[2]


def found(desk: Desk) -> set[str]:
    done = desk.pressclip("search", "balloon", "--all", "-f", "json")
    return {name_of(hit["title"]) for hit in json.loads(done.stdout or "[]")}


def captures(desk: Desk) -> dict[str, Capture]:
    held = Archive(desk.root / "data" / "archive").captures()
    # Not the answers of another test's recheck, which are 304 and have no body.
    pages = [
        one
        for one in held
        if isinstance(one, Capture) and one.status == 200 and "/news/" in one.url
    ]
    return {one.url.rpartition("/")[2]: one for one in pages}


def test_what_asks_not_to_be_indexed_is_read_but_not_found(crawled: Desk) -> None:
    assert found(crawled) == PAGES.keys() - HIDDEN.keys()
    outcomes = crawled.outcomes()
    assert {name: outcomes[f"/news/{name}"] for name in HIDDEN} == HIDDEN
    shown = crawled.pressclip("show", f"http://{HOST}/news/hidden")
    assert "spokesman" in shown.stdout  # the text is used privately
    assert "not in search: its page asks not to be indexed" in shown.stdout
    why = crawled.pressclip("why", f"http://{HOST}/news/past")
    assert "asked to be gone" in why.stderr


def test_of_what_asks_not_to_be_kept_only_the_text_is_here(crawled: Desk) -> None:
    held = captures(crawled)
    assert {name for name, one in held.items() if not one.body} == UNKEPT
    assert {one.withheld for name, one in held.items() if name in UNKEPT} == {"noarchive"}
    assert all(held[name].header("Content-Type") for name in UNKEPT)
    raw = crawled.pressclip("show", f"http://{HOST}/news/unkept", "--raw")
    assert raw.returncode == 2
    assert "asked not to be kept (noarchive)" in raw.stderr
    done = crawled.pressclip("verify")
    assert done.returncode == 0, done.stdout


def test_a_reservation_of_text_mining_is_recorded_and_exported(crawled: Desk) -> None:
    done = crawled.pressclip("export", "balloon")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    said = {name_of(row["title"]): (row["tdm_reserved"], row["tdm_policy"]) for row in rows}
    assert said["reserved"] == said["claimed"] == (True, TERMS)
    assert said["freed"] == (False, "")  # the page's own word goes before header and file
    assert said["plain"] == (False, "")
    robots = {name_of(row["title"]): row["robots"] for row in rows}
    assert robots["own"] == ["noarchive"]
    assert robots["others"] == []


def test_a_sites_reservations_are_asked_for_once_and_remembered(crawled: Desk) -> None:
    crawled.pressclip("crawl", "--recheck")
    asked = [visit.target for visit in crawled.served.visits if "tdmrep" in visit.target]
    assert asked == ["/.well-known/tdmrep.json"]


def test_replay_gives_the_same_corpus_although_pages_were_not_kept(crawled: Desk) -> None:
    def held() -> dict[str, tuple[object, ...]]:
        with crawled.store() as store:
            found = store.articles.get(store.articles.all_ids()).values()
            return {one.id: (one.article, one.kept, one.verdicts, one.versions) for one in found}

    before = held()
    assert len(before) == len(PAGES)
    assert crawled.pressclip("replay").returncode == 0
    assert held() == before
    assert found(crawled) == PAGES.keys() - HIDDEN.keys()
    assert crawled.pressclip("verify").returncode == 0


def test_a_stricter_policy_keeps_nothing_and_obeys_reservations(tmp_path: Path) -> None:
    policy = '[optouts]\nnoindex = "search"\nnoarchive = "nothing"\ntdm = "obey"\n'
    with serving(tmp_path / "desk", policy) as desk:
        assert desk.pressclip("crawl").returncode == 0
        asked = {visit.target for visit in desk.served.visits}
        assert found(desk) == PAGES.keys() - UNKEPT - RESERVED
    assert "/news/reserved" not in asked
    outcomes = desk.outcomes()
    assert {outcomes[f"/news/{name}"] for name in UNKEPT} == {"noarchive"}
    assert {outcomes[f"/news/{name}"] for name in RESERVED} == {"tdm-reserved"}
    with desk.store() as store:
        texts = [one.article.text for one in store.articles.get(store.articles.all_ids()).values()]
    assert not [text for text in texts if "balloon unkept" in text or "balloon claimed" in text]
    assert not captures(desk)["claimed"].body


def test_a_page_that_was_not_read_when_the_run_was_killed_is_fetched_again(tmp_path: Path) -> None:
    with serving(tmp_path / "desk", "") as desk:
        desk.pressclip("crawl")
        database = desk.root / "data" / "pressclip.db"
        with closing(sqlite3.connect(database)) as connection, connection:
            # As a kill between archive and store leaves it.
            connection.execute(
                "UPDATE captures SET outcome = NULL, article = NULL WHERE url LIKE '%/unkept'"
            )
        before = len(desk.served.visits)
        assert desk.pressclip("crawl").returncode == 0
        again = [visit.target for visit in desk.served.visits[before:]]
        assert "/news/unkept" in again
        for path in (desk.root / "data").glob("pressclip.db*"):
            path.unlink()
        assert desk.pressclip("replay").returncode == 0
    assert desk.outcomes()["/news/unkept"] == "noarchive"  # lost with its database, and it says so
    why = desk.pressclip("why", f"http://{HOST}/news/unkept", "--json")
    assert "crawl it again" in why.stdout
