"""Pages that a browser saved: MHTML, SingleFile, and HTML with the mark "saved from url"."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.message
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal

from index.capture import Capture, Listing

MAX_SAVED = 128 * 1024 * 1024  # a page with all its pictures in it
_MARKS = 64 * 1024  # bytes in which a saved page says where it is from
_SINGLE_FILE = re.compile(rb"Page saved with SingleFile.{0,200}?\burl:\s*(\S+)", re.DOTALL)
_SAVED_DATE = re.compile(r"saved date:\s*\w{3} (\w{3} \d{1,2} \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4})")
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{1,6}\)(\S+?)\s*-->", re.IGNORECASE)
# What is inlined weighs more than the page and is not a part of its text; small icons stay.
_INLINED = re.compile(
    rb"data:[a-z0-9.+-]+/[a-z0-9.+-]+(?:;[a-z0-9=.-]+)*;base64,[a-z0-9+/=%]{4096,}", re.IGNORECASE
)
_MIME = re.compile(
    rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*multipart/related", re.I
)

Kind = Literal["mhtml", "html", ""]


def kind_of_saved(head: bytes) -> Kind:
    """What kind of saved page begins so; empty for neither."""
    if _MIME.match(head.replace(b"\r\n", b"\n")):
        return "mhtml"
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    return (
        "html"
        if begin.startswith((b"<!doctype html", b"<html", b"<!--", b"<head", b"<body"))
        else ""
    )


def says_its_address(head: bytes) -> bool:
    """Whether HTML that begins so says which address it was saved from."""
    return bool(_SINGLE_FILE.search(head) or _SAVED_FROM.search(head))


def read_saved_page(data: bytes, kind: Kind, source: str, written: datetime) -> Capture | str:
    """The capture of a saved page, of which `written` is the file's own time; or why there is none."""
    return (
        _from_mhtml(data, source, written) if kind == "mhtml" else _from_html(data, source, written)
    )


def written_at(path: Path) -> datetime:
    """When a file was written last."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _from_html(data: bytes, source: str, written: datetime) -> Capture | str:
    head = data[:_MARKS]
    if found := _SINGLE_FILE.search(head):
        moment = _single_file_date(head[found.end() :]) or written
    elif found := _SAVED_FROM.search(head):
        moment = written
    else:
        return "an HTML file that does not say which address it was saved from"
    url = found[1].decode("utf-8", "replace")
    return _capture(url, data, "text/html", moment, source)


def _from_mhtml(data: bytes, source: str, written: datetime) -> Capture | str:
    message = email.message_from_bytes(data)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    body = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(body, bytes):
        return "no HTML in it"
    places = (
        _header(message, "Snapshot-Content-Location"),
        _header(page, "Content-Location"),
        _header(message, "Content-Location"),
    )
    url = next((place for place in places if place.lower().startswith(("http://", "https://"))), "")
    moment = _mail_date(_header(message, "Date")) or written
    return _capture(url, body, _header(page, "Content-Type") or "text/html", moment, source)


def _capture(url: str, body: bytes, media: str, moment: datetime, source: str) -> Capture | str:
    if not url.lower().startswith(("http://", "https://")):
        return "a saved page that names no http address"
    return Capture(
        url=url,
        status=200,
        headers=(("Content-Type", " ".join(media.split())),),
        body=_INLINED.sub(b"data:,", body),
        fetched=moment,
        listing=Listing(channel="warc", source=source),
        is_resource=True,
    )


def _header(part: email.message.Message, name: str) -> str:
    """A header in plain text: a browser packs a long address as RFC 2047 says."""
    raw = str(part.get(name, ""))
    try:
        text = str(email.header.make_header(email.header.decode_header(raw)))
    except (ValueError, LookupError, email.errors.MessageError):
        text = raw
    return text.strip()


def _mail_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):  # a time beyond all numbers
        return None


def _single_file_date(text: bytes) -> datetime | None:
    found = _SAVED_DATE.search(text[:400].decode("utf-8", "replace"))
    if found is None:
        return None
    try:
        return datetime.strptime(" ".join(found.groups()), "%b %d %Y %H:%M:%S %z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
