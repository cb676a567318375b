from __future__ import annotations

import gzip
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archive import OPEN_SUFFIX, Archive
from index.archive.warc import Damage, payload_digest, read_file, whole_members
from index.capture import Capture, Listing
from index.errors import ArchiveError, DiskFullError

NOON = datetime(2023, 2, 4, 12, 0, 0, tzinfo=UTC)


def make_capture(
    url: str = "https://prairie-courier.example/a", body: bytes = b"<p>hello</p>"
) -> Capture:
    return Capture(
        url=url,
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=body,
        fetched=NOON,
        listing=Listing(channel="feed", source="https://prairie-courier.example/rss"),
        request_headers=(("User-Agent", "pressclip/0.1"),),
        ip="192.0.2.1",
    )


def closed_file(folder: Path) -> Path:
    [path] = folder.rglob("*.warc.gz")
    return path


def test_an_appended_capture_is_read_back_by_its_reference(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        stored = archive.append(make_capture())
        assert stored.ref is not None
        assert archive.read(stored.ref).body == b"<p>hello</p>"
    with Archive(tmp_path) as archive:
        again = archive.read(stored.ref)
    assert (again.url, again.status, again.fetched, again.ip) == (
        stored.url,
        200,
        NOON,
        "192.0.2.1",
    )
    assert again.listing == stored.listing


def test_captures_come_back_in_the_order_they_were_written(tmp_path: Path) -> None:
    urls = [f"https://prairie-courier.example/{number}" for number in range(5)]
    with Archive(tmp_path, max_file=2000) as archive:
        refs = [archive.append(make_capture(url)).ref for url in urls]
    assert len(list(tmp_path.rglob("*.warc.gz"))) > 1
    found = [item for item in Archive(tmp_path).captures() if isinstance(item, Capture)]
    assert [item.url for item in found] == urls
    assert [item.ref for item in found] == refs


def test_only_captures_past_the_known_end_are_read_again(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        first = archive.append(make_capture("https://prairie-courier.example/1")).ref
        archive.append(make_capture("https://prairie-courier.example/2"))
    assert first is not None
    rest = list(Archive(tmp_path).captures(after={first.file: first.offset + first.length}))
    assert [item.url for item in rest if isinstance(item, Capture)] == [
        "https://prairie-courier.example/2"
    ]


def test_the_payload_is_kept_as_it_came_over_the_wire(tmp_path: Path) -> None:
    import gzip

    wire = gzip.compress(b"<p>packed</p>")
    capture = make_capture(body=b"<p>packed</p>")
    coded = Capture(
        **{
            **{name: getattr(capture, name) for name in Capture.__slots__},
            "headers": (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")),
        }
    )
    with Archive(tmp_path) as archive:
        ref = archive.append(coded, wire=wire).ref
        assert ref is not None
        assert ref.digest == payload_digest(wire)
        assert archive.read(ref).body == b"<p>packed</p>"


@pytest.mark.parametrize("tool", ["warcio", "fastwarc"])
def test_other_tools_find_every_record_whole(tmp_path: Path, tool: str) -> None:
    with Archive(tmp_path) as archive:
        for number in range(3):
            archive.append(make_capture(f"https://prairie-courier.example/{number}"))
    command = Path(sys.executable).with_name(tool)
    if not command.exists():
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run([command, "check", closed_file(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "fail" not in done.stdout.lower()


@pytest.mark.parametrize("lost", [1, 7, 200], ids=["one-byte", "trailer", "most-of-it"])
def test_a_torn_file_keeps_its_whole_records(tmp_path: Path, lost: int) -> None:
    with Archive(tmp_path / "alive") as archive:
        archive.append(make_capture("https://prairie-courier.example/1"))
        archive.append(make_capture("https://prairie-courier.example/2"))
        [alive] = (tmp_path / "alive").rglob("*" + OPEN_SUFFIX)
        torn = tmp_path / "killed" / alive.name
        torn.parent.mkdir()
        torn.write_bytes(alive.read_bytes()[:-lost])
    with Archive(tmp_path / "killed") as later:
        assert later.recover() == [alive.name.removesuffix(OPEN_SUFFIX)]
        found = list(later.captures())
        closed = closed_file(tmp_path / "killed")
        assert whole_members(closed) == closed.stat().st_size
    assert not [item for item in found if isinstance(item, Damage)]
    assert found[0].url == "https://prairie-courier.example/1"  # type: ignore[union-attr]


def test_of_a_write_that_fails_nothing_is_left(tmp_path: Path) -> None:
    """The disk takes a part of a record and no more; then there is room again."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Archive(tmp_path) as archive:
        archive.append(make_capture("https://prairie-courier.example/1"))
        [path] = tmp_path.rglob("*" + OPEN_SUFFIX)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100, most))
        try:
            with pytest.raises(DiskFullError):
                archive.append(make_capture("https://prairie-courier.example/2"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        assert whole_members(path) == path.stat().st_size
        archive.append(make_capture("https://prairie-courier.example/3"))
    found = list(Archive(tmp_path).captures())
    assert [one.url[-1] for one in found if isinstance(one, Capture)] == ["1", "3"]
    assert len(found) == 2


def test_damage_in_the_middle_costs_that_record_only(tmp_path: Path) -> None:
    with Archive(tmp_path) as archive:
        refs = [
            archive.append(make_capture(f"https://prairie-courier.example/{number}")).ref
            for number in range(3)
        ]
    path = closed_file(tmp_path)
    middle = refs[1]
    assert middle is not None
    data = bytearray(path.read_bytes())
    data[middle.offset + 30 : middle.offset + 60] = bytes(30)
    path.write_bytes(data)
    found = list(Archive(tmp_path).captures())
    urls = [item.url for item in found if isinstance(item, Capture)]
    assert urls == ["https://prairie-courier.example/0", "https://prairie-courier.example/2"]
    assert any(isinstance(item, Damage) for item in found)
    with pytest.raises(ArchiveError, match=r"offset \d+"):
        Archive(tmp_path).read(middle)


def test_a_payload_that_was_changed_is_not_taken_for_the_one_that_was_stored(
    tmp_path: Path,
) -> None:
    with Archive(tmp_path) as archive:
        ref = archive.append(make_capture()).ref
    assert ref is not None
    path = closed_file(tmp_path)
    data = path.read_bytes()
    member = gzip.decompress(data[ref.offset : ref.offset + ref.length])
    forged = gzip.compress(member.replace(b"hello", b"hullo"))
    path.write_bytes(data[: ref.offset] + forged + data[ref.offset + ref.length :])
    [damage] = [item for item in Archive(tmp_path).captures() if isinstance(item, Damage)]
    assert damage.reason == "the payload is not what its digest says"
    with pytest.raises(ArchiveError):
        Archive(tmp_path).read(ref)


# Found by bench/drills/fuzz_inputs.py.
ENDLESS = (
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: 22222222222222222222236\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"
)


@pytest.mark.parametrize(
    "content",
    [b"", b"not a WARC", b"\x1f\x8b\x08" + bytes(40), ENDLESS],
    ids=["empty", "text", "bad-gzip", "length"],
)
def test_a_file_that_is_no_warc_yields_no_capture_and_no_exception(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    assert not [item for item in read_file(path, name=path.name) if isinstance(item, Capture)]


def test_a_missing_file_is_an_archive_error(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="No such file"):
        list(read_file(tmp_path / "none.warc.gz", name="none.warc.gz"))


@settings(max_examples=30, deadline=None)
@given(
    title=st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    summary=st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    body=st.binary(max_size=300),
)
def test_any_listing_and_body_survive_the_archive(
    tmp_path_factory: pytest.TempPathFactory, title: str, summary: str, body: bytes
) -> None:
    folder = tmp_path_factory.mktemp("archive")
    listing = Listing(channel="feed", title=title, summary=summary, published="Sat, 04 Feb 2023")
    capture = Capture(
        url="https://prairie-courier.example/é?q=1%20",
        status=200,
        headers=(),
        body=body,
        fetched=NOON,
        listing=listing,
    )
    with Archive(folder) as archive:
        stored = archive.append(capture)
        assert stored.ref is not None
        again = archive.read(stored.ref)
    assert (again.body, again.listing) == (body, listing)


def test_of_a_withheld_capture_the_archive_has_headers_and_digest_only(tmp_path: Path) -> None:
    capture = Capture(
        url="https://prairie-courier.example/unkept",
        status=200,
        headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip")),
        body=b"not to be kept",
        fetched=NOON,
        listing=Listing(channel="feed", title="Unkept"),
        withheld="noarchive",
    )
    with Archive(tmp_path) as archive:
        stored = archive.append(capture)
        assert stored.ref is not None
        assert stored.ref.digest == payload_digest(capture.body)
        again = archive.read(stored.ref)
    assert (again.body, again.withheld, again.listing) == (b"", "noarchive", capture.listing)
    assert again.header("Content-Type") == "text/html"
    [path] = tmp_path.rglob("*.warc.gz")
    assert b"not to be kept" not in gzip.decompress(path.read_bytes())
