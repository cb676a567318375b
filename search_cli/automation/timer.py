"""When the machine runs `crawl --due`: systemd user timers or a crontab line, as text."""

from __future__ import annotations

import os
import re
import shlex
import zlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from index.errors import UsageError
from index.workspace.toml_reader import parse_duration

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_UNFIT = re.compile(r"[^a-z0-9]+")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Every so many seconds (a part of an hour or a day, or a day), or each day at `clock`."""

    seconds: int = _DAY
    clock: tuple[int, int] | None = None

    @property
    def calendar(self) -> str:
        """As systemd's OnCalendar (systemd.time(7))."""
        if self.clock:
            return f"*-*-* {self.clock[0]:02d}:{self.clock[1]:02d}:00"
        if self.seconds < _HOUR:
            return f"*-*-* *:00/{self.seconds // _MINUTE}:00"
        if self.seconds == _HOUR:
            return "hourly"
        return "daily" if self.seconds == _DAY else f"*-*-* 00/{self.seconds // _HOUR}:00:00"

    def cron(self, minute: int) -> str:
        """As the five fields of a crontab; `minute` of the hour where the rhythm leaves it open."""
        if self.clock:
            return f"{self.clock[1]} {self.clock[0]} * * *"
        if self.seconds < _HOUR:
            return f"*/{self.seconds // _MINUTE} * * * *"
        if self.seconds == _HOUR:
            return f"{minute} * * * *"
        return f"{minute} {'0' if self.seconds == _DAY else f'*/{self.seconds // _HOUR}'} * * *"


def parse_rhythm(text: str) -> Rhythm:
    """`1h`, `30min`, `1d` or `06:30`; raises `UsageError` for what no calendar can say."""
    if clock := _CLOCK.fullmatch(text.strip()):
        return Rhythm(clock=(int(clock[1]), int(clock[2])))
    try:
        seconds = int(parse_duration(text).total_seconds())
    except ValueError as error:
        raise UsageError(
            f"--every {text}: {error}", hint='or a time of day such as "06:30"'
        ) from error
    whole = _HOUR if seconds < _HOUR else _DAY
    if seconds % _MINUTE or whole % seconds or (seconds > _HOUR and seconds % _HOUR):
        raise UsageError(
            f"--every {text}: does not divide an hour or a day evenly",
            hint="for example 10min, 30min, 1h, 2h, 6h, 12h, 1d",
        )
    return Rhythm(seconds=seconds)


def rhythm_of(every: timedelta) -> Rhythm:
    """The nearest rhythm that is not slower than a story asks for."""
    seconds = every.total_seconds()
    fit = [_DAY // part for part in (1, 2, 3, 4, 6, 8, 12, 24)]
    fit += [_HOUR // part for part in (2, 3, 4, 6)]
    return Rhythm(seconds=next((one for one in fit if one <= seconds), fit[-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """The two units of a workspace's timer. `command` is what is run, as arguments."""

    root: Path
    rhythm: Rhythm
    command: tuple[str, ...]

    @property
    def name(self) -> str:
        """`pressclip-desk-1a2b3c4d`: the folder's name, and its path so that two desks differ."""
        plain = _UNFIT.sub("-", self.root.name.lower()).strip("-")[:40] or "desk"
        return f"pressclip-{plain}-{zlib.crc32(os.fsencode(self.root)):08x}"

    @property
    def units(self) -> dict[str, str]:
        """The unit files by name (systemd.service(5), systemd.timer(5))."""
        return {f"{self.name}.service": self._service, f"{self.name}.timer": self._timer}

    @property
    def crontab(self) -> str:
        """One line for a crontab; the lock of the workspace makes an overlap harmless."""
        minute = zlib.crc32(os.fsencode(self.root)) % 60  # not everyone on the full hour
        command = shlex.join(self.command).replace("%", "\\%")  # crontab(5): % is a line's end
        return f"{self.rhythm.cron(minute)} {command}"

    @property
    def _service(self) -> str:
        return (
            f"[Unit]\nDescription=pressclip: crawl what is due in {_unit_text(str(self.root))}\n"
            "Wants=network-online.target\nAfter=network-online.target\n\n"
            "[Service]\nType=oneshot\n"
            f"ExecStart={' '.join(map(_unit_argument, self.command))}\n"
            "KillSignal=SIGINT\nTimeoutStopSec=15\n"
            # Some outlets failed (3), another crawl is running (75), stopped (130): no failed unit.
            "SuccessExitStatus=3 75 130\nNice=10\n"
        )

    @property
    def _timer(self) -> str:
        spread = min(300, self.rhythm.seconds // 12)
        return (
            f"[Unit]\nDescription=pressclip: timer of {_unit_text(str(self.root))}\n\n"
            f"[Timer]\nOnCalendar={self.rhythm.calendar}\nPersistent=true\n"
            f"RandomizedDelaySec={spread}s\n\n"
            "[Install]\nWantedBy=timers.target\n"
        )


def _unit_text(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text).replace("%", "%%")


def _unit_argument(text: str) -> str:
    """An argument as ExecStart reads it: quoted, with specifiers and variables escaped."""
    if "\n" in text or "\0" in text:
        raise UsageError(f"{text!r}: a path with a line break cannot stand in a unit file")
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"'
