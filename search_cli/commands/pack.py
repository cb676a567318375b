"""`pressclip pack`: a desk as one file, for another desk to merge."""

from __future__ import annotations

from pathlib import Path

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.lock import hold
from search_cli.commandline.lazy import load
from search_cli.output.terminal import note
from search_cli.session import Session


@click.command()
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace FILE where it is there already.")
@click.pass_obj
def pack(session: Session, file: Path, force: bool) -> int:
    """Pack this desk into one file, to be merged elsewhere.

    \b
    EXAMPLES
      pressclip pack north.zip
      pressclip -C hub merge north.zip         on the other machine

    The file has stories, outlets, settings, database, archive and time stamps, each with its digest;
    not the search index, which is built again. It is an ordinary ZIP: unpacked, it is the desk.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    workspace = Workspace.find(session.directory)
    if file.exists() and not force:
        raise UsageError(f"{file}: is there already", hint="give another name, or --force")
    if workspace.owns(file):
        raise UsageError(
            f"{file}: is in the desk's own folder of data", hint="name a file beside it"
        )
    with hold(workspace.data / "lock"):
        packed = load("index.maintenance.packing:pack_desk")(workspace, file)
    size = f"{packed.bytes / 2**20:,.1f} MiB"
    note(session, f"{file}: {counted(packed.files, 'file')}, {size}")
    note(session, f"next: pressclip -C HUB merge {file.name}")
    return 0
