"""The phrases of `phrases.toml`, one pattern a table: what pages say in the languages of the news."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

PLAIN = re.compile(r"[a-z-]+")
# A group without groups in it that an entry begins with, and a plain beginning; what follows each.
GROUP = re.compile(r"\(\?:([^()]*)\)(.?)", re.DOTALL)
STEM = re.compile(r"(\w+)(.?)", re.DOTALL)


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


def phrase_finder(table: str) -> Callable[[str], bool]:
    """Whether any entry of a table stands in a text, in any case; raises `KeyError`.

    As `phrase_pattern` tells, in a third of the time for entries that are plain letters.
    """
    entries = phrase_list(table)
    plain = tuple(entry.lower() for entry in entries if PLAIN.fullmatch(entry))
    others = [entry for entry in entries if not PLAIN.fullmatch(entry)]
    pattern = re.compile("|".join(others), re.IGNORECASE) if others else None

    def finds(text: str) -> bool:
        lower = text.lower()
        for word in plain:
            if word in lower:
                return True
        return pattern is not None and pattern.search(text) is not None

    return finds


def class_finder(table: str) -> Callable[[str], bool]:
    """Whether any entry of a table stands in a lower-case class or id, as `class_pattern` tells it.

    The pattern is asked only where the text has what one of the entries begins with.
    """
    pattern = class_pattern(table)
    stems = frozenset(stem for entry in phrase_list(table) for stem in _stems(entry))

    def finds(text: str) -> bool:
        for stem in stems:
            if stem in text:
                return pattern.search(text) is not None
        return False

    return finds


def _stems(entry: str) -> list[str]:
    """What a text must have one of for the entry to be found in it; [""] where that is not plain."""
    match = GROUP.match(entry)
    if entry.startswith("(?:") and (match is None or match[2] in ("?", "*", "{")):
        return [""]
    words = [STEM.match(word) for word in (match[1].split("|") if match else [entry])]
    # A letter that may be missing is none.
    stems = [word[1][:-1] if word[2] in ("?", "*", "{") else word[1] for word in words if word]
    return stems if len(stems) == len(words) and all(stems) else [""]


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
