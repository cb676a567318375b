"""Where an outlet's pages show their authors: elements told by tag and class, `span.author`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.page import element_text
from crawler.extract.text import fold

LINE_LIMIT = 160
ELEMENTS = 20_000
PLACES = 6
MAX_CLASS = 60


def byline_texts(tree: HtmlElement, places: Collection[str]) -> list[str]:
    """The texts of the elements at these places, in page order; of one inside another only the outer."""
    wanted = frozenset(place.lower() for place in places)
    found: list[str] = []
    taken: set[HtmlElement] = set()
    for element in islice(tree.iter(), ELEMENTS):
        if wanted.isdisjoint(_places(element)) or any(
            one in taken for one in islice(element.iterancestors(), 10)
        ):
            continue
        taken.add(element)
        if text := element_text(element, LINE_LIMIT, joint=" "):
            found.append(text)
        if len(found) >= PLACES:
            break
    return found


def places_of(tree: HtmlElement, names: Sequence[str]) -> tuple[str, ...]:
    """The places where one of the names stands alone, or with at most four words before it."""
    wanted = [fold(name) for name in names]
    found: dict[str, None] = {}
    for element in islice(tree.iter(), ELEMENTS):
        if not isinstance(element.tag, str) or not element.get("class"):
            continue
        text = fold(element_text(element, LINE_LIMIT, joint=" "))
        for name in wanted:
            head, there, tail = text.partition(name)
            if there and not tail.strip() and len(head.split()) <= 4:
                found.update(dict.fromkeys(place for place in _places(element) if place[0] != "."))
        if len(found) >= PLACES:
            break
    return tuple(found)[:PLACES]


def _places(element: HtmlElement) -> Iterator[str]:
    if not isinstance(element.tag, str):
        return
    for name in (element.get("class") or "")[:300].lower().split()[:4]:
        if len(name) <= MAX_CLASS and "." not in name:
            yield f"{element.tag}.{name}"
            yield f".{name}"
