"""`pressclip schedule … --queue`: desks put on a cluster's queue, and taken off it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.errors import UsageError
from index.workspace import Workspace
from search_cli.commandline.lazy import load
from search_cli.output.terminal import note
from search_cli.session import Session


def put_on_queue(
    session: Session,
    queue: str | None,
    desks: Sequence[Path],
    *,
    depot: Path | None,
    pin: str | None,
    lease: float | None,
) -> None:
    """Put desks on the queue: this one where none is named. Raises `UsageError`, `StorageError` children."""
    if (depot is None) == (pin is None):
        raise UsageError(
            "--queue needs --depot DIR or --pin MACHINE, one of the two",
            hint="--depot: workers hand the desk on; --pin: one machine crawls it where it lies",
        )
    url = load("crawler.cluster.address:queue_url")(queue)
    workspaces = [Workspace.load(_root(path)) for path in desks] or [
        Workspace.find(session.directory)
    ]
    shown = load("crawler.cluster.queue:shown_queue")(url)
    install = load("crawler.cluster.buckets:install_desk")
    with load("crawler.cluster.queue:connect")(url) as connection:
        cluster = load("crawler.cluster.queue:prepare")(connection, lease)
        for workspace in workspaces:
            is_new = install(
                connection, cluster, workspace, queue=shown, depot=depot, machine=pin or ""
            )
            name = workspace.root.name
            note(session, _told(name, shown, depot, pin) if is_new else f"{name}: settings updated")
    note(session, "next: pressclip worker --queue URL   (on each machine)")


def take_off_queue(session: Session, queue: str | None, names: Sequence[str]) -> None:
    """Take buckets off the queue. Raises `UsageError` for one that is not there or is being crawled."""
    url = load("crawler.cluster.address:queue_url")(queue)
    if not names:
        raise UsageError("no bucket named", hint="pressclip schedule remove --queue URL NAME")
    with load("crawler.cluster.queue:connect")(url) as connection:
        load("crawler.cluster.queue:read_cluster")(connection)
        for name in names:
            root = load("crawler.cluster.buckets:remove_bucket")(connection, name)
            note(session, f"{name}: off the queue; its desk is {root}")


def _told(name: str, shown: str, depot: Path | None, pin: str | None) -> str:
    if pin:
        return f"{name}: on {shown}; {pin} crawls it where it lies"
    return (
        f"{name}: on {shown}, copied to {depot}; its crawls are made there, and this folder only"
        " keeps its settings: change them here and run the same command again"
    )


def _root(path: Path) -> Path:
    """The folder of a desk that was named; raises `UsageError` for one that is none."""
    from index.workspace import FILE_NAME

    root = path.expanduser().resolve()
    if not (root / FILE_NAME).is_file():
        raise UsageError(f"{path}: no desk: there is no {FILE_NAME} in it")
    return root
