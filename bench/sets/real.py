"""Real data beside the project: others wrote it, so it is never part of the project."""

from __future__ import annotations

from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
EXTRACTION = SHARED / "extraction"
FEED_ITEMS = SHARED / "balloon"


def is_here(folder: Path) -> bool:
    """Whether a folder of real data is there; where it is not, say that the measurement is skipped."""
    if not folder.is_dir():
        print(f"skipped: no {folder}")
    return folder.is_dir()
