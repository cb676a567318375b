"""GDELT's DOC 2.0: a search in the full text of what GDELT has met since 2017.

At most 250 articles a query: an interval with more is asked again in two halves. Errors come as a web
page or a line of text with status 200 (https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from urllib.parse import urlencode

from crawler.backfill.answers import read_json, rows_of, text_of
from crawler.backfill.asks import Answer, Ask, Lead, Scope
from crawler.backfill.phrasing import clauses, either
from crawler.extract.text import field_text
from crawler.lists import Found
from crawler.lists.timestamps import parse_date
from crawler.refusal import Refusal
from index.workspace.story import ANY
from index.workspace.story_tree import query_tree

SOURCE = "gdelt-doc"
BASE = "https://api.gdeltproject.org/api/v2/doc/doc"
FIRST = datetime(2017, 1, 1, tzinfo=UTC)
MOST = 250  # articles of one answer
SIZE = 80_000
FOUND = 0.2  # what a page promises in whose text the search found the story's words
_STEP = timedelta(days=7)
_SHORTEST = timedelta(minutes=30)  # no shorter interval is asked for
_LONGEST_QUERY = 220
_STAMP = "%Y%m%d%H%M%S"


def plan(scope: Scope) -> Iterator[Ask]:
    """The first requests: each query in each week of the window."""
    base = scope.bases.get(SOURCE, BASE)
    for query in queries(scope):
        start = max(scope.start, FIRST)
        while start < scope.end:
            end = min(start + _STEP, scope.end)
            yield _ask(base, query, start, end)
            start = end


def queries(scope: Scope) -> list[str]:
    """The story's queries in GDELT's words: one language each, none longer than GDELT takes.

    What GDELT cannot express is asked more widely; what comes is judged by the story's own query.
    """
    found = []
    languages = [code for code in scope.story.match if code != ANY]
    for code in languages or [ANY]:
        if code != ANY and not scope.is_language(code):
            continue
        told = clauses(query_tree(scope.story, code if code != ANY else ""))
        found += [f"{text}{_language(code)}" for text in _packed(told)]
    hosts = [f"domainis:{host}" for host in scope.hosts]
    return [f"{text} {either(hosts)}" for text in found] if hosts else found


def read(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    """The articles of an answer, and the two halves of its interval where there are more."""
    value = read_json(body, content_type)
    if isinstance(value, Refusal):
        return value
    if not isinstance(value, dict):
        return Refusal(code="not-json", detail="no list of articles was served")
    rows = rows_of(value, "articles")
    leads = tuple(_lead(row) for row in rows if text_of(row, "url").startswith("http"))
    refused = {"no-url": len(rows) - len(leads)} if len(rows) > len(leads) else {}
    more = tuple(_halves(ask, scope)) if len(rows) >= MOST else ()
    return Answer(leads=leads, records=len(rows), refused=refused, more=more)


def _halves(ask: Ask, scope: Scope) -> Iterator[Ask]:
    first, last, query = ask.part.split(" ", 2)
    start, end = (datetime.strptime(text, _STAMP).replace(tzinfo=UTC) for text in (first, last))
    if end - start < _SHORTEST:
        return
    middle = start + (end - start) // 2
    base = scope.bases.get(SOURCE, BASE)
    yield _ask(base, query, start, middle.replace(microsecond=0))
    yield _ask(base, query, middle.replace(microsecond=0), end)


def _ask(base: str, query: str, start: datetime, end: datetime) -> Ask:
    first, last = f"{start:{_STAMP}}", f"{end:{_STAMP}}"
    asked = {
        "query": query,
        "mode": "ArtList",
        "format": "json",
        "maxrecords": str(MOST),
        "sort": "DateAsc",
        "startdatetime": first,
        "enddatetime": last,
    }
    digest = blake2b(query.encode(), digest_size=6).hexdigest()
    return Ask(
        source=SOURCE,
        key=f"{first}-{last} {digest}",
        url=f"{base}?{urlencode(asked)}",
        expected=SIZE,
        part=f"{first} {last} {query}",
    )


def _lead(row: dict[str, object]) -> Lead:
    seen = text_of(row, "seendate", 40)
    language = text_of(row, "language", 40)
    return Lead(
        found=Found(
            url=text_of(row, "url"),
            title=field_text(row.get("title"), 500),
            published=seen,
            published_at=parse_date(_iso(seen)),
        ),
        language=_codes().get(language, ""),
        outlet=text_of(row, "domain", 200).lower(),
        least=FOUND,
    )


def _iso(stamp: str) -> str:
    """`20230204T120000Z` with the marks that a reader of dates wants."""
    digits = "".join(filter(str.isdigit, stamp))
    if len(digits) != 14:
        return stamp
    day, time = digits[:8], digits[8:]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"


def _language(code: str) -> str:
    name = "" if code == ANY else _names().get(code, "")
    return f" sourcelang:{name.lower()}" if name.isalpha() else ""


def _names() -> Mapping[str, str]:
    """The English names of languages by their codes."""
    from babel import Locale  # not for the start of every crawl

    return Locale("en").languages


@cache
def _codes() -> Mapping[str, str]:
    """The two-letter codes of languages by their English names."""
    return {name: code for code, name in _names().items() if len(code) == 2}


def _packed(told: list[str]) -> Iterator[str]:
    """The clauses in as few queries as their length allows; GDELT takes no brackets in brackets."""
    packed: list[str] = []
    for clause in dict.fromkeys(told):
        if "(" in clause or (" " in clause and not clause.startswith('"')):
            yield clause
        elif len(either([*packed, clause])) > _LONGEST_QUERY:
            yield either(packed)
            packed = [clause]
        else:
            packed.append(clause)
    if packed:
        yield either(packed)
