"""What a feed says: of itself and of each article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.extract.text import field_text

MAX_ENTRIES = 10_000
TITLE_LIMIT = 500
SUMMARY_LIMIT = 2_000
CONTENT_LIMIT = 1_000_000
MAX_NAMES = 50

_UNSEEN = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|em|font|i|mark|q|small|span|strong|sub|sup|u)(?:\s[^<>]{0,500})?>",
    re.IGNORECASE,
)


_MAIL = re.compile(r"[^\s@<>()]{1,100}@[^\s@<>()]{1,100}")
_MAIL_FIRST = re.compile(rf"\s*<?{_MAIL.pattern}>?\s*\((?P<name>[^()]{{1,100}})\)")
_MAIL_LAST = re.compile(rf"[\s,;]*(?P<name>[^<>@]{{1,100}}?)\s*[<(]{_MAIL.pattern}[>)]")
_MAIL_BARE = re.compile(rf"\s*(?:mailto:)?{_MAIL.pattern}\s+(?P<name>[^@<>()]{{1,100}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """What a feed says of one article. Texts are plain; `content` is HTML, empty if not given;
    `section` is the first of its categories.

    `published` and `updated` are as written; the moments read from them are UTC, None if the
    text is not a date between 1990 and 2100. Lengths are bounded (title 500 characters, summary
    2,000, content 1,000,000).
    """

    url: str
    title: str = ""
    summary: str = ""
    published: str = ""
    published_at: datetime | None = None
    updated: str = ""
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    section: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: at most 10,000 entries in its own order, and what it says of itself.

    `language` is as written, in lower case; `ttl` the pause between visits that the feed asks
    for; `next` the page of older entries (RFC 5005). `partial` says that the document was
    damaged or cut, `without_url` how many entries had no address and were left out.
    """

    entries: tuple[FeedEntry, ...]
    title: str = ""
    language: str = ""
    home: str = ""
    ttl: timedelta | None = None
    next: str = ""
    partial: bool = False
    without_url: int = 0


def plain_text(text: object, limit: int) -> str:
    """A field of a feed as plain text on one line: no markup, and nothing that scripts say."""
    if isinstance(text, str) and "<" in (cut := text[: 4 * limit]):
        # Inside a word or before a full stop no blank may take a tag's place.
        text = _INLINE.sub("", _UNSEEN.sub("", cut))
    return field_text(text, limit)


def person_name(text: str) -> str:
    """Who is named beside a mail address: `a@b.org (Mara Quill)`, `Mara Quill <a@b.org>`, or several.

    Several are joined by `; `; "" stands for nobody.
    """
    text = text[:500]
    for form in (_MAIL_FIRST, _MAIL_LAST):
        if form.match(text):
            names = (match["name"].strip(" \"'") for match in form.finditer(text))
            return "; ".join(filter(None, names))
    if match := _MAIL_BARE.fullmatch(text):
        return match["name"].strip()
    return "" if _MAIL.fullmatch(text.strip()) else text


def language_tag(text: str) -> str:
    """A language as `en-us`: lower case, with a hyphen."""
    return text.strip().replace("_", "-").lower()[:35]


def unique(names: Sequence[str]) -> tuple[str, ...]:
    """The names that are not empty, each once, at most 50."""
    return tuple(dict.fromkeys(filter(None, names)))[:MAX_NAMES]


def only_addressed(entries: Sequence[FeedEntry]) -> tuple[tuple[FeedEntry, ...], int]:
    """The entries that have a URL, at most 10,000, and how many have none."""
    addressed = tuple(entry for entry in entries if entry.url)
    return addressed[:MAX_ENTRIES], len(entries) - len(addressed)
