"""`pressclip doctor`: what pressclip runs on, what it reads, what is wrong with it, and mending that."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click

from index.text.wording import counted
from index.workspace import FILE_NAME, VARIABLE, Workspace
from search_cli.output.formats import emit, format_options
from search_cli.output.render import Column, Format, Row
from search_cli.output.terminal import note
from search_cli.session import Session

FIELDS = ("part", "what", "value", "state", "remedy")
COLUMNS = (
    Column(key="part", color="cyan"),
    Column(key="what", most=28),
    Column(key="value", grows=True),
    Column(key="state"),
    Column(key="remedy", below=True),
)
LIBRARIES = ("scrapy", "twisted", "trafilatura", "lxml", "whoosh3", "warcio", "feedparser")
OK, LOOK, FAULT = "ok", "check", "fault"
DAMAGED = 4
_COLOR_VARIABLES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR")


@click.command()
@click.option("--fix", is_flag=True, help="Repair what can be repaired, and say what was done.")
@format_options
@click.pass_obj
def doctor(session: Session, fix: bool, style: Format | None) -> int:
    """Check pressclip and a desk; with --fix, repair what can be repaired.

    EXAMPLES
      pressclip doctor
      pressclip doctor --fix
      pressclip doctor --json

    Shows versions, where each setting comes from (option, environment, workspace.toml or default),
    whether archive, store and index agree, how much disk space is free, which outlets' robots.txt
    could not be fetched, and which articles' texts look wrong (a cookie notice, a footer). --fix
    finishes what a killed run left, cuts torn ends off archive files, repairs request records of
    early versions, migrates an older database and updates the index. `pressclip replay` rebuilds a
    damaged store. Exit status 4 when a fault is left, else 0.
    """
    workspace = Workspace.find(session.directory)
    if fix:
        _fix(session, workspace)
    rows = [*_environment(), *_config(session, workspace), *(data := list(_data(workspace)))]
    if not any(row["what"] == "store" and row["state"] == FAULT for row in data):
        rows += [*_robots(workspace), *_extraction(workspace), *_meaning(workspace)]
    emit(session, rows, style=style, fields=FIELDS, columns=COLUMNS)
    faults = sum(row["state"] == FAULT for row in rows)
    if faults:
        note(session, counted(faults, "fault") + ("" if fix else "; try: pressclip doctor --fix"))
    return DAMAGED if faults else 0


def _fix(session: Session, workspace: Workspace) -> None:
    from index.errors import OlderStoreError, StoreError
    from index.maintenance.repair import is_readable, repair

    error = is_readable(workspace) if workspace.database.exists() else None
    if error is not None and not isinstance(error, OlderStoreError):
        note(session, "the store cannot be read; rebuild it first: pressclip replay")
        return
    done = 0
    try:
        for line in repair(workspace):
            note(session, line)
            done += 1
    except StoreError as fault:
        note(session, f"the store is damaged ({fault}); rebuild it first: pressclip replay")
        return
    if not done:
        note(session, "nothing needed repair")


def _row(part: str, what: str, value: object, state: str = OK, remedy: str = "") -> dict[str, Any]:
    return {"part": part, "what": what, "value": str(value), "state": state, "remedy": remedy}


def _environment() -> Iterator[Row]:
    from index.store.database import SQLITE_VERSION

    yield _row("system", "pressclip", version("pressclip"))
    yield _row("system", "Python", sys.version.split()[0])
    yield _row("system", "SQLite", SQLITE_VERSION)
    for name in LIBRARIES:
        try:
            yield _row("system", name, version(name))
        except PackageNotFoundError:
            yield _row("system", name, "not installed", FAULT, "install pressclip again")


def _config(session: Session, workspace: Workspace) -> Iterator[Row]:
    """Each setting with where it comes from: an option, a variable, the workspace, the default."""
    from index.workspace.toml_reader import read_toml

    given = read_toml(workspace.root / FILE_NAME, [], name=FILE_NAME) or {}
    root = "-C" if session.directory else f"${VARIABLE}" if os.environ.get(VARIABLE) else "found"
    yield _row("config", "workspace", f"{workspace.root}  ({root})")
    for name, value in (
        ("contact", workspace.contact),
        ("delay", f"{workspace.delay:g} s"),
        ("min_free", f"{workspace.min_free:,.0f} MiB"),
        ("allow_private", str(workspace.allow_private).lower()),
        ("robots_forbidden", workspace.robots_forbidden),
    ):
        state = LOOK if name == "contact" and not value else OK
        remedy = "set contact in workspace.toml" if state == LOOK else ""
        yield _row("config", name, f"{value or 'none'}  ({_origin(name, given)})", state, remedy)
    zone = "--tz" if session.zone else _origin("tz", given)
    yield _row("config", "tz", f"{session.zone or workspace.zone or 'the machine'}  ({zone})")
    variable = next((name for name in _COLOR_VARIABLES if os.environ.get(name)), "")
    color = "--color" if session.color != "auto" else f"${variable}" if variable else "default"
    yield _row("config", "color", f"{session.color}  ({color})")
    for name in ("http_proxy", "https_proxy"):
        if os.environ.get(name) or os.environ.get(name.upper()):
            yield _row("config", name, "set  (environment)")


def _origin(key: str, given: Mapping[str, Any]) -> str:
    return FILE_NAME if key in given else "default"


def _extraction(workspace: Workspace) -> Iterator[Row]:
    """Articles whose text is most likely not theirs: boilerplate alone, or one notice for several."""
    from index.maintenance.repair import is_readable
    from index.store import Store

    if not workspace.database.exists() or is_readable(workspace):
        return
    with Store.open(workspace.database) as store:
        for fault in store.families.extraction_faults():
            value = f"{counted(len(fault.articles), 'article')}: {fault.reason}"
            remedy = f"pressclip show {fault.articles[0]}"
            yield _row("extraction", fault.outlet, value, LOOK, remedy)


def _meaning(workspace: Workspace) -> Iterator[Row]:
    """Whether the encoder is there and the one that is known, and how much was encoded."""
    from index.errors import UsageError
    from index.maintenance.repair import is_readable
    from index.meaning.encoder import EXTRA, LANGUAGES, MODEL, check_package, is_installed
    from index.store import Store

    if not is_installed():
        yield _row("meaning", "encoder", f"not installed: {EXTRA}")
        return
    try:
        check_package()
    except UsageError as error:
        yield _row("meaning", "encoder", error, LOOK, error.hint)
        return
    yield _row("meaning", "encoder", MODEL)
    if not workspace.database.exists() or is_readable(workspace):
        return
    with Store.open(workspace.database) as store:
        missing = len(store.encodings.missing(LANGUAGES))
        value = f"{counted(store.encodings.count(), 'article')} encoded, {missing:,} not yet"
        state, remedy = (LOOK, "pressclip replay --judge") if missing else (OK, "")
        yield _row("meaning", "articles", value, state, remedy)


def _data(workspace: Workspace) -> Iterator[Row]:
    from index.archive import Archive
    from index.maintenance.repair import holder_of, is_readable
    from index.maintenance.verify import verify

    yield _disk(workspace)
    if holder := holder_of(workspace.data / "lock"):
        yield _row("data", "lock", f"in use by another command (pid {holder})", LOOK)
    if not workspace.database.exists():
        archived = bool(Archive(workspace.archive_dir).names())
        state, remedy = (FAULT, "pressclip replay") if archived else (OK, "pressclip crawl")
        yield _row("data", "store", "none yet" if not archived else "missing", state, remedy)
        return
    if error := is_readable(workspace):
        yield _row("data", "store", error, FAULT, error.hint)
        return
    found = list(verify(workspace.database, workspace.archive_dir, workspace.index_dir))
    for one in found:
        state = FAULT if one.kind == "fault" else LOOK
        yield _row("data", one.part, one.what, state, one.remedy)
    if not found:
        yield _row("data", "archive, store, index", "agree")


def _disk(workspace: Workspace) -> Row:
    nearest = next(path for path in (workspace.data, workspace.root) if path.exists())
    free = shutil.disk_usage(nearest).free / 2**20
    if free < workspace.min_free:
        remedy = "free some space, or lower min_free in workspace.toml"
        return _row("data", "disk", f"{free:,.0f} MiB free, too little to crawl", FAULT, remedy)
    if not os.access(nearest, os.W_OK):
        return _row("data", "disk", f"{nearest} cannot be written: read-only", LOOK)
    return _row("data", "disk", f"{free:,.0f} MiB free")


def _robots(workspace: Workspace) -> Iterator[Row]:
    """What the store last knew of robots.txt and of failing sites; nothing is fetched."""
    from index.maintenance.repair import is_readable
    from index.store import Store

    if not Path(workspace.database).exists() or is_readable(workspace):
        return
    with Store.open(workspace.database) as store:
        origins, refused = store.hosts.count_robots()
        yield _row("robots", "robots.txt", f"{origins:,} read, {refused:,} missing")
        for site, host in store.hosts.failing().items():
            value = f"{host.outcome} in {counted(host.failures, 'run')}"
            yield _row("robots", site, value, LOOK, f"https://{site}/")
