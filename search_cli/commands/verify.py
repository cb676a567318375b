"""`pressclip verify`: is what the workspace holds whole, and what to do where it is not."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from search_cli.output.formats import emit, format_options
from search_cli.output.render import Column, Format
from search_cli.output.terminal import note
from search_cli.session import Session
from search_cli.view.evidence import bundle_lines

FIELDS = ("part", "kind", "what", "remedy")
COLUMNS = (
    Column(key="part", color="cyan"),
    Column(key="kind"),
    Column(key="what", grows=True),
    Column(key="remedy", most=60),
)
DAMAGED = 4


@click.command()
@click.option(
    "--bundle", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Check a bundle made by `prove`, offline and without a desk.",
)  # fmt: skip
@click.option(
    "--roots", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Certificates (PEM) of the time authorities that you trust.",
)  # fmt: skip
@format_options
@click.pass_obj
def verify(session: Session, style: Format | None, bundle: Path | None, roots: Path | None) -> int:
    """Check archive, store and index against each other, without changing anything.

    EXAMPLES
      pressclip verify
      pressclip verify --json
      pressclip verify --bundle k7q2d.evidence.zip

    Reads the whole archive. Each row is a fault, or something unfinished with the command that
    completes it. Exit status 4 when there is a fault, else 0.
    """
    if bundle is not None:
        return _verify_bundle(session, bundle, roots, style)
    if roots is not None:
        raise UsageError("--roots works only with --bundle FILE")
    from index.maintenance.verify import verify as find_faults

    workspace = Workspace.find(session.directory)
    found = list(find_faults(workspace.database, workspace.archive_dir, workspace.index_dir))
    emit(session, [asdict(one) for one in found], style=style, fields=FIELDS, columns=COLUMNS)
    faults = sum(one.kind == "fault" for one in found)
    if not found:
        note(session, "archive, store and index are undamaged")
    elif faults:
        note(session, counted(faults, "fault"))
    else:
        note(session, "no damage; run the commands above to complete unfinished work")
    return DAMAGED if faults else 0


def _verify_bundle(session: Session, path: Path, roots: Path | None, style: Format | None) -> int:
    """A row for each fault of a bundle; what it is evidence of on standard error."""
    from index.evidence.checking import check_bundle

    try:
        trusted = roots.read_bytes() if roots else b""
    except OSError as error:
        raise UsageError(f"{roots}: {error.strerror}") from error
    found = check_bundle(path, roots=trusted)
    remedy = "ask whoever gave it to you for the bundle again"
    rows = [
        {"part": "bundle", "kind": "fault", "what": what, "remedy": remedy} for what in found.faults
    ]
    emit(session, rows, style=style, fields=FIELDS, columns=COLUMNS)
    if rows:
        note(session, f"{path}: not what it was when it was made")
        return DAMAGED
    for line in bundle_lines(path, found):
        note(session, line)
    return 0
