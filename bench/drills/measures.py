"""Take out one measure against faults after another and see that its test fails: proof that each is tested.

    python -m bench.drills.measures [--only WORD]

`bench/drills/measures.toml` names for each threat the measure in the code, what to put in its place, and
the tests that must fail then. All is done in a copy of this tree. First every named test must pass on
the untouched copy; exits with 1 when one does not, when one still passes without its measure, or when
the text of a measure is not found exactly once (the code has changed: bring the table up to date).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("measures.toml")
COPIED = (
    "pressclip",
    "index",
    "crawler",
    "search_cli",
    "bench",
    "tests",
    "docs",
    "pyproject.toml",
    "README.md",
)
LIMIT = 600.0  # seconds for the tests of one measure; a hang limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is done about a threat: the tests of it, and edits (file, old text, new text) that undo it."""

    threat: str
    name: str
    tests: tuple[str, ...]
    edits: tuple[tuple[str, str, str], ...]


def read_table(path: Path = TABLE) -> list[Measure]:
    """The measures, in the order of the table; raises `KeyError` or `ValueError` for a row that is none."""
    rows = tomllib.loads(path.read_text("utf-8"))["measure"]
    return [
        Measure(
            threat=row["threat"],
            name=row["name"],
            tests=tuple(row["tests"]),
            edits=tuple((file, old, new) for file, old, new in row["edits"]),
        )
        for row in rows
    ]


def misplaced(measures: Iterable[Measure], root: Path = ROOT) -> list[str]:
    """The edits whose text does not stand exactly once in its file."""
    return [
        f"{one.name}: {file}: {(root / file).read_text('utf-8').count(old)} times: {old[:60]!r}"
        for one in measures
        for file, old, _ in one.edits
        if (root / file).read_text("utf-8").count(old) != 1
    ]


def fails(tree: Path, tests: Sequence[str]) -> bool | None:
    """Whether one of the tests fails; None when they could not be run at all."""
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *tests], cwd=tree, env=environment, capture_output=True, text=True, timeout=LIMIT,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return True  # without its measure something never ends
    last = done.stdout.rstrip().rpartition("\n")[2]
    if done.returncode not in (0, 1) or not re.search(r"\d+ (passed|failed|error)", last):
        print(done.stdout[-2000:], done.stderr[-500:])
        return None
    return done.returncode == 1


@contextmanager
def without(tree: Path, measure: Measure) -> Iterator[None]:
    """The tree without a measure while inside."""
    whole = {file: (tree / file).read_text("utf-8") for file, _, _ in measure.edits}
    try:
        for file, old, new in measure.edits:
            (tree / file).write_text((tree / file).read_text("utf-8").replace(old, new), "utf-8")
        yield
    finally:
        for file, text in whole.items():
            (tree / file).write_text(text, "utf-8")


def drill(tree: Path, measures: Sequence[Measure]) -> int:
    """Run the drill and print a line for each measure; how many are not held by a test."""
    untested = 0
    for one in measures:
        started = time.monotonic()
        with without(tree, one):
            failed = fails(tree, one.tests)
        said = {True: "fails without", False: "PASSES WITHOUT", None: "NOT RUN"}[failed]
        print(
            f"{said:<15} {time.monotonic() - started:>5.0f} s  {one.threat}: {one.name}", flush=True
        )
        untested += failed is not True
    return untested


def main() -> int:
    """Read the table, copy the tree, try; 0 when every measure is held by a test."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument(
        "--only", default="", help="measures with this in their threat, name or tests"
    )
    word = options.parse_args().only
    measures = [one for one in read_table() if word in f"{one.threat} {one.name} {one.tests}"]
    if found := misplaced(measures):
        print("\n".join(found))
        return 1
    with tempfile.TemporaryDirectory(prefix="measure-drill-") as folder:
        tree = Path(folder) / "tree"
        tree.mkdir()
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, tree / name)
        if fails(tree, sorted({test for one in measures for test in one.tests})) is not False:
            print("not all of the named tests pass on the untouched tree")
            return 1
        untested = drill(tree, measures)
    print(f"{len(measures)} measures, {untested} of them not held by a test")
    return int(untested > 0)


if __name__ == "__main__":
    sys.exit(main())
