"""The files of a bucket, cut from its hub's: its outlets, the stories that read any of them, all settings."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.files import storage_errors, write_atomic
from index.workspace import FILE_NAME, Workspace
from index.workspace.outlets import FILE_NAME as OUTLETS_FILE
from index.workspace.outlets import Outlet, Outlets, outlet_values
from index.workspace.story import FOLDER
from index.workspace.toml_editor import TomlText, table_name


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFiles:
    """What is in a hub's own files, read once for all of its buckets.

    `tables` are the tables of outlets.toml by outlet as they are written; `beside` are further files that
    the settings name, by their name.
    """

    settings: str
    outlets: Outlets
    tables: Mapping[str, str]
    stories: Mapping[str, str]
    beside: Mapping[str, bytes]

    @classmethod
    def read(cls, hub: Workspace) -> HubFiles:
        """Read them; raises `ConfigError` for files with a fault, `StorageError` children."""
        hub.stories()
        with storage_errors(hub.root):
            text = hub.outlets_file.read_text("utf-8") if hub.outlets_file.exists() else ""
            names = [name for name in (hub.evidence.roots, "scrapy.cfg") if name]
            return cls(
                settings=(hub.root / FILE_NAME).read_text("utf-8"),
                outlets=hub.outlets(),
                tables=_tables_by_outlet(text),
                stories={path.name: path.read_text("utf-8") for path in hub.story_files()},
                beside={
                    name: (hub.root / name).read_bytes()
                    for name in map(str, names)
                    if not Path(name).is_absolute() and (hub.root / name).is_file()
                },
            )


def put_files(
    files: HubFiles,
    bucket: Workspace,
    ids: Collection[str],
    own: Iterable[Outlet],
    is_here: Callable[[str], bool],
) -> tuple[str, ...]:
    """Write the files of a bucket that has these outlets of the hub, and outlets of its `own`.

    `is_here` says of an address whether its site is the bucket's. Returns the names of stories that are
    there and not at the hub; they are left. Raises `StorageError` children.
    """
    texts = {
        FILE_NAME: cut_settings(files.settings),
        OUTLETS_FILE: cut_outlets(files, ids, own),
    }
    here = {*ids, *(one.id for one in own)}
    stories = {name: cut_story(text, here, is_here) for name, text in files.stories.items()}
    texts |= {f"{FOLDER}/{name}": text for name, text in stories.items() if text is not None}
    with storage_errors(bucket.root):
        bucket.stories_dir.mkdir(parents=True, exist_ok=True)
        for name, data in files.beside.items():
            target = bucket.root / name
            if not target.exists() or target.read_bytes() != data:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        for path in bucket.story_files():
            if stories.get(path.name, "") is None:  # it reads none of these outlets any more
                path.unlink()
        for name, text in texts.items():
            if not _says(bucket.root / name, text):
                write_atomic(bucket.root / name, text)
        return tuple(path.stem for path in bucket.story_files() if path.name not in stories)


def cut_settings(text: str) -> str:
    """workspace.toml without `[search]`: the index in a cluster is the hub's, which has all."""
    if "search" not in tomllib.loads(text.replace("\r\n", "\n")):
        return text
    import tomlkit

    document = tomlkit.parse(text)
    del document["search"]
    return tomlkit.dumps(document)


def cut_outlets(files: HubFiles, ids: Collection[str], own: Iterable[Outlet] = ()) -> str:
    """outlets.toml with these outlets only, each as the hub has it; collections keep their names."""
    text = TomlText("")
    for outlet in files.outlets:
        if outlet.id not in ids:
            continue
        if outlet.id in files.tables:
            text.tables.append(files.tables[outlet.id].rstrip() + "\n\n")
        else:
            text.add("[[outlet]]", outlet_values(outlet))
    own = tuple(own)
    for outlet in own:
        text.add("[[outlet]]", outlet_values(outlet))
    if files.outlets.collections:
        here = {*ids, *(one.id for one in own)}
        members = {
            name: [one for one in wanted if one in here]
            for name, wanted in files.outlets.collections.items()
        }
        text.add("[collections]", members)
    return str(text)


def cut_story(text: str, ids: Collection[str], is_here: Callable[[str], bool]) -> str | None:
    """A story's file for a bucket with these outlets; None if it reads none of them.

    GDELT's list is left out: what it names is at outlets of no bucket, and two buckets would ask them.
    """
    said = tomllib.loads(text.replace("\r\n", "\n"))
    choice = _choice(said.get("outlets", {}), ids)
    if choice is None:
        return None
    discover = said.get("discover", {})
    seeds = discover.get("seeds", [])
    changes: dict[str, dict[str, Any]] = {"outlets": choice, "discover": {}}
    if discover.get("gdelt"):
        changes["discover"]["gdelt"] = False
    if kept := [one for one in seeds if not is_here(one)]:
        changes["discover"]["seeds"] = [one for one in seeds if one not in kept]
    foreign = [name for name in discover.get("sections", {}) if name not in ids]
    if not (foreign or any(changes.values())):
        return text
    import tomlkit

    document: Any = tomlkit.parse(text)
    for table, values in changes.items():
        for key, value in values.items():
            document[table][key] = value
    for name in foreign:
        del document["discover"]["sections"][name]
    return tomlkit.dumps(document)


def _choice(said: Mapping[str, list[str]], ids: Collection[str]) -> dict[str, list[str]] | None:
    """The lists of `[outlets]` that are others in a bucket; None if the story reads nothing there."""
    lists = {key: list(said.get(key, [])) for key in ("use", "add", "drop")}
    here = {
        key: [one for one in names if one in ids or one.startswith("@")]
        for key, names in lists.items()
    }
    if lists["use"] and not here["use"]:  # without `use` it would read all outlets
        if not here["add"]:
            return None
        here["use"], here["add"] = here["add"], []
    return {key: names for key, names in here.items() if names != lists[key]}


def _tables_by_outlet(text: str) -> dict[str, str]:
    """The text of each `[[outlet]]` table by its id; what is laid out in another way is not in it."""
    found = {}
    for table in TomlText(text).tables:
        if table_name(table) == "outlet":
            with suppress(tomllib.TOMLDecodeError, LookupError, TypeError):
                (outlet,) = tomllib.loads(table.replace("\r\n", "\n"))["outlet"]
                found[str(outlet["id"])] = table
    return found


def _says(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text
