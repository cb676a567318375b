"""The key of a request to a source of past coverage: what was asked, and what of its answer was taken.

`20230204120000 in:2023-02-04..2023-02-05 only:en apnews.com`: a file, of which only articles of two days,
in one language and of one outlet were taken. What was left is asked for again by who wants it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

BOUND = " only:"  # before the languages and outlets
_WITHIN = re.compile(r" in:(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$")

Days = tuple[date, date]
"""The first and the last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedKey:
    """A key in its parts: `days` for which an answer was taken, None for all that it has.

    `only` is the languages and outlets with their mark, empty for all.
    """

    plain: str
    days: Days | None = None
    only: str = ""

    @classmethod
    def parse(cls, key: str) -> AskedKey:
        """The parts of a key as the store has it."""
        rest, mark, only = key.partition(BOUND)
        found = _WITHIN.search(rest)
        if found is None:
            return cls(plain=rest, only=f"{mark}{only}")
        try:
            days = date.fromisoformat(found[1]), date.fromisoformat(found[2])
        except ValueError:
            return cls(plain=rest, only=f"{mark}{only}")
        return cls(plain=rest[: found.start()], days=days, only=f"{mark}{only}")

    def __str__(self) -> str:
        within = f" in:{self.days[0]}..{self.days[1]}" if self.days else ""
        return f"{self.plain}{within}{self.only}"

    def holds(self, day: date) -> bool:
        """Whether articles of a day were taken."""
        return self.days is None or self.days[0] <= day <= self.days[1]

    def answers(self, other: AskedKey) -> bool:
        """Whether all that the other key wants was taken with this one."""
        return (
            self.plain == other.plain
            and self.only in ("", other.only)
            and (
                self.days is None
                or (other.days is not None and all(self.holds(day) for day in other.days))
            )
        )
