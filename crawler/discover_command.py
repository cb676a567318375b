"""`pressclip outlet add URL`: look around at an outlet, tell what answers, write it down."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import click

from crawler.fetch import Fetcher
from crawler.outlets import Discovery, discover
from crawler.refusal import Refusal
from crawler.urls import clean, url_fault
from index.errors import PressclipError, UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.interchange import merge_outlets
from index.workspace.outlets import Outlet, is_collection_name
from index.workspace.outlets_edit import write_outlets
from search_cli.commandline.session import Session

_NEAR = timedelta(days=3)


@click.command(name="add")
@click.argument("url", metavar="URL")
@click.option("--collection", metavar="NAME", default="", help="Put it into this collection too.")
@click.pass_obj
def add(session: Session, url: str, collection: str) -> None:
    """Find the feeds, sitemaps and section pages of an outlet, and add it to outlets.toml.

    EXAMPLES
      pressclip outlet add https://www.example.com
      pressclip outlet add example.com --collection montana
      pressclip outlet add https://example.com/rss.xml --no-input

    Everything listed has been fetched and read. robots.txt is obeyed and the workspace's delay
    kept between requests, so this takes a minute or two. What outlets.toml says of the outlet
    already stays; new channels are added to it.
    """
    workspace = Workspace.find(session.directory)
    known = workspace.outlets()
    collection = collection.removeprefix("@")
    if collection and not is_collection_name(collection):
        raise UsageError(f"{collection}: no name for a collection", hint="letters, digits, - and _")
    start = _start_of(url)
    found = _look(start, workspace, session)
    owner = known.of_url(found.url)
    outlet = merge_outlets(owner, _as_outlet(found)) if owner else _as_outlet(found)
    for line in describe(found, outlet, delay=workspace.delay, now=datetime.now(UTC)):
        click.echo(line)
    if session.ask and not click.confirm("Add it?", default=True, err=True):
        click.echo("Nothing was changed.", err=True)
        return
    collections = {collection: [outlet.id]} if collection else None
    write_outlets(workspace.outlets_file, [outlet], collections=collections)
    if not session.quiet:
        told = "renewed" if owner else "added"
        click.echo(f"{outlet.id}: {told} in outlets.toml", err=True)
        click.echo(f"next: pressclip crawl --outlet {outlet.id}", err=True)


def describe(found: Discovery, outlet: Outlet, *, delay: float, now: datetime) -> Iterator[str]:
    """The lines that tell what was found, as the user is asked about it."""
    about = (
        outlet.name,
        ", ".join(outlet.lang),
        outlet.country.upper(),
        outlet.kind,
        found.identity.cms,
    )
    yield f"{outlet.id}   {' · '.join(filter(None, about))}".rstrip()
    yield f"  robots.txt   allows us, {_pace(found.crawl_delay, outlet.delay or delay)}"
    yield f"  feeds        {_feeds(found, now)}"
    yield f"  sitemaps     {_sitemaps(found)}"
    yield f"  sections     {_sections(found)}"
    for url, code in found.failed:
        yield f"  no answer    {url}  {code}"
    if found.left_untried:
        yield f"  not tried    {found.left_untried} more feeds and sitemaps; add them by hand if needed"


def _start_of(url: str) -> str:
    """The address to begin with; a bare name means https. Raises `UsageError`."""
    start = clean(url) or clean(f"https://{url}")
    host = start.partition("://")[2].partition("/")[0].partition(":")[0]
    if "." not in host and host != "localhost":
        raise UsageError(
            f"{url}: no address of a website ({url_fault(url) or 'no host'})",
            hint="write it as in a browser: https://www.example.com",
        )
    return start


def _look(start: str, workspace: Workspace, session: Session) -> Discovery:
    """Look around from `start`; raises `PressclipError` when nothing there can be used."""
    fetch = Fetcher.of(workspace)
    fetch.admit_port(start)

    def say(step: str) -> None:
        if not session.quiet:
            click.echo(f"looking at {step} …", err=True)

    found = discover(start, fetch, agent=fetch.agent, say=say)
    if isinstance(found, Refusal):
        raise PressclipError(f"{start}: {found}", hint=_advice(found.code))
    if found.found_nothing:
        told = "; ".join(f"{url} {code}" for url, code in found.failed[:5]) or "no list of articles"
        raise PressclipError(
            f"{found.url}: no feed, sitemap or section page answers ({told})",
            hint="give the address of a feed or section page, or write it into outlets.toml by hand",
        )
    return found


def _advice(code: str) -> str:
    advice = {
        "blocked-address": "a private address needs allow_private = true in workspace.toml",
        "robots": "robots.txt is obeyed; ask the outlet, or take its coverage from elsewhere",
        "dns": "is the name spelled right?",
        "refused": "is the server running, and the port right?",
    }
    return advice.get(code, "try again later, or give the address of a feed")


def _as_outlet(found: Discovery) -> Outlet:
    """The outlet as outlets.toml would have it; the address only where the id does not tell it."""
    who = found.identity
    outlet = Outlet(
        id=found.id,
        name=who.name,
        country=who.country,
        lang=who.languages,
        kind=who.kind,
        feeds=tuple(feed.url for feed in found.feeds),
        sitemaps=tuple(sitemap.url for sitemap in found.sitemaps),
        sections=tuple(section.url for section in found.sections),
    )
    return outlet if outlet.home == found.url else replace(outlet, url=found.url)


def _pace(crawl_delay: float | None, delay: float) -> str:
    asked = "none" if crawl_delay is None else f"{crawl_delay:g} s"
    return f"crawl-delay {asked} → we use {max(delay, crawl_delay or 0.0):g} s"


def _feeds(found: Discovery, now: datetime) -> str:
    if not found.feeds:
        return "none found"
    newest = max(filter(None, (feed.newest for feed in found.feeds)), default=None)
    tail = f", newest item {_age(newest, now)}" if newest else ", no dates"
    entries = sum(feed.entries for feed in found.feeds)
    return f"{_answering(found.feeds)}, {counted(entries, 'item')}{tail}"


def _sitemaps(found: Discovery) -> str:
    told = []
    for sitemap in found.sitemaps:
        if sitemap.kind == "archive":
            told.append(f"archive by {sitemap.step} back to {sitemap.first}")
        elif sitemap.kind == "news":
            told.append(f"news sitemap ({_span(sitemap.first, sitemap.last)})")
        else:
            told.append(f"{'index' if sitemap.kind == 'index' else 'list'} of {sitemap.urls}")
    return ", ".join(told) or "none found"


def _sections(found: Discovery) -> str:
    if not found.sections:
        return "none found"
    links = sum(section.articles for section in found.sections)
    return f"{_answering(found.sections)}, {counted(links, 'link')} to articles"


def _span(first: date | None, last: date | None) -> str:
    if first and last:
        return counted((last - first).days + 1, "day")
    return "no dates"


def _answering(found: Sized) -> str:
    return f"{len(found)} answer{'s' if len(found) == 1 else ''}"


def _age(moment: datetime, now: datetime) -> str:
    age = now - moment
    if age < timedelta(0):
        return f"dated {moment:%Y-%m-%d}, in the future"
    if age < timedelta(hours=2):
        return f"{int(age.total_seconds() // 60)} min ago"
    if age < _NEAR:
        return f"{int(age.total_seconds() // 3600)} h ago"
    return f"{age.days} days ago" if age.days < 60 else f"of {moment:%Y-%m-%d}"
