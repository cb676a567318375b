"""The sample content as it is beside this file: newsrooms, pieces and the words of their pages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from crawler.demo.newsroom import DemoEdit, DemoPiece, Newsroom, replace_passages, unwrap

HERE = Path(__file__).parent
FENCE = "+++"


@cache
def newsrooms() -> Mapping[str, Newsroom]:
    """The sample newsrooms by id."""
    tables = tomllib.loads((HERE / "newsrooms.toml").read_text("utf-8"))
    return MappingProxyType({name: Newsroom(id=name, **table) for name, table in tables.items()})


@cache
def pieces() -> Mapping[str, DemoPiece]:
    """The sample pieces by id, which is `newsroom/slug`; a reprint has its original's text."""
    files = dict(_read_files())
    originals = {name: _piece(name, table, text) for name, (table, text) in files.items() if text}
    reprints = {
        name: _reprint(name, table, originals) for name, (table, text) in files.items() if not text
    }
    return MappingProxyType(originals | reprints)


@cache
def _labels() -> Mapping[str, Mapping[str, Any]]:
    return MappingProxyType(tomllib.loads((HERE / "labels.toml").read_text("utf-8")))


def labels(language: str) -> Mapping[str, Any]:
    """The words around an article in a language; raises `KeyError` for one that has none."""
    known = _labels()
    return known.get(language) or known[language.partition("-")[0]]


def _read_files() -> Iterator[tuple[str, tuple[dict[str, Any], str]]]:
    for path in sorted((HERE / "articles").glob("*/*.md")):
        _, front, text = path.read_text("utf-8").split(f"{FENCE}\n", 2)
        yield f"{path.parent.name}/{path.stem}", (tomllib.loads(front), unwrap(text))


def _piece(name: str, table: dict[str, Any], text: str) -> DemoPiece:
    newsroom = name.partition("/")[0]
    several: dict[str, Any] = {key: tuple(table.pop(key, ())) for key in ("authors", "tags")}
    edits = tuple(_edit(edit) for edit in table.pop("edits", ()))
    return DemoPiece(id=name, newsroom=newsroom, text=text, edits=edits, **several, **table)


def _edit(table: dict[str, Any]) -> DemoEdit:
    passages = tuple((old, new) for old, new in table.pop("replace", ()))
    return DemoEdit(replace=passages, **table)


def _reprint(name: str, table: dict[str, Any], originals: Mapping[str, DemoPiece]) -> DemoPiece:
    """A reprint: the original's paragraphs but those dropped, with the house's own edits."""
    paragraphs = originals[table.pop("carries")].text.split("\n\n")
    dropped = table.pop("drop", ())
    kept = [one for number, one in enumerate(paragraphs, start=1) if number not in dropped]
    passages = [(old, new) for old, new in table.pop("replace", ())]
    text = replace_passages("\n\n".join(kept), passages)
    return _piece(name, table, "\n\n".join([*table.pop("lead", ()), text]))
