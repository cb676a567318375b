"""Wikipedia: what its articles about the event cite, in every language, by MediaWiki's API.

A citation often names the page and its copy in an archive: both are kept. Few pages, and good ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from crawler.backfill.answers import read_json, rows_of, text_of
from crawler.backfill.asks import Answer, Ask, Copy, Lead, Scope
from crawler.backfill.cdx import BASE as WAYBACK
from crawler.backfill.cdx import page_in, raw
from crawler.lists import Found
from crawler.refusal import Refusal
from crawler.urls import looks_like_article
from index.text.analysis import fold

SOURCE = "wikipedia"
BASE = "https://{lang}.wikipedia.org/w/api.php"
SIZE = 60_000
CITED = 0.3  # what a page promises that the article about the event cites
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,12}){0,2}")
_NO_NEWS = re.compile(
    r"(?:^|\.)(?:wikipedia\.org|wikidata\.org|wikimedia\.org|doi\.org|jstor\.org|worldcat\.org"
    r"|books\.google\.[a-z.]+|toolforge\.org|d-nb\.info|loc\.gov|bnf\.fr)$"
)


def plan(scope: Scope) -> Iterator[Ask]:
    """The articles that were named (`fr:Titre` for another language); else a search for the story."""
    for title in scope.titles:
        language, _, name = title.partition(":")
        named = (language, name) if _LANGUAGE.fullmatch(language) and name else ("en", title)
        yield _article(scope, named[0], named[1].strip(), links=True)
    if not scope.titles:
        yield _search(scope, scope.story.title, "search")


def read(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    """What an article cites, its sisters in other languages, and the rest of a long answer."""
    value = read_json(body, content_type)
    if isinstance(value, Refusal):
        return value
    if not isinstance(value, dict) or isinstance(value.get("error"), dict):
        said = value.get("error", {}).get("info", "") if isinstance(value, dict) else ""
        return Refusal(code="service-error", detail=str(said)[:200] or "no answer of its API")
    kind, language, name = ask.part.split("|", 2)
    query = value.get("query") if isinstance(value.get("query"), dict) else {}
    if kind in ("search", "suggest"):
        return _found(rows_of(query, "search"), kind, name, scope)
    pages = rows_of(query, "pages")
    if not pages or all(page.get("missing") or page.get("invalid") for page in pages):
        return Answer(more=(_search(scope, name, "suggest", language),))
    links = [row for page in pages for row in rows_of(page, "extlinks")]
    leads = tuple(lead for row in links if (lead := _lead(text_of(row, "url"), scope)))
    sisters = [row for page in pages for row in rows_of(page, "langlinks")]
    more = [
        _article(scope, text_of(row, "lang", 20), text_of(row, "title"))
        for row in sisters
        if _LANGUAGE.fullmatch(text_of(row, "lang", 20)) and text_of(row, "title")
    ]
    more += _rest(ask, value)
    return Answer(leads=leads, records=len(links), more=tuple(more))


def _found(rows: list[dict[str, Any]], kind: str, name: str, scope: Scope) -> Answer | Refusal:
    titles = [text_of(row, "title") for row in rows]
    if kind == "suggest" or not titles:
        hint = f"; did you mean: {', '.join(titles[:3])}?" if titles else ""
        return Refusal(code="unknown-title", detail=f"no article is called {name!r}{hint}")
    best = titles[0]
    if not _is_about(best, name):
        known = f"the nearest is {best!r}"
        return Refusal(
            code="unknown-title", detail=f"no article is about {name!r}; {known}: name it yourself"
        )
    return Answer(more=(_article(scope, "en", best, links=True),), records=len(rows))


def _is_about(title: str, story: str) -> bool:
    """Whether more than half the words of an article's title that are no number are the story's too."""
    words = {fold(word) for word in title.split() if not any(map(str.isdigit, word))}
    own = {fold(word) for word in story.split()}
    return 2 * len(words & own) > len(words)


def _lead(address: str, scope: Scope) -> Lead | None:
    """A cited page; of a link into an archive the page behind it, with that copy."""
    url = f"https:{address}" if address.startswith("//") else address
    if not url.startswith(("http://", "https://")):
        return None
    copy = None
    if memento := page_in(url):
        archive = _archive_of(url, scope)
        if archive:
            copy = Copy(url=memento[0], address=raw(url), captured=memento[1], archive=archive)
        url = memento[0]
    if _NO_NEWS.search((urlsplit(url).hostname or "").lower()):
        return None
    return Lead(found=Found(url=url), copy=copy, least=CITED if looks_like_article(url) else 0.0)


def _archive_of(address: str, scope: Scope) -> str:
    """The archive that gives a copy, of those that are asked by their documented interface."""
    for name, base in (("wayback", WAYBACK), ("memento", "")):
        if address.startswith(scope.bases.get(name, base) or "no archive"):
            return name
    return ""


def _rest(ask: Ask, value: dict[str, Any]) -> list[Ask]:
    """The request for the rest of an answer, as MediaWiki says how to ask for it."""
    further = value.get("continue")
    if not isinstance(further, dict):
        return []
    said = {str(name): str(text) for name, text in further.items()}
    base, _, query = ask.url.partition("?")
    kept = [pair for pair in query.split("&") if pair.partition("=")[0] not in said]
    target = f"{base}?{'&'.join(kept)}&{urlencode(said)}"
    key = f"{ask.key.partition(' + ')[0]} + {said.get('elcontinue') or said.get('llcontinue', '')}"
    return [Ask(source=SOURCE, key=key, url=target, expected=SIZE, part=ask.part)]


def _article(scope: Scope, language: str, title: str, *, links: bool = False) -> Ask:
    asked = {
        "action": "query",
        "prop": "langlinks|extlinks" if links else "extlinks",
        "titles": title,
        "redirects": "1",
        "ellimit": "500",
        **({"lllimit": "500"} if links else {}),
        "format": "json",
        "formatversion": "2",
    }
    return Ask(
        source=SOURCE,
        key=f"{language}:{title}",
        url=f"{_base(scope, language)}?{urlencode(asked)}",
        expected=SIZE,
        part=f"article|{language}|{title}",
    )


def _search(scope: Scope, title: str, kind: str, language: str = "en") -> Ask:
    asked = {
        "action": "query",
        "list": "search",
        "srsearch": title,
        "srlimit": "3",
        "format": "json",
        "formatversion": "2",
    }
    return Ask(
        source=SOURCE,
        key=f"{language}:{kind} {title}",
        url=f"{_base(scope, language)}?{urlencode(asked)}",
        expected=SIZE // 10,
        part=f"{kind}|{language}|{title}",
    )


def _base(scope: Scope, language: str) -> str:
    return scope.bases.get(SOURCE, BASE).replace("{lang}", language)
