"""The gate itself: it fails below a floor, tells what was taken for what, and who is behind."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench.gates.extraction import FLOORS, check_own, main
from bench.sets.own_pages import OwnPage, own_pages

NAMES = (
    "wordpress-en", "microdata-en", "teaser-en", "opinion-it", "table-de", "plain-ar", "table-pl",
    "linebreaks-ja", "missing-fr", "bot-en", "login-de",
)  # fmt: skip
PAGES = [page for page in own_pages() if page.id in NAMES]
KINDS = dict.fromkeys({page.refusal or page.kind for page in PAGES}, 0.99)


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """The gate silences the log of its process for good."""
    yield
    logging.disable(logging.NOTSET)


def test_own_pages_are_enough_and_of_every_kind() -> None:
    pages = own_pages()
    assert len(pages) >= 60
    assert len({page.id.rpartition("-")[0] for page in pages if not page.refusal}) >= 10
    assert len({page.id.rpartition("-")[2] for page in pages}) >= 12
    assert {page.refusal or page.kind for page in pages} >= {
        "article", "live-blog", "video", "audio", "gallery", "opinion", "list-page", "product",
        "forum", "error", "soft-404", "bot-wall", "consent", "teaser", "paywall", "login",
    }  # fmt: skip


def test_pages_read_well_pass_and_the_table_says_who_is_behind(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check_own(PAGES, FLOORS | KINDS) == 0
    said = capsys.readouterr().out
    assert "ahead of trafilatura in body F1, title, authors, date, kind" in said
    assert "below" not in said


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": "Another headline"}, "title"),
        ({"kind": "forum"}, "kind"),
        ({"zones": frozenset({("kicker", "No such thing")})}, "zones"),
    ],
    ids=["title", "kind", "zones"],
)
def test_a_field_below_its_floor_fails_unless_the_floor_is_lowered(
    change: dict[str, object], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = [replace(page, **change) if page.id == "wordpress-en" else page for page in PAGES]  # type: ignore[arg-type]
    floors = FLOORS | KINDS | {"forum": 0.99}
    assert check_own(wrong, floors) == 1
    (line,) = [
        line
        for line in capsys.readouterr().out.splitlines()
        if line.startswith(told + " ") and "floor " not in line
    ]
    assert line.endswith("below its floor")
    check_own(wrong, floors | {told: 0.0, "forum": 0.0})
    assert "below its floor" not in capsys.readouterr().out


def test_a_kind_taken_for_another_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    wrong: list[OwnPage] = [
        replace(page, refusal="consent") if page.id == "bot-en" else page for page in PAGES
    ]
    assert check_own(wrong, FLOORS | KINDS | {"consent": 0.5}) == 1
    out = capsys.readouterr().out
    assert any(line.startswith("consent") and "bot-wall 1" in line for line in out.splitlines())


def test_no_floor_is_lowered_by_a_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["extraction", "--floor", "titel=.5"])
    with pytest.raises(SystemExit) as error:
        main()
    assert "no such field: titel" in str(error.value)
