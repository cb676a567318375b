"""Pages that a browser saved are read as the pages they are: their address, their time, their text."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.capture import Capture
from tests.containers import CASES, damage, read

URL = "https://selwyn-gazette.example/2023/airship-drifts-over-harbour"
PICTURE = "data:image/png;base64," + "iVBORw0KGgo" * 2000
PAGE = f"<html><head><title>Airship</title></head><body><img src='{PICTURE}'><p>It drifted.</p></body></html>"
SINGLE_FILE = f"""<!DOCTYPE html> <html lang=en><!--
 Page saved with SingleFile
 url: {URL}
 saved date: Sat Feb 04 2023 13:00:00 GMT+0100 (Central European Standard Time)
--><meta charset=utf-8>{PAGE}"""


def read_one(path: Path, text: str | bytes) -> Capture:
    [found] = read(path, text if isinstance(text, bytes) else text.encode())
    assert isinstance(found, Capture)
    return found


def test_an_mhtml_file_gives_its_page_unpacked(tmp_path: Path) -> None:
    page = read_one(tmp_path / "saved.mhtml", (CASES / "saved.mhtml").read_bytes())
    assert (page.url, page.fetched) == (URL, datetime(2023, 2, 4, 12, tzinfo=UTC))
    assert "“Never,” it’s said." in page.body.decode()
    assert page.is_resource


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251"])
def test_the_charset_of_an_mhtml_part_is_kept(tmp_path: Path, charset: str) -> None:
    head = (
        f"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        f'\ttype="text/html"; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; charset={charset}\r\n'
        f"Content-Location: {URL}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    page = read_one(
        tmp_path / "x.mht", head.encode() + "<p>Дирижабль</p>".encode(charset) + b"\r\n--x--\r\n"
    )
    assert "Дирижабль" in page.body.decode(charset)
    assert page.header("Content-Type") == f"text/html; charset={charset}"


def test_a_page_of_singlefile_loses_its_pictures_and_nothing_else(tmp_path: Path) -> None:
    page = read_one(tmp_path / "saved.html", SINGLE_FILE)
    assert (page.url, page.fetched) == (URL, datetime(2023, 2, 4, 12, tzinfo=UTC))
    assert page.body.decode() == SINGLE_FILE.replace(PICTURE, "data:,")


def test_a_page_saved_from_an_address_has_the_time_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "saved.htm"
    path.write_text(f"<!DOCTYPE html>\n<!-- saved from url=(0063){URL} -->\n{PAGE}")
    os.utime(path, (1_675_512_000, 1_675_512_000))
    from index.archive.containers import read_container

    [page] = read_container(path)
    assert isinstance(page, Capture)
    assert (page.url, page.fetched) == (URL, datetime(2023, 2, 4, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PAGE, "does not say which address"),
        (f"<!-- saved from url=(0014)about:internet -->{PAGE}", "names no http address"),
        (
            "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x--\n",
            "no HTML in it",
        ),
    ],
    ids=["no-mark", "no-address", "no-page"],
)
def test_a_saved_page_without_an_address_is_told_as_such(
    tmp_path: Path, text: str, reason: str
) -> None:
    [told] = damage(read(tmp_path / "saved.html", text.encode()))
    assert reason in told


def test_a_time_beyond_all_numbers_is_no_time(tmp_path: Path) -> None:
    """Found by bench/drills/fuzz_inputs.py."""
    data = (CASES / "saved.mhtml").read_bytes()
    started = datetime.now(UTC)
    page = read_one(
        tmp_path / "x.mhtml", data.replace(b"2023 12:00:00", b"2023 12222222222222222:00:00")
    )
    assert page.fetched.date() >= started.date()


def test_an_address_packed_as_rfc_2047_says_is_unpacked(tmp_path: Path) -> None:
    data = (CASES / "saved.mhtml").read_bytes()
    packed = b"Snapshot-Content-Location: =?utf-8?Q?https://selwyn-gazette.example/long?="
    at = data.index(b"Snapshot-Content-Location")
    page = read_one(tmp_path / "x.mhtml", data[:at] + packed + data[data.index(b"\n", at) :])
    assert page.url == "https://selwyn-gazette.example/long"
