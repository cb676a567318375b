"""Kill pressclip at random moments, look at what is left, let it finish, compare with an undisturbed run.

    python -m bench.drills.crash [--strikes N] [--seed S] [--only WORK]

Each strike is a SIGKILL to a process of its own, at a moment drawn from the whole length of its work;
every other one takes its extraction workers along. After each strike `pressclip verify` must find no
damage, a search must answer and every article that the store had acknowledged must still be there.
At the end the work is let finish: the same articles with the same texts as undisturbed, each once, no
page in the archive twice, nothing waiting, no unfinished file. What is struck: a crawl (again and
again, until little is left), an index run, a rebuild of the index, a replay, a migration from the
first format, a forgetting, a merge, a desk being split into buckets, an export to JSON Lines and SQLite.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.drills.crash_works import (
    LIMIT,
    SITE,
    Work,
    argv,
    articles,
    call,
    environment_of,
    finish,
    make_works,
)
from bench.made_up.server import serve_newsrooms
from crawler.urls import canonical
from index.archive import Archive
from index.capture import Capture
from index.maintenance.verify import verify
from index.workspace.lock import hold

_NO_PAGES = (
    "list:",
    "rob",
    "recheck",
    "tdmrep",
)  # channels of what may well come twice with the same bytes


@dataclass(slots=True)
class Score:
    """What a kind of work came to under the strikes."""

    strikes: int = 0
    unfinished: int = 0
    lost: int = 0
    duplicates: int = 0
    faults: list[str] = field(default_factory=list)


def main(argv: list[str] | None = None) -> int:
    """Run the drill and print its table; 1 when anything was lost, doubled or torn."""
    options = _options().parse_args(argv)
    rng = random.Random(options.seed)
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="crash-drill-") as folder,
        serve_newsrooms(SITE) as site,
    ):
        works = make_works(Path(folder), site, pages=options.pages)
        works = [work for work in works if options.only in ("", work.name)]
        shares = _shares(options.strikes, len(works))
        scores = {
            work.name: strike_often(work, share, rng, Path(folder) / "struck")
            for work, share in zip(works, shares, strict=True)
        }
    _tell(scores, options.seed, time.monotonic() - started)
    return int(any(score.faults or score.lost or score.duplicates for score in scores.values()))


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--strikes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=150, help="in the archive that is replayed")
    parser.add_argument("--only", default="", help="one kind of work, by its name in the table")
    return parser


def _shares(strikes: int, works: int) -> list[int]:
    return [strikes // works + (number < strikes % works) for number in range(works)]


def strike_often(work: Work, strikes: int, rng: random.Random, root: Path) -> Score:
    """So many strikes, in series of `strikes_each` on one workspace, each series checked at its end."""
    score = Score()
    length = measure(work, root)
    while score.strikes < strikes:
        shutil.copytree(work.start, root)
        acknowledged: set[str] = set()
        for _ in range(min(work.strikes_each, strikes - score.strikes)):
            if not strike(work, root, rng, length):
                continue  # it was faster than the strike: drawn again
            score.strikes += 1
            score.faults += inspect(root, acknowledged, score, work.gone)
        finish(root, work.finish, work.environment, work.exits)
        score.faults += inspect(root, acknowledged, score, work.gone, done=True)
        score.faults += [f"{work.name}: {one}" for one in work.check(root)]
        score.duplicates += count_duplicates(root)
        shutil.rmtree(root)
    return score


def measure(work: Work, root: Path) -> float:
    """Seconds from the first sign of work to the end of an undisturbed run."""
    shutil.copytree(work.start, root)
    process, begun = _start(work, root)
    if process.wait(LIMIT) not in work.exits:
        raise SystemExit(f"{work.name} failed undisturbed")
    took = time.monotonic() - begun
    shutil.rmtree(root)
    return took


def strike(work: Work, root: Path, rng: random.Random, length: float) -> bool:
    """Start the work and kill it; False when it had ended before."""
    process, _ = _start(work, root)
    with_workers = rng.random() < 0.5
    try:
        process.wait(rng.uniform(0, length))
        hit = False
    except subprocess.TimeoutExpired:
        if with_workers:
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        hit = True
    with contextlib.suppress(ProcessLookupError):
        # Workers that outlived their parent must not read on while the next one works.
        os.killpg(process.pid, signal.SIGKILL)
    return hit


def _start(work: Work, root: Path) -> tuple[subprocess.Popen[bytes], float]:
    """The process, and the moment at which it had begun its work."""
    since = time.time_ns()
    process = subprocess.Popen(
        argv(work.command), cwd=root, env=environment_of(work.environment),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    while process.poll() is None and not _touched(root, work.begun, since):
        time.sleep(0.001)
    return process, time.monotonic()


def _touched(root: Path, pattern: str, since: int) -> bool:
    try:
        return any(path.stat().st_mtime_ns >= since for path in root.glob(pattern))
    except FileNotFoundError:
        return True  # it was there a moment ago: at work


def inspect(
    root: Path, acknowledged: set[str], score: Score, gone: frozenset[str], *, done: bool = False
) -> list[str]:
    """What is wrong with a workspace; what its store acknowledges is added to `acknowledged`."""
    data = root / "data"
    database = data / "pressclip.db"
    if not database.exists():
        return [] if not acknowledged else ["the database is gone"]
    faults = []
    try:
        found = list(verify(database, data / "archive", data / "index"))
    except Exception as error:  # noqa: BLE001 - any refusal is a finding here
        return [] if "older pressclip" in str(error) else [f"verify: {error}"]
    score.unfinished += not done and any(one.kind == "unfinished" for one in found)
    faults += [f"{one.part}: {one.what}" for one in found if done or one.kind == "fault"]
    held = set(articles(database)) - gone
    score.lost += len(acknowledged - held)
    acknowledged |= held
    if held and (data / "index").exists():
        status, said = call(root, "search", "*", "--count")
        if status not in (0, 1, 4):
            faults.append(f"search: exit {status}: {said}")
    return faults


def count_duplicates(root: Path) -> int:
    """Pages that are in the archive twice with the same bytes, or named twice by the store."""
    seen: Counter[tuple[str, str, str]] = Counter()
    with hold(root / "data" / "lock"), Archive(root / "data" / "archive") as archive:
        for item in archive.captures():
            if isinstance(item, Capture) and not item.listing.channel.startswith(_NO_PAGES):
                digest = item.ref.digest if item.ref else ""
                seen[canonical(item.url), digest, item.fetched.isoformat()[:10]] += 1
    return sum(count - 1 for count in seen.values())


def _tell(scores: Mapping[str, Score], seed: int, seconds: float) -> None:
    print(f"{'killed':<14} {'strikes':>7} {'left work':>9} {'lost':>5} {'twice':>5} {'faults':>6}")
    total = Score()
    for name, score in scores.items():
        _tell_row(name, score)
        total.strikes += score.strikes
        total.unfinished += score.unfinished
        total.lost += score.lost
        total.duplicates += score.duplicates
        total.faults += score.faults
    _tell_row("in all", total)
    print(f"seed {seed}, {seconds:.0f} s; left work: the next command completed it")
    for fault in total.faults[:20]:
        print(f"FAULT {fault}")


def _tell_row(name: str, score: Score) -> None:
    print(
        f"{name:<14} {score.strikes:>7} {score.unfinished:>9} {score.lost:>5}"
        f" {score.duplicates:>5} {len(score.faults):>6}"
    )


if __name__ == "__main__":
    sys.exit(main())
