"""`import pressclip`: the public interface, by its documentation and by its errors."""

from __future__ import annotations

import doctest
import inspect
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import pressclip
from index.corpus.export_record import FIELDS
from index.store import StoreWriter

DOCS = Path(__file__).parents[1] / "docs" / "python.md"
ROOT = Path(__file__).parents[1]


def run_examples(text: str, name: str, **names: object) -> None:
    """Run the examples of a text, which know `names`; raises with the first that says otherwise."""
    flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
    test = doctest.DocTestParser().get_doctest(text, names, name, name, 0)
    assert test.examples, f"{name}: no example"
    runner = doctest.DocTestRunner(optionflags=flags, verbose=False)
    told: list[str] = []
    assert runner.run(test, out=told.append).failed == 0, "".join(told)


def test_the_examples_of_the_documentation_run(
    edited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    monkeypatch.chdir(edited.parent)
    run_examples(DOCS.read_text("utf-8"), "docs/python.md")


def test_the_example_of_the_module_runs(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(corpus.parent)
    run_examples(pressclip.__doc__ or "", "pressclip")


def public_docstrings() -> Iterator[tuple[str, str]]:
    """The public functions, classes, methods and properties of `pressclip`, with their docstrings."""
    for name in pressclip.__all__:
        thing = getattr(pressclip, name)
        if not (thing.__class__ is type or inspect.isroutine(thing)):
            continue
        if not thing.__module__.startswith("pressclip"):
            continue  # an error of `index.errors`
        yield name, thing.__doc__ or ""
        for own, member in vars(thing).items() if isinstance(thing, type) else ():
            if not own.startswith("_") and (
                inspect.isroutine(member) or isinstance(member, property)
            ):
                yield f"{name}.{own}", member.__doc__ or ""


def test_every_public_docstring_has_an_example_that_runs(
    edited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("polars")
    monkeypatch.chdir(edited.parent)
    with pressclip.open("desk") as desk:
        for name, text in public_docstrings():
            if name != "Desk.close":
                run_examples(text, name, pressclip=pressclip, desk=desk)


def test_an_article_has_every_field_of_an_export(corpus: Path) -> None:
    with pressclip.open(corpus) as desk:
        article = desk.article("https://prairie-courier.example/balloon")
        assert tuple(article.record) == FIELDS
        assert article.published == datetime(2023, 2, 4, 12, tzinfo=UTC)
        assert article.authors == ("Ann Example", "Bo Sample")
        assert [one.id for one in desk.search("elevators", limit=1)] == [article.id]
        assert article == desk.article(article.id[:4])


def test_a_desk_as_of_a_moment_is_as_it_was_published(edited: Path) -> None:
    with pressclip.open(edited, as_of="2023-02-04T16:00") as desk:
        article = desk.article("https://prairie-courier.example/balloon")
        assert article.title == "Balloon seen over the elevators"
        assert [one.number for one in desk.versions(article.id)] == [1]
        assert list(desk.edits()) == []


def test_tables_have_the_types_of_their_fields(edited: Path) -> None:
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    with pressclip.open(edited) as desk:
        table = desk.search("*", sort="oldest").df("polars")
        assert table.schema["published"] == polars.Datetime("us", "UTC")
        assert table.schema["verdicts"].inner.to_schema()["score"] == polars.Float64
        assert table.height == 6
        assert desk.search("lang:xx").df("polars").schema == table.schema
        assert str(desk.edits().df("pandas").dtypes["paragraph"]) == "Int64"
        assert isinstance(desk.timeline("*").df(), pandas.DataFrame)
        assert desk.compare("*", by="outlet").df("polars").schema["share"] == polars.Float64
        assert desk.quotes().df("polars")["speaker"].to_list() == ["Ann Reyes"]


def test_a_timeline_counts_every_article_once(corpus: Path) -> None:
    with pressclip.open(corpus) as desk:
        days = list(desk.timeline("*"))
        assert sum(one.articles for one in days) == desk.count() == 6
        assert {one.interval for one in days} == {date(2023, 2, 3), date(2023, 2, 4), None}
        assert all(one.group is None for one in days)


def test_frames_of_a_story_are_counted(corpus: Path) -> None:
    with (corpus / "stories" / "balloon.toml").open("a", encoding="utf-8") as file:
        file.write('\n[frames]\nofficial = { en = "officials OR county" }\n')
    with pressclip.open(corpus) as desk:
        assert desk.story("balloon").frames == ("official",)
        rows = list(desk.timeline("story:balloon", by="frame"))
        assert [(one.group, one.articles) for one in rows] == [("official", 2)]
        compared = {row.measure for row in desk.compare("story:balloon", by="lang")}
        assert compared == {"published", "official"}


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        ("desk.search('(balloon')", pressclip.QuerySyntaxError, ""),
        ("desk.search('*', sort='best')", pressclip.UsageError, "no such order: best"),
        ("desk.article('zzzzz')", pressclip.UsageError, "no article zzzzz"),
        ("desk.story('ballon')", pressclip.UsageError, "no such story: ballon"),
        ("desk.search('*', story='ballon')", pressclip.UsageError, "no such story: ballon"),
        ("desk.timeline('*', by='colour')", pressclip.UsageError, "no such facet: colour"),
        ("desk.compare('*')", pressclip.UsageError, "compare needs either"),
        ("desk.compare('a', versus='a')", pressclip.UsageError, "are the same"),
        ("desk.timeline('*', interval='decade')", pressclip.UsageError, "interval decade"),
        ("desk.timeline('*', by='frame')", pressclip.UsageError, "by frame needs"),
        ("desk.search('*', limit=-1)", pressclip.UsageError, "limit -1"),
        ("desk.quotes('(x')", pressclip.QuerySyntaxError, ""),
        ("desk.edits('(x')", pressclip.QuerySyntaxError, ""),
        ("desk.search('*').df('numpy')", pressclip.UsageError, "no tables of numpy"),
    ],
)
def test_a_wrong_call_is_one_line(
    corpus: Path, asked: str, error: type[pressclip.PressclipError], told: str
) -> None:
    with pressclip.open(corpus) as desk, pytest.raises(error) as raised:
        eval(asked, {"desk": desk})
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_library_is_one_line(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pressclip.open(corpus) as desk, pytest.raises(pressclip.UsageError) as raised:
        desk.search("*").df("polars")
    assert raised.value.hint == "pip install 'pressclip[polars]'"


def test_a_desk_that_cannot_be_opened_says_why(desk: Path, corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(pressclip.WorkspaceNotFound, match=r"no workspace\.toml in"):
        pressclip.open(tmp_path / "nowhere")
    with pytest.raises(pressclip.UsageError):
        pressclip.open(corpus, as_of="yesterdayish")
    database = desk / "data" / "pressclip.db"
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("PRAGMA user_version = 1")
        opened.commit()
    with pytest.raises(pressclip.StoreError, match="written by an older pressclip") as raised:
        pressclip.open(desk)
    assert "pressclip index" in raised.value.hint
    database.write_bytes(b"no database at all" * 100)
    with pytest.raises(pressclip.StoreError, match="damaged"):
        pressclip.open(desk)


def test_a_desk_without_a_crawl_says_so(desk: Path) -> None:
    with pytest.raises(pressclip.StoreError):
        pressclip.open(desk)
    StoreWriter.open(desk / "data" / "pressclip.db").close()
    with pytest.raises(pressclip.IndexUnusable):
        pressclip.open(desk)


def test_reading_a_desk_changes_nothing_in_it(edited: Path) -> None:
    def contents() -> dict[str, bytes]:
        files = (path for path in edited.rglob("*") if path.is_file())
        return {
            str(path): path.read_bytes()
            for path in files
            if path.suffix not in (".db-shm", ".db-wal")
        }

    before = contents()
    with pressclip.open(edited) as desk:
        for rows in (desk.search(), desk.edits(), desk.quotes(), desk.families(), desk.timeline()):
            assert list(rows)
    assert contents() == before


def test_importing_it_loads_neither_crawler_nor_terminal() -> None:
    program = (
        "import pressclip, sys; print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'scrapy', 'click', 'crawler', 'search_cli', 'whoosh', 'pandas', 'trafilatura'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "[]\n"


def test_its_version_is_the_programs() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", pressclip.__version__)
    assert (ROOT / "pressclip" / "py.typed").exists()
    assert all(hasattr(pressclip, name) for name in pressclip.__all__)
