"""How much a crawl may fetch: the limit's pages are the best of all sites, the budget is minutes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from crawler.spiders.bounds import Bounds
from index.errors import UsageError


class Scores:
    """Scores that wait, by site, as the frontier has them."""

    def __init__(self, **scores: list[float]) -> None:
        self._scores = scores

    def best(self, site: str) -> float | None:
        return max(self._scores[site], default=None)

    def cutoff(self, sites: Iterable[str], number: int) -> float | None:
        ranked = sorted((one for site in sites for one in self._scores[site]), reverse=True)
        return ranked[number - 1] if len(ranked) >= number else None


def test_a_limit_leaves_room_for_so_many_pages() -> None:
    bounds = Bounds.parse(limit="2", budget=0)
    bounds.spend()
    assert bounds.room == 1
    bounds.spend()
    assert not bounds.allow("a", Scores(a=[9.0]), lambda: ["a"])


def test_a_limit_is_for_the_best_pages_of_all_sites() -> None:
    scores = Scores(a=[5.0, 4.0], b=[1.0])
    bounds = Bounds(limit=2)
    assert bounds.allow("a", scores, lambda: ["a", "b"])
    assert not bounds.allow("b", scores, lambda: ["a", "b"])


def test_what_is_among_the_best_is_found_anew_when_it_is_asked_for() -> None:
    scores = Scores(a=[5.0], b=[1.0])
    bounds = Bounds(limit=1)
    assert not bounds.allow("b", scores, lambda: ["a", "b"])
    bounds.renew()
    assert bounds.allow("b", scores, lambda: ["b"])


def test_without_a_limit_every_page_may_be_fetched() -> None:
    bounds = Bounds()
    bounds.spend()
    assert bounds.allow("a", Scores(a=[]), list)
    assert bounds.room > 10**9


def test_a_budget_is_over_after_its_minutes() -> None:
    now = [100.0]
    bounds = Bounds(minutes=2, clock=lambda: now[0])
    assert bounds.seconds_left == 120
    now[0] += 120.1
    assert bounds.is_out_of_time
    assert bounds.seconds_left == 0


@pytest.mark.parametrize("text", ["ten", "-1", "inf", "nan"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=f"limit={text}"):
        Bounds.parse(limit=text, budget=0)
