"""What a reading again changes, told before it counts: by field and kind, with examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from search_cli.output.render import cells, one_line, shorten

if TYPE_CHECKING:
    from index.store.comparison import Comparison, Example

SHOWN = 5  # lost pages that are reported by name
KINDS = 4  # of changes in one field
LEAST = 76


def change_lines(changes: Comparison, width: int) -> Iterator[str]:
    """What changed, a line a field with its kinds, then examples of it; no line wider than `width`."""
    if changes.is_same:
        yield "nothing changes"
        return
    width = max(width, LEAST)
    told = [(len(changes.lost), "pages lost")] if changes.lost else []
    told = [*((one.articles, one.field) for one in changes.fields), *told]
    told += [(len(changes.gained), "articles new")] if changes.gained else []
    yield "what changes: " + (
        ", ".join(f"{number:,} {what}" for number, what in told) or "verdicts"
    )
    for field in changes.fields:
        yield shorten(f"  {field.articles:,} {field.field}: {_kinds(field.kinds)}", width)
        for one in field.examples:
            yield from _example(one, width)
    if changes.lost:
        reasons = Counter(_reason(page.reason) for page in changes.lost)
        yield shorten(f"  {len(changes.lost):,} pages lost: {_kinds(reasons)}", width)
        for page in changes.lost[:SHOWN]:
            yield shorten(f"    {page.id}  {page.reason}: {one_line(page.title)}", width)
            yield shorten(f"           {one_line(page.url)}", width)
    for ids, what in (
        (changes.gained, "articles that were none before"),
        (changes.entered, "articles come into the corpus"),
        (changes.left, "articles leave the corpus"),
    ):
        if ids:
            yield f"  {len(ids):,} {what}: {' '.join(ids[:SHOWN])}{' …' if len(ids) > SHOWN else ''}"


def _example(one: Example, width: int) -> Iterator[str]:
    """The article, and what it had and has, each cut to its half of the line where both are long."""
    yield shorten(f"    {one.id}  {one_line(one.title)}", width)
    before, after = one_line(one.before), one_line(one.after)
    room = width - 11 - 3
    half = room // 2
    left = shorten(before, max(half, room - cells(after)))
    yield f"           {left} → {shorten(after, room - cells(left))}"


def _kinds(kinds: Mapping[str, int]) -> str:
    ranked = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{number:,} {kind}" for kind, number in ranked[:KINDS])
    return f"{shown}, …" if len(ranked) > KINDS else shown


def _reason(reason: str) -> str:
    return "now one with another" if reason.startswith("now one with") else reason
