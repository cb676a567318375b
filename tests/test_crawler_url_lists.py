"""Lists of other tools are read as the addresses in them."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from crawler.pages.url_lists import Listed, plain_note, read_list
from crawler.spiders.urls import read_entries
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
    assert [one.url for one in read_list(text, name)] == [A, B]


def test_one_article_of_news_please_is_a_list_of_one() -> None:
    assert read_list(json.dumps({"url": A, "title": "t"}), "x.json") == [Listed(1, A)]


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
        read_entries(str(path))
    assert "\n" not in str(error.value)


def test_entries_without_an_address_are_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "zotero.csv"
    path.write_text(f"Title,Url\na book,\na page,{A}\n", "utf-8")
    with caplog.at_level(logging.WARNING):
        assert [one.url for one in read_entries(str(path))] == [A]
    assert "without a URL, passed over: 1" in caplog.text


# The columns as Zotero 7, Media Cloud's search and GDELT's DOC API write them, and GDELT's own files.
ZOTERO = (
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISBN","ISSN","DOI","Url",'
    '"Abstract Note","Date","Date Added","Date Modified","Access Date","Pages","Extra","Notes",'
    '"File Attachments","Link Attachments","Manual Tags","Automatic Tags"\n'
    '"AB12CD34","newspaperArticle","2023","Quill, Mara","Airship drifts","Gazette","","","",'
    f'"{A}","","2023-02-04","2023-02-05 10:00:00","2023-02-05 10:00:00","2023-02-05 10:00:00","","",'
    '"<p>Ask Mara &amp; Tom</p>\n<p>second <strong>line</strong></p>","","","airship",""\n'
    '"EF56GH78","book","2020","Reed, Tom","A book","","978-1","","","","","2020",'
    '"","","","","","","","","",""\n'
)
MEDIA_CLOUD = (
    "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
    f"0a1b,2023-02-05 01:02:03.1,en,gazette.example,gazette.example,2023-02-04,Airship drifts,{A}\n"
)
GDELT_DOC = f"URL,MobileURL,Date,Title\n{A},,2023-02-04 10:15:00,Airship drifts\n"
EVENTS = "\t".join(["1085164232", *["x"] * 59, A]) + "\n"
MENTIONS = (
    "\t".join(["1085164232", "20230204", "20230204", "1", "gazette.example", A, *["1"] * 10]) + "\n"
)
GKG = (
    "\t".join(["20230204-0", "20230204", "1", "gazette.example", A, *["y"] * 22]) + "\n"
    + "\t".join(["20230204-1", "20230204", "2", "cite", "10.1000/182", *["y" * 200_000] * 22]) + "\n"
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "left_out"),
    [
        pytest.param("My Library.csv", "\ufeff" + ZOTERO, 1, id="zotero"),
        pytest.param("mc-search-content.csv", MEDIA_CLOUD, 0, id="media cloud"),
        pytest.param("doc.csv", "\ufeff" + GDELT_DOC, 0, id="gdelt doc"),
        pytest.param("20230204101500.export.CSV", EVENTS, 0, id="gdelt events"),
        pytest.param("20230204101500.mentions.CSV", MENTIONS, 0, id="gdelt mentions"),
        pytest.param("20230204101500.gkg.csv", GKG, 1, id="gdelt gkg"),
    ],
)
def test_files_are_read_as_their_tools_write_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, text: str, left_out: int
) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with caplog.at_level(logging.WARNING):
        assert [one.url for one in read_entries(str(path))] == [A]
    assert ("passed over: 1" in caplog.text) == bool(left_out)


def test_notes_of_zotero_are_read_as_plain_text() -> None:
    first, second = read_list(ZOTERO, "x.csv")
    assert (first.note, second.note) == ("Ask Mara & Tom\nsecond line", "")
    assert read_list(json.dumps([{"url": A, "note": " mine "}]), "x.json") == [Listed(1, A, "mine")]
    assert plain_note("1 < 2") == "1 < 2"
