"""`pressclip timeline`: how many of the matching articles were published when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

import click

from index.session import Session
from search_cli.asking import Narrowing, open_desk, query_options, require_words
from search_cli.charting import (
    INTERVALS,
    Interval,
    chart_lines,
    ends_of,
    fitting,
    group_days,
    room_for_blocks,
)
from search_cli.listing import behind, explain, header
from search_cli.output import chosen_format, format_options
from search_cli.render import Format, Row, write_rows
from search_cli.terminal import Terminal, note, write

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node

Group = Literal["outlet", "lang", "country"]
ALL = "all"
OTHERS = "others"
UNKNOWN = "unknown"
ROWS_SHOWN = 12
FIELDS = ("interval", "value", "articles")

Days = Mapping[str, Mapping[str, int]]


@click.command()
@query_options
@click.option(
    "--by",
    "group",
    type=click.Choice(["outlet", "lang", "country"]),
    help="A row for each of these.",
)
@click.option(
    "--interval", type=click.Choice(INTERVALS), default="day",
    help="day, unless said; a chart takes a longer one when it would not fit.",
)  # fmt: skip
@format_options
@click.pass_obj
def timeline(
    session: Session,
    words: tuple[str, ...],
    group: Group | None,
    interval: Interval,
    style: Format | None,
    narrowing: Narrowing,
) -> int:
    """Count the matching articles by the day, week, month or year of their publication.

    EXAMPLES
      pressclip timeline story:balloon
      pressclip timeline '"spy balloon"' --by lang --interval week
      pressclip timeline story:balloon --by outlet -f csv > days.csv

    The counts are those of `pressclip search`: reprints count one by one, and what is undated is
    counted too. For programs: a row for each interval and value that has articles, the interval by
    its first day, empty for undated ones. Exit status 1 when nothing matches.
    """
    require_words(words, "timeline")
    _, corpus = open_desk(session, narrowing)
    with corpus:
        tree = narrowing.understand(corpus, words)
        matches = corpus.match(tree)
        terminal = Terminal.of(session)
        chosen = chosen_format(style, terminal)
        if not matches.total:
            if chosen in ("json", "csv"):
                write(write_rows([], FIELDS, chosen))
            for line in explain(corpus.explain_nothing(tree)):
                note(session, line)
            return 1
        days = count_days(corpus, tree, group)
        if chosen == "table":
            head = header(corpus, matches, corpus.echo(tree))
            terminal.show(_chart(head, days, interval, terminal))
        else:
            rows = [row for name in days for row in _rows(name, days[name], interval)]
            write(write_rows(rows, FIELDS, chosen))
        if told := behind(corpus):
            note(session, told)
    return 0


def count_days(corpus: Corpus, tree: Node, group: Group | None) -> dict[str, dict[str, int]]:
    """Matching articles by day, all in one row or in one for each value, the largest first.

    The rows add up to all: what has no value is in a row of its own.
    """
    from index.query import And, Filter

    matches = corpus.match(tree)
    whole = corpus.count_facet(matches, "day")
    if group is None:
        return {ALL: whole}
    rows: dict[str, dict[str, int]] = {}
    for value in corpus.count_facet(matches, group):
        part = corpus.match(And((tree, Filter(group, (value,)))))
        rows[value] = corpus.count_facet(part, "day")
    rest = Counter(whole)
    rest.subtract(_sum(rows))
    unknown = {day: count for day, count in rest.items() if count}
    return rows | ({UNKNOWN: unknown} if unknown else {})


def _sum(rows: Days) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counts in rows.values():
        total.update(counts)
    return dict(total)


def _rows(name: str, days: Mapping[str, int], interval: Interval) -> Iterator[Row]:
    for place, count in group_days(days, interval).items():
        yield {"interval": place, "value": name, "articles": count}


def _chart(head: str, days: Days, wanted: Interval, terminal: Terminal) -> Iterator[str]:
    """The header and the rows; small ones together, and a row of all where there are several."""
    names = list(days)
    shown = {name: days[name] for name in names[:ROWS_SHOWN]}
    if len(names) > ROWS_SHOWN:
        shown[OTHERS] = _sum({name: days[name] for name in names[ROWS_SHOWN:]})
    if len(shown) > 1:
        shown = {ALL: _sum(days), **shown}
    room = room_for_blocks(list(shown), terminal)
    every = list(_sum(days))
    interval = fitting(every, wanted, room)
    yield f"{head} · by {interval}, {ends_of(every)}"
    counts = {name: group_days(row, interval) for name, row in shown.items()}
    yield from chart_lines(counts, interval, terminal)
