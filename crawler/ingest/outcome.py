"""What a run came to: its exit code, and the counts that a verb shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crawler.ingest.run import CrawlRun
from crawler.wire.failures import is_passing
from index.errors import UsageError

ARTICLES = ("new", "edited", "unchanged", "removed")
VERDICTS = ("kept", "off-story", "outside-window", "no-story", "noindex", "expired")
_STEPS = (
    "lists",
    "lists-failed",
    "damaged",
    "known",
    "no-captures",
    "resting",
    "part",
    "amp",
    "print",
    "main",
)
_ALLOWANCE = re.compile(r"(\d{1,6})\s*(%?)")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many failed outlets are no failure: a number, or so many in a hundred."""

    number: float = 0.0
    is_share: bool = False

    def covers(self, failed: int, outlets: int) -> bool:
        """Whether that many failed outlets of all that were read are allowed."""
        return failed <= (outlets * self.number / 100 if self.is_share else self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to: `code` is the exit code, `counts` pages by code.

    `refused` came but are no articles, `failed` did not come; both with their codes, most first.
    `held` is what the corpus holds, `ailing` the outlets that need a look, `spent` the sites that
    list more than a run takes, `waiting` the pages left for the next run. `verdicts` are the codes
    of `counts` that tell what became of an article. `records` are those of imported files, by kind.
    """

    command: str
    code: int
    stopped: bool
    counts: Mapping[str, int]
    held: Mapping[str, int]
    refused: tuple[tuple[str, int], ...]
    failed: tuple[tuple[str, int], ...]
    ailing: tuple[str, ...]
    spent: tuple[str, ...]
    waiting: int
    verdicts: tuple[str, ...] = VERDICTS
    records: Mapping[str, int] = field(default_factory=dict)


def parse_allowance(text: str | None) -> Allowance:
    """`3` outlets, or `10%` of them; none for None. Raises `UsageError`."""
    if text is None:
        return Allowance()
    found = _ALLOWANCE.fullmatch(text.strip())
    if found is None or (found[2] and int(found[1]) > 100):
        raise UsageError(
            f"--max-failed {text}: neither a number nor a percentage", hint="for example 3 or 10%"
        )
    return Allowance(int(found[1]), bool(found[2]))


def exit_code(run: CrawlRun, *, allowed: Allowance = Allowance(), strict: bool = False) -> int:
    """0; 3 when more outlets than allowed, or a file, failed or gave nothing (4 when strict).

    4 when nothing came at all; 130 stays.
    """
    if run.code:
        return run.code
    counts = run.intake.counts
    came = counts["lists"] + counts["known"] + sum(counts[name] for name in ARTICLES)
    came += sum(number for _, number in refusals(counts))
    failed = _ailing(run)
    is_torn = bool(counts["damaged"] or counts["no-captures"])
    if not came and (run.failed_outlets or is_torn or failures(counts)):
        return 4
    if is_torn or not allowed.covers(len(failed), len(run.context.outlets)):
        return 4 if strict else 3
    return 0


def outcome_of(run: CrawlRun, *, stopped: bool) -> Outcome:
    """What an open run has come to."""
    counts = run.intake.counts
    return Outcome(
        command=run.command,
        code=run.code,
        stopped=stopped,
        counts=counts,
        held=run.store.counts.corpus(),
        refused=tuple(refusals(counts)),
        failed=tuple(failures(counts)),
        ailing=tuple(sorted(_ailing(run))),
        spent=tuple(sorted(run.spent_sites)),
        waiting=run.waiting,
        records=run.records,
    )


def refusals(counts: Counter[str]) -> list[tuple[str, int]]:
    """Pages that came but are no articles, by code, most first."""
    return _sorted(counts, lambda code: not _is_failure(code))


def failures(counts: Counter[str]) -> list[tuple[str, int]]:
    """Pages that did not come, by code, most first."""
    return _sorted(counts, _is_failure)


def _ailing(run: CrawlRun) -> set[str]:
    return run.failed_outlets | run.silent_outlets | run.weak_outlets


def _is_failure(code: str) -> bool:
    return (
        is_passing(code)
        or code in ("robots", "tdm-reserved", "too-large")
        or code.startswith("blocked-")
    )


def _sorted(counts: Counter[str], wanted: Callable[[str], bool]) -> list[tuple[str, int]]:
    known = {*ARTICLES, *VERDICTS, *_STEPS}
    return [
        (code, number)
        for code, number in counts.most_common()
        if number and code not in known and wanted(code)
    ]
