"""Bodies unpacked: strictly from the wire, leniently from archives of others, the same from our own."""

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.archive.content_encoding import (
    CodingError,
    UnpackedTooLargeError,
    codings_of,
    unpack,
    unpack_leniently,
)
from index.capture import Capture

LIMIT = 2**20


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body, wbits=-15)


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
}
PAGE = b"<html>" + bytes(value % 251 for value in range(300_000)) + b"</html>"


@pytest.mark.parametrize("coding", PACK)
def test_a_sound_body_is_unpacked(coding: str) -> None:
    assert unpack(PACK[coding](PAGE), [coding], LIMIT) == PAGE


def test_deflate_without_its_frame_and_gzip_in_members_are_unpacked() -> None:
    assert unpack(raw_deflate(PAGE), ["deflate"], LIMIT) == PAGE
    assert unpack(gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]), ["gzip"], LIMIT) == PAGE


@pytest.mark.parametrize("coding", PACK)
@pytest.mark.parametrize(
    "spoil", [lambda body: body[:-9], lambda body: body[:40] + bytes(9) + body[49:], lambda _: PAGE],
    ids=["cut", "corrupt", "false"],
)  # fmt: skip
def test_an_unsound_body_is_an_error(coding: str, spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(CodingError):
        unpack(spoil(PACK[coding](PAGE)), [coding], LIMIT)


@pytest.mark.parametrize("coding", PACK)
def test_a_bomb_is_stopped_at_the_limit(coding: str) -> None:
    bomb = PACK[coding](bytes(50 * LIMIT))
    tracemalloc.start()
    with pytest.raises(UnpackedTooLargeError):
        unpack(bomb, [coding], LIMIT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * LIMIT
    assert len(unpack_leniently(bomb, [coding], LIMIT)) <= LIMIT


@pytest.mark.parametrize(
    "codings", [["rot13"], ["zstd"], ["gzip", "zstd"], ["gzip", "gzip", "gzip"]], ids=", ".join
)
def test_what_we_cannot_undo_is_an_error(codings: list[str]) -> None:
    body = PAGE
    for coding in codings:
        body = PACK.get(coding, bytes)(body)
    with pytest.raises(CodingError):
        unpack(body, codings, LIMIT)


def test_a_payload_that_was_archived_unpacked_is_taken_as_it_is() -> None:
    assert unpack_leniently(PAGE, ["gzip"], LIMIT) == PAGE
    assert unpack_leniently(PAGE, ["rot13"], LIMIT) == PAGE


def test_the_header_is_read_in_any_spelling() -> None:
    assert codings_of(" GZIP ,identity,, br") == ["gzip", "br"]


@given(body=st.binary(max_size=200), codings=st.lists(st.sampled_from([*PACK, "x"]), max_size=3))
def test_no_body_raises_anything_else(body: bytes, codings: list[str]) -> None:
    unpack_leniently(body, codings, 1000)
    with contextlib.suppress(CodingError):
        assert len(unpack(body, codings, 1000)) <= 1000


@pytest.mark.parametrize(
    "codings", [["br"], ["br", "gzip"], ["gzip", "gzip"], ["deflate"], ["gzip"]]
)
def test_every_coding_survives_the_archive(tmp_path: Path, codings: list[str]) -> None:
    wire = PAGE
    for coding in codings:
        wire = PACK[coding](wire)
    with Archive(tmp_path) as archive:
        archive.append(
            Capture(
                url="https://prairie-courier.example/2023/02/balloon",
                status=200,
                headers=(("Content-Type", "text/html"), ("Content-Encoding", ", ".join(codings))),
                body=PAGE,
                fetched=datetime(2023, 2, 2, tzinfo=UTC),
            ),
            wire=wire,
        )
    (read,) = Archive(tmp_path).captures()
    assert isinstance(read, Capture)
    assert read.body == PAGE
