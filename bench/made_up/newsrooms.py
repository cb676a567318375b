"""Any number of outlets from a seed, with failures put in and the truth about every article kept."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal

from crawler.demo.newsroom import Channel, DemoEdit, DemoPiece, Kind, Newsroom, piece_path
from crawler.demo.press import build_site
from crawler.demo.site import ServedAnswer, ServedOutlet, ServedPage, Site
from crawler.demo.typesetting import link_of

Fate = Literal["article", "flaky", "cut", "moved", "missing", "bot-wall", "disallowed", "outage"]

FIRST_DAY = datetime(2023, 1, 28, 6, tzinfo=UTC)
DAYS = 28
CLOSED = "closed"
DESIGNS = ("broadsheet", "metro", "agency", "magazine", "classic", "portal")
SECTIONS = {"news": "News", "world": "World", "local": "Local"}
FRONT = 20
QUERY = '''"spy balloon" OR "surveillance balloon"'''
CHANNELS: tuple[Mapping[Channel, str], ...] = (
    {"rss": "/rss.xml"},
    {"atom": "/atom.xml"},
    {"news-sitemap": "/news.xml"},
    {"sitemap-index": "/sitemap.xml"},
    {"rss": "/rss.xml", "news-sitemap": "/news.xml"},
    {"atom": "/atom.xml", "sitemap-index": "/sitemap.xml"},
    {"rss": "/rss.xml", "news-sitemap": "/news.xml", "sitemap-index": "/sitemap.xml"},
    {},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong, as shares between 0 and 1: of outlets `outages`, of articles the others.

    `outages` answer 503 with a Retry-After; `flaky` articles answer 503 once, `cut` ones break off
    once; `missing` answer 404, `moved` ones redirect, `walled` show a bot wall, `closed` are under
    a path that robots.txt disallows. An article has one fault at most.
    """

    outages: float = 0.0
    flaky: float = 0.0
    cut: float = 0.0
    missing: float = 0.0
    moved: float = 0.0
    walled: float = 0.0
    closed: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much of what: `articles` for each outlet; `on_story`, `edited` and `fresh` are shares.

    They come out over so many `days`. `edited` articles change in the second edition, `fresh` ones
    appear only there. `feed_items` and `news_days` limit feeds and news sitemaps as usual; `latency`
    is in seconds.
    """

    outlets: int
    articles: int
    seed: int = 0
    days: int = DAYS
    on_story: float = 0.2
    edited: float = 0.0
    fresh: float = 0.0
    feed_items: int = 15
    news_days: int = 2
    latency: float = 0.0
    faults: Faults = Faults()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The truth about one article: its final URL, what it is about, and what happens to its page."""

    url: str
    outlet: str
    on_story: bool
    published: datetime
    fate: Fate
    since: int
    edited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A generated site, the truth about it, and a workspace's files that name its outlets."""

    site: Site
    known: tuple[Known, ...]
    rooms: tuple[Newsroom, ...]

    @property
    def outlets_toml(self) -> str:
        """An outlets.toml of these outlets, with their lists as discovery would find them."""
        return "\n".join(_outlet_entry(room) for room in self.rooms)

    @property
    def story_toml(self) -> str:
        """A story that matches what is on story, and only that."""
        return f"id = \"generated\"\ntitle = \"Generated\"\n[match]\nany = '''{QUERY}'''\n"


def generate(plan: Plan) -> Generated:
    """Outlets after a plan; equal plans give equal sites."""
    random = Random(plan.seed)
    rooms = tuple(_room(number, plan, random) for number in range(plan.outlets))
    written = {room.id: list(_write(room, plan, random)) for room in rooms}
    site = build_site(rooms, [piece for pieces in written.values() for piece, _ in pieces])
    outlets = [_injure(site.outlets[room.host], room, written[room.id], plan) for room in rooms]
    known = [_known(room, piece, fate) for room in rooms for piece, fate in written[room.id]]
    return Generated(site=Site.of(outlets), known=tuple(known), rooms=rooms)


def _room(number: int, plan: Plan, random: Random) -> Newsroom:
    name = f"gazette-{number:03d}"
    return Newsroom(
        id=name,
        host=f"{name}.example",
        name=f"Gazette No. {number}",
        tagline="A generated outlet",
        language="en",
        country="us",
        kind="regional",
        design=DESIGNS[number % len(DESIGNS)],
        path="/{section}/{published:%Y/%m/%d}/{slug}",
        sections=SECTIONS,
        channels=CHANNELS[number % len(CHANNELS)],
        front=FRONT,
        feed_items=plan.feed_items,
        news_days=plan.news_days,
        robots=f"User-agent: *\nDisallow: /{CLOSED}/\n",
        outage=503 if random.random() < plan.faults.outages else 0,
        retry_after=7200,
    )


def _write(room: Newsroom, plan: Plan, random: Random) -> Iterator[tuple[DemoPiece, Fate]]:
    moments = sorted(random.uniform(0, plan.days * 86_400) for _ in range(plan.articles))
    fresh = round(plan.articles * plan.fresh)
    for number, seconds in enumerate(moments):
        published = FIRST_DAY + timedelta(seconds=round(seconds))
        fate = "outage" if room.outage else _draw_fate(plan.faults, random)
        since = 2 if number >= plan.articles - fresh else 1
        piece = _piece(room, f"item-{number:04d}", published, plan, random)
        yield _doomed(room, replace(piece, since=since), fate), fate


def _draw_fate(faults: Faults, random: Random) -> Fate:
    fates: list[tuple[Fate, float]] = [
        ("flaky", faults.flaky),
        ("cut", faults.cut),
        ("missing", faults.missing),
        ("moved", faults.moved),
        ("bot-wall", faults.walled),
        ("disallowed", faults.closed),
    ]
    drawn = random.random()
    for fate, share in fates:
        drawn -= share
        if drawn < 0:
            return fate
    return "article"


def _doomed(room: Newsroom, piece: DemoPiece, fate: Fate) -> DemoPiece:
    """The piece with what its fate changes in it."""
    if fate in ("missing", "bot-wall"):
        kind: Kind = "missing" if fate == "missing" else "bot-wall"
        return replace(piece, kind=kind)
    if fate == "moved":
        return replace(piece, moved_from=f"/old/{piece.slug}")
    if fate == "disallowed":
        return replace(piece, path=f"/{CLOSED}{piece_path(room, piece)}")
    return piece


def _piece(room: Newsroom, slug: str, published: datetime, plan: Plan, random: Random) -> DemoPiece:
    on_story = random.random() < plan.on_story
    words = _vocabulary()["story" if on_story else "other"]
    lead = _spell(random.choice(words["leads"]), random)
    edits: tuple[DemoEdit, ...] = ()
    if random.random() < plan.edited:
        added = _spell(random.choice(words["sentences"]), random)
        updated = FIRST_DAY + timedelta(days=plan.days)
        edits = (DemoEdit(edition=2, updated=updated, replace=((lead, f"{lead} {added}"),)),)
    return DemoPiece(
        id=f"{room.id}/{slug}",
        newsroom=room.id,
        headline=_capitalised(_spell(random.choice(words["headlines"]), random)),
        summary=lead,
        published=published,
        text="\n\n".join([lead, *_paragraphs(words["sentences"], random)]),
        on_story=on_story,
        section=random.choice(tuple(SECTIONS)),
        authors=(random.choice(_vocabulary()["words"]["person"]),),
        edits=edits,
    )


def _paragraphs(sentences: Sequence[str], random: Random) -> Iterator[str]:
    for _ in range(random.randint(3, 6)):
        chosen = random.sample(sentences, random.randint(2, 4))
        yield " ".join(_capitalised(_spell(sentence, random)) for sentence in chosen)


@cache
def _vocabulary() -> Mapping[str, Any]:
    words = Path(__file__).with_name("vocabulary.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(words))


def _spell(pattern: str, random: Random) -> str:
    """The pattern with each place filled by a word of its kind."""
    words = _vocabulary()["words"]
    parts = Formatter().parse(pattern)
    return "".join(text + (random.choice(words[kind]) if kind else "") for text, kind, *_ in parts)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _injure(
    outlet: ServedOutlet, room: Newsroom, written: Iterable[tuple[DemoPiece, Fate]], plan: Plan
) -> ServedOutlet:
    """The outlet with the passing failures of its pages, and with its latency."""
    pages = dict(outlet.pages)
    for piece, fate in written:
        target = piece_path(room, piece)
        if fate in ("flaky", "cut"):
            pages[target] = replace(pages[target], stumbles=(_stumble(pages[target], fate),))
    return replace(outlet, pages=MappingProxyType(pages), latency=plan.latency)


def _stumble(page: ServedPage, fate: Fate) -> ServedAnswer:
    if fate == "flaky":
        return ServedAnswer(
            status=503, media="text/plain", body=b"busy\n", headers=(("Retry-After", "0"),)
        )
    whole = page.editions[-1]
    return replace(whole, cut=len(whole.body) // 2)


def _known(room: Newsroom, piece: DemoPiece, fate: Fate) -> Known:
    return Known(
        url=link_of(room, piece),
        outlet=room.id,
        on_story=piece.on_story,
        published=piece.published,
        fate=fate,
        since=piece.since,
        edited=bool(piece.edits),
    )


def _outlet_entry(room: Newsroom) -> str:
    lists: dict[str, list[str]] = {"feeds": [], "sitemaps": [], "sections": []}
    for channel, target in room.channels.items():
        lists["sitemaps" if "sitemap" in channel else "feeds"].append(room.address + target)
    if not room.channels:
        lists["sections"] = [f"{room.address}/", *(f"{room.address}/{name}/" for name in SECTIONS)]
    lines = [f'[[outlet]]\nid = "{room.id}"\nname = "{room.name}"\nurl = "{room.address}/"\n']
    lines += [f"{name} = {urls!r}\n".replace("'", '"') for name, urls in lists.items() if urls]
    return "".join(lines)
