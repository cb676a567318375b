"""Days of a chart without a crawl; on such days nothing is known about what was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

from index.study.intervals import UNDATED, Interval
from index.text.wording import counted
from search_cli.output.render import one_line
from search_cli.view.charting import whole_intervals

if TYPE_CHECKING:
    from index.corpus import Corpus

ALL = "all"  # the row of a chart that counts every article
OTHERS = "others"  # the row of what has none of its own
SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Days of a chart without a crawl: at an outlet, and at any of them.

    `first` and `last` are the chart's ends, empty if nothing is dated; `known` tells whether any
    list was ever visited.
    """

    first: str = ""
    last: str = ""
    outlets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    nowhere: frozenset[str] = frozenset()
    known: bool = False
    by_outlet: bool = False

    @classmethod
    def of(cls, corpus: Corpus, days: Sequence[str], *, by_outlet: bool) -> Watch:
        """What the store knows of the days from the first to the last."""
        from index.coverage.outlet_health import unwatched_days

        dated = [day for day in days if day != UNDATED]
        if not dated:
            return cls()
        ends = date.fromisoformat(min(dated)), date.fromisoformat(max(dated))
        found = unwatched_days(corpus.store, *ends)
        outlets = {name: frozenset(map(date.isoformat, days)) for name, days in found.items()}
        nowhere = frozenset.intersection(*outlets.values()) if outlets else frozenset()
        return cls(
            first=min(dated), last=max(dated), outlets=outlets, nowhere=nowhere,
            known=bool(outlets), by_outlet=by_outlet,
        )  # fmt: skip

    def gaps(self, name: str, interval: Interval) -> frozenset[str]:
        """The intervals of a row without a crawl."""
        if not self.first:
            return frozenset()
        of_outlet = self.by_outlet and name not in (ALL, OTHERS)
        days = self.outlets.get(name, frozenset()) if of_outlet else self.nowhere
        return whole_intervals(days, self.first, self.last, interval)

    def knows(self, name: str) -> bool:
        """Whether it is known when the outlets of a row were crawled."""
        return name in self.outlets if self.by_outlet else self.known

    def missed(self, names: Mapping[str, str] = MappingProxyType({})) -> str:
        """Which outlets, by these names, were not looked at on some day, in one line; empty if none."""
        missed = [(name, len(days)) for name, days in sorted(self.outlets.items()) if days]
        told = ", ".join(
            f"{one_line(names.get(name, name))} ({counted(number, 'day')})"
            for name, number in missed[:SHOWN]
        )
        more = f" and {len(missed) - SHOWN} more" if len(missed) > SHOWN else ""
        return f"{told}{more}"
