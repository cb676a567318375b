"""The starter directory: what it holds, and finding outlets in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.workspace.codes import COUNTRIES, LANGUAGES
from index.workspace.outlets import KINDS, Outlet
from index.workspace.starter import (
    find_entry,
    outlets_for,
    read_directory,
    search_directory,
    with_facts,
)
from tests.conftest import Said


def test_the_directory_is_broad_and_clean() -> None:
    entries = read_directory()
    assert len(entries) >= 300
    assert len({one.country for one in entries}) >= 40
    assert len({code for one in entries for code in one.lang}) >= 20
    assert len({one.id for one in entries}) == len(entries)
    assert {one.country for one in entries} <= COUNTRIES
    assert {code for one in entries for code in one.lang} <= LANGUAGES
    assert {one.kind for one in entries} <= set(KINDS)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["ch", "it"], ["rsi.ch", "swissinfo.ch"]),
        (["Switzerland", "italian"], ["rsi.ch", "swissinfo.ch"]),
        (["le monde"], ["lemonde.fr"]),
        (["wydawnictwo"], []),
        (["liberation"], ["liberation.fr"]),
        (["agency", "nl"], ["anp.nl"]),
    ],
    ids=["codes", "English names", "a name", "nothing", "without accents", "a kind"],
)
def test_outlets_are_found_by_country_language_kind_and_name(
    words: list[str], found: list[str]
) -> None:
    assert [one.id for one in search_directory(words)] == found


def test_an_entry_is_named_by_its_id_or_its_only_name() -> None:
    assert find_entry("www.lemonde.fr") == find_entry("Le Monde") == find_entry("lemonde.fr")
    assert find_entry("La Nación") is None  # several papers have this name
    assert find_entry("https://www.example.com") is None


def test_the_directorys_facts_stand_on_what_was_found() -> None:
    entry = find_entry("lemonde.fr")
    assert entry is not None
    found = Outlet(id="lemonde.fr", name="Le Monde.fr - Actualités", feeds=("https://x.example/f",))
    taken = with_facts(found, entry)
    assert (taken.name, taken.country, taken.lang, taken.kind, taken.feeds) == (
        "Le Monde", "fr", ("fr",), "national", found.feeds,
    )  # fmt: skip


def test_outlets_for_languages_begin_with_the_named_countries() -> None:
    found = outlets_for(["fr", "nl"], ["be"])
    assert found[0].country == "be"
    assert found[0].lang[0] == "fr"
    assert {one.lang[0] for one in found} == {"fr", "nl"}


def test_the_directory_is_listed_without_a_desk(pressclip: Callable[..., Said]) -> None:
    said = pressclip("outlet", "search", "rsi.ch")
    assert (said.status, said.out) == (0, "rsi.ch\tRSI\tch\tit\tbroadcaster\n")
    assert "pressclip outlet add ID" in said.err
    headed = pressclip("outlet", "search", "rsi.ch", "--header")
    assert headed.out.splitlines()[0] == "id\tname\tcountry\tlang\tkind"
    assert pressclip("outlet", "search", "nosuchpaper").status == 1
