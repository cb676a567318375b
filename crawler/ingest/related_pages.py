"""The pages beside a page: further parts of its article, or another form where the page fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from crawler.extract import NotAnArticle
from crawler.extract.body.continuation import Forms
from crawler.extract.body.joining import (
    as_read_beside,
    goes_before,
    in_place_of,
    is_better,
    is_part,
    join,
)
from crawler.extract.text import SHORT_WORDS, count_words
from crawler.urls import canonical
from index.article import Article
from index.capture import Capture
from index.habits.values import NO_PRIORS, NO_TRAITS, Priors, Traits

Channel = Literal["part", "amp", "print", "main"]
CHANNELS: frozenset[str] = frozenset({"part", "amp", "print", "main"})
MAX_PARTS = 10  # pages of one article, with the first
# A page that is one of these may have a form that is none.
FAILED = frozenset({"bot-wall", "consent", "js-shell", "login", "paywall", "too-short"})
JOINABLE = frozenset({"article", "opinion"})
ELLIPSES = ("…", "...", "[…]", "[...]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedPage:
    """A page to be fetched beside another, and as what: `part`, `amp`, `print`, or `main` beside a form."""

    channel: Channel
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a page and its related pages come to, and which page might still be missing.

    `traits` and `claims` are those of the page itself, empty for an AMP or print page.
    """

    result: Article | NotAnArticle
    wants: RelatedPage | None = None
    traits: Traits = NO_TRAITS
    claims: tuple[str, ...] = ()


def assemble(capture: Capture, related: Sequence[Capture], *, priors: Priors = NO_PRIORS) -> Whole:
    """Read a page with its related pages in their order; what is not a part and no better form is left out.

    A form is asked for only where the page fails or is cut short, the main page beside every form of
    it, a next part only for an article of its own, at most 10 pages together. `priors` as in `extract`.
    """
    from crawler.extract import extract_page

    first = extract_page(capture, priors=priors)
    result, forms = first.result, first.forms
    for one in related:
        found = extract_page(one, priors=priors)
        channel = one.listing.channel
        if channel == "part":
            result, taken = _with_part(result, found.result, one)
        elif channel == "main":
            result, taken = _with_main(result, found.result, capture, one)
        else:
            result, taken = _with_form(result, found.result, capture, one)
        forms = replace(found.forms if taken else forms, amp="", print="", main="")
        if not taken and channel == "part":
            forms = replace(forms, next="")
    asked = [one.listing.url for one in related]  # a redirect may have led elsewhere
    seen = {canonical(url) for url in (capture.url, *(one.url for one in related), *asked) if url}
    wants = _wanted(result, forms, seen)
    if isinstance(result, Article) and forms.next and canonical(forms.next) not in seen:
        result = replace(result, continues=forms.next if result.kind in JOINABLE else "")
    if first.forms.own:
        return Whole(result=result, wants=wants)
    return Whole(result=result, wants=wants, traits=first.traits, claims=first.claims)


def _with_part(
    whole: Article | NotAnArticle, page: Article | NotAnArticle, capture: Capture
) -> tuple[Article | NotAnArticle, bool]:
    if isinstance(whole, Article) and isinstance(page, Article) and is_part(whole, page):
        return join(whole, page, capture), True
    return whole, False


def _with_form(
    failed: Article | NotAnArticle,
    form: Article | NotAnArticle,
    page: Capture,
    capture: Capture,
) -> tuple[Article | NotAnArticle, bool]:
    old = failed if isinstance(failed, Article) else None
    if not isinstance(form, Article) or not is_better(form, old):
        return failed, False
    source = capture.listing.channel
    return in_place_of(old, form, page=page, capture=capture, witness=source), True


def _with_main(
    form: Article | NotAnArticle, main: Article | NotAnArticle, page: Capture, capture: Capture
) -> tuple[Article | NotAnArticle, bool]:
    old = form if isinstance(form, Article) else None
    if not isinstance(main, Article) or _is_cut_short(main) or not goes_before(main, old):
        return form, False
    return as_read_beside(main, page=page, capture=capture), True


def _wanted(result: Article | NotAnArticle, forms: Forms, seen: set[str]) -> RelatedPage | None:
    if isinstance(result, NotAnArticle):
        return _main(forms) or _form(forms) if result.kind in FAILED else None
    if main := _main(forms):
        return main
    if _is_cut_short(result) and (form := _form(forms)):
        return form
    is_more = forms.next and canonical(forms.next) not in seen and result.kind in JOINABLE
    if is_more and len(result.parts) + 1 < MAX_PARTS:
        return RelatedPage(channel="part", url=forms.next)
    return None


def _main(forms: Forms) -> RelatedPage | None:
    return RelatedPage(channel="main", url=forms.main) if forms.main else None


def _form(forms: Forms) -> RelatedPage | None:
    if forms.amp:
        return RelatedPage(channel="amp", url=forms.amp)
    return RelatedPage(channel="print", url=forms.print) if forms.print else None


def _is_cut_short(article: Article) -> bool:
    """Whether the page shows only the beginning of its article, or tells of it alone."""
    if count_words(article.text) >= 2 * SHORT_WORDS:
        return False
    is_teaser = article.witnesses.get("text") == "description"
    return article.paywalled or is_teaser or article.text.rstrip().endswith(ELLIPSES)
