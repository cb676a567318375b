"""`pressclip outlet check`: try the lists of outlets.toml again, and repair what moved or is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.outlets_edit import repair_lists
from search_cli.commandline.lazy import load
from search_cli.output.questions import confirm
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session

if TYPE_CHECKING:
    from crawler.outlets.checking import Repair
    from crawler.outlets.reports import OutletReport

AILING, NOTHING_CAME = 3, 4


@click.command()
@click.argument("outlet_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per outlet.")
@click.pass_obj
def check(session: Session, outlet_id: str | None, as_json: bool) -> int:
    """Check every feed, sitemap and section in outlets.toml, and repair the file.

    EXAMPLES
      pressclip outlet check                       every outlet
      pressclip outlet check prairie-courier.example
      pressclip outlet check --no-input            take the proposed repair
      pressclip outlet check --json < /dev/null    only tell

    Each list answers, has moved (permanently), is stale (silent for longer than usual), is blocked
    (refused, or behind a bot wall), is dead, or fails. The repair follows what moved, drops what is
    dead and adds what is new. You see it before it is written; comments and order are kept. Blocked
    and failing lists stay. Exit status 3 when something still needs attention, 4 when nothing
    answers.
    """
    workspace = Workspace.find(session.directory)
    outlets = workspace.outlets()
    chosen = [outlets.get(outlet_id)] if outlet_id else list(outlets)
    if not chosen:
        raise UsageError(
            f"{workspace.outlets_file}: no outlet yet", hint="pressclip outlet add URL"
        )
    reports: list[OutletReport] = load("crawler.outlets.reports:check_outlets")(
        chosen, workspace, lambda name: note(session, f"looking at {name} …")
    )
    if as_json:
        write(f"{_record(report)}\n" for report in reports)
    else:
        Terminal.of(session).show(line for report in reports for line in describe(report))
    _repair(session, workspace, reports)
    if all(report.is_silent for report in reports):
        return NOTHING_CAME
    return 0 if all(report.is_sound for report in reports) else AILING


def describe(report: OutletReport) -> Iterator[str]:
    """The lines that tell of one outlet: what is sound in one, each other list in its own."""
    told = [one for one in report.lists if one.state != "answers"]
    answering = sum(one.state in ("answers", "moved", "stale") for one in report.lists)
    yield f"{report.outlet.id}   {answering} of {len(report.lists)} lists answer"
    for one in told:
        where = f" → {one.moved_to}" if one.moved_to else ""
        yield f"  {one.state:<8} {one.kind:<8} {one.url}{where}{one.detail and f'  {one.detail}'}"
    if report.closed:
        yield f"  not looked for new lists: {report.closed}"
    for repair in report.repairs:
        yield f"  repair: {_spell(repair)}"


def _repair(session: Session, workspace: Workspace, reports: Sequence[OutletReport]) -> None:
    """Ask and write; says what came of it."""
    wanted = {report.outlet.id: report.repairs for report in reports if report.repairs}
    number = sum(map(len, wanted.values()))
    if not number:
        return
    changes = counted(number, "change")
    if session.ask and not confirm(f"Write {changes} to outlets.toml?", option="--no-input"):
        note(session, "Nothing was changed.")
        return
    repair_lists(
        workspace.outlets_file,
        {name: [(one.key, one.old, one.new) for one in found] for name, found in wanted.items()},
    )
    note(session, f"outlets.toml: {changes} written\nnext: pressclip crawl")


def _spell(repair: Repair) -> str:
    if repair.old and repair.new:
        return f"{repair.key}: {repair.old} → {repair.new}"
    return f"{repair.key}: add {repair.new}" if repair.new else f"{repair.key}: drop {repair.old}"


def _record(report: OutletReport) -> str:
    record = {
        "outlet": report.outlet.id,
        "sound": report.is_sound,
        "lists": [asdict(one) for one in report.lists],
        "closed": report.closed or None,
        "repairs": [asdict(one) for one in report.repairs],
    }
    return json.dumps(record, ensure_ascii=False)
