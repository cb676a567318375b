"""The project's root is a Scrapy project: its spiders are listed there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_spiders_are_listed_at_the_root() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (listed.returncode, listed.stdout.split()) == (0, ["backfill", "coverage", "urls"]), (
        listed.stderr
    )
