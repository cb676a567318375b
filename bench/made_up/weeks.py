"""Made-up outlets over weeks: what each address shows at each visit of a desk that crawls twice a day.

Articles come out on their day, some are edited later, some are taken down; an outlet fails for a day. The
user edits files too: an outlet is added, the story's query is widened. Equal plans give equal weeks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from types import MappingProxyType
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from bench.made_up.newsrooms import FIRST_DAY, Generated, Known, Plan, generate
from crawler.demo.site import NOT_FOUND, ServedAnswer, ServedOutlet, ServedPage, Site

# No whole part of a day, so that no recheck falls due at the very moment of a visit.
BETWEEN = timedelta(hours=11, minutes=7)
LISTED = 10  # by a feed or a sitemap
_TITLE = re.compile(rb"<title>(.*?)</title>", re.DOTALL)
_GONE = ServedAnswer(status=410, body=b"gone\n", media="text/plain")
_DOWN = ServedAnswer(
    status=503, body=b"down\n", media="text/plain", headers=(("Retry-After", "7200"),)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageInTime(ServedPage):
    """A page whose `editions[n]` is shown from visit `since[n]` on; `since[0]` is 1."""

    since: tuple[int, ...]

    def answer(self, *, edition: int, visit: int) -> ServedAnswer:
        """What is shown at a visit of the desk, which is the site's edition."""
        return self.editions[bisect_right(self.since, edition) - 1]


@dataclass(frozen=True, slots=True)
class Weeks:
    """So many visits of a site, and the files of the desk at each; visits count from 1."""

    made: Generated
    visits: int
    site: Site

    def moment(self, visit: int) -> datetime:
        """When a visit begins."""
        return FIRST_DAY + visit * BETWEEN

    def write_files(self, root: Path, visit: int) -> None:
        """The desk's files as the user has them at a visit."""
        (root / "stories").mkdir(parents=True, exist_ok=True)
        (root / "workspace.toml").write_text("delay = 0.0\n")
        *early, last = self.made.outlets_toml.split("[[outlet]]")
        named = [*early, last] if visit > self.visits // 3 else early
        (root / "outlets.toml").write_text("[[outlet]]".join(named))
        story = self.made.story_toml
        if visit > self.visits // 2:
            story = story.replace("'''\n", " OR airship'''\n")
        (root / "stories" / "generated.toml").write_text(story)


def make_weeks(*, visits: int, outlets: int = 3, articles: int = 40, seed: int = 1) -> Weeks:
    """The weeks of that many visits; `articles` of each outlet in all of them."""
    days = (visits * BETWEEN).days + 1
    plan = Plan(outlets=outlets, articles=articles, seed=seed, days=days, on_story=0.5, edited=0.3)
    made = generate(plan)
    random = Random(seed)
    served = []
    for room in made.rooms:
        known = [one for one in made.known if one.outlet == room.id]
        pages = {page.target: page for page in _pages(made.site.outlets[room.host], known, random)}
        down = random.randint(2, max(2, visits - 3))  # and up again well before the end
        for channel, target in room.channels.items():
            is_sitemap = "sitemap" in channel
            pages[target] = _list(
                target, known, pages, is_sitemap=is_sitemap, visits=visits, down=down
            )
        robots = made.site.outlets[room.host].pages["/robots.txt"]
        pages[robots.target] = robots
        served.append(ServedOutlet(host=room.host, pages=MappingProxyType(pages)))
    return Weeks(made, visits, Site.of(served))


def _visit_of(moment: datetime) -> int:
    """The first visit that can see what came out at a moment."""
    return max(1, -((FIRST_DAY - moment) // BETWEEN))


def _pages(outlet: ServedOutlet, known: Sequence[Known], random: Random) -> Iterator[ServedPage]:
    """Each article: not there, as it came out, as it was edited, gone."""
    for one in known:
        page = outlet.page(urlsplit(one.url).path)
        phases = [(1, NOT_FOUND), (_visit_of(one.published), page.editions[0])]
        if one.edited:
            phases.append((phases[-1][0] + random.randint(1, 4), page.editions[-1]))
        if random.random() < 0.05:
            phases.append((phases[-1][0] + random.randint(2, 6), _GONE))
        yield _in_time(page.target, phases)


def _list(
    target: str,
    known: Sequence[Known],
    pages: dict[str, ServedPage],
    *,
    is_sitemap: bool,
    visits: int,
    down: int,
) -> ServedPage:
    """The newest articles at each visit; at two visits the outlet is down."""
    phases = []
    for visit in range(1, visits + 1):
        out = [one for one in known if _visit_of(one.published) <= visit]
        newest = sorted(out, key=_newest)[:LISTED]
        if is_sitemap:
            body = f"<urlset>{''.join(map(_entry, newest))}</urlset>"
        else:
            items = "".join(_item(one, pages) for one in newest)
            body = f"<rss version='2.0'><channel>{items}</channel></rss>"
        answer = ServedAnswer(body=body.encode(), media="application/xml; charset=utf-8")
        phases.append((visit, _DOWN if down <= visit < down + 2 else answer))
    return _in_time(target, phases)


def _newest(one: Known) -> float:
    return -one.published.timestamp()


def _item(one: Known, pages: dict[str, ServedPage]) -> str:
    came_out = next(
        answer for answer in pages[urlsplit(one.url).path].editions if answer.status == 200
    )
    found = _TITLE.search(came_out.body)
    return (
        f"<item><title>{found[1].decode() if found else ''}</title><link>{escape(one.url)}</link>"
        f"<pubDate>{one.published:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
    )


def _entry(one: Known) -> str:
    return f"<url><loc>{escape(one.url)}</loc><lastmod>{one.published.isoformat()}</lastmod></url>"


def _in_time(target: str, phases: Sequence[tuple[int, ServedAnswer]]) -> PageInTime:
    """A page with these phases, of which a later one covers one that begins at the same visit."""
    by_visit = dict(phases)
    since = tuple(sorted(by_visit))
    return PageInTime(target=target, editions=tuple(by_visit[one] for one in since), since=since)
