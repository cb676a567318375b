"""What a database made again reads otherwise than the old one: articles changed, lost and gained."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.capture import ArchiveRef
from index.errors import StorageError
from index.store.counts import count_corpus
from index.store.database import Connection, connect
from index.store.store import Store

EXAMPLES = 3  # of each field
_SAID = 120  # characters of a value that are told

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article in which a field is read otherwise: its id and title, the value before and after."""

    id: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field: in how many articles it is read otherwise, their ids, and some of them in words.

    `kinds` counts the ways in which it changed: named now, another day, shorter, `article → opinion`.
    """

    field: str
    articles: int
    ids: tuple[str, ...]
    examples: tuple[Example, ...]
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """An article that is not an article any more, and why: the code of what its page came to."""

    id: str
    url: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How a database made again differs from the old one; counts as `store.counts.corpus` has them.

    `entered` and `left` are ids of articles of both that are in the corpus only now, or no more.
    """

    before: Mapping[str, int]
    after: Mapping[str, int]
    fields: tuple[FieldChange, ...] = ()
    lost: tuple[Lost, ...] = ()
    gained: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing that a reader could see has changed."""
        return not (self.fields or self.lost or self.gained or self.entered or self.left)


def _date(record: Record) -> str:
    published = record.get("published") or "none"
    return f"{published} to the {record.get('published_precision', 'second')}"


def _kind(record: Record) -> str:
    return f"{record.get('kind', '')}{', behind a paywall' if record.get('paywalled') else ''}"


def _list(key: str) -> Callable[[Record], str]:
    return lambda record: ", ".join(record.get(key) or ()) or "none"


def _plain(key: str) -> Callable[[Record], str]:
    return lambda record: record.get(key) or "none"


def _zones(record: Record) -> str:
    zones = [f"{one['kind']} {one['start']}-{one['end']}" for one in record.get("zones", ())]
    asides = [f"{one['kind']} {one['text']}" for one in record.get("asides", ())]
    return "; ".join([*zones, *asides]) or "none"


# What is compared, in the words of the report, and how a value is told.
FIELDS: Mapping[str, Callable[[Record], str]] = {
    "dates": _date,
    "updates": _plain("updated"),
    "titles": _plain("title"),
    "authors": _list("authors"),
    "languages": _plain("language"),
    "kinds": _kind,
    "sections": _plain("section"),
    "tags": _list("tags"),
    "addresses": _plain("canonical_url"),
    "zones": _zones,
}


def kind_of_change(field: str, before: str, after: str) -> str:
    """In which way a field changed, by the values as they are told."""
    if field in ("kinds", "languages"):
        return f"{before} → {after}"
    is_dated = field in ("dates", "updates")
    old, new = (value.partition(" to the ")[0] for value in (before, after))
    if "none" in (old, new):
        now, no_more = ("dated", "dated") if is_dated else ("named", "named")
        return f"{now} now" if old == "none" else f"{no_more} no more"
    if is_dated:
        if old[:10] != new[:10]:
            return "another day"
        return "another time" if old != new else "more or less exact"
    if field == "titles":
        return "shorter" if new in old else "longer" if old in new else "others"
    if field in ("authors", "tags"):
        mine, theirs = set(old.split(", ")), set(new.split(", "))
        return "fewer" if theirs < mine else "more" if mine < theirs else "others"
    if field == "addresses" and new.partition("?")[0] == old.partition("?")[0]:
        return "other parameters"
    return "others"


@contextlib.contextmanager
def attached(store: Store, old: Path) -> Iterator[bool]:
    """The old database as `old` beside a store's own; False when there is none or it cannot be read."""
    try:
        connect(old, readonly=True).close()
    except StorageError:
        yield False
        return
    connection = store._connection
    connection.execute("ATTACH ? AS old", (f"{old.resolve().as_uri()}?mode=ro",))
    try:
        yield True
    finally:
        connection.execute("DETACH old")


def compare(store: Store) -> Comparison:
    """The articles of the main database against those of the attached `old` one, by their ids.

    What changed is noted in a temporary table, so memory does not grow with the corpus. Zones are
    not compared where the old database knew none.
    """
    connection = store._connection
    connection.execute(
        "CREATE TEMP TABLE changed (field TEXT, id TEXT, before TEXT, after TEXT, kind TEXT)"
    )
    try:
        connection.executemany("INSERT INTO changed VALUES (?, ?, ?, ?, ?)", _changes(connection))
        return Comparison(
            before=count_corpus(connection, "old"),
            after=count_corpus(connection),
            fields=tuple(_fields(connection)),
            lost=tuple(_lost(connection)),
            gained=_ids(connection, "id NOT IN (SELECT id FROM old.articles)"),
            entered=_moved(connection, now=1),
            left=_moved(connection, now=0),
        )
    finally:
        connection.execute("DROP TABLE temp.changed")


def old_article(store: Store, ref: ArchiveRef) -> str:
    """The id of the article that the attached `old` database made of a capture; empty for none."""
    rows = store._connection.rows(
        'SELECT article FROM old.captures WHERE file = ? AND "offset" = ?', (ref.file, ref.offset)
    )
    return (rows and rows[0][0]) or ""


def _changes(connection: Connection) -> Iterator[tuple[str, str, str, str, str]]:
    rows = connection.execute(
        "SELECT new.id, was.record, new.record, was.text, new.text"
        " FROM main.articles AS new JOIN old.articles AS was USING (id)"
        " WHERE was.record <> new.record OR was.text <> new.text"
    )
    for identity, *records, old_text, new_text in rows:
        before, after = map(json.loads, records)
        for field, tell in FIELDS.items():
            if field == "zones" and "zones" not in before:
                continue
            old, new = tell(before), tell(after)
            if old != new:
                kind = kind_of_change(field, old, new)
                yield field, identity, old[:_SAID], new[:_SAID], kind
        if old_text != new_text:
            kind = _kind_of_text(old_text, new_text)
            yield "texts", identity, _size(old_text, new_text), _size(new_text, old_text), kind


def _size(text: str, other: str) -> str:
    """How long a text is, with the first of its paragraphs that the other one lacks."""
    size = f"{len(text.split()):,} words, {len(text):,} characters"
    there = set(other.split("\n"))
    own = next((line for line in text.split("\n") if line.strip() and line not in there), "")
    return f"{size}: {own}"[:_SAID] if own else size


def _kind_of_text(old: str, new: str) -> str:
    before, after = len(old), len(new)
    if abs(after - before) * 20 <= max(before, after):
        return "nearly as long"
    return "longer" if after > before else "shorter"


def _fields(connection: Connection) -> Iterator[FieldChange]:
    for field in (*FIELDS, "texts"):
        ids = [
            row[0]
            for row in connection.execute(
                "SELECT id FROM temp.changed WHERE field = ? ORDER BY id", (field,)
            )
        ]
        if ids:
            rows = connection.execute(
                "SELECT id, title, before, after FROM temp.changed JOIN main.articles USING (id)"
                " WHERE field = ? ORDER BY id LIMIT ?",
                (field, EXAMPLES),
            )
            examples = [Example(id=r[0], title=r[1], before=r[2], after=r[3]) for r in rows]
            kinds = connection.rows(
                "SELECT kind, count(*) FROM temp.changed WHERE field = ? GROUP BY 1", (field,)
            )
            yield FieldChange(
                field=field,
                articles=len(ids),
                ids=tuple(ids),
                examples=tuple(examples),
                kinds=dict(kinds),
            )


def _lost(connection: Connection) -> Iterator[Lost]:
    """The articles that are there no more, with what their newest capture came to now."""
    rows = connection.execute(
        "SELECT was.id, was.url, was.title, captures.outcome, captures.article"
        " FROM old.articles AS was JOIN old.captures AS shot ON shot.id = was.capture"
        " LEFT JOIN main.captures AS captures"
        ' ON captures.file = shot.file AND captures."offset" = shot."offset"'
        " WHERE was.id NOT IN (SELECT id FROM main.articles) ORDER BY was.id"
    )
    for identity, url, title, outcome, article in rows:
        reason = outcome or "its page is not in the archive any more"
        if article:
            reason = f"now one with {article}"
        yield Lost(id=identity, url=url, title=title, reason=reason)


def _moved(connection: Connection, *, now: int) -> tuple[str, ...]:
    return _ids(
        connection,
        "(kept > 0) = ?1 AND id IN (SELECT id FROM old.articles AS was WHERE (was.kept > 0) <> ?1)",
        (now,),
    )


def _ids(connection: Connection, where: str, values: Sequence[int] = ()) -> tuple[str, ...]:
    rows = connection.execute(f"SELECT id FROM main.articles WHERE {where} ORDER BY id", values)
    return tuple(row[0] for row in rows)
