"""What stands where in an article: kicker, standfirst, quotes, captions, credits, notes.

The marks are read from the whole page, before what is beside the article is cut out of it; the
paragraphs that they speak of are then found in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.body.standfirst import SHORTEST, described
from crawler.extract.page import Page, element_text
from crawler.extract.page.linked_data import as_list
from crawler.extract.page.walk import Walk
from crawler.extract.phrases import class_finder, class_pattern
from crawler.extract.text import field_text, squeeze, weigh
from index.article import Aside, TextZone, ZoneKind
from index.text.zones import note_kind

MARK_LIMIT, LINE_LIMIT, QUOTE_LIMIT = 120, 700, 4_000
# Each element named as a mark is looked around; a page that names more is no better known by them.
NAMED_LIMIT, ZONED_LINES = 300, 2_000
KICKER_LIMIT, CREDIT_LIMIT = 80, 200
NEAR = 25  # elements before or after the main heading
LEAD_LINES = 3
QUOTED = 0.6  # the share of a text beyond which a quoted frame is the article itself
TAGS = frozenset({
    "p", "div", "span", "h2", "h3", "h4", "a", "small", "em", "i", "li", "section", "aside", "header",
    "figcaption", "blockquote", "q", "cite", "figure", "h1", "strong", "td", "dd",
})  # fmt: skip
PICTURES = ("img", "picture", "video", "figure")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
ELSEWHERE = class_pattern("mark_elsewhere_class")
CLASSES: tuple[tuple[ZoneKind, Callable[[str], bool]], ...] = (
    ("credit", class_finder("credit_class")),
    ("caption", class_finder("caption_class")),
    ("correction", class_finder("correction_class")),
    ("note", class_finder("note_class")),
    ("lead", class_finder("standfirst_class")),
    ("kicker", class_finder("kicker_class")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A text of the page that its markup says to be of a kind, and its letters and digits alone."""

    kind: ZoneKind
    text: str
    key: str


BEGINNING = 40  # characters by which a text is known to be none of those that are wanted


def read_marks(page: Page) -> tuple[Mark, ...]:
    """The first 120 texts of the page that its markup says to be something else than body."""
    marks: dict[tuple[ZoneKind, str], Mark] = {}
    for kind, text in _marked(page):
        key = squeeze(text)
        if key and len(marks) < MARK_LIMIT:
            marks.setdefault((kind, key), Mark(kind=kind, text=text, key=key))
    return tuple(marks.values())


def find_zones(
    lines: Sequence[str], marks: Sequence[Mark], *, gap: int = 2
) -> tuple[tuple[TextZone, ...], tuple[Aside, ...]]:
    """The zones of a text whose paragraphs stand `gap` characters apart, and what is beside it.

    They are looked for in its first 2,000 paragraphs. A standfirst is among the first three; a
    quote that is most of the text is none.
    """
    kinds = [_kind_of(line, place, marks) for place, line in enumerate(lines[:ZONED_LINES])]
    kinds += [None] * (len(lines) - len(kinds))
    quoted = sum(len(line) for line, kind in zip(lines, kinds, strict=True) if kind == "quote")
    if quoted > QUOTED * sum(map(len, lines)):
        kinds = [None if kind == "quote" else kind for kind in kinds]
    zones, start = [], 0
    for line, kind in zip(lines, kinds, strict=True):
        if kind is not None:
            zones.append(TextZone(kind=kind, start=start, end=start + len(line)))
        start += len(line) + gap
    return tuple(zones), tuple(_asides(marks, squeeze("".join(lines))))


def _asides(marks: Sequence[Mark], text: str) -> Iterator[Aside]:
    """The marked texts that the text lacks, each told once; standfirsts and quotes are not told."""
    told: dict[ZoneKind, str] = {}
    for mark in marks:
        known = told.get(mark.kind, "") + ("" if mark.kind == "kicker" else text)
        if mark.kind not in ("lead", "quote") and mark.key not in known:
            told[mark.kind] = f"{told.get(mark.kind, '')} {mark.key}"
            yield Aside(kind=mark.kind, text=mark.text)


def _kind_of(line: str, place: int, marks: Sequence[Mark]) -> ZoneKind | None:
    key = squeeze(line)
    for mark in marks:
        if mark.kind == "kicker" or (mark.kind == "lead" and place >= LEAD_LINES):
            continue
        if mark.key == key or _is_most_of(key, mark):
            return mark.kind
    return note_kind(line)


def _is_most_of(key: str, mark: Mark) -> bool:
    """Whether the line is a part of a longer mark, or the mark with a few letters more."""
    if len(key) < len(mark.key):
        return (
            mark.kind in ("quote", "caption", "correction", "note")
            and len(key) >= 15
            and key in mark.key
        )
    return len(mark.key) >= 0.8 * len(key) and mark.key in key


def _marked(page: Page) -> Iterator[tuple[ZoneKind, str]]:
    for value in as_list(page.article.get("correction")):
        said = value.get("text") if isinstance(value, dict) else value
        if text := field_text(said, LINE_LIMIT):
            yield "correction", text
    walk = page.walk
    places = [position for position, tag in enumerate(walk.tags) if tag in TAGS]
    heading = next((place for place, one in enumerate(places) if walk.tags[one] == "h1"), None)
    wanted = described(page)
    named = 0
    for place, position in enumerate(places):
        distance = None if heading is None else abs(place - heading)
        kind = _named_kind(walk, position)
        near = wanted and distance is not None and distance <= 2 * NEAR
        if kind is None and not near:
            continue
        element = walk.elements[position]
        named += kind is not None
        fits = kind and named <= NAMED_LIMIT and _fits(element, kind, distance)
        if kind and fits and (text := _text_of(element, kind)):
            yield kind, text
        if near and _says(element, wanted):
            yield "lead", element_text(element, LINE_LIMIT)


def _named_kind(walk: Walk, position: int) -> ZoneKind | None:
    """What tag, class, id or property call an element."""
    tag = walk.tags[position]
    if tag == "figcaption":
        return "caption"
    if tag == "blockquote":
        return "quote"
    named, ident, prop = walk.classes[position], walk.ids[position], walk.properties[position]
    return _class_kind(f"{named} {ident} {prop}"[:300]) if named or ident or prop else None


def _fits(element: HtmlElement, kind: ZoneKind, distance: int | None) -> bool:
    """Whether an element stands where its kind does, and is of this article."""
    if kind in ("kicker", "lead"):
        fits = distance is not None and distance <= NEAR
    elif kind in ("caption", "credit"):
        fits = element.tag == "figcaption" or _has_picture(element)
    else:
        fits = True
    return fits and not _is_elsewhere(element)


@lru_cache(maxsize=8192)
def _class_kind(name: str) -> ZoneKind | None:
    words = CAMEL.sub("-", name).lower()
    return next((kind for kind, finds in CLASSES if finds(words)), None)


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether the element is in a list of other articles, or among readers' words."""
    for one in islice((element, *element.iterancestors()), 8):
        if one.tag in ("nav", "footer", "a"):
            return True
        if one.tag in ("main", "body") or (one.tag == "article" and one.find(".//h1") is not None):
            return False  # what themes call the frame of the article says nothing of a mark
        name = f"{one.get('class') or ''} {one.get('id') or ''}"
        if ELSEWHERE.search(CAMEL.sub("-", name[:300]).lower()):
            return True
    return False


def _has_picture(element: HtmlElement) -> bool:
    """Whether a picture or film is beside the element: many sites style menus as captions."""
    around = islice(element.iterancestors(), 3)
    return any(one.tag == "figure" or next(one.iter(*PICTURES), None) is not None for one in around)


def _text_of(element: HtmlElement, kind: ZoneKind) -> str:
    """The text of a marked element; "" when it is too much or too little for its kind."""
    limit = {"kicker": KICKER_LIMIT, "credit": CREDIT_LIMIT, "quote": QUOTE_LIMIT}.get(
        kind, LINE_LIMIT
    )
    text = element_text(element, limit + 1)
    if len(text) > limit or (kind == "lead" and weigh(text) < SHORTEST):
        return ""
    return text


def _says(element: HtmlElement, wanted: Sequence[str]) -> bool:
    """Whether an element that stands apart from the paragraphs says what the page is about."""
    if not wanted or element.tag not in ("p", "div", "h2", "h3", "span", "strong"):
        return False
    begin = next((text for text in element.itertext() if not text.isspace()), "")
    if not any(key.startswith(squeeze(begin[:BEGINNING])) for key in wanted):
        return False
    parent = element.getparent()
    if parent is None or sum(1 for one in islice(parent, 40) if one.tag == "p") >= 3:
        return False
    return squeeze(element_text(element, LINE_LIMIT)) in wanted
