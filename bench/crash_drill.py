"""Kill pressclip at random moments, look at what is left, let it finish, compare with an undisturbed run.

    python -m bench.crash_drill [--strikes N] [--seed S] [--only WORK]

Each strike is a SIGKILL to a process of its own, at a moment drawn from the whole length of its work;
every other one takes its extraction workers along. After each strike `pressclip verify` must find no
damage, a search must answer and every article that the store had acknowledged must still be there.
At the end the work is let finish: the same articles with the same texts as undisturbed, each once, no
page in the archive twice, nothing waiting, no unfinished file. What is struck: a crawl (again and
again, until little is left), an index run, a rebuild of the index, a replay, a migration from the
first format, an export to JSON Lines and SQLite.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from crawler.demo.generator import Plan, generate
from crawler.demo.serving import SiteProcess
from crawler.urls import canonical
from index.archive import Archive
from index.capture import Capture, Listing
from index.lock import hold
from index.verify import verify
from search_cli.main import run

ROOT = Path(__file__).resolve().parents[1]
RELEASED = ROOT / "tests" / "data" / "format_1" / "pressclip.sql"
SITE = Plan(outlets=4, articles=12, seed=1)
STRIKES_A_CRAWL = 5
LIMIT = 300.0  # seconds for any one command; a hang limit

Articles = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A command to be struck: what it starts from, and what shows that it has begun its work."""

    name: str
    start: Path
    command: tuple[str, ...]
    begun: str
    finish: tuple[str, ...]
    check: Callable[[Path], list[str]]
    strikes_each: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    exits: tuple[int, ...] = (0,)


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
    with tempfile.TemporaryDirectory(prefix="crash-drill-") as folder, SiteProcess(
        "--generated", f"{SITE.outlets}x{SITE.articles}", "--seed", f"{SITE.seed}"
    ) as site:  # fmt: skip
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


# --- what is struck


def make_works(folder: Path, site: SiteProcess, *, pages: int) -> list[Work]:
    """Every kind of work with its starting point, each made by an undisturbed run."""
    environment = {"http_proxy": site.ports.proxy_url, "no_proxy": ""}
    empty, crawled = folder / "empty", folder / "crawled"
    make_desk(empty)
    shutil.copytree(empty, crawled)
    _finish(crawled, ("crawl", "-j", "1"), environment, (0, 3))
    whole = folder / "whole"
    make_desk(whole)
    fill_archive(whole, pages)
    _finish(whole, ("replay", "-j", "1"))
    unindexed, old = folder / "unindexed", folder / "old"
    shutil.copytree(whole, unindexed)
    shutil.rmtree(unindexed / "data" / "index")
    shutil.copytree(whole, old)
    make_old(old / "data" / "pressclip.db")
    same = partial(differences, reference=whole)
    return [
        Work(
            name="crawl", start=empty, command=("crawl", "-j", "1"), begun="data/lock",
            finish=("crawl", "-j", "1"), check=partial(crawl_differences, reference=crawled),
            strikes_each=STRIKES_A_CRAWL, environment=environment, exits=(0, 3),
        ),
        Work(
            name="replay", start=whole, command=("replay", "-j", "1"), begun="data/lock",
            finish=("replay", "-j", "1"), check=same,
        ),
        Work(
            name="index", start=unindexed, command=("index",), begun="data/index.lock",
            finish=("index",), check=same,
        ),
        Work(
            name="rebuild", start=whole, command=("index", "--rebuild"), begun="data/index.lock",
            finish=("index",), check=same,
        ),
        Work(
            name="migration", start=old, command=("index",), begun="data/lock",
            finish=("index",), check=same,
        ),
        *(_export(whole, style=style) for style in ("jsonl", "sqlite")),
    ]  # fmt: skip


def _export(whole: Path, *, style: str) -> Work:
    command = ("export", "*", "-f", style, "-o", f"out.{style}")
    start = whole.with_name(f"export-{style}")
    shutil.copytree(whole, start)
    (start / f"out.{style}").write_text("as it was before\n")
    expected = start.with_name(f"exported-{style}")
    shutil.copytree(start, expected)
    _finish(expected, command)
    texts = {(start / f"out.{style}").read_bytes(), _output(expected / f"out.{style}")}
    return Work(
        name=f"export {style}", start=start, command=command, begun=f".out.{style}.*.new",
        finish=command, check=partial(_torn_output, name=f"out.{style}", allowed=texts),
    )  # fmt: skip


def _output(path: Path) -> bytes:
    """What an export says; of SQLite the rows, as its pages have free bytes."""
    data = path.read_bytes()
    if not data.startswith(b"SQLite format 3"):
        return data
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump()).encode()


def _torn_output(root: Path, *, name: str, allowed: set[bytes]) -> list[str]:
    return [] if _output(root / name) in allowed else [f"{name} is neither the old nor the new"]


def make_desk(root: Path) -> None:
    """A workspace for the generated outlets, without any delay."""
    made = generate(SITE)
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text("delay = 0.0\n")
    (root / "outlets.toml").write_text(made.outlets_toml)
    (root / "stories" / "generated.toml").write_text(made.story_toml)


def fill_archive(root: Path, pages: int) -> None:
    """Archive generated pages, some of them twice as an outlet edits them."""
    made = generate(Plan(outlets=4, articles=-(-pages // 4), seed=1, edited=0.1, on_story=0.5))
    with Archive(root / "data" / "archive") as archive:
        for edition in (1, 2):
            for known in made.known:
                url = urlsplit(known.url)
                page = made.site.outlets[url.hostname or ""].page(url.path)
                answer = page.answer(edition=edition, visit=9)
                if edition == 1 or known.edited:
                    archive.append(
                        Capture(
                            url=known.url, status=answer.status, body=answer.body,
                            headers=(("Content-Type", answer.media),),
                            fetched=datetime(2023, 2, edition, tzinfo=UTC),
                            listing=Listing(channel="feed", url=known.url, outlet=known.outlet),
                        )
                    )  # fmt: skip


def make_old(path: Path) -> None:
    """Rewrite a database as the first format had it, with the rows that it could hold."""
    old = path.with_name("old.db")
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(RELEASED.read_text("utf-8"))
        connection.execute("ATTACH ? AS now", (str(path),))
        tables = connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")
        for (table,) in tables.fetchall():
            columns = ", ".join(
                f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({table})")
            )
            connection.execute(f"DELETE FROM main.{table}")
            connection.execute(
                f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}"
            )
        connection.commit()
        connection.execute("PRAGMA journal_mode = WAL")
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    old.rename(path)


# --- striking


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
            score.faults += inspect(root, acknowledged, score)
        _finish(root, work.finish, work.environment, work.exits)
        score.faults += inspect(root, acknowledged, score, done=True)
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
        _argv(work.command), cwd=root, env=_environment(work.environment),
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


def _argv(command: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "search_cli.main", *command]


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def _finish(
    root: Path,
    command: tuple[str, ...],
    environment: Mapping[str, str] | None = None,
    exits: tuple[int, ...] = (0,),
) -> None:
    if command[0] not in ("crawl", "replay"):
        status, said = _call(root, *command)
    else:
        done = subprocess.run(
            _argv(command), cwd=root, env=_environment(environment or {}), capture_output=True,
            text=True, check=False, timeout=LIMIT,
        )  # fmt: skip
        status, said = done.returncode, done.stderr
    if status not in exits or "Traceback" in said:
        raise SystemExit(f"{' '.join(command)}: exit {status}\n{said}")


def _call(root: Path, *command: str) -> tuple[int, str]:
    """Run a command in this process, which saves its start; its exit status and what it said."""
    said = io.StringIO()
    with (
        contextlib.chdir(root),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(said),
    ):
        return run(command), said.getvalue()


# --- looking


def inspect(root: Path, acknowledged: set[str], score: Score, *, done: bool = False) -> list[str]:
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
    held = set(articles(database))
    score.lost += len(acknowledged - held)
    acknowledged |= held
    if held and (data / "index").exists():
        status, said = _call(root, "search", "*", "--count")
        if status not in (0, 1, 4):
            faults.append(f"search: exit {status}: {said}")
    return faults


def articles(database: Path, *, families: bool = True) -> Articles:
    """Every article's key with what the store holds of it: text, versions, verdicts, family."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT key, (SELECT key FROM articles AS origin WHERE origin.id = articles.family),"
            " text, kept, versions, (SELECT group_concat(decision) FROM (SELECT decision"
            " FROM verdicts WHERE article = articles.id ORDER BY story)) FROM articles"
        )
        return {
            key: hashlib.sha256(repr((*row, family if families else "")).encode()).hexdigest()
            for key, family, *row in rows
        }


def differences(root: Path, *, reference: Path, families: bool = True) -> list[str]:
    """How a finished workspace's articles differ from those of an undisturbed one."""
    ours, theirs = (
        articles(one / "data" / "pressclip.db", families=families) for one in (root, reference)
    )
    found = [f"missing: {key}" for key in theirs.keys() - ours.keys()]
    found += [f"not in the undisturbed run: {key}" for key in ours.keys() - theirs.keys()]
    both = ours.keys() & theirs.keys()
    found += [f"other than undisturbed: {key}" for key in both if ours[key] != theirs[key]]
    drafts = [path for path in (root / "data").rglob("*") if path.suffix in (".open", ".new")]
    return found + [f"left over: {path.name}" for path in drafts]


def crawl_differences(root: Path, *, reference: Path) -> list[str]:
    """As `differences`, and what the frontier still holds.

    Not the families' origins: of undated copies that is the one fetched first, and the order is another.
    """
    with closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection:
        waiting = connection.execute("SELECT url FROM frontier WHERE state <> 'done'").fetchall()
    found = differences(root, reference=reference, families=False)
    return found + [f"still waiting: {row[0]}" for row in waiting]


def count_duplicates(root: Path) -> int:
    """Pages that are in the archive twice with the same bytes, or named twice by the store."""
    seen: Counter[tuple[str, str, str]] = Counter()
    with hold(root / "data" / "lock"), Archive(root / "data" / "archive") as archive:
        for item in archive.captures():
            if isinstance(item, Capture) and not item.listing.channel.startswith(("list:", "rob")):
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
