"""Media Cloud: a search in the text of the online news of many countries, with a key of the user's own.

Its own client for Python asks the same address in the same words (https://github.com/mediacloud/api-client,
`SearchApi.story_list`); here it goes the way of every request.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
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

SOURCE = "mediacloud"
BASE = "https://search.mediacloud.org/api/"
KEY = "MEDIACLOUD_API_KEY"  # the environment's variable
SIZE = 300_000
PAGE = 1_000  # stories of an answer
FOUND = 0.2  # what a page promises in whose text the search found the story's words
_PLATFORM = "onlinenews-mediacloud"


def plan(scope: Scope) -> Iterator[Ask]:
    """One request a language; an answer names the next page."""
    for code in [one for one in scope.story.match if one != ANY] or [ANY]:
        if code == ANY or scope.is_language(code):
            told = clauses(query_tree(scope.story, "" if code == ANY else code), " AND ")
            if told:
                language = "" if code == ANY else f" AND language:{code}"
                yield _ask(scope, f"{either([f'({one})' for one in told])}{language}", code)


def read(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    """The stories of an answer, and the request for the next page of them."""
    value = read_json(body, content_type)
    if isinstance(value, Refusal):
        return value
    if not isinstance(value, dict) or not isinstance(value.get("stories"), list):
        said = text_of(value, "note") if isinstance(value, dict) else ""
        return Refusal(code="service-error", detail=said or "no list of stories")
    rows = rows_of(value, "stories")
    leads = tuple(_lead(row) for row in rows if text_of(row, "url").startswith("http"))
    token = text_of(value, "pagination_token")
    code, _, query = ask.part.partition(" ")
    more = (_ask(scope, query, code, token),) if token and rows else ()
    refused = {"no-url": len(rows) - len(leads)} if len(rows) > len(leads) else {}
    return Answer(leads=leads, records=len(rows), refused=refused, more=more)


def _ask(scope: Scope, query: str, code: str, token: str = "") -> Ask:
    last = (scope.end - timedelta(seconds=1)).date()
    asked = {
        "q": query,
        "start": scope.start.date().isoformat(),
        "end": last.isoformat(),
        "platform": _PLATFORM,
        "cs": ",".join(scope.collections),
        "page_size": str(PAGE),
        **({"pagination_token": token} if token else {}),
    }
    return Ask(
        source=SOURCE,
        key=f"{code} {scope.window} {','.join(scope.collections)} {token}".rstrip(),
        url=f"{scope.bases.get(SOURCE, BASE)}search/story-list?{urlencode(asked)}",
        expected=SIZE,
        part=f"{code} {query}",
    )


def _lead(row: dict[str, object]) -> Lead:
    published = text_of(row, "publish_date", 40)
    return Lead(
        found=Found(
            url=text_of(row, "url"),
            title=field_text(row.get("title"), 500),
            published=published,
            published_at=parse_date(published) if published else None,
        ),
        language=text_of(row, "language", 12).lower(),
        outlet=text_of(row, "media_url", 200).lower(),
        least=FOUND,
    )
