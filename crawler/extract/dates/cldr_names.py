"""Names of months and of times of day in every language of CLDR, as papers write them in dates."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

Half = Literal["am", "pm", "night", "noon", "midnight"]
HALVES: tuple[Half, ...] = ("am", "pm", "night", "noon", "midnight")
# Where two languages call two months by one name, the first of these is meant, unless the page names
# its language: `listopada` is November in Polish and October in Croatian.
FIRST = (
    "en", "es", "pt", "fr", "de", "it", "nl", "pl", "ru", "uk", "tr", "cs", "ro", "el", "hu", "sv", "da",
    "no", "nb", "fi", "bg", "sr", "hr", "ca", "id", "vi", "th", "hi", "ar", "he", "af", "sw", "sk", "sl",
    "et", "lv", "lt", "bn", "ur", "fa", "mk", "be",
)  # fmt: skip
EXTRA = {
    "en": {"sept": 9},
    "es": {"setiembre": 9, "set": 9},
    "de": {"mär": 3, "maerz": 3, "feber": 2, "jänner": 1},
    "fa": {"ژانویه": 1, "فوریه": 2, "مه": 5, "ژوئیه": 7, "اوت": 8},
    "bn": {"জানুয়ারি": 1, "ফেব্রুয়ারি": 2, "আগস্ট": 8, "নভেম্বর": 11},
    "eu": {"urtarrilaren": 1, "otsailaren": 2, "martxoaren": 3, "apirilaren": 4, "maiatzaren": 5,
           "ekainaren": 6, "uztailaren": 7, "abuztuaren": 8, "irailaren": 9, "urriaren": 10,
           "azaroaren": 11, "abenduaren": 12},
    "mn": {name: number for number, name in enumerate(
        ("нэгдүгээр", "хоёрдугаар", "гуравдугаар", "дөрөвдүгээр", "тавдугаар", "зургаадугаар", "долоодугаар",
         "наймдугаар", "есдүгээр", "аравдугаар", "арван нэгдүгээр", "арван хоёрдугаар"), 1)},
    "lv": {"janvārī": 1, "februārī": 2, "martā": 3, "aprīlī": 4, "maijā": 5, "jūnijā": 6, "jūlijā": 7,
           "augustā": 8, "septembrī": 9, "oktobrī": 10, "novembrī": 11, "decembrī": 12},
}  # fmt: skip
EXTRA_HALVES: Mapping[str, tuple[tuple[str, Half], ...]] = {
    "ja": (("午前", "am"), ("午後", "pm")),
    "zh": (("上午", "am"), ("下午", "pm"), ("中午", "noon"), ("凌晨", "am"), ("傍晚", "pm")),
    "hi": (("पूर्वाह्न", "am"), ("अपराह्न", "pm")),
    "el": (("πμ", "am"), ("μμ", "pm")),
    "ar": (("صباحا", "am"), ("مساء", "pm"), ("ظهرا", "pm")),
    "fa": (("قبل از ظهر", "am"), ("بعد از ظهر", "pm")),
}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10,
         "xi": 11, "xii": 12}  # fmt: skip
ROMAN_LANGUAGES = frozenset({"pl", "hu", "cs", "sk", "hr", "sr", "sl", "ro", "it", "ru"})
LONG = 4  # letters of a name that is believed in a page of any language
APOSTROPHES = str.maketrans("", "", ".·’'`´׳״\u200c\u200d\u200e\u200f")


def fold_name(name: str) -> str:
    """A name as it is looked up: without case, accents, points and apostrophes."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(APOSTROPHES))
    return unicodedata.normalize(
        "NFC", "".join(char for char in plain if unicodedata.category(char) != "Mn")
    ).strip()


def month_number(name: str, language: str = "") -> int:
    """The month of that name, 1 to 12; 0 when it is none. `language` is a two-letter code."""
    key = fold_name(name)
    found = _months_of(language).get(key) or _months().get(key)
    if found is None and key[:1] == "ב":  # Hebrew writes `in` as one word with what follows
        found = _months().get(key[1:])
    if found is None and language in ROMAN_LANGUAGES:
        found = ROMAN.get(key)
    return found or 0


def is_month(word: str) -> bool:
    """Whether a word is the name of a month in one of the languages that are read first."""
    return fold_name(word) in _known_months()


@cache
def half_markers(language: str) -> tuple[tuple[str, Half], ...]:
    """What names a half or part of the day, the longest first.

    In English and the page's language all that CLDR has; of others what no Latin letter is in.
    """
    found: dict[str, Half] = {}
    for code, halves in _all_halves():
        for name, half in halves:
            if code in (language, "en") or not any("a" <= char <= "ɏ" for char in name):
                found.setdefault(name, half)
    return tuple(sorted(found.items(), key=lambda item: -len(item[0])))


@cache
def _table() -> dict[str, list[str]]:
    """The cells of each language's line; see docs/month_names.py."""
    text = (files("crawler.extract.dates") / "names.txt").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {row[0]: row[1:] for row in rows}


@cache
def _months_of(language: str) -> Mapping[str, int]:
    cells = _table().get({"no": "nb"}.get(language, language), [])
    found = {
        fold_name(name): number
        for number, cell in enumerate(cells[:12], 1)
        for name in cell.split("|")
        if len(name) > 1
    }
    extra = {fold_name(name): number for name, number in EXTRA.get(language, {}).items()}
    return {**found, **extra}


@cache
def _known_months() -> Mapping[str, int]:
    found: dict[str, int] = {}
    for language in FIRST:
        for name, number in _months_of(language).items():
            found.setdefault(name, number)
    return found


@cache
def _months() -> Mapping[str, int]:
    """Every name: of the languages read first, then the long ones on which all others agree."""
    others: dict[str, set[int]] = {}
    for language in _table():
        for name, number in _months_of(language).items():
            if len(name) >= LONG:
                others.setdefault(name, set()).add(number)
    sure = {name: numbers.pop() for name, numbers in others.items() if len(numbers) == 1}
    return {**sure, **_known_months()}


def _all_halves() -> Iterator[tuple[str, list[tuple[str, Half]]]]:
    for language, cells in _table().items():
        found = [
            (fold_name(name), half)
            for half, cell in zip(HALVES, cells[12:], strict=True)
            for name in cell.split("|")
            if name
        ]
        own = [(fold_name(name), half) for name, half in EXTRA_HALVES.get(language, ())]
        yield language, [*own, *found]
