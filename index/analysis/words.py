"""Where words begin and end: runs of letters and digits, and in some scripts their single letters.

Text is cut twice: runs of the paired scripts first, then words in what lies between them. Most texts have
no such letter and are never looked at by the first, dearer pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from index.analysis.letters import APOSTROPHES, JOINERS, MARKS, PAIRED

_HYPHEN = "[-\u2010\u2011]"
_W = r"[^\W_]"
_L = r"[^\W\d_]"
_M = rf"[{MARKS}{JOINERS}]"
# A name of letters, a hyphen and a short number is one word (F-22, MiG-29, COVID-19).
_NUMBERED = "|".join(rf"(?<=\b{_L * length}{_HYPHEN})" for length in range(1, 6))
_WORD = re.compile(
    rf"{_W}+(?:{_M}+{_W}*"
    rf"|[{APOSTROPHES}]{_W}+"
    rf"|{_HYPHEN}(?=\d)(?:{_NUMBERED})\d{{1,3}}{_L}{{0,2}}(?!{_W})"
    rf"|\.(?<=\b{_L}\.){_L}(?!{_W}|{_M}))*"
)


def split_words(text: str) -> list[str]:
    """Words and runs as they are written, in order."""
    if not holds_paired_script(text):
        return _WORD.findall(text)
    words: list[str] = []
    for piece, _ in _pieces(text):
        words += [piece] if is_run(piece) else _WORD.findall(piece)
    return words


def find_words(text: str) -> Iterator[tuple[str, int]]:
    """The words of `split_words`, each with the place where it begins."""
    for piece, start in _pieces(text) if holds_paired_script(text) else [(text, 0)]:
        if is_run(piece):
            yield piece, start
        else:
            for found in _WORD.finditer(piece):
                yield found[0], start + found.start()


def holds_paired_script(text: str) -> bool:
    """Whether any letter is of a script that is cut into pairs, where wildcards have no meaning."""
    return not text.isascii() and _units().search(text) is not None


def is_run(word: str) -> bool:
    """Whether a word of `split_words` is a run of such letters."""
    return not word.isascii() and _units().match(word) is not None


def find_units(run: str) -> list[re.Match[str]]:
    """The letters of a run, each with its signs."""
    return list(_units().finditer(run))


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Runs, and what lies before, between and after them."""
    end = 0
    for run in _runs().finditer(text):
        yield text[end : run.start()], end
        yield run[0], run.start()
        end = run.end()
    yield text[end:], end


# To compile a set of so many letters takes milliseconds, which only texts that have them need.
_UNIT = rf"(?:[\u1100-\u115f][\u1160-\u11a7]*[\u11a8-\u11ff]*|[{PAIRED}])(?:[\uff9e\uff9f]|{_M})*"


@cache
def _units() -> re.Pattern[str]:
    return re.compile(_UNIT)


@cache
def _runs() -> re.Pattern[str]:
    return re.compile(rf"(?:{_UNIT})+")
