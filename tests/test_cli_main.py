from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from index.errors import PressclipError, QuerySyntaxError, WorkspaceBusy
from search_cli import main
from search_cli.commandline.failures import caret, explain, message
from search_cli.commandline.lazy import LazyGroup, examples_first, load_verb
from search_cli.commandline.secrets import without_secrets
from search_cli.output.terminal import Choice, wants_color
from search_cli.session import Session
from tests.conftest import Said

Command = Callable[..., Said]
HEAVY = (
    "scrapy", "twisted", "trafilatura", "tomlkit", "rich", "pandas", "lxml", "wcwidth", "warcio",
)  # fmt: skip


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let every verb raise."""

    @click.command()
    def verb() -> None:
        raise error

    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: verb)


def imports_of(*args: str) -> set[str]:
    """The top-level modules in memory after one command line, in a process of its own."""
    code = (
        "import sys; from search_cli.main import run; run(sys.argv[1:]);"
        "print('MODULES', *{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True)
    return set(done.stdout.rpartition("MODULES")[2].split())


@pytest.mark.parametrize(
    "args",
    [
        ["--help"], ["--version"], ["help", "query"], ["story", "list"], ["outlet", "list"], ["status"],
        ["search", "balloon"], ["search", "balloon", "--json"], ["export", "*"], ["show", "rzfnm"],
        ["why", "https://prairie-courier.example/fair"], ["index"], ["search", "*", "--facet", "day"],
        ["search", "balloon", "--new", "--explain"], ["families", "*"], ["timeline", "*"],
        ["kwic", "balloon"], ["show", "rzfnm", "--group"], ["show", "rzfnm", "--versions"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_reading_imports_nothing_heavy(corpus: Path, args: list[str]) -> None:
    assert not imports_of(*args).intersection(HEAVY)


def test_every_verb_can_be_loaded_and_has_examples_first() -> None:
    for name, verb in walk(main.cli):
        text = examples_first(verb.help or "")
        assert text.startswith("\b\nEXAMPLES\n  pressclip "), name


def walk(group: click.Command, path: str = "pressclip") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = [(path, group)]
    sections = group.sections if isinstance(group, LazyGroup) else {}
    for verbs in sections.values():
        for name, verb in verbs.items():
            found += walk(load_verb(verb.target), f"{path} {name}")
    return found


def test_the_verbs_stand_under_their_headings(pressclip: Command) -> None:
    out = pressclip("--help").out
    places = [
        out.index(f"\n{heading}:\n") for heading in ("Start", "Collect", "Search", "Study", "Share")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["serch"], "no such command: serch; did you mean search?"),
        (["story", "lst"], "no such command: lst; did you mean list?"),
        (["xyzzy"], "no such command: xyzzy"),
        (["story", "show"], "missing argument 'ID'"),
        (["--colour", "never"], "no such option '--colour'. Did you mean '--color'?"),
        (["--tz", "Mars/Olympus", "story", "list"], '--tz: "Mars/Olympus" is not a time zone'),
        (["-q", "-v", "story", "list"], "-q and -v cannot be used together"),
        (["-q", "story", "list", "-v"], "-q and -v cannot be used together"),
    ],
)
def test_a_wrong_call_is_one_line_with_a_hint(
    desk: Path, pressclip: Command, args: list[str], error: str
) -> None:
    said = pressclip(*args)
    assert said.status == 2
    assert said.err.startswith(f"error: {error}")
    assert "Traceback" not in said.err
    assert said.out == ""


def test_a_query_with_a_minus_in_front_is_told_its_way(desk: Path, pressclip: Command) -> None:
    said = pressclip("search", "-lang:en")
    assert (said.status, said.out) == (2, "")
    assert "a query that begins with a minus stands after --" in said.err
    assert "minus" not in pressclip("story", "list", "-l").err


def test_a_group_alone_prints_its_help(pressclip: Command) -> None:
    assert pressclip().status == 0
    assert "pressclip story new balloon" in pressclip("story").out


@pytest.mark.parametrize(
    ("args", "status", "text"),
    [
        ([], 0, "pressclip help query "),
        (["dates"], 0, "date:2023-02-04"),
        (["why"], 0, "Usage: pressclip why [OPTIONS] URL"),
        (["serch"], 2, "no help on serch\nhint: did you mean search?"),
    ],
)
def test_help_knows_topics_and_verbs(
    pressclip: Command, args: list[str], status: int, text: str
) -> None:
    said = pressclip("help", *args)
    assert said.status == status
    assert text in said.out + said.err


def test_the_version_is_told(pressclip: Command) -> None:
    assert pressclip("--version").out.startswith("pressclip ")


def test_options_may_stand_after_the_verb(desk: Path, pressclip: Command, tmp_path: Path) -> None:
    said = pressclip("init", "-q", "-C", str(tmp_path), "second")
    assert (said.status, said.err) == (0, "")
    assert (tmp_path / "second" / "workspace.toml").is_file()


def test_outside_a_workspace_the_way_in_is_told(
    pressclip: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = pressclip("story", "list")
    assert said.status == 2
    assert "hint: make one with pressclip init" in said.err


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        pytest.param(WorkspaceBusy("busy", hint="wait"), 75, "error: busy\nhint: wait", id="busy"),
        pytest.param(OSError(errno.ENOSPC, "full"), 4, "no space left on the disk", id="full"),
        pytest.param(OSError(errno.EROFS, "ro", "x"), 4, "error: x: cannot be written", id="ro"),
        pytest.param(MemoryError(), 4, "error: out of memory", id="memory"),
        pytest.param(KeyboardInterrupt(), 130, "interrupted", id="Ctrl-C"),
        pytest.param(click.Abort(), 130, "interrupted", id="Ctrl-D"),
        pytest.param(PressclipError("a\x1b[31mb\nc"), 4, "error: ab c\n", id="hostile text"),
    ],
)
def test_what_can_happen_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
    pressclip: Command,
    error: BaseException,
    status: int,
    text: str,
) -> None:
    fail_with(monkeypatch, error)
    said = pressclip("status")
    assert said.status == status
    assert text in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (sqlite3.SQLITE_FULL, "no space left"),
        (sqlite3.SQLITE_READONLY, "cannot be written"),
        (sqlite3.SQLITE_CORRUPT, "the store is damaged"),
        (sqlite3.SQLITE_BUSY, "in use by another program"),
    ],
)
def test_refusals_of_sqlite_are_told(
    capsys: pytest.CaptureFixture[str], code: int, text: str
) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    assert explain(error, Session()) == 4
    assert text in capsys.readouterr().err


def test_a_bug_is_written_down_and_not_poured_out(
    monkeypatch: pytest.MonkeyPatch, pressclip: Command
) -> None:
    fail_with(monkeypatch, ZeroDivisionError("ours"))
    said = pressclip("status")
    assert said.status == 70
    assert "Traceback" not in said.err
    report = Path(said.err.split("report: ")[1].strip())
    assert "ZeroDivisionError: ours" in report.read_text()
    assert "Traceback" in pressclip("-v", "status").err


def test_a_query_error_shows_the_place(capsys: pytest.CaptureFixture[str]) -> None:
    error = QuerySyntaxError(
        "no such field: outlt:", query="气球 outlt:x", column=3, hint="outlet:"
    )
    assert list(message(error)) == [
        "error: no such field: outlt:",
        "  气球 outlt:x",
        "       ^",
        "hint: outlet:",
    ]


def test_the_caret_of_a_long_query_stays_in_sight() -> None:
    line, mark = caret("x" * 500 + "!" + "y" * 500, 500)
    assert line[mark.index("^")] == "!"
    assert len(line) < 80


@pytest.mark.parametrize(
    ("choice", "screen", "environ", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", True, {"CLICOLOR": "0"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_a_matter_of_option_environment_and_screen(
    choice: Choice, screen: bool, environ: dict[str, str], wanted: bool
) -> None:
    assert wants_color(choice, screen=screen, environ=environ) is wanted


def test_a_closed_pipe_is_no_error(desk: Path) -> None:
    code = "from search_cli.main import run; raise SystemExit(run(['outlet', 'list']))"
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_the_output_is_told(desk: Path) -> None:
    code = "from search_cli.main import run; raise SystemExit(run(['outlet', 'list']))"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 4
    assert b"no space left" in done.stderr


CALL = "import sys; from search_cli.main import run; sys.exit(run())"
PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}  # a locale of ASCII alone


def test_a_closed_output_is_no_fault(corpus: Path) -> None:
    line = 'exec "$0" -c "$1" search balloon >&-'
    done = subprocess.run(["/bin/sh", "-c", line, sys.executable, CALL], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")


def test_data_is_utf_8_in_any_locale(desk: Path) -> None:
    text = (desk / "outlets.toml").read_text("utf-8").replace("Matin d'Exemple", "Matin d’été")
    (desk / "outlets.toml").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CALL, "outlet", "export"],
        capture_output=True,
        env=os.environ | PLAIN,
    )
    assert "Le Matin d’été" in done.stdout.decode("utf-8")


def test_a_query_is_read_as_utf_8_in_any_locale(corpus: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CALL, "search", "气球"], capture_output=True, env=os.environ | PLAIN
    )
    assert done.returncode == 0
    assert b"/qiqiu" in done.stdout


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("--queue=postgresql://clips:s3cret@hub/clips", "--queue=postgresql://…@hub/clips"),
        ("postgresql://clips:p@ss/w@hub/clips", "postgresql://…@hub/clips"),
        ("https://hub.example/a", "https://hub.example/a"),
        ("desk@clippings.example", "desk@clippings.example"),
    ],
)
def test_a_report_on_a_fault_holds_no_password(argument: str, told: str) -> None:
    assert without_secrets(argument) == told
