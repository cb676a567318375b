"""What the public lists and archives answer of the sample outlets, in the forms that they have."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from hashlib import sha1
from types import MappingProxyType
from urllib.parse import parse_qs, urlsplit

from babel import Locale

from crawler.demo.past import Captured, Known, Reply, Service, past_site
from crawler.demo.past_crawls import common_crawl
from crawler.demo.site import NOT_FOUND, ServedAnswer, ServedOutlet, Site

GDELT, ARCHIVE, ENCYCLOPEDIA = "gdelt.example", "web-archive.example", "encyclopedia.example"
COMMONS = "commons.example"
ARTICLE = "2023 Chinese balloon incident"
_JSON = "application/json; charset=utf-8"
_FILE = re.compile(r"/gdeltv3/gal/(\d{10})(\d\d)00\.gal\.json\.gz")
_FIRST, _LAST = "2023012800", "2023040200"  # the hours of which the list has files
_DOMAIN = re.compile(r"domainis:([\w.-]+)")
_NOISE = 20  # records of other news in a file
_STAMP = "%Y%m%d%H%M%S"


def sample_past() -> Site:
    """The demo's outlets years later, with the services that know what they had."""
    return past_site(_services)


def _services(everything: Sequence[Known]) -> Iterator[ServedOutlet]:
    yield _service(GDELT, _gdelt(everything))
    yield _service(ARCHIVE, _archive(everything))
    yield _service(ENCYCLOPEDIA, _encyclopedia(everything))
    yield _service(COMMONS, common_crawl(everything))


def _service(host: str, reply: Reply) -> Service:
    return Service(host=host, pages=MappingProxyType({}), reply=reply)


# --- GDELT: the list by the minute, and the search ---


def _gdelt(everything: Sequence[Known]) -> Reply:
    files: dict[str, list[Known]] = defaultdict(list)
    for one in everything:
        if one.is_listed:
            files[_minute_of(one)].append(one)
    lists = {
        f"/gdeltv3/gal/{name}.gal.json.gz": _gal_file(members) for name, members in files.items()
    }
    return partial(_reply_gdelt, lists, everything)


def _reply_gdelt(
    lists: Mapping[str, ServedAnswer], everything: Sequence[Known], target: str
) -> ServedAnswer:
    if target.startswith("/api/v2/doc/doc?"):
        return _doc(everything, parse_qs(urlsplit(target).query))
    return lists.get(target) or _other_news(target)


def _other_news(target: str) -> ServedAnswer:
    """The file of a minute in which nothing of ours was met: the first three after a quarter have one."""
    found = _FILE.fullmatch(target)
    if found is None or not _FIRST <= found[1] < _LAST or int(found[2]) % 15 not in (1, 2, 3):
        return NOT_FOUND
    moment = datetime.strptime(f"{found[1]}{found[2]}00", _STAMP)
    records = (
        {
            "date": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            "url": f"http://elsewhere-{number}.example/{moment:%Y/%m/%d}/a-day-like-any-other-{found[2]}",
            "title": f"A day like any other, number {number}",
            "desc": "Nothing of this story happened here, and nobody asked about it.",
            "lang": "en",
            "domain": f"elsewhere-{number}.example",
        }
        for number in range(_NOISE)
    )
    body = gzip.compress("\n".join(map(json.dumps, records)).encode(), 1, mtime=0)
    return ServedAnswer(body=body, media="application/gzip")


def _minute_of(one: Known) -> str:
    """The file in which an article is: the minutes after the quarter in which it was met."""
    met = one.piece.published + timedelta(minutes=15)
    quarter = met.replace(minute=met.minute // 15 * 15, second=0, microsecond=0)
    return f"{quarter.astimezone(UTC) + timedelta(minutes=1 + one.piece.number % 3):{_STAMP}}"


def _gal_file(members: Sequence[Known]) -> ServedAnswer:
    lines = [json.dumps(_gal_record(one), ensure_ascii=False) for one in members]
    body = gzip.compress("\n".join(lines).encode(), mtime=0)
    return ServedAnswer(body=body, media="application/gzip")


def _gal_record(one: Known) -> dict[str, str]:
    piece = one.piece
    return {
        "date": f"{piece.published.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "url": one.url,
        "title": piece.headline,
        "desc": piece.summary,
        "lang": one.room.language[:2],
        "domain": one.room.host,
        "outletName": one.room.name,
    }


def _doc(everything: Sequence[Known], asked: Mapping[str, Sequence[str]]) -> ServedAnswer:
    """A search that finds what has a word of the query in its text."""
    first, last = (asked.get(name, [""])[0] for name in ("startdatetime", "enddatetime"))
    query = asked.get("query", [""])[0]
    hosts = _DOMAIN.findall(query)
    words, _, language = _DOMAIN.sub("", query).partition(" sourcelang:")
    language = language.partition(" ")[0]
    parts = words.replace('"', " ").replace("(", " ").replace(")", " ").split()
    wanted = [part.casefold() for part in parts if part != "OR"]
    rows = [
        {
            "url": one.url,
            "title": one.piece.headline,
            "seendate": f"{one.piece.published.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            "domain": one.room.host,
            "language": _language_name(one),
        }
        for one in everything
        if one.is_found
        and first <= f"{one.piece.published.astimezone(UTC):{_STAMP}}" < last
        and (not hosts or one.room.host in hosts)
        and (not language or _language_name(one).lower() == language)
        and any(word in f"{one.piece.headline} {one.piece.text}".casefold() for word in wanted)
    ]
    return _json_answer({"articles": rows} if rows else {})


def _language_name(one: Known) -> str:
    return str(Locale("en").languages[one.room.language[:2]])


# --- the archive: its index and its copies ---


def _archive(everything: Sequence[Known]) -> Reply:
    captures: dict[str, list[Captured]] = defaultdict(list)
    for one in everything:
        captures[one.url] += one.captures
    return partial(_reply_archive, captures)


def _reply_archive(captures: Mapping[str, Sequence[Captured]], target: str) -> ServedAnswer:
    parts = urlsplit(target)
    if parts.path == "/cdx/search/cdx":
        return _cdx(captures, parse_qs(parts.query))
    if parts.path.startswith("/web/"):
        stamp, _, url = target.removeprefix("/web/").partition("id_/")
        return _copy(captures.get(url, ()), stamp)
    return NOT_FOUND


def _cdx(
    captures: Mapping[str, Sequence[Captured]], asked: Mapping[str, Sequence[str]]
) -> ServedAnswer:
    wanted, kind = asked["url"][0], asked.get("matchType", ["exact"])[0]
    first, last = asked.get("from", ["0"])[0], asked.get("to", ["99999999"])[0]
    rows: list[list[str]] = []
    for url, held in captures.items():
        if url == wanted or (kind == "domain" and urlsplit(url).hostname == wanted):
            fitting = [one for one in held if first <= f"{one.moment:%Y%m%d}" <= last]
            rows += map(_cdx_row, fitting[:1] if kind == "domain" else fitting)
    return _json_answer(
        [["timestamp", "original", "digest", "length"], *sorted(rows)] if rows else []
    )


def _cdx_row(one: Captured) -> list[str]:
    digest = sha1(one.answer.body, usedforsecurity=False).hexdigest().upper()
    return [f"{one.moment.astimezone(UTC):{_STAMP}}", one.url, digest, str(len(one.answer.body))]


def _copy(held: Sequence[Captured], stamp: str) -> ServedAnswer:
    found = next((one for one in held if f"{one.moment.astimezone(UTC):{_STAMP}}" == stamp), None)
    if found is not None:
        told = (("Memento-Datetime", format_datetime(found.moment.astimezone(UTC), usegmt=True)),)
        server = (("X-Archive-Orig-Server", "nginx"),)
        return ServedAnswer(
            body=found.answer.body, media=found.answer.media, headers=(*told, *server)
        )
    if not held:
        return NOT_FOUND
    asked = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    near = min(held, key=lambda one: abs(one.moment - asked))
    target = f"/web/{near.moment.astimezone(UTC):{_STAMP}}id_/{near.url}"
    return ServedAnswer(status=302, headers=(("Location", target),))


# --- the encyclopedia ---


def _encyclopedia(everything: Sequence[Known]) -> Reply:
    cited = [one for one in everything if one.is_cited]
    english = [one for one in cited if one.room.language.startswith("en")]
    others = [one for one in cited if one not in english]
    articles = {
        ("en", ARTICLE): (english, [{"lang": "fr", "title": "Ballon chinois de 2023"}]),
        ("fr", "Ballon chinois de 2023"): (others, []),
    }
    return partial(_reply_encyclopedia, articles)


def _reply_encyclopedia(
    articles: Mapping[tuple[str, str], tuple[Sequence[Known], list[dict[str, str]]]], target: str
) -> ServedAnswer:
    parts = urlsplit(target)
    language = parts.path.strip("/").partition("/")[0]
    asked = parse_qs(parts.query)
    if asked.get("list") == ["search"]:
        return _json_answer({"query": {"search": [{"title": ARTICLE}]}})
    title = asked.get("titles", [""])[0]
    if (language, title) not in articles:
        return _json_answer({"query": {"pages": [{"title": title, "missing": True}]}})
    cited, sisters = articles[language, title]
    links = [{"url": _citation(one)} for one in cited]
    return _json_answer(
        {"query": {"pages": [{"title": title, "extlinks": links, "langlinks": sisters}]}}
    )


def _citation(one: Known) -> str:
    """The link of a citation: to the page, or where that is gone to its copy."""
    if not one.is_gone or not one.captures:
        return one.url
    stamp = f"{one.captures[0].moment.astimezone(UTC):{_STAMP}}"
    return f"http://{ARCHIVE}/web/{stamp}/{one.url}"


def _json_answer(value: object) -> ServedAnswer:
    return ServedAnswer(body=json.dumps(value, ensure_ascii=False).encode(), media=_JSON)
