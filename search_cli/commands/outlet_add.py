"""`pressclip outlet add URL`: look around at an outlet, tell what answers, write it down."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.interchange import merge_outlets
from index.workspace.outlets import Outlet, is_collection_name
from index.workspace.outlets_edit import write_outlets
from index.workspace.starter import find_entry, with_facts
from search_cli.commandline.lazy import load
from search_cli.output.questions import confirm
from search_cli.output.terminal import Terminal, note
from search_cli.session import Session

if TYPE_CHECKING:
    from crawler.outlets import Discovery

_NEAR = timedelta(days=3)


@click.command(name="add")
@click.argument("url", metavar="URL|ID")
@click.option("--collection", metavar="NAME", default="", help="Add it to this collection too.")
@click.pass_obj
def add(session: Session, url: str, collection: str) -> None:
    """Find an outlet's feeds, sitemaps and section pages, and add it to outlets.toml.

    EXAMPLES
      pressclip outlet add https://www.example.com
      pressclip outlet add lemonde.fr                 an id from `outlet search`
      pressclip outlet add example.com --collection montana
      pressclip outlet add https://example.com/rss.xml --no-input

    Every list is fetched and read before it is added. This takes a minute or two, because
    robots.txt and the desk's delay are respected. Existing entries in outlets.toml stay; new
    lists are added to them. Name, country, languages and kind of an outlet in the starter directory
    are taken from there.
    """
    workspace = Workspace.find(session.directory)
    known = workspace.outlets()
    collection = collection.removeprefix("@")
    if collection and not is_collection_name(collection):
        raise UsageError(
            f"{collection}: not a valid collection name", hint="letters, digits, - and _"
        )
    entry = find_entry(url)
    found: Discovery = load("crawler.outlets.survey:survey")(
        entry.id if entry else url, workspace, lambda step: note(session, f"looking at {step} …")
    )
    owner = known.of_url(found.url)
    outlet: Outlet = load("crawler.outlets.survey:as_outlet")(found)
    outlet = with_facts(outlet, entry) if entry else outlet
    outlet = merge_outlets(owner, outlet) if owner else outlet
    now = datetime.now(UTC)
    Terminal.of(session).show(describe(found, outlet, delay=workspace.delay, now=now))
    if session.ask and not confirm("Add it?", option="--no-input"):
        note(session, "Nothing was changed.")
        return
    collections = {collection: [outlet.id]} if collection else None
    write_outlets(workspace.outlets_file, [outlet], collections=collections)
    told = "renewed" if owner else "added"
    note(session, f"{outlet.id}: {told} in outlets.toml")
    note(session, f"next: pressclip crawl --outlet {outlet.id}")


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
