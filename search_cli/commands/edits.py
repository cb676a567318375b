"""`pressclip edits`: what was changed in articles after they were published, change by change."""

from __future__ import annotations

from itertools import chain, islice

import click

from search_cli.asking.narrowing import Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import chosen_format, format_options, write_list
from search_cli.output.render import Format
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.edit_rows import FIELDS, edit_lines, edit_record, read_kinds
from search_cli.view.listing import header
from search_cli.view.study import note_behind, show_empty, show_no_match

LINES = 20


@click.command()
@query_options
@click.option(
    "--kind", "kinds", metavar="K,…", multiple=True, help="Show only changes of this type."
)
@click.option(
    "--silent",
    "only_silent",
    is_flag=True,
    help="Show only edits that the outlet did not announce.",
)
@click.option(
    "-n",
    "limit",
    metavar="N",
    type=click.IntRange(1),
    help="Show at most N rows [default: 20 in a table, else all].",
)
@format_options
@click.pass_obj
def edits(
    session: Session,
    words: tuple[str, ...],
    kinds: tuple[str, ...],
    only_silent: bool,
    limit: int | None,
    style: Format | None,
    narrowing: Narrowing,
) -> int:
    """List what was changed in matching articles after publication.

    EXAMPLES
      pressclip edits story:balloon
      pressclip edits 'story:balloon outlet:@state' --kind headline,number
      pressclip edits '*' --silent -f csv > silent.csv

    Each row is one change: the text before and after, the versions, when they were seen and where
    they are archived. Kinds: headline, number, name, quotation, wording, added, removed, moved,
    correction, entry. An edit is silent when it changed or removed text without a note or a new
    update time. To find the articles themselves, search for `changed:headline`. Exit status 1 when
    nothing was changed.
    """
    require_words(words, "edits")
    wanted = read_kinds(kinds)
    _, corpus = open_desk(session, narrowing)
    with corpus:
        from index.study.edits import read_edits

        tree = narrowing.understand(corpus, words)
        matches = corpus.match(tree)
        if not matches.total:
            return show_no_match(session, corpus, tree, FIELDS, style)
        rows = (
            row
            for row in read_edits(corpus, tree)
            if (not wanted or row.kind in wanted) and (row.silent or not only_silent)
        )
        first = next(rows, None)
        if first is None:
            show_empty(session, FIELDS, style)
            note(session, f"{header(corpus, matches, corpus.echo(tree))}: no such edits found.")
            return 1
        terminal = Terminal.of(session)
        chosen = chosen_format(style, terminal)
        if chosen == "table":
            head = header(corpus, matches, corpus.echo(tree))
            every = [first, *rows]
            terminal.show(edit_lines(head, every, limit or LINES, terminal, corpus.zone))
        else:
            listed = islice(chain([first], rows), limit)
            write(write_list(map(edit_record, listed), FIELDS, chosen))
        note_behind(session, corpus)
    return 0
