"""`pressclip forget`: nothing of an article or an outlet is left, and nothing brings it back."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.ingest.replay import replay_archive
from crawler.urls import canonical
from index.archive import Archive
from index.capture import Capture, Listing
from index.maintenance import forget
from index.maintenance.forget import doom_article, doom_outlet
from index.store import Candidate, Store, StoreWriter
from index.workspace import Workspace
from tests.test_index_migrations import lay_out

COURIER = "https://prairie-courier.example/2023/02/04/balloon"
HARBOUR = "https://harbour-daily.example/2023/02/04/spy-balloon"
WHEN = datetime(2023, 2, 6, tzinfo=UTC)

Command = Callable[..., Any]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pressclip: Command) -> Path:
    """A crawled workspace: two copies of one report, one of them edited, a fair, a French report."""
    root = lay_out(1, tmp_path / "desk")
    with Archive(root / "data" / "archive") as archive:
        feed = f"<rss><item><title>Balloon seen over the elevators</title><link>{COURIER}</link></item></rss>"
        for host, body in (("prairie-courier", feed), ("matin", "<rss></rss>")):
            url = f"https://{host}.example/feed.xml"
            listing = Listing(channel="list:feed", url=url, outlet=f"{host}.example")
            archive.append(
                Capture(
                    url=url, status=200, headers=(), body=body.encode(), fetched=WHEN, listing=listing
                )
            )  # fmt: skip
    monkeypatch.chdir(root)
    assert pressclip("index").status == 0
    for backup in (root / "data").glob("*.format-*"):
        backup.unlink()
    return root


def everything(root: Path) -> bytes:
    """All bytes below data/, archives unpacked."""
    found = b""
    for path in sorted((root / "data").rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            found += gzip.decompress(data) if path.name.endswith(".gz") else data
    return found


def test_nothing_of_a_forgotten_article_is_left_on_the_disk(desk: Path, pressclip: Command) -> None:
    assert b"Two windows were broken" in everything(desk)
    said = pressclip("--no-input", "forget", COURIER)
    assert said.status == 0, said.err
    assert "1 article, 2 captures, 1 list page; " in said.err
    left = everything(desk)
    for trace in (b"Two windows were broken", b"Balloon seen over", COURIER.encode()):
        assert trace not in left
    assert b"Spy balloon crosses prairie" in left
    assert b"matin.example/feed.xml" in left
    assert pressclip("verify").status == 0
    assert pressclip("search", "balloon", "--count").out.strip() == "1"


def test_the_family_of_a_forgotten_article_is_formed_anew(desk: Path, pressclip: Command) -> None:
    assert "+1" in pressclip("search", "prairie county", "-f", "table").out
    assert pressclip("--no-input", "forget", COURIER).status == 0
    with Store.open(desk / "data" / "pressclip.db") as store:
        [left] = store.articles.find(HARBOUR)
        assert store.articles.get([left])[left].family == left
    assert "+1" not in pressclip("search", "prairie county", "-f", "table").out


def test_an_outlet_is_forgotten_with_its_lists(desk: Path, pressclip: Command) -> None:
    with StoreWriter.open(desk / "data" / "pressclip.db") as store:
        store._connection.execute(
            "INSERT INTO boilerplate VALUES ('prairie-courier.example', 1, 'County fair, as ever')"
        )
    assert pressclip("--no-input", "forget", "prairie-courier.example").status == 0
    left = everything(desk)
    assert b"County fair" not in left
    assert b"prairie-courier.example/" not in left.replace(
        b"prairie-courier.example/robots.txt", b""
    )
    assert pressclip("verify").status == 0


def test_the_user_is_shown_what_goes_and_may_say_no(
    desk: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    said = pressclip("forget", COURIER)
    assert "Balloon seen over the elevators" in said.err
    assert said.status != 0
    assert b"Two windows were broken" in everything(desk)


def test_a_tombstone_keeps_it_from_frontier_import_and_replay(
    desk: Path, pressclip: Command, tmp_path: Path
) -> None:
    shutil.copytree(desk / "data" / "archive", tmp_path / "before")
    pressclip("--no-input", "forget", COURIER)
    with StoreWriter.open(desk / "data" / "pressclip.db") as store:
        candidate = Candidate(
            url=COURIER, key=canonical(COURIER), outlet="prairie-courier.example",
            site="prairie-courier.example", score=1, listing=Listing(channel="feed"),
        )  # fmt: skip
        with store.transaction():
            assert store.frontier.add([candidate]) == 0
    files = [str(path) for path in (tmp_path / "before").rglob("*.warc.gz")]
    assert pressclip("crawl", "--warc", *files, "-j", "1").status == 0
    replay_archive(Workspace.load(desk), workers=1)
    with Store.open(desk / "data" / "pressclip.db") as store:
        assert not store.articles.find(COURIER)
    why = pressclip("why", COURIER + "?utm_source=x")
    assert (why.status, "forgotten on" in why.err) == (0, True)


def test_a_page_that_says_it_is_the_forgotten_one_is_not_taken(
    desk: Path, pressclip: Command, tmp_path: Path
) -> None:
    held = Archive(desk / "data" / "archive").captures()
    page = next(one for one in held if isinstance(one, Capture) and one.url == COURIER)
    pressclip("--no-input", "forget", COURIER)
    again = "https://prairie-courier.example/again"
    own = f"<head><link rel=canonical href='{COURIER}'>".encode()
    assert b"<head>" in page.body
    with Archive(tmp_path / "other") as archive:
        archive.append(
            replace(page, url=again, body=page.body.replace(b"<head>", own), listing=Listing(channel="urls"))
        )  # fmt: skip
    [file] = (tmp_path / "other").rglob("*.warc.gz")
    pressclip("crawl", "--warc", str(file), "-j", "1")
    with Store.open(desk / "data" / "pressclip.db") as store:
        assert not store.articles.find(again)
        told = store.ledger.of([canonical(again)])
    assert [entry.outcome for entry in told] == ["forgotten"]


def test_a_lifted_tombstone_lets_it_come_back(
    desk: Path, pressclip: Command, tmp_path: Path
) -> None:
    shutil.copytree(desk / "data" / "archive", tmp_path / "before")
    pressclip("--no-input", "forget", COURIER)
    assert pressclip("forget", COURIER, "--lift").status == 0
    assert pressclip("forget", COURIER, "--lift").status == 2
    files = [str(path) for path in (tmp_path / "before").rglob("*.warc.gz")]
    assert pressclip("crawl", "--warc", *files, "-j", "1").status == 0
    with Store.open(desk / "data" / "pressclip.db") as store:
        assert store.articles.find(COURIER)


def test_what_was_never_seen_can_be_forgotten_beforehand(desk: Path, pressclip: Command) -> None:
    url = "https://prairie-courier.example/not-yet"
    said = pressclip("--no-input", "forget", url)
    assert (said.status, "never be fetched" in said.err) == (0, True)
    assert pressclip("why", url).status == 0


@pytest.mark.parametrize("name", ["http://[::1", "../../x", "javascript:/x"])
def test_what_is_no_address_is_not_forgotten(desk: Path, pressclip: Command, name: str) -> None:
    said = pressclip("--no-input", "forget", name)
    assert (said.status, "not the address of a page" in said.err) == (2, True)


def test_the_text_that_a_feed_carried_of_a_waiting_page_goes_too(
    desk: Path, pressclip: Command
) -> None:
    url = "https://prairie-courier.example/waiting"
    candidate = Candidate(
        url=url, key=canonical(url), outlet="prairie-courier.example",
        site="prairie-courier.example", score=1, listing=Listing(channel="feed"),
    )  # fmt: skip
    with StoreWriter.open(desk / "data" / "pressclip.db") as store, store.transaction():
        store.frontier.add([candidate])
        store.feed_texts.keep([(candidate.key, "<p>the whole text</p>")])
        assert store.feed_texts.get(candidate.key)
    assert pressclip("--no-input", "forget", url).status == 0
    with Store.open(desk / "data" / "pressclip.db") as held:
        assert held.feed_texts.get(candidate.key) == ""


def test_backups_that_may_still_hold_it_are_named(desk: Path, pressclip: Command) -> None:
    (desk / "data" / "pressclip.db.format-1.20230101T000000000000Z").touch()
    assert "pressclip.db.format-1." in pressclip("--no-input", "forget", COURIER).err


class Killed(BaseException):
    """Stands for a SIGKILL between two steps."""


@pytest.mark.parametrize("step", ["_delete", "finish_rewrites", "rebuild_index", "replace"])
def test_a_forget_killed_between_two_steps_is_completed_or_undone(
    desk: Path, step: str, monkeypatch: pytest.MonkeyPatch, pressclip: Command
) -> None:
    workspace = Workspace.load(desk)
    with Store.open(workspace.database) as store:
        doomed = doom_article(store, COURIER, canonical(COURIER))
    calls = []

    def kill(*given: Any) -> None:
        calls.append(given)
        if step != "finish_rewrites" or len(calls) == 2:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Archive if step == "replace" else forget, step, kill)
        with pytest.raises(Killed):
            forget.forget(workspace, doomed, identify=canonical, now=WHEN)
    assert pressclip("verify").status == 0  # nothing worse than unfinished
    assert pressclip("show", HARBOUR, "--raw").status == 0
    assert pressclip("doctor", "--fix").status == 0
    said = pressclip("verify")
    assert (said.status, said.out) == (0, "")
    gone = step != "_delete"
    assert (b"Two windows were broken" not in everything(desk)) == gone


def test_an_outlet_is_doomed_with_all_its_articles(desk: Path) -> None:
    with Store.open(desk / "data" / "pressclip.db") as store:
        doomed = doom_outlet(store, "prairie-courier.example")
    assert len(doomed.articles) == 2
    with closing(sqlite3.connect(desk / "data" / "pressclip.db")) as connection:
        rows = connection.execute("SELECT count(*) FROM articles").fetchone()
    assert rows == (4,)
