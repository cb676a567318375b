"""`crawl --warc`: archives and saved pages go the way of a crawl; what was read and passed over is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index.store import Store
from tests.containers import CASES, packed, record, response
from tests.test_index_containers import PAGES

Command = Callable[..., Any]
AIRSHIP = """\
id = "airship"
window = "2023-01-28..2023-02-28"
[match]
en = '''airship OR balloon'''
"""
HOST = "https://prairie-courier.example"
WORDS = (
    "A white balloon as tall as a grain elevator crossed the county on Saturday and was followed by"
    " half of the town until it drifted out of sight, the sheriff told the paper in the evening."
)


@pytest.fixture
def airship(desk: Path) -> Path:
    """A desk with a story that the pages of the cases are of."""
    (desk / "stories" / "airship.toml").write_text(AIRSHIP, "utf-8")
    return desk


def article(path: str, title: str, *, more: str = "", **fields: str) -> bytes:
    html = (
        f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>{WORDS}</p><p>{WORDS[::-1].title()[::-1]}</p><p>{WORDS} {title}.</p></article>{more}"
        "</body></html>"
    )
    return record("response", f"{HOST}/{path}", response(html.encode()), **fields)


def corpus(desk: Path) -> dict[str, Any]:
    """The articles read, by address."""
    with Store.open(desk / "data" / "pressclip.db") as store:
        return {
            held.article.url: held
            for held in store.articles.get(store.articles.kept_ids()).values()
        }


def test_every_case_gives_its_articles(airship: Path, pressclip: Command) -> None:
    files = [str(CASES / name) for name in PAGES]
    said = pressclip("crawl", "--warc", *files, "-j", "1")
    assert f"in the files: {sum(PAGES.values())} pages" in said.err
    assert "unreadable:   1 file without a page" in said.err  # the one with nothing but text
    assert said.status == 3
    held = corpus(airship)
    assert len(held) == 8
    assert all("white cargo airship" in one.article.text for one in held.values())


def test_text_without_its_page_is_named_and_ends_with_4(airship: Path, pressclip: Command) -> None:
    said = pressclip("crawl", "--warc", str(CASES / "wet.warc.gz"), "-j", "1")
    assert (said.status, "1 record of text without its page (conversion)" in said.err) == (4, True)


def test_a_saved_page_has_its_author_date_and_address(airship: Path, pressclip: Command) -> None:
    pressclip("crawl", "--warc", str(CASES / "saved.mhtml"), "-j", "1")
    [held] = corpus(airship).values()
    found = held.article
    assert found.url == "https://selwyn-gazette.example/2023/airship-drifts-over-harbour"
    assert (found.authors, f"{found.published:%F %R}") == (("Mara Quill",), "2023-02-04 09:30")
    assert "= " not in found.text


def test_of_several_files_a_bad_one_does_not_lose_the_others(
    airship: Path, pressclip: Command, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("torn.warc.gz", "not.wacz", "shut.warc", "good.warc.gz")]
    files[0].write_bytes(packed([article("a", "Balloon one")])[:-9])
    files[1].write_bytes(b"PK\x03\x04nothing")
    files[2].write_bytes(b"")
    files[2].chmod(0)
    files[3].write_bytes(packed([article("d", "Balloon four")]))
    said = pressclip("crawl", "--warc", *map(str, files), "-j", "1")
    assert said.status == 3
    assert [held.article.title for held in corpus(airship).values()] == ["Balloon four"]
    for file in files[:2]:
        assert file.name in said.err
    assert "Traceback" not in said.err


def test_a_revisit_is_resolved_from_another_file_or_the_archive(
    airship: Path, pressclip: Command, tmp_path: Path
) -> None:
    first, second, third = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz", tmp_path / "3.warc.gz"
    named = {
        "WARC_Refers_To_Target_URI": f"{HOST}/a",
        "WARC_Refers_To_Date": "2023-02-04T12:00:00Z",
    }
    head = response(b"")
    first.write_bytes(
        packed([record("revisit", f"{HOST}/a", head, date="2023-02-05T12:00:00Z", **named)])
    )
    second.write_bytes(packed([article("a", "Balloon seen")]))
    third.write_bytes(
        packed(
            [
                record("revisit", f"{HOST}/a", head, date="2023-02-06T12:00:00Z", **named),
                record("revisit", f"{HOST}/b", head, date="2023-02-06T12:00:00Z"),
            ]
        )
    )
    said = pressclip("crawl", "--warc", str(first), str(second), "-j", "1")
    assert "in the files: 1 page, 1 revisit" in said.err
    assert "whose page is in none" not in said.err
    later = pressclip("crawl", "--warc", str(third), "-j", "1")
    assert "1 revisit whose page is in none" in later.err
    with closing(sqlite3.connect(airship / "data" / "pressclip.db")) as connection:
        fetched = connection.execute("SELECT fetched FROM captures ORDER BY 1").fetchall()
    assert [row[0][:10] for row in fetched] == ["2023-02-04", "2023-02-05", "2023-02-06"]


def test_only_an_outlet_and_only_what_was_captured_since(
    airship: Path, pressclip: Command, tmp_path: Path
) -> None:
    path = tmp_path / "x.warc.gz"
    other = article("c", "Balloon three").replace(b"prairie-courier", b"harbour-courier")
    records = [
        article("a", "Balloon one"),
        article("b", "Balloon two", date="2022-01-01T00:00:00Z"),
        other,
    ]
    path.write_bytes(packed(records))
    said = pressclip(
        "crawl", "balloon", "--warc", str(path), "--outlet", "prairie-courier.example",
        "--since", "2023-01-01", "-j", "1",
    )  # fmt: skip
    assert said.status == 0, said.err
    assert "1 record of other outlets" in said.err
    assert "1 record captured before --since" in said.err
    assert "in the files: 1 page" in said.err


def test_a_second_import_finds_everything_known(
    airship: Path, pressclip: Command, tmp_path: Path
) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(packed([article("a", "Balloon one"), article("b", "Balloon two")]))
    pressclip("crawl", "--warc", str(path), "-j", "1")
    said = pressclip("crawl", "--warc", str(path), "-j", "1")
    assert (said.status, "2 known" in said.err) == (0, True)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (".", "a folder"),
        ("none.warc", "no such file"),
        ("ftp://a.example/x.warc", "only http and https"),
    ],
)
def test_what_is_no_file_is_told(airship: Path, pressclip: Command, name: str, told: str) -> None:
    said = pressclip("crawl", "--warc", name)
    assert (said.status, told in said.err) == (2, True)


def test_what_the_shell_adds_is_a_file_whatever_its_name(
    airship: Path, pressclip: Command, tmp_path: Path
) -> None:
    first, second = tmp_path / "a.warc", tmp_path / "notes.txt"
    first.write_bytes(article("a", "Balloon one"))
    second.write_text("no archive")
    said = pressclip("crawl", "airship", "--warc", str(first), str(second), "-j", "1")
    assert (said.status, len(corpus(airship))) == (3, 1)


def test_what_has_expired_since_its_capture_is_not_in_the_summarys_count(
    airship: Path, pressclip: Command, tmp_path: Path
) -> None:
    wish = '<meta name="robots" content="unavailable_after: 5 Mar 2023 12:00:00 GMT">'
    file = tmp_path / "old.warc.gz"
    file.write_bytes(packed([article("a", "Balloon one"), article("b", "Balloon two", more=wish)]))
    said = pressclip("crawl", "--warc", str(file), "-j", "1")
    assert "1 article (1 text) in the corpus" in said.err
    assert pressclip("search", "balloon", "--all", "--count").out.strip() == "1"
    assert "asked to be gone" in pressclip("why", f"{HOST}/b").err
