"""What a backfill is about: the story's window, the outlets it is bound to, the sources it asks."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from crawler.backfill import SOURCES, Scope
from crawler.backfill.ccindex import SOURCE as COMMON_CRAWL
from crawler.backfill.ccnews import months
from crawler.backfill.dated_sitemaps import SOURCE as SITEMAPS
from crawler.backfill.doc import SOURCE as GDELT_DOC
from crawler.backfill.gal import SOURCE as GDELT
from crawler.backfill.mediacloud import SOURCE as MEDIACLOUD
from crawler.backfill.wikipedia import SOURCE as WIKIPEDIA
from index.errors import UsageError
from index.workspace import Workspace
from index.workspace.outlets import Outlet, Outlets
from index.workspace.story import Story
from index.workspace.toml_reader import did_you_mean

_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
DEFAULT = (GDELT, GDELT_DOC, WIKIPEDIA)  # free, and in need of no key and no outlets
FINDERS = tuple(name for name in SOURCES if name not in ("wayback-copies", "memento"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a backfill's options ask for; empty if one was not given."""

    story: str
    sources: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    month: str = ""


def scope_of(workspace: Workspace, wish: Wish, *, now: datetime) -> Scope:
    """The scope of a backfill; raises `UsageError` for a window that is open, empty or yet to come."""
    story = workspace.story(wish.story)
    start, end = _window(story, wish, now)
    if wish.month and not _MONTH.fullmatch(wish.month):
        raise UsageError(f"--month {wish.month}: no month such as 2023-02")
    outlets = workspace.outlets()
    chosen = [_host(name, outlets) for name in wish.outlets] or _declared(story, outlets)
    scope = Scope(
        story=story,
        start=start,
        end=end,
        hosts=tuple(dict.fromkeys(_host_of(name, outlets) for name in chosen)),
        languages=tuple(code.lower()[:2] for code in wish.languages),
        titles=wish.titles,
        month=wish.month,
        sitemaps=_sitemaps(chosen, outlets),
        collections=workspace.backfill.collections,
        bases=dict(workspace.backfill.bases),
    )
    if wish.month and not any(months(scope)):
        raise UsageError(
            f"--month {wish.month}: CC-NEWS has no file of it for {scope.window}",
            hint="see --since and --until, or the window of the story; it begins in August 2016",
        )
    return scope


def sources_of(wish: Wish, scope: Scope) -> tuple[str, ...]:
    """The sources to ask, each once; raises `UsageError` for an unknown one, or one without outlets."""
    names = tuple(dict.fromkeys(wish.sources)) or DEFAULT
    for name in names:
        if name not in FINDERS:
            raise UsageError(
                f"--from {name}: no such source",
                hint=did_you_mean(name, FINDERS) or f"one of {', '.join(FINDERS)}",
            )
        if SOURCES[name].key and not os.environ.get(SOURCES[name].key):
            raise UsageError(
                f"--from {name}: it answers only with a key of your own",
                hint=f"put the key into the environment as {SOURCES[name].key}",
            )
        if name == MEDIACLOUD and not scope.collections:
            raise UsageError(
                f"--from {name}: it searches in collections, and none is named",
                hint='collections = ["34412234"] under [backfill] in workspace.toml',
            )
        if SOURCES[name].needs_outlets and not scope.hosts:
            raise UsageError(
                f"--from {name}: it is asked outlet by outlet, and there is none",
                hint=f"name one: pressclip backfill {wish.story} --from {name} --outlet example.com",
            )
    return names


def bound_to(scope: Scope, source: str, wish: Wish) -> Scope:
    """The scope as a source sees it: the world's lists are bound to outlets only by `--outlet`."""
    if wish.outlets or SOURCES[source].needs_outlets:
        return scope
    return Scope(
        story=scope.story,
        start=scope.start,
        end=scope.end,
        languages=scope.languages,
        titles=scope.titles,
        month=scope.month,
        collections=scope.collections,
        bases=scope.bases,
    )


def _window(story: Story, wish: Wish, now: datetime) -> tuple[datetime, datetime]:
    first, last = wish.since or story.window.start, wish.until or story.window.end
    if first is None:
        raise UsageError(
            f"{story.id}: its window has no first day, so that there is no end to its past",
            hint=f'say since when: --since 2023-01-28, or window = "2023-01-28.." in stories/{story.id}.toml',
        )
    start = datetime.combine(first, time(), UTC)
    end = min(datetime.combine(last + timedelta(days=1), time(), UTC), now) if last else now
    if start >= end:
        told = f"{first}..{last or ''}"
        raise UsageError(f"{told}: no day of this window is past", hint="see --since and --until")
    return start, end


def _declared(story: Story, outlets: Outlets) -> list[str]:
    return [outlet.id for outlet in story.outlets_of(outlets)]


def _host(name: str, outlets: Outlets) -> str:
    """An outlet by its id, or by a host that is nobody's yet; raises `UsageError`."""
    if name in outlets or "." in name.strip("."):
        return name
    raise UsageError(
        f"{name}: no outlet of outlets.toml, and no host",
        hint=outlets.suggest(name) or "write it as in its address: example.com",
    )


def _host_of(name: str, outlets: Outlets) -> str:
    if name not in outlets:
        bare = name.partition("://")[2] or name
        return bare.partition("/")[0].lower().removeprefix("www.")
    return (urlsplit(outlets.get(name).home).hostname or "").removeprefix("www.")


def _sitemaps(chosen: Sequence[str], outlets: Outlets) -> tuple[tuple[str, str], ...]:
    known: Iterable[Outlet] = (outlets.get(name) for name in chosen if name in outlets)
    return tuple((outlet.id, url) for outlet in known for url in outlet.sitemaps)


def pause_of(source: str, workspace: Workspace) -> float:
    """The least number of seconds between two requests to a source."""
    pauses: Mapping[str, float] = workspace.backfill.pauses
    return pauses.get(slot_of(source), SOURCES[source].pause)


def slot_of(source: str) -> str:
    """The source whose pause holds: an archive's index and its copies share the requests it allows."""
    return "wayback" if source == "wayback-copies" else source


__all__ = [
    "COMMON_CRAWL",
    "DEFAULT",
    "FINDERS",
    "SITEMAPS",
    "Wish",
    "bound_to",
    "pause_of",
    "scope_of",
    "slot_of",
    "sources_of",
]
