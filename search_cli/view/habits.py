"""What was learned of an outlet: what its pages have in common, and how its visits were answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from index.habits.answers import says_nothing, validators
from index.habits.values import NO_HABITS, Habits, Learned, TemplateChange
from index.store import Store
from index.store.database import database_errors
from index.text.wording import counted
from index.workspace import Workspace
from search_cli.output.moments import moment
from search_cli.output.render import one_line, shorten, wrap

WIDTH = 14
SHOWN = 6  # values of one habit
# What is learned, under the key of outlets.toml that corrects it where there is one.
HABITS = (
    ("name", "name"),
    ("title_parts", "title_parts"),
    ("headings", "headings"),
    ("sections", ""),
    ("language", "lang"),
    ("charset", "charset"),
    ("zone", "tz"),
    ("date_order", "date_order"),
    ("bylines", "bylines"),
    ("desks", "desks"),
    ("accounts", "accounts"),
)
_LISTS = ("feed", "sitemap", "section")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of an outlet: habits, paragraphs of boilerplate, how its visits were answered."""

    habits: Habits = NO_HABITS
    boilerplate: int = 0
    answers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def what_is_known(workspace: Workspace, outlet: str) -> Known:
    """What was learned of an outlet; nothing before the first crawl. Raises `StorageError` children."""
    if not workspace.database.exists():
        return Known()
    with Store.open(workspace.database) as store, database_errors(workspace.database):
        return Known(
            habits=store.habits.of(outlet),
            boilerplate=len(store.boilerplate.of(outlet)),
            answers=store.habits.answers(outlet),
        )


def habit_lines(
    known: Known, written: Mapping[str, Any], *, zone: tzinfo, width: int
) -> Iterator[str]:
    """What was learned, a line for each habit, with the pages that show it; `written` is of outlets.toml."""
    habits = known.habits
    if not habits.pages:
        yield "nothing learned yet: none of its pages was read as an article"
    else:
        yield f"learned from its newest {counted(habits.pages, 'page')}"
    for name, key in HABITS:
        learned = getattr(habits, name)
        values = learned if isinstance(learned, tuple) else (learned,) if learned else ()
        told = _told(values, "times" if name == "zone" else "")
        if told and key in written and name != "name":
            told = f"{told}; outlets.toml: {_plain(written[key])}"
        if told:
            yield from _line(key or name, told, width)
    if known.boilerplate:
        told = f"{counted(known.boilerplate, 'paragraph')} taken out of its texts"
        yield from _line("boilerplate", told, width)
    if habits.template:
        yield from _line("template", change_told(habits.template, zone), width)
    for title, told in _visits(known.answers):
        yield from _line(title, told, width)
    if habits.pages:
        yield "Wrong? Set the key with the right values in outlets.toml ([] for none)."


def change_told(change: TemplateChange, zone: tzinfo) -> str:
    """Since when pages are built otherwise, in words."""
    day = moment(change.since, zone)[:10]
    return f"built otherwise since {day}: {change.after} pages unlike the {change.before} before"


def habit_record(known: Known) -> dict[str, Any]:
    """What was learned as JSON values."""
    return {
        "learned": {**known.habits.to_dict(), "boilerplate": known.boilerplate},
        "visits": {about: dict(counts) for about, counts in known.answers.items()},
    }


def _line(title: str, told: str, width: int) -> Iterator[str]:
    for number, line in enumerate(wrap(told, max(30, width - WIDTH - 4))):
        yield f"  {'' if number else title:<{WIDTH}}  {line}"


def _told(learned: Sequence[Learned], unit: str) -> str:
    """The values, each with how many pages (or `unit`, of which a page may have two) show it."""
    shown = [
        f"{shorten(one_line(one.value), 40)} ({' '.join(filter(None, (f'{one.pages} of {one.of}', unit)))})"
        for one in learned[:SHOWN]
    ]
    rest = len(learned) - SHOWN
    return " · ".join([*shown, f"{rest} more"] if rest > 0 else shown)


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(one_line, value)) or "none"
    return one_line(str(value))


def _visits(answers: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, str]]:
    for about in ("page", *_LISTS):
        if counts := answers.get(about):
            asked = sum(counts.values())
            told = {
                "works": f"304 works: {counts.get('unmodified', 0)} of {asked} visits saved",
                "never": f"a 304 never comes: the same bytes in {counts.get('same', 0)} of {asked} visits",
                "unknown": f"no 304 yet in {counted(asked, 'visit')}",
            }[validators(counts)]
            yield f"{about}s again", told
    if counts := answers.get("lastmod"):
        asked = sum(counts.values())
        told = f"tells of news in {counts.get('changed', 0)} of {asked} visits"
        yield (
            "lastmod",
            f"tells nothing: {told}; not asked any more" if says_nothing(counts) else told,
        )
