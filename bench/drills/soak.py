"""Weeks of scheduled crawls, struck again and again, against the same weeks undisturbed.

    python -m bench.drills.soak [--visits 130] [--strikes 3] [--seed 1]

A desk crawls made-up outlets twice a day (130 visits are two months); the clock of every crawl is moved
to its visit. At each visit a few crawls are struck: killed while they fetch, while they write, while
they settle and index, or at any moment; suspended; left without a disk that takes more; or the user
saves other files meanwhile. After each strike `verify` must find no damage, a search must answer, and
what the store had acknowledged must still be there. Then the visit is let finish. At the end the desk
must hold the same articles, versions and verdicts as the undisturbed one, no page twice, nothing waiting.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.drills.crash import Score, count_duplicates, inspect
from bench.drills.crash_works import LIMIT, ROOT, crawl_differences
from bench.drills.faults import build_shim
from bench.made_up.weeks import Weeks, make_weeks
from crawler.demo.serving import ServedSite, serve

# `pressclip` with its clock moved; with a number, the n-th write below the folder fails for lack of room,
# and all after it (bench/drills/failing_disk.c).
PROGRAM = """
import ctypes, errno, os, sys, time_machine
moment, nth = float(sys.argv[1]), int(sys.argv[2])
time_machine.travel(moment, tick=True).start()
if nth:
    ctypes.CDLL(None).fault_arm(ctypes.c_long(nth), errno.ENOSPC, 1, os.fsencode(os.getcwd()))
from search_cli.main import run
sys.exit(run(sys.argv[3:]))
"""
# Where a crawl is when it is killed: the sign of it, a file that has just been written.
MOMENTS = {
    "any moment": "data/lock",
    "writing": "data/archive/**/*.open",
    "storing": "data/pressclip.db-wal",
    "indexing": "data/index/*",
}
KINDS = (*MOMENTS, "suspended", "full disk", "files edited")
FINISHED = (0, 3, 4)  # an outlet was down, or all
WRITES = 150  # of a crawl below the desk's folder, about
LONGEST, AFTER_SIGN = 2.0, 0.3  # seconds until a strike


@dataclass(slots=True)
class Desk:
    """A desk under the drill: where it is, what it crawls, and how."""

    root: Path
    weeks: Weeks
    served: ServedSite
    shim: Path | None
    visit: int = 0

    def begin(self, visit: int) -> None:
        """Come to a visit: the outlets and the user's files are as they are then."""
        self.visit = visit
        self.served.switch(visit)
        self.weeks.write_files(self.root, visit)

    def start(self, *, nth: int = 0) -> subprocess.Popen[bytes]:
        """A crawl at the moment of the visit; its disk is full from the `nth` write on."""
        around = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "http_proxy": self.served.ports.proxy_url,
            "no_proxy": "",
        }
        if nth:
            around["LD_PRELOAD"] = str(self.shim)
        moment = str(self.weeks.moment(self.visit).timestamp())
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, moment, str(nth), "crawl", "-j", "1"],
            cwd=self.root, env=around, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def finish(self) -> None:
        """Crawl to the end of the visit; ends the drill where that fails."""
        process = self.start()
        said = _said(process)
        if process.returncode not in FINISHED:
            raise SystemExit(f"visit {self.visit}: exit {process.returncode}\n{said}")


@dataclass(slots=True)
class Tally:
    """What became of the strikes: how many of each kind, and what they left."""

    hits: Counter[str] = field(default_factory=Counter)
    score: Score = field(default_factory=Score)


def main(argv: list[str] | None = None) -> int:
    """Run both desks through the weeks and print the table; 1 when anything differs or was lost."""
    options = _options().parse_args(argv)
    weeks = make_weeks(visits=options.visits, articles=max(6, options.visits // 3))
    tally, started = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        calm, struck = Path(folder) / "calm", Path(folder) / "struck"
        with _desk(calm, weeks, None) as desk:
            for visit in range(1, options.visits + 1):
                desk.begin(visit)
                desk.finish()
        with _desk(struck, weeks, build_shim(Path(folder))) as desk:
            rng, acknowledged = random.Random(options.seed), set[str]()
            for visit in range(1, options.visits + 1):
                desk.begin(visit)
                for _ in range(options.strikes):
                    strike(desk, rng, tally)
                    tally.score.faults += [
                        f"visit {visit}: {fault}"
                        for fault in inspect(struck, acknowledged, tally.score, frozenset())
                    ]
                desk.finish()
        faults = crawl_differences(struck, reference=calm)
        tally.score.duplicates = count_duplicates(struck) - count_duplicates(calm)
    _tell(tally, faults, options, time.monotonic() - started)
    return int(bool(faults or tally.score.faults or tally.score.lost or tally.score.duplicates))


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--visits", type=int, default=130, help="crawls of a desk [default: 130]")
    parser.add_argument("--strikes", type=int, default=3, help="at each visit [default: 3]")
    parser.add_argument("--seed", type=int, default=1)
    return parser


@contextlib.contextmanager
def _desk(root: Path, weeks: Weeks, shim: Path | None) -> Iterator[Desk]:
    root.mkdir()
    with serve(weeks.site) as served:
        yield Desk(root, weeks, served, shim)


def strike(desk: Desk, rng: random.Random, tally: Tally) -> None:
    """One crawl, disturbed in a way that is drawn; it may have ended before."""
    kinds = [kind for kind in KINDS if desk.shim or kind != "full disk"]
    kind = rng.choice(kinds)
    if kind == "full disk":
        process = desk.start(nth=rng.randint(1, WRITES))
        hit = "no space left" in _said(process)
    else:
        begun = time.time_ns()
        process = desk.start()
        _wait_for(process, desk.root, MOMENTS.get(kind, "data/lock"), begun)
        time.sleep(rng.uniform(0, LONGEST if kind == "any moment" else AFTER_SIGN))
        hit = process.poll() is None
        _DISTURB.get(kind, _kill)(process, desk, rng)
    tally.hits[kind] += hit
    tally.score.strikes += hit
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # workers that outlived their parent


def _kill(process: subprocess.Popen[bytes], _desk: Desk, rng: random.Random) -> None:
    """At once; every other time with its workers."""
    if rng.random() < 0.5:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    _said(process)


def _suspend(process: subprocess.Popen[bytes], _desk: Desk, rng: random.Random) -> None:
    """All of its processes for a moment, as a laptop does whose lid is shut."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGSTOP)
        time.sleep(rng.uniform(0.2, 1.0))
        os.killpg(process.pid, signal.SIGCONT)
    _expect_finished(process)


def _edit_files(process: subprocess.Popen[bytes], desk: Desk, rng: random.Random) -> None:
    """The user saves the files of another day, and then those of today."""
    desk.weeks.write_files(desk.root, rng.randint(1, desk.weeks.visits))
    _expect_finished(process)
    desk.weeks.write_files(desk.root, desk.visit)


_DISTURB: Mapping[str, Callable[[subprocess.Popen[bytes], Desk, random.Random], None]] = {
    "suspended": _suspend,
    "files edited": _edit_files,
}


def _expect_finished(process: subprocess.Popen[bytes]) -> None:
    said = _said(process)
    if process.returncode not in FINISHED:
        raise SystemExit(f"a crawl that was only disturbed ended with {process.returncode}\n{said}")


def _said(process: subprocess.Popen[bytes]) -> str:
    """What it said until its end; ends the drill where that is a traceback."""
    said = process.communicate(timeout=LIMIT)[1].decode(errors="replace")
    if "Traceback" in said:
        raise SystemExit(said)
    return said


def _wait_for(process: subprocess.Popen[bytes], root: Path, pattern: str, since: int) -> None:
    """Until a file of the pattern has been written, or the process has ended."""
    while process.poll() is None:
        with contextlib.suppress(FileNotFoundError):
            if any(path.stat().st_mtime_ns >= since for path in root.glob(pattern)):
                return
        time.sleep(0.002)


def _tell(tally: Tally, faults: list[str], options: argparse.Namespace, seconds: float) -> None:
    for kind in KINDS:
        print(f"{kind:<14}{tally.hits[kind]:>6}")
    score = tally.score
    print(
        f"{options.visits} visits, {score.strikes} strikes, {score.unfinished} left work;"
        f" lost {score.lost}, twice {score.duplicates}, faults {len(score.faults)},"
        f" differences from undisturbed {len(faults)}; seed {options.seed}, {seconds:.0f} s"
    )
    for fault in [*score.faults, *faults][:20]:
        print(f"FAULT {fault}")


if __name__ == "__main__":
    sys.exit(main())
