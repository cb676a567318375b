"""What the pages of studies have in common: the options of their forms, and what a study found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from index.errors import UsageError

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.workspace import Workspace
    from search_cli.output.pictures import Picture
    from search_cli.output.render import Column, Row
    from search_cli.serve.asked import Asked

LONGEST = 500  # characters of a text in a form
SHOWN = 100  # rows of a table on a page; the export has all
CSV_NOTE = "the export has all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A field of a study's form; in an address it is under its key, unless it is the default.

    `values` are those of a choice, each with its name; a number lies from `low` to `high`.
    """

    key: str
    label: str
    kind: Literal["text", "choice", "number", "tick"] = "text"
    values: tuple[tuple[str, str], ...] = ()
    default: str = ""
    low: int = 1
    high: int = 1000
    example: str = ""

    def read(self, text: str) -> str:
        """The value that an address gives; raises `UsageError` for what is none."""
        value = text.strip()
        if not value:
            return self.default
        if len(value) > LONGEST:
            raise UsageError(f"{self.label}: at most {LONGEST} characters")
        if self.kind == "choice" and value not in dict(self.values):
            known = ", ".join(name for name, _ in self.values if name)
            raise UsageError(f"{self.label}: no such choice: {value}", hint=f"one of: {known}")
        if self.kind == "number" and not (
            value.isascii()
            and value.isdigit()
            and len(value) < 9
            and self.low <= int(value) <= self.high
        ):
            raise UsageError(
                f"{self.label}: no such number: {value}", hint=f"from {self.low} to {self.high}"
            )
        return "1" if self.kind == "tick" else value


def choices(*names: str) -> tuple[tuple[str, str], ...]:
    """A choice's values that are called as they are."""
    return tuple((name, name) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What a study found: rows for a person, each in a table under a heading, and all for a program.

    `arguments` are those of the command line that finds the same, `before` what is there before
    the query. `nothing` says why there are no rows. `parts` are what a page of its own shows.
    """

    fields: Sequence[str]
    records: Iterable[Row] = ()
    told: str = ""
    columns: tuple[Column, ...] = ()
    tables: tuple[tuple[str, Sequence[Row], int], ...] = ()
    nothing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    parts: Mapping[str, Any] = field(default_factory=dict)
    picture: Callable[[], Picture] | None = None


Values = Mapping[str, str]
Gather = Callable[["Workspace", "Corpus", "Asked", Values], Study]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A study as a page: its name in the tabs, what it answers, its form, how it is gathered.

    `is_kept` says that its records are few enough to be kept for the picture and the export.
    """

    name: str
    about: str
    options: tuple[Option, ...]
    gather: Gather
    template: str = "study.html"
    is_kept: bool = True

    def read(self, given: Sequence[tuple[str, str]]) -> dict[str, str]:
        """The value of each option in an address; raises `UsageError`."""
        last = dict(given)
        return {option.key: option.read(last.get(option.key, "")) for option in self.options}

    def changed(self, values: Values) -> dict[str, str]:
        """The values that an address must say, as they are not the default."""
        return {
            option.key: values[option.key]
            for option in self.options
            if values[option.key] != option.default and option.key != "all"
        }
