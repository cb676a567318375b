"""What an import is asked for, and how far it is: values only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from index.archive.containers import Place, Wanted
from index.archive.containers.values import OTHER_HOST, OTHER_TIME, everything

# What `--warc` takes beside the files named by it: the shell's other matches of a pattern.
SUFFIXES = (
    ".warc", ".warc.gz", ".warc.zst", ".warc.gz.open", ".arc", ".arc.gz", ".wacz",
    ".mhtml", ".mht", ".html", ".htm",
)  # fmt: skip
_NOT_RESUMED = (".zst", ".wacz")  # a dictionary, or the index at the end, is needed to go on
SOUGHT = (
    ".wacz",
    ".warc",
    ".arc",
)  # read by ranges: an index is at the end, or blocks lie plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportScope:
    """Which records of the files are read: those of an outlet, those captured since a moment; all.

    `indexes` are files or addresses that tell where in the files records lie.
    """

    outlet: str = ""
    since: datetime | None = None
    indexes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """It in a few words, to be told from others."""
        return f"{self.outlet} {self.since or ''}".strip()

    def wanted(self, outlet_of: Callable[[str], str]) -> Wanted:
        """Why a record is passed over unread, by its address and time; empty for none."""
        if not (self.outlet or self.since):
            return everything

        def reason(url: str, moment: datetime | None) -> str:
            if self.since is not None and moment is not None and moment < self.since:
                return OTHER_TIME
            return OTHER_HOST if self.outlet and outlet_of(url) != self.outlet else ""

        return reason


@dataclass(slots=True, kw_only=True)
class OpenFile:
    """The file that is read: its name or address, the byte where reading began, how far it is.

    `validator` tells what the server of an address calls the state of the file.
    """

    name: str
    start: int = 0
    validator: Callable[[], str] = str
    place: Place = field(default_factory=Place)

    @property
    def at(self) -> int:
        """The byte before which all was taken."""
        return self.start + self.place.offset

    @property
    def is_resumed(self) -> bool:
        """Whether a later run can go on from there."""
        return is_address(self.name) and not self.name.lower().endswith(_NOT_RESUMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProgress:
    """How far an import is after that many seconds: pages, bytes of files on the disk, done and in all."""

    seconds: float
    done: int
    size: int
    pages: int


def is_address(name: str) -> bool:
    """Whether what was named is an archive of the web, and no file."""
    return name.lower().startswith(("http://", "https://"))


def size_of(name: str) -> int:
    """The bytes of a file on the disk; 0 for what is none."""
    try:
        return 0 if is_address(name) else Path(name).stat().st_size
    except OSError:
        return 0
