from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search_cli.commandline.completing import VARIABLE
from search_cli.commandline.shells import SHELLS
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
        return capsys.readouterr().out.splitlines()[1::3]

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
        (["search", "query:"], ["query:week"]),
        (["search", "'balloon -la"], ["balloon -lang:en", "balloon -lang:fr"]),
        (["search", "'(balloon ti"], ["(balloon title:"]),
        (["search", "'\"spy ti"], []),
        (["forget", "mat"], ["matin.example"]),
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


def test_a_tag_of_the_corpus_is_completed(
    corpus: Path, complete: Complete, pressclip: Command
) -> None:
    pressclip("tag", "+key", "*")
    assert complete("tag", "+k") == ["+key"]
    assert complete("search", "tag:") == ["tag:key"]


ASKED = [
    pytest.param("ti", "title:", id="a field, open"),
    pytest.param(
        "outlet:matin.example,pra", "outlet:matin.example,prairie-courier.example", id="list"
    ),
    pytest.param("--sort new", "newest", id="a choice"),
]


@pytest.mark.parametrize(("typed", "offered"), ASKED)
def test_bash_offers_what_we_answer(desk: Path, typed: str, offered: str) -> None:
    words = ["pressclip", "search", *typed.split()]
    array = " ".join(f"'{word}'" for word in words)
    lines = [
        "compopt() { :; }",  # which works inside a completion alone
        "source <(pressclip completion bash)",
        f"COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}",
        "_pressclip_completion pressclip; printf '%s\\n' \"${COMPREPLY[@]}\"",
    ]
    done = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(lines)], env=_installed(), capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == (f"{offered}\n", "")


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
@pytest.mark.parametrize(("typed", "offered"), ASKED)
def test_fish_offers_what_we_answer(desk: Path, tmp_path: Path, typed: str, offered: str) -> None:
    line = f'pressclip completion fish | source; complete -C "pressclip search {typed}"'
    environ = _installed() | {"HOME": str(tmp_path)}
    done = subprocess.run(
        ["fish", "--no-config", "-c", line], env=environ, capture_output=True, text=True
    )
    assert done.stdout == f"{offered}\n"


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh_can_read_the_script(pressclip: Command, tmp_path: Path) -> None:
    (tmp_path / "script").write_text(pressclip("completion", "zsh").out, "utf-8")
    done = subprocess.run(["zsh", "-n", tmp_path / "script"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def _installed() -> dict[str, str]:
    """The environment of a shell in which the command is found."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


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
    assert "plain\ncrawl\n" in done.stdout


def _path() -> dict[str, str]:
    """Where the package is found by an interpreter of its own."""
    return {"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "/usr/bin:/bin"}
