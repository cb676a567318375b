"""`Capture` to `Article`: the witnesses of each field are heard, each field fails alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from crawler.extract.authors import author_witnesses, read_authors, read_signature
from crawler.extract.authors.agencies import read_agency, read_organization, read_place
from crawler.extract.body import read_body
from crawler.extract.body.continuation import FORM, NO_FORMS, Forms, is_further_page, read_forms
from crawler.extract.body.live import are_the_text, read_entries, text_with_entries
from crawler.extract.body.text_links import read_text_links
from crawler.extract.body.zones import Mark, find_zones, read_marks
from crawler.extract.dates import Dates, read_dates
from crawler.extract.fields import (
    NAME_LIMIT,
    declared_addresses,
    named_addresses,
    read_description,
    read_image,
    read_section,
    read_site_name,
    read_tags,
)
from crawler.extract.heard import listed_authors, listed_title
from crawler.extract.kinds import article_kind, nearly, refuse_page
from crawler.extract.language import read_language
from crawler.extract.makeup import NO_MAKE_UP, MakeUp, read_make_up
from crawler.extract.page import Page, read_page
from crawler.extract.page.decode import decode
from crawler.extract.page.markup import read_markup
from crawler.extract.page.response import refuse_response
from crawler.extract.rejection import NotAnArticle
from crawler.extract.signs import Reading, is_surely_news
from crawler.extract.text import field_text
from crawler.extract.title import TITLE_LIMIT, read_title
from crawler.extract.traits import read_traits
from crawler.extract.walls import is_cut, is_paywalled, refuse_little, refuse_wall
from crawler.urls import Identity, article_url, decide_address
from index.article import Article, Aside, LiveEntry, TextZone
from index.capture import Capture
from index.habits.values import NO_PRIORS, NO_TRAITS, Priors, Traits

logger = logging.getLogger(__name__)
Value = TypeVar("Value")
Arguments = ParamSpec("Arguments")

UNTITLED = ("", "")
NOBODY: tuple[tuple[str, ...], str] = ((), "")
NO_TEXT: tuple[Sequence[str], str] = ((), "")
NO_NAMES: Mapping[str, Sequence[str]] = {}
NO_TAGS: tuple[str, ...] = ()
NO_ENTRIES: tuple[LiveEntry, ...] = ()
NO_MARKS: tuple[Mark, ...] = ()
NO_ZONES: tuple[tuple[TextZone, ...], tuple[Aside, ...]] = ((), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What a page was read as, and where it says that more of it, or another form of it, is.

    `traits` are those of an article's page, `claims` identities that it may share with another one.
    """

    result: Article | NotAnArticle
    forms: Forms = NO_FORMS
    traits: Traits = NO_TRAITS
    claims: tuple[str, ...] = ()


def extract(capture: Capture, *, priors: Priors = NO_PRIORS) -> Article | NotAnArticle:
    """The article of a captured page, or why it is none. Pure; never raises for what a page holds.

    `priors` are what is known of the outlet. The article's `outlet` is that of the listing, empty when
    the capture came from none.
    """
    return extract_page(capture, priors=priors).result


def extract_page(capture: Capture, *, priors: Priors = NO_PRIORS) -> Extraction:
    """As `extract`, with the addresses of the article's next part and of its other forms."""
    if refusal := refuse_response(capture):
        return Extraction(result=refusal)
    page = attempt(None, open_page, capture, priors)
    if page is None:
        reason = "the markup holds no element that can be read"
        return Extraction(result=NotAnArticle(kind="empty", reason=reason))
    forms = attempt(NO_FORMS, read_forms, page)
    # Before the text: its reading cuts bylines, datelines and teasers out of the tree.
    title = attempt(UNTITLED, read_title, page, priors, listed_title(capture.listing))
    dates = attempt(
        Dates(), read_dates, page, capture, priors.zone, priors.month_first, priors.home
    )
    heard = attempt(NO_NAMES, author_witnesses, page)
    authors = attempt(NOBODY, read_authors, page, priors, heard)
    traits = attempt(NO_TRAITS, read_traits, page, capture, dates, heard)
    dated = dates.confidence in ("high", "medium")
    made = (
        NO_MAKE_UP if is_surely_news(page) else attempt(NO_MAKE_UP, read_make_up, page, dated=dated)
    )
    marks = attempt(NO_MARKS, read_marks, page)
    leads = [mark.key for mark in marks if mark.kind == "lead"]
    entries = attempt(NO_ENTRIES, read_entries, page, priors.zone)
    text = attempt(NO_TEXT, read_body, page, title[0], leads, authors[0])
    if entries and not attempt(True, are_the_text, page, entries, text[0]):
        entries = NO_ENTRIES
    if entries:
        text = text_with_entries(text[0], entries), "live-entries"
    reading = Reading(
        title=title[0],
        lines=text[0],
        stated=dates.confidence == "high",
        dated=dated,
        signed=bool(authors[0]),
    )
    if refusal := _refusal(page, reading, made, live=bool(entries)):
        return Extraction(result=refusal, forms=forms)
    itself = Identity(url=capture.url, source="address", code="own")
    identity = attempt(itself, read_identity, page, forms)
    authors = authors if authors[0] else attempt(NOBODY, read_signature, text[0])
    authors = authors if authors[0] else attempt(NOBODY, listed_authors, capture.listing)
    record = _credited(
        _record(capture, page, forms, title, dates, authors, text, marks, priors, identity)
    )
    if entries:
        record = replace(record, kind="live-blog", entries=entries)
    if doubt := attempt("", nearly, page, reading, made):
        record = replace(record, witnesses={**record.witnesses, "kind": doubt})
    if forms.own:
        record = replace(record, witnesses={**record.witnesses, FORM: forms.own})
    traits = replace(traits, language=record.language)
    return Extraction(result=record, forms=forms, traits=traits, claims=identity.claims)


def _refusal(page: Page, reading: Reading, made: MakeUp, *, live: bool) -> NotAnArticle | None:
    """Why a read page is not an article, or None. A page with entries looks like a list, and is none."""
    title, lines = reading.title, reading.lines
    return (
        attempt(None, refuse_wall, page, title, lines)
        or (None if live else attempt(None, refuse_page, page, reading, made))
        or attempt(None, refuse_little, page, title, lines)
    )


def open_page(capture: Capture, priors: Priors = NO_PRIORS) -> Page | None:
    """The page of a capture as its witnesses see it; None when there is no element in it."""
    country = (urlsplit(capture.url).hostname or "").rpartition(".")[2]
    text = decode(
        capture.body, capture.header("Content-Type"), country=country, usual=priors.charset
    )
    markup = read_markup(text)
    return None if markup is None else read_page(markup, capture.url)


def _record(
    capture: Capture,
    page: Page,
    forms: Forms,
    title: tuple[str, str],
    dates: Dates,
    authors: tuple[tuple[str, ...], str],
    text: tuple[Sequence[str], str],
    marks: Sequence[Mark],
    priors: Priors,
    identity: Identity,
) -> Article:
    listing, body = capture.listing, "\n\n".join(text[0])
    language = attempt(UNTITLED, read_language, body, page, priors.language)
    zones, asides = attempt(NO_ZONES, find_zones, text[0], marks)
    if not title[0] and listing.title:
        title = field_text(listing.title, TITLE_LIMIT), "listing"
    return Article(
        url=capture.url,
        canonical_url=identity.url,
        outlet=listing.outlet,
        title=title[0],
        text=body,
        fetched=capture.fetched,
        authors=authors[0],
        published=dates.published,
        published_precision=dates.precision,
        published_day=dates.day,
        date_confidence=dates.confidence,
        date_conflict=dates.conflict,
        updated=dates.updated,
        language=language[0],
        description=attempt("", read_description, page) or field_text(listing.summary, 1_000),
        section=attempt("", read_section, page) or field_text(listing.section, NAME_LIMIT),
        tags=attempt(NO_TAGS, read_tags, page),
        image=attempt("", read_image, page),
        site_name=attempt("", read_site_name, page),
        kind=attempt("article", article_kind, page, cut=attempt(False, is_cut, page, text[0])),
        paywalled=attempt(False, is_paywalled, page, text[0]),
        dates=dates.evidence,
        zones=zones,
        asides=asides,
        links=attempt(NO_TAGS, read_text_links, page, text[0]),
        witnesses=_witnesses(
            title=title[1],
            published=dates.witness,
            authors=authors[1],
            text=text[1],
            language=language[1],
            sourceOrganization=attempt("", read_organization, page),
        ),
    )


def _credited(article: Article) -> Article:
    """The article with what its text says of its own origin."""
    return replace(
        article,
        agency=attempt("", read_agency, article),
        place=attempt("", read_place, article),
    )


def read_identity(page: Page, forms: Forms) -> Identity:
    """The article's address; a further page of it that is read by itself keeps its own."""
    if is_further_page(page, article_url(page.url, declared_addresses(page)), forms):
        return decide_address(page.url, ())
    return decide_address(page.url, named_addresses(page))


def _witnesses(**won: str) -> dict[str, str]:
    """Which witness won each field that has one; `sourceOrganization` is what was said itself."""
    return {field: witness for field, witness in won.items() if witness}


def attempt(
    default: Value,
    read: Callable[Arguments, Value],
    *args: Arguments.args,
    **options: Arguments.kwargs,
) -> Value:
    """The value of one field; its default when the page breaks the reading of it."""
    try:
        return read(*args, **options)
    except Exception:  # one page among many: a field may cost itself, not the page
        logger.debug("a field could not be read", exc_info=True)
        return default
