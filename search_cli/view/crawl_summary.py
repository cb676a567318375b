"""The result of a crawl, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from index.text.wording import counted

if TYPE_CHECKING:
    from crawler.ingest.outcome import Outcome

# What the records of imported files are called, in the order they are told.
READ = (("pages", "page"), ("revisits", "revisit"))
PASSED_OVER = (
    ("media", "record", "of pictures, styles and scripts"),
    ("other-host", "record", "of other outlets"),
    ("other-time", "record", "captured before --since"),
    ("other-address", "record", "whose address is not http"),
    ("conversion", "record", "of text without its page (conversion)"),
    ("segment", "record", "that goes on in others"),
    ("wrong-index", "file", "whose index does not fit (read whole)"),
    ("read-before", "file", "read to its end by an earlier run"),
    ("unresolved", "revisit", "whose page is in none of the files, nor in the archive"),
)
SHOWN = 8  # outlets and sites that are named


def summary_lines(outcome: Outcome) -> Iterator[str]:
    """Lines on what was kept, what was refused and why, and what to do next."""
    counts = outcome.counts
    yield f"{outcome.command}: {' · '.join(_parts(outcome))}"
    yield from _records(outcome.records)
    if outcome.refused:
        yield "  not articles: " + _spell(outcome.refused)
    if outcome.failed:
        yield "  not fetched:  " + _spell(outcome.failed)
    damaged, empty = counts.get("damaged", 0), counts.get("no-captures", 0)
    if damaged or empty:
        parts = [counted(damaged, "record")] if damaged else []
        parts += [counted(empty, "file") + " without a page"] if empty else []
        yield f"  unreadable:   {', '.join(parts)}"
    if outcome.ailing:
        yield f"  needs attention: {_some(outcome.ailing)}"
    if resting := counts.get("resting", 0):
        yield f"  paused:       {counted(resting, 'list')} of hosts that failed before"
    if outcome.spent:
        yield f"  page budget:  {_some(outcome.spent)} (these list more pages than one run takes)"
    if outcome.waiting:
        yield f"  waiting for the next run: {counted(outcome.waiting, 'page')}"
    if outcome.stopped:
        yield "stopped; everything fetched so far is kept\nnext: pressclip crawl   (continues)"
    elif outcome.code == 4:
        yield "nothing was fetched; see: pressclip status"
    else:
        yield "next: pressclip search QUERY   or  pressclip status"


def _records(records: Mapping[str, int]) -> Iterator[str]:
    """What was in imported files, and what of it was passed over and why."""
    if read := [counted(records[kind], word) for kind, word in READ if records.get(kind)]:
        yield f"  in the files: {', '.join(read)}"
    for kind, noun, words in PASSED_OVER:
        if number := records.get(kind):
            yield f"  skipped:      {counted(number, noun)} {words}"


def _parts(outcome: Outcome) -> Iterator[str]:
    counts, held = outcome.counts, outcome.held
    yield f"{counted(held['articles'], 'article')} ({counted(held['texts'], 'text')}) in the corpus"
    if new := counts.get("new", 0):
        yield f"+{new:,} read"
    for code in ("edited", "removed", "unchanged", "known", *outcome.verdicts):
        if number := counts.get(code, 0):
            yield f"{number:,} {code}"
    read, failed = counts.get("lists", 0), counts.get("lists-failed", 0)
    if read or failed:
        yield f"{counted(read, 'list')} read, {failed} failed"


def _some(names: Sequence[str]) -> str:
    return f"{', '.join(names[:SHOWN])}{' …' if len(names) > SHOWN else ''}"


def _spell(found: Sequence[tuple[str, int]]) -> str:
    return ", ".join(f"{code} {number:,}" for code, number in found)
