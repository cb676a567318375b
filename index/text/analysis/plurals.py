"""Plurals that Snowball's stemmers part from their singular, brought back to it before they stem.

Snowball takes the -er of `dossier` for a verb's and leaves it on `dossiers`; it has no rule for Spanish
`luz`, `luces`, for Italian `lago`, `laghi`, nor for most Portuguese plurals. The Portuguese rules are the
first step of RSLP (Orengo and Huyck 2001, "A Stemming Algorithm for the Portuguese Language").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_Rule = tuple[re.Pattern[str], str]


def singular(word: str, language: str) -> str:
    """The word, in small letters, or its singular where a rule of the language gives one."""
    if not word.endswith(_LAST_LETTERS.get(language, ())):
        return word
    for pattern, ending in _RULES[language]:
        shorter, changed = pattern.subn(ending, word)
        if changed:
            return shorter
    return word


def _rules(*pairs: tuple[str, str]) -> Sequence[_Rule]:
    """Endings, as patterns, of words that keep two letters before them."""
    return [(re.compile(rf"(?<=\w\w){ending}$"), instead) for ending, instead in pairs]


_RULES = {
    "es": _rules(("ces", "z"), ("dades", "dad")),
    "fr": _rules(("ers", "er")),
    "it": _rules(("chi", "ci"), ("che", "ce"), ("ghi", "gi"), ("ghe", "ge")),
    "pt": _rules(
        ("[õo]es", "ão"),
        ("[ãa]es", "ão"),
        ("ais", "al"),
        ("veis", "vel"),
        ("éis", "el"),
        ("eis", "il"),
        ("óis", "ol"),
        ("(?<![aeiouáéíóú])is", "il"),
        ("ns", "m"),
    ),
}

# Most words end otherwise and need no rule tried.
_LAST_LETTERS = {"es": ("s",), "fr": ("s",), "it": ("e", "i"), "pt": ("s",)}
