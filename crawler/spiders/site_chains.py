"""One chain of requests a site: the next is made when the one before it was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class SiteChains(Generic[T]):
    """Makes the next request of a site that may be asked and has none under way.

    So a slow site holds up nobody, memory does not grow with the frontier, and a stop loses nothing.
    `may_ask` tells whether a site is asked at all now, `next_request` gives what it is asked for
    next, None for nothing.
    """

    def __init__(
        self, *, may_ask: Callable[[str], bool], next_request: Callable[[str], T | None]
    ) -> None:
        self._may_ask = may_ask
        self._next_request = next_request
        self._under_way: set[str] = set()

    def go_on(self, site: str) -> Iterator[T]:
        """The next request of a site, if there is one to make and none under way."""
        if site in self._under_way or not self._may_ask(site):
            return
        request = self._next_request(site)
        if request is not None:
            self._under_way.add(site)
            yield request

    def is_under_way(self, site: str) -> bool:
        """Whether a site has a request that was not answered yet."""
        return site in self._under_way

    def ended(self, site: str) -> None:
        """The request that was under way at a site has its answer, or failed."""
        self._under_way.discard(site)
