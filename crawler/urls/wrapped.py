"""Addresses that only lead to another one: link counters of search engines, mail filters and networks."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from urllib.parse import parse_qsl, unquote, urlsplit

# Host, path and the parameters that hold the address.
WRAPPERS = (
    (re.compile(r"^(?:www\.)?google\.[a-z.]{2,6}$"), re.compile(r"^/url$"), ("url", "q")),
    (re.compile(r"^lm?\.(?:facebook|instagram)\.com$"), re.compile(r"^/(?:l\.php)?$"), ("u",)),
    (re.compile(r"\.safelinks\.protection\.outlook\.com$"), re.compile(r""), ("url",)),
    (re.compile(r"^out\.reddit\.com$"), re.compile(r""), ("url",)),
    (re.compile(r"^(?:www\.)?youtube\.com$"), re.compile(r"^/redirect$"), ("q",)),
    (re.compile(r"^(?:www\.)?linkedin\.com$"), re.compile(r"^/(?:redir/redirect|safety/go)$"), ("url",)),
    (re.compile(r"^(?:r|link)\.search\.yahoo\.com$"), re.compile(r"/RU="), ()),
    (re.compile(r"^(?:www\.)?bing\.com$"), re.compile(r"^/news/apiclick\.aspx$"), ("url",)),
    (re.compile(r"^translate\.google\.[a-z.]{2,6}$"), re.compile(r"^/translate$"), ("u",)),
    (re.compile(r"^(?:slack-redir\.net|(?:away\.)?vk\.com)$"), re.compile(r"^/(?:link|away\.php)$"), ("url", "to")),  # noqa: E501
)  # fmt: skip
DEFENSE = re.compile(r"^https?://urldefense\.com/v3/__(?P<url>.+?)__;", re.IGNORECASE)
# The second form writes `-` for `%` and `_` for `/`.
DEFENSE_2 = re.compile(r"^https?://urldefense\.(?:proofpoint\.)?com/v2/url\?u=(?P<url>[^&]+)", re.I)
TRANSLATED = ".translate.goog"
BING_COUNTER = re.compile(r"^https?://(?:www\.)?bing\.com/ck/a\?.*?[?&]u=a1(?P<url>[\w-]+)", re.I)
YAHOO = re.compile(r"/RU=(?P<url>[^/]+)/")
# Google News: an address in protobuf in base64 (`CBMi…`), until 2024 the page's own; since then a key that
# only Google can read.
GOOGLE_NEWS = re.compile(
    r"^https?://news\.google\.com/(?:rss/|__i/rss/rd/)?(?:articles|read)/(?P<packed>[\w-]{8,})",
    re.I,
)
_PACKED = re.compile(
    rb"\x08\x13\x22(?P<length>[\x00-\x7f]|[\x80-\xff][\x00-\x7f])(?P<url>https?://[\x21-\x7e]+)"
)
DEPTH = 3


def unwrap(url: str) -> str:
    """The address that a link counter leads to; the address itself where it is none.

    `&amp;` between parameters, which lists escape twice, is put right, too.
    """
    url = url.replace("&amp;", "&")
    for _ in range(DEPTH):
        inner = _inner(url)
        if not inner:
            break
        url = inner
    return url


def sealed(url: str) -> bool:
    """Whether a URL leads to a page whose address only its maker can tell."""
    return bool(GOOGLE_NEWS.match(url)) and not _inner(url)


def _inner(url: str) -> str:
    if match := GOOGLE_NEWS.match(url):
        return _from_google_news(match["packed"])
    if match := DEFENSE.match(url):
        return _address(match["url"])
    if match := DEFENSE_2.match(url):
        return _address(unquote(match["url"].replace("-", "%").replace("_", "/")))
    if match := BING_COUNTER.match(url):
        return _address(_from_base64(match["url"]))
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if host.endswith(TRANSLATED):
        return _translated(host.removesuffix(TRANSLATED), parts.path, parts.query)
    for hosts, paths, names in WRAPPERS:
        if hosts.search(host) and paths.search(parts.path):
            if match := YAHOO.search(parts.path):
                return _address(unquote(match["url"]))
            held = dict(parse_qsl(parts.query))
            return next(filter(None, (_address(held.get(name, "")) for name in names)), "")
    return ""


def _from_google_news(packed: str) -> str:
    """The first address in a packed one: its length is one byte or, as a varint, two."""
    try:
        held = urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    except ValueError:
        return ""
    match = _PACKED.search(held)
    if match is None:
        return ""
    length = match["length"]
    size = length[0] if len(length) == 1 else (length[0] & 0x7F) | length[1] << 7
    return _address(match["url"][:size].decode("ascii"))


def _translated(label: str, path: str, query: str) -> str:
    """The page that translate.goog shows: `a--b-example` is a-b.example, `_x_tr_…` is its own."""
    host = label.replace("--", "\0").replace("-", ".").replace("\0", "-")
    pairs = [pair for pair in query.split("&") if pair]
    scheme = "http" if "_x_tr_sch=http" in pairs else "https"
    kept = "&".join(pair for pair in pairs if not pair.startswith("_x_tr_"))
    return f"{scheme}://{host}{path}" + (f"?{kept}" if kept else "")


def _from_base64(text: str) -> str:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("utf-8")
    except ValueError:
        return ""


def _address(text: str) -> str:
    return text if text.startswith(("https://", "http://")) else ""
