"""Copies in a public archive, asked for behind a crawl that is done."""

from __future__ import annotations

from importlib import import_module

from index.errors import PressclipError, WorkspaceBusy
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.evidence_settings import WAYBACK

PATIENCE = 60.0
"""Seconds for one run's requests; what is left waits for the next crawl."""


def save_behind(workspace: Workspace) -> str:
    """Have copies made where workspace.toml wants them; what to say of it in one line, or nothing.

    Nothing that goes wrong is the crawl's failure.
    """
    settings = workspace.evidence
    if not settings.wayback:
        return ""
    save_copies = import_module("crawler.ingest.saving").save_copies
    own = settings.wayback_address != WAYBACK
    try:
        done = save_copies(workspace, patience=PATIENCE, pace=0.05 if own else None)
    except WorkspaceBusy:
        return ""
    except PressclipError as error:
        return f"no copies asked for: {error}"
    parts = [
        f"{counted(done.saved, 'article')} saved" if done.saved else "",
        f"{done.waiting:,} waited for" if done.waiting else "",
        f"{done.refused:,} refused" if done.refused else "",
        f"broken off ({done.stopped}), the next crawl goes on" if done.stopped else "",
    ]
    if done.stopped == "http-401":
        parts.append("it wants keys: PRESSCLIP_WAYBACK_KEYS=ACCESS:SECRET")
    told = ", ".join(filter(None, parts))
    return f"Wayback Machine: {told}" if told else ""
