"""`pressclip status`: what there is, how fresh it is, and what needs a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from typing import Any

import click

from index.coverage.census import Census, OutletCount, take_census
from index.errors import UsageError
from index.store import RunRecord, StoryCount
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.story import Story
from index.workspace.timezone import find_zone
from search_cli.commands.status_cluster import show_cluster
from search_cli.output.formats import chosen_format, emit, format_options
from search_cli.output.moments import moment, span, zone_of
from search_cli.output.render import Column, Format, one_line, to_json
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.backfill_summary import joined_lines
from search_cli.view.evidence import save_lines, save_record, stamp_lines, stamp_record
from search_cli.view.habits import change_told
from search_cli.view.outlet_health import (
    health_record,
    look_lines,
    outlooks,
    show_coverage,
    show_health,
)
from search_cli.view.related import event_line, events_of, look_command
from search_cli.view.source_health import source_health_lines, source_records

STORY_FIELDS = (
    "story",
    "articles",
    "texts",
    "outlets",
    "languages",
    "recent",
    "off_story",
    "newest",
    "mentions",
    "borderline",
)
OUTLET_COLUMNS = (
    Column(key="outlet", title="outlet", color="cyan"),
    Column(key="articles", title="articles", right=True),
    Column(key="last", title="last decision"),
    Column(key="outcomes", title="what became of its URLs", grows=True),
)
RUN_COLUMNS = (
    Column(key="run", title="run", right=True),
    Column(key="started", title="started"),
    Column(key="took", title="took"),
    Column(key="ended", title="ended"),
    Column(key="command", title="command", grows=True),
)
ENDINGS = {
    None: "unfinished",
    0: "ok",
    3: "some outlets failed or gave nothing",
    4: "failed",
    70: "a fault in pressclip",
    130: "interrupted",
}


@click.command()
@click.argument("story_id", metavar="[STORY]", required=False)
@click.option(
    "--outlets", "by_outlet", is_flag=True, help="Show what became of each outlet's URLs."
)
@click.option(
    "--coverage", is_flag=True, help="Estimate how much of each outlet's coverage is held."
)
@click.option(
    "--runs", "run_count", metavar="N", type=click.IntRange(1), help="Show the last N runs."
)
@click.option("--cluster", is_flag=True, help="Show a cluster: its buckets and workers.")
@click.option(
    "--queue", metavar="URL", help="With --cluster: its PostgreSQL [default: $PRESSCLIP_QUEUE]."
)
@format_options
@click.pass_obj
def status(
    session: Session,
    story_id: str | None,
    by_outlet: bool,
    coverage: bool,
    run_count: int | None,
    cluster: bool,
    queue: str | None,
    style: Format | None,
) -> None:
    """Show what the desk holds per story, how fresh it is and what needs attention.

    EXAMPLES
      pressclip status
      pressclip status balloon --json
      pressclip status --outlets
      pressclip status balloon --coverage
      pressclip status --runs 10
      pressclip status --cluster --queue postgresql://hub/clips
    """
    if cluster:
        show_cluster(session, queue, find_zone(session.zone), style)
        return
    if queue is not None:
        raise UsageError("--queue works only with --cluster")
    workspace = Workspace.find(session.directory)
    chosen = {story_id: workspace.story(story_id)} if story_id else workspace.stories()
    census = take_census(workspace.database, now=datetime.now(UTC), runs=run_count or 1)
    zone = zone_of(session, workspace)
    if not census.runs and (coverage or by_outlet or run_count):
        note(session, "No crawl yet.\nnext: pressclip crawl")
    if coverage:
        show_coverage(session, workspace, story_id or "", style)
    elif by_outlet:
        shown = style in (None, "table")
        found = outlooks(workspace)
        health = {} if shown else {one.outlet: health_record(one) for one in found}
        rows = [
            {**_outlet_row(outlet, zone, shown=shown), "health": health.get(outlet.outlet)}
            for outlet in census.outlets
        ]
        fields = (*(column.key for column in OUTLET_COLUMNS), "health")
        emit(session, rows, style=style, fields=fields, columns=OUTLET_COLUMNS)
        if shown:
            show_health(session, found, workspace)
    elif run_count:
        rows = [_run_row(run, zone) for run in census.runs]
        fields = tuple(column.key for column in RUN_COLUMNS)
        emit(session, rows, style=style, fields=fields, columns=RUN_COLUMNS)
    else:
        _show(session, workspace, chosen, census, style)


def _show(
    session: Session,
    workspace: Workspace,
    chosen: Mapping[str, Story],
    census: Census,
    style: Format | None,
) -> None:
    counts = [census.stories.get(name, StoryCount(story=name)) for name in chosen]
    terminal = Terminal.of(session)
    if style == "json":
        write([to_json(_record(workspace, census, counts)) + "\n"])
    elif chosen_format(style, terminal) == "table":
        indent = max((len(count.story) for count in counts), default=0) + 2
        lines = _lines(workspace, census, counts, zone_of(session, workspace))
        terminal.show(part for line in lines for part in terminal.fit(line, indent))
    else:
        rows = [{name: getattr(count, name) for name in STORY_FIELDS} for count in counts]
        emit(session, rows, style=style, fields=STORY_FIELDS, columns=())
    if not chosen:
        note(session, "No story yet.\nnext: pressclip story new ID")


def _record(workspace: Workspace, census: Census, counts: list[StoryCount]) -> dict[str, Any]:
    from index.corpus.engines import indexed_revision

    return {
        "workspace": str(workspace.root),
        **{
            name: getattr(census, name)
            for name in ("captures", "read", "articles", "texts", "mentions")
        },
        "waiting": census.waiting,
        "boilerplate": census.boilerplate,
        "revision": census.revision,
        "indexed_revision": indexed_revision(workspace),
        "stories": [asdict(count) for count in counts],
        "related_events": {count.story: events_of(workspace, count.story) for count in counts},
        "sources": {count.story: source_records(workspace, count.story) for count in counts},
        "stamps": stamp_record(workspace),
        "saves": save_record(workspace),
        "runs": [asdict(run) for run in census.runs],
        "failing": [asdict(page) for page in census.failing],
        "rebuilt": {outlet: asdict(change) for outlet, change in census.rebuilt.items()},
        "weak": {one.outlet: one.weak for one in outlooks(workspace, recall=False) if one.weak},
    }


def _lines(
    workspace: Workspace, census: Census, counts: list[StoryCount], zone: tzinfo
) -> Iterator[str]:
    width = max((len(count.story) for count in counts), default=0)
    for count in counts:
        yield from joined_lines(f"{count.story:<{width}}  ", _story_parts(count, zone))
        if count.borderline:
            told = f"{count.borderline:,} borderline, for you to decide on"
            yield f"{'':<{width}}  {told}: pressclip review {count.story}"
        for line in (
            *_related_lines(workspace, count),
            *source_health_lines(workspace, count.story, zone),
        ):
            yield f"{'':<{width}}  {line}"
    yield (
        f"store: {counted(census.captures, 'capture')} · {counted(census.read, 'article')} read · "
        f"{census.articles:,} in the corpus ({counted(census.texts, 'text')})"
    )
    if census.boilerplate:
        yield f"boilerplate: {counted(census.boilerplate, 'paragraph')} of outlets taken out of their texts"
    for outlet, change in census.rebuilt.items():
        yield f"{one_line(outlet)}: {change_told(change, zone)}"
        yield f"  look: pressclip outlet show {one_line(outlet)}"
    yield f"index: {_index_line(workspace, census)}"
    yield from stamp_lines(workspace, census.captures, zone)
    yield from save_lines(workspace, zone)
    yield f"last run: {_run_line(census.runs[0], zone) if census.runs else 'none'}"
    if census.waiting:
        yield f"waiting for the next crawl: {counted(census.waiting, 'page')}"
    yield from look_lines(outlooks(workspace, recall=False))
    if not census.runs:
        yield "next: pressclip crawl"


def _related_lines(workspace: Workspace, count: StoryCount) -> Iterator[str]:
    """What came in lately and tells of something else, and how to look at it."""
    for event in events_of(workspace, count.story) if count.articles else ():
        yield f"{event_line(event)}: {look_command(count.story)}"


def _story_parts(count: StoryCount, zone: tzinfo) -> list[str]:
    beside = [
        counted(count.mentions, "mention") if count.mentions else "",
        f"{count.off_story:,} off-story" if count.off_story and not count.articles else "",
    ]
    if not count.articles:
        return [part for part in ("no articles yet", *beside) if part]
    parts = [
        f"{counted(count.articles, 'article')} ({counted(count.texts, 'text')})",
        counted(count.outlets, "outlet"),
        counted(len(count.languages), "language"),
        f"+{count.recent:,} in a day" if count.recent else "",
        f"newest {moment(count.newest, zone)[:10]}" if count.newest else "",
        *beside,
    ]
    return [part for part in parts if part]


def _index_line(workspace: Workspace, census: Census) -> str:
    from index.corpus.engines import how_to_update, indexed_revision

    indexed, run = indexed_revision(workspace), how_to_update(workspace)
    if indexed is None:
        return "missing" if not census.revision else f"missing; run: {run}"
    behind = census.revision - indexed
    return f"{counted(behind, 'change')} behind; run: {run}" if behind > 0 else "up to date"


def _run_line(run: RunRecord, zone: tzinfo) -> str:
    row = _run_row(run, zone)
    took = f" ({row['took']})" if row["took"] else ""
    ago = span((datetime.now(UTC) - run.started).total_seconds())
    return f"{ago} ago ({row['started']})  {one_line(run.command)}  {row['ended']}{took}"


def _run_row(run: RunRecord, zone: tzinfo) -> dict[str, Any]:
    return {
        "run": run.id,
        "started": moment(run.started, zone),
        "took": span((run.ended - run.started).total_seconds()) if run.ended else "",
        "ended": ENDINGS.get(run.exit, f"exit {run.exit}"),
        "command": run.command,
    }


def _outlet_row(count: OutletCount, zone: tzinfo, *, shown: bool) -> dict[str, Any]:
    most = sorted(count.outcomes.items(), key=lambda item: -item[1])
    return {
        "outlet": count.outlet,
        "articles": count.articles,
        "last": moment(count.last, zone) if shown else count.last,
        "outcomes": ", ".join(f"{code} {number:,}" for code, number in most)
        if shown
        else count.outcomes,
    }
