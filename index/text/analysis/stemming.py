"""Snowball stems by language, remembered word by word."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from index.text.analysis.letters import fold, strip_clitics
from index.text.analysis.plurals import singular

CACHED_WORDS = 50_000

STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_PLURAL_NAME = re.compile(r"(.*\d)s")


class Stems(dict[str, str]):
    """Word as written → `language:stem`, filled as words are met, emptied when too large."""

    def __init__(self, language: str) -> None:
        # Loading the library costs 5 ms, which a query without words need not pay.
        from Stemmer import Stemmer

        super().__init__()
        self._language = language
        # Its own cache takes longer than the stemming does.
        self._stem = Stemmer(STEMMERS[language], 0).stemWord

    def __missing__(self, raw: str) -> str:
        if len(self) >= CACHED_WORDS:
            self.clear()
        self[raw] = stem = f"{self._language}:{self.read(raw)}"
        return stem

    def read(self, raw: str) -> str:
        """The bare stem of a word as it is written, not remembered."""
        if raw.isascii() and raw.isalpha():
            return fold(self._stem(singular(raw.lower(), self._language)))
        folded = fold(raw)
        if any(map(str.isdigit, folded)):
            return _PLURAL_NAME.sub(r"\1", folded)
        word = unicodedata.normalize("NFC", strip_clitics(raw)).lower()
        letters = word if word.isalpha() else "".join(filter(_is_letter, word))
        # Stemmers know their language's accents, so folding comes after.
        return fold(self._stem(singular(letters, self._language))) if letters else folded


@cache
def stems_of(language: str) -> Stems | None:
    """The stems of a language (ISO 639-1); None if there is no stemmer."""
    return Stems(language) if language in STEMMERS else None


def _is_letter(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LM"
