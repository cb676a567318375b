"""`pressclip shard`: a desk split into buckets, each a desk of its own with some of the outlets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from index.workspace import Workspace
from search_cli.commandline.lazy import load
from search_cli.commandline.logs import show_warnings
from search_cli.commandline.options import jobs_option
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.sharding import last_line, sharded_lines, sharded_record

if TYPE_CHECKING:
    from crawler.sharding.shard import Sharded


@click.command()
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path, file_okay=False)
)
@click.option(
    "--size",
    metavar="N",
    type=click.IntRange(1),
    help="Make buckets of about N outlets [default: 100].",
)
@click.option(
    "--buckets",
    "number",
    metavar="N",
    type=click.IntRange(1, 10_000),
    help="Make N buckets in all.",
)
@click.option("--move", metavar="OUTLET", help="Move the site of an outlet, with --to.")
@click.option("--to", "bucket", metavar="BUCKET", help="The bucket it is moved into.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@jobs_option("that judge")
@click.pass_obj
def shard(
    session: Session,
    folder: Path | None,
    size: int | None,
    number: int | None,
    move: str | None,
    bucket: str | None,
    dry_run: bool,
    as_json: bool,
    jobs: int | None,
) -> int:
    """Split this desk's outlets over bucket desks, for many machines.

    \b
    EXAMPLES
      pressclip shard ../buckets               about 100 outlets in each
      pressclip shard ../buckets --dry-run     show it first
      pressclip shard                          later: bring the buckets in line
      pressclip shard --buckets 12             add buckets; few outlets move
      pressclip shard --move bbc.com --to bucket-003
      pressclip merge                          take in what the buckets found

    A bucket is an ordinary desk: this desk's settings and stories, and some of its outlets with all
    that is known of them. The name of an outlet's site says which bucket it is in, so a site is in
    one bucket only. From now on the buckets crawl, and this desk is the hub: change outlets.toml and
    stories here, then run shard again. An outlet that moves leaves its articles where they are; merge
    makes one corpus of all. If the run is killed, nothing is lost, and the same command completes it.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    if (move is None) != (bucket is None):
        raise UsageError("--move and --to go together", hint="shard --move OUTLET --to BUCKET")
    if size is not None and number is not None:
        raise UsageError("--size and --buckets cannot be used together")
    if move is not None and (folder, size, number) != (None, None, None):
        raise UsageError("--move moves one site; leave the folder and the number of buckets away")
    workspace = Workspace.find(session.directory)
    show_warnings()
    request = load("crawler.sharding.shard:ShardRequest")(
        folder=folder,
        size=size,
        number=number,
        move=(move, bucket) if move and bucket else None,
        workers=jobs or 0,
    )
    if dry_run:
        done: Sharded = load("crawler.sharding.shard:plan_shard")(workspace, request)
    else:
        done = load("crawler.sharding.shard:shard")(
            workspace, request, tell=lambda line: note(session, line)
        )
    told = load("crawler.sharding.plan:uneven")(done.loads, done.pages)
    if as_json:
        report = sharded_record(done, told)
        write([json.dumps(report, ensure_ascii=False, indent=2), "\n"])
        return 0
    terminal = Terminal.of(session)
    terminal.show(sharded_lines(done, told, terminal, is_plan=dry_run))
    if dry_run:
        note(session, "shard --dry-run: nothing was changed")
    else:
        note(session, last_line(done))
        if done.new:
            first = done.layout.root_of(done.new[0])
            note(session, f"next: pressclip -C {first} crawl   then here: pressclip merge")
    return 0
