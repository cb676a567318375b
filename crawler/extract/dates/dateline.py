"""Dates that a reader sees: time elements and datelines, ranked by where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from lxml.html import HtmlElement

from crawler.extract.dates.parse import Moment
from crawler.extract.phrases import phrase_pattern
from crawler.extract.text import one_line, weigh

RAW_LIMIT = 120
LINE_LIMIT, RELATIVE_LIMIT = 160, 40
SHORTEST, SHORTEST_RELATIVE = 6, 2  # characters of a date, and of one told from now: 昨天
CANDIDATE_LIMIT, REPEATED = 200, 3
NEAR, FAR = 60, 250
LONG = 60
LONE_LETTERS = 12  # a date that is all that the element says has no more
# A year, or a date of numbers only: what a dateline must have to be worth a closer look.
ASCII_LIKELY = re.compile(
    r"(?<![0-9])(?:(?:19|20|25)[0-9]{2}(?![0-9])|1[34][0-9]{2}[/-][0-9]{1,2}[/-][0-9])"
    r"|[0-9]{1,2}[./-]\s?[0-9]{1,2}[./-]\s?[0-9]{2}(?![0-9])"
)
OTHER_LIKELY = re.compile(
    r"(?<!\d)(?:(?:19|20|25)\d\d(?!\d)|(?![0-9])\d{4}(?!\d)|1[34]\d\d[/-]\d{1,2}[/-]\d)"
    r"|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}(?!\d)|令和|平成|民國|二[〇零○]"
)
BAR = re.compile(r"\s*[|•·¦]\s*")
HINT = phrase_pattern("date_class")
ELSEWHERE = phrase_pattern("date_elsewhere_class")
ELSEWHERE_TAGS = frozenset(
    {"nav", "footer", "aside", "menu", "select", "option", "figcaption", "blockquote"}
)
UPDATED = phrase_pattern("updated")
PUBLISHED = phrase_pattern("published")
EVENT = re.compile(
    r"©|copyright|born|since|founded|all rights|expires?|deadline|\bbis\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """A visible date: its role, the text, what it was read as, and how much speaks for it.

    `like` is the tag and class of its element: three days under one `like` are a list's.
    """

    role: Literal["published", "updated"]
    raw: str
    moment: Moment
    score: float
    like: str


def find_datelines(tree: HtmlElement, read: Callable[[str], Moment | None]) -> list[Dateline]:
    """The page's visible dates, the likeliest first, as `read` makes them of their texts."""
    found = list(_candidates(tree, read))
    days: dict[str, set[date]] = {}
    for one in found:
        days.setdefault(one.like, set()).add(one.moment.day)
    return sorted(
        found, key=lambda one: -one.score + (2.0 if len(days[one.like]) >= REPEATED else 0.0)
    )


def _candidates(tree: HtmlElement, read: Callable[[str], Moment | None]) -> Iterator[Dateline]:
    seen, heading = 0, None
    for position, element in enumerate(tree.iter()):
        if element.tag == "h1":
            heading = position
        if _is_blank(element.text) and _is_blank(element.tail) and element.tag != "time":
            continue
        for raw in _texts(element):
            moment = read(raw)
            if moment is None:
                continue
            seen += 1
            distance = None if heading is None else position - heading
            score = _score(element, raw, moment, distance) - seen / 1000
            role: Literal["published", "updated"] = (
                "updated" if _is_update(element, raw) else "published"
            )
            yield Dateline(
                role=role,
                raw=raw,
                moment=moment,
                score=score,
                like=f"{element.tag} {element.get('class')}",
            )
            if seen >= CANDIDATE_LIMIT:
                return


def _texts(element: HtmlElement) -> Iterator[str]:
    """The short texts of an element that may be dates: its attribute, its own text, its tail."""
    if element.tag == "time" and element.get("datetime"):
        yield one_line(element.get("datetime"), RAW_LIMIT)
        return
    for text in (element.text, element.tail):
        if not text or len(text) >= 4 * LINE_LIMIT or text.isspace():
            continue
        is_likely = _is_likely(text)
        if is_likely or _is_relative(element, text):
            line = one_line(text, LINE_LIMIT + 1)
            if (SHORTEST if is_likely else SHORTEST_RELATIVE) <= len(line) <= LINE_LIMIT:
                yield from (part[:RAW_LIMIT] for part in _parts(line))


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def _is_likely(text: str) -> bool:
    """Whether a text may hold a date; most of a page's texts do not, and are asked quickly."""
    return (ASCII_LIKELY if text.isascii() else OTHER_LIKELY).search(text) is not None


def _parts(line: str) -> list[str]:
    """A line that dates both publication and update, apart; any other line whole."""
    parts = [part for part in BAR.split(line) if _is_likely(part)]
    if len(parts) > 1:
        return parts
    for label in (UPDATED, PUBLISHED):
        for match in label.finditer(line):
            halves = [line[: match.start()], line[match.start() :]]
            if all(map(_is_likely, halves)):
                return halves
    return [line]


def _is_relative(element: HtmlElement, text: str) -> bool:
    """Whether a text may be `2 hours ago`: very short, in an element that is named after time."""
    return (
        len(text) <= RELATIVE_LIMIT
        and (element.tag == "time" or bool(_is_hint(_label(element))))
        and not text.isspace()
    )


def _score(element: HtmlElement, raw: str, moment: Moment, distance: int | None) -> float:
    score = 0.0
    if element.tag == "time":
        score += 3
    around = [element, *_ancestors(element, 3)]
    if any(_is_hint(_label(one)) for one in around[:3]):
        score += 2
    if PUBLISHED.search(raw):
        score += 3
    if moment.precision in ("second", "minute"):
        score += 1
    if distance is not None:
        score += 2 if distance <= NEAR else 1 if distance <= FAR else 0
    if weigh(raw) > LONG:
        score -= 2
    elif sum(map(str.isalpha, raw)) <= LONE_LETTERS:
        score += 1
    if element.tag in ("h1", "title"):
        score -= 2
    if EVENT.search(raw):
        score -= 4
    if any(
        one.tag in ELSEWHERE_TAGS or _is_elsewhere(_label(one))
        for one in [element, *_ancestors(element, 12)]
    ):
        score -= 4
    if any(one.tag in ("a", "li") for one in around[:3]):
        score -= 1.5
    return score


def _is_update(element: HtmlElement, raw: str) -> bool:
    context = f"{raw} {_label(element)}"
    return bool(UPDATED.search(context)) and not PUBLISHED.search(raw)


@lru_cache(maxsize=8192)
def _is_hint(label: str) -> bool:
    return HINT.search(label) is not None


@lru_cache(maxsize=8192)
def _is_elsewhere(label: str) -> bool:
    return ELSEWHERE.search(label) is not None


def _label(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:200]


def _ancestors(element: HtmlElement, count: int) -> list[HtmlElement]:
    found: list[HtmlElement] = []
    for ancestor in element.iterancestors():
        if len(found) >= count or ancestor.tag in ("body", "html"):
            break
        found.append(ancestor)
    return found
