"""`pressclip`: the verbs, the exit status, and the one place that turns an error into a message."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

import click
from click.exceptions import Abort, Exit
from click.shell_completion import shell_complete

from search_cli.commandline.completing import VARIABLE
from search_cli.commandline.lazy import LazyGroup, Verb
from search_cli.commandline.options import add_global_options, current_session
from search_cli.output.waiting import waiting

SECTIONS = {
    "Start": {
        "demo": Verb(
            "search_cli.commands.demo:demo", "Build a small offline desk to look around in."
        ),
        "start": Verb(
            "search_cli.commands.start:start", "Set up a story step by step, and collect."
        ),
        "init": Verb("search_cli.commands.init:init", "Create a desk."),
    },
    "Collect": {
        "story": Verb("search_cli.commands.story:story", "Define what to look for."),
        "outlet": Verb("search_cli.commands.outlet:outlet", "Define where to look."),
        "crawl": Verb(
            "search_cli.commands.crawl:crawl", "Fetch, extract, judge and index coverage."
        ),
        "backfill": Verb(
            "search_cli.commands.backfill:backfill",
            "Find coverage that outlets no longer list.",
        ),
        "schedule": Verb("search_cli.commands.schedule:schedule", "Run crawls on a schedule."),
        "worker": Verb("search_cli.commands.worker:worker", "Crawl the desks of a cluster."),
        "review": Verb("search_cli.commands.review:review", "Decide on borderline articles."),
        "replay": Verb(
            "search_cli.commands.replay:replay", "Rebuild the corpus from the archive, offline."
        ),
        "merge": Verb("search_cli.commands.merge:merge", "Take other desks into this one."),
        "pack": Verb("search_cli.commands.pack:pack", "Pack a desk into one file, to be merged."),
        "shard": Verb("search_cli.commands.shard:shard", "Split a desk over many machines."),
        "index": Verb("search_cli.commands.index:index", "Update the search index."),
        "push": Verb("search_cli.commands.push:push", "Send changes to an OpenSearch cluster."),
        "extract": Verb(
            "search_cli.commands.extract:extract_page",
            "Extract the article from a page, and explain how.",
        ),
        "status": Verb(
            "search_cli.commands.status:status", "Show what you have and what needs attention."
        ),
        "why": Verb("search_cli.commands.why:why", "Explain what happened to a URL."),
        "forget": Verb("search_cli.commands.forget:forget", "Remove something for good."),
        "doctor": Verb(
            "search_cli.commands.doctor:doctor",
            "Check everything and repair what can be repaired.",
        ),
        "verify": Verb("search_cli.commands.verify:verify", "Check that nothing is damaged."),
    },
    "Search": {
        "search": Verb("search_cli.commands.search:search", "Find articles."),
        "show": Verb(
            "search_cli.commands.show:show", "Read an article, its edits and its reprints."
        ),
        "tag": Verb("search_cli.commands.tag:tag", "Tag articles and attach notes."),
    },
    "Study": {
        "timeline": Verb(
            "search_cli.commands.timeline:timeline", "Count articles by day, week or month."
        ),
        "kwic": Verb("search_cli.commands.kwic:kwic", "Show each match in context."),
        "compare": Verb(
            "search_cli.commands.compare:compare",
            "Compare groups: counts, shares, frames.",
        ),
        "edits": Verb("search_cli.commands.edits:edits", "List what was changed in articles."),
        "keywords": Verb(
            "search_cli.commands.keywords:keywords", "List the words that set articles apart."
        ),
        "collocates": Verb(
            "search_cli.commands.collocates:collocates", "List the words found near a word."
        ),
        "quotes": Verb("search_cli.commands.quotes:quotes", "List who is quoted, and by whom."),
        "families": Verb("search_cli.commands.families:families", "List the most reprinted texts."),
    },
    "Share": {
        "export": Verb("search_cli.commands.export:export", "Export articles for other programs."),
        "prove": Verb("search_cli.commands.prove:prove", "Bundle the evidence for an article."),
        "stamp": Verb(
            "search_cli.commands.stamp:stamp", "Get captures time-stamped by an authority."
        ),
        "report": Verb("search_cli.commands.report:report", "Write a one-page report on a story."),
        "digest": Verb(
            "search_cli.commands.digest:digest", "Summarise what is new, to read or mail."
        ),
        "feed": Verb("search_cli.commands.feed:feed", "Write a story as an Atom feed."),
        "serve": Verb("search_cli.commands.serve:serve", "Browse the desk in a web browser."),
    },
    "Help": {
        "help": Verb(
            "search_cli.commands.help:show_help", "Explain queries, dates, fields, files."
        ),
        "completion": Verb("search_cli.commands.completion:completion", "Set up shell completion."),
    },
}

SHOWS_MORE = (
    "crawl",
    "backfill",
    "merge",
    "shard",
    "replay",
    "demo",
    "start",
    "serve",
    "worker",
    "completion",
)
BROKEN_PIPE = 0  # the reader has what it wanted: `pressclip search … | head`
INTERRUPTED = 130


def _print_version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"pressclip {version('pressclip')}")
        ctx.exit()


@click.group(cls=LazyGroup, sections=SECTIONS, subcommand_metavar="COMMAND …")
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version,
    help="Show the version.",
)  # fmt: skip
def cli() -> None:
    """\b
    EXAMPLES
      pressclip demo                          a small desk to look around in
      pressclip start desk                    a desk of your own, step by step
      pressclip search '"spy balloon"'        find articles
      pressclip search --help                 more on one command

    A clippings desk for one news story: crawl its coverage, keep it, search it.

    The options below may also be after the command.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are


add_global_options(cli, hidden=False)


def run(args: Sequence[str] | None = None) -> int:
    """Run one command line (the process's own by default); the exit status. Never raises."""
    if instruction := os.environ.get(VARIABLE):
        import search_cli.commandline.shells  # noqa: F401 - puts our scripts in the place of Click's

        return shell_complete(cli, {}, "pressclip", VARIABLE, instruction)
    contexts: list[click.Context] = []
    _open_streams()
    try:
        status = _call(_arguments() if args is None else args, contexts)
        sys.stdout.flush()
    except BrokenPipeError:
        return _leave_pipe()
    except (KeyboardInterrupt, Abort):
        click.echo("\ninterrupted", err=True)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last door before the user
        from search_cli.commandline.failures import explain

        return explain(error, current_session(contexts))
    return status


def _open_streams() -> None:
    """Data for a program is UTF-8 in any locale; a screen shows what its locale can spell."""
    if sys.stdout is None:  # closed by the caller, as `>&-` does
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
    if isinstance(sys.stdout, TextIOWrapper):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="replace")


def _arguments() -> list[str]:
    """The process's own arguments; bytes that the locale could not read are read as UTF-8."""
    return [os.fsencode(arg).decode("utf-8", "replace") for arg in sys.argv[1:]]


def _call(args: Sequence[str], contexts: list[click.Context]) -> int:
    """What the verb returns, as an exit status; its context is left in `contexts`."""
    try:
        ctx = cli.make_context("pressclip", list(args))
        contexts.append(ctx)
        with ctx, waiting(lambda: _at_work(ctx, contexts)):
            status = cli.invoke(ctx)
    except Exit as leaving:
        return leaving.exit_code
    return status if isinstance(status, int) else 0


def _at_work(ctx: click.Context, contexts: list[click.Context]) -> str:
    """The verb that is running; empty with `-q`, and for one that shows more itself or just stays."""
    verb = ctx.invoked_subcommand or ""
    return "" if verb in SHOWS_MORE or current_session(contexts).quiet else verb


def _leave_pipe() -> int:
    """Nobody reads on: keep the interpreter from writing to the closed pipe once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE


if __name__ == "__main__":
    sys.exit(run())
