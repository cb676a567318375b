"""Having the captures of a workspace stamped: which need it, whether it is due, how it went last.

`data/stamps/state` remembers that, so that `status` reads no stamp: a stamp holds every digest under it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from index.errors import PressclipError
from index.evidence.merkle import root_of
from index.evidence.stamps import FOLDER, Stamp, leaf_of, read_stamps, unstamped, write_stamp
from index.evidence.timestamps import make_request, read_roots, read_token
from index.files import write_atomic
from index.store import Store
from index.workspace import Workspace
from index.workspace.lock import hold

STATE = "state"
Ask = Callable[[bytes], bytes]
"""Sends a request (DER) to the authority and gives its answer; raises `TimestampError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StampState:
    """How many captures bear a stamp, since when and by whom the newest; what the last try said.

    `failed` and `reason` are of the last try where it failed, empty if it did not.
    """

    captures: int = 0
    stamped: str = ""
    authority: str = ""
    failed: str = ""
    reason: str = ""


def read_state(workspace: Workspace) -> StampState | None:
    """The state, None if nothing was ever stamped or tried; what cannot be read is as none."""
    try:
        return StampState(**json.loads((_folder(workspace) / STATE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def is_due(state: StampState | None, now: datetime) -> bool:
    """Whether a day (UTC) has begun since the newest stamp."""
    return state is None or state.stamped[:10] < f"{now.astimezone(UTC):%Y-%m-%d}"


def stamp_captures(workspace: Workspace, ask: Ask) -> Stamp | None:
    """Have every capture without a stamp put under one; None when all have theirs.

    Raises `TimestampError`, `WorkspaceBusy` while another does the same, `UsageError` for roots that
    cannot be read, and `StorageError` children. A try that fails is remembered.
    """
    folder = _folder(workspace)
    with Store.open(workspace.database) as store:
        leaves = [leaf_of(*one) for one in store.captures.identities()]
    with hold(workspace.data / "stamps.lock"):
        stamps = list(read_stamps(folder))
        chosen = unstamped(leaves, stamps)
        if not chosen:
            return None
        now = datetime.now(UTC)
        try:
            stamp = _ask_for(workspace, chosen, ask, now)
        except PressclipError as error:
            state = read_state(workspace) or StampState()
            _write_state(folder, replace(state, failed=now.isoformat(), reason=str(error)))
            raise
        write_stamp(folder, stamp)
        covered = len(chosen) + sum(len(one.leaves) for one in stamps)
        state = StampState(
            captures=covered, stamped=stamp.moment.isoformat(), authority=stamp.authority
        )
        _write_state(folder, state)
    return stamp


def take_stamps(workspace: Workspace, other: Workspace) -> int:
    """Take the stamps of another desk that are not here; how many. They cover captures, wherever those lie.

    Raises `StorageError` for one that cannot be read, and `WorkspaceBusy` while captures are stamped.
    """
    theirs = list(read_stamps(_folder(other)))
    if not theirs:
        return 0
    folder = _folder(workspace)
    with hold(workspace.data / "stamps.lock"):
        held = list(read_stamps(folder))
        tokens, names = {one.token for one in held}, {one.name for one in held}
        new = [one for one in theirs if one.token not in tokens]
        for stamp in new:
            is_taken = stamp.name in names
            name = f"{stamp.name}-{stamp.root.hex()[:6]}" if is_taken else stamp.name
            write_stamp(folder, replace(stamp, name=name))
        if new:
            every = [*held, *new]
            last = max(every, key=lambda one: one.moment)
            captures = len({leaf for one in every for leaf in one.leaves})
            state = StampState(
                captures=captures, stamped=last.moment.isoformat(), authority=last.authority
            )
            _write_state(folder, state)
    return len(new)


def _ask_for(workspace: Workspace, leaves: list[bytes], ask: Ask, now: datetime) -> Stamp:
    settings = workspace.evidence
    pem = settings.read_roots(workspace.root) if settings.roots else b""
    roots = read_roots(pem, settings.roots) if pem else []
    root = root_of(leaves)
    request = make_request(root)
    answer = ask(request.as_bytes())
    token = read_token(answer, root, roots=roots, nonce=request.nonce)
    return Stamp(
        name=f"{now:%Y%m%dT%H%M%S%fZ}",
        authority=token.authority,
        moment=token.moment,
        leaves=leaves,
        token=answer,
    )


def _folder(workspace: Workspace) -> Path:
    return workspace.data / FOLDER


def _write_state(folder: Path, state: StampState) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / STATE, json.dumps(asdict(state), ensure_ascii=False) + "\n")
