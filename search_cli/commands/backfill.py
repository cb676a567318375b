"""`pressclip backfill`: the coverage of a story that is already past."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from index.errors import UsageError
from index.query.dates import parse_since, parse_until
from index.workspace import Workspace
from index.workspace.sharding import refuse_split
from index.workspace.timezone import find_zone
from search_cli.asking.languages import check_language
from search_cli.automation.alert import raise_alerts
from search_cli.automation.saving import save_behind
from search_cli.automation.sending import send_behind
from search_cli.automation.stamping import stamp_daily
from search_cli.commandline.crawling import scrapy_settings
from search_cli.commandline.lazy import load
from search_cli.commandline.logs import show_warnings
from search_cli.commandline.options import jobs_option
from search_cli.output.terminal import Terminal, note
from search_cli.session import Session
from search_cli.view.backfill_summary import (
    density_line,
    outlay_lines,
    proposal_lines,
    source_lines,
)
from search_cli.view.crawl_progress import progress_view
from search_cli.view.crawl_summary import summary_lines

if TYPE_CHECKING:
    from crawler.planning.backfill_plan import BackfillPlan
    from crawler.spiders.backfill_run import Backfilled


@click.command()
@click.argument("story", metavar="STORY")
@click.argument("titles", metavar="[TITLE]...", nargs=-1)
@click.option(
    "--from",
    "sources",
    metavar="SOURCE",
    multiple=True,
    help="Ask this source (repeatable) [default: gdelt, gdelt-doc, wikipedia].",
)
@click.option(
    "--outlet", "outlets", metavar="ID|HOST", multiple=True, help="Only pages of this outlet."
)
@click.option(
    "--lang", "languages", metavar="CODE", multiple=True, help="Only pages in this language."
)
@click.option("--month", metavar="MONTH", default="", help="With --from cc-news: only this month.")
@click.option(
    "--engine",
    type=click.Choice(["pool", "dask"]),
    default="pool",
    show_default=True,
    help="With --from cc-news: read its files with this engine.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    default="",
    help="With --engine dask: address of your cluster.",
)
@click.option(
    "--since", metavar="DATE", default="", help="Only pages published on or after this day."
)
@click.option(
    "--until", metavar="DATE", default="", help="Only pages published on or before this day."
)
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(1),
    help="Fetch at most N pages, the most promising first.",
)
@click.option(
    "--budget",
    metavar="MIN",
    type=click.FloatRange(0, min_open=True),
    help="Start no more requests after MIN minutes; the rest waits.",
)
@click.option(
    "--prefer",
    type=click.Choice(["live", "archive"]),
    help="Where to look for a page first [default: live].",
)
@click.option(
    "--history", is_flag=True, help="Fetch earlier captures of held articles to find edits."
)
@click.option("--again", is_flag=True, help="Ask the sources again, even where they have answered.")
@click.option(
    "--add-outlets", is_flag=True, help="Add the outlets with most coverage to outlets.toml."
)
@click.option(
    "--dry-run", is_flag=True, help="Estimate requests, megabytes and minutes, without fetching."
)
@click.option(
    "--strict", is_flag=True, help="Treat partial failure as failure (exit 4 instead of 3)."
)
@jobs_option()
@click.option(
    "-s",
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    help="Override a Scrapy setting.",
)
@click.pass_obj
def backfill(session: Session, /, story: str, titles: tuple[str, ...], **options: Any) -> int:
    """Find coverage of a story that outlets no longer list.

    \b
    EXAMPLES
      pressclip backfill balloon               from what is free and needs no key
      pressclip backfill balloon --dry-run     requests, megabytes, minutes
      pressclip backfill balloon --limit 200
      pressclip backfill balloon --from wayback --outlet apnews.com
      pressclip backfill balloon --from cc-news --month 2023-02
      pressclip backfill balloon --from wikipedia "2023 Chinese balloon incident"
      pressclip backfill balloon --history     what was edited before we looked

    Public lists of the world's news name pages. Their titles and descriptions are judged by the
    story's queries before anything is fetched. A page is fetched from its publisher; if it is gone
    or closed, the archive copy nearest after its publication is used. TITLE is a Wikipedia article
    about the event (fr:TITLE for another language). A second run asks only for what is missing.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    workspace = Workspace.find(session.directory)
    refuse_split(workspace)
    sources = options["sources"] or (("wikipedia",) if titles else ())
    for code in options["languages"]:
        check_language(code)
    if titles and "wikipedia" not in sources:
        raise UsageError(
            "TITLE works only with --from wikipedia", hint="leave it out, or name the source"
        )
    if options["history"] and (options["sources"] or titles or options["add_outlets"]):
        raise UsageError(
            "--history cannot be used with --from, TITLE or --add-outlets",
            hint="it looks up earlier captures of articles that you already have",
        )
    bulk = options["month"] or options["scheduler"] or options["engine"] != "pool"
    if bulk and "cc-news" not in sources:
        raise UsageError("--month, --engine and --scheduler work only with --from cc-news")
    if options["scheduler"] and options["engine"] != "dask":
        raise UsageError("--scheduler works only with --engine dask")
    wish = load("crawler.planning.backfill_scope:Wish")(
        story=story,
        sources=sources,
        titles=titles,
        outlets=options["outlets"],
        languages=options["languages"],
        month=options["month"],
        since=_day(options["since"], workspace, last=False),
        until=_day(options["until"], workspace, last=True),
    )
    show_warnings()
    if options["dry_run"]:
        plan: BackfillPlan = load("crawler.planning.backfill_plan:plan_backfill")(workspace, wish)
        Terminal.of(session).show(outlay_lines(plan))
        return 0
    return _backfill(session, workspace, wish, options)


def _backfill(session: Session, workspace: Workspace, wish: Any, options: dict[str, Any]) -> int:
    request = load("crawler.spiders.backfill_run:BackfillRequest")(
        wish=wish,
        prefer=options["prefer"] or "",
        history=options["history"],
        again=options["again"],
        limit=options["limit"] or 0,
        engine=options["engine"],
        scheduler=options["scheduler"],
        budget=options["budget"] or 0,
        workers=options["jobs"] or 0,
        strict=options["strict"],
        settings=scrapy_settings(options["settings"]),
        progress=progress_view(session),
    )
    done: Backfilled = load("crawler.spiders.backfill_run:run_backfill")(workspace, request)
    if not done.outcome.stopped:
        raise_alerts(done.stories, done.news, workspace.database)
    lines = [*summary_lines(done.outcome)]
    lines[1:1] = source_lines(done.sources)
    lines += [density_line(done.density)] if done.density else []
    note(session, "\n".join(lines))
    if not done.outcome.stopped:
        behind = (stamp_daily(workspace), save_behind(workspace), send_behind(workspace))
        for told in filter(None, behind):
            note(session, told)
    if options["add_outlets"]:
        _add_outlets(session, workspace, [outlet for outlet, _ in done.proposed])
    elif not options["history"]:
        for line in proposal_lines(done.proposed, wish.story):
            note(session, line)
    return done.outcome.code


def _add_outlets(session: Session, workspace: Workspace, proposed: list[str]) -> None:
    """Look around at each outlet by `outlet add`, in a process of its own.

    An event loop starts only once in a process. What cannot be looked at is named, and left out.
    """
    verb = [sys.executable, "-m", "search_cli.main", "-C", str(workspace.root), "outlet", "add"]
    homes = _homes(workspace, proposed)
    for name in proposed:
        done = subprocess.run(  # noqa: S603 - ourselves
            [*verb, homes.get(name, name), "--no-input"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        told = [line for line in done.stderr.splitlines() if line.strip()]
        fault = next(
            (line for line in told if line.startswith("error:")), "it could not be checked"
        )
        note(session, f"{name}: not added: {fault}" if done.returncode else f"{name}: added")
    if not proposed:
        note(session, "no outlet covers the story enough to be added")


def _homes(workspace: Workspace, names: Collection[str]) -> dict[str, str]:
    """The front pages of outlets, by the articles that are held of them."""
    from index.store import Store

    homes: dict[str, str] = {}
    with Store.open(workspace.database) as store:
        for one in store.articles.get(store.articles.kept_ids()).values():
            parts = urlsplit(one.article.url)
            if one.article.outlet in names:
                homes.setdefault(one.article.outlet, f"{parts.scheme}://{parts.netloc}/")
    return homes


def _day(text: str, workspace: Workspace, *, last: bool) -> date | None:
    """A day of `--since` or `--until`, which read dates as `search` does; None for none."""
    if not text:
        return None
    zone = find_zone(workspace.zone)
    if last:
        return (parse_until(text, zone=zone).astimezone(zone) - timedelta(seconds=1)).date()
    return parse_since(text, zone=zone).astimezone(zone).date()
