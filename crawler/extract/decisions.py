"""The decisions that are not of one field's words: what kind of page, in which charset, at which address."""

from __future__ import annotations

from collections.abc import Iterator

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from crawler.extract.fields import named_addresses
from crawler.extract.kinds import is_called_article
from crawler.extract.makeup import MakeUp
from crawler.extract.page import Page
from crawler.extract.page.decode import HEAD, charset_of, sure_charset
from crawler.extract.rejection import NotAnArticle
from crawler.extract.signs import LEAST, Reading, article_points, kind_points
from crawler.extract.testimony import Testimony
from crawler.extract.text import one_line
from crawler.urls import canonical, decide_address
from index.article import Article
from index.capture import Capture
from index.habits.values import Priors

SHOWN = 300


def reading_of(result: Article | NotAnArticle) -> Reading:
    """What was read of a page, as its kind was judged by it; of a refused page nothing."""
    if isinstance(result, NotAnArticle):
        return Reading(title="", lines=(), stated=False, dated=False, signed=False)
    return Reading(
        title=result.title,
        lines=result.text.split("\n\n"),
        stated=result.date_confidence == "high",
        dated=result.date_confidence in ("high", "medium"),
        signed=bool(result.authors),
    )


def kinds_heard(page: Page, made: MakeUp, result: Article | NotAnArticle) -> Iterator[Testimony]:
    """What speaks for an article, and for each other kind; the decision with its reason."""
    reading = reading_of(result)
    is_article = isinstance(result, Article)
    claim = "it calls itself one; " if is_called_article(page) else ""
    points = article_points(page, reading)
    yield Testimony(field="kind", source="article", said=f"{claim}{points} points", won=is_article)
    for kind, count, reasons in kind_points(page, made, reading):
        if count > 0:
            told = ", ".join(dict.fromkeys(filter(None, reasons)))
            said = f"{count} points of the {LEAST} that it takes: {told}"
            won = isinstance(result, NotAnArticle) and result.kind == kind
            yield Testimony(field="kind", source=kind, said=one_line(said, SHOWN), won=won)
    if isinstance(result, NotAnArticle):
        yield Testimony(
            field="kind", source="decided", said=f"{result.kind}: {result.reason}"[:SHOWN]
        )


def charsets_heard(capture: Capture, priors: Priors) -> Iterator[Testimony]:
    """The charset that the bytes tell, that header and page claim, that the outlet's other pages have."""
    country = capture.url.partition("//")[2].partition("/")[0].rpartition(".")[2]
    header = capture.header("Content-Type")
    chosen = charset_of(capture.body, header, country=country, usual=priors.charset)
    said = (
        ("bytes", sure_charset(capture.body, header, country=country)),
        ("header", http_content_type_encoding(header) or ""),
        ("page", html_body_declared_encoding(capture.body[:HEAD]) or ""),
        ("outlet", priors.charset),
    )
    won = False
    for source, charset in said:
        if charset:
            wins = charset == chosen and not won
            won = won or wins
            yield Testimony(field="charset", source=source, said=charset, won=wins)
    if not won:
        yield Testimony(field="charset", source="decided", said=chosen, won=True)


def addresses_heard(page: Page, result: Article | NotAnArticle) -> Iterator[Testimony]:
    """What the page declares as its address, how each was judged, and its own."""
    identity = decide_address(page.url, named_addresses(page))
    kept = result.canonical_url if isinstance(result, Article) else identity.url
    is_own = canonical(kept) == canonical(page.url)
    for one in identity.said:
        yield Testimony(
            field="address",
            source=one.source,
            said=one_line(f"{one.url}: {one.reason}", SHOWN),
            won=not is_own and one.url == kept,
        )
    yield Testimony(field="address", source="own", said=one_line(page.url, SHOWN), won=is_own)
    for claim in identity.claims:
        said = f"{claim}: one with an article held there if title and text are equal"
        yield Testimony(field="address", source="claim", said=one_line(said, SHOWN))
