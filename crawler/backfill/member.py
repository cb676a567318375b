"""One record of a WARC file, had as a range of its bytes: the page that it holds, as a capture."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from crawler.refusal import Refusal
from index.archive.containers import read_stream
from index.article import isoformat
from index.capture import Capture, Listing
from index.store.backfill import KnownCopy


def read_member(body: bytes, copy: KnownCopy, listing: Listing) -> Capture | Refusal:
    """The capture in a gzip member; a refusal `no-record` when there is none."""
    found = next(iter(read_stream(BytesIO(body), "member.warc.gz")), None)
    if not isinstance(found, Capture):
        return Refusal(code="no-record", detail="the bytes are no WARC record")
    return of_archive(found, copy, listing)


def of_archive(found: Capture, copy: KnownCopy, listing: Listing) -> Capture:
    """A capture out of somebody's WARC file as a copy that says where it is from."""
    return replace(
        found,
        listing=replace(
            listing,
            url=copy.url,
            copy_of=found.url,
            captured=isoformat(found.fetched) or "",
            archive_source=copy.address,
        ),
    )
