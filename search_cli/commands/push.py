"""`pressclip push`: the corpus sent to an OpenSearch cluster, by what changed since the last time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from index.text.wording import counted
from index.workspace import Workspace
from search_cli.output.picture import LineInPlace
from search_cli.output.terminal import note
from search_cli.session import Session

if TYPE_CHECKING:
    from index.opensearch.push import PushReport


@click.command()
@click.argument("address", required=False, metavar="[ADDRESS]")
@click.option("--rebuild", is_flag=True, help="Rebuild the index there; searches keep working.")
@click.option(
    "--shards",
    type=click.IntRange(1, 1024),
    default=1,
    help="Cut a new index into N parts, which nodes share.  [default: 1]",
    metavar="N",
)
@click.option(
    "--replicas",
    type=click.IntRange(0, 16),
    default=1,
    help="Have the cluster keep N copies of each part of a new index.  [default: 1]",
    metavar="N",
)
@click.pass_obj
def push(session: Session, address: str | None, rebuild: bool, shards: int, replicas: int) -> None:
    """Send new and changed articles to an OpenSearch cluster.

    \b
    EXAMPLES
      pressclip push opensearch://localhost:9200/desk
      pressclip push               where [search] url of workspace.toml says
      pressclip push --rebuild     when the index is of another format

    The address is opensearch://[USER:PASSWORD@]HOST[:9200][,HOST…]/NAME, or opensearchs:// over
    TLS; NAME is the index, "pressclip" if left out. Keep a password out of files and shell history:
    $PRESSCLIP_OPENSEARCH takes the whole address. Only what changed since the last push is sent. If
    a push is cut off, the next one goes on from there. A busy cluster is waited for. With [search]
    engine = "opensearch" every search asks the cluster. Needs an extra:
    pip install 'pressclip[opensearch]'.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    from index.opensearch.push import push as send
    from index.store import Store
    from index.workspace.lock import hold
    from index.workspace.search_settings import read_address

    workspace = Workspace.find(session.directory)
    place = read_address(address) if address else workspace.search.address()
    progress = LineInPlace(shown=sys.stderr.isatty() and not session.quiet)
    with Store.open(workspace.database) as store, hold(workspace.data / "push.lock"):
        newest = store.revision()
        try:
            report = send(
                store,
                place,
                rebuild=rebuild,
                shards=shards,
                replicas=replicas,
                told=lambda revision: progress.show(f"push: {revision:,} of {newest:,} changes"),
            )
        finally:
            progress.close()
    note(session, f"{place}: {_told(report)}")
    if report.health == "yellow":
        note(session, "the cluster is yellow: all is there, but not every copy has a node")
    if workspace.search.engine != "opensearch":
        note(session, 'to search there: [search] engine = "opensearch" in workspace.toml')


def _told(report: PushReport) -> str:
    return (
        f"{counted(report.added, 'article')} put in, {report.removed:,} taken out,"
        f" {report.seconds:.1f} s; it holds revision {report.revision:,}"
    )
