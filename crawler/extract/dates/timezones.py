"""Zones as papers name them: summer time goes by the day, a name of several countries by the country."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

# Hours from UTC; a name of IANA where the name means one place's time, summer and winter.
NAMES: dict[str, float | str] = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "мск": 3, "trt": 3, "bst": "Europe/London", "ist": 5.5, "idt": 3,
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9,
    "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "hne": -5, "hae": -4, "hnc": -6,
    "hac": -5, "hnp": -8, "hap": -7, "brt": -3, "art": -3, "clt": -4, "clst": -3, "cot": -5, "pet": -5,
    "vet": -4, "bot": -4, "uyt": -3, "wat": 1, "cat": 2, "eat": 3, "sast": 2, "gst": 4, "pkt": 5, "npt": 5.75,
    "bdt": 6, "ict": 7, "wib": 7, "wita": 8, "wit": 9, "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "phst": 8,
    "awst": 8, "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "eastern": "America/New_York", "central european time": "Europe/Berlin",
    "central": "America/Chicago", "mountain": "America/Denver", "pacific": "America/Los_Angeles",
    "北京时间": 8, "北京時間": 8, "台北時間": 8, "臺北時間": 8, "香港時間": 8, "日本時間": 9, "한국시간": 9,
    "по московскому времени": 3, "по москве": 3, "по киеву": "Europe/Kyiv", "за києвом": "Europe/Kyiv",
}  # fmt: skip
# What a name means in a country that is not the one it mostly means.
ABROAD: dict[tuple[str, str], float | str] = {
    ("ist", "ie"): "Europe/Dublin", ("ist", "il"): "Asia/Jerusalem", ("bst", "bd"): 6, ("cst", "cn"): 8,
    ("cst", "tw"): 8, ("cst", "hk"): 8, ("cst", "cu"): "America/Havana", ("cst", "au"): 9.5,
    ("est", "au"): "Australia/Sydney", ("edt", "au"): 11, ("wst", "au"): 8, ("pst", "ph"): 8,
    ("mst", "my"): 8, ("mst", "mm"): 6.5, ("sst", "sg"): 8, ("ast", "sa"): 3, ("ast", "iq"): 3,
    ("ast", "kw"): 3, ("ast", "qa"): 3, ("pt", "pt"): "Europe/Lisbon", ("he", "ca"): "America/Toronto",
    ("et", "ca"): "America/Toronto", ("ct", "ca"): "America/Winnipeg", ("mt", "ca"): "America/Edmonton",
    ("pt", "ca"): "America/Vancouver", ("gst", "gu"): 10,
}  # fmt: skip
OFFSET = re.compile(
    r"\s*[\[(]?(?:(?:utc|gmt)\s*)?([+\-−])\s*(\d{1,2})(?:[:.h]?(\d\d))?(?!\d)", re.IGNORECASE
)
SPELLED = r"(?:\s+(?:standard|daylight|summer))?(?:\s+time)?"
ZONE = re.compile(
    r"[\s,]*[\[(]?\s*("
    + "|".join(sorted({*NAMES, *(name for name, _ in ABROAD)}, key=len, reverse=True))
    + rf"){SPELLED}(?!\w)",
    re.IGNORECASE,
)
FARTHEST = timedelta(hours=14)
MIDNIGHT, FEW_ZONES = time(), 4


def find_zone(name: str) -> tzinfo:
    """The zone of that IANA name; UTC when there is none."""
    try:
        return ZoneInfo(name) if name else UTC
    except (KeyError, ValueError, OSError):
        return UTC


def is_midnight_in(moment: datetime, country: str) -> tzinfo | None:
    """The zone of that country where a moment is the first of a day, if it has few zones; else None.

    `country` is a two-letter code in lower case.
    """
    zones = _zones_of(country.upper())
    at_midnight = (
        zone for zone in map(find_zone, zones) if moment.astimezone(zone).time() == MIDNIGHT
    )
    return next(at_midnight, None) if len(zones) <= FEW_ZONES else None


@cache
def _zones_of(country: str) -> tuple[str, ...]:
    from babel.core import get_global

    territories = get_global("zone_territories")
    return tuple(zone for zone, territory in territories.items() if territory == country)


def read_zone(text: str, country: str = "") -> tzinfo | None:
    """The zone with which a text begins (`+02:00`, `GMT+2`, `ET`, `(IST)`); None for none.

    `country` is a two-letter code in lower case; it settles names that several countries use.
    """
    if match := OFFSET.match(text):
        delta = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return None if delta > FARTHEST else _fixed(-delta if match[1] != "+" else delta)
    if match := ZONE.match(text):
        name = match[1].lower()
        return _zone(ABROAD.get((name, country)) or NAMES.get(name))
    return None


@cache
def _zone(value: float | str | None) -> tzinfo | None:
    if value is None:
        return None
    return find_zone(value) if isinstance(value, str) else _fixed(timedelta(hours=value))


def _fixed(delta: timedelta) -> tzinfo:
    return timezone(delta) if delta else UTC
