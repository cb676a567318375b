from __future__ import annotations

import pickle
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tomlkit import dumps

from index.errors import Fault
from index.workspace.outlets import Outlet, Outlets
from index.workspace.story import Story, Window, load_story, parse_window

OUTLETS = Outlets(
    by_id={name: Outlet(id=name) for name in ("a.example", "b.example")},
    collections={"local": ("a.example",)},
)
WHOLE = """\
id = "balloon"
title = "A balloon"
about = "What flew."
window = "2023-01-28..2023-03-31"
languages = ["en", "zh"]
[match]
en = '''"spy balloon" OR balloon NEAR/12 (Chin* OR Pentagon) outlet:@local'''
zh = "间谍气球 OR 无人飞艇"
any = "aérostat"
not = '''"Ballon d'Or"'''
min_words = 60
[match.keep]
always = ["k7q2d"]
never = ["https://a.example/x"]
[outlets]
use = ["@local"]
add = ["b.example"]
[discover]
feeds = false
sitemaps = true
sections = { "a.example" = ["https://a.example/news/"] }
seeds = ["https://a.example/hub"]
follow = 1
limit_per_outlet = 20
[schedule]
every = "30min"
until = "2023-02-20"
then = "2d"
recheck = ["1h", "1d"]
at_night_only = true
[alert]
run = "notify-send '{new} new on {story}'"
[frames]
espionage = { en = "spy OR espionage", any = "间谍" }
"""


def load(tmp_path: Path, text: str, name: str = "balloon") -> tuple[Story | None, list[str]]:
    path = tmp_path / f"{name}.toml"
    path.write_text(text, "utf-8")
    faults: list[Fault] = []
    story = load_story(path, faults, OUTLETS)
    return story, [str(fault).removeprefix(f"stories/{name}.toml: ") for fault in faults]


def test_every_key_of_a_story_is_read(tmp_path: Path) -> None:
    story, faults = load(tmp_path, WHOLE)
    assert not faults
    assert story is not None
    assert story.window == Window(date(2023, 1, 28), date(2023, 3, 31))
    assert set(story.match) == {"en", "zh", "any"}
    assert (story.not_query, story.min_words) == ('"Ballon d\'Or"', 60)
    assert (story.keep_always, story.keep_never) == (("k7q2d",), ("https://a.example/x",))
    assert [outlet.id for outlet in story.outlets_of(OUTLETS)] == ["a.example", "b.example"]
    assert story.discover.sections == {"a.example": ("https://a.example/news/",)}
    assert (story.discover.feeds, story.discover.follow) == (False, 1)
    assert (story.schedule.every, story.schedule.then) == (timedelta(minutes=30), timedelta(days=2))
    assert story.schedule.recheck == (timedelta(hours=1), timedelta(days=1))
    assert story.alert_run.startswith("notify-send")
    assert story.frames["espionage"]["any"] == "间谍"


def test_a_story_goes_to_another_process_and_back(tmp_path: Path) -> None:
    story, _ = load(tmp_path, WHOLE)
    assert pickle.loads(pickle.dumps(story)) == story


def test_any_star_keeps_everything(tmp_path: Path) -> None:
    story, faults = load(tmp_path, '[match]\nany = "*"\n', "all")
    assert not faults
    assert story is not None
    assert (story.id, story.title, story.keeps_everything) == ("all", "all", True)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("windw = '2023-01-28..'", "windw: no such key (did you mean window?)"),
        ("window = '2023-03-31..2023-01-28'", "ends before it begins"),
        ("window = '28 Jan'", "is not a window such as"),
        ("window = 2023-01-28", "window: must be text in quotes"),
        ("id = 'ballon'", 'id: "ballon" is not the name of the file'),
        ("languages = ['cn']", "did you mean zh?"),
        ('title = "a\\u0007b"', "title: holds control characters"),
        ("[match]\nenglish = 'x'", "match.english: "),
        ("[match]\nmin_word = 3", "did you mean min_words?"),
        ("[match]\nfr = ''", "match.fr: is empty"),
        ("[match]\nfr = 'outlet:@nobody'", "match.fr: no such collection: @nobody"),
        ("[match]\nmin_words = -1", "match.min_words: -1 is out of range"),
        ("[match.keep]\nalways = ['a']\nnever = ['a']", 'match.keep.never: "a" also stands in'),
        ("[outlets]\nuse = ['@locl']", "did you mean @local?"),
        ("[outlets]\nadd = ['c.example']", 'outlets.toml has no outlet "c.example"'),
        ("[discover]\nsections = {'c.example' = []}", "discover.sections.c.example: "),
        ("[discover]\nseeds = ['a.example']", "discover.seeds: "),
        ("[discover]\nfollow = 9", "discover.follow: 9 is out of range"),
        ("[schedule]\nevery = 'often'", 'schedule.every: "often" is not a duration'),
        ("[schedule]\nrecheck = ['1d', '1h']", "schedule.recheck: must grow"),
        ("[frames]\nx = {en = 'a OR'}", "frames.x.en: "),
        ("[frames]\nx = {xx = 'a'}", 'frames.x.xx: "xx" is not a language'),
    ],
)
def test_a_wrong_value_is_one_fault(tmp_path: Path, line: str, fault: str) -> None:
    rule = line.removeprefix("[match]\n")
    match = "[match]\nen = 'balloon'\n"
    text = match + rule if line.startswith("[") else line + "\n" + match
    _, faults = load(tmp_path, text)
    assert len(faults) == 1
    assert fault in faults[0]


def test_a_query_that_cannot_be_read_shows_its_place(tmp_path: Path) -> None:
    path = tmp_path / "balloon.toml"
    path.write_text("[match]\nen = 'balloon outlt:bbc.com'\n")
    faults: list[Fault] = []
    load_story(path, faults, OUTLETS)
    (fault,) = faults
    assert (fault.key, fault.excerpt, fault.column) == ("match.en", "balloon outlt:bbc.com", 8)
    assert "(column 9)" in fault.message


def test_a_story_without_a_query_is_told_what_to_write(tmp_path: Path) -> None:
    _, faults = load(tmp_path, "title = 'x'\n")
    assert faults == [
        "match: has no query (write en = '''…''', or any = \"*\" to keep every article)"
    ]


@pytest.mark.parametrize(
    ("text", "day", "inside"),
    [
        ("2023-01-28..", date(2024, 1, 1), True),
        ("..2023-01-28", date(2023, 1, 28), True),
        ("2023-01-28..2023-01-30", date(2023, 1, 31), False),
        ("2023-01-28", date(2023, 1, 28), True),
        ("2023-01-28", date(2023, 1, 29), False),
    ],
)
def test_a_window_holds_its_ends_and_may_be_open(text: str, day: date, inside: bool) -> None:
    assert (day in parse_window(text)) is inside


@pytest.mark.parametrize("text", ["2023-01-28..2023-03-31", "2023-01-28..", "..2023-03-31"])
def test_a_window_comes_back_from_its_text(text: str) -> None:
    assert str(parse_window(text)) == text


def test_a_window_without_ends_is_empty_text() -> None:
    assert str(Window()) == ""


@pytest.mark.parametrize("line", ["until = 'soon'", "until = '2023-13-01'"])
def test_a_phase_ends_on_a_day(tmp_path: Path, line: str) -> None:
    _, faults = load(tmp_path, f"[match]\nany = '*'\n[schedule]\n{line}\n")
    assert "is not a day such as" in faults[0]


def test_a_window_of_no_day_is_a_fault() -> None:
    with pytest.raises(ValueError, match="has no day"):
        parse_window("..")


def test_the_name_of_the_file_has_to_be_an_id(tmp_path: Path) -> None:
    _, faults = load(tmp_path, "[match]\nany = '*'\n", "Spy Balloon")
    assert faults[0].startswith('id: the file name "Spy Balloon" is no id')


NAMES = """
    id title about window languages match outlets discover schedule alert frames en any not
    min_words keep always never use feeds sections follow every recheck until run x
"""
KEYS = NAMES.split()
VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats()
    | st.dates()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.sampled_from(["*", "en", "1h", "@local", "2023-01-28..", "https://a.example/"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6))
def test_any_file_is_a_story_or_a_list_of_faults(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, object]
) -> None:
    story, faults = load(tmp_path_factory.mktemp("any"), dumps(table))
    assert story is not None or faults
    assert all("\n" not in fault for fault in faults)
