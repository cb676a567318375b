"""A desk split into buckets for the terminal: what each has to do, what moves, what is uneven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from index.text.wording import counted
from search_cli.output.render import Column, table
from search_cli.output.terminal import Terminal

if TYPE_CHECKING:
    from crawler.sharding.shard import Sharded
    from index.workspace.sharding import Move

COLUMNS = (
    Column(key="bucket", title="bucket", color="cyan"),
    Column(key="outlets", title="outlets", right=True),
    Column(key="articles", title="articles", right=True),
    Column(key="pages", title="pages a day", right=True),
    Column(key="state", title="", grows=True),
)


def sharded_lines(
    done: Sharded, told: Sequence[str], terminal: Terminal, *, is_plan: bool
) -> Iterator[str]:
    """The buckets as a table, and under it what is uneven or is in a bucket alone."""
    arriving: dict[str, int] = {}
    for move in done.moves:
        arriving[move.bucket] = arriving.get(move.bucket, 0) + len(move.outlets)
    rows = [
        {
            "bucket": load.name,
            "outlets": f"{len(load.outlets):,}",
            "articles": f"{load.articles:,}",
            "pages": f"{load.pages:,.0f}",
            "state": _state(load.name in done.new, arriving.get(load.name, 0), is_plan=is_plan),
        }
        for load in done.loads
    ]
    yield from table(rows, COLUMNS, width=terminal.width, colored=terminal.colored)
    for bucket, names in done.foreign.items():
        few = ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
        yield f"{bucket} has what this desk has not: {few}   (merge brings it, or delete it there)"
    yield from told


def sharded_record(done: Sharded, told: Sequence[str]) -> dict[str, Any]:
    """The whole of it for a program."""
    return {
        "folder": done.layout.folder,
        "buckets": [
            {
                "bucket": load.name,
                "desk": str(done.layout.root_of(load.name)),
                "new": load.name in done.new,
                "outlets": list(load.outlets),
                "articles": load.articles,
                "pages_a_day": round(load.pages, 1),
                "only_there": list(done.foreign.get(load.name, ())),
            }
            for load in done.loads
        ],
        "moves": _moves(done.moves),
        "completed": _moves(done.completed),
        "uneven": list(told),
    }


def last_line(done: Sharded) -> str:
    """What it came to, in one line."""
    outlets = sum(len(load.outlets) for load in done.loads)
    moved = len({outlet for move in done.moves for outlet in move.outlets})
    parts = [f"{counted(outlets, 'outlet')} in {counted(len(done.loads), 'bucket')}"]
    if moved:
        parts.append(f"{moved:,} moved")
    return f"shard: {', '.join(parts)} in {done.layout.folder}"


def _moves(moves: Sequence[Move]) -> list[dict[str, Any]]:
    return [{"outlets": list(one.outlets), "from": one.source, "to": one.bucket} for one in moves]


def _state(is_new: bool, arriving: int, *, is_plan: bool) -> str:
    parts = ["new"] if is_new else []
    if arriving:
        parts.append(f"{'+' if is_plan else 'got '}{counted(arriving, 'outlet')}")
    return ", ".join(parts)
