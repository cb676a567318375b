"""A checked bundle of evidence in a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.text.wording import counted
from index.workspace import Workspace
from search_cli.output.moments import moment
from search_cli.output.render import one_line

if TYPE_CHECKING:
    from index.evidence.checking import Bundle

TRUST = {
    "given": "it leads to the certificates of --roots",
    "bundle": "it leads to the certificates in the bundle: are they the authority's? --roots FILE",
    "": "its signature was not checked: give the authority's certificates, --roots FILE",
}


def bundle_lines(path: Path, bundle: Bundle) -> Iterator[str]:
    """That a bundle is whole, of what page it is, and the number that stands for it."""
    records = bundle.manifest["records"]
    page: dict[str, object] = next((one for one in records if one.get("role") == "page"), {})
    yield f"{path} is whole: {counted(len(records), 'record')}, each what its digest says"
    url = one_line(str(page.get("url", "")))
    yield f"{url}, captured {one_line(str(page.get('fetched', '')))}"
    for one in bundle.stamps:
        moment = f"{one.token.moment.astimezone(UTC):%F %T} UTC"
        yield f"stamped {moment}: {one_line(one.url)}"
        yield f"  by {one_line(one.token.authority)}; {TRUST[one.trust]}"
    yield f"SHA-256 of its SHA256SUMS: {bundle.fingerprint}"


def stamp_lines(workspace: Workspace, captures: int, zone: tzinfo) -> Iterator[str]:
    """How many captures bear a time stamp, and why the last try got none; nothing without an authority."""
    from index.evidence.stamping import read_state

    state = read_state(workspace)
    if state is None:
        if workspace.evidence.tsa:
            yield "time stamps: none yet; run: pressclip stamp"
        return
    if state.stamped:
        newest = moment(datetime.fromisoformat(state.stamped), zone)
        told = f"{state.captures:,} of {counted(captures, 'capture')}"
        yield f"time stamps: {told}, newest {newest} by {one_line(state.authority)}"
    if state.failed:
        failed = moment(datetime.fromisoformat(state.failed), zone)
        yield f"no time stamp at {failed}: {one_line(state.reason)}; the next crawl tries again"


def stamp_record(workspace: Workspace) -> dict[str, Any] | None:
    """The same for programs; None if nothing was stamped or tried."""
    from index.evidence.stamping import read_state

    state = read_state(workspace)
    return asdict(state) if state else None


def save_lines(workspace: Workspace, zone: tzinfo) -> Iterator[str]:
    """How many articles the Wayback Machine saved for us, and until when it is left alone."""
    record = save_record(workspace)
    if record is None:
        return
    rest = record["paused_until"]
    told = f"; left alone until {moment(rest, zone)} ({one_line(record['reason'])})" if rest else ""
    waiting = f", {record['not_saved']:,} asked for and not there" if record["not_saved"] else ""
    yield f"Wayback Machine: {counted(record['saved'], 'article')} saved{waiting}{told}"


def save_record(workspace: Workspace) -> dict[str, Any] | None:
    """The same for programs; None if it was never asked."""
    from index.store import Store

    if not workspace.evidence.wayback or not workspace.database.exists():
        return None
    with Store.open(workspace.database) as store:
        saved, others = store.saves.counts()
        state = store.backfill.sources().get("wayback-save")
    paused = state.paused_until if state else None
    return {
        "saved": saved,
        "not_saved": others,
        "paused_until": paused if paused and paused > datetime.now(UTC) else None,
        "reason": state.detail if state else "",
    }
