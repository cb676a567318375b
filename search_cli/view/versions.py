"""The versions of an article and the words that differ between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any

from index.article import isoformat
from index.text.shingles import is_character, normal_tokens
from index.text.wording import counted
from index.versions.history import Change, DiffPiece, changes, word_diff
from search_cli.output.moments import moment
from search_cli.output.render import hang, one_line, paint
from search_cli.output.terminal import Terminal

if TYPE_CHECKING:
    from index.store import Removal, StoredArticle, Version

CHANGES_SHOWN = 12
_KINDS = {
    "headline": "headline",
    "correction": "correction or note",
    "number": "number",
    "name": "name",
    "quotation": "quotation",
    "wording": "wording",
    "added": "paragraph added",
    "removed": "paragraph removed",
    "moved": "paragraph moved",
    "entry": "entry added",
}
_REMOVALS = {
    "http-404": "its address answered 404, not found",
    "http-410": "its address answered 410, gone",
    "soft-404": "its address says that there is no such page",
    "redirect-home": "its address led to the front page",
}


@dataclass(frozen=True)  # no slots: what is counted is kept
class Edit:
    """The way from one version to a later one."""

    before: Version
    after: Version

    @cached_property
    def pieces(self) -> list[DiffPiece]:
        """The two texts, piece by piece."""
        return word_diff(self.before.article.text, self.after.article.text)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The changes by kind."""
        return changes(self.before.article, self.after.article)

    @property
    def added(self) -> int:
        """How many words of the text (characters, in scripts without spaces) were added."""
        return sum(count_words(text) for op, text in self.pieces if op == "+")

    @property
    def removed(self) -> int:
        """How many words or characters were removed."""
        return sum(count_words(text) for op, text in self.pieces if op == "-")

    @property
    def retitled(self) -> bool:
        """Whether the headline differs by more than signs and spaces."""
        return any(change.kind == "headline" for change in self.changes)

    def size(self) -> str:
        """`+38 −11 words`."""
        return f"+{self.added:,} −{self.removed:,} {unit_of(self.after.article.text)}"

    def to_dict(self) -> dict[str, Any]:
        """The edit as JSON values: both versions' numbers, counts, changes and pieces."""
        return {
            "from": self.before.number,
            "to": self.after.number,
            **self.counts(),
            "pieces": [piece._asdict() for piece in self.pieces],
        }

    def counts(self) -> dict[str, Any]:
        """Words added and removed, and what changed by kind."""
        return {
            "added": self.added,
            "removed": self.removed,
            "unit": unit_of(self.after.article.text),
            "changes": [asdict(change) for change in self.changes],
        }


def removal_in_words(removal: Removal, zone: tzinfo) -> str:
    """`its address answered 404, not found, seen 2023-02-06 10:00`."""
    told = f"{_REMOVALS.get(removal.code, removal.code)}, seen {moment(removal.seen, zone)}"
    return f"{told}; back again {moment(removal.ended, zone)}" if removal.ended else told


def count_words(text: str) -> int:
    """Words, or characters in the scripts that are read by them."""
    return len(normal_tokens(text))


def unit_of(text: str) -> str:
    """What `count_words` counts in a text."""
    tokens = normal_tokens(text)
    return "characters" if 2 * sum(map(is_character, tokens)) > len(tokens) else "words"


def edits_of(versions: Sequence[Version]) -> list[Edit | None]:
    """For each version the edit that made it; None for the first."""
    return [None, *map(Edit, versions, versions[1:])]


def version_record(version: Version, edit: Edit | None) -> dict[str, Any]:
    """A version as JSON values."""
    article = version.article
    empty: dict[str, Any] = {
        "added": None,
        "removed": None,
        "unit": unit_of(article.text),
        "changes": [],
    }
    return {
        "number": version.number,
        "seen": isoformat(version.seen),
        "title": article.title,
        "published": isoformat(article.published),
        "updated": isoformat(article.updated),
        "words": count_words(article.text),
        **(edit.counts() if edit else empty),
        "archive": asdict(version.archive) if version.archive else None,
    }


def version_lines(
    stored: StoredArticle, versions: Sequence[Version], terminal: Terminal, zone: tzinfo
) -> Iterator[str]:
    """Every version, what was changed in it, in words, where it is archived; and absences."""
    newest, removals = versions[-1].article, list(stored.removals)
    yield paint(one_line(newest.title), "bold", colored=terminal.colored)
    count = len(versions)
    yield f"{stored.id} · {newest.outlet} · {counted(count, 'version')} seen"
    for version, edit in zip(versions, edits_of(versions), strict=True):
        while removals and removals[0].seen < version.seen:
            yield from _absence_lines(removals.pop(0), zone)
        yield from _version_lines(version, edit, terminal, zone)
    for removal in removals:
        yield from _absence_lines(removal, zone)


def _version_lines(
    version: Version, edit: Edit | None, terminal: Terminal, zone: tzinfo
) -> Iterator[str]:
    text = version.article.text
    size = edit.size() if edit else f"{count_words(text):,} {unit_of(text)}"
    yield ""
    number = paint(f"v{version.number}", "cyan", colored=terminal.colored)
    yield f"{number}  {moment(version.seen, zone)}  {size}"
    yield from (f"    {line}" for line in _changed(edit, terminal.room(4)))
    if version.archive:
        yield f"    archive: {version.archive.file}, offset {version.archive.offset}"


def _absence_lines(removal: Removal, zone: tzinfo) -> Iterator[str]:
    yield ""
    yield f"--  {moment(removal.seen, zone)}  removed: {_REMOVALS.get(removal.code, removal.code)}"
    if removal.ended:
        yield f"    back again {moment(removal.ended, zone)}"


def removal_record(removal: Removal) -> dict[str, Any]:
    """An absence as JSON values, between those of the versions."""
    return {
        "number": None,
        "seen": isoformat(removal.seen),
        "code": removal.code,
        "ended": isoformat(removal.ended),
    }


def _changed(edit: Edit | None, width: int) -> Iterator[str]:
    found = edit.changes if edit else ()
    for change in found[:CHANGES_SHOWN]:
        yield from hang(change_in_words(change), width, 4)
    if len(found) > CHANGES_SHOWN:
        yield f"and {len(found) - CHANGES_SHOWN} more; --diff shows all"


def change_in_words(change: Change) -> str:
    """One change in words, on one line."""
    before, after = one_line(change.before), one_line(change.after)
    if change.kind == "silent":
        return "the text was changed without a note or a new update time"
    if change.kind == "entry":
        return f"{_KINDS[change.kind]}: {before}: {after}"
    if change.kind in ("added", "removed", "moved", "correction"):
        return f"{_KINDS[change.kind]}: {after or before}"
    return f"{_KINDS[change.kind]}: {before or '(nothing)'} → {after or '(nothing)'}"
