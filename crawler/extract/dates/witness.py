"""Who said what of a page's dates, and how the order of a date of numbers is settled among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from crawler.extract.dates.dateline import find_datelines
from crawler.extract.dates.evidence import RAW_LIMIT, Role
from crawler.extract.dates.parse import EARLIEST, Clues, Moment, parse_moment
from crawler.extract.dates.relative import parse_relative
from crawler.extract.page import Page

SURE, LIKELY, POSSIBLE = 2.8, 1.8, -1.2
BEHIND = 2.5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """One date as somebody wrote it, and what it was read as; None when that is impossible.

    `sure` is False for what may be the date of something else; `likely` tells of a visible date that it
    is more so than what a search of all the page finds. `impossible` says that a date was
    read, but is before the web or after the fetch. `settled` says how the order of a date of numbers
    was found.
    """

    role: Role
    source: str
    raw: str
    moment: Moment | None
    sure: bool = True
    likely: bool = False
    impossible: bool = False
    settled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads the dates of one page: with its clues, in the bounds of what can be."""

    clues: Clues
    fetched: datetime
    latest: datetime

    def parse(self, text: str) -> Moment | None:
        """The date of a text; of the two orders of numbers one that is possible."""
        moment = parse_moment(text, self.clues)
        if moment is not None and moment.order == "either" and not self.is_possible(moment):
            other = self.turned(text, moment)
            return other if self.is_possible(other) else moment
        return moment

    def turned(self, text: str, moment: Moment) -> Moment | None:
        """The same text read in the other order of day and month."""
        one, two = (
            parse_moment(text, replace(self.clues, month_first=order)) for order in (True, False)
        )
        return two if one is not None and one.day == moment.day else one

    def read(self, text: str) -> Moment | None:
        """The possible date of a text that a reader sees, written out or told from now."""
        moment = self.parse(text)
        zone = self.clues.zone
        if moment is None and (told := parse_relative(text, self.fetched.astimezone(zone))):
            value, precision = told
            utc = value.replace(tzinfo=UTC) if precision == "day" else value.astimezone(UTC)
            moment = Moment(value=utc, precision=precision, day=value.date(), zone=str(zone))
        return moment if self.is_possible(moment) else None

    def is_possible(self, moment: Moment | None) -> bool:
        """Whether the moment is neither before the web nor after the latest that can be."""
        return moment is not None and EARLIEST <= moment.value <= self.latest

    def witness(self, role: Role, source: str, raw: str, *, sure: bool = True) -> Witness:
        """What a source says of that role; its moment is None if it is not a possible date."""
        moment = self.parse(raw)
        return Witness(
            role=role,
            source=source,
            raw=raw[:RAW_LIMIT],
            moment=moment if self.is_possible(moment) else None,
            sure=sure,
            impossible=moment is not None and not self.is_possible(moment),
        )

    def settle(self, some: Sequence[Witness], heard: Sequence[Witness]) -> list[Witness]:
        """The witnesses whose numbers allow two orders, each in the order that the others bear out."""
        return [
            self._settled(one, heard) if one.moment and one.moment.order == "either" else one
            for one in some
        ]

    def _settled(self, one: Witness, heard: Sequence[Witness]) -> Witness:
        other = None if one.moment is None else self.turned(one.raw, one.moment)
        if one.moment is None or other is None or not self.is_possible(other):
            return one
        clear = [who for who in heard if who.moment and who.moment.order != "either"]
        days = [
            (who.source, who.moment.day) for who in clear if who.moment and who.role == one.role
        ]
        for moment in (one.moment, other):
            if near := next((who for who, day in days if abs(day - moment.day) <= DAY), ""):
                return replace(one, moment=moment, settled=near)
        orders = {who.moment.order for who in clear if who.moment and who.moment.order}
        if len(orders) == 1 and orders != {order_of(one.moment, one.raw)}:
            return replace(one, moment=other, settled="the page's other dates")
        return one

    def visible(self, page: Page) -> list[Witness]:
        """The six likeliest of the visible dates that are surely the page's, six that may be."""
        found = find_datelines(page.walk, page.headline, self.read)
        if found and found[0].role == "updated":  # far behind it stand the dates of other articles
            least = found[0].score - BEHIND
            found = [line for line in found if line.role == "updated" or line.score >= least]
        sure = [line for line in found if line.score >= SURE][:6]
        weak = [line for line in found if POSSIBLE <= line.score < SURE][:6]
        return [
            Witness(
                role=line.role,
                source="visible",
                raw=line.raw,
                moment=line.moment,
                sure=line.score >= SURE,
                likely=line.score >= LIKELY,
            )
            for line in (*sure, *weak)
        ]


def order_of(moment: Moment, raw: str) -> str:
    """The order in which a date of numbers was read."""
    first = int(next(iter(re.findall(r"\d+", raw)), "0"))
    return "day first" if first == moment.day.day else "month first"
