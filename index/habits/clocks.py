"""The time zone of an outlet's clock, by moments that its pages gave with their offset from UTC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from index.habits.values import Learned

LEAST = 3
FIT = 0.9  # of the moments; a page may be put in by a correspondent abroad
# Where no country is known: for each rule of summer time the zone in which most people live.
COMMON = (
    "Europe/Berlin", "America/New_York", "Europe/London", "Asia/Shanghai", "Asia/Kolkata", "Asia/Tokyo",
    "America/Chicago", "America/Los_Angeles", "America/Denver", "America/Sao_Paulo", "Europe/Moscow",
    "Europe/Kyiv", "Asia/Jakarta", "Asia/Karachi", "Asia/Dhaka", "Asia/Dubai", "Asia/Tehran",
    "Asia/Jerusalem", "Africa/Cairo", "Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi",
    "America/Bogota", "America/Caracas", "America/Phoenix", "America/Halifax", "America/St_Johns",
    "America/Santiago", "America/Anchorage", "Asia/Yangon", "Asia/Kathmandu", "Asia/Kabul",
    "Asia/Tashkent", "Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Pacific/Auckland",
    "Pacific/Honolulu", "Atlantic/Azores", "UTC",
)  # fmt: skip


def find_zone(offsets: Sequence[tuple[str, int]], country: str = "") -> Learned | None:
    """The IANA zone whose clock nearly all of the moments bear; None for fewer than three, or for none.

    A moment is ISO 8601 in UTC, its offset minutes east. Of the zones of `country` (ISO 3166-1) the first
    that fits, or else a common one: two zones with the same rules are one clock.
    """
    found = [(datetime.fromisoformat(moment), minutes) for moment, minutes in offsets]
    if len(found) < LEAST:
        return None
    own = list(_zones_of(country))
    for name in (*(name for name in COMMON if name in own), *own, *COMMON):
        try:
            zone = ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            continue
        fit = sum(at.astimezone(zone).utcoffset() == timedelta(minutes=m) for at, m in found)
        if fit >= FIT * len(found):
            return Learned(value=name, pages=fit, of=len(found))
    return None


def _zones_of(country: str) -> Iterator[str]:
    if country:
        from babel.core import get_global

        territories = get_global("zone_territories")
        yield from sorted(name for name, code in territories.items() if code == country.upper())
