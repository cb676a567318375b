"""What a backfill came to, source by source, and the outlets that it proposes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.text.wording import counted

if TYPE_CHECKING:
    from index.store.backfill import SourceCount

SHOWN = 6  # outlets that are named


def source_lines(sources: Sequence[SourceCount]) -> Iterator[str]:
    """A line for each source: what it was asked, and what of its answers promised to be coverage."""
    width = max((len(one.source) for one in sources), default=0)
    for one in sources:
        parts = [f"{one.answered:,} of {counted(one.asked, 'request')} answered"]
        parts += [f"{one.records:,} records"] if one.records else []
        parts += [f"{one.candidates:,} promising, {one.wanted:,} of them new"]
        parts += [f"{one.refused:,} failed"] if one.refused else []
        parts += [f"{one.planned:,} left for the next run"] if one.planned else []
        yield f"  {one.source:<{width}}  {' · '.join(parts)}"


def proposal_lines(proposed: Sequence[tuple[str, int]], story: str) -> Iterator[str]:
    """The outlets that had most of the story, and how to take them in."""
    if not proposed:
        return
    named = ", ".join(f"{outlet} {number}" for outlet, number in proposed[:SHOWN])
    yield f"outlets with most of it that outlets.toml does not name: {named}"
    yield f"take them in: pressclip backfill {story} --add-outlets   or  pressclip outlet add URL"
