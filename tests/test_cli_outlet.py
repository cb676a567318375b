from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Said

Command = Callable[..., Said]
OPML = """<opml version="2.0"><body>
<outline text="Harbour Daily" htmlUrl="https://harbour.example/">
<outline type="rss" xmlUrl="https://harbour.example/rss"/></outline>
<outline text="Courier" xmlUrl="https://www.prairie-courier.example/sport.xml"/>
<outline text="Whose" xmlUrl="http://feeds.feedburner.com/whose"/>
</body></opml>"""


def test_outlets_are_listed_and_shown(desk: Path, pressclip: Command) -> None:
    rows = pressclip("outlet", "list").out.splitlines()
    assert rows[0] == "prairie-courier.example\tPrairie Courier\tus\ten\tregional\t1\t0\tlocal"
    assert pressclip("outlet", "list", "@local").out.splitlines() == rows[:1]
    record = json.loads(pressclip("outlet", "show", "matin.example", "--json").out)
    assert record["country"] == "fr"


def test_a_list_is_imported_and_comments_stay(desk: Path, pressclip: Command) -> None:
    (desk / "feeds.opml").write_text(OPML)
    said = pressclip("outlet", "import", "feeds.opml", "--collection", "@sea")
    assert said.status == 0
    assert "1 outlet added, 1 renewed" in said.err
    assert "left out: http://feeds.feedburner.com/whose" in said.err
    text = (desk / "outlets.toml").read_text()
    assert text.startswith(
        '# who we read\n[[outlet]]\nid = "prairie-courier.example"   # the neigh'
    )
    shown = json.loads(pressclip("outlet", "show", "prairie-courier.example", "--json").out)
    assert shown["feeds"][-1] == "https://www.prairie-courier.example/sport.xml"
    assert shown["collections"] == ["local", "sea"]


def test_importing_twice_changes_nothing(desk: Path, pressclip: Command) -> None:
    (desk / "feeds.opml").write_text(OPML)
    pressclip("outlet", "import", "feeds.opml")
    before = (desk / "outlets.toml").read_bytes()
    assert (
        "0 outlets added, 0 renewed, 2 unchanged" in pressclip("outlet", "import", "feeds.opml").err
    )
    assert (desk / "outlets.toml").read_bytes() == before


@pytest.mark.parametrize("style", ["csv", "opml"])
def test_what_is_exported_can_be_imported_elsewhere(
    desk: Path, tmp_path: Path, pressclip: Command, style: str
) -> None:
    assert pressclip("outlet", "export", "-f", style, "-o", str(tmp_path / "list")).status == 0
    pressclip("init", str(tmp_path / "new"))
    said = pressclip("-C", str(tmp_path / "new"), "outlet", "import", str(tmp_path / "list"))
    assert said.status == 0
    again = pressclip(
        "-C", str(tmp_path / "new"), "outlet", "show", "prairie-courier.example", "--json"
    )
    assert json.loads(again.out)["feeds"] == ["https://prairie-courier.example/feed.xml"]


def test_the_csv_of_the_outlets_has_a_row_for_each(desk: Path, pressclip: Command) -> None:
    rows = list(csv.DictReader(io.StringIO(pressclip("outlet", "export").out, newline="")))
    assert [(row["id"], row["expect"], row["collections"]) for row in rows] == [
        ("prairie-courier.example", "20/day", "local"),
        ("matin.example", "", ""),
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("id,delay\nB.example,x\n", "outlets.csv: row 2.delay: must be a number"),
        ("<html></html>", "outlets.csv: no OPML"),
        ("id\nhttp://127.0.0.1\n", "is not an id"),
    ],
)
def test_a_list_with_faults_changes_nothing(
    desk: Path, pressclip: Command, text: str, error: str
) -> None:
    (desk / "outlets.csv").write_text(text)
    before = (desk / "outlets.toml").read_bytes()
    said = pressclip("outlet", "import", "outlets.csv")
    assert said.status == 2
    assert error in said.err
    assert (desk / "outlets.toml").read_bytes() == before


def test_an_unknown_outlet_suggests_the_nearest(desk: Path, pressclip: Command) -> None:
    said = pressclip("outlet", "show", "matin.exmple")
    assert said.status == 2
    assert "hint: did you mean matin.example?" in said.err


def test_a_dash_is_standard_output(desk: Path, pressclip: Command) -> None:
    said = pressclip("outlet", "export", "-f", "opml", "-o", "-")
    assert said.out == pressclip("outlet", "export", "-f", "opml").out != ""
    assert not (desk / "-").exists()
