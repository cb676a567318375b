"""`pressclip families`: the texts that most articles carried, who had them first, how far they went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from index.text.wording import counted
from search_cli.asking.grouping import by_columns, by_option, cell_name, read_groups
from search_cli.asking.narrowing import Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import chosen_format, emit, format_options, write_list
from search_cli.output.moments import span, zone_name
from search_cli.output.render import (
    Column,
    Format,
    Row,
    isolate,
    one_line,
    paint,
)
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.listing import behind, left_out, looked_back, not_shown
from search_cli.view.spread import FIELDS, family_records, largest_families

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node


@click.command()
@query_options
@click.option(
    "-n",
    "limit",
    metavar="N",
    type=click.IntRange(1),
    default=10,
    help="Show at most N results [default: 10].",
)
@by_option("Instead: how many of these texts each outlet, country, lang, … had a part in.")
@format_options
@click.pass_obj
def families(
    session: Session,
    words: tuple[str, ...],
    limit: int,
    by: tuple[str, ...],
    style: Format | None,
    narrowing: Narrowing,
) -> int:
    """List the most reprinted texts among matching articles: agency reports and other reprints.

    EXAMPLES
      pressclip families story:balloon
      pressclip families 'lang:en date:2023-02' -n 30 --json
      pressclip families story:balloon --by country,lang
      pressclip show ID --group             one family, what each member changed

    Only matching articles count. The origin is the article that others credit, or else the
    earliest. The time runs from the first to the last. With --by, `first` is how often the group
    published a text first. Exit status 1 when no text was printed twice.
    """
    require_words(words, "families")
    groups = read_groups(by, frame=False)
    workspace, corpus = open_desk(session, narrowing)
    countries = {outlet.id: outlet.country for outlet in workspace.outlets()}
    with corpus:
        tree = narrowing.understand(corpus, words)
        if groups:
            return _show_groups(session, corpus, tree, groups, style)
        matches = corpus.match(tree)
        carried = largest_families(matches)
        rows = family_records(corpus, matches, carried[:limit], countries)
        terminal = Terminal.of(session)
        chosen = chosen_format(style, terminal)
        if chosen != "table":
            write(write_list(rows, FIELDS, chosen))
        elif rows:
            terminal.show(_lines(corpus, tree, rows, len(carried), terminal))
        if told := behind(corpus):
            note(session, told)
    if not rows:
        note(session, "None of these articles was reprinted.")
    return 0 if rows else 1


def _show_groups(
    session: Session, corpus: Corpus, tree: Node, groups: Sequence[str], style: Format | None
) -> int:
    """The part of each group in the texts that were carried; the exit status."""
    from index.study.groups import count_carried

    rows = [
        {
            **by_columns(groups, one.cell),
            "group": cell_name(one.cell),
            "texts": one.texts,
            "articles": one.articles,
            "first": one.originals,
        }
        for one in count_carried(corpus.read_values(corpus.match(tree), *groups))
    ]
    columns = (
        Column(key="group", title=" · ".join(groups), color="cyan"),
        *(Column(key=key, title=key, right=True) for key in ("texts", "articles", "first")),
    )
    if rows:
        fields = (*groups, "texts", "articles", "first")
        emit(session, rows, style=style, fields=fields, columns=columns)
    else:
        note(session, "None of these articles was reprinted.")
    return 0 if rows else 1


def _lines(
    corpus: Corpus, tree: Node, rows: Sequence[Row], total: int, terminal: Terminal
) -> Iterator[str]:
    """A header, then for each family its headline, its spread and its origin."""
    zone = zone_name(corpus.zone, datetime.now(UTC))
    carried = f"{total:,} texts carried" if total > 1 else "1 text carried"
    told = (
        one_line(corpus.echo(tree)),
        looked_back(corpus),
        f"{carried} twice or more",
        left_out(corpus, tree),
        zone,
    )
    yield from terminal.head(" · ".join(filter(None, told)))
    for number, row in enumerate(rows, start=1):
        head = f"{number:>2}  {row['family']}  "
        title, *more = terminal.fit(f"{head}{one_line(row['title'] or '')}", len(head))
        identity = paint(row["family"], "cyan", colored=terminal.colored)
        yield f"{number:>2}  {identity}  {isolate(title[len(head) :])}"
        yield from more
        spread = [
            counted(row["articles"], "article"),
            counted(len(row["outlets"]), "outlet"),
            ", ".join(row["countries"]),
            f"in {span((row['hours'] or 0) * 3600)}",
        ]
        yield f"    {' · '.join(filter(None, spread))}"
        yield from terminal.fit(f"    origin: {row['origin']}, {row['evidence']}", 6)
    if len(rows) < total:
        yield not_shown(len(rows), total)
