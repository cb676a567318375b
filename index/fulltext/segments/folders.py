"""Where the index is: one numbered folder inside the index's folder, the highest one counts.

A rebuild fills a draft beside it and renames it to the next number, so a search finds the old index
or the new one, whole, at any moment.
"""

from __future__ import annotations

import re
from pathlib import Path

from index.fulltext.segments.toc import sync_folder

_FOLDER = re.compile(r"v(\d+)-(\d{6,})")


def current_folder(index_dir: Path, version: int) -> Path | None:
    """The folder of the index in that format; None when there is none. Raises `OSError`."""
    numbered = _numbered(index_dir)
    return max(
        (folder for folder, (written, _) in numbered.items() if written == version),
        key=numbered.__getitem__,
        default=None,
    )


def other_format(index_dir: Path, version: int) -> int | None:
    """The newest other format that is there; None when there is none. Raises `OSError`."""
    found = {written for written, _ in _numbered(index_dir).values()} - {version}
    return max(found, default=None)


def draft_folder(index_dir: Path, version: int) -> Path:
    """Where an index of that format is built before it counts."""
    return index_dir / f"draft-v{version}"


def publish(draft: Path, index_dir: Path, version: int) -> Path:
    """Make the draft the index, with one rename; returns its folder. Raises `OSError`."""
    taken = [number for _, number in _numbered(index_dir).values()]
    folder = index_dir / f"v{version}-{max(taken, default=0) + 1:06}"
    draft.rename(folder)
    sync_folder(index_dir)
    return folder


def remove_others(index_dir: Path, folder: Path) -> None:
    """Delete all older indexes and drafts; a reader that has one open keeps it."""
    for entry in index_dir.iterdir():
        if entry != folder and (_FOLDER.fullmatch(entry.name) or entry.name.startswith("draft-v")):
            from shutil import rmtree  # brings every compressor: a reader deletes nothing

            rmtree(entry, ignore_errors=True)


def _numbered(index_dir: Path) -> dict[Path, tuple[int, int]]:
    """Format and number of each index in the folder."""
    found = {}
    for entry in index_dir.iterdir() if index_dir.is_dir() else ():
        if named := _FOLDER.fullmatch(entry.name):
            found[entry] = int(named[1]), int(named[2])
    return found
