"""Lists of other tools are read as the addresses in them."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from crawler.pages.url_lists import read_list
from crawler.spiders.urls import read_lines
from index.errors import UsageError

A, B = "https://gazette.example/a", "https://gazette.example/b,c"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.txt", f"# ours\n{A}\n\n{B}\n"),
        ("-", f"{A}\n{B}"),
        ("zotero.csv", f'"Key","Title","Url","Notes"\n"K1","Two\nlines","{A}","x"\n"K2","b","{B}",""\n'),
        ("mediacloud.csv", f'id,media_url,title,url\n1,gazette.example,t,{A}\n2,x,t,"{B}"\n'),
        ("gdelt.CSV", f'URL,MobileURL,Date,Title\n{A},,2023-02-04,t\n"{B}",,x,t\n'),
        ("events.tsv", f"GLOBALEVENTID\tSOURCEURL\n1\t{A}\n2\t{B}\n"),
        ("news-please.json", json.dumps([{"url": A, "maintext": "x"}, {"url": B}])),
        ("lines.jsonl", f'{json.dumps({"url": A})}\n\n{json.dumps({"url": B})}\n'),
        ("plain.json", json.dumps([A, B])),
    ],
)  # fmt: skip
def test_each_list_gives_its_addresses(name: str, text: str) -> None:
    assert [url for _, url in read_list(text, name)] == [A, B]


def test_one_article_of_news_please_is_a_list_of_one() -> None:
    assert read_list(json.dumps({"url": A, "title": "t"}), "x.json") == [(1, A)]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("x.csv", "a,b\n1,2\n", "no column url, sourceurl or link"),
        ("x.csv", "", "no column url"),
        ("x.json", '{"url": ', "line 1: no JSON"),
        ("x.jsonl", '{"url": "https://a.example/"}\nno\n', "line 2: no JSON"),
        ("x.json", "[" * 100_000, "nested too deeply|no JSON"),
        ("x.csv", "url\nftp://a.example/\n", "line 2: url-scheme"),
    ],
)
def test_what_is_no_such_list_is_one_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=told) as error:
        read_lines(str(path))
    assert "\n" not in str(error.value)


def test_entries_without_an_address_are_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "zotero.csv"
    path.write_text(f"Title,Url\na book,\na page,{A}\n", "utf-8")
    with caplog.at_level(logging.WARNING):
        assert read_lines(str(path)) == [A]
    assert "without a URL, passed over: 1" in caplog.text
