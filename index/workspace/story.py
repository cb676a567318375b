"""stories/*.toml: what to look for, when, where, in whose words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import Fault, UsageError
from index.workspace.codes import LANGUAGES, suggest_language
from index.workspace.outlets import Outlet, Outlets
from index.workspace.toml_reader import (
    TableReader,
    did_you_mean,
    parse_duration,
    parse_http_url,
    read_toml,
)

if TYPE_CHECKING:
    from index.query import Node

FOLDER = "stories"
ANY = "any"  # the key of [match] and [frames] that stands for every language
_RULES = ("not", "min_words", "keep")  # the keys of [match] that are no language
OWN_FLAGS = ("paywalled", "undated", "date-conflict")
"""What `is:` can ask of an article by itself."""

_OWN_FIELDS = ("outlet", "collection", "country", "lang", "section", "kind", "agency", "is")
_NOW, _LATER = datetime(2001, 2, 3, tzinfo=UTC), datetime(2002, 4, 6, tzinfo=UTC)

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LADDER = (_HOUR, timedelta(hours=6), _DAY, timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Window:
    """Days of publication, both ends included; None is an open end."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def __str__(self) -> str:
        ends = f"{self.start or ''}..{self.end or ''}"
        return "" if ends == ".." else ends


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletChoice:
    """Which outlets a story reads: ids and `@collections`; no `use` means all that are declared."""

    use: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discover:
    """Where candidates come from; `follow` is how many links deep, `sections` by outlet id.

    With `gdelt` a crawl reads the newest files of GDELT's list too, at outlets that nobody named.
    """

    feeds: bool = True
    sitemaps: bool = True
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seeds: tuple[str, ...] = ()
    gdelt: bool = False
    follow: int = 0
    limit_per_outlet: int = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often to look: `every` until the day `until` and including it, `then` after it.

    `recheck` are the ages at which a known article is fetched again.
    """

    every: timedelta = _HOUR
    until: date | None = None
    then: timedelta = _DAY
    recheck: tuple[timedelta, ...] = _LADDER
    at_night_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """What a clipping says: its headline and its telling words, heaviest first, in one language."""

    language: str
    title: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story. `match` is the query by language, `any` for all; `frames` are queries by name.

    `seeds` are clippings, by which it is judged beside its queries.
    `groups` are the outlets behind each `@collection` and `country:code` of outlets.toml.
    """

    id: str
    title: str
    about: str = ""
    window: Window = Window()
    languages: tuple[str, ...] = ()
    match: Mapping[str, str]
    seeds: tuple[Seed, ...] = ()
    not_query: str = ""
    min_words: int = 0
    keep_always: tuple[str, ...] = ()
    keep_never: tuple[str, ...] = ()
    outlets: OutletChoice = OutletChoice()
    discover: Discover = field(default_factory=Discover)
    schedule: Schedule = Schedule()
    alert_run: str = ""
    frames: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def keeps_everything(self) -> bool:
        """Whether it is a general corpus (`any = "*"`) and not one story."""
        return self.match.get(ANY) == "*"

    def outlets_of(self, outlets: Outlets) -> tuple[Outlet, ...]:
        """The outlets it reads; raises `UsageError` for one that is not declared."""
        choice = self.outlets
        return outlets.select(use=choice.use, add=choice.add, drop=choice.drop)


def is_story_id(text: str) -> bool:
    """Whether a text can be the id of a story, and so the name of its file."""
    return bool(_ID.fullmatch(text))


def load_story(path: Path, faults: list[Fault], outlets: Outlets) -> Story | None:
    """The story of a file; None when it is not a TOML. Every fault is added to `faults`.

    Raises `StorageError` when the file cannot be read.
    """
    name = f"{FOLDER}/{path.name}"
    table = read_toml(path, faults, name=name)
    if table is None:
        return None
    reader = TableReader(table, faults, file=name)
    match = reader.table("match")
    keep = match.table("keep")
    alert = reader.table("alert")
    story = Story(
        id=_read_id(reader, path.stem),
        title=reader.text("title") or path.stem,
        about=reader.text("about"),
        window=reader.parsed("window", parse_window) or Window(),
        languages=reader.codes("languages", LANGUAGES, suggest_language),
        min_words=match.whole("min_words", 0, low=0, high=100_000),
        not_query=_read_rule(match, "not", outlets),
        match=_read_queries(match, outlets),
        seeds=tuple(map(_read_seed, reader.tables("seed"))),
        keep_always=keep.texts("always"),
        keep_never=keep.texts("never"),
        outlets=_read_choice(reader.table("outlets"), outlets),
        discover=_read_discover(reader.table("discover"), outlets),
        schedule=_read_schedule(reader.table("schedule")),
        alert_run=alert.text("run"),
        frames=_read_frames(reader.table("frames"), outlets),
        groups=groups_of(outlets),
    )
    _check_keep(keep, story)
    for part in (keep, match, alert, reader):
        part.finish()
    return story


def parse_window(text: str) -> Window:
    """`2023-01-28..2023-03-31`, open as `2023-01-28..`, or one day; raises `ValueError`."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    if not first and not last:
        raise ValueError("has no day; leave the key out for a window without ends")
    try:
        start = date.fromisoformat(first) if first else None
        end = date.fromisoformat(last) if last else None
    except ValueError as error:
        raise ValueError(f'is not a window such as "2023-01-28..2023-03-31" ({error})') from error
    if not dots:
        end = start
    if start and end and end < start:
        raise ValueError("ends before it begins")
    return Window(start, end)


def _read_id(reader: TableReader, stem: str) -> str:
    if not is_story_id(stem):
        reader.fault("id", f'the file name "{stem}" is no id', "lower case a-z, digits, - and _")
    story_id = reader.text("id", stem)
    if story_id != stem:
        reader.fault("id", f'"{story_id}" is not the name of the file', f'write id = "{stem}"')
    return stem


def _read_seed(reader: TableReader) -> Seed:
    """One `[[seed]]`: `lang`, `title`, `words` with commas between them."""
    language = reader.text("lang")
    if not reader.check_code("lang", language, LANGUAGES, suggest_language):
        language = ""
    words = (word.strip() for word in reader.text("words").split(","))
    seed = Seed(
        language=language, title=reader.text("title"), words=tuple(word for word in words if word)
    )
    if not seed.title and not seed.words:
        reader.fault("", "says nothing", 'give it a title, or words = "ferry, reef"')
    reader.finish()
    return seed


def _read_queries(match: TableReader, outlets: Outlets) -> dict[str, str]:
    languages = [key for key in match if key not in _RULES]
    if not languages:
        match.fault("", "has no query", "write en = '''…''', or any = \"*\" to keep every article")
    return {
        key: _read_rule(match, key, outlets)
        for key in _known_languages(match, languages, words=(ANY, *_RULES))
    }


def _known_languages(
    reader: TableReader, keys: Iterable[str], words: Sequence[str] = (ANY,)
) -> Iterator[str]:
    """The keys that are languages, or one of the words; any other is a fault."""
    for key in keys:
        if reader.check_code(key, key, LANGUAGES, suggest_language, words=words):
            yield key
        else:
            reader.skip(key)


def _read_rule(match: TableReader, key: str, outlets: Outlets) -> str:
    """A query that an article by itself can be asked, now and later alike; else a fault."""
    text = match.query(key, collections=outlets.collections)
    if not text:
        return ""
    from index.query import parse

    try:
        now, later = (parse(text, now=moment) for moment in (_NOW, _LATER))
    except UsageError:
        return text  # `query` has told
    for name in _foreign_fields(now):
        match.query_fault(
            key,
            text,
            text.casefold().find(name),
            f"{name} says nothing of an article by itself",
            "a story's query can ask for words, title:, author:, outlet:, collection:, country:, lang:,"
            " section:, kind:, agency:,"
            f" date:, {', '.join(f'is:{flag}' for flag in OWN_FLAGS)}",
        )
    if now != later:
        hint = "write days, as date:2023-02, or use window"
        match.query_fault(key, text, text.find("date:"), "date: moves with the calendar", hint)
    return text


def _foreign_fields(tree: Node) -> list[str]:
    """What a query asks for that an article alone cannot tell, as it is written."""
    from index.query import Filter, Period, rewrite

    found: dict[str, None] = {}

    def look(node: Node) -> Node:
        match node:
            case Filter("is", values):
                found.update({f"is:{one}": None for one in values if one not in OWN_FLAGS})
            case Filter(name) if name not in _OWN_FIELDS:
                found[f"{name}:"] = None
            case Period("seen"):
                found["seen:"] = None
            case _:
                pass
        return node

    rewrite(tree, look)
    return list(found)


def groups_of(outlets: Outlets) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The outlets of each collection and country, by how a query names it."""
    countries: dict[str, list[str]] = {}
    for outlet in outlets:
        if outlet.country:
            countries.setdefault(f"country:{outlet.country}", []).append(outlet.id)
    named = {f"@{name}": tuple(members) for name, members in outlets.collections.items()}
    named.update({name: tuple(members) for name, members in countries.items()})
    return tuple(sorted(named.items()))


def _read_choice(reader: TableReader, outlets: Outlets) -> OutletChoice:
    choice = OutletChoice(
        use=reader.texts("use"), add=reader.texts("add"), drop=reader.texts("drop")
    )
    for key in ("use", "add", "drop"):
        for name in getattr(choice, key):
            _check_outlet(reader, key, name, outlets)
    reader.finish()
    return choice


def _check_outlet(reader: TableReader, key: str, name: str, outlets: Outlets) -> None:
    if name.startswith("@"):
        known = name[1:] in outlets.collections
        what = f'outlets.toml has no collection "{name}"'
    else:
        known = name in outlets
        what = f'outlets.toml has no outlet "{name}"'
    if not known:
        reader.fault(key, what, outlets.suggest(name))


def _read_discover(reader: TableReader, outlets: Outlets) -> Discover:
    sections = reader.table("sections")
    by_outlet = {key: sections.parsed_list(key, parse_http_url) for key in sections}
    for key in by_outlet:
        _check_outlet(sections, key, key, outlets)
    discover = Discover(
        feeds=reader.flag("feeds", True),
        sitemaps=reader.flag("sitemaps", True),
        sections=by_outlet,
        seeds=reader.parsed_list("seeds", parse_http_url),
        gdelt=reader.flag("gdelt", False),
        follow=reader.whole("follow", 0, low=0, high=3),
        limit_per_outlet=reader.whole("limit_per_outlet", 2000, low=1, high=1_000_000),
    )
    reader.finish()
    return discover


def _read_schedule(reader: TableReader) -> Schedule:
    ladder = reader.parsed_list("recheck", parse_duration)
    schedule = Schedule(
        every=reader.parsed("every", parse_duration) or _HOUR,
        until=reader.parsed("until", _parse_day),
        then=reader.parsed("then", parse_duration) or _DAY,
        recheck=ladder if "recheck" in reader else _LADDER,
        at_night_only=reader.flag("at_night_only", False),
    )
    if list(ladder) != sorted(ladder):
        reader.fault("recheck", "must grow from step to step", 'as ["1h", "6h", "1d", "7d"]')
    reader.finish()
    return schedule


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError('is not a day such as "2023-02-20"') from error


def _read_frames(reader: TableReader, outlets: Outlets) -> dict[str, dict[str, str]]:
    frames = {name: reader.table(name) for name in reader}
    return {
        name: {
            key: frame.query(key, collections=outlets.collections)
            for key in _known_languages(frame, frame)
        }
        for name, frame in frames.items()
    }


def _check_keep(keep: TableReader, story: Story) -> None:
    for both in sorted(set(story.keep_always) & set(story.keep_never)):
        keep.fault("never", f'"{both}" also stands in always', "leave it in one of them")


def nearest_story(name: str, known: Iterable[str]) -> str:
    """What may be meant by an unknown story id, as a hint."""
    return did_you_mean(name, list(known)) or "see: pressclip story list"
