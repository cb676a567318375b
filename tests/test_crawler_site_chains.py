"""One request under way a site, and none at a site that may not be asked."""

from __future__ import annotations

from collections import deque

from crawler.spiders.site_chains import SiteChains


def chains_of(*, closed: str = "", **waiting: list[str]) -> SiteChains[str]:
    queues = {site: deque(pages) for site, pages in waiting.items()}
    return SiteChains(
        may_ask=lambda site: site != closed,
        next_request=lambda site: queues[site].popleft() if queues[site] else None,
    )


def test_a_site_s_next_request_is_made_when_the_one_before_it_was_answered() -> None:
    chains = chains_of(a=["a1", "a2"])
    assert [*chains.go_on("a"), *chains.go_on("a")] == ["a1"]
    chains.ended("a")
    assert [*chains.go_on("a")] == ["a2"]


def test_a_slow_site_holds_up_nobody() -> None:
    chains = chains_of(a=["a1"], b=["b1", "b2"])
    made = [*chains.go_on("a"), *chains.go_on("b")]
    chains.ended("b")
    assert [*made, *chains.go_on("b")] == ["a1", "b1", "b2"]


def test_a_site_that_had_nothing_is_asked_again_when_it_has() -> None:
    chains = chains_of(a=[])
    assert [*chains.go_on("a")] == [*chains.go_on("a")] == []


def test_a_site_that_may_not_be_asked_keeps_what_waits() -> None:
    assert [*chains_of(closed="a", a=["a1"]).go_on("a")] == []
