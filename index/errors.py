"""Every error raised on purpose, one tree; each carries its exit code.

PressclipError
├── UsageError             wrong call, unknown name                      exit 2
│   ├── WorkspaceNotFound  no workspace.toml here or above
│   ├── ConfigError        one or more faults in the user's files
│   └── QuerySyntaxError   a query that cannot be read, with its column
├── StorageError           the disk would not do it                      exit 4
│   ├── ReadOnlyError      the workspace cannot be written
│   ├── DiskFullError      no space left
│   ├── ArchiveError       a WARC record that cannot be read
│   ├── StoreError         the database is damaged, or of a newer version
│   │   └── OlderStoreError  it has to be brought to this version first
│   └── IndexUnusable      the search index is missing or damaged
└── WorkspaceBusy          another command holds the workspace           exit 75
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class PressclipError(Exception):
    """Base of all: `str()` is one line for a person; `hint` says what to do."""

    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(PressclipError):
    """A command was called in a wrong way, or names something that does not exist."""

    exit_code = 2


class NoAnswer(UsageError):
    """A question cannot be answered: standard input is closed."""


class WorkspaceNotFound(UsageError):
    """No workspace.toml in the named folder or above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault in a user's file: which file, which key, what is wrong, what may be meant.

    `excerpt` is the text at fault, when showing it helps, and `column` the character in it, from 0.
    """

    file: str
    key: str
    message: str
    suggestion: str = ""
    excerpt: str = ""
    column: int = 0

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}: " if self.key else f"{self.file}: "
        tail = f" ({self.suggestion})" if self.suggestion else ""
        return f"{where}{self.message}{tail}"


class ConfigError(UsageError):
    """All faults of the user's files, found in one reading."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class QuerySyntaxError(UsageError):
    """A query that cannot be read: `column` counts characters from 0."""

    def __init__(self, message: str, *, query: str, column: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.query = query
        self.column = column


class MachineError(PressclipError):
    """The machine failed: nothing can go on before somebody looks at it."""


class WorkersError(MachineError):
    """Worker processes cannot be started, or end before they have read anything."""


class StorageError(MachineError):
    """The disk failed, or one of our files on it cannot be used."""


class ReadOnlyError(StorageError):
    """The workspace cannot be written."""


class DiskFullError(StorageError):
    """No space left on the workspace's disk."""


class ArchiveError(StorageError):
    """A WARC file or record that cannot be read."""


class StoreError(StorageError):
    """The database is damaged, or of another version than this program reads."""


class OlderStoreError(StoreError):
    """The database was written by an older version; the first writer brings it to this one."""


class IndexUnusable(StorageError):
    """The search index is missing, damaged or of another version."""


class WorkspaceBusy(PressclipError):
    """Another command holds the workspace; nothing was done."""

    exit_code = 75
