"""Visible bylines: the elements near the headline that say who wrote the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.authors.names import (
    PREFIX,
    RAW_LIMIT,
    STARTS,
    is_button,
    is_full_name,
    is_name,
    split_names,
)
from crawler.extract.headline import ABOVE, FAR, NEAR, Headline
from crawler.extract.page import element_text
from crawler.extract.page.walk import Walk
from crawler.extract.phrases import phrase_finder, phrase_pattern
from crawler.extract.text import is_unspaced

TAGS = frozenset(
    {
        "a",
        "span",
        "div",
        "p",
        "address",
        "cite",
        "li",
        "em",
        "i",
        "strong",
        "b",
        "h2",
        "h3",
        "h4",
        "h5",
        "td",
        "small",
        "font",
        "section",
        "header",
    }
)
MARKED = phrase_finder("byline_class")
ELSEWHERE = phrase_pattern("byline_elsewhere_class")
ELSEWHERE_TAGS = frozenset({"nav", "footer", "aside", "figure", "figcaption", "blockquote"})
ADDRESS = phrase_pattern("author_address")
BIOGRAPHY = ".//*[@itemprop='description']"
LEVELS = 9
LINE_LIMIT, HAN_LINE = 160, 30
SPACE = " \t\r\n\xa0(-–—•|/"
ENOUGH, REPEATED = 0.9, 3
HAN_NAME = r"[\u4e00-\u9fff]{2,4}"
HAN_NAMES = rf"({HAN_NAME}(?:[ 　、,，]+{HAN_NAME}){{0,4}})"
HAN_OFFICE = (
    r"(?:本报|本報|晚报|日报)?(?:见习|实习|首席|特约|特派)?(?:记者|記者|实习生|通讯员|撰文)"
)
HAN = re.compile(
    rf"{HAN_OFFICE}(?:\s*[:：/／]\s*|\s+){HAN_NAMES}(?![\u4e00-\u9fff:：])"
    rf"|{HAN_OFFICE}{HAN_NAMES}(?=[/／）)】\]]|报道|報道|发自|摄|$)"
    rf"|(?:作者|文)\s*[/／:：]\s*{HAN_NAMES}(?![\u4e00-\u9fff:：])"
)
HAN_SHORT = r"[\u4e00-\u9fff]{2,3}"
HAN_CLOSING = re.compile(
    rf"[（(【\[]\s*(?:记者|記者)?\s*({HAN_SHORT}(?:[ 　、]+{HAN_SHORT}){{0,3}})\s*[）)】\]]\s*$"
)
HANGUL = re.compile(r"([가-힣]{2,4})\s*(?:기자|특파원)(?:[\s=@(]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """An element that may name the authors, its place in the page, and how much speaks for it.

    `aside` says that it is in what belongs to other pages.
    """

    element: HtmlElement
    position: int
    score: float
    aside: bool


def find_authors(walk: Walk, headline: Headline) -> list[str]:
    """Names in the likeliest byline of a page and in those beside it; [] for none."""
    found = _demoted(list(_candidates(walk, headline)))
    found.sort(key=lambda byline: -byline.score)
    for best in found:
        if best.score < ENOUGH:
            break
        group = [one for one in found if one.score >= best.score - 1 and _beside(one, best)]
        texts = [
            text
            for one in sorted(group, key=lambda one: one.position)
            for text in _texts(one.element)
        ]
        if names := split_names(texts):
            return names
    return []


def _demoted(found: Sequence[Byline]) -> list[Byline]:
    """The candidates, marked down where their like is in three or more places of the page.

    These are the bylines of a list of other articles; several authors of one stand side by side.
    """
    names: dict[tuple[object, object], set[str]] = {}
    parents: dict[tuple[object, object], set[object]] = {}
    for one in found:
        names.setdefault(_like(one), set()).add(element_text(one.element, LINE_LIMIT, joint=" "))
        parents.setdefault(_like(one), set()).add(one.element.getparent())
    return [
        replace(
            one, score=one.score + _like_score(len(names[_like(one)]), len(parents[_like(one)]))
        )
        for one in found
    ]


def _like_score(names: int, parents: int) -> float:
    if names >= REPEATED and parents >= REPEATED:
        return -2.0
    return 1.5 if names > 1 and parents == 1 else 0.0


def _like(one: Byline) -> tuple[object, object]:
    """Tag and first class: what the bylines of one list have in common."""
    return one.element.tag, (one.element.get("class") or "").partition(" ")[0]


def _beside(one: Byline, best: Byline) -> bool:
    mine, other = one.element.getparent(), best.element.getparent()
    if one.aside is not best.aside:
        return False
    return (
        one is best
        or mine is other
        or (
            mine is not None
            and other is not None
            and mine.getparent() is other.getparent()
            and abs(one.position - best.position) < 12
        )
    )


def _texts(element: HtmlElement) -> list[str]:
    """The links of a byline that are names, or else its whole text."""
    links = [element_text(link, RAW_LIMIT, joint=" ") for link in element.iter("a")]
    if len(links) > 1 and all(map(is_button, links)):
        return []
    named = [text for text in links if is_name(text)]
    return (
        named
        if len(named) > 1 or (named and any(map(is_button, links)))
        else [element_text(element, RAW_LIMIT, joint=" ")]
    )


def _candidates(walk: Walk, headline: Headline) -> Iterator[Byline]:
    for position, tag in enumerate(walk.tags):
        if tag in TAGS and (score := _own_score(walk, position)):
            element = walk.elements[position]
            aside = _is_in_furniture(element, headline)
            score += (
                _place_score(position, headline)
                - (2.0 if headline.is_near(position) else 3.2) * aside
            )
            yield Byline(element=element, position=position, score=score, aside=aside)


def _own_score(walk: Walk, position: int) -> float:
    element, name, ident = walk.elements[position], walk.classes[position], walk.ids[position]
    is_link = walk.tags[position] == "a"
    marked = bool((name and _is_marked(name)) or (ident and _is_marked(ident)))
    exact = "author" in walk.properties[position] or element.get("rel") == "author"
    written = not is_link and _is_written(element, walk.texts[position])
    linked = is_link and _is_authors(element.get("href") or "")
    if not (exact or marked or written or linked):
        return 0.0
    if exact and element.find(BIOGRAPHY) is not None:
        return 0.0
    text = element_text(element, LINE_LIMIT + 1, joint=" ")
    if not 2 <= len(text) <= LINE_LIMIT or (
        written and not (exact or marked) and not _names_somebody(text)
    ):
        return 0.0
    linked = linked and is_full_name(text) and is_name(text)
    return 2.0 * exact + 1.0 * marked + 2.0 * written + 1.0 * linked - 0.5 * (len(text) > 80)


@lru_cache(maxsize=8192)
def _is_authors(address: str) -> bool:
    """Whether an address is that of an author's own page: `/authors/ana-ruiz`."""
    return ADDRESS.search(address[:300]) is not None


@lru_cache(maxsize=8192)
def _is_marked(label: str) -> bool:
    return MARKED(label[:200])


@lru_cache(maxsize=8192)
def _is_elsewhere(label: str) -> bool:
    return ELSEWHERE.search(label) is not None


def _is_written(element: HtmlElement, text: str) -> bool:
    """Whether the element's own text begins with `By` and goes on, in it or in its children."""
    if not text:
        return False
    own = text[:LINE_LIMIT].strip(SPACE)
    if not (own[:2].lower() in STARTS or own[:1] in STARTS) or not PREFIX.match(own + " "):
        return False
    return len(element) > 0 or PREFIX.match(own) is not None


def _names_somebody(text: str) -> bool:
    """An unmarked `By …` must go on with a name of two words or more, not with `the way`."""
    if is_unspaced(text) and len(text) > HAN_LINE:
        return False
    rest = PREFIX.sub("", text).strip()
    return (
        bool(rest)
        and not rest[0].islower()
        and any(len(name.split()) > 1 or not name.isascii() for name in split_names([text]))
    )


def _place_score(position: int, headline: Headline) -> float:
    score, distance = 0.0, headline.distance(position)
    if distance is not None and distance >= 0:
        score += 2.0 if distance <= NEAR else 1.0 if distance <= FAR else 0.0
    elif distance is not None and headline.known and distance >= -ABOVE:
        score += 1.0
    return score - position / 100_000


def _is_in_furniture(element: HtmlElement, headline: Headline) -> bool:
    """Whether an element is below one that belongs to something else, and not to the headline too."""
    for holder in (element, *islice(element.iterancestors(), LEVELS)):
        if holder in headline.holders or holder.tag in ("body", "html", "main"):
            return False
        if holder.tag in ELSEWHERE_TAGS or _is_elsewhere(
            f"{holder.get('class') or ''} {holder.get('id') or ''}"[:200]
        ):
            return True
    return False


def find_signature(lines: Sequence[str]) -> list[str]:
    """Names that Chinese and Korean papers put into the first or last lines."""
    for line in [*lines[:3], *lines[-4:]]:
        if match := HAN.search(line):
            return split_names(
                [(match[1] or match[2] or match[3]).replace(" ", "、").replace("　", "、")]
            )
        if match := HANGUL.search(line):
            return [match[1]]
    if lines and (match := HAN_CLOSING.search(lines[-1])):
        return split_names([match[1].replace(" ", "、").replace("　", "、")])
    return []
