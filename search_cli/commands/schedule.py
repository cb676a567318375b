"""`pressclip schedule`: the timer that crawls what is due; shown, installed and removed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from index.errors import StorageError, UsageError
from index.files import storage_errors, write_atomic
from index.workspace import Workspace
from index.workspace.toml_reader import format_duration
from search_cli.automation.timer import Timer, parse_rhythm, rhythm_of
from search_cli.commandline.lazy import LazyGroup, Verb, load
from search_cli.commands.schedule_queue import put_on_queue, take_off_queue
from search_cli.output.questions import confirm, expect_answer
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session

NO_SYSTEMD = "print a crontab line instead: pressclip schedule install --cron"
SECTIONS = {
    "Commands": {
        "show": Verb(
            "search_cli.commands.schedule:show",
            "Tell how often each story is looked at, and by which timer.",
        ),
        "install": Verb(
            "search_cli.commands.schedule:install", "Write a systemd user timer, or a crontab line."
        ),
        "remove": Verb("search_cli.commands.schedule:remove", "Stop the timer and delete it."),
    }
}


@click.group(cls=LazyGroup, sections=SECTIONS)
def schedule() -> None:
    """Run crawls on a schedule.

    EXAMPLES
      pressclip schedule install               a systemd user timer; needs no root
      pressclip schedule install --every 06:30
      pressclip schedule install --cron        print a crontab line instead
      pressclip schedule show
      pressclip schedule remove
      pressclip schedule install --queue URL --depot /mnt/depot desks/*

    Each run is `crawl --due`. It visits what is due by the stories' [schedule] and by the pace of
    each list. A missed run is caught up; a run still going is not started twice.
    """


@click.command()
@click.option(
    "--every", metavar="1h|06:30", help="How often to crawl [default: as the stories say]."
)
@click.option("--cron", is_flag=True, help="Print a crontab line, without installing anything.")
@click.option(
    "--print",
    "only_print",
    is_flag=True,
    help="Print the systemd units, without installing anything.",
)
@click.option("--queue", metavar="URL", help="Put the desk on the queue of a cluster instead.")
@click.option(
    "--depot",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --queue: hand the desk on by copies in DIR.",
)
@click.option("--pin", metavar="NAME", help="With --queue: let only the worker NAME crawl it.")
@click.option(
    "--lease",
    metavar="SECONDS",
    type=click.FloatRange(10, 3600),
    help="With --queue: give up a worker silent for SECONDS [default: 30].",
)
@click.argument("desks", metavar="[DESK]...", nargs=-1, type=click.Path(path_type=Path))
@click.pass_obj
def install(
    session: Session,
    every: str | None,
    cron: bool,
    only_print: bool,
    queue: str | None,
    depot: Path | None,
    pin: str | None,
    lease: float | None,
    desks: tuple[Path, ...],
) -> None:
    """Install and start a systemd user timer. No root is needed.

    \b
    EXAMPLES
      pressclip schedule install               as often as the stories say
      pressclip schedule install --every 06:30
      pressclip schedule install --print       only show what would be written
      pressclip schedule install --cron        print a crontab line instead
      pressclip schedule install --queue URL --depot /mnt/depot desks/*

    Each run is `crawl --due`. A run missed while the machine was off is caught up when it is on
    again. A run still going is not started twice.

    With --queue, workers on many machines crawl the desks, as often as their stories say
    (pressclip worker). Each desk is copied into the depot, a folder that all machines see. Or it
    stays where it is, on one machine: --pin NAME. Run it again to update stories and outlets.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    if queue or depot or pin or desks:
        unfit = {"--every": every, "--cron": cron, "--print": only_print}
        for option in (name for name, value in unfit.items() if value):
            raise UsageError(f"{option} cannot be used with --queue")
        put_on_queue(session, queue, desks, depot=depot, pin=pin, lease=lease)
        return
    if lease:
        raise UsageError("--lease works only with --queue")
    workspace = Workspace.find(session.directory)
    timer = _timer(workspace, every)
    _check_nights(workspace, timer)
    if cron:
        write([f"{timer.crontab}\n"])
        return
    if only_print:
        write(_units(timer))
        return
    if session.ask:
        question, option = "Install and start?", "--no-input or --print"
        expect_answer(question, option=option)
        write(_units(timer))
        if not confirm(question, option=option):
            raise click.Abort
    folder = _unit_folder()
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in timer.units.items():
        write_atomic(folder / name, text)
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", f"{timer.name}.timer")
    note(session, f"installed {timer.name}.timer in {folder}\nnext: pressclip schedule show")


@click.command()
@click.pass_obj
def show(session: Session) -> int:
    """Show how often each story is crawled, and whether a timer is installed.

    EXAMPLES
      pressclip schedule show
    """
    workspace = Workspace.find(session.directory)
    today = datetime.now(UTC).date()
    interval_of = load("crawler.planning.intervals:interval_of")
    lines = []
    for story in workspace.stories().values():
        plan = story.schedule
        now = format_duration(interval_of(plan, today))
        later = ""
        if plan.until is not None and today <= plan.until:
            later = f" until {plan.until}, then every {format_duration(plan.then)}"
        night = ", at night only" if plan.at_night_only else ""
        lines.append(f"{story.id}: every {now}{later}{night}")
    timer = _timer(workspace, None)
    path = _unit_folder() / f"{timer.name}.timer"
    if path.exists():
        unit = path.read_text("utf-8").splitlines()
        lines += [
            f"timer: {path}",
            *(f"  {line}" for line in unit if line.startswith("OnCalendar=")),
        ]
    Terminal.of(session).show(lines)
    if not path.exists():
        note(session, "no timer; install one: pressclip schedule install")
    return 0


@click.command()
@click.option("--queue", metavar="URL", help="Take desks off the queue of a cluster instead.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.pass_obj
def remove(session: Session, queue: str | None, names: tuple[str, ...]) -> None:
    """Stop the timer and delete its units.

    EXAMPLES
      pressclip schedule remove
      pressclip schedule remove --queue postgresql://hub/clips north
    """
    if queue or names:
        take_off_queue(session, queue, names)
        return
    timer = _timer(Workspace.find(session.directory), None)
    folder = _unit_folder()
    paths = [path for name in timer.units if (path := folder / name).exists()]
    if not paths:
        raise UsageError("no timer is installed for this desk")
    _systemctl("disable", "--now", f"{timer.name}.timer")
    with storage_errors(folder):
        for path in paths:
            path.unlink(missing_ok=True)
    _systemctl("daemon-reload")
    note(session, f"removed {timer.name}.timer")


def _check_nights(workspace: Workspace, timer: Timer) -> None:
    """Raise `UsageError` for a time of day at which no story may be crawled."""
    clock = timer.rhythm.clock
    plans = [story.schedule for story in workspace.stories().values()]
    if clock is None or not plans:
        return
    moment = datetime(2000, 1, 1, *clock)
    is_open = load("crawler.planning.intervals:is_open")
    if not any(is_open(plan, moment) for plan in plans):
        raise UsageError(
            f"--every {clock[0]:02d}:{clock[1]:02d}: every story has at_night_only = true (22 to 6)",
            hint="choose an hour between 22 and 6, or change [schedule] in the story files",
        )


def _timer(workspace: Workspace, every: str | None) -> Timer:
    command = (sys.executable, "-m", "search_cli.main", "-C", str(workspace.root))
    if every:
        rhythm = parse_rhythm(every)
    else:
        schedules = [story.schedule for story in workspace.stories().values()]
        if not schedules:
            raise UsageError("no story yet", hint="make one: pressclip story new ID")
        rhythm = rhythm_of(min(min(plan.every, plan.then) for plan in schedules))
    return Timer(root=workspace.root, rhythm=rhythm, command=(*command, "crawl", "--due", "-q"))


def _units(timer: Timer) -> Iterator[str]:
    """The units as pieces of text, each under the name of its file."""
    folder = _unit_folder()
    for name, text in timer.units.items():
        yield f"# {folder / name}\n{text}\n"


def _unit_folder() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "systemd" / "user"


def _systemctl(*arguments: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603
            ["systemctl", "--user", *arguments],  # noqa: S607 - the user's own, from the PATH
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StorageError(f"systemctl cannot be run: {error}", hint=NO_SYSTEMD) from error
    if done.returncode:
        said = " ".join(done.stderr.split())[:200] or f"exit {done.returncode}"
        raise StorageError(f"systemctl --user {' '.join(arguments)}: {said}", hint=NO_SYSTEMD)
