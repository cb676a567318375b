"""What is learned of an outlet from what its pages show: pure, by the set of pages alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.habits.answers import says_nothing, validators
from index.habits.clocks import find_zone
from index.habits.learn import learn
from index.habits.templates import find_change, likeness
from index.habits.titles import without_parts
from index.habits.values import Habits, Learned, Traits

START = datetime(2023, 2, 1, tzinfo=UTC)
HEADLINES = (
    "Ferry stays ashore",
    "Library opens at last",
    "Bridge to be painted",
    "Mayor resigns",
    "Snow in May",
)


def pages(*shown: Traits) -> list[tuple[datetime, Traits]]:
    return [(START + timedelta(hours=number), traits) for number, traits in enumerate(shown)]


def values(learned: Sequence[Learned]) -> list[str]:
    return [one.value for one in learned]


def titled(*tails: str, h1: bool = True) -> list[tuple[datetime, Traits]]:
    return pages(
        *(
            Traits(titles=(f"{headline}{tail}",), headings=(headline,) if h1 else ())
            for headline, tail in zip(HEADLINES, tails, strict=False)
        )
    )


def test_name_and_sections_in_the_titles_are_learned() -> None:
    found = learn(titled(*[" – News – Tidewater Post"] * 3, *[" – Sport – Tidewater Post"] * 2))
    assert values(found.title_parts) == ["Tidewater Post", "News"]
    assert found.title_parts[0] == Learned(value="Tidewater Post", pages=5, of=5)


def test_two_pages_teach_nothing() -> None:
    assert learn(titled(*[" | Tidewater Post"] * 2)).title_parts == ()


def test_a_storys_name_that_begins_many_headlines_is_no_part_of_the_titles() -> None:
    named = [f"Balloon – {headline}" for headline in HEADLINES]
    shown = [Traits(titles=(title,), headings=(title,)) for title in named]
    assert learn(pages(*shown)).title_parts == ()


def test_without_any_h1_a_part_must_stand_in_nearly_all_titles() -> None:
    assert values(learn(titled(*[" | Post"] * 5, h1=False)).title_parts) == ["Post"]
    assert learn(titled(*[" | Post"] * 3, "", "", h1=False)).title_parts == ()


def test_an_h1_of_every_page_is_no_headline() -> None:
    shown = [Traits(titles=(one,), headings=("The voice of the water", one)) for one in HEADLINES]
    assert values(learn(pages(*shown)).headings) == ["The voice of the water"]


def test_one_article_under_one_headline_teaches_no_h1() -> None:
    same = Traits(titles=("Ferry stays ashore",), headings=("Ferry stays ashore",))
    assert learn(pages(*[same] * 5)).headings == ()


@pytest.mark.parametrize(
    ("of", "value"),
    [
        (("cp1250",) * 4 + ("utf-8",), "cp1250"),
        (("cp1250",) * 3 + ("utf-8",) * 2, ""),
        (("cp1250",) * 2, ""),
    ],
    ids=["nearly all", "some", "too few"],
)
def test_what_nearly_all_pages_have_is_learned(of: tuple[str, ...], value: str) -> None:
    found = learn(pages(*(Traits(charset=one) for one in of))).charset
    assert (found.value if found else "") == value


def test_a_place_where_bylines_stand_is_learned() -> None:
    shown = [Traits(signed=("div.w-line", f"b.x{number}")) for number in range(4)]
    assert values(learn(pages(*shown, Traits())).bylines) == ["div.w-line"]


def test_an_account_is_named_by_the_markup_and_shown_to_nobody() -> None:
    shown = [
        Traits(named=("Rolf Redmann",), bylined=(name,)) for name in ("Ida Ray", "Bo Li", "Al Fox")
    ]
    found = learn(pages(*shown, *[Traits(named=("Rolf Redmann",))] * 3))
    assert values(found.accounts) == ["Rolf Redmann"]
    assert found.desks == ()


def test_the_writer_of_a_whole_paper_is_no_account() -> None:
    assert learn(pages(*[Traits(named=("Ida Ray",))] * 8)).accounts == ()


def test_a_desk_is_shown_and_bylines_name_others_beside_it() -> None:
    shown = [
        Traits(named=("Ferry Notes",), shown=("Ferry Notes",), bylined=(name,))
        for name in ("Ida Ray", "Bo Li", "Al Fox", "Ida Ray", "Bo Li")
    ]
    found = learn(pages(*shown))
    assert (values(found.desks), found.accounts) == (["Ferry Notes"], ())


def moments(*pairs: tuple[str, int]) -> list[tuple[str, int]]:
    return [(f"{day}T12:00Z", minutes) for day, minutes in pairs]


WINTER = ("2023-01-10", "2023-01-11", "2023-01-12")
SUMMER = ("2023-07-10", "2023-07-11")


def clock(winter: int, summer: int | None = None) -> list[tuple[str, int]]:
    days = [(day, winter) for day in WINTER]
    return moments(*days, *((day, summer) for day in SUMMER if summer is not None))


@pytest.mark.parametrize(
    ("shown", "country", "zone"),
    [
        (clock(60, 120), "", "Europe/Berlin"),
        (clock(-300, -300), "", "America/Bogota"),
        (clock(-300, -240), "us", "America/New_York"),
        (clock(60), "rs", "Europe/Belgrade"),
        (clock(330), "", "Asia/Kolkata"),
        (clock(17), "", ""),
        (clock(60)[:2], "", ""),
    ],
    ids=["summer time", "none", "by country", "small country", "half hours", "no zone", "too few"],
)
def test_the_clock_is_told_by_moments_in_it(
    shown: list[tuple[str, int]], country: str, zone: str
) -> None:
    found = find_zone(shown, country)
    assert (found.value if found else "") == zone


OLD, NEW, GALLERY = tuple(range(40)), tuple(range(30, 70)), tuple(range(100, 140))


def built(*sketches: tuple[int, ...]) -> list[tuple[datetime, tuple[int, ...]]]:
    return [(START + timedelta(days=number), sketch) for number, sketch in enumerate(sketches)]


def test_a_new_template_is_a_change_and_its_day_is_told() -> None:
    found = find_change(built(*[OLD] * 5, *[NEW] * 3))
    assert found is not None
    assert (found.since, found.before, found.after) == (START + timedelta(days=5), 5, 3)


@pytest.mark.parametrize(
    "sketches",
    [
        [OLD] * 8,
        [OLD] * 5 + [GALLERY] * 3 + [OLD],
        [OLD] * 5 + [NEW] * 2,
        [OLD] * 3 + [NEW] * 3,
        [],
    ],
    ids=["none", "another kind between", "too few after", "too few before", "nothing known"],
)
def test_what_comes_back_or_is_seldom_is_no_change(sketches: list[tuple[int, ...]]) -> None:
    assert find_change(built(*sketches)) is None


def test_after_a_change_only_the_new_template_teaches() -> None:
    before = [Traits(template=OLD, signed=("i.old",))] * 6
    after = [Traits(template=NEW, signed=("i.new",))] * 5
    assert values(learn(pages(*before, *after)).bylines) == ["i.new"]


@given(st.lists(st.integers(0, 99), max_size=60), st.lists(st.integers(0, 99), max_size=60))
def test_likeness_is_a_share_and_goes_both_ways(one: list[int], other: list[int]) -> None:
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, other) == likeness(other, one)


def test_what_is_learned_depends_on_the_set_of_pages_alone() -> None:
    shown = titled(*[" | News | Post"] * 3, *[" | Sport | Post"] * 2)
    mixed = random.Random(4).sample(shown, len(shown))
    assert learn(sorted(mixed, key=lambda page: page[0])) == learn(shown)


def test_habits_and_traits_come_back_from_json() -> None:
    change = find_change(built(*[OLD] * 5, *[NEW] * 3))
    habits = replace(learn(titled(*[" | Post"] * 5)), template=change)
    assert Habits.from_dict(habits.to_dict()) == habits
    traits = Traits(titles=("a",), offsets=(("2023-01-10T12:00Z", 60),), template=(1, 2))
    later: dict[str, Any] = {**traits.to_dict(), "of_a_later_release": 1}
    assert Traits.from_dict(later) == traits


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Ferry stays ashore – News – Post", "Ferry stays ashore"),
        ("Post | Ferry stays ashore", "Ferry stays ashore"),
        ("Ferry – and all its passengers – Post", "Ferry – and all its passengers"),
        ("News – Post", "News – Post"),
        ("Post", "Post"),
        ("Ferry: News at ten", "Ferry: News at ten"),
    ],
)
def test_known_parts_are_cut_off_the_ends_only(title: str, headline: str) -> None:
    assert without_parts(title, ["Post", "News"]) == headline


def test_validators_and_lastmod_are_judged_after_five_visits() -> None:
    assert validators({"same": 4}) == "unknown"
    assert validators({"same": 5, "changed": 2}) == "never"
    assert validators({"same": 5, "unmodified": 1}) == "works"
    assert not says_nothing({"same": 4})
    assert says_nothing({"same": 5})
    assert not says_nothing({"same": 5, "changed": 5})
