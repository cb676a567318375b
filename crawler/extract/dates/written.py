"""Dates with the name of a month, in any order of day, month and year: `4 de febrero de 2023`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.extract.dates.cldr_names import month_number

PIECE = re.compile(r"\d+|[^\d\s.,/()\[\]:;|–—\-−+·•«»\"“”!?&@#%*=<>{}_\\،。、，：‎‏]+")
CLOCK = re.compile(r"\d{1,2}[:：]\d\d(?:[:：]\d\d(?:[.,]\d+)?)?(?:\s*[+-]\d\d:?\d\d(?!\d))?")
NUMBERED = re.compile(
    r"(?P<day>\d{1,2})\s*(?:tháng|th)\s*\.?(?P<month>\d{1,2})\D{1,8}(?P<year>\d{4})"
    r"|(?P<year2>\d{4})\s*оны\s*(?P<month2>\d{1,2})\D{1,10}(?P<day2>\d{1,2})",
    re.IGNORECASE,
)
LONGEST_NAME = 3  # words
REACH = 4  # words between the parts of one date
NUMBERS = 3
YEARS = range(1300, 2600)
Found = tuple[int, int, int, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    text: str
    start: int
    end: int

    @property
    def number(self) -> int:
        """The number that the piece is; -1 for a word."""
        return int(self.text) if self.text.isdecimal() and len(self.text) <= 4 else -1


def find_written(text: str, language: str = "") -> Found | None:
    """Year, month, day and the span of the first date with a month's name in a text, or None."""
    if match := NUMBERED.search(text):
        year, month, day = (
            int(match[name] or match[f"{name}2"]) for name in ("year", "month", "day")
        )
        return year, month, day, match.span()
    free = CLOCK.sub(lambda clock: " " * (len(clock[0]) - 1) + "\x00", text)
    pieces = [_Piece(text=one[0], start=one.start(), end=one.end()) for one in PIECE.finditer(free)]
    named = list(_months(pieces, language))
    for place, (first, last, month) in enumerate(named):
        # Past another month's name is another date, or a day of the week: `mar. 4 févr. 2023`.
        floor = next((one[1] + 1 for one in named[:place][::-1] if one[2] != month), 0)
        ceiling = next((one[0] for one in named[place + 1 :] if one[2] != month), len(pieces))
        before, behind = pieces[floor:first][::-1], pieces[last + 1 : ceiling]
        if found := _around(before, behind):
            year, day, used = found
            span = min(pieces[first].start, *used), max(pieces[last].end, *used)
            return year, month, day, span
    return None


def _months(pieces: Sequence[_Piece], language: str) -> Iterator[tuple[int, int, int]]:
    """First and last piece and number of each month's name, the longest first at each place."""
    first = 0
    while first < len(pieces):
        count, month = _name_at(pieces, first, language)
        if month:
            yield first, first + count - 1, month
        first += count


def _name_at(pieces: Sequence[_Piece], first: int, language: str) -> tuple[int, int]:
    """How many pieces the longest name of a month from here has, and the month; (1, 0) for none."""
    for count in range(min(LONGEST_NAME, len(pieces) - first), 0, -1):
        words = [one.text for one in pieces[first : first + count]]
        if not any(map(str.isdecimal, words)) and (
            month := month_number(" ".join(words), language)
        ):
            return count, month
    return 1, 0


def _around(
    preceding: Sequence[_Piece], following: Sequence[_Piece]
) -> tuple[int, int, tuple[int, ...]] | None:
    """Year, day and the places of both, by the numbers before (nearest first) and behind a month."""
    before, behind = _numbers(preceding[:REACH]), _numbers(following[: 2 * REACH])
    orders = (
        (behind[:1], behind[1:2]),  # February 4, 2023
        (before[:1], behind[:1]),  # 4 February 2023
        (before[:1], before[1:2]),  # 2023. gada 4. februāris
        (behind[:1], before[:1]),  # 2023. február 4.
    )
    for days, years in orders:
        if days and years and _is_day(days[0]) and _is_year(years[0]):
            day, year = days[0], years[0]
            return year.number, day.number, (day.start, day.end, year.start, year.end)
    return None


def _numbers(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The first few numbers, up to where the words between them are too many."""
    found: list[_Piece] = []
    words = 0
    for piece in pieces:
        if piece.number < 0:
            words += 1
            if words > REACH or piece.text == "\x00":
                continue
        else:
            found.append(piece)
            words = 0
    return found[:NUMBERS]


def _is_day(piece: _Piece) -> bool:
    return len(piece.text) <= 2 and 1 <= piece.number <= 31


def _is_year(piece: _Piece) -> bool:
    return len(piece.text) == 4 and piece.number in YEARS
