"""Articles judged by several processes, which end with the one that asked them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WAITING = """
import os, signal, sys
from pathlib import Path

from index.relevance.batches import each_part
from index.store import StoreWriter

def work(cases):
    os.write(1, b"at work\\n")
    signal.pause()

if __name__ == "__main__":
    with StoreWriter.open(Path(sys.argv[1])) as store:
        ids = [f"{number:05}" for number in range(2000)]
        list(each_part(store, ids, work, workers=2))
"""


def test_its_processes_end_when_the_one_that_asked_them_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "waiting.py"
    script.write_text(WAITING, "utf-8")
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "pressclip.db")], stdout=subprocess.PIPE
    ) as asking:
        assert asking.stdout is not None
        assert [asking.stdout.readline() for _ in range(2)] == [b"at work\n"] * 2
        asking.kill()
        assert asking.stdout.read() == b""  # the end comes when the last of them has let go of it
