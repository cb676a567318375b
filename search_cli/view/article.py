"""One article in full: its facts, its text, its corrections and notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING

from index.text.wording import counted
from index.text.zones import count_words, is_unspaced
from index.versions.liveblog import intro_of
from search_cli.output.moments import dated, moment
from search_cli.output.render import clean, one_line, paint, wrap
from search_cli.output.terminal import Terminal
from search_cli.view.optouts import wish_lines
from search_cli.view.provenance import copy_lines, saved_lines

if TYPE_CHECKING:
    from index.article import Article
    from index.store import Store, StoredArticle

FORMS = {"amp": "AMP page", "print": "page for printing"}


def article_lines(
    articles: list[StoredArticle], store: Store, terminal: Terminal, zone: tzinfo
) -> Iterator[str]:
    """The articles one below the other: the facts of each, then its text."""
    for number, stored in enumerate(articles):
        if number:
            yield from ("", "─" * terminal.measure, "")
        yield from _head(stored, store, terminal, zone)
        yield ""
        yield from _body(stored, terminal, zone)


def _head(stored: StoredArticle, store: Store, terminal: Terminal, zone: tzinfo) -> Iterator[str]:
    article = stored.article
    if article.kicker:
        yield one_line(article.kicker)
    yield paint(one_line(article.title), "bold", colored=terminal.colored)
    facts = (
        article.site_name or article.outlet,
        dated(article, zone),
        article.language,
        ", ".join(article.authors),
        stored.id,
    )
    yield " · ".join(one_line(fact) for fact in facts if fact)
    if more := " · ".join(map(one_line, _facts(article))):
        yield more
    yield paint(one_line(article.url), "cyan", colored=terminal.colored)
    yield from copy_lines(article, zone)
    yield from saved_lines(stored, zone)
    if article.image:
        yield f"image: {one_line(article.image)}"
    for verdict in stored.verdicts:
        reasons = one_line("; ".join(verdict.reasons))
        yield f"{verdict.story}: {verdict.decision} ({verdict.score:.2f}): {reasons}"
    if stored.remarks.tags:
        yield f"tags: {', '.join(stored.remarks.tags)}"
    if stored.remarks.note:
        yield f"note: {one_line(stored.remarks.note)}"
    yield from _history(stored, store, zone)


def _facts(article: Article) -> Iterator[str]:
    """What else is known: section, kind, agency, dateline, length, pages, paywall, doubtful date, tags."""
    unit = "characters" if is_unspaced(article) else "words"
    yield from filter(None, (article.section, "" if article.kind == "article" else article.kind))
    if article.agency:
        yield f"from {article.agency}"
    if article.place:
        yield f"filed in {article.place}"
    if words := count_words(article):
        yield f"{words:,} {unit}"
    yield from _pages(article)
    if article.paywalled:
        yield "behind a paywall"
    if article.date_conflict:
        yield "sources disagree about its date"
    if article.tags:
        yield f"tags: {', '.join(article.tags)}"


def _pages(article: Article) -> Iterator[str]:
    """The pages that the text comes from, if it is more than one."""
    if further := sum(part.start > 0 for part in article.parts):
        yield f"joined from {further + 1} pages"
    if (witness := article.witnesses.get("text", "")) in FORMS:
        yield f"from its {FORMS[witness]}"
    if article.continues:
        yield f"continues at {article.continues}, not stored"


def _history(stored: StoredArticle, store: Store, zone: tzinfo) -> Iterator[str]:
    from index.store import StoreAt
    from search_cli.view.versions import removal_in_words

    others = store.families.sizes().get(stored.family, 1) - 1
    if others:
        yield f"{counted(others, 'more article')} with this text: pressclip show {stored.id} --group"
    if isinstance(store, StoreAt):
        seen = moment(stored.article.fetched, zone)
        told = f"as of {moment(store.moment, zone)}: version {stored.versions}, seen {seen}"
        yield told if stored.article.fetched <= store.moment else f"{told}, which was later"
    elif stored.versions > 1:
        seen = f"{stored.versions} versions seen since {moment(stored.first_seen, zone)}"
        yield f"{seen}: pressclip show {stored.id} --versions"
    if stored.removal:
        yield f"removed: {removal_in_words(stored.removal, zone)}"
    if not stored.kept:
        yield "not in the corpus"
    yield from wish_lines(stored.article, zone)
    if stored.archive:
        yield f"archive: {stored.archive.file}, offset {stored.archive.offset}"


def _body(stored: StoredArticle, terminal: Terminal, zone: tzinfo) -> Iterator[str]:
    """The text, of a live blog entry by entry with their times."""
    article = stored.article
    yield from _paragraphs(intro_of(article), terminal)
    for entry in article.entries:
        yield ""
        told = "  ".join(filter(None, (moment(entry.published, zone), one_line(entry.title))))
        yield paint(told, "bold", colored=terminal.colored)
        yield from _paragraphs(entry.text, terminal)
    yield from _asides(article, terminal)
    if article.boilerplate:
        count = len(article.boilerplate)
        told = (
            f"taken out: {count} paragraph{'s' * (count != 1)} that many pages of the outlet have"
        )
        yield from ("", paint(told, "dim", colored=terminal.colored))


def _paragraphs(text: str, terminal: Terminal) -> Iterator[str]:
    """Wrapped on a screen, as they are elsewhere."""
    if terminal.screen:
        yield from wrap(text, terminal.measure)
    else:
        yield from clean(text).split("\n")


def _asides(article: Article, terminal: Terminal) -> Iterator[str]:
    """Corrections and editors' notes beside the text, as `correction: …`."""
    for aside in article.asides:
        if aside.kind in ("correction", "note"):
            told = f"{aside.kind}: {one_line(aside.text)}"
            yield ""
            yield from wrap(told, terminal.measure) if terminal.screen else [told]
