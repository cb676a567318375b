"""The phrases of `phrases.toml`, one pattern a table: what pages say in the languages of the news."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files

PLAIN = re.compile(r"[a-z-]+")
PLAIN_WORD = re.compile(r"[\w -]+")
# Of an entry: classes and escapes; a group without groups in it; what may be missing or is repeated.
PARTS = (re.compile(r"\\."), re.compile(r"\[[^\]]*\]"))
GROUP = re.compile(r"\(\??[:=!<]*([^()]*)\)")
OPTIONAL = re.compile(r".(?:[?*]|\{[^}]*\})|[+.^$]")
LONG = 3


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
    """Whether any entry of a table is in a text, in any case; raises `KeyError`.

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
    """Whether any entry of a table is in a lower-case class or id, as `class_pattern` tells it.

    The pattern is asked only where the text has what one of the entries begins with.
    """
    pattern = class_pattern(table)
    stems = phrase_stems(table)

    def finds(text: str) -> bool:
        for stem in stems:
            if stem in text:
                return pattern.search(text) is not None
        return False

    return finds


def phrase_stems(table: str) -> frozenset[str]:
    """What a text must have one of for an entry of a table to be found in it; raises `KeyError`."""
    return frozenset(stem for entry in phrase_list(table) for stem in _stems(entry))


def _stems(entry: str) -> list[str]:
    """What a text must have one of for the entry to be found in it; [""] where that cannot be told.

    The longest plain piece that no text can do without, or the words of the group that it begins with.
    """
    plain = entry
    for part in PARTS:
        plain = part.sub("\0", plain)
    while (inner := GROUP.sub("\0", plain)) != plain:
        plain = inner
    if "|" in plain:
        return [""]
    longest = max(OPTIONAL.sub("\0", plain).split("\0"), key=len)
    group = GROUP.match(entry)
    if (
        len(longest) >= LONG
        or group is None
        or not entry.startswith("(?:")
        or OPTIONAL.match(f"x{entry[group.end() :]}")
    ):
        return [longest]
    words = [max(OPTIONAL.sub("\0", word).split("\0"), key=len) for word in group[1].split("|")]
    return words if all(map(PLAIN_WORD.fullmatch, words)) else [""]


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
