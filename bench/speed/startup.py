"""CPU of starting `pressclip`: a search, its help, all help, beside `import click` and another checkout.

    python -m bench.speed.startup DESK [--runs 15] [--against CHECKOUT --its-desk DESK]

User and system time of whole processes, taken in turns; medians. Both trees are compiled first: without
bytecode a process pays for its compiling. The index of a desk is of its own tree's format.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("index", "crawler", "search_cli")
STARTS = (["search", "balloon"], ["--help"], ["search", "--help"])


def cpu_of(command: Sequence[str], *, tree: Path, desk: Path) -> float:
    """Milliseconds of CPU of one process with the packages of `tree`; ends when it fails."""
    around = os.environ | {"PYTHONPATH": str(tree)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, *command], cwd=desk, env=around, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{tree}: {' '.join(command)}: {done.stderr.decode(errors='replace').strip()}")
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    """Print a line for each start: the median of each tree."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("desk", type=Path, help="a workspace, such as that of `pressclip demo`")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--against", type=Path, help="another checkout")
    parser.add_argument("--its-desk", type=Path, help="a workspace made by that checkout")
    asked = parser.parse_args()
    trees = {"here": (ROOT, asked.desk)}
    if asked.against:
        trees["there"] = (asked.against.resolve(), asked.its_desk or asked.desk)
    for tree, _ in trees.values():
        folders = [tree / floor for floor in FLOORS]
        subprocess.run([sys.executable, "-m", "compileall", "-q", *folders], check=True)
    click = [cpu_of(["-c", "import click"], tree=ROOT, desk=ROOT) for _ in range(asked.runs)]
    print(f"import click       {statistics.median(click):4.0f} ms")
    for start in STARTS:
        taken: dict[str, list[float]] = {name: [] for name in trees}
        for _ in range(asked.runs):
            for name, (tree, desk) in trees.items():
                command = ["-m", "search_cli.main", *start]
                taken[name].append(cpu_of(command, tree=tree, desk=desk))
        shown = "  ".join(
            f"{name} {statistics.median(took):4.0f} ms" for name, took in taken.items()
        )
        print(f"{' '.join(start):<18} {shown}")


if __name__ == "__main__":
    main()
