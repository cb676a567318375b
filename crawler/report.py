"""What a run came to: its exit code, and the lines that say so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.ingest.run import STOPPED, Run
from crawler.wire.failures import is_passing
from index.errors import UsageError
from index.text.wording import counted

_ARTICLES = ("new", "edited", "unchanged", "removed")
_VERDICTS = ("kept", "off-story", "outside-window", "no-story", "noindex", "expired")
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
        """Whether so many failed outlets of all that were read are allowed."""
        return failed <= (outlets * self.number / 100 if self.is_share else self.number)


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


def exit_code(run: Run, *, allowed: Allowance = Allowance(), strict: bool = False) -> int:
    """0; 3 when more outlets than allowed, or a file, failed or gave nothing (4 when strict).

    4 when nothing came at all; 130 stays.
    """
    if run.code:
        return run.code
    counts = run.intake.counts
    came = counts["lists"] + counts["known"] + sum(counts[name] for name in _ARTICLES)
    came += sum(number for _, number in refusals(counts))
    failed = run.failed_outlets | run.silent_outlets | run.weak_outlets
    is_torn = bool(counts["damaged"] or counts["no-captures"])
    if not came and (run.failed_outlets or is_torn or failures(counts)):
        return 4
    if is_torn or not allowed.covers(len(failed), len(run.desk.outlets)):
        return 4 if strict else 3
    return 0


def refusals(counts: Counter[str]) -> list[tuple[str, int]]:
    """Pages that came but are no articles, by code, most first."""
    return _sorted(counts, lambda code: not _is_failure(code))


def failures(counts: Counter[str]) -> list[tuple[str, int]]:
    """Pages that did not come, by code, most first."""
    return _sorted(counts, _is_failure)


def summary(run: Run) -> str:
    """A few lines for a person: what came, what was refused and why, what to do next."""
    return "\n".join(_lines(run))


def _lines(run: Run) -> Iterator[str]:
    counts = run.intake.counts
    yield f"{run.command}: {_first(run)}"
    if refused := refusals(counts):
        yield "  not articles: " + _spell(refused)
    if failed := failures(counts):
        yield "  not fetched:  " + _spell(failed)
    if counts["damaged"] or counts["no-captures"]:
        yield f"  unreadable:   {counts['damaged']} records, {counts['no-captures']} files without a response"
    look = sorted(run.failed_outlets | run.silent_outlets | run.weak_outlets)
    if look:
        yield f"  needs a look: {', '.join(look[:8])}{' …' if len(look) > 8 else ''}"
    if counts["resting"]:
        yield f"  left alone:   {counted(counts['resting'], 'list')} of hosts that failed before"
    if run.spent_sites:
        sites = sorted(run.spent_sites)
        yield (
            f"  page budget:  {', '.join(sites[:8])}{' …' if len(sites) > 8 else ''}"
            " (more is listed there than is taken in a run)"
        )
    waiting = run.waiting
    if waiting:
        yield f"  left for the next run: {counted(waiting, 'page')}"
    if run.code == STOPPED:
        yield "stopped; what was fetched is kept\nnext: pressclip crawl   (continues)"
    elif run.code == 4:
        yield "nothing came; see: pressclip status"
    else:
        yield "next: pressclip search QUERY   or  pressclip status"


def _first(run: Run) -> str:
    counts = run.intake.counts
    held = run.store.counts()
    parts = [
        f"{counted(held['articles'], 'article')} ({counted(held['texts'], 'text')}) in the corpus"
    ]
    parts += [f"+{counts['new']:,} read"] if counts["new"] else []
    parts += [
        f"{counts[code]:,} {code}"
        for code in ("edited", "removed", "unchanged", "known")
        if counts[code]
    ]
    parts += [f"{counts[code]:,} {code}" for code in _VERDICTS if counts[code]]
    if counts["lists"] or counts["lists-failed"]:
        parts.append(f"{counted(counts['lists'], 'list')} read, {counts['lists-failed']} failed")
    return " · ".join(parts)


def _is_failure(code: str) -> bool:
    return (
        is_passing(code)
        or code in ("robots", "tdm-reserved", "too-large")
        or code.startswith("blocked-")
    )


def _sorted(counts: Counter[str], wanted: Callable[[str], bool]) -> list[tuple[str, int]]:
    known = {*_ARTICLES, *_VERDICTS, *_STEPS}
    return [
        (code, number)
        for code, number in counts.most_common()
        if number and code not in known and wanted(code)
    ]


def _spell(found: list[tuple[str, int]]) -> str:
    return ", ".join(f"{code} {number:,}" for code, number in found)
