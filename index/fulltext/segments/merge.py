"""Which segments to merge, and merging them block by block, without reading an article again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge as merge_sorted
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from index.fulltext.segments.dictionary import TermInfo
from index.fulltext.segments.layout import Layout
from index.fulltext.segments.lengths import LENGTHS
from index.fulltext.segments.postings import PostingBlock
from index.fulltext.segments.reader import Segment
from index.fulltext.segments.toc import SegmentRecord
from index.fulltext.segments.writer import Rows, TermPostings, write_segment

FACTOR = 8  # segments of one tier that become one of the next
LARGE = 4000  # documents; a segment above it is merged only when many of its documents are gone
WASTE = 0.25  # the share of struck-out documents above which a segment is rewritten

_Entry = tuple[bytes, int, TermInfo]


def choose(records: Sequence[SegmentRecord]) -> list[SegmentRecord]:
    """The records of segments to merge into one now; empty when nothing is due.

    Tiers by powers of `FACTOR`, as of Lucene's log merge policy: every document is rewritten a few
    times in its life, however many small additions come. What is past stays among itself.
    """
    newest = [record for record in records if not record.past]
    return _choose(newest) or _choose([record for record in records if record.past])


def _choose(records: Sequence[SegmentRecord]) -> list[SegmentRecord]:
    wasteful = [record for record in records if record.waste > WASTE]
    if wasteful:
        return wasteful
    tiers: dict[int, list[SegmentRecord]] = {}
    for record in records:
        if record.live < LARGE:
            tiers.setdefault(_tier(record.live), []).append(record)
    full = [members for members in tiers.values() if len(members) >= FACTOR]
    return min(full, key=lambda members: sum(record.live for record in members), default=[])


def merge(folder: Path, records: Sequence[SegmentRecord], layout: Layout) -> SegmentRecord | None:
    """Write one segment with the live documents of several; None when there are none.

    Raises `OSError`, and what a damaged segment raises.
    """
    segments = [Segment(folder, record) for record in records]
    maps = _number_anew(segments)
    rows = _merge_rows(segments, layout)
    if not rows.count:
        return None
    merged = write_segment(folder, rows, _merge_fields(segments, maps, layout))
    return replace(merged, past=records[0].past)


def _tier(documents: int) -> int:
    tier = 0
    while documents >= FACTOR:
        documents //= FACTOR
        tier += 1
    return tier


def _number_anew(segments: Sequence[Segment]) -> list[dict[int, int]]:
    """For each segment, old number → number in the merged one; struck-out documents are missing."""
    maps = []
    base = 0
    for segment in segments:
        live = sorted(segment.documents)
        maps.append(dict(zip(live, range(base, base + len(live)), strict=True)))
        base += len(live)
    return maps


def _merge_rows(segments: Sequence[Segment], layout: Layout) -> Rows:
    rows = Rows(layout)
    for segment in segments:
        live = sorted(segment.documents)
        rows.count += len(live)
        for form, root in segment.roots.pairs():
            rows.roots.setdefault(root.partition(":")[0], {})[form] = root
        for name in layout.measured:
            lengths = segment.length_bytes(name)
            kept = bytes(lengths[document] for document in live)
            rows.lengths[name] += kept
            whole = len(live) == segment.count
            rows.totals[name] += (
                segment.total_length(name) if whole else sum(map(LENGTHS.__getitem__, kept))
            )
        for name, code in layout.numbers.items():
            rows.numbers[name] += map(segment.numbers(name, code).__getitem__, live)
        for name in layout.names:
            rows.names[name] += map(segment.names(name).__getitem__, live)
    return rows


def _merge_fields(
    segments: Sequence[Segment], maps: Sequence[dict[int, int]], layout: Layout
) -> Iterator[tuple[str, Iterator[TermPostings]]]:
    for name in sorted(layout.terms):
        sources = [_entries(segment, name, number) for number, segment in enumerate(segments)]
        yield name, _merge_terms(segments, maps, sources)


def _merge_terms(
    segments: Sequence[Segment],
    maps: Sequence[dict[int, int]],
    sources: Iterable[Iterator[_Entry]],
) -> Iterator[TermPostings]:
    for text, entries in groupby(merge_sorted(*sources, key=itemgetter(0)), key=itemgetter(0)):
        documents, weights, values = _merge_term(segments, maps, entries)
        if documents:
            yield TermPostings(text, documents, weights, values or None)


def _entries(segment: Segment, field: str, number: int) -> Iterator[_Entry]:
    for text, info in segment.terms.items(field):
        yield text, number, info


def _merge_term(
    segments: Sequence[Segment], maps: Sequence[dict[int, int]], entries: Iterable[_Entry]
) -> tuple[list[int], list[float], list[bytes]]:
    documents: list[int] = []
    weights: list[float] = []
    values: list[bytes] = []
    for _, number, info in entries:
        for block in segments[number].blocks(info):
            rows = _live_rows(block, maps[number])
            documents += rows[0]
            weights += rows[1]
            values += rows[2]
    return documents, weights, values


def _live_rows(
    block: PostingBlock, numbers: dict[int, int]
) -> tuple[list[int], Sequence[float], Sequence[bytes]]:
    if all(document in numbers for document in block.documents):
        return [numbers[document] for document in block.documents], block.weights, block.values
    live = [row for row, document in enumerate(block.documents) if document in numbers]
    return (
        [numbers[block.documents[row]] for row in live],
        [block.weights[row] for row in live],
        [block.values[row] for row in live] if block.values else (),
    )
