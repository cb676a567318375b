"""`pressclip timeline`: how many of the matching articles were published when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from index.errors import UsageError
from index.study.intervals import INTERVALS, Interval, group_days
from search_cli.asking.grouping import by_option, frames_for, read_groups
from search_cli.asking.narrowing import Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import chosen_format, format_options, refuse_own_file, write_list
from search_cli.output.pictures import (
    boxes_told,
    check_picture,
    picture_option,
    write_picture,
)
from search_cli.output.render import Format
from search_cli.output.terminal import Terminal, note, warn, write
from search_cli.session import Session
from search_cli.view.charting import (
    GAP,
    chart_lines,
    ends_of,
    fitting,
    room_for_blocks,
    scale_line,
    share_lines,
)
from search_cli.view.listing import behind, explain, header
from search_cli.view.timeline_rows import (
    Days,
    count_days,
    timeline_fields,
    timeline_picture,
    timeline_rows,
)
from search_cli.view.watching import ALL, OTHERS, Watch

ROWS_SHOWN = 12


@click.command()
@query_options
@by_option("A row for each outlet, lang, country, frame, …; several give a grid.")
@click.option(
    "--interval", type=click.Choice(INTERVALS), default="day",
    help="Interval [default: day; a chart takes a longer one to fit].",
)  # fmt: skip
@click.option(
    "--share", is_flag=True, help="With --by: show shares of each interval instead of counts."
)
@picture_option("Also as a picture: FILE.svg or FILE.png.")
@format_options
@click.pass_obj
def timeline(
    session: Session,
    words: tuple[str, ...],
    by: tuple[str, ...],
    interval: Interval,
    share: bool,
    picture: Path | None,
    style: Format | None,
    narrowing: Narrowing,
) -> int:
    """Count matching articles by day, week, month or year of publication.

    EXAMPLES
      pressclip timeline story:balloon
      pressclip timeline '"spy balloon"' --by lang --interval week
      pressclip timeline story:balloon --by outlet -f csv > days.csv
      pressclip timeline story:balloon --by frame --share
      pressclip timeline story:balloon --by country,kind
      pressclip timeline story:balloon --by lang --picture days.svg

    Counts equal those of `pressclip search`: every reprint counts, and so do undated articles. A
    frame is a set of words defined in [frames] of the story file; an article can have several
    frames or none. Groups: outlet, collection, lang, country, kind, agency, section, author,
    speaker, story, is, changed, frame. ░ marks an empty interval in which no outlet (with --by
    outlet: not this one) was crawled. For programs there is one row per interval and value with
    articles or without a crawl (watched: false); the interval is given by its first day, and is
    empty for undated articles. Exit status 1 when nothing matches.
    """
    require_words(words, "timeline")
    groups = read_groups(by)
    check_picture(picture)
    if share and not groups:
        raise UsageError(
            "--share works only with --by", hint="pressclip timeline QUERY --by lang --share"
        )
    workspace, corpus = open_desk(session, narrowing)
    with corpus:
        tree = narrowing.understand(corpus, words)
        matches = corpus.match(tree)
        terminal = Terminal.of(session)
        chosen = chosen_format(style, terminal)
        if not matches.total:
            if chosen in ("json", "csv"):
                write(write_list([], timeline_fields(share=share), chosen))
            for line in explain(corpus.explain_nothing(tree)):
                note(session, line)
            return 1
        frames = frames_for(workspace, tree, groups, "timeline")
        days = count_days(corpus, tree, groups, frames)
        whole = corpus.count_facet(matches, "day")
        watch = Watch.of(corpus, list(whole), by_outlet=groups == ("outlet",))
        if picture is not None:
            refuse_own_file(workspace, picture)
            drawn = timeline_picture(corpus.echo(tree), days, whole, interval, watch, share=share)
            write_picture(picture, drawn)
            note(session, f"wrote {picture}: {drawn.alt}")
            if told := boxes_told(picture, drawn):
                warn(told)
        if chosen == "table":
            head = header(corpus, matches, corpus.echo(tree))
            terminal.show(_chart(head, days, whole, interval, terminal, watch, share=share))
        else:
            of = group_days(whole, interval)
            rows = [
                row for name in days for row in timeline_rows(name, days[name], interval, of, watch)
            ]
            write(write_list(rows, timeline_fields(share=share), chosen))
        if told := behind(corpus):
            note(session, told)
    return 0


def _sum(rows: Days) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counts in rows.values():
        total.update(counts)
    return dict(total)


def _chart(
    head: str,
    days: Days,
    whole: Mapping[str, int],
    wanted: Interval,
    terminal: Terminal,
    watch: Watch,
    *,
    share: bool,
) -> Iterator[str]:
    """The header and the rows; small ones together, and a row of all where there are several."""
    names = list(days)
    shown = {name: days[name] for name in names[:ROWS_SHOWN]}
    if len(names) > ROWS_SHOWN:
        shown[OTHERS] = _sum({name: days[name] for name in names[ROWS_SHOWN:]})
    if len(shown) > 1 and not share:
        shown = {ALL: whole, **shown}
    room = room_for_blocks(list(shown), terminal)
    every = list(whole)
    interval = fitting(every, wanted, room)
    told = f"{head} · {'share ' if share else ''}by {interval}, {ends_of(every)}"
    yield from terminal.head(told)
    counts = {name: group_days(row, interval) for name, row in shown.items()}
    gaps = {name: watch.gaps(name, interval) for name in counts}
    if share:
        lines = share_lines(counts, group_days(whole, interval), interval, terminal, gaps)
    else:
        lines = chart_lines(counts, interval, terminal, gaps)
    drawn = False
    for line in lines:
        drawn = drawn or GAP in line
        yield line
    scale = f"█ = all of a {interval}" if share else scale_line(counts, interval)
    if scale:
        yield scale
    if missed := watch.missed():
        yield f"{f'{GAP} = ' if drawn else ''}not crawled: {missed}"
