"""A PostgreSQL of one's own on 127.0.0.1: made, started, killed, stopped by its process id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

USER = "clipper"
PASSWORD = "p@ss:w/rd"
ESCAPED = "p%40ss%3Aw%2Frd"


def find_program(name: str) -> Path | None:
    """PostgreSQL's program, from the PATH or where Debian puts it."""
    if found := shutil.which(name):
        return Path(found)
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder / name for folder in folders if (folder / name).exists()), None)


def why_not() -> str:
    """Why no PostgreSQL can be started here; empty if one can."""
    for name in ("procrastinate", "psycopg"):
        try:
            __import__(name)
        except ImportError:
            return f"{name} is not installed"
    if not (find_program("initdb") and find_program("postgres")):
        return "PostgreSQL is not installed"
    if os.getuid() == 0 and not (shutil.which("setpriv") and _unprivileged()):
        return "PostgreSQL refuses root, and there is no other user to be"
    return ""


@dataclass(slots=True)
class Database:
    """A running PostgreSQL: its folder, its port on 127.0.0.1, its process."""

    folder: Path
    port: int
    durable: bool
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """With its password, which no output may show."""
        return f"postgresql://{USER}:{ESCAPED}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        import psycopg

        program = find_program("postgres")
        assert program is not None
        quick = ["-c", "fsync=off", "-c", "synchronous_commit=off"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
            [
                *_as_other(), str(program), "-D", str(self.folder / "data"), "-p", str(self.port),
                "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}",
                *([] if self.durable else quick),
            ],
            stdout=subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()[-2000:]) from None
                time.sleep(0.05)

    def kill(self) -> None:
        """Kill it and what it started, as a power cut would end them; its files stay."""
        assert self.process is not None
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop it in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Database]:
    """A PostgreSQL in a folder of its own; `durable` with fsync, as it is used for real.

    Raises `LookupError` if none can be started.
    """
    if reason := why_not():
        raise LookupError(reason)
    folder = Path(tempfile.mkdtemp(prefix="pressclip-postgres-"))
    database = Database(folder=folder, port=_free_port(), durable=durable)
    try:
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if other := _unprivileged():
            os.chown(folder, other.pw_uid, other.pw_gid)
            os.chown(secret, other.pw_uid, other.pw_gid)
        subprocess.run(
            [
                *_as_other(), str(find_program("initdb")), "-D", str(folder / "data"), "-U", USER,
                "-A", "scram-sha-256", "--pwfile", str(secret), "--no-sync", "-E", "UTF8", "--locale=C",
            ],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        database.start()
        yield database
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """Who PostgreSQL runs as where we are root; None where we are not."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def _as_other() -> list[str]:
    other = _unprivileged()
    if other is None:
        return []
    ids = [f"--reuid={other.pw_uid}", f"--regid={other.pw_gid}"]
    # With no program for it where setpriv ends up: it becomes the server, with the same process id.
    return ["setpriv", *ids, "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
