"""The phrases of `phrases.toml`, one pattern a table: what pages say in the languages of the news."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


def phrase_list(table: str) -> tuple[str, ...]:
    """The entries of a table in their order; raises `KeyError`."""
    return tuple(entry for entries in _tables()[table].values() for entry in entries)


def phrases(table: str) -> str:
    """The entries of a table as one alternation, for a larger pattern; raises `KeyError`."""
    return "|".join(phrase_list(table))


def phrase_pattern(table: str) -> re.Pattern[str]:
    """A pattern that finds any entry of a table, in any case; raises `KeyError`."""
    return re.compile(phrases(table), re.IGNORECASE)


def class_pattern(table: str) -> re.Pattern[str]:
    """A pattern that finds any entry of a table as whole words of a lower-case class or id."""
    return re.compile(rf"(?<![a-z])(?:{phrases(table)})(?![a-z])")


def openings(table: str) -> frozenset[str]:
    """The first two letters of whatever a table may match: a cheap test before its pattern.

    Its entries must begin with a word, or with a group of words; raises `KeyError`.
    """
    words = (word for entry in phrase_list(table) for word in _first_words(entry))
    return frozenset(word[:2].lower() for word in words)


def _first_words(entry: str) -> list[str]:
    """`(?:a|b)c` begins with a or b, each up to where it stops being plain letters."""
    group = entry[3 : entry.rindex(")")].split("|") if entry.startswith("(?:") else [entry]
    return [re.split(r"[^\w ]", word)[0] for word in group if re.match(r"\w", word)]


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files(__package__) / "phrases.toml").read_text(encoding="utf-8"))
