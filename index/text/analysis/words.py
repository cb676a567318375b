"""Where words begin and end: runs of letters and digits, and in some scripts their single letters.

Text is cut twice: runs of the paired scripts first, then words in what is between them. Most texts have
no such letter and are never looked at by the first, more expensive pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from index.text.analysis.letters import APOSTROPHES, HIGH_MARKS, JOINERS, MARKS, PAIRED

_HYPHEN = "[-\u2010\u2011]"
_W = r"[^\W_]"
_L = r"[^\W\d_]"
_SIGNS = f"{MARKS}{JOINERS}"
# Tried one by one: as a part of the other class these would make every word more expensive.
_HIGH_SIGN = rf"(?=[\U00010000-\U0010ffff])[{HIGH_MARKS}]"
_ANY_SIGN = rf"(?:[{_SIGNS}]|{_HIGH_SIGN})"
# A name of letters, a hyphen and a short number is one word (F-22, MiG-29, COVID-19).
_NUMBERED = "|".join(rf"(?<=\b{_L * length}{_HYPHEN})" for length in range(1, 6))


def _word(sign: str) -> re.Pattern[str]:
    # Most words end at a blank, where none of the ways to go on need be tried.
    return re.compile(
        rf"{_W}+(?:(?! )(?:{sign}+{_W}*"
        rf"|[{APOSTROPHES}]{_W}+"
        rf"|{_HYPHEN}(?=\d)(?:{_NUMBERED})\d{{1,3}}{_L}{{0,2}}(?!{_W})"
        rf"|\.(?<=\b{_L}\.){_L}(?!{_W}|{sign})))*"
    )


_WORD = _word(f"[{_SIGNS}]")


def split_words(text: str) -> list[str]:
    """Words and runs as they are written, in order."""
    return split_paired(text) if holds_paired_script(text) else split_spaced(text)


def split_spaced(text: str) -> list[str]:
    """The words of a text without a letter of a paired script."""
    return _word_of(text).findall(text)


def split_paired(text: str) -> list[str]:
    """The words and runs of any text."""
    words: list[str] = []
    word = _word_of(text)
    for piece, _ in _pieces(text):
        words += [piece] if is_run(piece) else word.findall(piece)
    return words


def find_words(text: str) -> Iterator[tuple[str, int]]:
    """The words of `split_words`, each with the place where it begins."""
    word = _word_of(text)
    for piece, start in _pieces(text) if holds_paired_script(text) else [(text, 0)]:
        if is_run(piece):
            yield piece, start
        else:
            for found in word.finditer(piece):
                yield found[0], start + found.start()


def holds_paired_script(text: str) -> bool:
    """Whether any letter is of a script that is cut into pairs, where wildcards have no meaning."""
    return not text.isascii() and _paired().search(text) is not None


def is_run(word: str) -> bool:
    """Whether a word of `split_words` is a run of such letters."""
    return not word.isascii() and _paired().match(word) is not None


def split_units(run: str) -> list[str]:
    """The letters of a run, each with its signs."""
    return _units().findall(run)


def find_units(run: str) -> Iterator[re.Match[str]]:
    """The letters of `split_units`, each with its place in the run."""
    return _units().finditer(run)


def _word_of(text: str) -> re.Pattern[str]:
    """The pattern of a word: the more expensive one where the text may have such signs."""
    if text.isascii() or len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text):
        return _WORD
    return _any_word()


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Runs, and what is before, between and after them."""
    end = 0
    for run in _runs().finditer(text):
        yield text[end : run.start()], end
        yield run[0], run.start()
        end = run.end()
    yield text[end:], end


# To compile sets of that many letters takes milliseconds, which only texts that have them need.
_HALF_SIGNS = "\uff9e\uff9f"
_UNIT = (
    rf"(?:[\u1100-\u115f][\u1160-\u11a7]*[\u11a8-\u11ff]*|[{PAIRED}])"
    rf"(?:[{_HALF_SIGNS}{_SIGNS}]|{_HIGH_SIGN})*"
)
_RUN = rf"[{PAIRED}](?:[{PAIRED}{_HALF_SIGNS}{_SIGNS}]+|{_HIGH_SIGN})*"


@cache
def _any_word() -> re.Pattern[str]:
    return _word(_ANY_SIGN)


@cache
def _paired() -> re.Pattern[str]:
    """A letter with which a unit begins."""
    return re.compile(f"[{PAIRED}]")


@cache
def _units() -> re.Pattern[str]:
    return re.compile(_UNIT)


@cache
def _runs() -> re.Pattern[str]:
    """Units one after the other: such a letter, then letters and signs in any order."""
    return re.compile(_RUN)
