"""The starter directory: well-known outlets by country and language, to begin a desk with.

The facts are ours and in the public domain (CC0, see the head of the file). Where an outlet lists its
articles is not kept here: it is looked up, and checked, when the outlet is taken.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from index.workspace.outlets import Outlet

FILE = "starter_outlets.csv"
_CODE = 2  # letters of a country or a language


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One outlet of the directory; codes as in outlets.toml, the main language first."""

    id: str
    name: str
    country: str
    lang: tuple[str, ...]
    kind: str


@cache
def read_directory() -> tuple[Entry, ...]:
    """All outlets of the directory, in the order of the file: by country, then by id."""
    text = (files("index.workspace") / FILE).read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        Entry(
            id=row["id"],
            name=row["name"],
            country=row["country"],
            lang=tuple(row["lang"].split()),
            kind=row["kind"],
        )
        for row in csv.DictReader(lines)
    )


def find_entry(name: str) -> Entry | None:
    """The outlet of that id, with or without `www.`, or the only one of that name; else None."""
    plain = name.strip().lower().removeprefix("www.")
    named = [one for one in read_directory() if _fold(one.name) == _fold(name)]
    by_id = (one for one in read_directory() if one.id == plain)
    return next(by_id, named[0] if len(named) == 1 else None)


def search_directory(words: Sequence[str]) -> list[Entry]:
    """The outlets that have every word: a country or language (code or English name), kind, or a
    part of the id or the name. Case and accents do not matter; no word finds all.
    """  # fmt: skip
    return [one for one in read_directory() if all(_has(one, _fold(word)) for word in words)]


def outlets_for(languages: Sequence[str], countries: Sequence[str] = ()) -> list[Entry]:
    """The outlets whose main language is one of these, the named countries first."""
    spoken = [one for one in read_directory() if one.lang[0] in languages]
    return sorted(
        spoken, key=lambda one: (one.country not in countries, languages.index(one.lang[0]))
    )


def with_facts(outlet: Outlet, entry: Entry) -> Outlet:
    """What was found on the web, with the directory's name, country, languages and kind."""
    return replace(outlet, name=entry.name, country=entry.country, lang=entry.lang, kind=entry.kind)


def _has(entry: Entry, word: str) -> bool:
    if len(word) == _CODE and word.isalpha():
        return word == entry.country or word in entry.lang
    spelled = (_country(entry.country), *map(_language, entry.lang))
    if word == entry.kind or any(name.startswith(word) for name in spelled):
        return True
    return word in entry.id or word in _fold(entry.name)


def _country(code: str) -> str:
    return _fold(_english().territories.get(code.upper(), ""))


def _language(code: str) -> str:
    return _fold(_english().languages.get(code, ""))


@cache
def _english() -> _Names:
    from babel import Locale

    english = Locale.parse("en")
    return _Names(dict(english.territories), dict(english.languages))


@dataclass(frozen=True, slots=True)
class _Names:
    territories: dict[str, str]
    languages: dict[str, str]


def _fold(text: str) -> str:
    """Lower case without accents; the few letters that Unicode does not take apart stay."""
    return "".join(_letters(text.casefold().strip()))


def _letters(text: str) -> Iterator[str]:
    return (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
