"""The sample outlets as they are years later: some pages gone, and public lists and archives that know them.

Everything is served by the sample outlets' server: GDELT's list by the minute and its search, the Wayback
Machine's index and copies, Common Crawl's, an encyclopedia. Which piece is known to whom follows from its
number, so that every run has the same truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType

from crawler.demo.content import newsrooms, pieces
from crawler.demo.newsroom import DemoPiece, Newsroom, edition_of, piece_path
from crawler.demo.press import sample_site
from crawler.demo.site import ServedAnswer, ServedOutlet, ServedPage, Site
from crawler.demo.typesetting import link_of

GONE = 4  # of that many pieces one is gone from its publisher
CLOSED_ROOMS = frozenset(
    {"maple-dispatch"}
)  # newsrooms that have closed: all of their pages are gone


Reply = Callable[[str], ServedAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(ServedOutlet):
    """A host whose answers are made when they are asked for."""

    reply: Reply

    def page(self, target: str) -> ServedPage:
        """The page of a target."""
        return ServedPage(target=target, editions=(self.reply(target),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A page as an archive holds it: when it was captured, and what was answered then."""

    url: str
    moment: datetime
    answer: ServedAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A piece with its address, its captures, and whether its publisher still has it."""

    piece: DemoPiece
    room: Newsroom
    url: str
    captures: tuple[Captured, ...]
    is_gone: bool

    @property
    def is_listed(self) -> bool:
        """Whether the list by the minute names it."""
        return self.piece.number % 7 != 0

    @property
    def is_found(self) -> bool:
        """Whether the search finds it: a sample that is independent of the list's."""
        return self.piece.number % 5 != 0

    @property
    def is_cited(self) -> bool:
        """Whether the encyclopedia cites it."""
        return self.piece.on_story and self.piece.number % 3 == 0


@cache
def known_pieces() -> tuple[Known, ...]:
    """Every piece that was ever there, oldest first."""
    site = sample_site()
    found = (_known(piece, newsrooms()[piece.newsroom], site) for piece in pieces().values())
    return tuple(sorted(found, key=lambda one: (one.piece.published, one.url)))


def past_site(services: Callable[[Sequence[Known]], Iterator[ServedOutlet]]) -> Site:
    """The outlets without what is gone, and the services that know it."""
    everything = known_pieces()
    gone = {one.url for one in everything if one.is_gone}
    outlets = [_without(outlet, gone) for outlet in sample_site().outlets.values()]
    return Site.of([*outlets, *services(everything)])


def _known(piece: DemoPiece, room: Newsroom, site: Site) -> Known:
    url = link_of(room, piece)
    page = site.outlets[room.host].pages.get(piece_path(room, piece))
    is_gone = room.id in CLOSED_ROOMS or piece.number % GONE == 0
    return Known(
        piece=piece,
        room=room,
        url=url,
        captures=tuple(_captures(piece, url, page)) if page is not None else (),
        is_gone=is_gone,
    )


def _captures(piece: DemoPiece, url: str, page: ServedPage) -> Iterator[Captured]:
    """The first version two hours after publication; of each later one a capture of its own."""
    first = piece.published + timedelta(hours=2)
    yield Captured(url=url, moment=first, answer=page.answer(edition=1, visit=9))
    for edit in piece.edits:
        shown = edition_of(piece, edit.edition)
        moment = max(shown.updated or first, first) + timedelta(hours=1)
        answer = page.answer(edition=edit.edition, visit=9)
        yield Captured(url=url, moment=moment, answer=answer)
        yield Captured(url=url, moment=moment + timedelta(days=9), answer=answer)


def _without(outlet: ServedOutlet, gone: set[str]) -> ServedOutlet:
    """The outlet as it is in the end: its last edition, without the pages that are gone."""
    pages = {
        target: replace(page, editions=page.editions[-1:])
        for target, page in outlet.pages.items()
        if f"http://{outlet.host}{target}" not in gone
    }
    return replace(outlet, pages=MappingProxyType(pages))
