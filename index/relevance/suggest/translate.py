"""Names in another language: those that CLDR translates, and those that are written alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from index.text.analysis import fold


def carry_names(names: Iterable[str], source: str, target: str) -> list[str]:
    """The names as the target language has them (ISO 639-1 both), in order, unknown ones left out.

    Countries and regions are translated, and languages, which often are the words for peoples. Other
    names are kept between languages in Latin letters, but for abbreviations, which often differ.
    """
    latin = _writes_latin(source) and _writes_latin(target)
    carried = []
    for name in names:
        tables = ("territories", "languages") if latin else ("territories",)
        translated = _translated(name, source, target, tables)
        if translated is None and latin and not name.isupper():
            translated = name
        if translated:
            carried.append(translated)
    return list(dict.fromkeys(carried))


def _translated(name: str, source: str, target: str, tables: Iterable[str]) -> str | None:
    """The name in the target language: empty if it has none, None if it is no such name."""
    for table in tables:
        code = _codes(source, table).get(_folded(name))
        if code is not None:
            return _names(target, table).get(code, "")
    return None


@lru_cache(maxsize=64)
def words_of_places(language: str) -> frozenset[str]:
    """The folded words of all countries, regions and languages, as a language has them."""
    names = [
        name for table in ("territories", "languages") for name in _names(language, table).values()
    ]
    return frozenset(_folded(word) for name in names for word in name.split())


def _folded(name: str) -> str:
    """A name of one or more words as tables are asked for it."""
    return " ".join(map(fold, name.split()))


@lru_cache(maxsize=64)
def _codes(language: str, table: str) -> dict[str, str]:
    return {_folded(name): code for code, name in _names(language, table).items()}


@lru_cache(maxsize=64)
def _names(language: str, table: str) -> Mapping[str, str]:
    try:
        return dict(getattr(Locale.parse(language), table))
    except (UnknownLocaleError, ValueError):
        return {}


def _writes_latin(language: str) -> bool:
    """Whether a language is usually written in Latin letters."""
    likely: Mapping[str, str] = get_global("likely_subtags")
    return "_Latn_" in likely.get(language, "")
