from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.pages.clippings import read_clippings, usual_words
from index.errors import UsageError
from index.workspace import Workspace

TEXT = (
    "The ferry Aurora Bay ran aground off Skarnes in fog late on Friday. All 212 people on board were "
    "taken off by lifeboat, the coast guard said. The captain was questioned on Saturday."
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Ferry aground off Skarnes</title>
<meta property="article:published_time" content="2024-05-11T06:30:00Z"></head>
<body><article><h1>Ferry aground off Skarnes</h1>{"".join(f"<p>{TEXT}</p>" for _ in range(3))}
<p>Booms were laid around the ship as oil reached the beach below the lighthouse.</p></article>"""


@pytest.fixture
def workspace(desk: Path) -> Workspace:
    return Workspace.load(desk)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        pytest.param("date 2024-05-11\n", "", id="a line of its own"),
        pytest.param(" date 2024-05-11 ", "", id="before the text"),
        pytest.param("Date: 2024-05-11\n\nFerry aground\n\n", "Ferry aground", id="and a headline"),
    ],
)
def test_a_text_may_begin_with_its_day(
    tmp_path: Path, workspace: Workspace, head: str, title: str
) -> None:
    path = tmp_path / "clip.txt"
    path.write_text(head + TEXT)
    (found,) = read_clippings([str(path)], workspace)
    assert found.published == datetime(2024, 5, 11, 12, tzinfo=UTC)
    assert (found.title, found.language) == (title, "en")
    assert found.text == TEXT


def test_a_page_is_read_as_an_article(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "clip.html"
    path.write_text(PAGE)
    (found,) = read_clippings([str(path)], workspace)
    assert found.title == "Ferry aground off Skarnes"
    assert found.published == datetime(2024, 5, 11, 6, 30, tzinfo=UTC)


def test_a_language_that_is_named_wins(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "clip.txt"
    path.write_text(TEXT)
    (found,) = read_clippings([str(path)], workspace, language="cy")
    assert found.language == "cy"


def test_a_headline_alone_is_a_clipping(tmp_path: Path, workspace: Workspace) -> None:
    path = tmp_path / "clip.txt"
    path.write_text("Ferry runs aground in fog off Skarnes with 212 aboard")
    (found,) = read_clippings([str(path)], workspace, language="en")
    assert found.text.startswith("Ferry runs aground")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("", "empty", id="nothing"),
        pytest.param("Ferry aground off Skarnes today", "5 words are too few", id="five words"),
        pytest.param(
            "Subscribe to our newsletter. Accept all cookies.\nTerms of use. All rights reserved.\n"
            * 9,
            "no sentence of it tells a story: the longest has 4 words",
            id="what stands around a text",
        ),
        pytest.param("Ferry aground!\n" * 30, "2 words are too few", id="one line many times"),
        pytest.param("date 2024-13-01\n" + TEXT, '"2024-13-01" is not a day', id="no such day"),
        pytest.param("<html><body><p>Nothing here", "not an article", id="a page without a text"),
        pytest.param(bytes(range(256)) * 40, "not a text", id="a binary"),
        pytest.param("1 2 3 4 5 6 7 8 9 " * 9, "0 words are too few", id="only numbers"),
    ],
)
def test_a_clipping_that_says_nothing_is_one_clear_line(
    tmp_path: Path, workspace: Workspace, body: str | bytes, message: str
) -> None:
    path = tmp_path / "clip"
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    with pytest.raises(UsageError, match=message) as caught:
        read_clippings([str(path)], workspace)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("missing.txt", "no such file"),
        (".", "a folder"),
    ],
)
def test_a_source_that_cannot_be_had_is_one_clear_line(
    desk: Path, monkeypatch: pytest.MonkeyPatch, source: str, message: str
) -> None:
    monkeypatch.chdir(desk)
    (desk / "workspace.toml").write_text('contact = "desk@clippings.example"\n')
    with pytest.raises(UsageError, match=message):
        read_clippings([source], Workspace.load(desk))


def test_an_address_that_is_refused_is_one_clear_line(
    desk: Path, own_process: Callable[..., Any]
) -> None:
    said = own_process("story", "new", "ferry", "--from", "http://127.0.0.1:9/a.html")
    assert said.status == 2
    assert "http://127.0.0.1:9/a.html: blocked-address" in said.err.splitlines()[0]
    assert not (desk / "stories" / "ferry.toml").exists()


def test_frequent_words_of_a_language_are_known_to_be_usual() -> None:
    usual = usual_words("en")
    assert usual.of("the") < usual.of("government") < usual.of("balloon")
    assert usual_words("xx").of("the") == usual_words("zh").of("的")
