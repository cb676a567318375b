from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search_cli.completing import SHELLS, VARIABLE
from search_cli.main import run
from tests.conftest import Said

Command = Callable[..., Said]
Complete = Callable[..., list[str]]
HEAVY = ("scrapy", "twisted", "trafilatura", "lxml", "tomlkit", "warcio", "whoosh")


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Complete:
    """What bash is offered for a line; its last word is the one that is being typed."""

    def call(*words: str) -> list[str]:
        monkeypatch.setenv(VARIABLE, "bash_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(["pressclip", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        assert run() == 0
        return [line.partition(",")[2] for line in capsys.readouterr().out.splitlines() if line]

    return call


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["sea"], ["search"]),
        (["story", "sh"], ["show"]),
        (["search", "--facet", "outlet,da"], ["outlet,day"]),
        (["search", "--story", "b"], ["balloon"]),
        (["search", "--outlet", "@"], ["@local"]),
        (["crawl", "b"], ["balloon"]),
        (["status", ""], ["balloon"]),
        (["outlet", "show", "ma"], ["matin.example"]),
        (["search", "se"], ["section:", "seen:"]),
        (["search", "title"], ["title:"]),
        (["search", "lang:"], ["lang:en", "lang:fr"]),
        (["search", "la"], ["lang:en", "lang:fr"]),
        (["search", "lang:en,f"], ["lang:en,fr"]),
        (["search", "outlet", ":", "ma"], ["matin.example"]),
        (["search", "lang", ":"], [":en", ":fr"]),
        (["search", "is:ed"], ["is:edited"]),
        (["search", "title:x"], []),
        (["export", "-f", "sq"], ["sqlite"]),
        (["help", "ex"], ["exit-codes"]),
    ],
    ids=" ".join,
)
def test_a_word_is_completed_from_the_workspace(
    desk: Path, complete: Complete, words: list[str], offered: list[str]
) -> None:
    assert complete(*words) == offered


def test_the_workspace_may_be_named(
    desk: Path, complete: Complete, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert complete("search", "--story", "b") == []
    assert complete("-C", str(desk), "search", "--story", "b") == ["balloon"]


def test_a_faulty_file_only_means_that_less_is_offered(desk: Path, complete: Complete) -> None:
    (desk / "outlets.toml").write_text("[[outlet]\n", "utf-8")
    assert complete("search", "outlet:") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_calls_us(pressclip: Command, shell: str) -> None:
    said = pressclip("completion", shell)
    assert said.status == 0
    assert f"{VARIABLE}={shell}_complete" in said.out


def test_bash_takes_the_script(pressclip: Command) -> None:
    script = pressclip("completion", "bash").out
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{script}\ncomplete -p pressclip"], capture_output=True, text=True
    )
    assert "-F _pressclip_completion pressclip" in done.stdout


def test_a_key_press_imports_nothing_heavy(desk: Path) -> None:
    code = (
        "import sys; from search_cli.main import run; run();"
        f"print('HEAVY', *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    words = {"COMP_WORDS": "pressclip c", "COMP_CWORD": "1", VARIABLE: "bash_complete"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=words | _path(), capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1].strip() == "HEAVY"
    assert "plain,crawl" in done.stdout


def _path() -> dict[str, str]:
    """Where the package is found by an interpreter of its own."""
    return {"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "/usr/bin:/bin"}
