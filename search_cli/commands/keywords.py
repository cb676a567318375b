"""`pressclip keywords`: the words that set some articles apart from others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import click

from search_cli.asking.narrowing import Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import chosen_format, format_options, write_list
from search_cli.output.render import Format, one_line, table
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.study import (
    language_asked,
    language_told,
    note_behind,
    nothing_against,
    sample_told,
    show_empty,
    show_no_match,
)
from search_cli.view.word_rows import (
    KEYWORD_COLUMNS,
    KEYWORD_FIELDS,
    keyword_record,
    keyword_shown,
)

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node
    from index.study.keywords import Keyword, Keywords
    from index.study.sample import Sample

LINES = 20


@click.command()
@query_options
@click.option(
    "--vs",
    "versus",
    metavar="QUERY",
    help="Compare with this query [default: the rest of the corpus].",
)
@click.option(
    "--mixed", is_flag=True, help="Mix all languages in one list [default: the most frequent one]."
)
@click.option(
    "--ngram", type=click.IntRange(1, 3), default=1, help="Count runs of N words [default: 1]."
)
@click.option(
    "--min",
    "least",
    metavar="N",
    type=click.IntRange(1),
    default=5,
    help="Leave out words used fewer than N times [default: 5].",
)
@click.option(
    "--in", "articles", metavar="N", type=click.IntRange(1), default=3,
    help="Leave out words in fewer than N articles [default: 3].",
)  # fmt: skip
@click.option(
    "--sort", "order", type=click.Choice(["g2", "ratio"]), default="g2",
    help="Sort by evidence (g2) or by size of the difference (ratio).",
)  # fmt: skip
@click.option(
    "-n",
    "limit",
    metavar="N",
    type=click.IntRange(1),
    help="Show at most N words for each side [default: 20].",
)
@click.option("--all", "every", is_flag=True, help="Count every reprint, not each text once.")
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
    """List the words that matching articles use more than others do.

    EXAMPLES
      pressclip keywords story:balloon
      pressclip keywords 'balloon country:us' --vs 'balloon country:cn'
      pressclip keywords outlet:@state --ngram 2 -f csv > words.csv

    All forms of a word count together, as in a search, and the most frequent spelling is shown. G²
    measures the evidence, log ratio the size: +1 is twice as often, +2 four times. Only words with
    p < 0.001 after Holm's correction are listed. With --vs the words of the other side follow. In
    languages without spaces, frequent runs of characters stand for words. Exit status 1 when
    nothing matches or nothing stands out.
    """
    require_words(words, "keywords")
    _, corpus = open_desk(session, narrowing)
    with corpus:
        from index.study.word_studies import compare_sides, take_sides

        tree = narrowing.understand(corpus, words)
        language = language_asked(narrowing, mixed=mixed)
        against = narrowing.understand(corpus, ["*" if versus is None else versus])
        pair = take_sides(
            corpus, tree, against, language=language, every=every, rest=versus is None
        )
        if pair is None:
            return show_no_match(session, corpus, tree, KEYWORD_FIELDS, style)
        own, others = pair
        if not others.ids:
            show_empty(session, KEYWORD_FIELDS, style)
            rest = f"--vs {one_line(versus)}" if versus else "the rest of the corpus"
            note(session, nothing_against(rest, own.language))
            return 1
        found = compare_sides(
            corpus, pair, ngram=ngram, least=least, articles=articles, order=order
        )
        _show(session, corpus, tree, versus, pair, found, style, limit, every=every)
        told = (
            f"{found.tested:,} words tested; at least {least} uses in {articles} articles of a side"
        )
        note(session, f"p < 0.001 (Holm), {told}")
        note_behind(session, corpus)
    return 0 if found.own or (versus and found.others) else 1


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
        write(
            write_list((keyword_record(side, one) for side, one in listed), KEYWORD_FIELDS, chosen)
        )
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
    yield from terminal.head(head)
    if not own and not others:
        yield "No keywords found."
    for title, side in (("", own), (f"more in {against}", others)):
        if not side:
            continue
        if title:
            yield ""
            yield title
        rows = [keyword_shown(one) for one in side[:limit]]
        yield from table(rows, KEYWORD_COLUMNS, width=terminal.width, colored=terminal.colored)
        if len(side) > limit:
            yield f"{limit:,} of {len(side):,} shown; -n {len(side)} shows all"
