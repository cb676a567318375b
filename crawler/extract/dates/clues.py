"""Where a page was written: its language, its country and its clock, for dates that leave these open."""

from __future__ import annotations

from crawler.extract.dates.order import country_of_host, country_of_tag, country_of_zone
from crawler.extract.dates.parse import Clues
from crawler.extract.dates.timezones import find_zone
from crawler.extract.language import declared_language
from crawler.extract.page import Page


def read_clues(
    page: Page, zone_name: str, month_first: bool | None = None, country: str | None = None
) -> Clues:
    """What the outlet's zone, the address and the markup of a page say of where it was written.

    The country is `country`, by default that of the zone, or else of the host, or else of the page's language
    tag (`en-IN`): templates come with an American one.
    """
    tags = (page.tree.get("lang") or "", page.first("og:locale"), page.first("content-language"))
    named = next(filter(None, map(country_of_tag, tags)), "")
    home = country_of_zone(zone_name) if country is None else country
    return Clues(
        zone=find_zone(zone_name),
        language=declared_language(page),
        month_first=month_first,
        country=home or country_of_host(page.url) or named,
    )
