"""`story split` on the command line: shown, included or excluded, followed as a story of its own."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Verdict
from index.store import Store, StoreWriter
from tests.conftest import ARTICLES, Said, add_article
from tests.test_index_drift import HEARING, OLD, START

Command = Callable[..., Said]


@pytest.fixture
def drifted(corpus: Path) -> Path:
    """The corpus with a story told for a week, and a hearing three weeks later."""
    days = [*enumerate(OLD), *((20 + day, title) for day, title in enumerate(HEARING))]
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        for day, title in days:
            url = f"https://a.example/{day}"
            body = f"{title}. The islanders of Skarnes spoke of little else that week."
            told = replace(
                ARTICLES[0], title=title, text=body, url=url, canonical_url=url, language="en",
                published=START + timedelta(days=day),
            )  # fmt: skip
            add_article(store, told, Verdict(story="balloon", decision="on-story", score=0.9))
    return corpus


def test_a_related_event_is_shown_with_examples_and_what_to_do(
    drifted: Path, pressclip: Command
) -> None:
    said = pressclip("story", "split", "balloon")
    (row,) = json.loads(pressclip("story", "split", "balloon", "--json").out)
    assert (row["event"], row["articles"]) == (1, 5)
    assert "hearing" in row["words"]
    assert "Ferry hearing: judge Quill wants the log" in said.err
    assert "next: pressclip story split balloon --include 1" in said.err


def test_an_event_is_excluded_and_followed_as_its_own_story(
    drifted: Path, pressclip: Command
) -> None:
    said = pressclip("story", "split", "balloon", "--exclude", "1", "--follow", "1", "hearing")
    assert said.status == 0
    assert 'title = "Ferry hearing: judge Quill wants the log"' in (
        drifted / "stories" / "hearing.toml"
    ).read_text("utf-8")
    with Store.open(drifted / "data" / "pressclip.db") as store:
        labels = store.labels.of("balloon").values()
    assert [label.decision for label in labels] == ["off-story"] * 5
    assert "no related event" in pressclip("story", "split", "balloon").err


def test_status_and_the_story_tell_of_it_with_an_example_and_the_command(
    drifted: Path, pressclip: Command
) -> None:
    line = "5 articles since 2024-05-21 tell of something else: "
    for command in (("status", "-f", "table"), ("story", "show", "balloon")):
        said = pressclip(*command)
        told = said.out + said.err
        assert line in told
        assert "“Ferry hearing: judge Quill wants the log”" in " ".join(told.split())
        assert "pressclip story split balloon" in told
    (event,) = json.loads(pressclip("status", "--json").out)["related_events"]["balloon"]
    assert (event["articles"], event["last"]) == (5, "2024-05-25")
    assert json.loads(pressclip("story", "show", "balloon", "--json").out)["related_events"] == [
        event
    ]


def test_review_asks_about_it_first_and_follows_or_decides(
    drifted: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = "a\nf\nballoon\nf\nhearing\ne\nq\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    said = pressclip("review", "balloon")
    assert said.status == 0
    assert "1 of 1 · balloon · related event" in said.err
    assert "balloon.toml exists" in said.err
    assert (drifted / "stories" / "hearing.toml").exists()
    assert "5 off-story" in said.err
    assert "no related event" in pressclip("story", "split", "balloon").err


def test_an_event_is_skipped_and_asked_about_again_and_leaving_decides_nothing(
    drifted: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answers in ("s\nq\n", "q\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))
        said = pressclip("review", "balloon")
        assert said.status == 0
        assert "related event" in said.err
    with Store.open(drifted / "data" / "pressclip.db") as store:
        assert store.labels.of("balloon") == {}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--include", "2"), "no event 2"),
        (("--include", "1", "--exclude", "1"), "include or exclude, not both"),
        (("--follow", "1", "balloon"), "balloon.toml exists"),
        (("--follow", "1", "No Id"), "not a valid story id"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    drifted: Path, pressclip: Command, options: tuple[str, ...], says: str
) -> None:
    said = pressclip("story", "split", "balloon", *options)
    assert said.status == 2
    assert says in said.err
    assert "hearing" in pressclip("story", "split", "balloon", "--json").out
