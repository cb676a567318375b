"""One article, one identity: what an article's many addresses have in common.

`canonical(url)` is a *key*, written as an https URL: scheme, `www.`, `m.`, AMP and print forms,
default ports, last dots and slashes, fragment, credentials and tracking are gone, escapes are
spelled one way, parameters are sorted. It need not be fetchable (a site may answer only under
`www.` or http): what is fetched and shown is `clean(url)`. Parameters that may name the article
(`?p= ?v= ?id= ?story=`) always stay: two records of one article are a lesser fault than one
record of two articles.
"""

from __future__ import annotations

import re

from crawler.refusal import Refusal
from crawler.urls.domains import domain_of
from crawler.urls.parameters import is_no_identity
from crawler.urls.parts import Parts, query_pairs, read_url, split_pair

_DEFAULT_PORTS = frozenset({"", "80", "443"})
_MORE_THAN_UNWRAPS = 5

_VARIANT_HOST = re.compile(r"^(?:www?\d*|m|mobile|mobil|mob|amp|wap|touch|sp|s)\.")
_LANGUAGE_MOBILE = re.compile(r"^([a-z]{2,3})\.m\.")  # en.m.wikipedia.org
_AMP_SEGMENT = re.compile(r"/amp(?=/|$)", re.IGNORECASE)
_AMP_SUFFIX = re.compile(r"[._-]amp(?=\.html?$)|\.amp$", re.IGNORECASE)
_FORM_TAIL = re.compile(r"(?<=[^/])/(?:amp|embed|print)(?:\.html?|\.php)?$", re.IGNORECASE)
_INDEX_FILE = re.compile(
    r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp|shtml|cfm)$", re.IGNORECASE
)
_SESSION = re.compile(
    r";jsessionid=[^/;]*|/\((?:[0-9a-z]{24}|(?:[a-z]\([0-9a-z]{24}\))+)\)(?=/)", re.IGNORECASE
)
# An escape, or what browsers send both escaped and not.
_SPELLING = re.compile(r"%[0-9A-Fa-f]{2}|[%\[\]^`{|}\\]")
_SLASHES = re.compile(r"/{2,}")
_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
# Written out, these part nothing inside a path or a value (RFC 3986, 3.3 and 3.4).
_PLAIN_IN_PATH = frozenset(_UNRESERVED + "!$&'()*+,;=:@")
_PLAIN_IN_QUERY = frozenset(_UNRESERVED + "!$'()*,;:@/?")

# A copy kept by a search engine: /c/s/HOST/PATH on the AMP caches, /amp/s/HOST/PATH at Google.
# Form: https://developers.google.com/amp/cache/overview
_AMP_CACHE_HOST = re.compile(r"\.(?:cdn\.ampproject\.org|bing-amp\.com)$")
_AMP_CACHE_PATH = re.compile(r"^/(?:[acivr]|amp)/(?:s/)?(?=[^/]+\.[^/]+)")
# A copy in a web archive: /web/20230204120000id_/URL at the Wayback Machine and those that write like it
# (RFC 7089 calls it a memento), /2023.02.04-120000/URL at archive.today.
_MEMENTO_PATH = re.compile(
    r"^/(?:[\w-]+/)*?(?:\d{8,14}[a-z_]*|\d{4}\.\d\d\.\d\d-\d{6})/(?=https?:/)", re.IGNORECASE
)
_SCHEME = re.compile(r"^https?:/+", re.IGNORECASE)


def canonical(url: str) -> str:
    """The identity of the article at `url`; empty for what is not a http(s) URL. Idempotent.

    The list of what is left out is in the module's docstring and in `parameters`.
    """
    parts = read_url(page_of(url))
    if isinstance(parts, Refusal):
        return ""
    host = _plain_host(parts.host)
    return Parts(
        scheme="https",
        host=host,
        port="" if parts.port in _DEFAULT_PORTS else parts.port,
        path=_plain_path(parts.path),
        query=_plain_query(parts.query, domain_of(host)),
    ).href


def page_of(url: str) -> str:
    """The address of the page of which a URL names a copy, in a web archive or at a search engine.

    Any other URL is itself.
    """
    for _ in range(_MORE_THAN_UNWRAPS):
        parts = read_url(url)
        if isinstance(parts, Refusal) or not (inner := _kept_copy_of(parts)):
            break
        url = inner
    return url


def _kept_copy_of(parts: Parts) -> str:
    query = f"?{parts.query}" if parts.query else ""
    if archived := _MEMENTO_PATH.match(parts.path):
        scheme = "https" if parts.path[archived.end() :].lower().startswith("https") else "http"
        return f"{scheme}://{_SCHEME.sub('', parts.path[archived.end() :])}{query}"
    google = re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", parts.host)
    if not google and not _AMP_CACHE_HOST.search(parts.host):
        return ""
    prefix = _AMP_CACHE_PATH.match(parts.path)
    if not prefix or (google and not parts.path.startswith("/amp/")):
        return ""
    return f"https://{parts.path[prefix.end() :]}{query}"


def _plain_host(host: str) -> str:
    host = _LANGUAGE_MOBILE.sub(r"\1.", host)
    domain = domain_of(host)
    while host != domain and (variant := _VARIANT_HOST.match(host)):
        host = host[variant.end() :]
    return host


def _plain_path(path: str) -> str:
    path = _SESSION.sub("", _SLASHES.sub("/", _spell(path, _PLAIN_IN_PATH)))
    while (shorter := _without_form(path)) != path:
        path = shorter
    return path or "/"


def _without_form(path: str) -> str:
    bare = path.rstrip("/")
    bare = _AMP_SUFFIX.sub("", _AMP_SEGMENT.sub("", bare))
    return _INDEX_FILE.sub("", _FORM_TAIL.sub("", bare)).rstrip("/")


def _plain_query(query: str, domain: str) -> str:
    pairs = (
        _spell(pair.replace("+", "%20"), _PLAIN_IN_QUERY).removesuffix("=")
        for pair in query_pairs(query)
        if not is_no_identity(*split_pair(pair), domain)
    )
    return "&".join(sorted(pairs))


def _spell(text: str, plain: frozenset[str]) -> str:
    """The text with every character of `plain` written out and every other escape in capitals."""

    def spelled(found: re.Match[str]) -> str:
        if len(found[0]) == 1:
            return f"%{ord(found[0]):02X}"
        char = chr(int(found[0][1:], 16))
        return char if char in plain else found[0].upper()

    return _SPELLING.sub(spelled, text)
