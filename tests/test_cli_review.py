from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.article import Verdict
from index.store import Store, StoreWriter
from index.workspace.lock import hold
from search_cli.view.reviewing import read_key
from tests.conftest import Said

Command = Callable[..., Said]
SCORES = {"Balloon seen over the elevators": 0.4, "Spy balloon crosses prairie": 0.4}
TITLES = [*SCORES, "外交部：民用无人飞艇误入", "منطاد فوق البراري"]


@pytest.fixture
def queue(corpus: Path) -> Path:
    """The corpus with two articles of one text and two others on the border."""
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        for identity, stored in store.articles.get(store.articles.kept_ids()).items():
            title = stored.article.title
            if title in TITLES:
                score = SCORES.get(title, 0.45 + 0.01 * TITLES.index(title))
                reason = (f"text: {title[:6]}",)
                verdict = Verdict(
                    story="balloon", decision="borderline", score=score, reasons=reason
                )
                store.verdicts.judge(identity, [verdict])
    return corpus


def keys(monkeypatch: pytest.MonkeyPatch, pressed: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{key}\n" for key in pressed)))


def decisions(desk: Path) -> dict[str, str]:
    with Store.open(desk / "data" / "pressclip.db") as store:
        found = store.articles.get(store.articles.all_ids())
        labels = store.labels.of("balloon")
    return {found[identity].article.title: label.decision for identity, label in labels.items()}


def ids(desk: Path) -> dict[str, str]:
    with Store.open(desk / "data" / "pressclip.db") as store:
        return {
            one.article.title: one.id
            for one in store.articles.get(store.articles.all_ids()).values()
        }


def test_each_text_is_asked_about_once_the_least_certain_first(
    queue: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(monkeypatch, "sss")
    said = pressclip("review", "balloon")
    assert said.status == 0
    heads = [line for line in said.err.splitlines() if line.startswith(("1 of", "2 of", "3 of"))]
    assert heads == [
        "1 of 3 · balloon · 0.48",
        "2 of 3 · balloon · 0.47",
        "3 of 3 · balloon · 0.40",
    ]
    assert "+1 reprints" in said.err
    assert decisions(queue) == {}


def test_a_decision_is_stored_for_all_reprints_and_found_by_search(
    queue: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(monkeypatch, "nmy")
    said = pressclip("review", "balloon")
    assert "2 on-story" in said.err
    assert decisions(queue) == {
        "منطاد فوق البراري": "off-story",
        "外交部：民用无人飞艇误入": "mention",
        "Balloon seen over the elevators": "on-story",
        "Spy balloon crosses prairie": "on-story",
    }
    assert pressclip("search", "story:balloon", "is:borderline", "--count").out.strip() == "0"
    assert "nothing to review" in pressclip("review", "balloon").err
    assert pressclip("search", "منطاد").status == 1


def test_undoing_asks_again(
    queue: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(monkeypatch, "nus")
    said = pressclip("review", "balloon")
    assert said.err.count("1 of 3") == 2
    assert decisions(queue) == {}
    assert "no decision" in said.err


def test_why_and_text_answer_without_deciding(
    queue: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(monkeypatch, "wtuq")
    said = pressclip("review", "balloon")
    assert "- text: منطاد" in said.err
    assert "nothing to undo" in said.err
    assert decisions(queue) == {}


def test_the_end_of_the_input_leaves_and_keeps_what_was_decided(
    queue: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(monkeypatch, "y")
    assert pressclip("review", "balloon").status == 0
    assert list(decisions(queue).values()) == ["on-story"]


def test_a_held_workspace_is_said_and_the_question_stays(
    queue: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(monkeypatch, "yq")
    with hold(queue / "data" / "lock"):
        said = pressclip("review", "balloon")
    assert "not stored:" in said.err
    assert decisions(queue) == {}


def test_decisions_can_be_given_without_questions(queue: Path, pressclip: Command) -> None:
    fair = ids(queue)["County fair opens"]
    said = pressclip("review", "balloon", "--on", fair, "--note", "the balloon landed there")
    assert f"{fair}: on-story" in said.err
    assert pressclip("search", "pies", "--count").out.strip() == "1"
    shown = pressclip("show", fair).out
    assert "on-story (1.00): you decided: the balloon landed there" in shown
    pressclip("review", "balloon", "--undo", fair)
    assert pressclip("search", "pies").status == 1


def test_the_queue_can_be_listed(queue: Path, pressclip: Command) -> None:
    rows = json.loads(pressclip("review", "--json").out)
    assert [round(row["score"], 2) for row in rows] == [0.48, 0.47, 0.4]
    assert rows[0]["reasons"] == ["text: منطاد "]
    assert pressclip("review", "--no-input").out.count("\n") == 3


def test_status_names_what_waits_for_a_decision(queue: Path, pressclip: Command) -> None:
    (story,) = json.loads(pressclip("status", "--json").out)["stories"]
    assert story["borderline"] == 4
    told = pressclip("status", "-f", "table").out
    assert "4 borderline, for you to decide on: pressclip review balloon" in told


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["ballon"], "no such story: ballon"),
        (["balloon", "--on", "zzzzz"], "no such article: zzzzz"),
    ],
)
def test_an_unknown_name_is_one_clear_line(
    queue: Path, pressclip: Command, args: list[str], message: str
) -> None:
    said = pressclip("review", *args)
    assert (said.status, message in said.err) == (2, True)


def test_a_decision_without_a_story_asks_which(queue: Path, pressclip: Command) -> None:
    text = (queue / "stories" / "balloon.toml").read_text("utf-8")
    (queue / "stories" / "other.toml").write_text(text.replace('"balloon"', '"other"', 1), "utf-8")
    said = pressclip("review", "--on", "k")
    assert (said.status, "which story?" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("pressed", "key"),
    [("y", "y"), ("Y\r", "y"), ("n\n", "n"), ("\x1b[D", "\x1b")],
    ids=["a letter", "a capital with return", "typed ahead", "an arrow"],
)
def test_a_key_on_a_terminal_is_the_first_that_was_pressed(
    monkeypatch: pytest.MonkeyPatch, pressed: str, key: str
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.getchar", lambda: pressed)
    assert read_key("? ") == key


def test_after_a_batch_it_is_told_what_the_answers_changed(
    queue: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(monkeypatch, "nnn")
    said = pressclip("review", "balloon")
    assert "changed by it, " in said.err
    assert "came in and" in said.err


def test_what_is_little_more_than_borderline_is_asked_about_too(
    queue: Path, pressclip: Command
) -> None:
    fair = ids(queue)["County fair opens"]
    with StoreWriter.open(queue / "data" / "pressclip.db") as store:
        near = Verdict(story="balloon", decision="on-story", score=0.55, reasons=("close",))
        store.verdicts.judge(fair, [near])
    listed = json.loads(pressclip("review", "balloon", "--json").out)
    assert fair in {row["id"] for row in listed}


def test_quality_is_told_from_answers(
    queue: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(monkeypatch, "ynynynynynynynyn")
    said = pressclip("story", "quality", "balloon", "-n", "10")
    assert said.status == 0
    assert "precision" in said.out
    assert "recall" in said.out
    assert decisions(queue)


def test_quality_as_json_has_nothing_else_on_stdout(
    queue: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(monkeypatch, "ynynynynynynynyn")
    said = pressclip("story", "quality", "balloon", "-n", "10", "--json")
    assert {"precision", "recall"} <= json.loads(said.out).keys()
    assert "y belongs" in said.err


def test_quality_without_answers_or_questions_says_so(
    queue: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys(monkeypatch, "q")
    said = pressclip("story", "quality", "balloon")
    assert ("no estimate" in said.err, said.status) == (True, 1)
    refused = pressclip("--no-input", "story", "quality", "balloon")
    assert refused.status == 2
    assert "asks you about articles" in refused.err


def test_decisions_that_contradict_each_other_are_told(queue: Path, pressclip: Command) -> None:
    first = ids(queue)[TITLES[0]]
    pressclip("review", "balloon", "--on", first)
    said = pressclip("review", "balloon", "--off", first).err
    assert f"{first}: you had decided on-story; the last one stands" in said
    assert decisions(queue)[TITLES[0]] == "off-story"


def test_a_decision_against_one_on_a_reprint_is_told(queue: Path, pressclip: Command) -> None:
    with Store.open(queue / "data" / "pressclip.db") as store:
        held = store.articles.get(store.articles.all_ids()).values()
    families = [one.family for one in held]
    first, second = (one.id for one in held if families.count(one.family) == 2)
    pressclip("review", "balloon", "--mention", first)
    said = pressclip("review", "balloon", "--on", second).err
    assert f"{second}: a reprint of {first}, on which you decided mention; both stand" in said
    assert "both stand" not in pressclip("review", "balloon", "--on", first).err
