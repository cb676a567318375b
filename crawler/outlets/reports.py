"""The lists of many outlets tried again, several sites at a time, and the repair of each outlet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import groupby

from crawler.fetch import Fetcher
from crawler.outlets import Discovery, discover
from crawler.outlets.checking import Checked, Repair, check_lists, propose
from crawler.refusal import Refusal
from crawler.urls import registered_domain
from index.workspace import Workspace
from index.workspace.outlets import Outlet

AT_ONCE = 8  # sites; each is asked for one thing at a time

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletReport:
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

    @property
    def is_silent(self) -> bool:
        """Whether not one list answers."""
        return all(one.state in ("fails", "blocked") for one in self.lists)


def check_outlets(outlets: Sequence[Outlet], workspace: Workspace, say: Say) -> list[OutletReport]:
    """The reports in the order of the outlets; those of one site are looked at one after the other.

    `say` is told the id of each outlet as its turn comes, from any thread.
    """

    def site(outlet: Outlet) -> str:
        return registered_domain(outlet.home)

    places = {outlet.id: place for place, outlet in enumerate(outlets)}
    groups = [list(group) for _, group in groupby(sorted(outlets, key=site), key=site)]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        found = pool.map(lambda group: list(_check(group, workspace, say)), groups)
        reports = [report for group in found for report in group]
    return sorted(reports, key=lambda report: places[report.outlet.id])


def _check(group: Iterable[Outlet], workspace: Workspace, say: Say) -> Iterator[OutletReport]:
    fetcher = Fetcher.of(workspace)
    fetch = cache(fetcher)
    for outlet in group:
        say(outlet.id)
        fetcher.delay = workspace.delay if outlet.delay is None else outlet.delay
        for url in (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections):
            fetcher.admit_port(url)
        lists = check_lists(outlet, fetch, datetime.now(UTC))
        found = discover(outlet.home, fetch, agent=fetcher.agent)
        around = found if isinstance(found, Discovery) else None
        yield OutletReport(
            outlet=outlet,
            lists=lists,
            closed=str(found) if isinstance(found, Refusal) else "",
            repairs=tuple(propose(outlet, lists, around)),
        )
