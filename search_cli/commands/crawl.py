"""`pressclip crawl`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.errors import UsageError
from index.query.dates import parse_since
from index.workspace import Workspace
from index.workspace.claim import VARIABLE, read_claim
from index.workspace.sharding import refuse_split
from index.workspace.timezone import find_zone
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
from search_cli.view.crawl_plan import plan_lines
from search_cli.view.crawl_progress import progress_view
from search_cli.view.crawl_summary import summary_lines

if TYPE_CHECKING:
    from crawler.planning.dry_run import CrawlPlan
    from crawler.spiders.crawl import Crawled


_WEB = ("https://", "http://")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What the options of `crawl` ask for; empty, zero or None if one was not given."""

    urls: str | None
    index: tuple[str, ...]
    outlet: str
    since: str
    due: bool
    recheck: bool
    limit: int | None
    budget: float | None
    jobs: int | None
    strict: bool
    max_failed: str | None
    dry_run: bool
    settings: tuple[str, ...]


@click.command()
@click.argument("stories", metavar="[STORY]...", nargs=-1)
@click.option(
    "--urls",
    metavar="FILE",
    help="Fetch the URLs listed in FILE: text, CSV or JSON (- for stdin).",
)
@click.option(
    "--warc",
    metavar="FILE",
    multiple=True,
    help="Import WARC, WACZ or ARC (files or URLs), and saved pages.",
)
@click.option(
    "--index",
    metavar="FILE",
    multiple=True,
    help="With --warc: jump by this CDXJ or CDX over what is not wanted.",
)
@click.option("--due", is_flag=True, help="Fetch only what is due.")
@click.option("--outlet", metavar="ID", default="", help="Crawl only this outlet.")
@click.option(
    "--since",
    metavar="DATE",
    default="",
    help="Only pages published since DATE (with --warc: captured).",
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
@click.option("--recheck", is_flag=True, help="Fetch known articles again to find edits.")
@click.option("--dry-run", is_flag=True, help="Show what would be fetched, without fetching it.")
@click.option(
    "--strict", is_flag=True, help="Treat partial failure as failure (exit 4 instead of 3)."
)
@click.option(
    "--max-failed",
    metavar="N|P%",
    help="Tolerate up to N (or P%) failing outlets.",
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
def crawl(
    session: Session, /, stories: tuple[str, ...], warc: tuple[str, ...], **options: Any
) -> int:
    """Fetch coverage, archive it, extract the articles, judge and index them.

    \b
    EXAMPLES
      pressclip crawl                          all stories, from outlets' lists
      pressclip crawl balloon --dry-run        what that would mean
      pressclip crawl balloon --limit 200
      pressclip crawl --due -q                 for a timer: only what is due
      pressclip crawl --urls urls.txt          pages you name
      pressclip crawl --warc captures/*.warc.gz
      pressclip crawl --warc capture.wacz saved.mhtml --outlet apnews.com
      pressclip crawl --recheck                what was edited since

    With STORY, crawl for these stories only. A crawl that was stopped is continued by the next.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    wish = _Wish(**options)
    _check_choice(wish, warc)
    stories, files = _split_files(stories, warc)
    _check_files(wish.index)
    workspace = Workspace.find(session.directory)
    _check_claim(workspace)
    refuse_split(workspace)
    names = _check_stories(workspace, stories)
    if not (files and "." in wish.outlet):  # a file may hold what no story reads
        _check_outlet(workspace, names, wish.outlet)
    wish = replace(wish, since=_since_day(wish.since, workspace))
    chosen = [workspace.story(name) for name in names] or [*workspace.stories().values()]
    follows = any(story.discover.gdelt for story in chosen)
    if not (wish.urls or files or len(workspace.outlets()) or follows):
        raise UsageError(
            f"{workspace.outlets_file}: no outlet yet",
            hint="pressclip outlet add URL, or pressclip outlet import FILE",
        )
    show_warnings()
    if wish.dry_run:
        plan: CrawlPlan = load("crawler.planning.dry_run:plan_crawl")(
            workspace, names, outlet=wish.outlet, since=wish.since, due=wish.due
        )
        Terminal.of(session).show(plan_lines(plan))
        return 0
    return _crawl(session, workspace, names, files, wish)


def _crawl(
    session: Session,
    workspace: Workspace,
    names: tuple[str, ...],
    files: tuple[str, ...],
    wish: _Wish,
) -> int:
    request = load("crawler.spiders.crawl:CrawlRequest")(
        stories=names,
        files=files,
        indexes=wish.index,
        urls=wish.urls or "",
        outlet=wish.outlet,
        since=wish.since,
        due=wish.due,
        recheck=wish.recheck,
        limit=wish.limit or 0,
        budget=wish.budget or 0,
        workers=wish.jobs or 0,
        allowed=load("crawler.ingest.outcome:parse_allowance")(wish.max_failed),
        strict=wish.strict,
        settings=scrapy_settings(wish.settings),
        progress=progress_view(session),
    )
    done: Crawled = load("crawler.spiders.crawl:run_crawl")(workspace, request)
    if not done.outcome.stopped:
        raise_alerts(done.stories, done.news, workspace.database)
    note(session, "\n".join(summary_lines(done.outcome)))
    if not done.outcome.stopped:
        for told in filter(
            None, (stamp_daily(workspace), save_behind(workspace), send_behind(workspace))
        ):
            note(session, told)
    return done.outcome.code


def _check_choice(wish: _Wish, warc: Sequence[str]) -> None:
    if wish.urls and warc:
        raise UsageError(
            "--urls and --warc cannot be used together", hint="run one after the other"
        )
    lists_only = {"--due": wish.due, "--recheck": wish.recheck, "--dry-run": wish.dry_run}
    if wish.index and not warc:
        raise UsageError("--index works only with --warc")
    records_too = {"--outlet": wish.outlet, "--since": wish.since}
    if wish.index and not any(records_too.values()):
        hint = "say which pages: --outlet ID or --since DATE"
        raise UsageError("--index needs --outlet or --since", hint=hint)
    live_only = {"--limit": wish.limit, "--budget": wish.budget}
    source = "--warc" if warc else "--urls" if wish.urls else ""
    unfit = {**lists_only, **(live_only if warc else records_too)} if source else {}
    for option, value in unfit.items():
        if value:
            raise UsageError(f"{option} cannot be used with {source}")


def _since_day(text: str, workspace: Workspace) -> str:
    """The first day of `--since`, which reads dates as `search` does; empty for none."""
    if not text:
        return ""
    zone = find_zone(workspace.zone)
    return parse_since(text, zone=zone).astimezone(zone).date().isoformat()


def _split_files(
    names: Sequence[str], warc: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Stories and files: after `--warc` the shell's other matches of `*.warc.gz` are files too."""
    more = [name for name in names if warc and _is_file(name)]
    stories = tuple(name for name in names if name not in more)
    files = (*warc, *more)
    if foreign := [name for name in files if "://" in name and not name.startswith(_WEB)]:
        raise UsageError(f"{foreign[0]}: only http and https addresses can be read")
    _check_files(files)
    return stories, files


def _check_files(names: Sequence[str]) -> None:
    """Raises `UsageError` for a file that is not there."""
    for path in (Path(name) for name in names if not name.startswith(_WEB)):
        if path.is_dir():
            raise UsageError(f"{path}: a folder", hint=f"name the files in it: --warc {path}/*")
        if not path.is_file():
            raise UsageError(f"{path}: no such file", hint="give WARC files: --warc FILE")


def _is_file(name: str) -> bool:
    """Whether an argument names a file or an address; a story's name has no dot in it."""
    suffixes: tuple[str, ...] = load("crawler.ingest.imports:SUFFIXES")
    is_there = "." in name and Path(name).is_file()
    return is_there or name.lower().endswith(suffixes) or name.startswith(_WEB)


def _check_claim(workspace: Workspace) -> None:
    """Raise `UsageError` for a desk that workers crawl in copies: this folder only keeps its settings."""
    claim = read_claim(workspace)
    is_worker = os.environ.get(VARIABLE) == (claim.bucket if claim else None)
    if claim is not None and not claim.machine and not is_worker:
        raise UsageError(
            f"{workspace.root}: workers of {claim.queue} crawl this desk, as {claim.bucket}",
            hint="what they found: pressclip status --cluster; to take it back: pressclip schedule remove",
        )


def _check_stories(workspace: Workspace, names: Sequence[str]) -> tuple[str, ...]:
    for name in names:
        workspace.story(name)  # raises with the nearest name
    return tuple(names)


def _check_outlet(workspace: Workspace, names: Sequence[str], outlet: str) -> None:
    stories, outlets = workspace.stories(), workspace.outlets()
    chosen = [stories[name] for name in names or stories]
    if outlet and not any(
        outlet == one.id for story in chosen for one in story.outlets_of(outlets)
    ):
        raise UsageError(
            f"{outlet}: none of these stories uses this outlet",
            hint=outlets.suggest(outlet) or "see: pressclip outlet list",
        )
