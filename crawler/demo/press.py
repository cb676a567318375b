"""The press: newsrooms and pieces → the pages, feeds, sitemaps and robots.txt that are served."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import MappingProxyType

from crawler.demo.content import labels, newsrooms, pieces
from crawler.demo.newsroom import Channel, DemoPiece, Newsroom, edition_of, piece_path
from crawler.demo.site import HTML, ServedAnswer, ServedOutlet, ServedPage, Site
from crawler.demo.typesetting import article_view, link_of, render, room_view, style_sheet

PACKED = "/sitemaps/articles-2023.xml.gz"
XML_TYPES: Mapping[Channel, str] = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "news-sitemap": "application/xml",
    "sitemap-index": "application/xml",
}


def sample_site() -> Site:
    """The demo's outlets."""
    return build_site(newsrooms().values(), pieces().values())


def build_site(rooms: Iterable[Newsroom], written: Iterable[DemoPiece]) -> Site:
    """A site of these newsrooms; each piece is printed by its own."""
    desks = list(rooms)
    everything = list(written)
    by_room = {desk.id: [one for one in everything if one.newsroom == desk.id] for desk in desks}
    web = {one.id: link_of(desk, one) for desk in desks for one in by_room[desk.id]}
    around = {desk.id: _around(desk, desks, by_room) for desk in desks}
    return Site.of(
        build_outlet(desk, by_room[desk.id], web=web, around=around[desk.id]) for desk in desks
    )


def _around(
    desk: Newsroom, desks: Sequence[Newsroom], by_room: Mapping[str, Sequence[DemoPiece]]
) -> list[tuple[str, str]]:
    """Tempting headlines of other outlets in the same language, as link exchanges show them."""
    language = desk.language.partition("-")[0]
    others = [one for one in desks if one is not desk and one.language.startswith(language)]
    return [
        (piece.headline, link_of(other, piece))
        for other in others
        for piece in by_room[other.id][:1]
        if piece.kind == "article"
    ][:3]


@dataclass(frozen=True, slots=True)
class _Shop:
    """What every page of one outlet is made from."""

    room: Newsroom
    pieces: Sequence[DemoPiece]
    web: Mapping[str, str]
    around: Sequence[tuple[str, str]]

    def present(self, edition: int) -> list[DemoPiece]:
        """What an edition holds, as it came out."""
        return [piece for piece in self.pieces if piece.since <= edition]

    def shown(self, edition: int) -> list[DemoPiece]:
        """What an edition holds, as it reads there."""
        return [edition_of(piece, edition) for piece in self.present(edition)]

    def in_editions(self, make: Callable[[int], ServedAnswer]) -> tuple[ServedAnswer, ...]:
        """The answer of each edition; one alone when they are all the same."""
        changes = {edit.edition for piece in self.pieces for edit in piece.edits}
        newest = max(changes | {piece.since for piece in self.pieces}, default=1)
        made = tuple(make(edition) for edition in range(1, newest + 1))
        return made if len({answer.body for answer in made}) > 1 else made[:1]


def build_outlet(
    room: Newsroom,
    written: Iterable[DemoPiece],
    *,
    web: Mapping[str, str] | None = None,
    around: Sequence[tuple[str, str]] = (),
) -> ServedOutlet:
    """The outlet of a newsroom. `web` tells the URL of each piece that a text may link to."""
    newest_first = sorted(written, key=lambda piece: piece.published, reverse=True)
    shop = _Shop(room, newest_first, web or {}, around)
    made = [*_article_pages(shop), *_list_pages(shop), *_channel_pages(shop), *_house_pages(shop)]
    return ServedOutlet(
        host=room.host,
        pages=MappingProxyType({page.target: page for page in made}),
        missing=_missing(shop),
        outage=_outage(room),
        headers=(("Server", room.server), ("Cache-Control", "public, max-age=60")),
    )


def _outage(room: Newsroom) -> ServedAnswer | None:
    if not room.outage:
        return None
    return ServedAnswer(
        status=room.outage,
        media="text/html",
        body=b"<html><head><title>503 Service Temporarily Unavailable</title></head></html>\n",
        headers=(("Retry-After", str(room.retry_after)),) if room.retry_after else (),
    )


def _article_pages(shop: _Shop) -> Iterator[ServedPage]:
    for piece in shop.pieces:
        target = piece_path(shop.room, piece)
        if piece.kind == "article":
            yield ServedPage(target=target, editions=shop.in_editions(partial(_print, shop, piece)))
        elif piece.kind != "missing":
            answer = ServedAnswer(body=_notice(shop, piece.kind))
            yield ServedPage(target=target, editions=(answer,))
        if piece.moved_from:
            moved = ServedAnswer(status=301, headers=(("Location", link_of(shop.room, piece)),))
            yield ServedPage(target=piece.moved_from, editions=(moved,))


def _print(shop: _Shop, piece: DemoPiece, edition: int) -> ServedAnswer:
    """The page of a piece in an edition."""
    if piece.since > edition:
        return _missing(shop)
    shown = edition_of(piece, edition)
    neighbours = [one for one in shop.shown(edition) if one.id != piece.id]
    view = article_view(shop.room, shown, neighbours, web=shop.web, around=shop.around)
    html = render(f"{shop.room.design}/article.html.j2", view)
    return ServedAnswer(
        body=html.encode(piece.charset, errors="xmlcharrefreplace"),
        media=HTML if piece.charset == "utf-8" else "text/html",
        modified=(shown.updated or shown.published) if piece.dated else None,
    )


def _list_pages(shop: _Shop) -> Iterator[ServedPage]:
    heading = labels(shop.room.language)["latest"]
    yield ServedPage(target="/", editions=shop.in_editions(partial(_list, shop, "", heading)))
    for section, name in shop.room.sections.items():
        editions = shop.in_editions(partial(_list, shop, section, name))
        yield ServedPage(target=f"/{section}/", editions=editions)


def _list(shop: _Shop, section: str, heading: str, edition: int) -> ServedAnswer:
    """The front page, or a section's, in an edition."""
    present = [one for one in shop.shown(edition) if one.kind != "missing"]
    listed = [one for one in present if not section or one.section == section]
    if not section:
        listed = listed[: shop.room.front]
    view = room_view(shop.room) | {
        "url": f"{shop.room.address}/{section}" + ("/" if section else ""),
        "heading": heading,
        "entries": [article_view(shop.room, one, (), web=shop.web) for one in listed],
        "around": shop.around,
    }
    html = render(f"{shop.room.design}/list.html.j2", view)
    modified = max((one.updated or one.published for one in listed), default=None)
    return ServedAnswer(body=html.encode(), modified=modified)


def _channel_pages(shop: _Shop) -> Iterator[ServedPage]:
    for channel, target in shop.room.channels.items():
        yield ServedPage(
            target=target, editions=shop.in_editions(partial(_channel, shop, channel, target))
        )
        if channel == "sitemap-index":
            yield ServedPage(
                target=PACKED, editions=shop.in_editions(partial(_packed_sitemap, shop))
            )
            standing = render("channels/sitemap.xml.j2", {**room_view(shop.room), "entries": ()})
            answer = ServedAnswer(body=standing.encode(), media="application/xml")
            yield ServedPage(target="/sitemaps/pages.xml", editions=(answer,))


def _channel(shop: _Shop, channel: Channel, target: str, edition: int) -> ServedAnswer:
    """A feed or a sitemap; it keeps the headlines under which the pieces came out."""
    present = shop.present(edition)
    newest = max((one.published for one in present), default=None)
    listed = _listed(shop.room, channel, present)
    view = room_view(shop.room) | {
        "url": f"{shop.room.address}{target}",
        "entries": [article_view(shop.room, one, (), web=shop.web) for one in listed],
        "newest": newest,
        "packed": PACKED,
    }
    body = render(f"channels/{channel}.xml.j2", view).encode()
    return ServedAnswer(body=body, media=XML_TYPES[channel], modified=newest)


def _listed(room: Newsroom, channel: Channel, present: Sequence[DemoPiece]) -> Sequence[DemoPiece]:
    """What a channel lists of the pieces, which come newest first."""
    if channel in ("rss", "atom"):
        return present[: room.feed_items or None]
    if channel == "news-sitemap" and room.news_days and present:
        oldest = present[0].published - timedelta(days=room.news_days)
        return [one for one in present if one.published >= oldest]
    return present


def _packed_sitemap(shop: _Shop, edition: int) -> ServedAnswer:
    """The child of a sitemap index that lists the articles, packed."""
    present = shop.present(edition)
    entries = [article_view(shop.room, one, (), web=shop.web) for one in present]
    text = render("channels/sitemap.xml.j2", room_view(shop.room) | {"entries": entries})
    newest = max((one.published for one in present), default=None)
    body = gzip.compress(text.encode(), mtime=0)
    return ServedAnswer(body=body, media="application/gzip", modified=newest)


def _house_pages(shop: _Shop) -> Iterator[ServedPage]:
    sitemaps = [
        f"Sitemap: {shop.room.address}{target}\n"
        for channel, target in shop.room.channels.items()
        if "sitemap" in channel
    ]
    robots = shop.room.robots.lstrip() + "\n" + "".join(sitemaps)
    plain = ServedAnswer(body=robots.encode(), media="text/plain; charset=utf-8")
    style = ServedAnswer(body=style_sheet(shop.room.design), media="text/css; charset=utf-8")
    sky = ServedAnswer(body=render("sky.svg.j2", {}).encode(), media="image/svg+xml")
    for target, answer in {"/robots.txt": plain, "/style.css": style, "/sky.svg": sky}.items():
        yield ServedPage(target=target, editions=(answer,))


def _missing(shop: _Shop) -> ServedAnswer:
    return ServedAnswer(status=404, body=_notice(shop, "missing"))


def _notice(shop: _Shop, kind: str) -> bytes:
    """A page that is not an article: the missing page in the house's design, the walls in their own."""
    words = labels(shop.room.language)
    name = {"soft-404": "missing", "bot-wall": "bot_wall"}.get(kind, kind)
    view = room_view(shop.room) | {
        "url": f"{shop.room.address}/",
        "heading": words[name],
        "notice": words[f"{name}_text"],
        "around": shop.around,
    }
    template = "notice.html.j2" if name == "missing" else f"walls/{kind}.html.j2"
    return render(template, view).encode()
