"""The spelling by which names and loan words are known from one language to another.

Letters of three scripts become one set, the ways to write one sound become one letter, and what
endings change is cut: `Turkey`, `Turcji` and `Turquie` are `turk`, `Peshawar`, `Peszawarze` and
`Пешавар` are `pesav`. It is made for comparing, not for reading: now and then two words that have
nothing to do with each other are one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.text.analysis import holds_paired_script

_LETTERS = 5  # of a word; what follows is mostly its ending
_FEWEST = 4  # letters of a word that is compared, of which three may be left
_FEWEST_DIGITS = 2
_VOWELS = "aeiou"

_CYRILLIC = dict(
    zip("абвгдезийклмнопрстуфхцчшщыэюяіїєґ", "abvgdesiiklmnoprstufhssssieuaiieg", strict=True)
)
_GREEK = dict(zip("αβγδεζηθικλμνξοπρσςτυφχω", "abgdesitiklmnkoprsstifho", strict=True))
_SPELT = str.maketrans(
    {
        **_CYRILLIC,
        **_GREEK,
        **dict(zip("cqzyjwж", "kksiivs", strict=True)),
        "ь": "",
        "ъ": "",
        "x": "ks",
    }
)
_SOUNDS = {"sch": "s", "ch": "h", "kh": "h", "ph": "f", "ck": "k", "qu": "k", "ου": "u"}
_SOUND = re.compile("|".join(_SOUNDS))
_SILENT = re.compile("(?<=.)h")  # sh, th and gh are written without an h elsewhere
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=100_000)
def travelling_key(token: str) -> str:
    """The spelling by which a token is known across languages; empty if it says too little.

    A number of two digits and more is its own.
    """
    if token.isdigit():
        return token if len(token) >= _FEWEST_DIGITS else ""
    if holds_paired_script(token[:1]):
        return ""
    sounds = _SOUND.sub(lambda found: _SOUNDS[found[0]], token)
    spelt = _DOUBLED.sub(r"\1", _SILENT.sub("", sounds.translate(_SPELT)))
    key = spelt[:_LETTERS].rstrip(_VOWELS)
    return key if len(spelt) >= _FEWEST and len(key) >= _FEWEST - 1 else ""
