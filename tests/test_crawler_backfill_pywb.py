"""Copies out of a real web archive: pywb over pages of the demo, asked as any Memento archive."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.demo.past import known_pieces
from crawler.demo.past_crawls import warc_of
from crawler.demo.past_services import sample_past
from crawler.demo.serving import serve
from index.store import Store, StoredArticle, Version
from index.workspace import Workspace
from tests.replaying import serve_pywb
from tests.test_crawler_backfill_past import make_desk

DAY = "2023-02-03"


@dataclass(frozen=True, slots=True)
class Backfilled:
    """What is held after a backfill and its history, by URL, with versions; the archive's address."""

    held: dict[str, StoredArticle]
    versions: dict[str, list[Version]]
    archive: str


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backfilled]:
    root = tmp_path_factory.mktemp("pywb")
    captures = [capture for one in known_pieces() for capture in one.captures]
    (root / "outlets.warc.gz").write_bytes(warc_of("outlets.warc.gz", captures))
    desk = make_desk(root / "desk")
    with serve_pywb(root / "archive", [root / "outlets.warc.gz"]) as archive:
        settings = (desk / "workspace.toml").read_text("utf-8")
        settings = settings.replace("http://web-archive.example/", "http://gdelt.example/nothing/")
        settings = settings.replace("wayback   =", f'memento   = "{archive}/"\nwayback   =', 1)
        settings = settings.replace("delay = 0.1", "delay = 0.1\nallow_private = true", 1)
        (desk / "workspace.toml").write_text(settings, "utf-8")
        with serve(sample_past()) as site:
            environment = os.environ | {
                "http_proxy": site.ports.proxy_url, "no_proxy": "127.0.0.1",
                "PYTHONPATH": str(Path.cwd()),
            }  # fmt: skip
            verb = [
                sys.executable,
                "-m",
                "search_cli.main",
                "-C",
                str(desk),
                "backfill",
                "balloon",
                "-q",
            ]
            days = ["--from", "gdelt-doc", "--since", DAY, "--until", DAY]
            for how in (days, ["--history"]):
                assert subprocess.run([*verb, *how], env=environment).returncode in (0, 3)
        with Store.open(Workspace.load(desk).database) as store:
            found = store.articles.get(store.articles.kept_ids()).values()
            held = {one.article.url: one for one in found}
            versions = {url: store.versions.of(one.id) for url, one in held.items()}
        yield Backfilled(held, versions, archive)


def test_what_is_gone_comes_from_the_archive_at_its_own_time(done: Backfilled) -> None:
    gone = {one.url: one for one in known_pieces() if one.is_gone and one.url in done.held}
    assert gone
    for url, known in gone.items():
        article = done.held[url].article
        assert article.archive_source.startswith(f"{done.archive}/")
        assert article.captured in {capture.moment for capture in known.captures}


def test_history_has_the_text_as_it_was_before_the_edit(done: Backfilled) -> None:
    [edited] = [one for one in known_pieces() if one.piece.edits]
    versions = done.versions[edited.url]
    assert len(versions) == 2
    assert versions[0].seen == edited.captures[0].moment


def test_its_index_names_an_outlets_pages_and_gives_their_copies(
    done: Backfilled, tmp_path: Path
) -> None:
    host, desk = "northwire.example", make_desk(tmp_path / "desk")
    settings = (desk / "workspace.toml").read_text("utf-8")
    settings = settings.replace("http://web-archive.example/", f"{done.archive}/cdx")
    settings = settings.replace("delay = 0.1", "delay = 0.1\nallow_private = true", 1)
    (desk / "workspace.toml").write_text(settings, "utf-8")
    with serve(sample_past()) as site:
        own = {"http_proxy": site.ports.proxy_url, "no_proxy": "127.0.0.1"}
        verb = [sys.executable, "-m", "search_cli.main", "-C", str(desk), "backfill", "balloon"]
        days = ["--since", DAY, "--until", "2023-02-08"]
        asked = ["--from", "wayback", "--outlet", host, "--prefer", "archive", *days]
        environment = os.environ | own | {"PYTHONPATH": str(Path.cwd())}
        assert subprocess.run([*verb, *asked], env=environment).returncode in (0, 3)
    with Store.open(Workspace.load(desk).database) as store:
        held = [one.article for one in store.articles.get(store.articles.kept_ids()).values()]
    assert len(held) > 1
    assert {article.outlet for article in held} == {host}
    assert all(article.archive_source.startswith(f"{done.archive}/2023") for article in held)
