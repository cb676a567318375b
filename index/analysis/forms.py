"""Words as they are written → what the index keeps of each, remembered word by word.

An article has half as many different words as words: what can be asked of a word once is asked here.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from index.analysis import fold
from index.analysis.stemming import CACHED_WORDS, stems_of
from index.analysis.words import is_run


class Form(NamedTuple):
    """A word as it is written: its exact token and its root.

    `root` is the usual one of the token, empty where it is the token itself. `odd` is the word's own
    root where that is another: roots are read before accents are folded away, so that now and then two
    words with two roots have one token (`employé`, `employe`).
    """

    token: str
    root: str
    odd: str


class Forms(dict[str, Form]):
    """The forms of one language, filled as words are met, emptied when too many."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._stems = stems_of(language)

    def __missing__(self, word: str) -> Form:
        if len(self) >= CACHED_WORDS:
            self.clear()
        self[word] = form = self._read(word)
        return form

    def _read(self, word: str) -> Form:
        if is_run(word):
            return Form(word, "", "")  # a pair, as `split_forms` gives it
        token = fold(word)
        if self._stems is None:
            return Form(token, "", "")
        usual, own = self._stems[token], self._stems[word]
        is_itself = usual.partition(":")[2] == token
        return Form(token, "" if is_itself else usual, "" if own == usual else own)


@cache
def forms_of(language: str) -> Forms:
    """The forms of a language (ISO 639-1, may be empty or unknown)."""
    return Forms(language)
