"""One article out of several pages: parts put together, a better form in place of a failed page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from crawler.extract.body.continuation import FORM
from crawler.extract.text import count_words, fold, overlap, squeeze
from index.article import Article, Part, TextZone
from index.capture import Capture
from index.text.zones import all_zones

GAP = "\n\n"
SAME_TITLE = 0.6
KNOWN = 0.5  # the share of a page's text beyond which it is the same page again
PAGE_WORDS = re.compile(r"\b(?:page|seite|pagina|página|strona|стр(?:аница)?)?\s*\d{1,2}\b|第\d+页")


def is_part(whole: Article, page: Article) -> bool:
    """Whether a page goes on with an article: the same headline, and mostly another text."""
    lines = page.text.split(GAP)
    known = frozenset(map(squeeze, whole.text.split(GAP)))
    again = sum(len(line) for line in lines if squeeze(line) in known)
    return _is_same_title(whole.title, page.title) and again < KNOWN * max(1, len(page.text))


def join(whole: Article, page: Article, capture: Capture) -> Article:
    """The article with the paragraphs of its next part that it has not yet, and where that part is from.

    The first part is reported as well, so that each stretch of the text has its page.
    """
    known = {squeeze(line) for line in whole.text.split(GAP)} | {squeeze(page.title)}
    new = [
        (page.text[zone.start : zone.end], zone.kind)
        for zone in all_zones(page)
        if squeeze(page.text[zone.start : zone.end]) not in known
    ]
    text, zones = whole.text, list(whole.zones)
    start = len(text) + len(GAP)
    for line, kind in new:
        text = f"{text}{GAP}{line}" if text else line
        if kind not in ("body", "lead"):
            zones.append(TextZone(kind=kind, start=len(text) - len(line), end=len(text)))
    part = Part(url=capture.url, start=min(start, len(text)), archive=capture.ref)
    asides = [aside for aside in page.asides if aside not in whole.asides]
    return replace(
        whole,
        text=text,
        zones=tuple(zones),
        asides=(*whole.asides, *asides),
        paywalled=whole.paywalled or page.paywalled,
        parts=(*whole.parts, part),
    )


def is_better(form: Article, failed: Article | None) -> bool:
    """Whether another form of a page has plainly more of the article than the page itself."""
    if failed is None:
        return True
    return _is_same_title(failed.title, form.title) and count_words(form.text) > 1.3 * count_words(
        failed.text
    )


def in_place_of(
    failed: Article | None, form: Article, *, page: Capture, capture: Capture, witness: str
) -> Article:
    """The article as another form of its page gives it, under the page's own address and time."""
    fields = failed or form
    return replace(
        fields,
        url=page.url,
        fetched=page.fetched,
        text=form.text,
        zones=form.zones,
        asides=form.asides,
        language=form.language or fields.language,
        paywalled=form.paywalled,
        witnesses={**_without_form(fields.witnesses), "text": witness},
        parts=(Part(url=capture.url, start=0, archive=capture.ref),),
    )


def goes_before(main: Article, form: Article | None) -> bool:
    """Whether a page is the one that another was a form of: the same headline."""
    return form is None or _is_same_title(main.title, form.title)


def as_read_beside(main: Article, *, page: Capture, capture: Capture) -> Article:
    """The article of a main page, under the address and time of the form that led to it."""
    return replace(
        main,
        url=page.url,
        fetched=page.fetched,
        outlet=page.listing.outlet,
        parts=(Part(url=capture.url, start=0, archive=capture.ref),),
    )


def _without_form(witnesses: Mapping[str, str]) -> dict[str, str]:
    """The witnesses but the one that says that a page was the form of another."""
    return {name: witness for name, witness in witnesses.items() if name != FORM}


def _is_same_title(first: str, second: str) -> bool:
    one, two = (fold(PAGE_WORDS.sub(" ", title.casefold())) for title in (first, second))
    return bool(one) and (one == two or one in two or two in one or overlap(one, two) >= SAME_TITLE)
