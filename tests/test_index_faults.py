"""A disk that is full, broken or read-only at any call: a clean stop, nothing lost, all well afterwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(
    shutil.which("cc") is None or not sys.platform.startswith("linux"),
    reason="the shim between us and the disk needs Linux and a C compiler",
)
def test_a_disk_that_fails_at_any_call_costs_nothing_that_was_acknowledged() -> None:
    """Every 67th call of each work; bench/drills/faults.py alone does them all."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.drills.faults", "--every", "67"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    in_all = done.stdout.splitlines()[-2].split()
    assert in_all[:2] == ["in", "all"]
    assert int(in_all[2]) > 50
    assert in_all[-1] == "0"
