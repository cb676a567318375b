"""Two versions of an article word by word: what was removed, added and moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from index.text.wording import counted
from index.versions.history import DiffPiece, word_diff
from search_cli.output.moments import moment
from search_cli.output.render import cells, clean, one_line, paint, shorten, wrap
from search_cli.output.terminal import Terminal
from search_cli.view.versions import Edit

_MARKS = {"-": ("[-", "-]", "red"), "+": ("{+", "+}", "green")}
_MOVES = {"<": ("[moved from here: ", "]", "yellow"), ">": ("{moved to here: ", "}", "yellow")}
_MOVED_SHOWN = 60  # characters of a paragraph that is elsewhere whole


def diff_lines(edit: Edit, terminal: Terminal, zone: tzinfo) -> Iterator[str]:
    """A head, then the paragraphs that differ, each with an unchanged one before and after it."""
    yield from _diff_head(edit, terminal, zone)
    yield ""
    if edit.retitled:
        title = word_diff(edit.before.article.title, edit.after.article.title)
        yield from _paragraph_lines(title, terminal)
        yield ""
    for paragraph in shown_paragraphs(list(paragraphs_of(edit.pieces))):
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
    if cells(name) + cells(told) + 3 <= terminal.room():
        yield f"{bold}   {told}"
    else:
        yield from (bold, told)


def paragraphs_of(pieces: Sequence[DiffPiece]) -> Iterator[list[DiffPiece]]:
    """The pieces cut at line ends; paragraphs without a letter or sign are left out."""
    paragraph: list[DiffPiece] = []
    for op, text in pieces:
        first, *rest = text.split("\n")
        paragraph.append(DiffPiece(op, first))
        for part in rest:
            if any(piece.text.strip() for piece in paragraph):
                yield paragraph
            paragraph = [DiffPiece(op, part)]
    if any(piece.text.strip() for piece in paragraph):
        yield paragraph


def side_by_side(pieces: Sequence[DiffPiece]) -> tuple[list[DiffPiece], list[DiffPiece]]:
    """The pieces of the text before, and those of the text after."""
    return (
        [piece for piece in pieces if piece.op in ("=", "-", "<")],
        [piece for piece in pieces if piece.op in ("=", "+", ">")],
    )


def shown_paragraphs(paragraphs: Sequence[list[DiffPiece]]) -> Iterator[list[DiffPiece] | int]:
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


def _paragraph_lines(pieces: Sequence[DiffPiece], terminal: Terminal) -> Iterator[str]:
    """A paragraph with its changes in colour, or in brackets where there is none."""
    parts = [part for piece in pieces for part in _styled(piece, colored=terminal.colored)]
    text = "".join(part for part, _ in parts)
    lines = wrap(text, terminal.room()) if terminal.screen else iter([one_line(text)])
    colors = iter([color for part, color in parts for char in part if not char.isspace()])
    for line in lines:
        yield "".join(_painted(line, colors, colored=terminal.colored))


def _styled(piece: DiffPiece, *, colored: bool) -> Iterator[tuple[str, str]]:
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
    # Spaces are outside the brackets, as in the text around them.
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
