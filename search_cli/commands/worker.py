"""`pressclip worker`: crawls the desks of a cluster, as its queue gives them."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import click

from index.errors import UsageError
from search_cli.commandline.lazy import load
from search_cli.commandline.options import queue_option
from search_cli.output.terminal import note
from search_cli.session import Session


@click.command()
@queue_option
@click.option("--name", metavar="NAME", help="Name of this machine [default: its host name].")
@click.option(
    "--work",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("buckets"),
    help="Keep copies of buckets in DIR, on a local disk [default: ./buckets].",
)
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 64),
    default=1,
    help="Crawl N buckets at once [default: 1].",
)
@click.option("--once", is_flag=True, help="End when no bucket is due.")
@click.pass_obj
def worker(
    session: Session, queue: str | None, name: str | None, work: Path, jobs: int, once: bool
) -> None:
    """Crawl the desks of a cluster, as its queue gives them.

    \b
    EXAMPLES
      pressclip worker --queue postgresql://hub/clips
      pressclip worker -j 2 --work /srv/buckets    queue: $PRESSCLIP_QUEUE
      pressclip worker --once                        end when no bucket is due

    Run one on each machine. `schedule install --queue` puts desks on the queue, then called buckets.
    A worker takes one that is due, copies it from the depot, crawls it and hands it in. Buckets that
    are pinned to this machine are crawled where they lie. If a worker is killed, its crawl ends with
    it and another takes the bucket up. Ctrl-C ends the crawls and gives the buckets back.

    PostgreSQL's clock decides what is due. No two workers crawl one bucket.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    url = load("crawler.cluster.address:queue_url")(queue)
    load("crawler.cluster.queue:load_driver")()
    machine = name or socket.gethostname()
    if not load("crawler.cluster.buckets:NAME").fullmatch(machine):
        raise UsageError(f"--name {machine}: letters, digits, - _ and . only")
    settings = load("crawler.cluster.worker:WorkerSettings")(
        url=url,
        name=machine,
        work=work.expanduser().resolve(),
        slots=jobs,
        command=(sys.executable, "-m", "search_cli.main"),
        once=once,
        tell=lambda line: note(session, line),
    )
    load("crawler.cluster.worker:run_worker")(settings)
