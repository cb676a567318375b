"""Time stamps that are taken by themselves: once a day, behind a crawl, which never waits for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import cast

from index.errors import PressclipError, WorkspaceBusy
from index.text.wording import counted
from index.workspace import Workspace

PATIENCE = 15.0
"""Seconds that a crawl that is done waits for an authority."""
Ask = Callable[..., bytes]


def asking(workspace: Workspace, *, patience: float) -> Callable[[bytes], bytes]:
    """How the workspace's authority is asked; the wire is loaded by name, as for its verbs."""
    ask = cast("Ask", import_module("crawler.wire.timestamp").ask_authority)
    return partial(ask, workspace, workspace.evidence.tsa, patience=patience)


def stamp_daily(workspace: Workspace, *, now: datetime | None = None) -> str:
    """Have the captures stamped if a day has passed; what to say of it in one line, empty for nothing.

    Nothing that is wrong with the authority, its certificates or its stamps is the crawl's failure.
    """
    if not workspace.evidence.tsa:
        return ""
    from index.evidence.stamping import is_due, read_state, stamp_captures

    if not is_due(read_state(workspace), now or datetime.now(UTC)):
        return ""
    try:
        stamp = stamp_captures(workspace, asking(workspace, patience=PATIENCE))
    except WorkspaceBusy:
        return ""
    except PressclipError as error:
        return f"no time stamp today: {error}; the next crawl tries again"
    if stamp is None:
        return ""
    told = counted(len(stamp.leaves), "capture")
    return f"{told} stamped {stamp.moment:%F %T} UTC by {stamp.authority}"
