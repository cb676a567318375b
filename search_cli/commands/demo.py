"""The verb `demo`: a desk made offline from the sample outlets, by the same verbs a person types."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from index.coverage.census import Census, take_census
from index.errors import PressclipError, UsageError
from index.files import storage_errors, write_atomic
from index.store import Store, StoredArticle
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.story import FOLDER as STORIES
from search_cli.commandline.apart import run_apart
from search_cli.commandline.lazy import load
from search_cli.commands.demo_past import show_past
from search_cli.output.terminal import write
from search_cli.session import Session

if TYPE_CHECKING:
    from crawler.demo.serving import SiteProcess

SEARCH = '"spy balloon" OR "ballon espion" OR "globo chino" OR Spionageballon OR 间谍气球 OR 飞艇'
SHOWN = "8"
REFUSED_PAGE = "http://skyline-weekly.example/2023/02/who-makes-the-skin-of-a-balloon"
TRY_NEXT = (
    "pressclip search '\"shot down\" date:2023-02-04..'",
    f"pressclip why {REFUSED_PAGE}",
    "pressclip export 'story:balloon lang:fr' -f csv -o french.csv",
)
SOME_FAILED = 3  # the exit code of a crawl in which an outlet was out, as one is here
_VERDICTS = frozenset({"kept", "off-story", "outside-window", "no-story"})
_PROXIES = ("http_proxy", "https_proxy")


@click.command()
@click.argument("folder", metavar="[DIR]", default="balloon-demo", type=click.Path(path_type=Path))
@click.option("--keep", is_flag=True, help="Keep the sample outlets running until Ctrl-C.")
@click.option(
    "--past", is_flag=True, help="Show a backfill: find old coverage in made-up archives."
)
@click.pass_obj
def demo(session: Session, folder: Path, keep: bool, past: bool) -> int:
    """Build a small desk offline, to look around in.

    \b
    EXAMPLES
      pressclip demo                     in ./balloon-demo
      pressclip demo somewhere --keep    leave the outlets running, to crawl again
      pressclip demo --past              years later: a backfill from nothing

    Serves made-up outlets on 127.0.0.1, crawls them, crawls them again after one of them has edited
    an article, and searches the result. It uses no network. DIR must be new or empty.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    folder = (session.directory or Path()) / folder
    _check_empty(folder)
    tell = _Narrator(session)
    if past:
        return _show_past(folder, tell, keep=keep)
    _make_desk(folder, "workspace.toml", "outlets.toml")
    desk = Workspace.load(folder)
    count = len(desk.outlets())
    tell(
        f"Building the balloon demo in {folder}\n(offline: {count} made-up outlets on 127.0.0.1)\n"
    )
    with load("crawler.demo.serving:SiteProcess")() as outlets:
        proxies = dict.fromkeys(_PROXIES, outlets.ports.proxy_url)
        _crawl_twice(desk, outlets, proxies, tell)
        tell(f"\n$ pressclip search '{SEARCH}' -n {SHOWN}")
        _call(folder, ["search", SEARCH, "-n", SHOWN, "-f", "table", "--no-pager"], {})
        tell("\n".join(_farewell(desk, folder)))
        if keep:
            _keep_up(outlets, tell)
    return 0


def _show_past(folder: Path, tell: _Narrator, *, keep: bool) -> int:
    """The demo of a backfill: a desk without outlets, and lists and archives that know their past."""
    _make_desk(folder, "past-workspace.toml")
    tell(
        f"Building the demo of a backfill in {folder}\n"
        "(offline: lists, archives and outlets are made up, on 127.0.0.1)\n"
    )
    with load("crawler.demo.serving:SiteProcess")("--past") as outlets:
        proxies = dict.fromkeys(_PROXIES, outlets.ports.proxy_url)
        show_past(Workspace.load(folder), folder, proxies, _call, tell)
        if keep:
            _keep_up(outlets, tell)
    return 0


class _Narrator:
    """Tells the steps on stdout, or nothing with `-q`."""

    def __init__(self, session: Session) -> None:
        self._quiet = session.quiet

    def __call__(self, text: str, *, end: bool = True) -> None:
        if not self._quiet:
            write([text, "\n" if end else ""])
            sys.stdout.flush()  # the verbs that run next write to the same place


def _check_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        raise UsageError(
            f"{folder} is not an empty folder; nothing was changed",
            hint="name another one: pressclip demo DIR",
        )


def _make_desk(folder: Path, *files: str) -> None:
    """What `init` makes, with the demo's story and these files of its desk in it."""
    _call(folder.parent, ["init", folder.name, "-q"], {})
    with storage_errors(folder):
        for name in files:
            write_atomic(folder / name.removeprefix("past-"), _desk_file(name))
        write_atomic(folder / STORIES / "balloon.toml", _desk_file("balloon.toml"))


def _desk_file(name: str) -> str:
    folder: Path = load("crawler.demo.content:HERE")
    return (folder / "desk" / name).read_text("utf-8")


def _crawl_twice(
    desk: Workspace, outlets: SiteProcess, proxies: Mapping[str, str], tell: _Narrator
) -> None:
    started = monotonic()
    tell("  crawl     ", end=False)
    _call(desk.root, ["crawl", "-q"], proxies, fine=SOME_FAILED)
    census = take_census(desk.database, now=datetime.now(UTC))
    tell("\n".join(_crawl_lines(desk, census, monotonic() - started)))
    outlets.switch(2)
    started = monotonic()
    tell("  recheck   ", end=False)
    _call(desk.root, ["crawl", "--recheck", "-q"], proxies, fine=SOME_FAILED)
    tell(_recheck_line(desk, monotonic() - started))


def _crawl_lines(desk: Workspace, census: Census, seconds: float) -> Iterator[str]:
    out = {page.outlet: page.outcome for page in census.failing}
    outcomes: Counter[str] = Counter()
    for outlet in census.outlets:
        if outlet.outlet not in out:
            outcomes.update(outlet.outcomes)
    closed = outcomes.pop("robots", 0)
    refused = sorted(code for code in outcomes if code not in _VERDICTS)
    failed = ", ".join(f"{name}: {code}" for name, code in sorted(out.items()))
    answered = len(desk.outlets()) - len(out)
    yield f"{answered} of {len(desk.outlets())} outlets answered ({failed}) · {seconds:.0f} s"
    yield (
        f"  extract   {census.read} articles · {len(_languages(desk))} languages"
        f" · {sum(outcomes[code] for code in refused)} pages were no articles ({', '.join(refused)})"
        f" · {closed} closed by robots.txt"
    )
    others = census.read - census.articles - census.mentions
    mention = "mentions" if census.mentions == 1 else "mention"
    yield (
        f"  match     {census.articles} belong to the story, {census.mentions} only {mention} it,"
        f" {others} do not"
    )
    reprints = census.articles - census.texts
    yield (
        f"  fold      {census.articles} articles → {census.texts} distinct texts"
        f" ({counted(reprints, 'reprint')})"
    )


def _languages(desk: Workspace) -> set[str]:
    with Store.open(desk.database) as store:
        return {
            one.article.language for one in store.articles.get(store.articles.all_ids()).values()
        }


def _recheck_line(desk: Workspace, seconds: float) -> str:
    coverage = _coverage(desk)
    edited = [one for one in coverage if one.versions > 1]
    named = "".join(f"\n            {one.id}  {one.article.title}" for one in edited)
    return f"{len(edited)} of {len(coverage)} articles edited since the first crawl · {seconds:.0f} s{named}"


def _coverage(desk: Workspace) -> list[StoredArticle]:
    """What is kept and belongs to the story, which is more than to mention it."""
    with Store.open(desk.database) as store:
        return [
            one for one in store.articles.get(store.articles.kept_ids()).values() if one.stories
        ]


def _farewell(desk: Workspace, folder: Path) -> Iterator[str]:
    yield "\nTry next:"
    yield f"  cd {folder}"
    yield from (f"  {command}" for command in TRY_NEXT)
    yield from (f"  pressclip show {one.id} --diff" for one in _coverage(desk) if one.versions > 1)
    yield "Start your own:  pressclip init my-desk"


def _keep_up(outlets: SiteProcess, tell: _Narrator) -> None:
    """Wait for Ctrl-C, which is the way to end this."""
    tell("\nThe outlets answer until Ctrl-C. To crawl them again from another terminal:")
    tell(f"  http_proxy={outlets.ports.proxy_url} pressclip crawl")
    try:
        outlets.wait()
    except KeyboardInterrupt:
        tell("")


def _call(
    folder: Path, arguments: Sequence[str], proxies: Mapping[str, str], *, fine: int = 0
) -> None:
    """Run a verb as a person would; its output goes where ours goes.

    Raises `KeyboardInterrupt` when it was interrupted, `PressclipError` when it ends with another
    exit code than 0 or `fine`.
    """
    code = run_apart(folder, arguments, _environment(proxies))
    if code not in (0, fine):
        raise PressclipError(
            f"{arguments[0]} ended with exit code {code} in {folder}",
            hint=f"see: pressclip -C {folder} status",
        )


def _environment(proxies: Mapping[str, str]) -> dict[str, str]:
    """Ours, with the sample outlets' proxy for every host: nothing goes to the network."""
    return {**os.environ, **proxies, "no_proxy": ""} if proxies else dict(os.environ)
