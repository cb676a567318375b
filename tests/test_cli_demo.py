"""`pressclip demo`, as a newcomer runs it: the whole way from made-up outlets to a printed search."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from crawler.demo.content import pieces
from index.coverage.census import take_census
from index.store import Store
from tests.transcripts import unsaid

ROOT = Path(__file__).parents[1]
SHOWN = (  # pages whose transcripts are of the demo's desk
    "docs/extraction.md", "docs/families.md", "docs/files.md", "docs/query.md",
    "docs/relevance.md", "docs/stories.md",
)  # fmt: skip
LONGEST = 300.0  # seconds: a hang; a minute on two cores is what the demo takes at most
PRESSCLIP = [sys.executable, "-m", "search_cli.main"]


@dataclass(frozen=True, slots=True)
class Told:
    """A finished command."""

    code: int
    out: str
    err: str
    seconds: float


def call(arguments: Sequence[str], folder: Path) -> Told:
    started = time.monotonic()
    path = {"PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [*PRESSCLIP, *arguments], cwd=folder, env=os.environ | path, capture_output=True, text=True
    )
    return Told(done.returncode, done.stdout, done.stderr, time.monotonic() - started)


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def told(parent: Path) -> Told:
    return call(["demo"], parent)


@pytest.fixture(scope="module")
def store(told: Told, parent: Path) -> Store:
    return Store.open(parent / "balloon-demo" / "data" / "pressclip.db")


def test_the_readme_shows_what_the_demo_prints(told: Told, parent: Path) -> None:
    assert told.code == 0
    assert unsaid(ROOT / "README.md", parent / "balloon-demo") == []


@pytest.mark.parametrize("page", SHOWN)
def test_a_page_shows_what_the_demo_prints(told: Told, parent: Path, page: str) -> None:
    assert told.code == 0
    assert unsaid(ROOT / page, parent / "balloon-demo") == []


def test_it_works_piped_and_comes_to_an_end(told: Told) -> None:
    assert (told.code, told.err) == (0, "")
    assert told.seconds < LONGEST


def test_it_tells_true_numbers(told: Told, parent: Path) -> None:
    census = take_census(parent / "balloon-demo/data/pressclip.db", now=datetime.now(UTC))
    assert "14 of 15 outlets answered (coastal-observer: http-503)" in told.out
    assert f"{census.articles} articles → {census.texts} distinct texts" in told.out
    assert f"1 of {census.articles} articles edited since the first crawl" in told.out
    assert "(bot-wall, consent, http-404, list-page, soft-404) · 1 closed by robots.txt" in told.out


def test_it_shows_a_search_with_hits(told: Told) -> None:
    _, _, shown = told.out.partition("$ pressclip search ")
    assert len(re.findall(r"^ *\d+ +[a-z2-7]{5} ", shown, re.MULTILINE)) == 8


def test_what_it_proposes_works(told: Told, parent: Path) -> None:
    _, _, proposed = told.out.partition("Try next:\n")
    folder, *commands = [line.strip() for line in proposed.splitlines()[:5]]
    assert folder == "cd balloon-demo"
    assert re.fullmatch(r"pressclip show [a-z2-7]{5} --diff", commands[-1])
    for command in commands:
        _, *arguments = shlex.split(command)
        tried = call(arguments, parent / "balloon-demo")
        assert (tried.code, bool(tried.out)) == (0, "-o" not in arguments), command
    assert "ballon" in (parent / "balloon-demo" / "french.csv").read_text("utf-8-sig")


def test_the_corpus_is_the_story_and_not_the_other_balloons(store: Store) -> None:
    truth = {piece.headline: piece.on_story for piece in pieces().values()}
    read = store.articles.get(store.articles.all_ids()).values()
    edited = (
        "White orb over the Rimrocks was 60,000 feet up: how Billings saw the Chinese balloon first"
    )
    judged = {one.article.title: one.kept for one in read} | {edited: True}
    wrong = [title for title, kept in judged.items() if truth.get(title, kept) != kept]
    assert not wrong


def test_the_edit_is_a_version_and_the_old_one_stays(store: Store) -> None:
    kept = store.articles.get(store.articles.kept_ids()).values()
    (edited,) = [one for one in kept if one.versions > 1]
    first, second = store.versions.of(edited.id)
    assert "31 calls" in first.article.text
    assert "84 calls" in second.article.text


def test_reprints_are_one_family(store: Store) -> None:
    families = {
        one.article.outlet: one.family
        for one in store.articles.get(store.articles.kept_ids()).values()
        if "Sidewinder" in one.article.text
    }
    assert set(families) == {"northwire", "prairie-courier", "carolina-shore-news"}
    assert len(set(families.values())) == 1


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "balloon-demo").mkdir()
    (tmp_path / "balloon-demo" / "thesis.txt").write_text("mine", "utf-8")
    refused = call(["demo"], tmp_path)
    assert refused.code == 2
    assert "balloon-demo is not an empty folder; nothing was changed" in refused.err
    assert [path.name for path in (tmp_path / "balloon-demo").iterdir()] == ["thesis.txt"]


def test_the_outlets_stay_up_until_interrupted_with_keep(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(
        [*PRESSCLIP, "demo", "kept", "--keep"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        # Where the tests run in the background, a shell has set Ctrl-C to be ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "http_proxy=" in line)
        proxy = line.split()[0].removeprefix("http_proxy=")
        again = subprocess.run(
            [*PRESSCLIP, "-C", "kept", "crawl", "-q", "--outlet", "northwire"],
            cwd=tmp_path,
            env=environment | {"http_proxy": proxy},
            check=False,
        )
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert again.returncode == 0


@pytest.fixture(scope="module")
def past(parent: Path) -> Told:
    return call(["demo", "--past", "past"], parent)


def test_the_past_is_found_from_nothing_and_its_edits_too(past: Told, parent: Path) -> None:
    assert (past.code, past.err) == (0, "")
    assert past.seconds < LONGEST
    assert "copies of pages that are gone" in past.out
    assert "1 article edited before we looked" in past.out
    assert "add them all: pressclip backfill balloon --add-outlets" in past.out
    with Store.open(parent / "past" / "data" / "pressclip.db") as store:
        kept = store.articles.get(store.articles.kept_ids()).values()
        assert len(kept) > 25
        assert any(one.article.copy_of for one in kept)


def test_what_the_past_proposes_works(past: Told, parent: Path) -> None:
    _, _, proposed = past.out.partition("Try next:\n")
    folder, *commands = [line.strip() for line in proposed.strip().splitlines()]
    assert folder == "cd past"
    for command in commands:
        tried = call(shlex.split(command)[1:], parent / "past")
        assert (tried.code, bool(tried.out)) == (0, True), command
