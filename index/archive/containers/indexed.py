"""An archive read by its index: what is wanted, and what the index does not list; the rest is jumped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import IO

from index.archive.containers import records_in
from index.archive.containers.foreign_records import CaptureReader, Digests, Item
from index.archive.containers.index_lines import records_of
from index.archive.containers.jumps import (
    IndexFaultError,
    JumpingFile,
    Stretch,
    reasons_of,
    stretches_of,
)
from index.archive.containers.values import COMPANION, WRONG_INDEX, Passed, Place, Revisit, Wanted
from index.archive.containers.warc_records import Record, Torn
from index.archive.containers.zstd_stream import DICTIONARY_MAGIC
from index.archive.warc.reader import MAX_BODY
from index.capture import Capture
from index.errors import ArchiveError


def read_indexed(
    file: IO[bytes],
    name: str,
    index: Iterable[str],
    *,
    wanted: Wanted,
    digests: Digests,
    place: Place,
    held: bytes,
) -> Iterator[Item]:
    """What is in a WARC or ARC, from where the file stood before `held` was read of it.

    Where its index does not fit, it is read whole. That is reported by an item `wrong-index`; what was
    yielded by then is not yielded again.
    """
    start = file.tell() - len(held)
    is_remote = not hasattr(file, "fileno")
    given: set[int] = set()
    told: list[Stretch] = []  # whose records were yielded
    reader = CaptureReader(name, most=MAX_BODY, wanted=wanted, digests=digests, place=place)
    try:
        if held.startswith(DICTIONARY_MAGIC):
            raise IndexFaultError(start, "no record can be checked without the dictionary")
        stretches, listed = stretches_of(
            records_of(index, name), wanted, start=start, joined=is_remote
        )
        if not listed:
            raise IndexFaultError(0, "it lists nothing of it")
        jumping = JumpingFile(file, stretches, start, held=held)
        for item in reader.items(_at_their_places(jumping, name, reader)):
            is_page = isinstance(item, Capture | Revisit)
            if is_page and told and is_remote and start + place.offset not in listed:
                raise IndexFaultError(start + place.offset, "a page there is not listed")
            if not (isinstance(item, Passed) and item.kind == COMPANION):
                given.add(place.offset)
            yield item
            new = jumping.jumped[len(told) :]
            told += new
            yield from _passed(new)
        yield from _passed(jumping.jumped[len(told) :])
        return
    except (IndexFaultError, ArchiveError) as error:
        at = f"{error.reason} (offset {error.offset})" if isinstance(error, IndexFaultError) else ""
        yield Passed(kind=WRONG_INDEX, url=at or str(error))
    file.seek(start)
    reader = CaptureReader(name, most=MAX_BODY, wanted=wanted, digests=digests, place=place)
    yield from _rest(file, name, reader, place, given=given, told=told)


def _rest(
    file: IO[bytes],
    name: str,
    reader: CaptureReader,
    place: Place,
    *,
    given: Container[int],
    told: Iterable[Stretch],
) -> Iterator[Item]:
    """What is in the whole archive, without what is at the places `given` and was `told` as jumped."""
    jumped = Counter(url for _, url in reasons_of(told))
    for item in reader.items(records_in(file, name, wants=reader.wants)):
        if isinstance(item, Passed) and item.kind != COMPANION and jumped[item.url] > 0:
            jumped[item.url] -= 1
        elif place.offset not in given:
            yield item


def _passed(stretches: Iterable[Stretch]) -> Iterator[Item]:
    return (Passed(kind=reason, url=url) for reason, url in reasons_of(stretches))


def _at_their_places(
    jumping: JumpingFile, name: str, reader: CaptureReader
) -> Iterator[Record | Torn]:
    """The records of what is not jumped, each with its place in the file."""
    for record in records_in(jumping, name, wants=reader.wants):
        yield replace(record, offset=jumping.place_of(record.offset))
