"""Timers and crontab lines, and the command that installs them."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from index.errors import UsageError
from search_cli.automation.timer import Timer, parse_rhythm, rhythm_of
from tests.conftest import Said


@pytest.mark.parametrize(
    ("text", "calendar", "cron"),
    [
        ("10min", "*-*-* *:00/10:00", "*/10 * * * *"),
        ("1h", "hourly", "17 * * * *"),
        ("6h", "*-*-* 00/6:00:00", "17 */6 * * *"),
        ("1d", "daily", "17 0 * * *"),
        ("06:30", "*-*-* 06:30:00", "30 6 * * *"),
    ],
)
def test_a_rhythm_is_said_to_systemd_and_to_cron(text: str, calendar: str, cron: str) -> None:
    rhythm = parse_rhythm(text)
    assert (rhythm.calendar, rhythm.cron(17)) == (calendar, cron)


@pytest.mark.parametrize("text", ["7h", "45min", "2d", "25:00", "soon", "90min"])
def test_what_no_calendar_can_say_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--every"):
        parse_rhythm(text)


def test_a_story_is_never_looked_at_less_often_than_it_asks() -> None:
    assert rhythm_of(timedelta(hours=5)).seconds == 4 * 3600
    assert rhythm_of(timedelta(days=7)).seconds == 86_400


def test_a_path_with_odd_characters_stays_one_argument() -> None:
    root = Path('/home/a user/50% "desk" $HOME')
    timer = Timer(root=root, rhythm=parse_rhythm("1h"), command=("pressclip", "-C", str(root)))
    assert '"/home/a user/50%% \\"desk\\" $$HOME"' in timer.units[f"{timer.name}.service"]
    fields = timer.crontab.replace("\\%", "%").split(" ", 5)
    assert shlex.split(fields[5])[-1] == str(root)


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemctl that writes down what it was asked, and a configuration folder of the test's own."""
    log = tmp_path / "systemctl.log"
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {shlex.quote(str(log))}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return log


def test_a_timer_is_installed_shown_and_removed(
    desk: Path, systemctl: Path, pressclip: Callable[..., Said]
) -> None:
    assert pressclip("--no-input", "schedule", "install", "--every", "06:30").status == 0
    units = sorted((desk.parent / "config" / "systemd" / "user").iterdir())
    assert [unit.suffix for unit in units] == [".service", ".timer"]
    assert "OnCalendar=*-*-* 06:30:00" in pressclip("schedule", "show").out
    assert pressclip("schedule", "remove").status == 0
    assert not any(unit.exists() for unit in units)
    asked = systemctl.read_text().splitlines()
    assert [line.split()[1] for line in asked] == [
        "daemon-reload",
        "enable",
        "disable",
        "daemon-reload",
    ]


def test_printing_changes_nothing(
    desk: Path, systemctl: Path, pressclip: Callable[..., Said]
) -> None:
    assert "[Timer]" in pressclip("schedule", "install", "--print").out
    assert "crawl --due -q" in pressclip("schedule", "install", "--cron").out
    assert not systemctl.exists()
    assert not (desk.parent / "config").exists()


def test_without_systemd_the_crontab_is_named(
    desk: Path, systemctl: Path, monkeypatch: pytest.MonkeyPatch, pressclip: Callable[..., Said]
) -> None:
    monkeypatch.setenv("PATH", str(desk))
    said = pressclip("--no-input", "schedule", "install")
    assert said.status == 4
    assert "--cron" in said.err


def test_a_timer_makes_up_for_missed_runs_and_spreads_them(
    desk: Path, pressclip: Callable[..., Said]
) -> None:
    said = pressclip("schedule", "install", "--print", "--every", "1h").out
    assert "OnCalendar=hourly\nPersistent=true\nRandomizedDelaySec=300s" in said
    assert "Type=oneshot" in said  # one that is still going is not started again
    assert "SuccessExitStatus=3 75 130" in said


def test_the_phases_of_a_story_are_shown(desk: Path, pressclip: Callable[..., Said]) -> None:
    story = desk / "stories" / "balloon.toml"
    plan = '[schedule]\nevery = "1h"\nuntil = "{}"\nthen = "1d"\nat_night_only = true\n'
    text = story.read_text("utf-8")
    story.write_text(f"{text}\n{plan.format('2999-01-01')}", "utf-8")
    busy = pressclip("schedule", "show").out
    assert "balloon: every 1h until 2999-01-01, then every 1d, at night only" in busy
    story.write_text(f"{text}\n{plan.format('2023-02-20')}", "utf-8")
    assert "balloon: every 1d, at night only" in pressclip("schedule", "show").out


def test_a_time_of_day_at_which_every_story_rests_is_refused(
    desk: Path, pressclip: Callable[..., Said]
) -> None:
    story = desk / "stories" / "balloon.toml"
    night = "\n[schedule]\nat_night_only = true\n"
    story.write_text(story.read_text("utf-8") + night, "utf-8")
    said = pressclip("schedule", "install", "--cron", "--every", "06:30")
    assert said.status == 2
    assert "at_night_only" in said.err
    assert pressclip("schedule", "install", "--cron", "--every", "23:30").status == 0


def test_the_global_options_stand_where_those_of_other_verbs_do(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pressclip: Callable[..., Said]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = pressclip("-C", str(desk), "schedule", "show")
    behind = pressclip("schedule", "show", "-C", str(desk))
    assert before.status == behind.status == 0
    assert before.out == behind.out


@pytest.mark.parametrize("verb", ["show", "install", "remove"])
def test_each_verb_says_how_it_is_used(verb: str, pressclip: Callable[..., Said]) -> None:
    said = pressclip("schedule", verb, "--help").out
    assert "EXAMPLES\n" in said
    assert f"pressclip schedule {verb}" in said
    assert f"## pressclip schedule {verb}" in (
        Path(__file__).parents[1] / "docs" / "cli.md"
    ).read_text("utf-8")
