"""XML as websites serve it, made safe to parse: the one door for feeds and sitemaps.

Decoded by us, without DTD, entities or control characters, then read by libxml2 in recovery mode
with nothing external allowed. What is a web page, a bot wall or a bomb is refused with a code:
`empty`, `html`, `bot-wall`, `consent`, `xml-entities`, `xml-bomb`, `unreadable`, `too-large`.
"""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from typing import Any

from lxml import etree

from crawler.extract.page.attributes import has_bomb
from crawler.extract.page.decode import decode
from crawler.refusal import Refusal
from index.archive.content_encoding import (
    MAX_LAYERS,
    CodingError,
    UnpackedTooLargeError,
    gunzip,
)

FEED_LIMIT = 10 * 2**20
SITEMAP_LIMIT = 50 * 2**20

_HEAD = 20_000
# How "<" begins a document in the wide encodings when no byte order mark says so (XML, appendix F).
_WIDE_STARTS = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_GZIP_MAGIC = b"\x1f\x8b"
_MARKUP_START = re.compile(
    r"<\?xml[\s?]|<(?:[\w-]{1,20}:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)[\s/>]",
    re.IGNORECASE,
)
_PROLOG = re.compile(r"\s*(?:<\?[^>]*+>|<!--(?:[^-]|-(?!->))*+-->)")
_DOCTYPE = re.compile(r"\s*<!doctype", re.IGNORECASE)
_DOCTYPE_END = re.compile(r"[^\[>]*+(?:\[(?P<subset>[^\]]*+)\]\s*)?>")
_ROOT = re.compile(r"\s*<([A-Za-z_][\w.:-]*)")
_HTML_SIGN = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_NAME = r"(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{0,31});"
_SINGLE_AMPERSAND = re.compile(f"&(?!{_NAME})")
_REFERENCE = re.compile(f"&(?!(?:amp|lt|gt|quot|apos);){_NAME}")
# Windows quotes and dashes that were passed on as if they were Latin-1.
_C1 = re.compile("[\x80-\x9f]+")
_NO_XML_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# libxml2 is worse than quadratic in the attributes of one tag; 5,000 cost it some 40 ms.
_MARKUP = frozenset("<>&\"'")
_MAX_ATTRIBUTES = 5_000
# 50,000 addresses with ten parameters each; more takes seconds to spell out.
_MAX_REFERENCES = 500_000

# Words of the pages that are in the way, as they are served in place of a feed or sitemap.
_BOT_WALL = re.compile(
    r"cf-chl|challenge-platform|just a moment\.\.\.|attention required!|_incapsula_|px-captcha"
    r"|captcha-delivery|datadome|perimeterx|distil_r_|pardon our interruption|access denied"
    r"|are you (?:a )?(?:human|robot)|not a robot|captcha|unusual traffic|verify you are human"
    r"|enable javascript and cookies|ddos protection|request unsuccessful|sucuri website firewall",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"consent\.(?:google|yahoo|youtube)|/consent/|privacy-mgmt\.com|cookie[- ]?wall|guce\.",
    re.IGNORECASE,
)


def unpack(body: bytes, limit: int) -> bytes | Refusal:
    """The body as it is meant: unzipped if it is gzip whatever its name, within `limit` bytes."""
    for _ in range(MAX_LAYERS):  # some servers compress what is compressed already
        if not body.startswith(_GZIP_MAGIC):
            break
        try:
            body = gunzip(body, limit)
        except UnpackedTooLargeError:
            return _too_large(limit)
        except CodingError as error:
            return Refusal(code="unreadable", detail=f"gzip: {error}")
    if body.startswith(_GZIP_MAGIC):  # there are files that unpack to themselves
        return Refusal(code="unreadable", detail=f"gzip in more than {MAX_LAYERS} layers")
    if len(body) > limit:
        return _too_large(limit)
    return body


def _too_large(limit: int) -> Refusal:
    return Refusal(code="too-large", detail=f"more than {limit:,} bytes")


def is_html(text: str) -> bool:
    """Whether the beginning of a text is that of a web page."""
    head = text[:_HEAD]
    start = _MARKUP_START.search(head)
    sign = _HTML_SIGN.search(head)
    return sign is not None and (start is None or sign.start() < start.start())


def refuse_html(text: str) -> Refusal:
    """The refusal for a web page that came in place of a list: `bot-wall`, `consent` or `html`."""
    head = text[: 5 * _HEAD]
    if wall := _BOT_WALL.search(head):
        return Refusal(code="bot-wall", detail=f"a page that says: {wall[0].lower()}")
    if _CONSENT.search(head):
        return Refusal(code="consent", detail="a page that asks for consent")
    return Refusal(code="html", detail="a web page was served")


def xml_source(body: bytes, content_type: str = "") -> bytes | Refusal:
    """The document in UTF-8, from its root element on, harmless to parse; or a refusal."""
    text = _decode_xml(body, content_type).lstrip("\ufeff \t\r\n\x00")
    if not text:
        return Refusal(code="empty", detail="nothing was served")
    if is_html(text) and not _is_xhtml_wrapped(text):
        return refuse_html(text)
    junk = None if text.startswith(("<?", "<!")) else _MARKUP_START.search(text[:_HEAD])
    return _from_root(text[junk.start() :] if junk else text)


def parse_xml(source: bytes, url: str = "") -> tuple[Any, bool] | Refusal:
    """The root element of `xml_source` bytes and whether the document is damaged."""
    parser = etree.XMLParser(encoding="utf-8", **SAFE)
    try:
        root = etree.fromstring(source, parser, base_url=url or None)
    except (etree.XMLSyntaxError, ValueError) as error:
        return Refusal(code="unreadable", detail=str(error)[:120])
    if root is None:
        return Refusal(code="unreadable", detail="no element in it")
    return root, any(entry.level_name == "FATAL" for entry in parser.error_log)


SAFE: dict[str, Any] = {
    "recover": True,
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def _decode_xml(body: bytes, content_type: str) -> str:
    for start, charset in _WIDE_STARTS:
        if body.startswith(start):
            return body.decode(charset, "replace")
    return decode(body, content_type)


def _is_xhtml_wrapped(text: str) -> bool:
    """Whether a list follows the junk: PHP warnings in HTML before the XML declaration."""
    return (
        re.search(r"<\?xml[^>]*>\s*<(?:rss|feed|rdf:RDF|urlset|sitemapindex)", text[:_HEAD])
        is not None
    )


def _from_root(text: str) -> bytes | Refusal:
    position = _skip_prolog(text, 0)
    if doctype := _DOCTYPE.match(text, position):
        end = _DOCTYPE_END.match(text, doctype.end())
        if (
            end is None
            or "<!entity" in (end["subset"] or "").lower()
            or "%" in (end["subset"] or "")
        ):
            return Refusal(code="xml-entities", detail="it declares entities of its own")
        position = _skip_prolog(text, end.end())
    if not _ROOT.match(text, position):
        return Refusal(code="unreadable", detail="no XML in it")
    body = text[position:]
    if body.count("&") > _MAX_REFERENCES:
        return Refusal(code="xml-bomb", detail=f"over {_MAX_REFERENCES:,} references")
    text = _C1.sub(_from_windows, _NO_XML_CHARACTER.sub("", body))
    source = _plain_references(text).encode("utf-8", "replace")
    if has_bomb(source, _MAX_ATTRIBUTES):
        return Refusal(code="xml-bomb", detail="a tag with thousands of attributes")
    return source


def _from_windows(controls: re.Match[str]) -> str:
    return controls[0].encode("latin-1").decode("cp1252", "ignore")


def _skip_prolog(text: str, position: int) -> int:
    while prolog := _PROLOG.match(text, position):
        position = prolog.end()
    return position


def _plain_references(text: str) -> str:
    """The text with HTML's named characters written out and single ampersands escaped.

    Without a DTD `&nbsp;` is an error to XML, and libxml2 drops what follows a single `&`.
    CDATA sections are left as they are: there an ampersand is one.
    """
    if "&" not in text:
        return text
    pieces: list[str] = []
    position = 0
    while True:
        opening = text.find("<![CDATA[", position)
        closing = text.find("]]>", opening) if opening >= 0 else -1
        if closing < 0:
            pieces.append(_spell_out(text[position:]))
            return "".join(pieces)
        pieces.append(_spell_out(text[position:opening]))
        pieces.append(text[opening : closing + 3])
        position = closing + 3


def _spell_out(text: str) -> str:
    return _REFERENCE.sub(_written_out, _SINGLE_AMPERSAND.sub("&amp;", text))


def _written_out(reference: re.Match[str]) -> str:
    """The character of a reference; markup characters stay references, unknown names are text."""
    written = reference[0]
    if written[1] == "#":
        # As browsers read numbers: Windows-1252 from 128 to 159, nothing for what is not a character.
        character = _NO_XML_CHARACTER.sub("", unescape(written).strip("\ufffd"))
    else:
        character = html5.get(written[1:]) or f"&amp;{written[1:]}"
    return written if character in _MARKUP else character
