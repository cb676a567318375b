"""Where a page's headline is: what is near it is the article's, what holds it is not a furniture."""

from __future__ import annotations

from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extract.page.walk import Walk
from crawler.extract.text import fold, one_line

BESIDE, NEAR, FAR, ABOVE = 12, 60, 250, 20  # elements from the headline
HEADINGS, HEADLINE_LIMIT, SHORTEST_HEADLINE = 12, 300, 8
TAGS = ("h1", "h2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The places of the headline among the elements of a page, and the elements that hold it.

    `known` says that it is the page's own: the title element says it too, or there is only one.
    """

    known: bool
    places: tuple[int, ...]
    holders: frozenset[HtmlElement]

    def distance(self, position: int) -> int | None:
        """How many elements behind the nearest headline before it; negative before the first one."""
        before = [place for place in self.places if place <= position]
        if before:
            return position - before[-1]
        return position - self.places[0] if self.places else None

    def is_near(self, position: int) -> bool:
        """Whether a place is right behind the headline of the page."""
        distance = self.distance(position)
        return self.known and distance is not None and 0 <= distance <= NEAR


def find_headline(walk: Walk, title: str) -> Headline:
    """The headline among a page's elements, by what its title element says."""
    headings = [(place, walk.elements[place]) for place, tag in enumerate(walk.tags) if tag in TAGS]
    firsts = [one for one in headings if one[1].tag == "h1"]
    wanted = fold(title)
    named = [one for one in headings[:HEADINGS] if _is_titled(one[1], wanted)]
    chosen = [one for one in named if one[1].tag == "h1"] or named[:1]
    known = bool(chosen) or len(firsts) == 1
    holding = chosen or (firsts if known else [])
    return Headline(
        known=known,
        places=tuple(place for place, _ in chosen or firsts),
        holders=frozenset(holder for _, element in holding for holder in element.iterancestors()),
    )


def _is_titled(element: HtmlElement, title: str) -> bool:
    text = fold(one_line("".join(element.itertext()), HEADLINE_LIMIT))
    return len(text) >= SHORTEST_HEADLINE and text in title
