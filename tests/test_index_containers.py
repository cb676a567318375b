"""Archives of other tools, however packed and damaged, are read as the captures that are in them."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive.containers import Passed, Revisit, read_container
from index.archive.zstandard import zstd
from index.capture import Capture
from tests.containers import CASES, damage, names, packed, page, read, record, response

URL = "http://selwyn-gazette.example/2023/02/04/airship-drifts-over-harbour"
# As in truth.tsv of the set that they are from: how many pages each has.
PAGES = {
    "browsertrix.warc.gz": 1, "ce-zstd.warc.gz": 1, "chunked-gone.warc.gz": 1,
    "chunked-gzip.warc.gz": 1, "chunked-upper.warc.gz": 1, "crlf-missing.warc": 3,
    "double-gz.warc.gz": 2, "http2.warc.gz": 1, "http2dot.warc.gz": 1, "mixed-members.warc.gz": 4,
    "one-1rec.warc.gz": 1, "one-2rec.warc.gz": 1, "onemember.warc.gz": 2, "plain.warc.gz": 1,
    "saved.mhtml": 1, "selwyn.arc": 1, "selwyn.wacz": 1, "trailing-zeros.warc.gz": 1,
    "uncompressed.warc": 1, "uri-raw.warc.gz": 1, "uri-upper.warc.gz": 1, "wet.warc.gz": 0,
    "wget-angle.warc.gz": 1,
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_each_case_yields_its_pages_and_no_damage(name: str) -> None:
    items = list(read_container(CASES / name))
    pages = [item for item in items if isinstance(item, Capture)]
    assert damage(items) == []
    assert len(pages) == PAGES[name]
    assert all(b"white cargo airship" in one.body for one in pages)


def test_every_case_is_in_the_table() -> None:
    assert {path.name for path in CASES.iterdir()} == set(PAGES)


def test_a_text_without_its_page_is_named_as_such() -> None:
    items = list(read_container(CASES / "wet.warc.gz"))
    kinds = [item.kind for item in items if isinstance(item, Passed)]
    assert kinds == ["companion", "conversion"]


def test_a_page_of_an_arc_file_has_its_own_address_and_time() -> None:
    [page] = [one for one in read_container(CASES / "selwyn.arc") if isinstance(one, Capture)]
    assert (page.url, page.fetched) == (URL, datetime(2008, 2, 4, 12, tzinfo=UTC))


THREE = [page("a"), page("b"), page("c")]


@pytest.mark.parametrize(
    "data",
    [
        b"".join(THREE),
        packed(THREE),
        gzip.compress(b"".join(THREE)),
        gzip.compress(packed(THREE)),
        gzip.compress(THREE[0] + THREE[1][:300]) + gzip.compress(THREE[1][300:] + THREE[2]),
        packed(THREE) + bytes(700),
        b"\r\n".join(packed([one]) for one in THREE),
        b"".join(zstd.compress(one) for one in THREE),
        zstd.compress(b"".join(THREE)),
    ],
    ids=[
        "plain", "members", "one-stream", "twice", "cut-anywhere", "padded", "line-ends", "zstd-frames",
        "zstd-stream",
    ],
)  # fmt: skip
def test_however_it_is_packed_the_same_pages_are_in_it(tmp_path: Path, data: bytes) -> None:
    items = read(tmp_path / "x.warc.gz", data)
    assert (names(items), damage(items)) == (["a", "b", "c"], [])


@pytest.mark.parametrize("is_packed", [False, True], ids=["raw", "packed"])
def test_a_zst_file_is_read_with_the_dictionary_that_it_begins_with(
    tmp_path: Path, is_packed: bool
) -> None:
    samples = [page(f"sample-{number}") for number in range(200)]
    dictionary = zstd.train_dict(samples, 4096)
    content = dictionary.dict_content
    content = zstd.compress(content) if is_packed else content
    head = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    frames = [zstd.compress(one, zstd_dict=dictionary) for one in THREE]
    items = read(tmp_path / "x.warc.zst", head + b"".join(frames))
    assert (names(items), damage(items)) == (["a", "b", "c"], [])
    without = read(tmp_path / "y.warc.zst", b"".join(frames))
    assert names(without) == []
    assert damage(without)


def _cut_length(data: bytes) -> bytes:
    return data.replace(THREE[1], THREE[1].replace(b"Content-Length: ", b"Content-Length: 9", 1))


def _short_length(data: bytes) -> bytes:
    length = THREE[1].partition(b"Content-Length: ")[2].partition(b"\r\n")[0]
    return data.replace(THREE[1], THREE[1].replace(length, b"%d" % (int(length) - 40), 1))


def _no_length(data: bytes) -> bytes:
    return data.replace(THREE[1], THREE[1].replace(b"Content-Length", b"Content-Size", 1))


def _no_version(data: bytes) -> bytes:
    return data.replace(THREE[1], b"XARC/1.0" + THREE[1][8:])


@pytest.mark.parametrize("harm", [_cut_length, _short_length, _no_length, _no_version])
def test_a_plain_file_is_read_on_at_the_next_record(
    tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    items = read(tmp_path / "x.warc", harm(b"".join(THREE)))
    assert names(items) == ["a", "c"]
    assert len(damage(items)) == 1


@pytest.mark.parametrize("at", [30, 120, -6], ids=["early", "middle", "checksum"])
def test_of_a_damaged_member_the_others_are_read(tmp_path: Path, at: int) -> None:
    members = [packed([one]) for one in THREE]
    broken = bytearray(members[1])
    broken[at] ^= 0xFF
    items = read(tmp_path / "x.warc.gz", members[0] + bytes(broken) + members[2])
    assert names(items) == ["a", "c"]
    assert len(damage(items)) == 1


@pytest.mark.parametrize("left", [1, 40, 200, 4000])
def test_a_cut_file_yields_its_whole_records_and_says_that_it_is_cut(
    tmp_path: Path, left: int
) -> None:
    whole = packed(THREE[:2])
    items = read(tmp_path / "x.warc.gz", whole + packed(THREE[2:])[:left][:-1])
    assert names(items) == ["a", "b"]
    assert damage(items) == ([] if left == 1 else ["the file is cut short"])


@pytest.mark.parametrize(
    "data", [b"", b"neither this nor that", b"\x1f\x8b\x08" + bytes(40), b"PK\x03\x04" + bytes(60)]
)
def test_what_is_no_archive_is_one_line_of_damage(tmp_path: Path, data: bytes) -> None:
    items = read(tmp_path / "x.bin", data)
    assert len(damage(items)) >= 1
    assert len(items) == len(damage(items))


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("20230204120000", datetime(2023, 2, 4, 12, tzinfo=UTC)),
        ("2023-02-04T13:00:00+01:00", datetime(2023, 2, 4, 12, tzinfo=UTC)),
        ("2023-02-04T12:00:00.5Z", datetime(2023, 2, 4, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2023-02-04", datetime(2023, 2, 4, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_tools_write_them(tmp_path: Path, date: str, expected: datetime) -> None:
    [found] = read(tmp_path / "x.warc", page("a", date=date))
    assert isinstance(found, Capture)
    assert found.fetched == expected


@pytest.mark.parametrize("date", ["1970-01-01T00:00:00Z", "2199-01-01T00:00:00Z", "soon", ""])
def test_a_time_that_cannot_be_is_no_time(tmp_path: Path, date: str) -> None:
    started = datetime.now(UTC)
    [found] = read(tmp_path / "x.warc", page("a", date=date))
    assert isinstance(found, Capture)
    assert found.fetched >= started


def test_unwanted_records_are_passed_over_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(packed([*THREE, page("d", date="2020-01-01T00:00:00Z")]))

    def wanted(url: str, moment: datetime | None) -> str:
        if moment is not None and moment.year < 2023:
            return "other-time"
        return "other-host" if url.endswith("b") else ""

    items = list(read_container(path, wanted=wanted))
    assert names(items) == ["a", "c"]
    kinds = [item.kind for item in items if isinstance(item, Passed)]
    assert sorted(kinds) == ["other-host", "other-time"]


def test_pictures_and_scripts_are_passed_over(tmp_path: Path) -> None:
    kinds = ["image/png", "text/css", "application/javascript", "font/woff2", "video/mp4"]
    records = [
        record("response", "https://a.example/x", response(b"x", {"Content-Type": kind}))
        for kind in kinds
    ]
    items = read(tmp_path / "x.warc.gz", packed([*records, THREE[0]]))
    assert names(items) == ["a"]
    assert [item.kind for item in items if isinstance(item, Passed)] == ["media"] * 5


def test_a_revisit_names_the_page_that_it_repeats(tmp_path: Path) -> None:
    url = "https://selwyn-gazette.example/a"
    named = {"WARC_Refers_To_Target_URI": url, "WARC_Refers_To_Date": "2023-02-04T12:00:00Z"}
    head = response(b"", {"ETag": "x"})
    later = "2023-02-05T12:00:00Z"
    records = [
        page("a", WARC_Payload_Digest="sha1:ABC"),
        record("revisit", url, head, date=later, **named),
        record("revisit", url, head, date=later, WARC_Payload_Digest="sha1:abc"),
        record("revisit", url, head, date=later, WARC_Payload_Digest="sha1:OTHER"),
    ]
    items = read(tmp_path / "x.warc.gz", packed(records))
    revisits = [item for item in items if isinstance(item, Revisit)]
    noon = datetime(2023, 2, 4, 12, tzinfo=UTC)
    assert [(one.original, one.captured) for one in revisits] == [
        (url, noon),
        (url, noon),
        ("", None),
    ]
    assert revisits[0].fetched.day == 5


ARC = (
    b"filedesc://x.arc 0.0.0.0 20080204120000 text/plain 15\n1 0 Archive\nURL\n\n"
    b"http://a.example/one two 192.0.2.7 20080204120000 text/html 42\n"
    b"HTTP/1.1 200 OK\nContent-Type: text/html\n\nx\n\n"
    b"http://a.example/b 192.0.2.7 20080204120001 text/html 200 ABC - 99 x.arc 42\n"
    b"HTTP/1.1 200 OK\nContent-Type: text/html\n\ny\n\n"
)


def test_arc_records_of_both_versions_are_read_on_after_damage(tmp_path: Path) -> None:
    items = read(tmp_path / "x.arc", ARC)
    assert (names(items), damage(items)) == (["one%20two", "b"], [])
    items = read(
        tmp_path / "x.arc.gz", gzip.compress(ARC.replace(b"text/html 42", b"text/html 49"))
    )
    assert (names(items), len(damage(items))) == (["b"], 1)


def _wacz(entries: dict[str, bytes], digest: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, data in entries.items():
            made.writestr(name, data)
        path, first = next(iter(entries.items()))
        digest = digest or sha256(first).hexdigest()
        manifest = f'{{"resources": [{{"path": "{path}", "hash": "sha256:{digest}"}}]}}'
        made.writestr("datapackage.json", manifest)
    return file.getvalue()


def test_one_bad_archive_in_a_wacz_does_not_lose_the_others(tmp_path: Path) -> None:
    entries = {
        "archive/bad.warc.gz": b"\x1f\x8b\x08" + bytes(50),
        "archive/good.warc.gz": packed(THREE),
        "inner.wacz": _wacz({"archive/deep.warc": page("deep")}),
        "pages/pages.jsonl": b"{}",
    }
    items = read(tmp_path / "x.wacz", _wacz(entries))
    assert names(items) == ["a", "b", "c", "deep"]
    assert damage(items)


def test_a_wacz_that_was_changed_is_told(tmp_path: Path) -> None:
    entries = {"archive/a.warc.gz": packed(THREE)}
    items = read(tmp_path / "x.wacz", _wacz(entries, digest="0" * 64))
    assert names(items) == ["a", "b", "c"]
    assert damage(items) == ["it is not what datapackage.json says"]


@pytest.mark.parametrize("cut", [40, 400], ids=["end", "half"])
def test_a_cut_wacz_is_damage(tmp_path: Path, cut: int) -> None:
    items = read(tmp_path / "x.wacz", _wacz({"archive/a.warc.gz": packed(THREE)})[:-cut])
    assert damage(items)[0].startswith("not a whole WACZ")


@settings(max_examples=150)
@given(
    position=st.integers(0, 10_000),
    change=st.binary(max_size=12),
    which=st.sampled_from(["plain", "members", "stream", "zstd", "arc", "wacz", "mhtml"]),
)
def test_no_change_to_a_file_raises_or_makes_up_a_page(
    tmp_path_factory: pytest.TempPathFactory, position: int, change: bytes, which: str
) -> None:
    data = {
        "plain": b"".join(THREE),
        "members": packed(THREE),
        "stream": gzip.compress(b"".join(THREE)),
        "zstd": b"".join(map(zstd.compress, THREE)),
        "arc": ARC,
        "wacz": _wacz({"archive/a.warc.gz": packed(THREE)}),
        "mhtml": (CASES / "saved.mhtml").read_bytes(),
    }[which]
    at = position % len(data)
    changed = data[:at] + change + data[at + len(change) :]
    items = read(tmp_path_factory.mktemp("x") / f"x.{which}", changed)
    assert len(names(items)) <= 3


@pytest.mark.parametrize(
    "data",
    [
        b"WARC/1.0\r\nWARC-Type: response\r\n" * 100_000,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9000000\r\n\r\nx\n" * 50_000,
        b"\x1f\x8b\x08" * 500_000,
        b"filedesc://x 0.0.0.0 20080204120000 text/plain 5\nabcd\n\n"
        + (b"http://a/" + b" 1.1 111111111111" * 250 + b"\n") * 500,
        b"<!-- Page saved with SingleFile " * 3_000,
        b"A: b\n" * 20_000,
    ],
    ids=["no-end", "long", "magic", "arc-lines", "marks", "headers"],
)
def test_bait_takes_no_time(tmp_path: Path, data: bytes) -> None:
    started = time.process_time()
    assert names(read(tmp_path / "bait.warc", data)) == []
    assert time.process_time() - started < 10  # seconds; most take under one
