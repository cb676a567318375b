"""What `pressclip status` says of the outlets' health and of how much of their coverage is held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from typing import Any

from index.coverage.estimates import Recall
from index.coverage.outlet_health import OutletHealth, look_at_outlets
from index.store import Store
from index.store.database import database_errors
from index.workspace import Workspace
from search_cli.output.formats import emit
from search_cli.output.moments import moment, zone_of
from search_cli.output.render import Column, Format, one_line
from search_cli.output.terminal import note
from search_cli.session import Session
from search_cli.view.source_health import recall_lines

SHOWN_GAPS = 3
COVERAGE_COLUMNS = (
    Column(key="outlet", title="outlet", color="cyan"),
    Column(key="held", title="held", right=True),
    Column(key="estimate", title="probably", right=True),
    Column(key="interval", title="95 %", right=True),
    Column(key="share", title="share", right=True),
    Column(key="channels", title="found by"),
    Column(key="remark", title="remark", grows=True),
)
COVERAGE_FIELDS = (
    "outlet",
    "held",
    "estimate",
    "low",
    "high",
    "share",
    "method",
    "channels",
    "why_not",
)


def outlooks(
    workspace: Workspace, *, story: str = "", recall: bool = True
) -> tuple[OutletHealth, ...]:
    """The outlook of every outlet; none before the first crawl. Raises `StorageError` children."""
    if not workspace.database.exists():
        return ()
    with (
        Store.open(workspace.database) as store,
        database_errors(workspace.database),
    ):
        now, outlets = datetime.now(UTC), workspace.outlets()
        return look_at_outlets(store, outlets, now=now, story=story, recall=recall)


def look_lines(found: tuple[OutletHealth, ...]) -> Iterator[str]:
    """Which outlets need attention, why, and what may fix it; nothing when all are healthy."""
    ailing = [one for one in found if one.ailing or one.weak]
    if not ailing:
        return
    yield (
        f"{len(ailing)} outlets need attention:" if len(ailing) > 1 else "1 outlet needs attention:"
    )
    for one in ailing:
        name = one_line(one.outlet)
        if one.weak:
            yield f"  {name}  {one.weak}"
        yield from (
            f"  {name}  {page.channel}  {why}  {one_line(page.url)}" for page, why in one.ailing
        )
    yield f"fix: pressclip outlet check{f' {one_line(ailing[0].outlet)}' if len(ailing) == 1 else ''}"


def show_coverage(session: Session, workspace: Workspace, story: str, style: Format | None) -> None:
    """Write how much of each outlet's coverage is held, by the overlap of its channels."""
    found = outlooks(workspace, story=story)
    shown = style in (None, "table")
    rows = [_shown_row(one) if shown else _row(one) for one in found]
    emit(session, rows, style=style, fields=COVERAGE_FIELDS, columns=COVERAGE_COLUMNS)
    if shown and rows:
        note(
            session,
            "Estimated from what channels named of each other's articles of the same time.",
        )
        chosen = [workspace.story(story)] if story else [*workspace.stories().values()]
        for line in recall_lines(workspace, chosen):
            note(session, line)


def remarks(outlook: OutletHealth, zone: tzinfo) -> Iterator[str]:
    """What needs attention at an outlet, a line each; nothing for a healthy one."""
    if outlook.weak:
        yield outlook.weak
        if outlook.changed:
            yield f"its level changed on {outlook.changed}"
    for page, why in outlook.ailing:
        yield f"{page.channel} {why}: {one_line(page.url)}"
    for gap in outlook.gaps[-SHOWN_GAPS:]:
        if (gap.ended - gap.began).total_seconds() > 86_400:
            yield f"not crawled from {moment(gap.began, zone)} to {moment(gap.ended, zone)}"


def health_record(outlook: OutletHealth) -> dict[str, Any]:
    """The outlook as JSON values, beside an outlet's counts."""
    return {
        "weak": outlook.weak or None,
        "level_changed": outlook.changed,
        "ailing": [{"url": page.url, "channel": page.channel, "why": why} for page, why in outlook.ailing],
        "gaps": [asdict(gap) for gap in outlook.gaps],
    }  # fmt: skip


def show_health(session: Session, found: tuple[OutletHealth, ...], workspace: Workspace) -> None:
    """Name what needs a look, under the table of the outlets."""
    zone = zone_of(session, workspace)
    for outlook in found:
        for remark in remarks(outlook, zone):
            note(session, f"  {one_line(outlook.outlet)}: {remark}")
    ailing = [outlook.outlet for outlook in found if outlook.ailing]
    if ailing:
        note(session, f"fix: pressclip outlet check{f' {ailing[0]}' if len(ailing) == 1 else ''}")


def _row(outlook: OutletHealth) -> dict[str, Any]:
    recall = outlook.recall
    estimate = recall.estimate
    return {
        "outlet": outlook.outlet,
        "held": recall.held,
        "estimate": round(estimate.total, 1) if estimate else None,
        "low": round(estimate.low, 1) if estimate else None,
        "high": round(estimate.high, 1) if estimate else None,
        "share": round(recall.share, 3) if recall.share is not None else None,
        "method": estimate.method if estimate else None,
        "channels": dict(recall.channels),
        "why_not": recall.why_not or None,
    }


def _shown_row(outlook: OutletHealth) -> dict[str, Any]:
    recall: Recall = outlook.recall
    estimate = recall.estimate
    named = sorted(recall.channels.items(), key=lambda item: -item[1])
    return {
        "outlet": outlook.outlet,
        "held": recall.held,
        "estimate": f"{estimate.total:.0f}" if estimate else "",
        "interval": f"{estimate.low:.0f}–{estimate.high:.0f}" if estimate else "",
        "share": f"{recall.share:.0%}" if recall.share is not None else "",
        "channels": ", ".join(f"{channel} {number:,}" for channel, number in named),
        "remark": estimate.method if estimate else recall.why_not,
    }
