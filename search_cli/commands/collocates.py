"""`pressclip collocates`: the words that keep a word company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import click

from index.errors import UsageError
from index.text.wording import counted
from search_cli.asking.narrowing import Narrowing, open_desk, query_options
from search_cli.output.formats import chosen_format, format_options, write_list
from search_cli.output.render import Format, one_line, table
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
from search_cli.view.word_rows import (
    COLLOCATE_COLUMNS,
    COLLOCATE_FIELDS,
    collocate_record,
    collocate_shown,
)

if TYPE_CHECKING:
    from index.study.collocates import Collocates

LINES = 20


@click.command()
@click.argument("word")
@query_options
@click.option(
    "-w",
    "width",
    metavar="N",
    type=click.IntRange(1, 20),
    default=5,
    help="Look N words to each side [default: 5].",
)
@click.option("--left", "before", is_flag=True, help="Count only words before the match.")
@click.option("--right", "after", is_flag=True, help="Count only words after the match.")
@click.option(
    "--min",
    "least",
    metavar="N",
    type=click.IntRange(1),
    default=3,
    help="Leave out pairs met fewer than N times [default: 3].",
)
@click.option(
    "--sort",
    "order",
    type=click.Choice(["dice", "g2"]),
    default="dice",
    help="Sort by this measure [default: dice].",
)
@click.option(
    "--mixed", is_flag=True, help="Mix all languages in one list [default: the most frequent one]."
)
@click.option(
    "-n", "limit", metavar="N", type=click.IntRange(1), help="Show at most N words [default: 20]."
)
@click.option("--all", "every", is_flag=True, help="Count every reprint, not each text once.")
@format_options
@click.pass_obj
def collocates(
    session: Session,
    word: str,
    words: tuple[str, ...],
    width: int,
    before: bool,
    after: bool,
    least: int,
    order: Literal["dice", "g2"],
    mixed: bool,
    limit: int | None,
    every: bool,
    style: Format | None,
    narrowing: Narrowing,
) -> int:
    """List the words found near WORD more often than elsewhere.

    EXAMPLES
      pressclip collocates balloon
      pressclip collocates balloon 'story:balloon country:cn' --left -w 3
      pressclip collocates balloon,airship story:balloon --sort g2 -f csv

    All forms of WORD count, in the articles of QUERY or in all; separate several words with commas.
    Near means within -w words in the same sentence; words with p > 0.01 are left out. logDice is at
    most 14 and can be compared between corpora; G² measures the evidence. Exit status 1 when WORD
    is not found or nothing stands out near it.
    """
    if before and after:
        raise UsageError(
            "--left and --right cannot be used together", hint="without them both count"
        )
    _, corpus = open_desk(session, narrowing)
    with corpus:
        tree = narrowing.understand(corpus, words or ("*",))
        from index.study.sample import take_sample
        from index.study.word_studies import collocates_in

        language = language_asked(narrowing, mixed=mixed)
        sample = take_sample(corpus, corpus.match(tree), language=language, every=every)
        if not sample.ids:
            return show_no_match(session, corpus, tree, COLLOCATE_FIELDS, style)
        left, right = (0 if after else width), (0 if before else width)
        found = collocates_in(
            corpus, sample, word, left=left, right=right, least=least, order=order
        )
        if not found.found:
            show_empty(session, COLLOCATE_FIELDS, style)
            stands = f"stands {counted(found.node, 'time')} in {counted(found.articles, 'article')}"
            note(session, f"{one_line(word)} {stands}; no word occurs near it {least} times.")
            return 1
        terminal = Terminal.of(session)
        chosen = chosen_format(style, terminal)
        if chosen == "table":
            head = (
                f"{one_line(word)} · {one_line(corpus.echo(tree))} ({sample_told(sample, every=every)})"
                f" · {language_told(sample)} · {counted(found.node, 'time')}"
                f" in {counted(found.articles, 'article')}"
            )
            terminal.show(_lines(head, found, limit or LINES, terminal))
        else:
            write(write_list(map(collocate_record, found.found[:limit]), COLLOCATE_FIELDS, chosen))
        note_behind(session, corpus)
    return 0


def _lines(head: str, found: Collocates, limit: int, terminal: Terminal) -> Iterator[str]:
    yield from terminal.head(head)
    rows = [collocate_shown(one) for one in found.found[:limit]]
    yield from table(rows, COLLOCATE_COLUMNS, width=terminal.width, colored=terminal.colored)
    if len(found.found) > limit:
        yield f"{limit:,} of {len(found.found):,} shown; -n {len(found.found)} shows all"
