"""Who an outlet is: its name, country, languages, kind, as its own pages and lists say."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crawler.extract.page.markup import Markup
from crawler.extract.text import field_text
from crawler.outlets.candidates import detect_cms
from crawler.outlets.values import FoundFeed, FoundSitemap, Identity
from crawler.urls import registered_domain
from crawler.wire.web import FetchedPage
from index.workspace.codes import COUNTRIES, LANGUAGES, suggest_country, suggest_language

NAME_LIMIT = 80
MAX_LANGUAGES = 5
SHORT = 40
HEADLINE = 25  # characters
ENOUGH_TEXT = 100

# Country codes that are sold to everybody and say nothing of a country.
_OPEN_ENDINGS = frozenset(
    {"ai", "cc", "co", "fm", "gg", "im", "io", "is", "la", "ly", "me", "sh", "to", "tv", "vc", "ws"}
)
_TITLE_BREAK = re.compile(r"\s+[-–—|:•·»]+\s+|\s*(?:[|｜_]|-{2,})\s*|\s*[-–—:：]\s+")
_TITLE_NOISE = re.compile(
    r"\s*[-–—|:]?\s*\b(?:rss|atom|feeds?|home|homepage|startseite|accueil|inicio|portada)\b\s*",
    re.IGNORECASE,
)
_STATE_HOST = re.compile(r"(?:^|\.)(?:gov|mil|gob|gouv|gub|go)(?:\.[a-z]{2})?$")
_BROADCASTERS = frozenset(
    {"BroadcastService", "RadioStation", "TelevisionStation", "TelevisionChannel", "RadioChannel"}
)
_AGENCY = re.compile(
    r"\bnews agency\b|\bwire service\b|\bagence (?:de presse|d['’]information)|\bnachrichtenagentur\b"
    r"|\bagencia de noticias\b|\bagência de notícias\b|\bagenzia di stampa\b"
    r"|通讯社|通訊社|通信社|информационное агентство",
    re.IGNORECASE,
)
_PUBLISHERS = frozenset(
    {"NewsMediaOrganization", "Organization", "WebSite", "Newspaper", *_BROADCASTERS}
)


def read_identity(
    markup: Markup | None,
    source: str,
    front: FetchedPage,
    feeds: Sequence[FoundFeed],
    sitemaps: Sequence[FoundSitemap],
) -> Identity:
    """What the front page, its feeds and its sitemaps say of the outlet."""
    meta = _meta(markup)
    things = list(_things(markup.linked_data)) if markup else []
    languages = _languages(markup, meta, front, feeds, sitemaps)
    return Identity(
        name=_name(markup, meta, things, front, feeds, sitemaps),
        country=_country(front.url, _locales(markup, meta)),
        languages=languages,
        kind=_kind(front.url, things, meta),
        cms=detect_cms(source),
    )


def _meta(markup: Markup | None) -> dict[str, str]:
    """The head's meta elements by name or property, in lower case; the first of each."""
    found: dict[str, str] = {}
    for element in markup.tree.iter("meta") if markup else ():
        name = (
            element.get("property") or element.get("name") or element.get("http-equiv") or ""
        ).lower()
        found.setdefault(name, (element.get("content") or "").strip()[:1000])
    return found


def _things(scripts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The objects of the linked data, those inside others too, to a depth of 5."""
    for script in scripts:
        try:
            yield from _objects(json.loads(script), depth=5)
        except (ValueError, RecursionError):
            continue


def _objects(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for value in inner if depth else ():
        yield from _objects(value, depth - 1)


def _types(thing: dict[str, Any]) -> frozenset[str]:
    written = thing.get("@type")
    listed = written if isinstance(written, list) else [written]
    return frozenset(one for one in listed if isinstance(one, str))


def _name(
    markup: Markup | None,
    meta: dict[str, str],
    things: list[dict[str, Any]],
    front: FetchedPage,
    feeds: Sequence[FoundFeed],
    sitemaps: Sequence[FoundSitemap],
) -> str:
    title = markup.tree.findtext(".//title") if markup else ""
    published = [thing.get("name") for thing in things if not _types(thing).isdisjoint(_PUBLISHERS)]
    candidates: list[object] = [
        meta.get("og:site_name"),
        meta.get("application-name"),
        *published,
        *(sitemap.publication for sitemap in sitemaps),
        _named_in_titles(title or "", [feed.title for feed in feeds], front.url),
        *(feed.title for feed in feeds),
    ]
    cleaned = (field_text(name, NAME_LIMIT) for name in candidates)
    return next(filter(None, cleaned), "")


def _named_in_titles(title: str, others: Sequence[str], url: str) -> str:
    """The site's name in the front page's title: the part that looks like the host's name, else
    the part that a feed's title has too, or else the first part if it is short.
    """
    parts = _parts(title)
    label = _squeeze(registered_domain(url).partition(".")[0])
    for part in (*parts, *(part for other in others for part in _parts(other))):
        squeezed = _squeeze(part)
        if label and (label in squeezed or (len(squeezed) > 3 and squeezed in label)):
            return part
    shared = [part for part in parts if any(part in _parts(other) for other in others)]
    first = [part for part in parts[:1] if len(part) <= SHORT]
    return next(iter([*shared, *first]), "")


def _parts(title: str) -> list[str]:
    return [part for part in _TITLE_BREAK.split(_TITLE_NOISE.sub(" ", title[:500]).strip()) if part]


def _squeeze(text: str) -> str:
    """Letters and digits alone, in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())


def _locales(markup: Markup | None, meta: dict[str, str]) -> list[str]:
    """Language tags with and without a region: of the page itself, then of Open Graph."""
    own = (markup.tree.get("lang") or "") if markup else ""
    written = [own, meta.get("content-language", ""), meta.get("og:locale", "")]
    return [tag.strip().replace("_", "-").lower() for tag in written if tag.strip()]


def _languages(
    markup: Markup | None,
    meta: dict[str, str],
    front: FetchedPage,
    feeds: Sequence[FoundFeed],
    sitemaps: Sequence[FoundSitemap],
) -> tuple[str, ...]:
    """Languages by ISO 639-1: of the front page first, then of feeds and news sitemaps."""
    written = [
        *_locales(markup, meta),
        front.header("content-language"),
        *(feed.language for feed in feeds),
        *(sitemap.language for sitemap in sitemaps),
    ]
    codes = (suggest_language(tag.partition(",")[0]) for tag in written if tag)
    declared = tuple(dict.fromkeys(code for code in codes if code in LANGUAGES))
    return declared[:MAX_LANGUAGES] or _spoken(markup)


def _spoken(markup: Markup | None) -> tuple[str, ...]:
    """The language of the front page's headlines, where nothing declares one."""
    links = ("".join(link.itertext()) for link in markup.tree.iter("a")) if markup else ()
    headlines = " ".join(words for words in map(str.strip, links) if len(words) >= HEADLINE)
    if len(headlines) < ENOUGH_TEXT:
        return ()
    from py3langid import classify  # its model costs half a second, and few outlets need it

    code, _ = classify(headlines[:3000])
    return (code,) if code in LANGUAGES else ()


def _country(url: str, locales: Sequence[str]) -> str:
    """The country of the domain's ending; else the region of a language tag (`en-AU`)."""
    ending = registered_domain(url).rpartition(".")[2]
    if len(ending) == 2 and ending not in _OPEN_ENDINGS and (found := _known_country(ending)):
        return found
    regions = (
        tag.rpartition("-")[2] for tag in locales if re.fullmatch(r"[a-z]{2,3}-[a-z]{2}", tag)
    )
    # WordPress writes en-US into everything; an American site is the likeliest all the same.
    return next(filter(None, map(_known_country, regions)), "")


def _known_country(code: str) -> str:
    code = suggest_country(code) or code
    return code if code in COUNTRIES else ""


def _kind(url: str, things: list[dict[str, Any]], meta: dict[str, str]) -> str:
    """`state`, `broadcaster` or `agency` where there is a clear sign; else empty."""
    host = registered_domain(url)
    if _STATE_HOST.search(host):
        return "state"
    if any(not _types(thing).isdisjoint(_BROADCASTERS) for thing in things):
        return "broadcaster"
    said = f"{meta.get('description', '')} {meta.get('og:site_name', '')} {meta.get('og:description', '')}"
    return "agency" if _AGENCY.search(said) else ""
