"""Dates that a reader sees: time elements and datelines, ranked by where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from lxml.html import HtmlElement

from crawler.extract.dates.parse import Moment
from crawler.extract.headline import ABOVE, BESIDE, FAR, NEAR, Headline
from crawler.extract.page.walk import Walk
from crawler.extract.phrases import phrase_finder, phrase_pattern
from crawler.extract.text import one_line, weigh

RAW_LIMIT = 120
LINE_LIMIT, RELATIVE_LIMIT = 160, 40
SHORTEST, SHORTEST_RELATIVE = 6, 2  # characters of a date, and of one told from now: 昨天
CANDIDATE_LIMIT, REPEATED = 200, 3
MOST_PIECES, JOINED_LIMIT = 6, 50  # of a date in elements of their own
LABEL_LEVELS, LABEL_LIMIT = 3, 30  # of a text that says what a date is
TOLD_FROM_NOW = 3.0  # `2 hours ago` is mostly said of other articles, the more so beside a date
WRITTEN = 1.8
LONG = 60
LONE_LETTERS = 12  # a date that is all that the element says has no more
SENTENCE_LETTERS = 35
# A year, or a date of numbers only: what a dateline must have to be worth a closer look.
DIGIT = re.compile("[0-9]")
ASCII_LIKELY = re.compile(
    r"(?<![0-9])(?:(?:19|20|25)[0-9]{2}(?![0-9])|1[34][0-9]{2}[/-][0-9]{1,2}[/-][0-9])"
    r"|[0-9]{1,2}[./-]\s?[0-9]{1,2}[./-]\s?[0-9]{2}(?![0-9])"
)
OTHER_LIKELY = re.compile(
    r"(?<!\d)(?:(?:19|20|25)\d\d(?!\d)|(?![0-9])\d{4}(?!\d)|1[34]\d\d[/-]\d{1,2}[/-]\d)"
    r"|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}(?!\d)|令和|平成|民國|二[〇零○]"
)
BAR = re.compile(r"\s*[|•·¦]\s*")
NAMED_AFTER_TIME = phrase_finder("date_class")
ELSEWHERE = phrase_pattern("date_elsewhere_class")
ELSEWHERE_TAGS = frozenset(
    {"nav", "footer", "aside", "menu", "select", "option", "figcaption", "blockquote"}
)
UPDATED = phrase_pattern("updated")
PUBLISHED = phrase_pattern("published")
EVENT = re.compile(
    r"©|copyright|born|since|founded|all rights|expires?|deadline|\bbis\b", re.IGNORECASE
)
# The days of an event: `9.-11. September`, `March 4 to 6`.
SPAN = re.compile(
    r"\d{1,2}\.?\s?(?:-|–|bis|to|al|au|til)\s?\d{1,2}\.?\s(?:de )?[^\W\d]{3}"
    r"|[^\W\d]{3,9}\.? \d{1,2}\s?(?:-|–|to|through)\s?\d{1,2},? (?:19|20)\d\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """A visible date: its role, the text, what it was read as, and how much speaks for it.

    `like` is the tag and class of its element: three moments under one `like` are a list's. `from_now`
    says that it is written as `2 hours ago`.
    """

    role: Literal["published", "updated"]
    raw: str
    moment: Moment
    score: float
    like: str
    element: HtmlElement
    from_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A text that was read as a date, before it is weighed."""

    element: HtmlElement
    position: int
    raw: str
    moment: Moment
    from_now: bool


def find_datelines(
    walk: Walk, headline: Headline, read: Callable[[str], Moment | None]
) -> list[Dateline]:
    """The visible dates of a page, the likeliest first, as `read` makes them of their texts."""
    seen: list[_Found] = []
    for position, texts in _dated(walk):
        if len(seen) >= CANDIDATE_LIMIT:
            break
        seen += [
            _Found(
                element=walk.elements[position],
                position=position,
                raw=raw,
                moment=moment,
                from_now=not _is_likely(raw),
            )
            for raw in texts
            if (moment := read(raw)) is not None
        ]
    found = [_weighed(one, headline, count) for count, one in enumerate(seen, 1)]
    found = _with_roles(found)
    if any(one.score >= WRITTEN and not one.from_now for one in found):
        found = [
            replace(one, score=one.score - TOLD_FROM_NOW) if one.from_now else one for one in found
        ]
    told: dict[str, set[datetime]] = {}
    for one in found:
        told.setdefault(one.like, set()).add(one.moment.value)
    return sorted(
        found, key=lambda one: -one.score + (2.0 if len(told[one.like]) >= REPEATED else 0.0)
    )


def _weighed(one: _Found, headline: Headline, count: int) -> Dateline:
    element = one.element
    label = _text_before(element)
    return Dateline(
        role="updated" if _is_update(element, one.raw, label) else "published",
        raw=one.raw,
        moment=one.moment,
        score=_score(one, headline, label) - count / 1000,
        like=_like(element),
        element=element,
        from_now=one.from_now,
    )


def _like(element: HtmlElement) -> str:
    """Tag and class, or those of the element around it: what the dates of one list have in common."""
    parent = element.getparent()
    named = element.get("class") or (parent is not None and parent.get("class")) or ""
    return f"{element.tag} {named}"


def _text_before(element: HtmlElement) -> str:
    """The short text right before an element, as `Published:` in an element of its own; "" for none."""
    for _ in range(LABEL_LEVELS):
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None:
            text = previous.tail or ""
            if text.isspace() or not text:
                text = previous.text or "" if isinstance(previous.tag, str) else ""
            return one_line(text, LABEL_LIMIT + 1) if len(text) < 4 * LABEL_LIMIT else ""
        if parent is None:
            return ""
        if not _is_blank(parent.text):
            return one_line(parent.text, LABEL_LIMIT + 1)
        element = parent
    return ""


def _dated(walk: Walk) -> Iterator[tuple[int, list[str]]]:
    """The place of each element with short texts that may be dates, and these texts."""
    columns = zip(walk.elements, walk.tags, walk.texts, walk.tails, walk.labels, strict=True)
    for position, (element, tag, text, tail, label) in enumerate(columns):
        count = len(element)
        if not count and _is_blank(text) and _is_blank(tail):
            continue
        is_time = tag == "time"
        if is_time and (moment := element.get("datetime")):
            yield position, [one_line(moment, RAW_LIMIT)]
            continue
        hinted = is_time or _is_hint(label)
        if hinted and 0 < count <= MOST_PIECES and (joined := _joined(element)):
            yield position, [joined]
        elif texts := [
            *_own_dates(text, hinted=hinted),
            *_own_dates(tail, hinted=hinted),
        ]:
            yield position, texts


def _own_dates(text: str, *, hinted: bool) -> Sequence[str]:
    """What may be dates in a short text, `hinted` if it is in an element that is named after time."""
    if not text or len(text) >= 4 * LINE_LIMIT or text.isspace():
        return ()
    is_likely = _is_likely(text)
    if is_likely or (hinted and len(text) <= RELATIVE_LIMIT):  # `2 hours ago` is very short
        line = one_line(text, LINE_LIMIT + 1)
        if (SHORTEST if is_likely else SHORTEST_RELATIVE) <= len(line) <= LINE_LIMIT:
            return [part[:RAW_LIMIT] for part in _parts(line)]
    return ()


def _joined(element: HtmlElement) -> str:
    """A date whose day, month and year are elements of their own; "" for anything else."""
    pieces = [element.text, *(piece for one in element for piece in (one.text, one.tail))]
    if any(piece and _is_likely(piece) and not piece.strip().isdigit() for piece in pieces):
        return ""
    text = one_line(" ".join(filter(None, pieces)), JOINED_LIMIT + 1)
    return text if len(text) <= JOINED_LIMIT and _is_likely(text) else ""


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def _is_likely(text: str) -> bool:
    """Whether a text may hold a date; most of a page's texts do not, and are asked quickly."""
    if text.isascii():
        return DIGIT.search(text) is not None and ASCII_LIKELY.search(text) is not None
    return OTHER_LIKELY.search(text) is not None


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


def _score(one: _Found, headline: Headline, label: str) -> float:
    element, raw = one.element, one.raw
    chain = [element, *_ancestors(element, 12)]
    near = chain[:3]
    return float(
        _place_score(headline, one.position)
        + 3.0 * (element.tag == "time")
        + 2.0 * any(_is_hint(_label(holder)) for holder in near)
        + 3.0 * (PUBLISHED.search(raw) is not None or _is_labelled(PUBLISHED, label))
        + 1.0 * (one.moment.precision in ("second", "minute"))
        + _length_score(raw)
        - 2.0 * (element.tag in ("h1", "title"))
        - 4.0 * (EVENT.search(raw) is not None or SPAN.search(raw) is not None)
        - _furniture_cost(chain, headline, one.position)
        - 1.5 * any(holder.tag in ("a", "li") for holder in near)
        - TOLD_FROM_NOW * one.from_now
    )


def _length_score(raw: str) -> float:
    letters = sum(map(str.isalpha, raw))
    if weigh(raw) > LONG:
        return -3.0
    return 1.0 if letters <= LONE_LETTERS else -2.0 if letters > SENTENCE_LETTERS else 0.0


def _place_score(headline: Headline, position: int) -> float:
    distance = headline.distance(position)
    if distance is None:
        return 0.0
    if distance < 0:
        return 1.0 if headline.known and distance >= -ABOVE else 0.0
    if distance <= BESIDE:
        return 2.3
    return 2.0 if distance <= NEAR else 1.0 if distance <= FAR else 0.0


def _furniture_cost(chain: Sequence[HtmlElement], headline: Headline, position: int) -> float:
    """What it costs to be below an element that belongs to something else, and not to the headline too.

    Dates and bylines right behind a headline are in an `aside` at times.
    """
    for holder in chain:
        if holder in headline.holders:
            return 0.0
        if _is_elsewhere(_label(holder)):
            return 4.0
        if holder.tag in ELSEWHERE_TAGS:
            return 2.0 if holder.tag == "aside" and headline.is_near(position) else 4.0
    return 0.0


def _with_roles(found: Sequence[Dateline]) -> list[Dateline]:
    """The dates, of which those are publications that only a class calls updates.

    Themes give the class `updated` to the only date of a page; beside a date of publication it is one.
    """
    near = {holder for one in found if one.role == "published" for holder in _holders(one)}
    return [
        replace(one, role="published")
        if one.role == "updated"
        and not UPDATED.search(one.raw)
        and not _is_labelled(UPDATED, _text_before(one.element))
        and not near.intersection(_holders(one))
        else one
        for one in found
    ]


def _holders(one: Dateline) -> list[HtmlElement]:
    return _ancestors(one.element, 2)


def _is_labelled(pattern: re.Pattern[str], label: str) -> bool:
    return _is_short(label) and pattern.search(label) is not None


def _is_short(label: str) -> bool:
    """Whether a text before a date may be its label: not long, and no date itself."""
    return 0 < len(label) <= LABEL_LIMIT and not any(map(str.isdigit, label))


def _is_update(element: HtmlElement, raw: str, label: str) -> bool:
    """Whether a date is that of an update: by its own words, those before it, or else by its class."""
    for words in (raw, label if _is_short(label) else ""):
        if PUBLISHED.search(words):
            return False
        if UPDATED.search(words):
            return True
    return UPDATED.search(_label(element)) is not None


@lru_cache(maxsize=8192)
def _is_hint(label: str) -> bool:
    return NAMED_AFTER_TIME(label)


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
