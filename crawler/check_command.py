"""`pressclip outlet check`: try the lists of outlets.toml again, and repair what moved or is gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import groupby

import click

from crawler.fetch import Fetcher
from crawler.outlets import Discovery, discover
from crawler.outlets.checking import Checked, Repair, check_lists, propose
from crawler.refusal import Refusal
from crawler.urls import registered_domain
from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.outlets import Outlet
from index.workspace.outlets_edit import repair_lists
from search_cli.commandline.session import Session

AT_ONCE = 8  # sites; each is asked for one thing at a time
AILING, NOTHING_CAME = 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One outlet: its lists as they answer now, what stands in the way of looking around, the repair."""

    outlet: Outlet
    lists: tuple[Checked, ...]
    closed: str = ""
    repairs: tuple[Repair, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is left that needs a look, once the repair is made."""
        dropped = {repair.old for repair in self.repairs}
        dead = any(one.state == "dead" and one.url not in dropped for one in self.lists)
        return not dead and not any(one.ails for one in self.lists)


@click.command()
@click.argument("outlet_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="For programs: one object an outlet.")
@click.pass_obj
def check(session: Session, outlet_id: str | None, as_json: bool) -> int:
    """Try the feeds, sitemaps and sections of outlets.toml again, and repair the file.

    EXAMPLES
      pressclip outlet check                       every outlet
      pressclip outlet check prairie-courier.example
      pressclip outlet check --no-input            take the repair as it is proposed
      pressclip outlet check --json < /dev/null    only tell

    For each list: answers, moved (permanently), stale (nothing new for longer than its own rhythm
    allows), blocked (refused, or a bot wall in its place), dead, fails. The repair follows what
    moved, drops what is dead and adds what is new; it is shown before it is written, and comments
    and order are kept. Blocked and failing lists stay. Exit status 3 when something is left that
    needs a look, 4 when nothing answers at all.
    """
    workspace = Workspace.find(session.directory)
    outlets = workspace.outlets()
    chosen = [outlets.get(outlet_id)] if outlet_id else list(outlets)
    if not chosen:
        raise UsageError(
            f"{workspace.outlets_file}: no outlet yet", hint="pressclip outlet add URL"
        )
    reports = _look_at_all(chosen, workspace, session)
    for report in reports:
        for line in [_record(report)] if as_json else describe(report):
            click.echo(line)
    _repair(session, workspace, reports)
    if not any(one.state not in ("fails", "blocked") for report in reports for one in report.lists):
        return NOTHING_CAME
    return 0 if all(report.is_sound for report in reports) else AILING


def describe(report: Report) -> Iterator[str]:
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


def _look_at_all(outlets: Sequence[Outlet], workspace: Workspace, session: Session) -> list[Report]:
    """The reports in the order of the outlets; those of one site are looked at one after the other."""

    def site(outlet: Outlet) -> str:
        return registered_domain(outlet.home)

    places = {outlet.id: place for place, outlet in enumerate(outlets)}
    groups = [list(group) for _, group in groupby(sorted(outlets, key=site), key=site)]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        found = pool.map(lambda group: list(_look_at(group, workspace, session)), groups)
        reports = [report for group in found for report in group]
    return sorted(reports, key=lambda report: places[report.outlet.id])


def _look_at(group: Iterable[Outlet], workspace: Workspace, session: Session) -> Iterator[Report]:
    fetcher = Fetcher.of(workspace)
    fetch = cache(fetcher)
    for outlet in group:
        if not session.quiet:
            click.echo(f"looking at {outlet.id} …", err=True)
        fetcher.delay = workspace.delay if outlet.delay is None else outlet.delay
        for url in (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections):
            fetcher.admit_port(url)
        lists = check_lists(outlet, fetch, datetime.now(UTC))
        found = discover(outlet.home, fetch, agent=fetcher.agent)
        around = found if isinstance(found, Discovery) else None
        yield Report(
            outlet=outlet,
            lists=lists,
            closed=str(found) if isinstance(found, Refusal) else "",
            repairs=tuple(propose(outlet, lists, around)),
        )


def _repair(session: Session, workspace: Workspace, reports: Sequence[Report]) -> None:
    """Ask and write; says what came of it."""
    wanted = {report.outlet.id: report.repairs for report in reports if report.repairs}
    number = sum(map(len, wanted.values()))
    if not number:
        return
    changes = counted(number, "change")
    if session.ask and not click.confirm(
        f"Write {changes} to outlets.toml?", default=True, err=True
    ):
        click.echo("Nothing was changed.", err=True)
        return
    repair_lists(
        workspace.outlets_file,
        {name: [(one.key, one.old, one.new) for one in found] for name, found in wanted.items()},
    )
    if not session.quiet:
        click.echo(f"outlets.toml: {changes} written\nnext: pressclip crawl", err=True)


def _spell(repair: Repair) -> str:
    if repair.old and repair.new:
        return f"{repair.key}: {repair.old} → {repair.new}"
    return f"{repair.key}: add {repair.new}" if repair.new else f"{repair.key}: drop {repair.old}"


def _record(report: Report) -> str:
    record = {
        "outlet": report.outlet.id,
        "sound": report.is_sound,
        "lists": [asdict(one) for one in report.lists],
        "closed": report.closed or None,
        "repairs": [asdict(one) for one in report.repairs],
    }
    return json.dumps(record, ensure_ascii=False)
