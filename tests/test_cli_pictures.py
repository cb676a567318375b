from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from index.fulltext.indexer import update_index
from index.store import StoreWriter
from search_cli.output.pictures import boxes_told, draw_svg
from search_cli.view.picturing import bars_picture, grid_picture
from tests.conftest import ARTICLES, Said, record_article

pytest.importorskip("vl_convert")
Command = Callable[..., Said]


def svg_text(path: Path) -> str:
    root = ElementTree.fromstring(path.read_text("utf-8"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return path.read_text("utf-8")


@pytest.mark.parametrize(
    "command",
    [
        ["timeline", "*"],
        ["timeline", "*", "--by", "lang"],
        ["timeline", "*", "--by", "outlet"],
        ["timeline", "*", "--by", "lang", "--share"],
        ["compare", "*", "--by", "country"],
        ["compare", "balloon", "--vs", "fair"],
    ],
    ids=" ".join,
)
def test_a_picture_is_written_beside_the_numbers(
    watched: Path, pressclip: Command, command: list[str]
) -> None:
    plain = pressclip(*command, "-f", "csv")
    said = pressclip(*command, "-f", "csv", "--picture", "out.svg")
    assert (said.status, said.out) == (0, plain.out)
    assert "wrote out.svg: " in said.err
    text = svg_text(watched / "out.svg")
    assert "aria-label" in text
    assert "<script" not in text
    assert "http" not in text.replace("http://www.w3.org", "")


def test_a_png_is_as_large_as_paper_needs(corpus: Path, pressclip: Command) -> None:
    assert pressclip("timeline", "*", "--picture", "days.png").status == 0
    data = (corpus / "days.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert width > 1400
    assert height > 400


def test_the_alternative_text_tells_span_peak_and_rows() -> None:
    rows = {"en": {"2023-02-03": 2, "2023-02-05": 7}, "fr": {"2023-02-03": 1, "": 4}}
    picture = bars_picture(rows, "day", title="story:balloon", gaps=["2023-02-04"])
    assert picture.alt == (
        "story:balloon: articles by day; from 2023-02-03 to 2023-02-05; most on 2023-02-05 (7);"
        " en 9, fr 5; 1 place not crawled."
    )
    drawn = draw_svg(picture)
    assert "grey: not crawled" in drawn
    assert "4 undated not drawn" in drawn


def test_unwatched_days_of_an_outlet_are_hatched() -> None:
    rows = {"a": {"2023-02-03": 2}, "b": {"2023-02-05": 1}}
    drawn = draw_svg(grid_picture(rows, "day", title="t", gaps={"a": ["2023-02-04"]}))
    assert drawn.count("╱╱</text>") >= 1


def test_a_hostile_name_is_text_in_a_picture(corpus: Path, pressclip: Command) -> None:
    url = "https://prairie-courier.example/x"
    section = '</text><script>alert(1)</script>" datum.x \u202e'
    article = replace(ARTICLES[0], url=url, canonical_url=url, section=section)
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, article, offset=90_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    assert pressclip("timeline", "*", "--by", "section", "--picture", "s.svg").status == 0
    text = svg_text(corpus / "s.svg")
    assert "<script" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("days.pdf", "pictures are .svg or .png"),
        ("data/pressclip.svg", "the desk's own file"),
        ("nowhere/days.svg", "nowhere"),
    ],
)
def test_a_picture_that_cannot_be_is_one_line(
    corpus: Path, pressclip: Command, file: str, told: str
) -> None:
    said = pressclip("timeline", "*", "--picture", file)
    assert said.status in (2, 4)
    assert told in said.err


def test_without_the_library_a_picture_says_what_to_install(
    corpus: Path, own_process: Callable[..., Said]
) -> None:
    program = (
        "import sys; sys.modules['vl_convert'] = None\nfrom search_cli.main import run\n"
        "sys.exit(run(['timeline', '*', '--picture', 'x.svg']))"
    )
    said = own_process(program=program)
    assert said.status == 2
    assert said.err == "error: pictures need vl-convert\nhint: pip install 'pressclip[pictures]'\n"


def test_letters_without_a_font_are_told_for_png_and_not_for_svg(tmp_path: Path) -> None:
    picture = bars_picture({"𓀀𓀁": {"2023-02-01": 1}}, "day", title="𐎀 hieroglyphs")
    told = boxes_told(tmp_path / "a.png", picture)
    latin = bars_picture({"Café": {"2023-02-01": 1}}, "day", title="Ωmega Жук")
    assert boxes_told(tmp_path / "a.svg", picture) == ""
    assert "Ω" not in boxes_told(tmp_path / "a.png", latin)
    if told:  # a machine with a font for everything says nothing
        assert "write an .svg, or install a font" in told
        assert "\n" not in told
