"""The plan and the result of a backfill, source by source, and the outlets that it proposes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.text.wording import counted

if TYPE_CHECKING:
    from crawler.backfill.density import CaptureDensity
    from crawler.planning.backfill_plan import BackfillPlan
    from index.store.backfill import SourceCount

SHOWN = 6  # outlets that are named
WIDTH = 80  # columns


def outlay_lines(plan: BackfillPlan) -> Iterator[str]:
    """What a backfill would cost, a line for each source."""
    yield f"{plan.story} · {plan.first}..{plan.last}"
    for one in plan.outlays:
        if not one.requests:
            early = one.since and plan.last < one.since
            why = f"has nothing before {one.since}" if early else "nothing to ask about these days"
            yield f"  {one.source:<13}{why}"
            continue
        at_least = "at least " if one.more else "about "
        yield (
            f"  {one.source:<13}{at_least}{counted(one.requests, 'request')}"
            f" · {one.megabytes:,.1f} MB · {one.minutes:,.0f} min"
        )
    yield "  pages         as many as look relevant, the best first; see --limit and --budget"
    yield "Nothing was fetched. Run without --dry-run to start."


def density_line(density: CaptureDensity) -> str:
    """One line on how densely the articles were captured."""
    return (
        f"captures of {counted(density.articles, 'article')}: usually"
        f" {counted(density.captures, 'capture')} in {counted(density.days, 'day')};"
        "\n  edits between them are not seen"
    )


def source_lines(sources: Sequence[SourceCount]) -> Iterator[str]:
    """A line for each source: its requests, its answers, and how many of them looked like coverage."""
    width = max((len(one.source) for one in sources), default=0)
    for one in sources:
        parts = [f"{one.answered:,} of {counted(one.asked, 'request')} answered"]
        parts += [f"{one.records:,} records"] if one.records else []
        parts += [f"{one.candidates:,} promising, {one.wanted:,} of them new"]
        parts += [f"{one.refused:,} failed"] if one.refused else []
        parts += [f"{one.planned:,} left for the next run"] if one.planned else []
        yield from joined_lines(f"  {one.source:<{width}}  ", parts)


def proposal_lines(proposed: Sequence[tuple[str, int]], story: str) -> Iterator[str]:
    """The outlets with most coverage, and how to add them."""
    if not proposed:
        return
    yield "outlets with most coverage, not in outlets.toml:"
    yield from joined_lines(
        "  ", [f"{outlet} {number}" for outlet, number in proposed[:SHOWN]], ", "
    )
    yield f"add them all: pressclip backfill {story} --add-outlets"
    yield "or one:       pressclip outlet add URL"


def joined_lines(head: str, parts: Sequence[str], joint: str = " · ") -> Iterator[str]:
    """The parts behind a head, joined, in as many lines of `WIDTH` columns as they need.

    What follows the first line is under its parts; a part is never broken.
    """
    line, is_empty = head, True
    for number, part in enumerate(parts):
        end = joint.rstrip() if number < len(parts) - 1 else ""
        if not is_empty and len(line) + len(part) + len(end) > WIDTH:
            yield line.rstrip()
            line = " " * len(head)
        line += part + (joint if end else "")
        is_empty = False
    yield line.rstrip()
