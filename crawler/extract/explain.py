"""Who said what of a page: every witness of each field, which of them won, and what was cut away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec

from crawler.extract.authors import author_witnesses
from crawler.extract.authors.names import split_names
from crawler.extract.authors.places import byline_texts
from crawler.extract.body import claimed_body, main_text
from crawler.extract.body.prune import prune
from crawler.extract.body.rescue import last_resorts
from crawler.extract.dates import read_dates
from crawler.extract.decisions import addresses_heard, charsets_heard, kinds_heard
from crawler.extract.heard import listed_authors, listed_title
from crawler.extract.language import declared_language, language_of
from crawler.extract.makeup import NO_MAKE_UP, read_make_up
from crawler.extract.page import Page, element_text
from crawler.extract.page.response import refuse_response
from crawler.extract.record import attempt, extract, open_page
from crawler.extract.rejection import NotAnArticle
from crawler.extract.signs import is_surely_news
from crawler.extract.testimony import Removal, Testimony
from crawler.extract.text import count_words, field_text, one_line, squeeze
from crawler.extract.title import title_witnesses
from index.article import Article, DateEvidence
from index.capture import Capture
from index.habits.values import NO_PRIORS, Priors

SAID_LIMIT = 300
Arguments = ParamSpec("Arguments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a page was read as, who was heard on it, what was kept out; `known` is what it was read with."""

    result: Article | NotAnArticle
    testimony: tuple[Testimony, ...] = ()
    removed: tuple[Removal, ...] = ()
    known: Priors = NO_PRIORS


def explain(capture: Capture, *, priors: Priors = NO_PRIORS) -> Explanation:
    """Read a capture as `extract` does and tell how the record came about.

    The page is read a second time to hear the witnesses that `extract` needed not ask; `priors` as there.
    """
    result = extract(capture, priors=priors)
    page = None if refuse_response(capture) else attempt(None, open_page, capture, priors)
    if page is None:
        return Explanation(result=result, known=priors)
    won = dict(result.witnesses) if isinstance(result, Article) else {}
    heard = _hear(_titles, page, capture, won) + _hear(_dates, page, capture, priors, result)
    heard += _hear(_authors, page, capture, priors, won)
    heard += _hear(charsets_heard, capture, priors) + _hear(addresses_heard, page, result)
    dated = isinstance(result, Article) and result.date_confidence in ("high", "medium")
    made = (
        NO_MAKE_UP if is_surely_news(page) else attempt(NO_MAKE_UP, read_make_up, page, dated=dated)
    )
    # From here on the tree is without what is beside the article.
    removed = attempt([], _pruned, page)
    main = attempt([], main_text, page)
    title, text = page.title, "\n\n".join(main)
    if isinstance(result, Article):
        title, text = result.title, result.text
        removed += _cut_lines(main, text)
    heard += _hear(_texts, page, title, main, won)
    heard += _hear(_languages, page, text, priors, won)
    heard += _hear(kinds_heard, page, made, result)
    return Explanation(result=result, testimony=tuple(heard), removed=tuple(removed), known=priors)


def _hear(
    witnesses: Callable[Arguments, Iterator[Testimony]],
    *args: Arguments.args,
    **named: Arguments.kwargs,
) -> list[Testimony]:
    """All that is said of a field; nothing if the page breaks the hearing."""
    return attempt([], lambda: list(witnesses(*args, **named)))


def _titles(page: Page, capture: Capture, won: dict[str, str]) -> Iterator[Testimony]:
    said = [
        *(("h1", heading) for heading in page.headings),
        *title_witnesses(page),
        ("listing", listed_title(capture.listing)),
    ]
    for source, text in said:
        if text:
            yield Testimony(field="title", source=source, said=text, won=source == won.get("title"))


def _dates(
    page: Page, capture: Capture, priors: Priors, result: Article | NotAnArticle
) -> Iterator[Testimony]:
    if isinstance(result, Article):
        evidence, published, updated = result.dates, result.published, result.updated
    else:
        dates = read_dates(page, capture, priors.zone, priors.month_first, priors.home)
        evidence, published, updated = dates.evidence, dates.published, dates.updated
    chosen = {"published": published, "updated": updated}
    for one in (heard for heard in evidence if heard.role != "seen"):
        value = chosen.get(one.role)
        won = value is not None and one.value == value
        yield Testimony(field=one.role, source=one.source, said=_date(one), won=won)
        if won:
            chosen[one.role] = None  # the first that says so


def _date(one: DateEvidence) -> str:
    raw = one_line(one.raw, 120)
    if one.value is None:
        return f"{raw} (no possible date)"
    return f"{raw} → {one.value:%Y-%m-%d %H:%M} UTC, to the {one.precision}"


def _authors(
    page: Page, capture: Capture, priors: Priors, won: dict[str, str]
) -> Iterator[Testimony]:
    said = {
        **author_witnesses(page),
        "usual byline": split_names(byline_texts(page.tree, priors.bylines)),
        "listing": listed_authors(capture.listing)[0],
    }
    for source, names in said.items():
        if names:
            yield Testimony(
                field="authors",
                source=source,
                said=", ".join(names),
                won=source == won.get("authors"),
            )
    if won.get("authors") == "text":
        yield Testimony(field="authors", source="text", said="the text is signed", won=True)


def _texts(page: Page, title: str, main: Sequence[str], won: dict[str, str]) -> Iterator[Testimony]:
    claimed: Any = page.article.get("articleBody")
    kept = claimed_body(page)
    said = [
        ("trafilatura", main, ""),
        (
            "json-ld",
            kept or [field_text(claimed, SAID_LIMIT)],
            "" if kept else "a teaser: not asked further",
        ),
        *((source, lines, "") for source, lines in last_resorts(page, title)),
        ("description", [page.first("og:description", "description")], ""),
    ]
    for source, lines, remark in said:
        if any(lines):
            told = f"{remark or _size(lines)}: {lines[0]}"
            yield Testimony(
                field="text",
                source=source,
                said=one_line(told, SAID_LIMIT),
                won=source == won.get("text"),
            )


def _size(lines: Sequence[str]) -> str:
    words, count = count_words(" ".join(lines)), len(lines)
    return f"{words} word{'s' * (words != 1)} in {count} paragraph{'s' * (count != 1)}"


def _languages(page: Page, text: str, priors: Priors, won: dict[str, str]) -> Iterator[Testimony]:
    said = (
        ("declared", declared_language(page)),
        ("text", language_of(text)),
        ("outlet", priors.language),
    )
    for source, code in said:
        if code:
            by_script = source == "text" and won.get("language") == "script"
            yield Testimony(
                field="language",
                source="script" if by_script else source,
                said=code,
                won=by_script or source == won.get("language"),
            )


def _pruned(page: Page) -> list[Removal]:
    found = []
    for element in prune(page.tree):
        name = one_line(f"{element.get('class') or ''} {element.get('id') or ''}", 60)
        if text := element_text(element, SAID_LIMIT):
            found.append(Removal(reason=f'a block called "{name}"', text=text))
    return found


def _cut_lines(main: Sequence[str], text: str) -> Iterator[Removal]:
    kept = squeeze(text)
    for line in main:
        if squeeze(line) not in kept:
            yield Removal(reason="not the article's", text=one_line(line, SAID_LIMIT))
