"""What the templates are given: a newsroom's frame, a piece with its dates, links and metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from crawler.demo.content import HERE, labels
from crawler.demo.newsroom import DemoPiece, Newsroom, piece_path, read_blocks

LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
RELATED = 4
POPULAR = 5
Span = tuple[str, str]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("crawler.demo"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["rfc822"] = format_datetime
    return environment


def render(template: str, view: Mapping[str, Any]) -> str:
    """The text of a template below `templates/`; raises `jinja2.TemplateError` on a fault in it."""
    return _environment().get_template(template).render(view)


@cache
def style_sheet(design: str) -> bytes:
    """The style sheet of a design."""
    return (HERE / "templates" / design / "style.css").read_bytes()


def link_of(room: Newsroom, piece: DemoPiece) -> str:
    """The URL of a piece."""
    return room.address + piece_path(room, piece)


def room_view(room: Newsroom) -> dict[str, Any]:
    """What every page of an outlet shows around its matter."""
    words = labels(room.language)
    return {
        "room": room,
        "words": words,
        "imprint": words["imprint"].format(room=room.name),
        "nav": [(name, f"{room.address}/{section}/") for section, name in room.sections.items()],
        "feeds": [
            (channel, f"{room.address}{target}")
            for channel, target in room.channels.items()
            if channel in ("rss", "atom")
        ],
    }


def article_view(
    room: Newsroom,
    piece: DemoPiece,
    neighbours: Sequence[DemoPiece],
    *,
    web: Mapping[str, str],
    around: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """What an article's page shows; `neighbours` are the outlet's other pieces."""
    url = link_of(room, piece)
    nearest = sorted(neighbours, key=lambda one: abs(one.published - piece.published))
    by_number = sorted(neighbours, key=lambda one: one.number)
    author = ", ".join(piece.authors)
    return room_view(room) | {
        "piece": piece,
        "url": url,
        "author": author,
        "about_author": labels(room.language)["about_author"].format(author=author, room=room.name),
        "section": room.sections.get(piece.section, ""),
        "listed_url": _listed_url(room, piece),
        "blocks": _shown_blocks(piece, web),
        "published": _written_date(room, piece.published),
        "updated": _written_date(room, piece.updated) if piece.updated else "",
        "related": _links(room, nearest[:RELATED]),
        "popular": _links(room, by_number[:POPULAR]),
        "around": around,
        "jsonld": _json_ld(room, piece, url),
    }


def _links(room: Newsroom, linked: Sequence[DemoPiece]) -> list[tuple[str, str]]:
    return [(piece.headline, link_of(room, piece)) for piece in linked]


def _listed_url(room: Newsroom, piece: DemoPiece) -> str:
    """The address that the lists give: the old one of a piece that has moved."""
    return (room.address + piece.moved_from if piece.moved_from else link_of(room, piece)) + (
        room.feed_query
    )


def _shown_blocks(piece: DemoPiece, web: Mapping[str, str]) -> list[tuple[str, list[Span]]]:
    """The blocks that are served, as (kind, spans); a paywall keeps the rest back."""
    blocks = read_blocks(piece.text)
    shown = blocks[: piece.free] if piece.paywalled else blocks
    return [(block.kind, read_spans(block.text, web)) for block in shown]


def read_spans(text: str, web: Mapping[str, str]) -> list[Span]:
    """The text in parts, each with the address that it links to, or none.

    `[words](id)` is a link to what `web` knows by that id, or to the address itself.
    """
    spans, end = [], 0
    for match in LINK.finditer(text):
        spans += [(text[end : match.start()], ""), (match[1], web.get(match[2], match[2]))]
        end = match.end()
    return [*spans, (text[end:], "")]


def _written_date(room: Newsroom, moment: datetime) -> str:
    """The date as the outlet's readers write it, in the outlet's own time."""
    words = labels(room.language)
    written: str = words["date"].format(
        month=words["months"][moment.month - 1],
        day=moment.day,
        year=moment.year,
        hour=f"{moment.hour:02d}",
        minute=f"{moment.minute:02d}",
    )
    return written


def _json_ld(room: Newsroom, piece: DemoPiece, url: str) -> dict[str, Any]:
    """schema.org's NewsArticle, as newsrooms fill it in."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": piece.headline,
        "description": piece.summary,
        "datePublished": piece.published.isoformat(),
        "dateModified": (piece.updated or piece.published).isoformat(),
        "inLanguage": room.language,
        "articleSection": room.sections.get(piece.section, ""),
        "author": [{"@type": "Person", "name": name} for name in piece.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": room.name, "url": room.address},
        "image": [f"{room.address}/sky.svg"],
        "isAccessibleForFree": not piece.paywalled,
    }
    if piece.paywalled:
        data["hasPart"] = {
            "@type": "WebPageElement",
            "isAccessibleForFree": False,
            "cssSelector": ".story-rest",
        }
    return data
