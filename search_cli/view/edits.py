"""What was edited in an article after it was published: its versions, and the words that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any

from index.article import isoformat
from index.text.shingles import is_character, normal_tokens
from index.text.wording import counted
from index.versions.history import Change, Piece, changes, word_diff
from search_cli.output.moments import moment
from search_cli.output.render import cells, clean, one_line, paint, shorten, wrap
from search_cli.output.terminal import Terminal

if TYPE_CHECKING:
    from index.store import Removal, StoredArticle, Version

MEASURE = 88  # cells in a line of text: longer ones are hard to read
CHANGES_SHOWN = 12
_KINDS = {
    "headline": "headline",
    "correction": "correction or note",
    "number": "number",
    "name": "name",
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
_MARKS = {"-": ("[-", "-]", "red"), "+": ("{+", "+}", "green")}
_MOVES = {"<": ("[moved from here: ", "]", "yellow"), ">": ("{moved to here: ", "}", "yellow")}
_MOVED_SHOWN = 60  # characters of a paragraph that stands elsewhere whole


@dataclass(frozen=True)  # no slots: what is counted is kept
class Edit:
    """The way from one version to a later one."""

    before: Version
    after: Version

    @cached_property
    def pieces(self) -> list[Piece]:
        """The two texts, piece by piece."""
        return word_diff(self.before.article.text, self.after.article.text)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The changes by kind."""
        return changes(self.before.article, self.after.article)

    @property
    def added(self) -> int:
        """Words of the text (characters, in scripts without spaces) that came in."""
        return sum(count_words(text) for op, text in self.pieces if op == "+")

    @property
    def removed(self) -> int:
        """Words or characters that went out."""
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
    return f"{told}; there again {moment(removal.ended, zone)}" if removal.ended else told


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
    yield from (f"    {line}" for line in _changed(edit, _room(terminal, 4)))
    if version.archive:
        yield f"    archive: {version.archive.file}, offset {version.archive.offset}"


def _absence_lines(removal: Removal, zone: tzinfo) -> Iterator[str]:
    yield ""
    yield f"--  {moment(removal.seen, zone)}  removed: {_REMOVALS.get(removal.code, removal.code)}"
    if removal.ended:
        yield f"    there again {moment(removal.ended, zone)}"


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
        yield shorten(change_in_words(change), width)
    if len(found) > CHANGES_SHOWN:
        yield f"and {len(found) - CHANGES_SHOWN} more; --diff shows all"


def change_in_words(change: Change) -> str:
    """One change as a person would tell it, on one line."""
    before, after = one_line(change.before), one_line(change.after)
    if change.kind == "silent":
        return "the text was altered without a note or a new time of update"
    if change.kind == "entry":
        return f"{_KINDS[change.kind]}: {before}: {after}"
    if change.kind in ("added", "removed", "moved", "correction"):
        return f"{_KINDS[change.kind]}: {after or before}"
    return f"{_KINDS[change.kind]}: {before or '(nothing)'} → {after or '(nothing)'}"


def diff_lines(edit: Edit, terminal: Terminal, zone: tzinfo) -> Iterator[str]:
    """A head, then the paragraphs that differ, each with an unchanged one before and after it."""
    yield from _diff_head(edit, terminal, zone)
    yield ""
    if edit.retitled:
        title = word_diff(edit.before.article.title, edit.after.article.title)
        yield from _paragraph_lines(title, terminal)
        yield ""
    for paragraph in _shown(list(paragraphs_of(edit.pieces))):
        if isinstance(paragraph, int):
            yield f"… {counted(paragraph, 'paragraph')} unchanged …"
        else:
            yield from _paragraph_lines(paragraph, terminal)


def _diff_head(edit: Edit, terminal: Terminal, zone: tzinfo) -> Iterator[str]:
    article = edit.after.article
    name = f"{one_line(article.site_name or article.outlet)} · {one_line(article.title)}"
    headline = "headline changed" if edit.retitled else "headline unchanged"
    way = " → ".join(
        f"v{version.number} {moment(version.seen, zone)}" for version in (edit.before, edit.after)
    )
    told = f"{way}   ({edit.size()}, {headline})"
    bold = paint(name, "bold", colored=terminal.colored)
    if cells(name) + cells(told) + 3 <= _room(terminal, 0):
        yield f"{bold}   {told}"
    else:
        yield from (bold, told)


def paragraphs_of(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The pieces cut at line ends; paragraphs without a letter or sign are left out."""
    paragraph: list[Piece] = []
    for op, text in pieces:
        first, *rest = text.split("\n")
        paragraph.append(Piece(op, first))
        for part in rest:
            if any(piece.text.strip() for piece in paragraph):
                yield paragraph
            paragraph = [Piece(op, part)]
    if any(piece.text.strip() for piece in paragraph):
        yield paragraph


def _shown(paragraphs: Sequence[list[Piece]]) -> Iterator[list[Piece] | int]:
    """The changed paragraphs and their neighbours; for a row of others, how many they are."""
    changed = [any(op != "=" and text.strip() for op, text in one) for one in paragraphs]
    hidden = 0
    for place, paragraph in enumerate(paragraphs):
        if any(changed[max(place - 1, 0) : place + 2]):
            if hidden:
                yield hidden
            hidden = 0
            yield paragraph
        else:
            hidden += 1
    if hidden:
        yield hidden


def _paragraph_lines(pieces: Sequence[Piece], terminal: Terminal) -> Iterator[str]:
    """A paragraph with its changes in colour, or in brackets where there is none."""
    parts = [part for piece in pieces for part in _styled(piece, colored=terminal.colored)]
    text = "".join(part for part, _ in parts)
    lines = wrap(text, _room(terminal, 0)) if terminal.screen else iter([one_line(text)])
    colors = iter([color for part, color in parts for char in part if not char.isspace()])
    for line in lines:
        yield "".join(_painted(line, colors, colored=terminal.colored))


def _styled(piece: Piece, *, colored: bool) -> Iterator[tuple[str, str]]:
    """The parts of a piece as they are shown, with their colours."""
    text = clean(piece.text)
    if piece.op == "=" or not text:
        yield text, ""
        return
    if piece.op in _MOVES:
        opening, closing, color = _MOVES[piece.op]
        shown = shorten(text, _MOVED_SHOWN) if piece.op == "<" else text
        yield f"{opening}{shown}{closing}", color
        return
    opening, closing, color = _MARKS[piece.op]
    if colored:
        yield text, color
        return
    # Spaces stand outside the brackets, as in the text around them.
    bare = text.strip()
    lead, _, trail = text.partition(bare) if bare else (text, "", "")
    yield from ((lead, ""), (f"{opening}{bare}{closing}" if bare else "", color), (trail, ""))


def _painted(line: str, colors: Iterator[str], *, colored: bool) -> Iterator[str]:
    """The line in runs of one colour; a space is of the colour before it."""
    run, current = "", ""
    for char in line:
        color = current if char.isspace() else next(colors, "")
        if color != current:
            yield paint(run, current, colored=colored)
            run, current = "", color
        run += char
    yield paint(run, current, colored=colored)


def _room(terminal: Terminal, indent: int) -> int:
    """The cells of a line on a screen; elsewhere lines are as long as they are."""
    return min(terminal.width, MEASURE) - indent if terminal.screen else 1_000_000
