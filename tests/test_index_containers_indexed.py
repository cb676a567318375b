"""Records that are not wanted are jumped by an index, unread; a wrong index is said and loses nothing."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from index.archive.containers import Item, Passed, read_container, read_stream
from index.archive.containers.index_lines import index_beside, lines_of
from index.archive.zstandard import zstd
from tests.containers import CASES, names, record, response

NAMES = [f"{letter}{number}" for number in range(8) for letter in "ab"]
STAMP = "20230204120000"


def url(name: str) -> str:
    return f"https://{name[0]}.example/{name}"


def page(name: str) -> bytes:
    body = random.Random(name).randbytes(20_000).hex().encode()
    return record("response", url(name), response(body))


def request(name: str) -> bytes:
    return record("request", url(name), b"GET / HTTP/1.1\r\n\r\n")


def wants_a(address: str, moment: datetime | None) -> str:
    del moment
    return "" if address.startswith("https://a.") else "other-host"


PACKS = {"plain": bytes, "gzip": lambda data: gzip.compress(data, mtime=0), "zstd": zstd.compress}


def archive(pack: str, *, requests: bool = True) -> tuple[bytes, list[str]]:
    """An archive of pages of two outlets in turn, and its index."""
    data, lines = b"", []
    for name in NAMES:
        packed = PACKS[pack](page(name))
        said = {
            "url": url(name),
            "offset": str(len(data)),
            "length": str(len(packed)),
            "filename": "x",
        }
        lines.append(f"example,{name[0]})/{name} {STAMP} {json.dumps(said)}")
        data += packed + (PACKS[pack](request(name)) if requests else b"")
    return data, lines


class Remote:
    """A file of the web as the reader sees it; counts what is read of it."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)
        self.sent = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self.sent += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def read(data: bytes, lines: Iterable[str] | None) -> tuple[list[Item], int]:
    file = Remote(data)
    items = list(read_stream(file, "x", wanted=wants_a, index=lines))  # type: ignore[arg-type]
    return items, file.sent


def kinds(items: Iterable[Item], kind: str) -> list[str]:
    return [item.url for item in items if isinstance(item, Passed) and item.kind == kind]


@pytest.mark.parametrize("pack", PACKS)
def test_with_an_index_the_same_comes_of_fewer_bytes(pack: str) -> None:
    data, lines = archive(pack)
    without, all_bytes = read(data, None)
    items, sent = read(data, random.Random(1).sample(lines, len(lines)))
    assert names(items) == names(without) == [name for name in NAMES if name[0] == "a"]
    assert len(kinds(items, "other-host")) == 8
    assert not kinds(items, "wrong-index")
    if pack != "zstd":  # whose first block is read to see what it is
        assert sent < 0.75 * all_bytes


def test_unwanted_neighbours_of_an_address_are_jumped_in_one() -> None:
    def wants_one(address: str, moment: datetime | None) -> str:
        del moment
        return "" if address.endswith("/a3") else "other-host"

    data, lines = archive("gzip")
    file = Remote(data)
    items = list(read_stream(file, "x", wanted=wants_one, index=lines))  # type: ignore[arg-type]
    assert (names(items), len(kinds(items, "other-host"))) == (["a3"], 15)
    assert file.sent < 2 * len(data) / len(NAMES)


def test_a_file_whose_records_need_a_dictionary_is_read_whole() -> None:
    dictionary = zstd.train_dict([page(name) for name in NAMES] * 9, 4096)
    content = dictionary.dict_content
    data = b"\x5d\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content
    lines = []
    for name in NAMES:
        frame = zstd.compress(page(name), zstd_dict=dictionary)
        said = {"url": url(name), "offset": len(data), "length": len(frame)}
        lines.append(f"k {STAMP} {json.dumps(said)}")
        data += frame
    items, _ = read(data, lines)
    assert names(items) == [name for name in NAMES if name[0] == "a"]
    assert len(kinds(items, "wrong-index")) == 1


def test_pages_that_the_index_does_not_list_are_read() -> None:
    data, lines = archive("gzip", requests=False)
    items, _ = read(data, [line for line in lines if "/a2 " not in line])
    assert sorted(names(items)) == [name for name in NAMES if name[0] == "a"]


def shifted(lines: list[str], by: int) -> Iterator[str]:
    for line in lines:
        head, _, said = line.partition("{")
        values = json.loads("{" + said)
        yield head + json.dumps({**values, "offset": int(values["offset"]) + by})


def swapped(lines: list[str], by: int) -> Iterator[str]:
    """An index that calls every page another one's name."""
    for number, line in enumerate(lines):
        values = json.loads(line[line.index("{") :])
        other = NAMES[(number + by) % len(NAMES)]
        yield f"k {STAMP} " + json.dumps({**values, "url": url(other)})


def shortened(lines: list[str], by: int) -> Iterator[str]:
    for line in lines:
        values = json.loads(line[line.index("{") :])
        yield f"k {STAMP} " + json.dumps({**values, "length": int(values["length"]) - by})


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda lines: shifted(lines, 7), id="moved a little"),
        pytest.param(lambda lines: shifted(lines, 100_000), id="of another file"),
        pytest.param(lambda lines: swapped(lines, 1), id="other addresses"),
        pytest.param(lambda lines: shortened(lines, 40), id="too short"),
        pytest.param(lambda lines: shifted(lines[:-1] + lines[-1:], 0), id="right"),
        pytest.param(lambda lines: [*lines, lines[3].replace('"length": "', '"length": "9')], id="overlap"),
        pytest.param(lambda lines: ["no line of an index"], id="no index"),
    ],
)  # fmt: skip
def test_a_wrong_index_is_said_and_every_page_comes_once(
    pack: str, wrong: object, request: pytest.FixtureRequest
) -> None:
    data, lines = archive(pack)
    items, _ = read(data, wrong(lines))  # type: ignore[operator]
    assert sorted(names(items)) == [name for name in NAMES if name[0] == "a"]
    assert len(kinds(items, "other-host")) == 8
    is_right = "right" in request.node.callspec.id
    assert len(kinds(items, "wrong-index")) == (0 if is_right else 1)


def test_an_index_beside_a_file_is_found_and_columns_are_read(tmp_path: Path) -> None:
    data, lines = archive("gzip")
    path = tmp_path / "x.warc.gz"
    path.write_bytes(data)
    said = [json.loads(line[line.index("{") :]) for line in lines]
    rows = [f"k {STAMP} {one['url']} {one['length']} {one['offset']} x.warc.gz" for one in said]
    with gzip.open(tmp_path / "x.cdx.gz", "wt") as file:
        file.write("\n".join([" CDX N b a S V g", *rows]))
    beside = index_beside(path)
    assert beside is not None
    with beside.open("rb") as opened:
        items = list(read_container(path, wanted=wants_a, index=lines_of(opened)))
    assert names(items) == [name for name in NAMES if name[0] == "a"]
    assert (len(kinds(items, "other-host")), kinds(items, "wrong-index")) == (8, [])


@pytest.mark.parametrize("is_right", [True, False])
def test_a_wacz_is_read_by_the_index_in_it(is_right: bool) -> None:
    data, lines = archive("gzip")
    told = lines if is_right else list(shifted(lines, 5))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as made:
        made.writestr("archive/x", b"")  # a file of another kind is left alone
        made.writestr("archive/x.warc.gz", data)
        named = "\n".join(told).replace('"filename": "x"', '"filename": "x.warc.gz"')
        made.writestr("indexes/index.cdxj", named)
    whole = packed.getvalue()

    class Zip(Remote):
        def seekable(self) -> bool:
            return True

    file = Zip(whole)
    items = list(read_stream(file, "x.wacz", wanted=wants_a))  # type: ignore[arg-type]
    assert sorted(names(items)) == [name for name in NAMES if name[0] == "a"]
    assert bool(kinds(items, "wrong-index")) is not is_right
    assert (file.sent < 0.75 * len(whole)) is is_right


@pytest.mark.parametrize("name", ["selwyn.wacz", "saved.mhtml"])
def test_what_has_no_places_of_records_is_read_as_without_an_index(name: str) -> None:
    def items(index: list[str] | None) -> list[Item]:
        with (CASES / name).open("rb") as file:
            return list(read_stream(file, name, wanted=lambda *_: "", index=index))

    _, lines = archive("gzip")
    assert names(items(None))
    assert items(lines) == items(None)


@pytest.mark.parametrize("length", ["1e400", "99999999999999999999999", "9223372036854775807"])
def test_a_line_with_a_number_beyond_all_files_is_no_line(length: str) -> None:
    data, lines = archive("gzip")
    said = json.dumps({"url": url("b9"), "offset": 1, "filename": "x"})
    wild = f'k {STAMP} {said[:-1]}, "length": {length}}}'
    items, _ = read(data, [*lines, wild, wild.replace("length", "o").replace("offset", "length")])
    assert names(items) == [name for name in NAMES if name[0] == "a"]
    assert not kinds(items, "wrong-index")
