"""Words as they are written → what the index keeps of each, remembered word by word.

A word has an exact token, and a root in its language. The usual root of a token is the one of the token
itself; a word's own root may be another, since roots are read before accents are folded away: now and
then two words with two roots have one token (`employé`, `employe`). Such a word is odd.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from index.text.analysis import fold, is_capitals, pair_run
from index.text.analysis.places import Places
from index.text.analysis.stemming import stems_of
from index.text.analysis.words import holds_paired_script, is_run, split_paired, split_spaced

CACHED_FORMS = 100_000


class Forms(dict[str, str]):
    """Word as written → exact token, of one language, filled as words are met.

    `roots` has the usual roots (`language:root`) of the tokens that are not their own root, `odd` the
    own roots of the odd words, `capitals` the tokens of words that are written in capitals.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self.roots: dict[str, str] = {}
        self.odd: dict[str, str] = {}
        self.capitals: dict[str, str] = {}
        self._language = language
        self._stems = stems_of(language)

    def __missing__(self, word: str) -> str:
        self[word] = token = fold(word)
        if is_capitals(word):
            self.capitals[word] = token
        if self._stems is not None:
            self._note_roots(word, token, self._stems.read)
        return token

    def read(self, text: str, start: int, tokens: Places, odd: dict[str, list[int]]) -> list[str]:
        """The tokens of a zone that begins at position `start`, added to those before it.

        `odd` takes the places of odd words and of those in capitals.
        """
        if holds_paired_script(text):
            words, found = self._read_paired(text)
        else:
            words = split_spaced(text)
            found = list(map(self.__getitem__, words))
        tokens.add(found, start)
        if self.odd or self.capitals:
            own, capitals = self.odd, self.capitals
            for position, word in enumerate(words, start):
                if word in own or word in capitals:
                    odd.setdefault(word, []).append(position)
        return found

    def forget(self) -> None:
        """Forget everything when there is too much of it; not amidst an article, whose words it has."""
        if len(self) >= CACHED_FORMS:
            self.clear()
            self.roots.clear()
            self.odd.clear()
            self.capitals.clear()

    def _read_paired(self, text: str) -> tuple[list[str], list[str]]:
        """Words, and in place of each run its pairs, which are their own tokens; and all tokens."""
        words: list[str] = []
        tokens: list[str] = []
        for word in split_paired(text):
            if is_run(word):
                pairs = pair_run(word)
                words += pairs
                tokens += pairs
            else:
                words.append(word)
                tokens.append(self[word])
        return words, tokens

    def _note_roots(self, word: str, token: str, read: Callable[[str], str]) -> None:
        usual = read(token)
        if usual != token:
            self.roots[token] = f"{self._language}:{usual}"
        if word == token or (word.isascii() and word.isalpha()):
            return  # it is stemmed as the token is
        own = read(word)
        if own != usual:
            self.odd[word] = f"{self._language}:{own}"


@cache
def forms_of(language: str) -> Forms:
    """The forms of a language (ISO 639-1, may be empty or unknown)."""
    return Forms(language)
