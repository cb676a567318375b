"""`pressclip replay`: the archive read again, and what that would change told before it counts."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from search_cli.commandline.lazy import load
from search_cli.commandline.logs import show_warnings
from search_cli.commandline.options import jobs_option
from search_cli.output.moments import span
from search_cli.output.picture import LineInPlace
from search_cli.output.questions import confirm
from search_cli.output.terminal import note, write
from search_cli.session import Session
from search_cli.view.changes import change_lines

if TYPE_CHECKING:
    from crawler.ingest.replay import Judged, Replayed
    from index.store.comparison import Comparison

TOLD, SECONDS_EACH = 1_000, 0.006  # articles to be encoded that are worth a line, and their time


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would change, without changing anything.")
@click.option("--yes", is_flag=True, help="Accept all changes without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, with all ids.")
@click.option(
    "--judge",
    "only_judge",
    is_flag=True,
    help="Only judge stored articles again by the current stories.",
)
@jobs_option()
@click.pass_obj
def replay(
    session: Session, dry_run: bool, yes: bool, as_json: bool, only_judge: bool, jobs: int | None
) -> int:
    """Rebuild the corpus from the archive, offline, and show what changes.

    \b
    EXAMPLES
      pressclip replay             after an upgrade, or when the database was lost
      pressclip replay --dry-run   show what would change: dates, texts, losses
      pressclip replay --yes --json > changes.json
      pressclip replay --judge     judge again after a story was changed

    Every archived page is read again by the current rules and stories; the old corpus stays
    searchable meanwhile. Then you see what would change and decide. Without a terminal, or with
    --no-input, the change is accepted. Ids, labels, first-seen times and runs stay, and what was
    forgotten stays forgotten. If the run is killed, the old corpus is untouched. With --judge
    nothing is extracted again: every stored article, off-story ones too, is judged by the current
    stories. A crawl does the same when a story has changed. Both also encode what was read before
    'pressclip[semantic]' was installed.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    if dry_run and yes:
        raise UsageError("--dry-run and --yes cannot be used together")
    if only_judge and (dry_run or yes or as_json):
        raise UsageError("--judge cannot be used with --dry-run, --yes or --json")
    workspace = Workspace.find(session.directory)
    show_warnings()
    if only_judge:

        def tell(done: int, number: int) -> None:
            if not done and number >= TOLD:
                seconds = SECONDS_EACH * number
                note(session, f"encoding {counted(number, 'article')}, once: about {span(seconds)}")

        judged: Judged = load("crawler.ingest.replay:judge_archive")(
            workspace, workers=jobs or 0, report=tell
        )
        note(session, _judged_line(judged))
        return 0
    asks = session.ask and not yes and sys.stdin.isatty() and sys.stderr.isatty()

    progress = LineInPlace(shown=sys.stderr.isatty() and not session.quiet)

    def accept(changes: Comparison) -> bool:
        progress.close()
        if not as_json:
            note(session, "\n".join(change_lines(changes, get_terminal_size().columns)))
        if dry_run:
            return False
        return not asks or changes.is_same or confirm("Accept this?", option="--yes or --dry-run")

    done: Replayed = load("crawler.ingest.replay:replay_archive")(
        workspace,
        accept=accept,
        report=lambda pages: progress.show(f"{pages:,} pages read"),
        workers=jobs or 0,
    )
    progress.close()
    if as_json:
        write([json.dumps(_report(done), ensure_ascii=False, indent=2), "\n"])
    else:
        note(session, _last_line(done))
    return 0


def _last_line(done: Replayed) -> str:
    counts = done.counts
    told = (
        f"replay: {counts['captures']:,} captures → {counts['articles']:,} articles"
        f" ({counts['texts']:,} texts)"
    )
    if not done.accepted:
        return f"{told}; nothing was changed"
    if done.comparison is None:
        return f"{told}; no previous database to compare with"
    before = done.comparison.before
    if before == done.comparison.after:
        return told
    return f"{told}; before: {before['articles']:,} articles ({before['texts']:,} texts)"


def _judged_line(done: Judged) -> str:
    articles, texts = done.counts["articles"], done.counts["texts"]
    if not done.judged:
        return f"replay --judge: {articles:,} articles, all judged by the stories as they are"
    return (
        f"replay --judge: {done.judged:,} articles judged, {done.changed:,} verdicts changed;"
        f" +{done.entered:,} −{done.left:,} → {articles:,} articles ({texts:,} texts)"
    )


def _report(done: Replayed) -> dict[str, Any]:
    report: dict[str, Any] = {"accepted": done.accepted, "after": done.counts, "before": None}
    return report | (asdict(done.comparison) if done.comparison else {})
