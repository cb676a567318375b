"""Where an outlet's pages show their authors: elements told by tag and class, `span.author`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.page import element_text
from crawler.extract.page.walk import Walk
from crawler.extract.text import fold

LINE_LIMIT = 160
ELEMENTS = 20_000
PLACES = 6
MOST = 4  # elements of one kind in a page; more are those of a list
MAX_CLASS = 60
WORDS_BEFORE = 4
ABOVE = 3


def byline_texts(tree: HtmlElement, places: Collection[str]) -> list[str]:
    """The texts of the elements at these places, in page order; of one inside another only the outer.

    None of a place that has more than four: it is a list's.
    """
    wanted = frozenset(place.lower() for place in places)
    found: list[tuple[HtmlElement, frozenset[str]]] = []
    taken: set[HtmlElement] = set()
    for element in islice(tree.iter(), ELEMENTS):
        here = wanted.intersection(_places(element))
        if here and not any(one in taken for one in islice(element.iterancestors(), 10)):
            taken.add(element)
            found.append((element, here))
    count = Counter(place for _, here in found for place in here)
    single = [one for one, here in found if all(count[place] <= MOST for place in here)]
    texts = (element_text(one, LINE_LIMIT, joint=" ") for one in single[:PLACES])
    return list(filter(None, texts))


def places_of(walk: Walk, names: Sequence[str]) -> tuple[str, ...]:
    """The places where one of the names stands alone, or with at most four words before it."""
    wanted = [(fold(name), name.split()[-1].casefold()) for name in names if name.strip()]
    found: dict[str, None] = {}
    for position, text in enumerate(islice(walk.texts, ELEMENTS if wanted else 0)):
        if not text or len(text) > LINE_LIMIT:
            continue
        lower = text.casefold()
        for name, last in wanted:
            if last in lower and _ends_with(fold(text), name):
                found.update(dict.fromkeys(_around(walk.elements[position], name)))
        if len(found) >= PLACES:
            break
    if not found:
        return ()
    named = Counter(islice(zip(walk.tags, walk.classes, strict=True), ELEMENTS))
    count: Counter[str] = Counter()
    for (tag, label), times in named.items():
        for one in _places_of(tag, label):
            count[one] += times
    return tuple(place for place in found if count[place] <= MOST)[:PLACES]


def _around(element: HtmlElement, name: str) -> Iterator[str]:
    """The places of an element and of those around it that hold nothing else."""
    for one in (element, *islice(element.iterancestors(), ABOVE)):
        if not _ends_with(fold(element_text(one, LINE_LIMIT, joint=" ")), name):
            return
        yield from (place for place in _places(one) if not place.startswith("."))


def _ends_with(text: str, name: str) -> bool:
    head, there, tail = text.partition(name)
    return bool(there) and not tail.strip() and len(head.split()) <= WORDS_BEFORE


def _places(element: HtmlElement) -> Iterator[str]:
    return _places_of(str(element.tag), element.get("class") or "")


def _places_of(tag: str, label: str) -> Iterator[str]:
    for name in label[:300].lower().split()[:4]:
        if len(name) <= MAX_CLASS and "." not in name:
            yield f"{tag}.{name}"
            yield f".{name}"
