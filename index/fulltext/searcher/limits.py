"""How far one search may go: some seconds of its own work, and so many words behind one wildcard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from time import thread_time

from index.errors import UsageError

MAX_EXPANSIONS = 1000
"""Words of the corpus that one wildcard or typo may stand for."""


class Limits:
    """The limits of one search, which begins now; every check raises `UsageError`.

    Time is the processor time of this thread: a busy machine, or a clock that is set, ends no search.
    Once the matches are known it counts no more: whoever reads them reads all, however slowly.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = thread_time() + seconds
        self._words: defaultdict[str, set[str]] = defaultdict(set)

    def check_time(self) -> None:
        """Raise when the time is over."""
        if thread_time() > self._end:
            raise UsageError(
                f"the search took more than {self._seconds:g} seconds of processor time",
                hint="make it narrower: a date, an outlet, longer words before *",
            )

    def matched(self) -> None:
        """The matches are known: no more limit of time."""
        self._end = float("inf")

    def check_words(self, pattern: str, words: Iterable[str]) -> None:
        """Raise when a pattern stands for too many words, in all segments together."""
        self._words[pattern].update(words)
        if len(self._words[pattern]) > MAX_EXPANSIONS:
            raise UsageError(
                f"{pattern} stands for more than {MAX_EXPANSIONS:,} words of the corpus",
                hint="give more letters",
            )
