"""What can be told of a response before its markup is read: status, emptiness, type of content."""

from __future__ import annotations

import re

from crawler.extract.rejection import NotAnArticle
from index.capture import Capture

MAGIC = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG image"),
    (b"GIF8", "GIF image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"PK\x03\x04", "ZIP or office file"),
    (b"\x1f\x8b\x08", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"ID3", "MP3 audio"),
    (b"OggS", "Ogg media"),
    (b"RIFF", "RIFF media"),
    (b"\x00\x00\x00\x18ftyp", "MP4 video"),
    (b"\x00\x00\x00\x20ftyp", "MP4 video"),
    (b"wOF", "font"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"{\\rtf", "RTF"),
)
HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|div|p|article|section|table|h1|main|header|span|br)[\s>/]",
    re.IGNORECASE,
)
FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|urlset|sitemapindex|opml)[\s>]")
HEAD = 2048


def refuse_response(capture: Capture) -> NotAnArticle | None:
    """The refusal that status line and first bytes decide on, or None when the page must be read."""
    if capture.status != 200:
        return NotAnArticle(
            kind=f"http-{capture.status}", reason=f"the server answered {capture.status}"
        )
    if not capture.body.strip(b" \t\r\n\0\xef\xbb\xbf"):
        return NotAnArticle(kind="empty", reason="the response has no body")
    found = sniff(capture.body)
    return NotAnArticle(kind="not-html", reason=f"the body is {found}") if found else None


def sniff(body: bytes) -> str:
    """What a body is when it is not HTML, in words; "" for HTML. The server's claim is not asked."""
    start = body.lstrip(b" \t\r\n\xef\xbb\xbf")[:HEAD]
    for magic, name in MAGIC:
        if start.startswith(magic):
            return name
    if FEED.search(start) and not re.search(rb"<html[\s>]", start, re.IGNORECASE):
        return "a feed or sitemap"
    if (
        start[:2] in (b"\xff\xfe", b"\xfe\xff")
        or HTML.search(start.replace(b"\0", b""))
        or HTML.search(body[:200_000])
    ):
        return ""
    if start[:1] in (b"{", b"["):
        return "JSON"
    return "binary data" if b"\0" in start else "plain text"
