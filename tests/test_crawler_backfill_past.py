"""A real backfill from nothing: made-up lists, archives and outlets on loopback, held against the truth."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.demo.content import HERE
from crawler.demo.past import Known, known_pieces
from crawler.demo.past_services import ARCHIVE, ENCYCLOPEDIA, GDELT, sample_past
from crawler.demo.server import Visit
from crawler.demo.serving import ServedSite, serve
from index.store import Store, StoredArticle
from index.workspace import Workspace
from index.workspace.story import FOLDER

DAY = date(2023, 2, 3)
SERVICES = {GDELT, ARCHIVE, ENCYCLOPEDIA}
UNREADABLE = {"coastal-observer"}  # its server is always out
Verb = Callable[..., "Said"]


@dataclass(frozen=True, slots=True)
class Said:
    """A finished command: its exit code, what it wrote to stderr, and the requests it made."""

    code: int
    err: str
    visits: tuple[Visit, ...]


def make_desk(folder: Path) -> Path:
    (folder / FOLDER).mkdir(parents=True)
    shutil.copy(HERE / "desk" / "past-workspace.toml", folder / "workspace.toml")
    shutil.copy(HERE / "desk" / "balloon.toml", folder / FOLDER / "balloon.toml")
    return folder


def call(desk: Path, site: ServedSite, *arguments: str) -> Said:
    before = len(site.visits)
    environment = {"http_proxy": site.ports.proxy_url, "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-m", "search_cli.main", "-C", str(desk), "backfill", "balloon"]
    done = subprocess.run(
        [*command, *arguments], env=os.environ | environment, capture_output=True, text=True
    )
    return Said(done.returncode, done.stderr, tuple(site.visits[before:]))


@pytest.fixture(scope="module")
def site() -> Iterator[ServedSite]:
    with serve(sample_past()) as served:
        yield served


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_desk(tmp_path_factory.mktemp("past") / "desk")


@pytest.fixture(scope="module")
def first(desk: Path, site: ServedSite) -> Said:
    return call(desk, site, "--since", str(DAY), "--until", str(DAY))


@pytest.fixture(scope="module")
def held(first: Said, desk: Path) -> dict[str, StoredArticle]:
    with Store.open(Workspace.load(desk).database) as store:
        found = store.articles.get(store.articles.kept_ids()).values()
        return {one.article.url: one for one in found}


def named() -> list[Known]:
    """What the list or the search names of the day's coverage, as far as anybody has it still."""
    return [
        one
        for one in known_pieces()
        if one.piece.published.astimezone(UTC).date() == DAY
        and (one.is_listed or one.is_found)
        and one.piece.kind == "article"
        and one.piece.newsroom not in UNREADABLE
    ]


def test_it_finds_the_coverage_of_outlets_that_nobody_named(held: dict[str, StoredArticle]) -> None:
    wanted = {one.url for one in named() if one.piece.on_story}
    assert len(wanted & held.keys()) >= 0.85 * len(wanted)


def test_it_keeps_next_to_nothing_that_is_no_coverage(held: dict[str, StoredArticle]) -> None:
    other = {one.url for one in known_pieces() if not one.piece.on_story}
    assert len(other & held.keys()) <= 1


def test_what_is_gone_is_a_copy_that_says_where_it_is_from(held: dict[str, StoredArticle]) -> None:
    gone = {one.url: one for one in named() if one.is_gone and one.url in held}
    assert gone
    for url, known in gone.items():
        article = held[url].article
        assert article.copy_of == url
        assert article.archive_source.startswith(f"http://{ARCHIVE}/web/")
        assert article.captured == article.fetched == known.captures[0].moment


def test_what_is_still_there_is_the_publishers_own(held: dict[str, StoredArticle]) -> None:
    there = [held[one.url].article for one in named() if not one.is_gone and one.url in held]
    assert there
    assert sum(bool(article.copy_of) for article in there) <= 1  # what robots.txt closes


def test_services_are_not_asked_for_robots_txt_and_outlets_are(first: Said) -> None:
    asked = {visit.host for visit in first.visits if visit.target == "/robots.txt"}
    assert asked
    assert not asked & SERVICES


def test_pages_that_promise_nothing_are_not_asked_for(first: Said) -> None:
    assert not [visit for visit in first.visits if visit.host.startswith("elsewhere-")]


def test_a_second_run_asks_no_service_again(first: Said, desk: Path, site: ServedSite) -> None:
    again = call(desk, site, "--since", str(DAY), "--until", str(DAY))
    assert not [visit for visit in again.visits if visit.host in SERVICES]


def test_it_says_source_by_source_what_came(first: Said) -> None:
    assert first.code == 0
    assert "gdelt" in first.err
    assert "requests answered" in first.err
    assert "--add-outlets" in first.err


def test_history_takes_earlier_captures_as_versions(
    first: Said, desk: Path, site: ServedSite
) -> None:
    said = call(desk, site, "--history")
    edited = [one for one in known_pieces() if one.piece.edits]
    assert "edits between them are not seen" in said.err
    with Store.open(Workspace.load(desk).database) as store:
        ids = [found for one in edited for found in store.articles.find(one.url)]
        versions = [store.versions.of(identity) for identity in ids]
    assert any(len(some) > 1 for some in versions)


def test_a_source_that_is_busy_pauses_and_the_others_go_on(
    tmp_path: Path, site: ServedSite
) -> None:
    desk = make_desk(tmp_path / "desk")
    settings = (desk / "workspace.toml").read_text("utf-8")
    broken = settings.replace("/api/v2/doc/doc", "/nothing/here.html")
    (desk / "workspace.toml").write_text(broken.replace("encyclopedia.example", "nobody.example"))
    said = call(desk, site, "--from", "wikipedia", "--from", "gdelt-doc", "--limit", "3")
    assert said.code == 4
    assert "wikipedia" in said.err
    again = call(desk, site, "--from", "wikipedia")
    assert not again.visits
    assert "rests until" in again.err


def test_a_title_that_is_unknown_is_answered_with_the_nearest(
    tmp_path: Path, site: ServedSite
) -> None:
    desk = make_desk(tmp_path / "desk")
    said = call(desk, site, "Chinese balloon incidnet", "--from", "wikipedia")
    assert said.code == 3
    assert "did you mean: 2023 Chinese balloon incident?" in said.err
    assert "|" not in said.err


def test_with_archives_preferred_what_is_still_there_is_a_copy_too(
    tmp_path: Path, site: ServedSite
) -> None:
    desk = make_desk(tmp_path / "desk")
    how = ("--from", "gdelt-doc", "--since", str(DAY), "--until", str(DAY))
    said = call(desk, site, *how, "--prefer", "archive")
    with Store.open(Workspace.load(desk).database) as store:
        held = store.articles.get(store.articles.kept_ids()).values()
        copies = [one.article.copy_of for one in held]
    assert len(copies) > 3, said.err
    assert all(copies)


def test_an_archives_index_and_its_copies_share_its_pause(tmp_path: Path, site: ServedSite) -> None:
    desk, pause = make_desk(tmp_path / "desk"), 0.4
    settings = (desk / "workspace.toml").read_text("utf-8")
    (desk / "workspace.toml").write_text(
        re.sub(r"(?m)^(wayback +=) 0$", rf"\1 {pause}", settings), "utf-8"
    )
    how = ("--from", "gdelt-doc", "--since", str(DAY), "--until", str(DAY), "--limit", "4")
    said = call(desk, site, *how, "--prefer", "archive")
    asked = sorted(one.started for one in said.visits if one.host == ARCHIVE)
    assert len(asked) > 4, said.err
    assert min(after - before for before, after in pairwise(asked)) > pause - 0.05


def test_a_killed_run_loses_nothing_and_asks_nothing_twice(
    held: dict[str, StoredArticle], tmp_path: Path, site: ServedSite
) -> None:
    desk, before = make_desk(tmp_path / "desk"), len(site.visits)
    days = ("--since", str(DAY), "--until", str(DAY))
    environment = {"http_proxy": site.ports.proxy_url, "PYTHONPATH": str(Path.cwd())}
    verb = [sys.executable, "-m", "search_cli.main", "-C", str(desk), "backfill", "balloon", "-q"]
    with subprocess.Popen([*verb, *days], env=os.environ | environment) as process:
        while len(site.visits) - before < 200 and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.05)
        process.kill()
    assert call(desk, site, *days).code in (0, 3)
    files = Counter(one.target for one in site.visits[before:] if "/gal/" in one.target)
    assert sum(count > 1 for count in files.values()) <= 1  # the one that was under way
    with Store.open(Workspace.load(desk).database) as store:
        kept = store.articles.get(store.articles.kept_ids()).values()
        assert {one.article.url for one in kept} == held.keys()


def test_the_outlets_with_most_of_it_are_taken_in_on_demand(
    tmp_path: Path, site: ServedSite
) -> None:
    desk, host = make_desk(tmp_path / "desk"), "prairie-courier.example"
    days = ("--since", str(DAY), "--until", "2023-02-06")
    said = call(desk, site, "--from", "gdelt-doc", *days, "--outlet", host, "--add-outlets")
    added = list(Workspace.load(desk).outlets())
    assert [outlet.id for outlet in added] == ["prairie-courier.example"], said.err
    [outlet] = added
    assert outlet.feeds
    assert f"{host}: added" in said.err
