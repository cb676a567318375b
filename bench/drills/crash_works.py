"""What a crash drill strikes: each kind of work, its starting point, and how its end is compared."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from bench.made_up.newsrooms import Plan, generate
from crawler.demo.serving import SiteProcess
from index.archive import Archive
from index.capture import Capture, Listing
from search_cli.main import run

ROOT = Path(__file__).resolve().parents[2]
RELEASED = ROOT / "tests" / "data" / "format_1" / "pressclip.sql"
SITE = Plan(outlets=4, articles=12, seed=1)
STRIKES_A_CRAWL = 5
LEFT_OVER = (".open", ".new", ".rewritten")
LIMIT = 300.0  # seconds for any one command; a hang limit
SPLIT = ("shard", "buckets", "--buckets", "2", "-j", "1")
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
    gone: frozenset[str] = frozenset()  # articles that the work takes away


def make_works(folder: Path, site: SiteProcess, *, pages: int) -> list[Work]:
    """Every kind of work with its starting point, each made by an undisturbed run."""
    environment = {"http_proxy": site.ports.proxy_url, "no_proxy": ""}
    empty, crawled = folder / "empty", folder / "crawled"
    make_desk(empty)
    shutil.copytree(empty, crawled)
    finish(crawled, ("crawl", "-j", "1"), environment, (0, 3))
    whole = folder / "whole"
    make_desk(whole)
    fill_archive(whole, pages)
    finish(whole, ("replay", "-j", "1"))
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
        _forget(whole),
        Work(
            name="merge", start=empty, command=("merge", str(whole), "-j", "1"), begun="data/lock",
            finish=("merge", str(whole), "-j", "1"), check=same,
        ),
        Work(
            name="split", start=whole, command=SPLIT, begun="data/lock", finish=SPLIT,
            check=partial(split_differences, empty=empty, reference=whole),
        ),
        *(_export(whole, style=style) for style in ("jsonl", "sqlite")),
    ]  # fmt: skip


def _forget(whole: Path) -> Work:
    """One article taken out, with every copy of it in the archive."""
    key = min(articles(whole / "data" / "pressclip.db"))
    command = ("--no-input", "forget", key)
    without = whole.with_name("forgotten")
    shutil.copytree(whole, without)
    finish(without, command)
    return Work(
        name="forget", start=whole, command=command, begun="data/lock", finish=command,
        check=partial(differences, reference=without), gone=frozenset({key}),
    )  # fmt: skip


def _export(whole: Path, *, style: str) -> Work:
    command = ("export", "*", "-f", style, "-o", f"out.{style}")
    start = whole.with_name(f"export-{style}")
    shutil.copytree(whole, start)
    (start / f"out.{style}").write_text("as it was before\n")
    expected = start.with_name(f"exported-{style}")
    shutil.copytree(start, expected)
    finish(expected, command)
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


def argv(command: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "search_cli.main", *command]


def environment_of(more: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def finish(
    root: Path,
    command: tuple[str, ...],
    environment: Mapping[str, str] | None = None,
    exits: tuple[int, ...] = (0,),
) -> None:
    if command[0] not in ("crawl", "replay"):
        status, said = call(root, *command)
    else:
        done = subprocess.run(
            argv(command), cwd=root, env=environment_of(environment or {}), capture_output=True,
            text=True, check=False, timeout=LIMIT,
        )  # fmt: skip
        status, said = done.returncode, done.stderr
    if status not in exits or "Traceback" in said:
        raise SystemExit(f"{' '.join(command)}: exit {status}\n{said}")


def call(root: Path, *command: str) -> tuple[int, str]:
    """Run a command in this process, which saves its start; its exit status and what it said."""
    said = io.StringIO()
    with (
        contextlib.chdir(root),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(said),
    ):
        return run(command), said.getvalue()


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
    drafts = [path for path in (root / "data").rglob("*") if path.suffix in LEFT_OVER]
    return found + [f"left over: {path.name}" for path in drafts]


def split_differences(root: Path, *, empty: Path, reference: Path) -> list[str]:
    """How a desk made of the buckets of a split one differs from the desk before, as `differences`."""
    again = root.with_name("again")
    shutil.copytree(empty, again)
    buckets = sorted(map(str, (root / "buckets").glob("bucket-*")))
    held = [one for one in buckets if (Path(one) / "data" / "pressclip.db").exists()]
    finish(again, ("merge", *held, "-j", "1"))
    found = differences(again, reference=reference)
    left = [path for path in (root / "buckets").rglob(".*") if ".part-" in path.name]
    shutil.rmtree(again)
    return found + [f"left over: {path.name}" for path in left]


def crawl_differences(root: Path, *, reference: Path) -> list[str]:
    """As `differences`, and what the frontier still holds.

    Not the families' origins: of undated copies that is the one fetched first, and the order is another.
    """
    with closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection:
        waiting = connection.execute("SELECT url FROM frontier WHERE state <> 'done'").fetchall()
    found = differences(root, reference=reference, families=False)
    return found + [f"still waiting: {row[0]}" for row in waiting]
