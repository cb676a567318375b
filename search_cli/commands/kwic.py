"""`pressclip kwic`: every place where the query is, one under the other, in context."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

import click

from index.text.wording import counted
from search_cli.asking.narrowing import Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import chosen_format, format_options, write_list
from search_cli.output.render import (
    Format,
    Row,
    cells,
    isolate,
    one_line,
    pad,
    paint,
    shorten,
)
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.context_lines import FIELDS, SORTED, read_places, read_rows, sort_rows
from search_cli.view.dispersion import show_plot
from search_cli.view.listing import behind, explain, header

if TYPE_CHECKING:
    from index.fulltext.searcher import Sort

LINES = 20
_OUTLET = 16  # cells


@click.command()
@query_options
@click.option(
    "-w", "width", metavar="N", type=click.IntRange(0, 100), default=8,
    help="Show N words on each side [default: 8].",
)  # fmt: skip
@click.option(
    "-n",
    "limit",
    metavar="N",
    type=click.IntRange(1),
    help="Show at most N lines [default: 20 in a table, else all].",
)
@click.option(
    "--sort",
    metavar="S",
    default="oldest",
    help="Sort order [default: oldest]; or sort by words beside the match: 1R is the first after"
    " it, 2L the second before it, 1R,2R,1L several.",
)
@click.option("--plot", is_flag=True, help="Draw where in each article the matches are.")
@click.option(
    "--all", "every", is_flag=True, help="List every reprint, not only the best of a text."
)
@format_options
@click.pass_obj
def kwic(
    session: Session,
    words: tuple[str, ...],
    width: int,
    limit: int | None,
    sort: str,
    plot: bool,
    every: bool,
    style: Format | None,
    narrowing: Narrowing,
) -> int:
    """Show each match of the query in its line of text (keyword in context).

    EXAMPLES
      pressclip kwic '"spy balloon" OR "ballon espion" OR 飞艇'
      pressclip kwic 'balloon NEAR/8 civilian' -w 12 -n 100
      pressclip kwic balloon --sort 1R,2R,1L -n 50
      pressclip kwic 'balloon story:balloon' --plot
      pressclip kwic 'title:balloon' --all -f csv > lines.csv

    Sort orders: relevance, recent, newest, oldest, seen, outlet. --plot draws each article as a
    line and gives the dispersion DP: near 0 when matches are spread evenly over the articles, near
    1 when a few articles have them all (Gries 2008).

    Headline and text are searched, and the lead where the text has no match. Exit status 1 when
    nothing matches.
    """
    require_words(words, "kwic")
    places = read_places(sort)
    order = cast("Sort", "oldest" if places else sort)
    width = max(width, *(abs(place) for place in places)) if places else width
    _, corpus = open_desk(session, narrowing)
    with corpus:
        tree = narrowing.understand(corpus, words)
        matches = corpus.match(tree)
        terminal = Terminal.of(session)
        chosen = chosen_format(style, terminal)
        if not matches.total:
            if chosen in ("json", "csv"):
                write(write_list([], FIELDS, chosen))
            for line in explain(corpus.explain_nothing(tree)):
                note(session, line)
            return 1
        rows = read_rows(corpus, matches, sort=order, fold=not every, width=width)
        if places:
            held, cut = sort_rows(rows, places)
            rows = iter(held)
            if cut:
                note(session, f"only the oldest {SORTED:,} lines were sorted; narrow the query")
        if plot:
            show_plot(terminal, chosen, header(corpus, matches, corpus.echo(tree)), rows, limit)
            return 0
        if chosen == "table":
            head = header(corpus, matches, corpus.echo(tree))
            terminal.show(_lines(head, list(islice(rows, (limit or LINES) + 1)), limit, terminal))
        else:
            write(write_list(islice(rows, limit), FIELDS, chosen))
        if told := behind(corpus):
            note(session, told)
    return 0


def _lines(
    head: str, rows: list[dict[str, Any]], limit: int | None, terminal: Terminal
) -> Iterator[str]:
    """The header and the lines, their matches one under the other."""
    shown = rows[: limit or LINES]
    yield from terminal.head(head)
    most = min(_OUTLET, terminal.width // 5)
    outlets = [shorten(one_line(row["outlet"]), most) for row in shown]
    width = max(map(cells, outlets), default=0)
    room = max(terminal.width - len("2023-02-04  ") - width - 2 - len("││"), 20)
    for row, outlet in zip(shown, outlets, strict=True):
        yield f"{row['day']:<10}  {pad(outlet, width)}  {_context(row, room, terminal)}"
    if len(rows) > len(shown):
        yield f"{counted(len(shown), 'line')} shown; -n {len(shown) * 5} shows more"


def _context(row: Row, room: int, terminal: Terminal) -> str:
    """What is before, as far as there is room, the match between bars, and what is after."""
    left, match, right = (_flat(row[name]) for name in ("left", "match", "right"))
    before = room * 2 // 5
    left = _last_words(left, before)
    match = shorten(match, room - before)
    right = _first_words(right.rstrip(), room - before - cells(match))
    between = paint(match, "bold", colored=terminal.colored)
    return f"{pad(isolate(left), before, right=True)}│{isolate(between)}│{isolate(right)}"


def _last_words(text: str, room: int) -> str:
    """The end of a text in that many cells, from the beginning of a word where there are spaces."""
    cut = text
    while cells(cut) > room:
        cut = cut[1:]
    if cut == text or text[-len(cut) - 1 : len(text) - len(cut)] == " ":
        return cut
    _, space, words = cut.partition(" ")
    return words if space and words.strip() else cut


def _first_words(text: str, room: int) -> str:
    """The beginning of a text in that many cells, to the end of a word where there are spaces."""
    short = shorten(text, room)
    if short == text or " " not in short.strip():
        return short
    return f"{short.rpartition(' ')[0]} …"


def _flat(text: str) -> str:
    """The text on one line, its spaces at the ends kept."""
    lead, trail = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if lead else ''}{one_line(text)}{' ' if trail and text.strip() else ''}"
