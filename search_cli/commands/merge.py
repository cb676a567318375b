"""`pressclip merge`: other desks taken into this one, and what each of them brings told before."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.claim import read_claim
from index.workspace.sharding import read_layout
from search_cli.commandline.lazy import load
from search_cli.commandline.logs import show_warnings
from search_cli.commandline.options import jobs_option
from search_cli.output.moments import span
from search_cli.output.picture import LineInPlace
from search_cli.output.terminal import note, write
from search_cli.session import Session

if TYPE_CHECKING:
    from crawler.ingest.merge_desks import DeskPlan, Merged

NAMED = 5  # names of a kind that a line spells out


@click.command()
@click.argument("desks", nargs=-1, metavar="[DESK…]", type=click.Path(path_type=Path))
@click.option(
    "--dry-run", is_flag=True, help="Show what each desk would bring, and change nothing."
)
@click.option(
    "--by-reference",
    is_flag=True,
    help="Point to the other desks' archive files instead of having them here.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@jobs_option("that judge")
@click.pass_obj
def merge(
    session: Session,
    desks: tuple[Path, ...],
    dry_run: bool,
    by_reference: bool,
    as_json: bool,
    jobs: int | None,
) -> int:
    """Take other desks into this one: articles, versions, archive, decisions.

    \b
    EXAMPLES
      pressclip -C hub merge north south       two folders, each a desk
      pressclip -C hub merge /mnt/desks/*      every night; takes only what is new
      pressclip -C hub merge north.zip         what pressclip pack made
      pressclip -C hub merge north --dry-run   show what it would bring
      pressclip merge                          all buckets of a desk that is split

    Nothing is fetched or extracted again. Families, boilerplate and verdicts are made of the whole,
    as if one desk had crawled it all. Outlets and stories that are not here come along; of a story
    that is here too, this desk's queries count. The other desks are only read. Archive files come as
    hard links where both desks are on one disk, or else as verified copies: so this desk is whole by
    itself. With --by-reference they stay where they are, and must stay there. If the run is killed,
    nothing is lost, and the same command completes it.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    workspace = Workspace.find(session.directory)
    desks = desks or _buckets(workspace)
    if by_reference and (packed := next((one for one in desks if one.is_file()), None)):
        raise UsageError(
            f"{packed}: a packed desk cannot be referred to", hint="merge it without --by-reference"
        )
    show_warnings()

    def tell(plan: DeskPlan) -> None:
        note(session, "\n".join(plan_lines(plan)))

    if dry_run:
        planned: Merged = load("crawler.ingest.merge_desks:plan_merge")(workspace, desks)
        if as_json:
            _write_json(planned)
        else:
            for plan in planned.desks:
                tell(plan)
            note(session, "merge --dry-run: nothing was changed")
        return 0
    progress = LineInPlace(shown=sys.stderr.isatty() and not session.quiet)
    try:
        done: Merged = load("crawler.ingest.merge:merge_desks")(
            workspace,
            desks,
            by_reference=by_reference,
            workers=jobs or 0,
            tell=tell,
            report=lambda done, number: progress.show(f"{done:,} of {number:,} captures"),
            step=lambda what: progress.show_now(f"{what} …"),
        )
    finally:
        progress.close()
    if done.forgotten:
        note(session, _forgotten_line(done.forgotten))
    if as_json:
        _write_json(done)
    else:
        note(session, last_line(done))
    return 0


def _buckets(workspace: Workspace) -> tuple[Path, ...]:
    """The buckets of a desk that is split; raises `UsageError` for one that is not."""
    layout = read_layout(workspace)
    if layout is None or not layout.buckets:
        raise UsageError(
            "no desk named", hint="name the folder of another desk: pressclip merge DESK"
        )
    for root in layout.roots:
        claim = read_claim(Workspace(root=root))
        if claim is not None and not claim.machine:
            raise UsageError(
                f"{claim.bucket}: workers of {claim.queue} crawl copies of it",
                hint="name the newest copies: pressclip status --cluster --json tells each one's desk",
            )
    return tuple(root for root in layout.roots if (root / "data" / "pressclip.db").exists())


def plan_lines(plan: DeskPlan) -> Iterator[str]:
    """What a desk brings, and under it whatever a person should know of it."""
    joining = plan.joining
    brought = f"{counted(plan.captures, 'new capture')}, {counted(plan.articles, 'new article')}"
    copied = f", {plan.bytes / 2**20:,.0f} MiB to copy" if plan.bytes else ""
    yield f"{plan.folder}: {brought} in {counted(plan.files, 'file')}{copied}"
    if joining.outlets:
        yield f"  outlets new here: {_names([one.id for one in joining.outlets])}"
    if joining.stories:
        yield f"  stories new here: {_names(joining.stories)}"
    for theirs, ours in joining.renamed.items():
        yield f"  outlet {theirs} is {ours} here"
    for story in joining.differing:
        yield f"  story {story} differs there: the one here counts"
    for story in joining.refused:
        yield f"  story {story} stays there: it names an outlet that has another id here"
    if plan.undecided:
        yield f"  {counted(plan.undecided, 'capture')} not read there yet: the next crawl reads them"
    for name in plan.missing[:NAMED]:
        yield f"  {name} is missing there: its articles come without their pages"
    if plan.ahead:
        hours = span(plan.ahead.total_seconds())
        yield f"  its clock is {hours} ahead of this one: its times are taken as they are"


def last_line(done: Merged) -> str:
    """What a merge came to, in one line."""
    counts = done.counts
    corpus = f"{counts['articles']:,} articles ({counts['texts']:,} texts)"
    parts = [
        counted(done.captures, "capture"),
        f"{done.new:,} new and {done.edited:,} edited articles",
    ]
    if done.remarks:
        parts.append(counted(done.remarks, "remark"))
    if done.stamps:
        parts.append(counted(done.stamps, "time stamp"))
    files = [f"{number:,} {what}" for what, number in sorted(done.files.items())]
    told = f" (files: {', '.join(files)})" if files else ""
    return f"merge: {counted(len(done.desks), 'desk')} → {', '.join(parts)}{told} → {corpus}"


def _forgotten_line(ids: tuple[str, ...]) -> str:
    return (
        f"{counted(len(ids), 'article')} here that another desk has forgotten: {_names(ids)}"
        "   (pressclip forget ID takes one out)"
    )


def _names(names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _write_json(done: Merged) -> None:
    write([json.dumps(_report(done), ensure_ascii=False, indent=2), "\n"])


def _report(done: Merged) -> dict[str, Any]:
    return {
        "desks": [
            {
                "folder": str(plan.folder),
                "captures": plan.captures,
                "articles": plan.articles,
                "files": plan.files,
                "bytes_to_copy": plan.bytes,
                "undecided": plan.undecided,
                "missing_files": list(plan.missing),
                "clock_ahead_seconds": int(plan.ahead.total_seconds()),
                "outlets": [one.id for one in plan.joining.outlets],
                "stories": list(plan.joining.stories),
                "renamed_outlets": dict(plan.joining.renamed),
                "differing_stories": list(plan.joining.differing),
                "refused_stories": list(plan.joining.refused),
            }
            for plan in done.desks
        ],
        "captures": done.captures,
        "new": done.new,
        "edited": done.edited,
        "remarks": done.remarks,
        "stamps": done.stamps,
        "files": dict(done.files),
        "forgotten_elsewhere": list(done.forgotten),
        "corpus": dict(done.counts),
    }
