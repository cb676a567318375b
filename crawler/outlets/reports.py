"""The lists of many outlets tried again, several sites at a time, and the repair of each outlet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from crawler.outlets import Discovery, discover
from crawler.outlets.checking import Checked, Repair, check_lists, propose
from crawler.refusal import Refusal
from crawler.urls import registered_domain
from crawler.wire.lookup import Lookup, look_around
from crawler.wire.web import Remembered, Web
from index.workspace import Workspace
from index.workspace.outlets import Outlet

AT_ONCE = 8  # sites; each is asked for one thing at a time

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletReport:
    """One outlet: its lists as they answer now, what is in the way of looking around, the repair."""

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

    `say` is told the id of each outlet as its turn comes. Raises `WorkspaceBusy` or `StorageError`.
    """

    def site(outlet: Outlet) -> str:
        return registered_domain(outlet.home)

    groups = [list(group) for _, group in groupby(sorted(outlets, key=site), key=site)]

    async def work(lookup: Lookup) -> list[OutletReport]:
        places = asyncio.Semaphore(AT_ONCE)

        async def check(group: Iterable[Outlet]) -> list[OutletReport]:
            async with places:
                web = Remembered(lookup)
                return [await _check(outlet, web, lookup.agent, say) for outlet in group]

        return [report for found in await asyncio.gather(*map(check, groups)) for report in found]

    order = {outlet.id: place for place, outlet in enumerate(outlets)}
    named = [url for outlet in outlets for url in _addresses(outlet)]
    reports = look_around(workspace, work, named=named)
    return sorted(reports, key=lambda report: order[report.outlet.id])


def _addresses(outlet: Outlet) -> tuple[str, ...]:
    return outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.sections


async def _check(outlet: Outlet, web: Web, agent: str, say: Say) -> OutletReport:
    say(outlet.id)
    lists = await check_lists(outlet, web, datetime.now(UTC))
    found = await discover(outlet.home, web, agent=agent)
    around = found if isinstance(found, Discovery) else None
    return OutletReport(
        outlet=outlet,
        lists=lists,
        closed=str(found) if isinstance(found, Refusal) else "",
        repairs=tuple(propose(outlet, lists, around)),
    )
