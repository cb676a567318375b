"""One URL as the web reads it (WHATWG, by ada), within limits; its fetchable form.

A URL comes from a page, so nothing here raises on one: `clean` gives an empty string for what
cannot be fetched, `url_fault` says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import unquote

from ada_url import URL

from crawler.refusal import Refusal
from crawler.urls.parameters import is_tracking

MAX_URL = 2048

# What ada writes: user name, host, port, path and query of an http(s) URL are told apart by this.
_HREF = re.compile(
    r"(?P<scheme>https?)://(?:[^@/?#]*@)?(?P<host>\[[^\]]*\]|[^:/?#]*)(?::(?P<port>\d+))?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?"
)
_SCHEMES = frozenset({"http:", "https:"})
_SCHEME_NAME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
# Counted without the scheme, so that a URL does not pass under http and fail under https.
_MAX_REST = MAX_URL - len("https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of an http(s) URL; user names and fragments are gone, the host has no last dot.

    `port` is empty when it is the scheme's own; `path` starts with `/`; `query` has no `?`.
    """

    scheme: str
    host: str
    port: str
    path: str
    query: str

    @property
    def href(self) -> str:
        """The parts put together again."""
        port = f":{self.port}" if self.port else ""
        query = f"?{self.query}" if self.query else ""
        return f"{self.scheme}://{self.host}{port}{self.path}{query}"


@lru_cache(maxsize=1_024)
def read_url(url: str, base: str = "") -> Parts | Refusal:
    """The parts of a URL, resolved against `base`; a refusal if it is none we would fetch.

    Codes: `url-too-long` (over `MAX_URL` characters once escaped), `url-scheme` (not http or
    https), `url-unreadable`.
    """
    if len(url) > MAX_URL:
        return Refusal(code="url-too-long", detail=f"{len(url):,} characters")
    try:
        read = _HREF.match(URL(url, base or None).href)
    except ValueError:
        return _unreadable(url)
    if read is None:
        return Refusal(code="url-scheme", detail=url[:40])
    parts = Parts(
        scheme=read["scheme"],
        host=read["host"].rstrip("."),
        port=read["port"] or "",
        path=read["path"],
        query=read["query"] or "",
    )
    return _within_limits(parts)


def clean(url: str, base: str = "") -> str:
    """The form of a URL that is fetched and shown: same page, nothing that is not its address.

    Credentials, fragment and tracking parameters are gone, spelling is the WHATWG one; scheme,
    host and path stay what they were. Empty for what cannot be fetched (see `url_fault`).
    """
    parts = read_url(url, base)
    if isinstance(parts, Refusal):
        return ""
    if not parts.query:
        return parts.href
    kept = (pair for pair in query_pairs(parts.query) if not is_tracking(split_pair(pair)[0]))
    return replace(parts, query="&".join(kept)).href


def url_fault(url: str, base: str = "") -> str:
    """Why a URL is not fetched, as the code of `read_url`; empty if nothing is wrong with it."""
    parts = read_url(url, base)
    return parts.code if isinstance(parts, Refusal) else ""


def query_pairs(query: str) -> list[str]:
    """The `name=value` pairs of a query as they are written, those without a name left out."""
    return [pair for pair in query.split("&") if pair and pair[0] != "="]


def split_pair(pair: str) -> tuple[str, str]:
    """Name (unescaped, lower case) and value (unescaped) of a pair of a query."""
    name, _, value = pair.partition("=")
    return unquote(name).lower(), unquote(value)


def _unreadable(url: str) -> Refusal:
    named = _SCHEME_NAME.match(url)
    if named and f"{named[1].lower()}:" not in _SCHEMES:
        return Refusal(code="url-scheme", detail=f"{named[1].lower()}:")
    return Refusal(code="url-unreadable", detail=url[:80])


def _within_limits(parts: Parts) -> Parts | Refusal:
    if not parts.host.strip("."):
        return Refusal(code="url-unreadable", detail="no host")
    if len(parts.href) - len(parts.scheme) - len("://") > _MAX_REST:
        return Refusal(code="url-too-long", detail=f"{len(parts.href):,} characters once escaped")
    return parts
