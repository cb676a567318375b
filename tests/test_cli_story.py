from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Verdict
from index.store import StoreWriter
from search_cli.templates import literal, quoted
from tests.conftest import Said

Command = Callable[..., Said]


def test_a_new_workspace_is_well_formed_and_says_what_to_run(
    tmp_path: Path, pressclip: Command
) -> None:
    said = pressclip("init", str(tmp_path / "desk"), "--contact", "desk@clippings.example")
    assert said.status == 0
    assert "next: pressclip outlet add" in said.err
    names = sorted(path.name for path in (tmp_path / "desk").iterdir())
    assert names == ["outlets.toml", "scrapy.cfg", "stories", "workspace.toml"]
    assert pressclip("-C", str(tmp_path / "desk"), "outlet", "list").status == 0
    assert 'contact = "desk@clippings.example"' in (tmp_path / "desk/workspace.toml").read_text()


@pytest.mark.parametrize("name", ["workspace.toml", "outlets.toml", "scrapy.cfg"])
def test_init_overwrites_nothing(tmp_path: Path, pressclip: Command, name: str) -> None:
    (tmp_path / name).write_text("mine")
    said = pressclip("init", str(tmp_path))
    assert said.status == 2
    assert "exists; nothing was changed" in said.err
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("args", "status", "error"),
    [
        (["init", "desk/workspace.toml"], 4, "not a directory"),
        (["init", "new", "--contact", "me"], 2, '--contact: "me" is not an address'),
    ],
)
def test_a_workspace_that_cannot_be_made_is_one_clear_line(
    desk: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch, args: list[str], status: int,
    error: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(desk.parent)
    said = pressclip(*args)
    assert said.status == status
    assert error in said.err


@pytest.mark.parametrize(
    "more",
    [
        pytest.param([], id="by its id"),
        pytest.param(["--any", "*"], id="everything"),
        pytest.param(["--match", "fr", '"Ballon d\'Or"', "--match", "en", "a '''b"], id="quotes"),
        pytest.param(["--title", 'Quo"te\\ ünd ✓', "--window", "2023-01-28.."], id="title"),
    ],
)
def test_a_new_story_can_be_used_at_once(desk: Path, pressclip: Command, more: list[str]) -> None:
    said = pressclip("story", "new", "spy-balloon", *more)
    assert said.status == 0
    assert "next: pressclip story edit spy-balloon" in said.err
    record = json.loads(pressclip("story", "show", "spy-balloon", "--json").out)
    values = dict(zip(more[::2], more[1::2], strict=False))
    assert record["title"] == values.get("--title", "Spy balloon")
    if not more:
        assert record["match"] == {"any": "spy balloon"}


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["balloon"], "balloon.toml exists; nothing was changed"),
        (["Spy Balloon"], "Spy Balloon: not a valid story id"),
        (["../x"], "../x: not a valid story id"),
        (["x", "--match", "english", "a"], "english: no such language\nhint: did you mean en?"),
        (["x", "--match", "en", "(a"], "  (a\n  ^"),
        (["x", "--window", "2023"], '--window: "2023" is not a window'),
    ],
)
def test_a_story_that_cannot_be_made_leaves_no_file(
    desk: Path, pressclip: Command, args: list[str], error: str
) -> None:
    said = pressclip("story", "new", *args)
    assert said.status == 2
    assert error in said.err
    assert [path.name for path in (desk / "stories").iterdir()] == ["balloon.toml"]


FAIR = "sed -i -e \"s/^en = .*/en = 'fair'/\" -e s/min_words/#/"  # an editor that never tires
CLIPPING = """date 2023-02-04

Second balloon reported over the coast

Officials reported a second spy balloon over Brellin on Friday. The spy balloon drifted past Brellin, and
Skarnes asked the Harbour Office to follow the balloon. In Skarnes the Harbour Office said nothing.
"""


def test_a_story_is_proposed_from_a_clipping(desk: Path, pressclip: Command) -> None:
    (desk / "clip.txt").write_text(CLIPPING)
    said = pressclip("story", "new", "second", "--from", "clip.txt", "--no-input")
    assert said.status == 0
    assert "window   2023-01-28..2023-03-04" in said.out
    assert "from 1 clipping" in said.out
    story = json.loads(pressclip("story", "show", "second", "--json").out)
    assert story["title"] == "Second balloon reported over the coast"
    assert story["window"] == "2023-01-28..2023-03-04"
    assert '"spy balloon"' in story["match"]["en"]
    assert "Brellin" in story["match"]["en"]
    text = (desk / "stories" / "second.toml").read_text("utf-8")
    assert "\n# fr = '''…" in text


def test_a_story_is_proposed_from_an_article_of_the_corpus(
    corpus: Path, pressclip: Command
) -> None:
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        name = next(
            one for one, found in store.articles.get(store.articles.kept_ids()).items()
            if found.article.language == "en" and len(found.article.text) > 60
        )  # fmt: skip
        title = store.articles.get([name])[name].article.title
    assert pressclip("story", "new", "second", "--from", name, "--no-input").status == 0
    assert json.loads(pressclip("story", "show", "second", "--json").out)["title"] == title
    unknown = pressclip("story", "new", "third", "--from", "zzzzz", "--no-input")
    assert unknown.status == 2
    assert not (corpus / "stories" / "third.toml").exists()


def test_a_clipping_that_has_nothing_in_common_with_the_others_is_named(
    desk: Path, pressclip: Command
) -> None:
    (desk / "one.txt").write_text(CLIPPING)
    (desk / "two.txt").write_text(CLIPPING.replace("Second balloon reported", "Balloon again"))
    (desk / "three.txt").write_text(
        "Cheese fair opens in Marnhem\n\nEleven dairies brought wheels of gouda to the town hall."
    )
    sources = [part for name in ("one", "two", "three") for part in ("--from", f"{name}.txt")]
    said = pressclip("story", "new", "second", *sources, "--no-input").out
    assert "clipping 3 has hardly a word in common with the others" in said
    assert "Cheese fair opens in Marnhem" in said
    assert said.count("has hardly a word") == 1


def test_a_person_at_a_terminal_is_asked_what_a_story_needs(
    desk: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = io.StringIO("\nferry NEAR/8 reef\n2024-05-01..\n")
    monkeypatch.setattr(answers, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", answers)
    assert pressclip("story", "new", "ferry").status == 0
    story = json.loads(pressclip("story", "show", "ferry", "--json").out)
    assert (story["match"], story["window"]) == ({"any": "ferry NEAR/8 reef"}, "2024-05-01..")


def test_what_the_user_says_stands_before_what_is_proposed(desk: Path, pressclip: Command) -> None:
    (desk / "clip.txt").write_text(CLIPPING)
    own = ["--match", "en", "airship", "--title", "Ours", "--window", "2023-02-01.."]
    pressclip("story", "new", "second", "--from", "clip.txt", "--no-input", *own)
    story = json.loads(pressclip("story", "show", "second", "--json").out)
    assert (story["match"], story["title"]) == ({"en": "airship"}, "Ours")
    assert story["window"] == "2023-02-01.."


def test_a_clipping_in_a_language_that_is_little_known_is_told(
    desk: Path, pressclip: Command
) -> None:
    (desk / "clip.txt").write_text(
        "Ang lantsa ay sumadsad sa bahura malapit sa Skarnes kagabi. " * 3
    )
    said = pressclip("story", "new", "second", "--from", "clip.txt", "--lang", "tl", "--no-input")
    assert "common words are unknown for this language: check the query" in said.out


def test_a_faulty_query_is_told_with_its_option_and_a_caret(desk: Path, pressclip: Command) -> None:
    said = pressclip("story", "new", "second", "--match", "fr", "ballon AND (Chine OR")
    assert "error: --match fr: nothing after OR" in said.err
    assert "^" in said.err
    assert not (desk / "stories" / "second.toml").exists()


def test_a_proposal_that_is_declined_is_not_written(
    desk: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "clip.txt").write_text(CLIPPING)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    said = pressclip("story", "new", "second", "--from", "clip.txt")
    assert "Nothing was written." in said.err
    assert not (desk / "stories" / "second.toml").exists()


def test_a_proposal_compares_with_the_corpus(corpus: Path, pressclip: Command) -> None:
    (corpus / "clip.txt").write_text(CLIPPING)
    said = pressclip("story", "new", "second", "--from", "clip.txt", "--no-input")
    assert said.status == 0
    assert pressclip("story", "check", "second").status == 0


@given(st.text())
def test_any_text_can_be_written_as_toml(text: str) -> None:
    plain = text.encode("utf-8", "replace").decode()
    assert tomllib.loads(f"a = {quoted(plain)}\nb = {literal(plain)}") == {"a": plain, "b": plain}


def test_stories_are_listed(desk: Path, pressclip: Command) -> None:
    out = pressclip("story", "list").out
    assert out == "balloon\t2023-01-28..2023-03-31\ten, fr\t2\tA balloon over the prairie\n"


def test_editing_ends_with_a_check(
    desk: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    assert "is unchanged" in pressclip("story", "edit", "balloon").err
    monkeypatch.setenv("EDITOR", "sed -i s/window/windw/")
    said = pressclip("story", "edit", "balloon")
    assert said.status == 2
    assert "stories/balloon.toml: windw: no such key (did you mean window?)" in said.err


def test_an_edit_tells_what_it_changes_and_can_be_declined(
    corpus: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = corpus / "stories" / "balloon.toml"
    before = file.read_text("utf-8")
    monkeypatch.setenv("EDITOR", FAIR)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    said = pressclip("story", "edit", "balloon")
    assert "+2 articles, −1" in said.err
    assert "County fair opens" in said.err
    assert "is unchanged; your draft is" in said.err
    assert file.read_text("utf-8") == before


def test_an_edit_that_is_agreed_to_is_saved(
    corpus: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", FAIR)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert pressclip("story", "edit", "balloon").status == 0
    assert "en = 'fair'" in (corpus / "stories" / "balloon.toml").read_text("utf-8")
    checked = pressclip("story", "check", "balloon").err
    assert "changed since the last crawl" in checked
    assert "+1 article, −" in checked


def test_a_faulty_edit_saves_nothing(
    desk: Path, pressclip: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (desk / "stories" / "balloon.toml").read_text("utf-8")
    monkeypatch.setenv("EDITOR", "sed -i s/window/windw/")
    said = pressclip("story", "edit", "balloon")
    assert (said.status, "nothing was saved; your draft is" in said.err) == (2, True)
    assert (desk / "stories" / "balloon.toml").read_text("utf-8") == before


def test_a_check_shows_the_articles_nearest_the_threshold(corpus: Path, pressclip: Command) -> None:
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        first, second, *_ = store.articles.kept_ids()
        doubtful = Verdict(story="balloon", decision="borderline", score=0.45)
        store.verdicts.judge(first, [doubtful])
        store.verdicts.judge(second, [Verdict(story="balloon", decision="on-story", score=0.52)])
    said = pressclip("story", "check", "balloon", "-n", "1").err
    lines = said.splitlines()
    assert lines[lines.index("balloon: just on the story") + 1].startswith(f"  0.52  {second}")
    assert lines[lines.index("balloon: just not") + 1].startswith(f"  0.45  {first}")
    assert "1 borderline; decide on them: pressclip review balloon" in said


def test_a_check_counts_everything_read_and_tells_what_keeps_the_best_out(
    corpus: Path, pressclip: Command
) -> None:
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        first, second, third, *_ = store.articles.kept_ids()
        for name, score, reason in (
            (first, 0.0, "the not query is met"),
            (second, 0.28, "the query is not met"),
            (third, 0.0, "the query is not met"),
        ):
            found = Verdict(story="balloon", decision="off-story", score=score, reasons=(reason,))
            store.verdicts.judge(name, [found])
    lines = pressclip("story", "check", "balloon").err.splitlines()
    counted = lines.index("balloon: everything read, by language")
    assert "off-story" in lines[counted + 1]
    best = lines.index("balloon: closest articles left out, and why")
    shown = lines[best + 1 : best + 5]
    assert [line.split()[1] for line in shown[::2]] == [first, second]
    assert shown[1].strip() == "the not query is met"
    assert third not in " ".join(lines[best:])


def test_an_editor_is_not_opened_where_nobody_is(desk: Path, pressclip: Command) -> None:
    assert pressclip("story", "edit", "balloon", "--no-input").status == 2
    assert "did you mean balloon?" in pressclip("story", "edit", "ballon").err


def test_without_a_corpus_a_check_only_reads_the_files(desk: Path, pressclip: Command) -> None:
    said = pressclip("story", "check")
    assert (said.status, said.out) == (0, "")
    assert "stories/balloon.toml is valid · window 2023-01-28..2023-03-31" in said.err
    assert "valid but were not tried" in said.err


def test_with_a_corpus_a_check_tries_the_queries(corpus: Path, pressclip: Command) -> None:
    rows = json.loads(pressclip("story", "check", "balloon", "--json").out)
    told = [(row["language"], row["matches"], row["articles"]) for row in rows]
    assert told == [("en", 2, 3), ("fr", 1, 1), ("all", 3, 6)]


def test_a_check_lists_every_fault_with_its_place(desk: Path, pressclip: Command) -> None:
    (desk / "stories" / "balloon.toml").write_text("id = 'x'\n[match]\nen = 'balloon OR OR'\n")
    (desk / "stories" / "two.toml").write_text("not = '\"Ballon d'Or\"'\n")
    said = pressclip("story", "check")
    assert said.status == 2
    lines = said.err.splitlines()
    assert lines[0] == "error: 3 faults in the desk's files"
    assert '  stories/balloon.toml: id: "x" is not the name of the file' in lines[1]
    assert lines[2].startswith("  stories/balloon.toml: match.en: ")
    assert "    balloon OR OR" in lines
    assert lines[-3].endswith("an apostrophe ends a text in '…' (use '''…''')")


def test_a_workspace_without_stories_says_how_to_make_one(desk: Path, pressclip: Command) -> None:
    (desk / "stories" / "balloon.toml").unlink()
    assert "next: pressclip story new ID" in pressclip("story", "list").err
    assert pressclip("story", "check").status == 2
