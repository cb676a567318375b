"""Where words are in a text: most are in one place only, and need no list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Places:
    """Positions by word, counted up: the `first` one of each, and all of a word that has `more`."""

    first: dict[str, int] = field(default_factory=dict)
    more: dict[str, list[int]] = field(default_factory=dict)

    def add(self, words: Iterable[str], start: int) -> None:
        """Add words that stand one after the other, behind all that are known."""
        note, more = self.first.setdefault, self.more
        for position, word in enumerate(words, start):
            first = note(word, position)
            if first == position:
                continue
            if word in more:
                more[word].append(position)
            else:
                more[word] = [first, position]
