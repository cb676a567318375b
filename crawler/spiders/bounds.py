"""How much a crawl may fetch: a limit of pages, which are the best of all sites, and a budget of time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from typing import Protocol, Self

from index.errors import UsageError


class _Scores(Protocol):
    """What is asked of the frontier."""

    def best(self, site: str) -> float | None: ...

    def cutoff(self, sites: Iterable[str], count: int) -> float | None: ...


class Bounds:
    """A limit in pages and a budget in minutes; 0 for none. `clock` gives seconds.

    Until its end a limited crawl holds every site to one cutoff: the least score among the best
    pages of all sites, as many as may still be fetched. `renew` has it found again.
    """

    def __init__(
        self, *, limit: int = 0, minutes: float = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.is_limited = limit > 0
        self._left = limit
        self._clock = clock
        self._deadline = clock() + minutes * 60 if minutes else float("inf")
        self._cutoff: float | None = None

    @classmethod
    def parse(cls, *, limit: int | str, budget: float | str) -> Self:
        """The bounds of `scrapy crawl -a limit=… -a budget=…`; raises `UsageError`."""
        return cls(limit=int(_number("limit", limit)), minutes=_number("budget", budget))

    @property
    def room(self) -> int:
        """How many pages the limit still leaves; more than there can be without one."""
        return self._left if self.is_limited else sys.maxsize

    @property
    def seconds_left(self) -> float:
        """What is left of the budget; infinite without one."""
        return max(0.0, self._deadline - self._clock())

    @property
    def is_out_of_time(self) -> bool:
        """Whether the budget is spent."""
        return self._clock() > self._deadline

    def allow(self, site: str, frontier: _Scores, sites: Callable[[], Iterable[str]]) -> bool:
        """Whether a site's best page may be fetched; `sites` are those that are asked in this crawl."""
        if not self.is_limited:
            return True
        if self._left == 0:
            return False
        if self._cutoff is None:
            cutoff = frontier.cutoff(sites(), self._left)
            self._cutoff = float("-inf") if cutoff is None else cutoff
        best = frontier.best(site)
        return best is not None and best >= self._cutoff

    def spend(self) -> None:
        """A page is asked for."""
        self._left -= self.is_limited

    def renew(self) -> None:
        """Pages came or went: what is among the best has to be found again."""
        self._cutoff = None


def _number(name: str, text: float | str) -> float:
    """An argument of `scrapy crawl -a`; raises `UsageError`."""
    try:
        number = float(text)
    except ValueError as error:
        raise UsageError(f"{name}={text}: not a number") from error
    if not 0 <= number < float("inf"):
        raise UsageError(f"{name}={text}: must be 0 or more")
    return number
