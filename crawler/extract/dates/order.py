"""Whether 02/03/2023 is the second of March: by the country that a page is from, or else by its language."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

# CLDR's short dates with the month first: the United States and what they ruled.
MONTH_FIRST = frozenset({"us", "ph", "pr", "gu", "as", "vi", "mp", "fm", "pw", "mh", "um", "ca"})
AMERICAN_LANGUAGES = frozenset({"en", "fil", "tl", "chr", "haw", "nv", "lkt"})
COUNTRY_OF_DOMAIN = {"uk": "gb", "gov": "us", "mil": "us", "edu": "us", "su": "ru"}
# Sold to everybody: these say nothing of a country.
SOLD = frozenset(
    {
        "tv",
        "io",
        "co",
        "me",
        "ai",
        "fm",
        "to",
        "ly",
        "gg",
        "cc",
        "ws",
        "eu",
        "im",
        "is",
        "st",
        "vc",
        "la",
    }
)


def is_month_first(known: bool | None, language: str, country: str) -> bool:
    """The order of a date of numbers that both orders allow; `known` is the outlet's own, if any."""
    if known is not None:
        return known
    if country:
        # Canada's French papers put the day first.
        return country in MONTH_FIRST and (country != "ca" or language == "en")
    return language in AMERICAN_LANGUAGES


def country_of_host(url: str) -> str:
    """The country of an address, as two small letters, by the last part of its host; "" for none."""
    last = (urlsplit(url).hostname or "").rpartition(".")[2]
    if last in SOLD:
        return ""
    return COUNTRY_OF_DOMAIN.get(last, last if len(last) == 2 else "")


@cache
def country_of_zone(zone: str) -> str:
    """The country of a time zone of IANA (`Europe/London` is `gb`); "" where it has none."""
    from babel.core import get_global

    return str(get_global("zone_territories").get(zone, "")).lower()


def country_of_tag(tag: str) -> str:
    """The country that a language tag names: `en-IN` and `en_in` are of `in`; "" for none."""
    parts = tag.replace("_", "-").split("-")[1:]
    return next((part.lower() for part in parts if len(part) == 2 and part.isalpha()), "")
