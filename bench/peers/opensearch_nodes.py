"""OpenSearch nodes on loopback, for tests, drills and benches: started here, stopped by their own id.

Where it is installed says $PRESSCLIP_TEST_OPENSEARCH, or else it is `.ci/opensearch/home`, which
`.ci/opensearch/install` makes. A node takes some 800 MB and 10 to 30 seconds to start.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

VARIABLE = "PRESSCLIP_TEST_OPENSEARCH"
HOME = Path(__file__).resolve().parents[2] / ".ci" / "opensearch" / "home"
ABSENT = "OpenSearch is not installed; .ci/opensearch/install installs it"
_STARTED = 120.0  # seconds
_NOBODY, _NOGROUP = 65534, 65534


def find_home() -> Path | None:
    """The folder of an installed OpenSearch; None if there is none, or no Java."""
    home = Path(os.environ.get(VARIABLE) or HOME)
    return home if (home / "lib").is_dir() and shutil.which("java") else None


@dataclass(slots=True)
class Node:
    """One node: its folder, its ports, and its process while it runs."""

    home: Path
    folder: Path
    name: str
    port: int
    transport: int
    heap: str
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def configure(self, nodes: Sequence[Node]) -> None:
        """Write the settings of a node of a cluster of these."""
        seeds = json.dumps([f"127.0.0.1:{node.transport}" for node in nodes])
        names = json.dumps([node.name for node in nodes])
        (self.folder / "config").mkdir(parents=True)
        for name in ("data", "logs", "tmp"):
            (self.folder / name).mkdir()
        shutil.copy(self.home / "log4j2.properties", self.folder / "config")
        (self.folder / "config" / "opensearch.yml").write_text(
            f"cluster.name: pressclip-test\nnode.name: {self.name}\n"
            f"path.data: {self.folder}/data\npath.logs: {self.folder}/logs\n"
            f"network.host: 127.0.0.1\nhttp.port: {self.port}\ntransport.port: {self.transport}\n"
            f"discovery.seed_hosts: {seeds}\ncluster.initial_cluster_manager_nodes: {names}\n"
            "cluster.routing.allocation.disk.threshold_enabled: false\n"
        )
        if os.getuid() == 0:  # it refuses to run as root
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, _NOBODY, _NOGROUP)

    def start(self) -> None:
        """Start the process; `wait` tells when it answers."""
        options = [
            f"-Xms{self.heap}", f"-Xmx{self.heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Djava.security.manager=allow",
            f"-Djava.io.tmpdir={self.folder}/tmp", f"-Djna.tmpdir={self.folder}/tmp",
            "-Dfile.encoding=UTF-8", "-Dlog4j2.disable.jmx=true", "-Dio.netty.noUnsafe=true",
            "-Dio.netty.noKeySetOptimization=true", f"-Dopensearch.path.home={self.home}",
            f"-Dopensearch.path.conf={self.folder}/config", "-Dopensearch.distribution.type=tar",
            "-Dopensearch.bundled_jdk=false", "-cp", f"{self.home}/lib/*",
        ]  # fmt: skip
        java = [shutil.which("java") or "java", *options, "org.opensearch.bootstrap.OpenSearch"]
        other = {"user": _NOBODY, "group": _NOGROUP, "extra_groups": ()} if os.getuid() == 0 else {}
        with (self.folder.parent / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                java, stdout=log, stderr=log, cwd=self.folder, env={"PATH": os.environ["PATH"]},
                **other,  # type: ignore[call-overload]
            )  # fmt: skip

    def ask(self, path: str) -> Any:
        """What the node answers to a GET; None if it does not."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def kill(self) -> None:
        """Kill it as a power cut does, and wait until it is gone."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def run_nodes(count: int = 1, *, heap: str = "512m") -> Iterator[list[Node]]:
    """A cluster of that many nodes, which answers; they are gone at the end, with what they held.

    Raises `RuntimeError` if it does not come up, `FileNotFoundError` if it is not installed.
    """
    home = find_home()
    if home is None:
        raise FileNotFoundError(ABSENT)
    root = Path(tempfile.mkdtemp(prefix="opensearch-"))
    root.chmod(0o755)
    try:
        home = _readable(home, root)
        ports = iter(_free_ports(2 * count))
        nodes = [
            Node(home, root / f"node{number}", f"node{number}", next(ports), next(ports), heap)
            for number in range(1, count + 1)
        ]
        for node in nodes:
            node.configure(nodes)
            node.start()
        try:
            wait_for(nodes)
            yield nodes
        finally:
            for node in nodes:
                node.kill()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def wait_for(nodes: Sequence[Node], *, seconds: float = _STARTED, status: str = "yellow") -> None:
    """Wait until all nodes have found each other and the cluster is at least so well."""
    end = time.monotonic() + seconds
    asked = f"/_cluster/health?wait_for_status={status}&wait_for_nodes={len(nodes)}&timeout=5s"
    while time.monotonic() < end:
        for node in nodes:
            if node.process is None or node.process.poll() is not None:
                log = (node.folder.parent / f"{node.name}.log").read_text(errors="replace")
                raise RuntimeError(f"{node.name} ended:\n{log[-2000:]}")
        answer = nodes[0].ask(asked)
        if answer and answer.get("timed_out") is False:
            return
        time.sleep(0.3)
    raise RuntimeError(f"the cluster is not {status} after {seconds:g} seconds")


def _readable(home: Path, root: Path) -> Path:
    """The home, or a copy of it where the user who runs the nodes cannot read it."""
    if os.getuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in home.parents):
        return home
    return Path(shutil.copytree(home, root / "home"))


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
