"""Edits as rows: for a terminal with the words before and after, as data with times and places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from index.article import isoformat
from index.errors import UsageError
from search_cli.output.moments import moment
from search_cli.output.render import cells, isolate, one_line, paint, shorten, wrap
from search_cli.output.terminal import Terminal

if TYPE_CHECKING:
    from index.study.edits import EditRow

FIELDS = (
    "id", "outlet", "title", "url", "kind", "silent", "before", "after", "paragraph",
    "version_before", "version", "seen_before", "seen", "updated", "archive_before", "archive",
)  # fmt: skip
_LONGEST = 400  # characters of a change in a list


def read_kinds(given: Sequence[str]) -> frozenset[str]:
    """The kinds of change named; raises `UsageError` for one that is none."""
    from index.query import CHANGES

    wanted = [part.strip() for value in given for part in value.split(",") if part.strip()]
    for name in wanted:
        if name not in CHANGES or name == "silent":
            from index.workspace.toml_reader import did_you_mean

            known = [kind for kind in CHANGES if kind != "silent"]
            hint = did_you_mean(name, known) or f"one of: {', '.join(known)}"
            raise UsageError(f"--kind {name}: no such change", hint=hint)
    return frozenset(wanted)


def edit_record(row: EditRow) -> dict[str, Any]:
    """A change as JSON values; times are ISO 8601 in UTC."""
    return {
        "id": row.article,
        "outlet": row.outlet,
        "title": row.title,
        "url": row.url,
        "kind": row.kind,
        "silent": row.silent,
        "before": row.before,
        "after": row.after,
        "paragraph": row.paragraph,
        "version_before": row.version_before,
        "version": row.version,
        "seen_before": isoformat(row.seen_before),
        "seen": isoformat(row.seen),
        "updated": isoformat(row.updated),
        "archive_before": asdict(row.archive_before) if row.archive_before else None,
        "archive": asdict(row.archive) if row.archive else None,
    }


def edit_lines(
    head: str, rows: Sequence[EditRow], limit: int, terminal: Terminal, zone: tzinfo
) -> Iterator[str]:
    """A header, then version by version the article, when, and what stood before and after."""
    yield from terminal.head(head)
    told: tuple[str, int] | None = None
    for row in rows[:limit]:
        if told != (row.article, row.version):
            told = row.article, row.version
            yield ""
            yield from _version_lines(row, terminal, zone)
        kind = paint(f"{row.kind:<10}", "bold", colored=terminal.colored)
        yield f"  {kind}"
        yield from _side("−", row.before, "red", terminal)
        yield from _side("+", row.after, "green", terminal)
    if len(rows) > limit:
        yield ""
        yield f"{limit:,} of {len(rows):,} changes shown; -n {len(rows)} shows all"


def _version_lines(row: EditRow, terminal: Terminal, zone: tzinfo) -> Iterator[str]:
    identity = paint(row.article, "cyan", colored=terminal.colored)
    silent = " · silent" if row.silent else ""
    way = f"v{row.version_before} {moment(row.seen_before, zone)} → v{row.version} {moment(row.seen, zone)}"
    yield f"{identity}  {one_line(row.outlet)}  {way}{silent}"
    yield f"  {isolate(shorten(one_line(row.title), max(terminal.room(2), 20)))}"


def _side(sign: str, text: str, color: str, terminal: Terminal) -> Iterator[str]:
    if not text:
        return
    shown = shorten(one_line(text), _LONGEST)
    width = max(min(terminal.width, terminal.room()) - 6, 20)
    lines = wrap(shown, width) if cells(shown) > width else iter([shown])
    for number, line in enumerate(lines):
        mark = sign if number == 0 else " "
        yield f"    {paint(f'{mark} {isolate(line)}', color, colored=terminal.colored)}"
