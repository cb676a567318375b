"""`pressclip stamp`: have an authority say that what was captured existed by now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import cast

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.lock import hold
from search_cli.output.terminal import note
from search_cli.session import Session

_HINT = '[evidence] tsa = "https://…" in workspace.toml'


@click.command()
@click.pass_obj
def stamp(session: Session) -> int:
    """Have the time authority of workspace.toml stamp all captures that have no stamp yet.

    EXAMPLES
      pressclip stamp
      pressclip crawl --due; pressclip stamp

    The authority is sent one number that stands for all of them, and nothing else. `prove` puts the
    stamp into its bundles. Run it daily: a stamp shows that a page was captured before it, not after.
    Exit status 1 when there is nothing to stamp; 4 when the authority cannot be had.
    """
    from index.evidence.merkle import root_of
    from index.evidence.stamps import FOLDER, Stamp, leaf_of, read_stamps, unstamped, write_stamp
    from index.evidence.timestamps import make_request, read_roots, read_token
    from index.store import Store

    workspace = Workspace.find(session.directory)
    evidence = workspace.evidence
    if not evidence.tsa:
        raise UsageError("no authority to ask for a time stamp", hint=_HINT)
    roots = (
        read_roots(evidence.read_roots(workspace.root), evidence.roots) if evidence.roots else []
    )
    folder = workspace.data / FOLDER
    with Store.open(workspace.database) as store:
        leaves = [leaf_of(*one) for one in store.captures.identities()]
    ask = cast(
        "Callable[[Workspace, str, bytes], bytes]",
        import_module("crawler.wire.timestamp").ask_authority,
    )
    with hold(workspace.data / "stamps.lock"):
        chosen = unstamped(leaves, read_stamps(folder))
        if not chosen:
            note(session, "every capture has its time stamp")
            return 1
        root = root_of(chosen)
        request = make_request(root)
        answer = ask(workspace, evidence.tsa, request.as_bytes())
        token = read_token(answer, root, roots=roots, nonce=request.nonce)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        write_stamp(
            folder,
            Stamp(
                name=name, authority=token.authority, moment=token.moment, leaves=chosen,
                token=answer,
            ),
        )  # fmt: skip
    note(session, f"{counted(len(chosen), 'capture')}, stamped {token.moment:%F %T} UTC")
    note(session, f"by {token.authority}")
    if not roots:
        note(session, "its certificate was not checked: name its root, [evidence] roots = FILE")
    return 0
