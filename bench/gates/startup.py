"""What a verb builds before it answers: modules, dataclasses and patterns, each under a ceiling.

    python -m bench.gates.startup [--runs 5]      1 when a verb builds more than its ceiling

The counts are the same on every machine, so they gate. The CPU of the whole process beside that of
`python -c "import click"` is printed only: machines are noisy. Desk and index are made for this.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.speed.startup import ROOT, cpu_of

# Runs `pressclip` with what stands after it and leaves three counts in the file named first. `click` is
# imported before the count begins; what it builds is nothing that a verb could spare.
COUNTING = """
import dataclasses, json, re, sys
import click
built = {"dataclasses": 0, "patterns": 0}
def counted(name, do):
    def call(*args, **named):
        built[name] += 1
        return do(*args, **named)
    return call
dataclasses._process_class = counted("dataclasses", dataclasses._process_class)
re._compiler.compile = counted("patterns", re._compiler.compile)
before = len(sys.modules)
from search_cli.main import run
status = run(sys.argv[2:])
counts = {"modules": len(sys.modules) - before, **built}
open(sys.argv[1], "w").write(json.dumps(counts))
sys.exit(status)
"""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most that a verb may build at its start."""

    modules: int
    dataclasses: int
    patterns: int


CEILINGS = {
    "--help": Ceiling(28, 4, 8),
    "search --help": Ceiling(46, 9, 16),
    "crawl --help": Ceiling(98, 28, 35),
    "search balloon": Ceiling(164, 78, 68),
    "search balloon --count": Ceiling(160, 78, 68),
    "kwic balloon": Ceiling(158, 78, 68),
    "timeline balloon": Ceiling(178, 90, 70),
    "families balloon": Ceiling(178, 96, 74),
    "status": Ceiling(148, 92, 68),
    "outlet list": Ceiling(146, 52, 98),
    "story list": Ceiling(82, 52, 60),
}


def main() -> None:
    """Print a line for each verb; exit with 1 when one is above its ceiling."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each command [default: 5]")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        desk = _make_desk(Path(folder))
        sys.exit(check(desk, runs=asked.runs))


def check(desk: Path, *, runs: int) -> int:
    """The table of all verbs; 1 when one builds more than it may."""
    click = statistics.median(
        cpu_of(["-c", "import click"], tree=ROOT, desk=ROOT) for _ in range(runs)
    )
    print(f"import click: {click:.0f} ms of CPU\n")
    print(f"{'':24}{'modules':>14}{'dataclasses':>14}{'patterns':>14}{'× click':>10}")
    above = 0
    for line, ceiling in CEILINGS.items():
        counts = count_built(line.split(), desk)
        limits = {name: getattr(ceiling, name) for name in counts}
        is_above = any(counts[name] > limits[name] for name in counts)
        above += is_above
        cells = "".join(f"{f'{counts[name]} of {limits[name]}':>14}" for name in counts)
        command = ["-m", "search_cli.main", *line.split()]
        taken = statistics.median(cpu_of(command, tree=ROOT, desk=desk) for _ in range(runs))
        mark = "  above its ceiling" if is_above else ""
        print(f"{line:24}{cells}{taken / click:10.2f}{mark}")
    return int(above > 0)


def count_built(arguments: list[str], desk: Path) -> dict[str, int]:
    """What one process builds until it has answered; ends the bench when it fails."""
    counts = desk.parent / "counts.json"
    done = subprocess.run(
        [sys.executable, "-c", COUNTING, str(counts), *arguments],
        cwd=desk,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}: {done.stderr.strip()}")
    counted: dict[str, int] = json.loads(counts.read_text("utf-8"))
    return counted


def _make_desk(folder: Path) -> Path:
    """A desk with the coverage of the demo."""
    desk = folder / "balloon-demo"
    done = subprocess.run(
        [sys.executable, "-m", "search_cli.main", "demo", str(desk)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"demo: {done.stderr.strip()}")
    return desk


if __name__ == "__main__":
    main()
