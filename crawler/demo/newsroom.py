"""Made-up newsrooms and their pieces: what is written, before any page is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from typing import Literal
from zlib import crc32

Kind = Literal["article", "bot-wall", "consent", "soft-404", "missing"]
Channel = Literal["rss", "atom", "news-sitemap", "sitemap-index"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """An outlet as its readers know it.

    `path` is the pattern of its article addresses (`{section}`, `{slug}`, `{number}`, and
    `{published:%Y}` and the like), `channels` the address of each list it offers, `front` how many
    pieces its front page links (the newest first), `feed_query` what its lists add to links. A
    `full_feed` carries the articles whole; a feed has the newest `feed_items`, a news sitemap what
    was published in the `news_days` up to the newest piece (0: all of it).
    `outage` is the status that it answers to everything, with `retry_after` in seconds.
    """

    id: str
    host: str
    name: str
    tagline: str
    language: str
    country: str
    kind: str
    design: str
    path: str
    server: str = "nginx"
    sections: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[Channel, str] = field(default_factory=dict)
    front: int = 12
    feed_query: str = ""
    full_feed: bool = False
    feed_items: int = 0
    news_days: int = 0
    robots: str = "User-agent: *\nDisallow: /search\n"
    outage: int = 0
    retry_after: int = 0

    @property
    def address(self) -> str:
        """The root URL, without the last slash."""
        return f"http://{self.host}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoEdit:
    """What a later edition shows otherwise: replaced passages, a headline, a note to readers."""

    edition: int
    updated: datetime
    headline: str = ""
    summary: str = ""
    replace: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPiece:
    """Something published at an address.

    `text` is paragraphs with an empty line between them; `## ` leads a subheading, `> ` a quotation,
    and `[words](id)` links to a piece. A piece that is not `dated` shows its date nowhere; of a
    `paywalled` one only `free` paragraphs are served. `moved_from` is an old path that redirects.
    Before the edition `since` it is not there.
    `on_story` is the truth about it: whether a person would call it coverage of the balloon.
    """

    id: str
    newsroom: str
    headline: str
    published: datetime
    text: str
    on_story: bool = True
    kind: Kind = "article"
    section: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    credit: str = ""
    updated: datetime | None = None
    note: str = ""
    dated: bool = True
    paywalled: bool = False
    free: int = 2
    charset: str = "utf-8"
    since: int = 1
    path: str = ""
    moved_from: str = ""
    edits: tuple[DemoEdit, ...] = ()

    @property
    def number(self) -> int:
        """A number of six digits as content systems give them; the same in every run."""
        return 100_000 + crc32(self.id.encode()) % 900_000

    @property
    def slug(self) -> str:
        """The part of the address that speaks: the id without its newsroom."""
        return self.id.removeprefix(f"{self.newsroom}/")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBlock:
    """A paragraph of a piece, its subheading or its quotation."""

    kind: Literal["paragraph", "heading", "quotation"]
    text: str


def unwrap(text: str) -> str:
    """The text with one line for each paragraph; between two Han characters comes no space."""
    parts = (part.strip().splitlines() for part in text.split("\n\n"))
    return "\n\n".join(reduce(_join, map(str.strip, lines)) for lines in parts if lines)


def _join(before: str, after: str) -> str:
    unspaced = before[-1:] > "\u2e80" and after[:1] > "\u2e80"
    return before + after if unspaced else f"{before} {after}"


def read_blocks(text: str) -> tuple[DemoBlock, ...]:
    """The blocks of an unwrapped text."""
    return tuple(_read_block(part) for part in text.split("\n\n") if part)


def _read_block(part: str) -> DemoBlock:
    if part.startswith("## "):
        return DemoBlock(kind="heading", text=part.removeprefix("## "))
    if part.startswith("> "):
        return DemoBlock(kind="quotation", text=part.removeprefix("> "))
    return DemoBlock(kind="paragraph", text=part)


def piece_path(room: Newsroom, piece: DemoPiece) -> str:
    """The target of a piece at its outlet."""
    return piece.path or room.path.format(
        section=piece.section,
        slug=piece.slug,
        number=piece.number,
        published=piece.published,
    )


def edition_of(piece: DemoPiece, edition: int) -> DemoPiece:
    """The piece as an edition shows it, with every edit up to then made.

    Raises `ValueError` when a passage to replace is not there: an edit must change something.
    """
    shown = piece
    for edit in piece.edits:
        if edit.edition <= edition:
            shown = replace(
                shown,
                headline=edit.headline or shown.headline,
                summary=edit.summary or shown.summary,
                updated=edit.updated,
                note=edit.note,
                text=replace_passages(shown.text, edit.replace),
            )
    return shown


def replace_passages(text: str, passages: Sequence[tuple[str, str]]) -> str:
    """The text with each old passage replaced by the new; raises `ValueError` if one is absent."""
    for old, new in passages:
        if old not in text:
            raise ValueError(f"no such passage: {old!r}")
        text = text.replace(old, new)
    return text
