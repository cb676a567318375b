"""Exports with types: Parquet, Excel, SQLite and CSV, read back by other people's readers."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from index.corpus.export_record import FIELDS
from index.corpus.record_types import FIELD_TYPES
from search_cli.output.sheet import CELL, write_sheet
from tests.conftest import ARTICLES, NOON, Said

Command = Callable[..., Said]


def export(pressclip: Command, path: Path, *more: str) -> Said:
    said = pressclip("export", "*", "-o", str(path), *more)
    assert said.status == 0, said.err
    return said


def records(pressclip: Command) -> dict[str, dict[str, Any]]:
    """The articles by id as JSON Lines has them: what every other format is compared with."""
    lines = pressclip("export", "*", "-f", "jsonl").out.splitlines()
    return {record["id"]: record for record in map(json.loads, lines)}


def test_every_field_has_a_type() -> None:
    assert tuple(FIELD_TYPES) == FIELDS


def test_a_parquet_file_gives_back_what_went_in(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export(pressclip, tmp_path / "all.parquet")
    found = {row["id"]: row for row in parquet.read_table(tmp_path / "all.parquet").to_pylist()}
    wanted = records(pressclip)
    assert list(found) == list(wanted)
    for name, record in wanted.items():
        assert _as_json(found[name]) == record


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _as_json(item) for key, item in value.items()}
    return [_as_json(item) for item in value] if isinstance(value, list) else value


def test_pandas_polars_and_duckdb_read_types_and_lists(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow")
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "all.parquet"
    export(pressclip, path)
    table = pandas.read_parquet(path)
    assert str(table.dtypes["published"]) == "datetime64[us, UTC]"
    assert list(table.loc[table["section"] == "local", "authors"].iloc[0]) == [
        "Ann Example", "Bo Sample",
    ]  # fmt: skip
    schema = polars.read_parquet(path).schema
    assert schema["authors"] == polars.List(polars.String)
    assert schema["published_day"] == polars.Date
    with duckdb.connect() as database:
        asked = f"SELECT unnest(authors) AS name FROM '{path}' ORDER BY name"
        assert database.sql(asked).fetchall() == [("Ann Example",), ("Bo Sample",)]


def test_edits_are_a_nested_list(edited: Path, pressclip: Command, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export(pressclip, tmp_path / "all.parquet", "--with", "edits")
    rows = parquet.read_table(tmp_path / "all.parquet", columns=["edits"]).to_pylist()
    (edits,) = [row["edits"] for row in rows if row["edits"]]
    assert {"kind": "headline", "before": ARTICLES[0].title}.items() <= edits[0].items()
    assert edits[0]["seen"] == NOON + timedelta(hours=5)


def test_a_workbook_gives_back_texts_numbers_and_times(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    export(pressclip, tmp_path / "all.xlsx")
    rows = list(
        openpyxl.load_workbook(tmp_path / "all.xlsx")["articles"].iter_rows(values_only=True)
    )
    found = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    wanted = records(pressclip)
    assert [row["id"] for row in found] == list(wanted)
    for row in found:
        record = wanted[row["id"]]
        assert (row["text"], row["words"]) == (record["text"], record["words"])
        assert json.loads(row["authors"]) == record["authors"]
        published = row["published"].isoformat() + "Z" if row["published"] else None
        assert published == record["published"]


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    texts = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "http://x.example/",
        "12",
        "\x1b[1m=1",
    ]
    path = tmp_path / "x.xlsx"
    write_sheet(path, {"title": "text"}, [{"title": text} for text in texts], name="articles")
    cells = [row[0] for row in openpyxl.load_workbook(path)["articles"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [*texts[:-1], "=1"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix or False for cell in cells] == [True] * 5 + [False, False, True]
    assert not any(cell.hyperlink for cell in cells)


def test_what_excel_cannot_hold_is_told(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    rows = [
        {"text": "🎈" * CELL, "published": "1888-05-01T00:00:00Z"},
        {"text": "x" * CELL, "published": "2023-02-04T12:00:00.25Z"},
        {"text": "y", "published": None},
    ]
    path = tmp_path / "x.xlsx"
    types = {"text": "text", "published": "time"}
    written = write_sheet(path, types, rows, name="articles", sheet_rows=3)  # type: ignore[arg-type]
    assert (written.rows, written.sheets, written.cut) == (3, 2, 1)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["articles", "articles 2"]
    first, second = list(book["articles"].iter_rows(min_row=2, values_only=True))
    assert first == ("🎈" * (CELL // 2) + "…", "1888-05-01T00:00:00Z")
    assert second == ("x" * CELL, datetime(2023, 2, 4, 12, 0, 0, 250_000))
    assert list(book["articles 2"].iter_rows(values_only=True)) == [
        ("text", "published"),
        ("y", None),
    ]


def test_a_database_holds_all_that_is_known(
    edited: Path, pressclip: Command, tmp_path: Path
) -> None:
    path = tmp_path / "all.db"
    said = export(pressclip, path)
    assert "datasette" in said.err
    wanted = records(pressclip)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        database.row_factory = sqlite3.Row
        rows = database.execute("SELECT * FROM articles").fetchall()
        assert {row["id"] for row in rows} == set(wanted)
        for row in rows:
            record = wanted[row["id"]]
            for name in ("url", "text", "words", "published", "family", "date_conflict"):
                assert row[name] == record[name]
            for name in ("authors", "zones", "verdicts", "dates"):
                assert json.loads(row[name]) == record[name]

        def one(asked: str) -> tuple[Any, ...]:
            return tuple(database.execute(asked).fetchone())

        assert one("SELECT count(*), max(number) FROM versions") == (7, 2)
        assert one(
            "SELECT articles.title, before, version FROM edits JOIN articles ON article = articles.id"
            " WHERE edits.kind = 'headline'"
        ) == ("Balloon seen over the barns", "Balloon seen over the elevators", 2)
        assert one("SELECT speaker, name FROM quotes JOIN articles ON article = articles.id"
                   " JOIN outlets ON outlet = outlets.id") == ("Ann Reyes", "Prairie Courier")  # fmt: skip
        assert one(
            "SELECT title, decision FROM articles JOIN verdicts ON article = id"
            " WHERE articles.rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'inquiete')"
        ) == ("Le « ballon d'espionnage » inquiète la prairie", "on-story")
        assert one("SELECT count(*) FROM captures JOIN versions ON captures.id = capture") == (7,)
        assert one("SELECT count(*), sum(articles), sum(exported) FROM families") == (5, 6, 6)
        assert one("SELECT count(*) FROM members WHERE kind <> 'origin'") == (1,)
        types = {
            row["name"]: row["type"] for row in database.execute("PRAGMA table_info(articles)")
        }
    assert [types[name] for name in ("title", "words", "relevance", "paywalled")] == [
        "TEXT", "INTEGER", "REAL", "INTEGER",
    ]  # fmt: skip


def test_a_search_of_the_database_survives_vacuum(
    edited: Path, pressclip: Command, tmp_path: Path
) -> None:
    path = tmp_path / "all.db"
    export(pressclip, path, "--sort", "outlet")
    asked = (
        "SELECT title FROM articles WHERE rowid IN"
        " (SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'barns')"
    )
    with closing(sqlite3.connect(path)) as database:
        database.execute("VACUUM")
        assert database.execute(asked).fetchall() == [("Balloon seen over the barns",)]


def test_datasette_searches_the_database_by_its_metadata(
    edited: Path, pressclip: Command, tmp_path: Path
) -> None:
    pytest.importorskip("datasette")
    import subprocess

    export(pressclip, tmp_path / "all.db")
    asked = "/all/articles.json?_search=barns&_shape=array&_facet=outlet"
    done = subprocess.run(
        [sys.executable, "-m", "datasette", "all.db", "-m", "all.datasette.json", "--get", asked],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert [row["title"] for row in json.loads(done.stdout)] == ["Balloon seen over the barns"]


def test_pandas_reads_the_database(edited: Path, pressclip: Command, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    export(pressclip, tmp_path / "all.db")
    with closing(sqlite3.connect(tmp_path / "all.db")) as database:
        table = pandas.read_sql("SELECT outlet, words FROM articles", database)
    assert table["words"].dtype == "int64"


def test_a_database_of_some_fields_still_holds_together(
    edited: Path, pressclip: Command, tmp_path: Path
) -> None:
    export(pressclip, tmp_path / "some.db", "--fields", "title,words")
    with closing(sqlite3.connect(tmp_path / "some.db")) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(articles)")]
        assert names == ["title", "words", "id", "outlet", "family"]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_database_as_of_a_moment_knows_nothing_later(
    edited: Path, pressclip: Command, tmp_path: Path
) -> None:
    export(pressclip, tmp_path / "then.db", "--as-of", "2023-02-04T16:00")
    with closing(sqlite3.connect(tmp_path / "then.db")) as database:
        assert database.execute("SELECT max(number) FROM versions").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM edits").fetchone() == (0,)
        late = "SELECT count(*) FROM captures WHERE fetched > '2023-02-04T15:00:00Z'"
        assert database.execute(late).fetchone() == (0,)


def test_a_database_as_of_a_moment_has_the_captures_that_its_texts_are_from(
    edited: Path, pressclip: Command, tmp_path: Path
) -> None:
    """An article counts from its publication on, although it was fetched later."""
    export(pressclip, tmp_path / "early.db", "--as-of", "2023-02-04T13:30")
    with closing(sqlite3.connect(tmp_path / "early.db")) as database:
        placed = "SELECT count(*) FROM articles WHERE archive_file IS NOT NULL"
        rests = "SELECT count(*) FROM versions WHERE capture IS NULL"
        assert database.execute(placed).fetchone()[0] > 0
        assert database.execute(rests).fetchone() == (0,)


def test_a_list_in_a_cell_is_json(corpus: Path, pressclip: Command) -> None:
    wanted = records(pressclip)
    for row in csv.DictReader(io.StringIO(pressclip("export", "*", "-f", "csv").out)):
        for name in ("authors", "tags", "reasons", "verdicts", "zones"):
            assert json.loads(row[name]) == wanted[row["id"]][name]
    line = pressclip("search", "elevators", "-f", "tsv", "--fields", "id,authors").out
    assert json.loads(line.rstrip("\n").split("\t")[1]) == ["Ann Example", "Bo Sample"]


def test_csv_begins_with_the_mark_where_it_is_wished(
    corpus: Path, pressclip: Command, tmp_path: Path
) -> None:
    export(pressclip, tmp_path / "all.csv", "--bom")
    assert (tmp_path / "all.csv").read_bytes().startswith(b"\xef\xbb\xbfid,url")
    counts = pressclip("export", "*", "--by", "outlet", "-f", "csv", "--bom").out
    assert counts.startswith("\ufeffoutlet,articles,texts\r\n")
    assert not pressclip("export", "*", "-f", "csv").out.startswith("\ufeff")


def test_counts_are_a_table_too(corpus: Path, pressclip: Command, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export(pressclip, tmp_path / "counts.parquet", "--by", "outlet")
    rows = parquet.read_table(tmp_path / "counts.parquet").to_pylist()
    assert {"outlet": "prairie-courier.example", "articles": 2, "texts": 2} in rows


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["-o", "x.foo"], "x.foo: no format ends in .foo\nhint: name one: -f jsonl, csv, parquet"),
        (["-o", "x.json"], "x.json: json is not written here"),
        (["-f", "parquet"], "-f parquet is a binary format and must be written to a file"),
        (["-o", "x.db", "--with", "edits"], "-f sqlite has every edit, in a table `edits`"),
        (["-o", "x.db", "--by", "outlet"], "--by works only with -f jsonl, csv, parquet"),
        (["-o", "x.xlsx", "--bom"], "--bom works only with -f csv"),
    ],
    ids=["unknown ending", "another's ending", "no file", "edits", "counts", "mark"],
)  # fmt: skip
def test_what_cannot_be_written_is_one_line(
    corpus: Path, pressclip: Command, args: list[str], error: str
) -> None:
    said = pressclip("export", "*", *args)
    assert (said.status, said.out) == (2, "")
    assert error in said.err
    assert not list(corpus.glob("x.*"))


@pytest.mark.parametrize(
    ("library", "ending", "extra"),
    [("pyarrow", "parquet", "parquet"), ("xlsxwriter", "xlsx", "xlsx")],
)
def test_a_missing_library_is_one_line(
    corpus: Path,
    pressclip: Command,
    monkeypatch: pytest.MonkeyPatch,
    library: str,
    ending: str,
    extra: str,
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    said = pressclip("export", "*", "-o", f"x.{ending}")
    assert said.status == 2
    assert said.err.endswith(f"hint: pip install 'pressclip[{extra}]'\n")
    assert not list(corpus.glob("x.*"))
