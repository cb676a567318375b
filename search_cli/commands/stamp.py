"""`pressclip stamp`: have an authority say that what was captured existed by now."""

from __future__ import annotations

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from search_cli.output.terminal import note
from search_cli.session import Session

PATIENCE = 30.0  # seconds
_HINT = '[evidence] tsa = "https://…" in workspace.toml'


@click.command()
@click.pass_obj
def stamp(session: Session) -> int:
    """Have the time authority in workspace.toml stamp all captures that have no stamp yet.

    EXAMPLES
      pressclip stamp

    The authority receives one digest for all of them, and nothing else. `prove` puts the stamp into
    its bundles. A crawl does the same at its end, once a day. A stamp shows that a page was
    captured before that time. Exit status 1 when there is nothing to stamp, 4 when the authority
    cannot be reached.
    """
    from index.evidence.stamping import stamp_captures
    from search_cli.automation.stamping import asking

    workspace = Workspace.find(session.directory)
    if not workspace.evidence.tsa:
        raise UsageError("no time-stamping authority is configured", hint=_HINT)
    stamped = stamp_captures(workspace, asking(workspace, patience=PATIENCE))
    if stamped is None:
        note(session, "every capture is already time-stamped")
        return 1
    note(session, f"{counted(len(stamped.leaves), 'capture')}, stamped {stamped.moment:%F %T} UTC")
    note(session, f"by {stamped.authority}")
    if not workspace.evidence.roots:
        note(
            session,
            "its certificate was not checked; set [evidence] roots = FILE in workspace.toml",
        )
    return 0
