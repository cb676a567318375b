"""The lock of a workspace: one holder, named to all others, and a disk that takes no lock."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.errors import StorageError, WorkspaceBusy
from index.workspace.lock import hold


def test_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "lock"
    with hold(path), pytest.raises(WorkspaceBusy, match=f"pid {os.getpid()}"), hold(path):
        raise AssertionError("both hold it")
    with hold(path):
        assert path.read_text("ascii") == str(os.getpid())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_a_disk_that_takes_no_lock_is_told() -> None:
    with pytest.raises(StorageError, match=r"^/dev/full: "), hold(Path("/dev/full")):
        raise AssertionError("it is held")
