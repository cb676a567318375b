"""`pressclip keywords`: the words that set some articles apart from others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import click

from search_cli.asking.narrowing import Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import chosen_format, format_options
from search_cli.output.render import Column, Format, Row, one_line, table, write_rows
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.study import (
    language_asked,
    language_told,
    note_behind,
    sample_told,
    show_empty,
    show_no_match,
)

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node
    from index.study.keywords import Keyword, Keywords
    from index.study.sample import Sample

FIELDS = (
    "word", "side", "uses", "per_million", "articles", "outlets", "other_uses", "other_per_million",
    "other_articles", "other_outlets", "g2", "log_ratio", "p",
)  # fmt: skip
LINES = 20
_COLUMNS = (
    Column(key="word", title="keyword", color="cyan", grows=True),
    Column(key="rate", title="per million", right=True),
    Column(key="other_rate", title="elsewhere", right=True),
    Column(key="g2", title="G²", right=True),
    Column(key="ratio", title="log ratio", right=True),
    Column(key="articles", title="articles", right=True),
    Column(key="outlets", title="outlets", right=True),
)


@click.command()
@query_options
@click.option("--vs", "versus", metavar="QUERY", help="Against these; else the rest of the corpus.")
@click.option(
    "--mixed", is_flag=True, help="All languages in one list; else the most frequent one."
)
@click.option("--ngram", type=click.IntRange(1, 3), default=1, help="Runs of so many words; 1.")
@click.option(
    "--min", "least", metavar="N", type=click.IntRange(1), default=5, help="At least N uses; 5."
)
@click.option(
    "--in", "articles", metavar="N", type=click.IntRange(1), default=3,
    help="In at least N articles; 3.",
)  # fmt: skip
@click.option(
    "--sort", "order", type=click.Choice(["g2", "ratio"]), default="g2",
    help="By evidence (g2) or by the size of the difference (ratio).",
)  # fmt: skip
@click.option("-n", "limit", metavar="N", type=click.IntRange(1), help="At most N a side; 20.")
@click.option("--all", "every", is_flag=True, help="Count reprints one by one, not once a text.")
@format_options
@click.pass_obj
def keywords(
    session: Session,
    words: tuple[str, ...],
    versus: str | None,
    mixed: bool,
    ngram: int,
    least: int,
    articles: int,
    order: Literal["g2", "ratio"],
    limit: int | None,
    every: bool,
    style: Format | None,
    narrowing: Narrowing,
) -> int:
    """List the words that the matching articles use more than others do.

    EXAMPLES
      pressclip keywords story:balloon
      pressclip keywords 'story:balloon country:us' --vs 'story:balloon country:cn' --lang en
      pressclip keywords outlet:@state --ngram 2 -f csv > words.csv

    Words are counted as a search finds them, all forms of a word together, and shown as they are
    most often written. G² is the evidence; log ratio the size: +1 is twice as often, +2 four times.
    Listed is what chance would give once in a thousand lists (p < 0.001, Holm's correction). With
    --vs the words of the other side follow. Where a language has no spaces, runs of letters that
    are often the same stand for words. Exit status 1 when nothing matches or nothing stands out.
    """
    require_words(words, "keywords")
    _, corpus = open_desk(session, narrowing)
    with corpus:
        tree = narrowing.understand(corpus, words)
        language = language_asked(narrowing, mixed=mixed)
        pair = _samples(corpus, narrowing, tree, versus, language, every=every)
        if pair is None:
            return show_no_match(session, corpus, tree, FIELDS, style)
        own, others = pair
        if not others.ids:
            show_empty(session, FIELDS, style)
            rest = f"--vs {one_line(versus)}" if versus else "the rest of the corpus"
            note(session, f"Nothing to compare with: {rest} has no article in {own.language}.")
            return 1
        found = _compare(corpus, own, others, ngram, least, articles, order)
        _show(session, corpus, tree, versus, pair, found, style, limit, every=every)
        told = (
            f"{found.tested:,} words tested; at least {least} uses in {articles} articles of a side"
        )
        note(session, f"p < 0.001 (Holm), {told}")
        note_behind(session, corpus)
    return 0 if found.own or (versus and found.others) else 1


def _samples(
    corpus: Corpus,
    narrowing: Narrowing,
    tree: Node,
    versus: str | None,
    language: str | None,
    *,
    every: bool,
) -> tuple[Sample, Sample] | None:
    """The articles of both sides, in one language; None where none match."""
    from index.corpus.narrow import narrow
    from index.query import Not
    from index.study.sample import take_sample

    own = take_sample(corpus, corpus.match(tree), language=language, every=every)
    if not own.ids:
        return None
    if versus is not None:
        against = corpus.match(narrowing.understand(corpus, [versus]))
        return own, take_sample(corpus, against, language=own.language, every=every)
    rest = corpus.match(narrow(narrowing.understand(corpus, ["*"]), [Not(tree)]))
    without = own.families
    return own, take_sample(corpus, rest, language=own.language, every=every, without=without)


def _compare(
    corpus: Corpus,
    own: Sample,
    others: Sample,
    ngram: int,
    least: int,
    articles: int,
    order: Literal["g2", "ratio"],
) -> Keywords:
    from index.study.keywords import find_keywords
    from index.study.sample import read_texts
    from index.study.word_counts import GRAM_LANGUAGES, tally, vocabulary

    grams: frozenset[str] = frozenset()
    if not own.language or own.language in GRAM_LANGUAGES:
        both = (*own.ids, *others.ids)
        grams = vocabulary(read_texts(corpus, both), least=least)
    sides = [tally(read_texts(corpus, one.ids), ngram=ngram, grams=grams) for one in (own, others)]
    return find_keywords(*sides, least_uses=least, least_articles=articles, order=order)


def _show(
    session: Session,
    corpus: Corpus,
    tree: Node,
    versus: str | None,
    pair: tuple[Sample, Sample],
    found: Keywords,
    style: Format | None,
    limit: int | None,
    *,
    every: bool,
) -> None:
    terminal = Terminal.of(session)
    chosen = chosen_format(style, terminal)
    others = found.others if versus is not None else ()
    if chosen != "table":
        listed = [("own", one) for one in found.own[:limit]]
        listed += [("other", one) for one in others[:limit]]
        write(write_rows((_row(side, one) for side, one in listed), FIELDS, chosen))
        return
    against = one_line(versus) if versus is not None else "the rest of the corpus"
    head = (
        f"{one_line(corpus.echo(tree))} ({sample_told(pair[0], every=every)})"
        f" against {against} ({sample_told(pair[1], every=every)}) · {language_told(pair[0])}"
    )
    terminal.show(_lines(head, against, found.own, others, limit or LINES, terminal))


def _lines(
    head: str,
    against: str,
    own: Sequence[Keyword],
    others: Sequence[Keyword],
    limit: int,
    terminal: Terminal,
) -> Iterator[str]:
    yield head
    if not own and not others:
        yield "No word stands out."
    for title, side in (("", own), (f"more in {against}", others)):
        if not side:
            continue
        if title:
            yield ""
            yield title
        rows = [_shown(one) for one in side[:limit]]
        yield from table(rows, _COLUMNS, width=terminal.width, colored=terminal.colored)
        if len(side) > limit:
            yield f"{limit:,} of {len(side):,} shown; -n {len(side)} shows all"


def _shown(one: Keyword) -> Row:
    return {
        "word": one.word,
        "rate": f"{one.rate:,.0f}",
        "other_rate": f"{one.other_rate:,.0f}",
        "g2": f"{one.g2:,.1f}",
        "ratio": f"{one.ratio:+.1f}",
        "articles": f"{one.articles:,} / {one.other_articles:,}",
        "outlets": f"{one.outlets:,} / {one.other_outlets:,}",
    }


def _row(side: str, one: Keyword) -> Row:
    return {
        "word": one.word,
        "side": side,
        "uses": one.uses,
        "per_million": round(one.rate, 2),
        "articles": one.articles,
        "outlets": one.outlets,
        "other_uses": one.other_uses,
        "other_per_million": round(one.other_rate, 2),
        "other_articles": one.other_articles,
        "other_outlets": one.other_outlets,
        "g2": round(one.g2, 2),
        "log_ratio": round(one.ratio, 3),
        "p": one.p,
    }
