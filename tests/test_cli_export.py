from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.archive.warc import read_file
from index.article import Article
from index.capture import Capture, Listing
from index.corpus.export_record import FIELDS
from index.families.fingerprint import fingerprint
from index.fulltext.indexer import update_index
from index.store import StoredArticle, StoreWriter
from search_cli.output.citing import markdown, markdown_item
from search_cli.output.reference import Reference, refer
from search_cli.output.references import bibtex_entry, csl_item, ris_entry
from tests.conftest import ARTICLES, NOON, Said

Command = Callable[..., Said]


def stored(**values: object) -> StoredArticle:
    """An article as the store gives it."""
    article = replace(ARTICLES[0], **values)  # type: ignore[arg-type]
    return StoredArticle(
        id="k7q2d", revision=1, article=article, family="k7q2d", verdicts=(), kept=True,
        first_seen=NOON, versions=1, archive=None, aliases=(),
    )  # fmt: skip


def referred(**values: object) -> Reference:
    return refer(stored(**values), UTC, {})


def test_a_bibtex_entry_has_what_a_reference_needs() -> None:
    entry = bibtex_entry(referred(title="50 % of {it} & more_", authors=("Ann Example", "A, Inc.")))
    assert entry.startswith("@article{prairiecourierexample2023k7q2d,\n")
    assert r"title = {{50 \% of \{it\} \& more\_}}," in entry
    assert "author = {Example, Ann and {A, Inc.}}," in entry
    assert "date = {2023-02-04T" in entry
    assert "journal = {Prairie Courier}," in entry


def test_a_reference_calls_the_outlet_as_outlets_toml_does(
    corpus: Path, pressclip: Command
) -> None:
    ris = pressclip("export", "lang:fr", "-f", "ris").out
    assert "T2  - Le Matin d'Exemple" in ris
    assert "{Le Matin d'Exemple}" in pressclip("search", "lang:fr", "-f", "bib").out
    assert '"container-title": "Le Matin' in pressclip("export", "lang:fr", "-f", "csl").out


def test_a_ris_record_is_a_line_a_value() -> None:
    lines = ris_entry(referred(tags=("sky",), description="One\nline.")).split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert {"AU  - Example, Ann", "AU  - Sample, Bo", "DA  - 2023/02/04", "KW  - sky"} <= set(lines)
    assert "AB  - One line." in lines
    assert lines[-3] == "ER  - "


def test_a_csl_item_knows_only_what_is_known() -> None:
    item = csl_item(referred(published_precision="month", authors=()))
    assert item["issued"] == {"date-parts": [[2023, 2]]}
    assert "author" not in item
    assert "issued" not in csl_item(referred(published=None))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a [b](c) *d* `e` <f>", r"a \[b\](c) \*d\* \`e\` \<f\>"),
        ("# no heading", r"\# no heading"),
        ("1. no list", r"1\. no list"),
        ("- no list", r"\- no list"),
        ("R&amp;D\nx", "R&amp;amp;D x"),
    ],
    ids=["inline", "heading", "number", "dash", "entity"],
)
def test_text_is_no_markdown(text: str, shown: str) -> None:
    assert markdown(text) == shown


def test_a_link_goes_to_the_web_or_nowhere() -> None:
    assert "](https://a.example/x%20%28y%29)" in markdown_item(
        stored(url="https://a.example/x (y)"), UTC
    )
    assert "](" not in markdown_item(stored(url="javascript:alert(1)"), UTC)


@given(st.text(max_size=40))
def test_no_text_breaks_out_of_its_entry(text: str) -> None:
    article = stored(title=text, description=text, authors=(text,), site_name=text, section=text)
    one = refer(article, UTC, {})
    entry = bibtex_entry(one)
    bare = entry.replace("\\{", "").replace("\\}", "").replace("\\\\", "")
    assert bare.count("{") == bare.count("}")
    assert all(line[2:6] == "  - " for line in ris_entry(one).split("\r\n") if line)
    assert markdown_item(article, UTC).count("\n") == 1


@pytest.mark.parametrize("style", ["bib", "ris", "csl", "md", "ids", "jsonl"])
def test_every_article_is_in_an_export_of_any_format(
    corpus: Path, pressclip: Command, style: str
) -> None:
    out = pressclip("export", "*", "-f", style).out
    entry = {
        "bib": "@article{", "ris": "TY  - NEWS", "csl": '"type"', "md": "- [", "ids": "\n", "jsonl": "\n",
    }  # fmt: skip
    assert out.count(entry[style]) == 6


def test_texts_stand_in_markdown_on_request(corpus: Path, pressclip: Command) -> None:
    out = pressclip("export", "lang:fr", "-f", "md", "--with", "text").out
    assert out.startswith(
        "## [Le « ballon d'espionnage » inquiète la prairie](https://matin.example/ballon)\n"
    )
    assert out.endswith("selon le comté.\n\nPersonne n'a été blessé.\n\n")


def test_an_sqlite_file_has_a_row_an_article(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    path = tmp_path / "all.db"
    path.write_text("an older file", "utf-8")
    assert "wrote 6 articles" in pressclip("export", "*", "-f", "sqlite", "-o", str(path)).err
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    rows = database.execute("SELECT * FROM articles ORDER BY published").fetchall()
    database.close()
    assert len(rows) == 6
    assert set(FIELDS) - {"archive"} | {"archive_file", "archive_offset", "archive_digest"} == set(
        rows[0].keys()
    )
    by_title = {row["title"]: row for row in rows}
    assert json.loads(by_title["Balloon seen over the elevators"]["authors"]) == [
        "Ann Example",
        "Bo Sample",
    ]


def test_a_manifest_says_what_a_file_holds(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    path = tmp_path / "fr.csv"
    said = pressclip(
        "export", "lang:fr", "--since", "2023", "-f", "csv", "-o", str(path), "--manifest"
    )
    assert "fr.manifest.json" in said.err
    manifest = json.loads((tmp_path / "fr.manifest.json").read_text("utf-8"))
    assert manifest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (manifest["articles"], manifest["format"], manifest["query"]) == (1, "csv", "lang:fr")
    assert manifest["understood"] == "lang:fr date:2023-01-01.."
    assert manifest["fields"] == list(FIELDS)
    assert manifest["revision"] >= 6
    assert manifest["pressclip"]


def archived(desk: Path, bodies: dict[str, bytes]) -> None:
    """Articles whose pages lie in the archive, each found by a feed."""
    with (
        Archive(desk / "data" / "archive") as archive,
        StoreWriter.open(desk / "data" / "pressclip.db") as store,
    ):
        for name, body in bodies.items():
            url = f"https://w.example/{name}"
            capture = archive.append(
                Capture(
                    url=url, status=200, headers=(("Content-Type", "text/html"),), body=body,
                    fetched=NOON, listing=Listing(channel="feed", url=url, outlet="w.example"),
                    request_headers=(("User-Agent", "pressclip"),),
                )
            )  # fmt: skip
            article = Article(
                url=url, canonical_url=url, outlet="w.example", title=name, text=f"Text {name}.",
                fetched=NOON, language="en",
            )  # fmt: skip
            store.articles.record(
                article, key=url, capture=store.captures.add(capture, outlet="w.example"),
                verdicts=(), fingerprint=fingerprint(article),
            )  # fmt: skip
        store._connection.execute("UPDATE articles SET kept = 1")
        store._connection.commit()
        update_index(store, desk / "data" / "index")


def test_a_warc_holds_the_records_as_they_lie_in_the_archive(
    desk: Path, pressclip: Command, tmp_path: Path
) -> None:
    archived(desk, {"one": b"<p>one</p>", "two": b"<p>two</p>" * 50_000, "three": b"<p>three</p>"})
    path = tmp_path / "some.warc.gz"
    said = pressclip("export", "two OR three", "-f", "warc", "-o", str(path))
    assert "wrote 2 articles" in said.err
    captures = [one for one in read_file(path, name="some.warc.gz") if isinstance(one, Capture)]
    assert {one.url for one in captures} == {"https://w.example/two", "https://w.example/three"}
    assert all(one.listing.channel == "feed" for one in captures)
    assert all(one.request_headers for one in captures)
    (original,) = (desk / "data" / "archive").rglob("*.warc.gz")
    for one in captures:
        assert one.ref
        record = path.read_bytes()[one.ref.offset : one.ref.offset + one.ref.length]
        assert record in original.read_bytes()


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (
            ["-f", "sqlite"],
            "-f sqlite is a binary format and must be written to a file\nhint: give one: -o FILE",
        ),
        (["-f", "warc"], "-f warc is a binary format"),
        (["--manifest"], "--manifest works only with -o FILE"),
        (["-f", "bib", "--fields", "id"], "-f bib has no fields"),
        (["-f", "csv", "--with", "text"], "--with text works only with -f md; csv has the texts"),
    ],
    ids=["sqlite", "warc", "manifest", "fields", "text"],
)
def test_what_makes_no_sense_together_is_one_line(
    corpus: Path, pressclip: Command, args: list[str], error: str
) -> None:
    said = pressclip("export", "*", *args)
    assert (said.status, said.out) == (2, "")
    assert error in said.err


@pytest.mark.parametrize("style", ["jsonl", "csv", "bib", "ids"])
def test_a_dash_is_standard_output(
    desk: Path, corpus: Path, pressclip: Command, style: str
) -> None:
    said = pressclip("export", "*", "-f", style, "-o", "-")
    assert said.out == pressclip("export", "*", "-f", style).out != ""
    assert not (desk / "-").exists()


def test_what_is_no_text_stays_off_standard_output(corpus: Path, pressclip: Command) -> None:
    said = pressclip("export", "*", "-f", "warc", "-o", "-")
    assert (said.status, said.out) == (2, "")
    assert "-f warc is a binary format" in said.err


@pytest.mark.parametrize("name", ["workspace.toml", "outlets.toml", "stories/x.csv", "data/x.csv"])
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("export", "*", "-f", "csv"), id="export"),
        pytest.param(("outlet", "export", "-f", "csv"), id="outlets"),
        pytest.param(("report", "balloon"), id="report"),
    ],
)
def test_no_output_takes_the_place_of_the_workspaces_own_files(
    corpus: Path, pressclip: Command, words: tuple[str, ...], name: str
) -> None:
    before = (corpus / "workspace.toml").read_bytes()
    done = pressclip(*words, "-o", str(corpus / name))
    assert done.status == 2
    assert "is the desk's own file" in done.err
    assert (corpus / "workspace.toml").read_bytes() == before
    assert not (corpus / "data" / "x.csv").exists()


@pytest.mark.parametrize(
    ("name", "begins"),
    [("x.csv", b"id,url"), ("x.BIB", b"@article{"), ("x.sqlite", b"SQLite format 3"), ("x", b"{"),
     ("x.jsonl", b"{"), ("x.ris", b"TY  - ")],
)  # fmt: skip
def test_a_files_ending_decides_its_format(
    corpus: Path, pressclip: Command, tmp_path: Path, name: str, begins: bytes
) -> None:
    assert pressclip("export", "*", "-o", str(tmp_path / name)).status == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report", "balloon", "-o", "x.pdf"), "a report is HTML, not .pdf"),
        (("feed", "balloon", "-o", "x.json"), "a feed is Atom, not .json"),
        (("prove", "k7q2d", "-o", "x.pdf"), "a bundle is a zip, not .pdf"),
        (("digest", "-o", "x.csv"), "a digest is text, Markdown, HTML or mail, not .csv"),
    ],
)
def test_an_ending_that_would_lie_is_refused(
    corpus: Path, pressclip: Command, words: tuple[str, ...], said: str
) -> None:
    done = pressclip(*words)
    assert (done.status, said in done.err) == (2, True)
    assert not Path(words[-1]).exists()


def test_a_digests_ending_decides_its_format(corpus: Path, pressclip: Command) -> None:
    assert pressclip("digest", "--peek", "-o", "x.html").status == 0
    assert Path("x.html").read_text("utf-8").startswith("<!")


def test_a_named_format_wins_over_the_ending(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    pressclip("export", "*", "-f", "jsonl", "-o", str(tmp_path / "x.csv"))
    assert (tmp_path / "x.csv").read_bytes().startswith(b"{")


def test_a_list_of_outlets_goes_by_the_ending_too(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    for name, begins in (("x.opml", "<?xml"), ("x.csv", "id,name"), ("x", "id,name")):
        assert pressclip("outlet", "export", "-o", str(tmp_path / name)).status == 0
        assert (tmp_path / name).read_text("utf-8").startswith(begins)
    said = pressclip("export", "*", "-o", str(tmp_path / "y.opml"))
    assert (said.status, "opml is not written here" in said.err) == (2, True)
    for name in ("y.bib", "y.txt"):
        assert pressclip("outlet", "export", "-o", str(tmp_path / name)).status == 2
    assert not list(tmp_path.glob("y.*"))
