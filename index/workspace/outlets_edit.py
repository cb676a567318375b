"""outlets.toml changed by a program: outlets added and renewed, collections joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from index.workspace.outlets import FILE_NAME, Outlet, outlet_values
from index.workspace.toml_editor import TomlText, edit_toml


def write_outlets(
    path: Path,
    outlets: Iterable[Outlet] = (),
    *,
    collections: Mapping[str, Iterable[str]] | None = None,
) -> None:
    """Add outlets to the file, or renew those keys that differ of the ones that are there.

    Comments, order and untouched keys survive. `collections` are the ids that join a collection,
    by its name. Raises `ConfigError`, `UsageError` or `StorageError`; the file is then as it was.
    """

    def change(text: TomlText) -> None:
        _put_outlets(text, outlets)
        if collections:
            _join(text, collections)

    edit_toml(path, change, name=FILE_NAME)


def repair_lists(path: Path, repairs: Mapping[str, Iterable[tuple[str, str, str]]]) -> None:
    """Change single addresses in the lists of outlets, by outlet id: (key, old, new).

    An empty `new` takes `old` out, an empty `old` puts `new` last. All else stays byte for byte, also
    the comments between the addresses. Raises `ConfigError`, `UsageError` or `StorageError`.
    """

    def change(text: TomlText) -> None:
        for place in text.places("outlet"):
            if wanted := repairs.get(_id_of(text, place)):
                text.change(place, partial(_repair, repairs=list(wanted)))

    edit_toml(path, change, name=FILE_NAME)


def _repair(table: Any, repairs: Iterable[tuple[str, str, str]]) -> None:
    import tomlkit

    for key, old, new in repairs:
        if key not in table:
            table[key] = tomlkit.array()
        urls = table[key]
        if not old:
            urls.append(new)
        elif new:
            urls[urls.index(old)] = new
        else:
            del urls[urls.index(old)]
        if not urls:
            del table[key]


def _put_outlets(text: TomlText, outlets: Iterable[Outlet]) -> None:
    places = text.places("outlet")
    present = {_id_of(text, place): place for place in places}
    end = places[-1] if places else None
    for outlet in outlets:
        values = outlet_values(outlet)
        if outlet.id in present:
            text.change(present[outlet.id], partial(_renew, values=values))
        else:
            text.add("[[outlet]]", values, after=end)
            end = end + 1 if end is not None else None


def _id_of(text: TomlText, place: int) -> str:
    import tomllib

    (table,) = tomllib.loads(text.tables[place])["outlet"]
    return str(table.get("id", ""))


def _renew(table: Any, values: Mapping[str, Any]) -> None:
    """Set the keys whose value changed; an untouched key keeps its layout and its comment."""
    for key, value in values.items():
        if table.get(key) != value:
            table[key] = value


def _join(text: TomlText, collections: Mapping[str, Iterable[str]]) -> None:
    places = text.places("collections")
    if not places:
        text.add("[collections]", {})
        places = text.places("collections")
    text.change(places[0], lambda table: _add_members(table, collections))


def _add_members(table: Any, collections: Mapping[str, Iterable[str]]) -> None:
    import tomlkit

    for name, ids in collections.items():
        if name not in table:
            table[name] = tomlkit.array()
        members = table[name]
        for outlet_id in ids:
            if outlet_id not in members:
                members.append(outlet_id)
