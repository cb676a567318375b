"""The lists of an outlet tried again: what answers, moved, is dead, blocked or stale; and the repair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.lists import Kind
from crawler.lists.feeds import parse_feed
from crawler.lists.sections import parse_list_page, refuse_article
from crawler.lists.sitemaps import parse_sitemap
from crawler.outlets import Discovery
from crawler.refusal import Refusal
from crawler.urls import canonical
from crawler.wire.web import FetchedPage, Web
from index.coverage.estimates import stale_since
from index.workspace.outlets import Outlet

State = Literal["answers", "moved", "stale", "blocked", "dead", "fails"]
KEYS: dict[Kind, str] = {"feed": "feeds", "sitemap": "sitemaps", "section": "sections"}

# A name that is not found is none of these: it may be our own network that fails.
_DEAD = frozenset({"http-404", "http-410", "html", "not-a-feed", "not-a-sitemap"})
_BLOCKED = frozenset(
    {f"http-{status}" for status in (401, 402, 403, 429, 451)}
    | {"robots", "robots-unreachable", "bot-wall", "consent"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A list as it answers now; `moved_to` is where it permanently moved, `detail` says why in words."""

    kind: Kind
    url: str
    state: State
    detail: str = ""
    moved_to: str = ""

    @property
    def ails(self) -> bool:
        """Whether the list needs a look that no repair of its address gives."""
        return self.state in ("stale", "blocked", "fails")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What is to be changed of one list of outlets.toml: `new` empty drops `old`, `old` empty adds."""

    key: str
    old: str = ""
    new: str = ""


async def check_lists(outlet: Outlet, web: Web, now: datetime) -> tuple[Checked, ...]:
    """Each configured list of an outlet, tried; its front page where there is none, as a crawl does."""
    has_lists = outlet.feeds or outlet.sitemaps or outlet.sections
    kinds: tuple[tuple[Kind, Sequence[str]], ...] = (
        ("feed", outlet.feeds),
        ("sitemap", outlet.sitemaps),
        ("section", outlet.sections if has_lists else (outlet.home,)),
    )
    return tuple(
        [_checked(kind, url, await web.fetch(url), now) for kind, urls in kinds for url in urls]
    )


def propose(outlet: Outlet, checked: Sequence[Checked], found: Discovery | None) -> list[Repair]:
    """Moved lists under their new addresses, dead ones dropped, what was found new added.

    The last list of an outlet is not dropped while nothing takes its place. New sections are
    proposed only where sections are read already, or nothing else is left.
    """
    written = [one for one in checked if one.url in getattr(outlet, KEYS[one.kind])]
    repairs = [_moved(one, outlet) for one in written if one.state == "moved"]
    added = list(_new(outlet, checked, found)) if found else []
    dropped = [Repair(key=KEYS[one.kind], old=one.url) for one in written if one.state == "dead"]
    left = len(checked) - len(dropped) + len(added)
    return [*repairs, *(dropped if left else ()), *added]


def _checked(kind: Kind, url: str, answer: FetchedPage | Refusal, now: datetime) -> Checked:
    refusal, told, dates = _read(kind, answer)
    if refusal is not None:
        code = refusal.code
        state: State = "blocked" if code in _BLOCKED else "dead" if code in _DEAD else "fails"
        return Checked(kind=kind, url=url, state=state, detail=str(refusal))
    moved = answer.moved_to if isinstance(answer, FetchedPage) else ""
    if moved:
        return Checked(kind=kind, url=url, state="moved", detail=told, moved_to=moved)
    if stale := stale_since(dates, now):
        return Checked(kind=kind, url=url, state="stale", detail=stale)
    return Checked(kind=kind, url=url, state="answers", detail=told)


def _read(kind: Kind, answer: FetchedPage | Refusal) -> tuple[Refusal | None, str, list[datetime]]:
    """Why an answer is not a list of its kind, or what it lists in words, with the dates of its items."""
    if isinstance(answer, Refusal):
        return answer, "", []
    if answer.status != 200:
        return Refusal(code=f"http-{answer.status}"), "", []
    if kind == "feed":
        return _read_feed(answer)
    if kind == "sitemap":
        return _read_sitemap(answer)
    page = parse_list_page(answer.body, url=answer.url, content_type=answer.content_type)
    if isinstance(page, Refusal):
        return page, "", []
    if refusal := refuse_article(answer.body, url=answer.url, content_type=answer.content_type):
        return refusal, "", []
    if not page.articles:
        return Refusal(code="no-articles", detail="no link on it looks like an article's"), "", []
    return None, f"{len(page.articles)} links to articles", []


def _read_feed(answer: FetchedPage) -> tuple[Refusal | None, str, list[datetime]]:
    feed = parse_feed(answer.body, url=answer.url, content_type=answer.content_type)
    if isinstance(feed, Refusal):
        return feed, "", []
    moments = [entry.published_at or entry.updated_at for entry in feed.entries]
    return None, f"{len(feed.entries)} items", [moment for moment in moments if moment]


def _read_sitemap(answer: FetchedPage) -> tuple[Refusal | None, str, list[datetime]]:
    sitemap = parse_sitemap(answer.body, url=answer.url, content_type=answer.content_type)
    if isinstance(sitemap, Refusal):
        return sitemap, "", []
    if sitemap.children:
        return None, f"index of {len(sitemap.children)}", []
    moments = [entry.published_at for entry in sitemap.urls]  # only news are expected to go on
    dates = [moment for moment in moments if moment] if sitemap.news else []
    return None, f"{len(sitemap.urls)} addresses", dates


def _moved(checked: Checked, outlet: Outlet) -> Repair:
    """The new address in the old one's place; the old one dropped where the new one stands already."""
    key = KEYS[checked.kind]
    known = {canonical(url) for url in getattr(outlet, key) if url != checked.url}
    is_there = canonical(checked.moved_to) in known
    return Repair(key=key, old=checked.url, new="" if is_there else checked.moved_to)


def _new(outlet: Outlet, checked: Sequence[Checked], found: Discovery) -> Iterator[Repair]:
    alive = [one for one in checked if one.state != "dead"]
    wanted: dict[Kind, list[str]] = {
        "feed": [feed.url for feed in found.feeds],
        "sitemap": [sitemap.url for sitemap in found.sitemaps],
    }
    if outlet.sections or not (alive or found.feeds or found.sitemaps):
        wanted["section"] = [section.url for section in found.sections]
    for kind, urls in wanted.items():
        known = {canonical(url) for url in getattr(outlet, KEYS[kind])}
        known |= {canonical(one.moved_to) for one in checked if one.moved_to}
        for url in urls:
            if canonical(url) not in known:
                yield Repair(key=KEYS[kind], new=url)
