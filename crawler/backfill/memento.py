"""Any archive that speaks Memento (RFC 7089): the captures of a page by its TimeMap in link format."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from crawler.backfill.answers import read_text
from crawler.backfill.asks import Answer, Ask, Copy
from crawler.backfill.cdx import SAFE, raw
from crawler.refusal import Refusal

LOOKUP = "memento"
BASE = "https://arquivo.pt/wayback/"
SIZE = 5_000
MOST = 100_000  # entries of a TimeMap that are looked at
_LINK = re.compile(
    r"<([^<>]{1,4000})>((?:\s*;\s*[\w*-]{1,40}\s*=\s*(?:\"[^\"]{0,400}\"|[^,;\s]{0,400}))*)"
)
_ATTRIBUTE = re.compile(r"([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^,;\s]*))")


def lookup(url: str, base: str) -> Ask:
    """The request for the captures of one page."""
    target = f"{base}timemap/link/{quote(url, safe=SAFE)}"
    return Ask(source=LOOKUP, key=url, url=target, expected=SIZE, part=url)


def read(ask: Ask, body: bytes, content_type: str) -> Answer | Refusal:
    """The mementos of a TimeMap, oldest first; the further TimeMaps that it names are requests.

    Links that are none, or have no time, are counted as `no-record`.
    """
    text = read_text(body, content_type)
    if isinstance(text, Refusal):
        return text
    copies: list[Copy] = []
    more: list[Ask] = []
    damaged = 0
    for number, match in enumerate(_LINK.finditer(text)):
        if number >= MOST:
            break
        said = {name.lower(): one or other for name, one, other in _ATTRIBUTE.findall(match[2])}
        kinds = said.get("rel", "").split()
        if "memento" in kinds:
            moment = _moment(said.get("datetime", ""))
            if moment is None:
                damaged += 1
            else:
                copies.append(
                    Copy(url=ask.part, address=raw(match[1]), captured=moment, archive=LOOKUP)
                )
        elif "timemap" in kinds and match[1] != ask.url and "next" in kinds:
            more.append(Ask(source=LOOKUP, key=match[1], url=match[1], part=ask.part))
    if text and not copies and not more and "<" not in text:
        return Refusal(code="not-a-timemap", detail=f"it says: {' '.join(text.split())[:120]}")
    copies.sort(key=lambda copy: copy.captured)
    refused = {"no-record": damaged} if damaged else {}
    return Answer(copies=tuple(copies), more=tuple(more), records=len(copies), refused=refused)


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
