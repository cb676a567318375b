"""[backfill] of workspace.toml: where sources of past coverage are asked, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from index.workspace.toml_reader import TableReader, parse_http_url

Preference = Literal["live", "archive"]

SOURCES = (
    "gdelt", "gdelt-doc", "wayback", "cc-news", "common-crawl", "common-crawl-data", "memento",
    "wikipedia", "mediacloud",
)  # fmt: skip
MAX_PAUSE = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillSettings:
    """`prefer` the live page or a copy; base addresses by source; least seconds between requests;
    the numbers of the `collections` of Media Cloud to search in.

    A pause counts only for a source whose base address is the user's own: what the operators of the
    public ones state is kept to.
    """

    prefer: Preference = "live"
    bases: Mapping[str, str] = field(default_factory=dict)
    pauses: Mapping[str, float] = field(default_factory=dict)
    collections: tuple[str, ...] = ()


def read_backfill(reader: TableReader) -> BackfillSettings:
    """The settings of the table; what is wrong goes to the reader's faults."""
    prefer = cast(Preference, reader.choice("prefer", ("live", "archive"), "live"))
    sources = reader.table("sources")
    bases = {name: base for name in SOURCES if (base := sources.parsed(name, parse_base))}
    sources.finish()
    pause = reader.table("pause")
    pauses = {}
    for name in SOURCES:
        seconds = pause.number(name, low=0, high=MAX_PAUSE)
        if seconds is not None:
            pauses[name] = seconds
            if name not in bases:
                pause.fault(name, f"needs an address of your own for {name} in [backfill.sources]")
    pause.finish()
    collections = reader.parsed_list("collections", parse_collection)
    reader.finish()
    return BackfillSettings(prefer=prefer, bases=bases, pauses=pauses, collections=collections)


def parse_collection(text: str) -> str:
    """The number of a collection; raises `ValueError`."""
    if not text.isascii() or not text.isdigit():
        raise ValueError("is not the number of a collection")
    return text


def parse_base(text: str) -> str:
    """A base address, in which `{lang}` stands for a language; raises `ValueError`."""
    parse_http_url(text.replace("{lang}", "en"))
    return text
