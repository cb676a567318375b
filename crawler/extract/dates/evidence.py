"""What a page's markup, its address and the list that led to it say of its dates, as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal

from crawler.extract.page import Page, element_text
from crawler.extract.phrases import phrase_list
from crawler.extract.text import field_text
from crawler.urls.dated import named_days
from index.capture import Capture

Role = Literal["published", "updated", "seen"]
Spoken = tuple[Role, str, str]

RAW_LIMIT = 120
MICRODATA_LIMIT = 12
BEST_META = phrase_list("best_published_meta")
PUBLISHED_META = phrase_list("published_meta")
CREATED_META = phrase_list("created_meta")
UPDATED_META = phrase_list("updated_meta")
MICRODATA: tuple[tuple[str, Role], ...] = (
    ("datepublished", "published"),
    ("datemodified", "updated"),
)
# Days that only some papers write so: /2023/0204/ and /2023/02/230204...
URL_DAY = re.compile(
    r"/(?P<year>20\d\d)/(?:(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])/"
    r"|(?P<m>0[1-9]|1[0-2])/\d\d(?P=m)(?P<d>0[1-9]|[12]\d|3[01])(?!\d\d\d))"
)


def stamps(page: Page, capture: Capture) -> Iterator[Spoken]:
    """Role, source and written date of all that is said about the page, the most trusted first."""
    yield from _linked("published", page, "datePublished")
    yield from _named("published", page, BEST_META)
    yield from _attributes(page)
    yield from _named("published", page, PUBLISHED_META)
    yield from _linked("published", page, "dateCreated")
    yield from _named("published", page, CREATED_META)
    yield from _linked("updated", page, "dateModified")
    yield from _named("updated", page, UPDATED_META)
    if raw := url_date(page.url, "day"):
        yield "published", "url", raw
    if capture.listing.published:
        yield "published", f"listing {capture.listing.channel}", capture.listing.published
    if modified := capture.header("Last-Modified"):
        yield "updated", "last-modified", modified


def is_of_document(source: str) -> bool:
    """Whether a source tells when a document was made, which many templates write when they are edited."""
    return source.removeprefix("meta ") in CREATED_META


def url_date(url: str, precision: str) -> str:
    """The date of that precision which the URL names, as YYYY-MM-DD or YYYY-MM; "" for none."""
    if match := URL_DAY.search(url):
        return f"{match['year']}-{match['month'] or match['m']}-{match['day'] or match['d']}"
    days = named_days(url)
    if days is None or days.precision != precision:
        return ""
    return days.first.isoformat() if precision == "day" else days.first.isoformat()[:7]


def _linked(role: Role, page: Page, key: str) -> Iterator[Spoken]:
    if raw := field_text(page.article.get(key), RAW_LIMIT):
        yield role, f"json-ld {key}", raw


def _named(role: Role, page: Page, names: tuple[str, ...]) -> Iterator[Spoken]:
    for name in names:
        if name in page.meta:
            yield role, f"meta {name}", page.meta[name][0]


def _attributes(page: Page) -> Iterator[Spoken]:
    """Dates in microdata and RDFa; those of meta elements are heard among these."""
    columns = zip(page.walk.elements, page.walk.properties, strict=True)
    marked = ((one, said) for one, name in columns if (said := name or one.get("property")))
    for element, said in islice(marked, 40 * MICRODATA_LIMIT):
        microdata = element.get("itemprop")
        prop = said.lower()
        if "date" not in prop or element.tag == "meta":
            continue
        for name, role in MICRODATA:
            if name in prop:
                written = element.get("datetime") or element.get("content") or element.get("title")
                text = written or element_text(element, RAW_LIMIT)
                yield (
                    role,
                    f"{'rdfa' if microdata is None else 'microdata'} {name}",
                    text[:RAW_LIMIT],
                )
