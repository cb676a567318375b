"""Values → strings: cells, tables, TSV, CSV and JSON, with nothing in them that acts on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Format = Literal["table", "tsv", "csv", "json", "jsonl"]
Row = Mapping[str, Any]

ELLIPSIS = "…"
_INDENT = "    "
_LEAST_ROOM = 18  # cells in which a headline or a name can be read in lines
# Whole escape sequences first, so that no "[31m" is left of them: CSI, OSC and other strings, two
# characters. A sequence that never ends loses its introducer only.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_UNITS = re.compile(r"\x1b\[[0-9;]*m|.", re.DOTALL)  # a colour, or a character
# Controls, bidi marks, embeddings, overrides and isolates (Unicode TR 9), invisible format
# characters that only hide text, tags, noncharacters.
_UNSAFE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f"
)
_CONTROL = re.compile(f"[{_UNSAFE}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_IN_JSON = re.compile(f"[{_UNSAFE}\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?")
# A spreadsheet runs a cell that begins so; the wide forms too in some locales (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: the key of its values, its heading if there is one, how they stand.

    `grows` marks the column that takes the room left; the others are as wide as their values, at
    most `most` cells. Longer values go on in further lines: nothing is cut. `below` puts the value
    on a line of its own, behind an arrow.
    """

    key: str
    title: str = ""
    grows: bool = False
    right: bool = False
    most: int = 40
    color: str = ""
    below: bool = False


def clean(text: str) -> str:
    """The text without escape sequences, control and bidi characters; newlines and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    text = _SEQUENCE.sub("", text.replace("\r\n", "\n"))
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))


def one_line(text: str) -> str:
    """The cleaned text with every run of white space as one space."""
    return _SPACE.sub(" ", clean(text)).strip()


def cells(text: str) -> int:
    """How many columns of a terminal the text takes: CJK two, combining marks none."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth, wcwidth  # 20 ms, paid only where such text is shown

    width = wcswidth(text)
    return width if width >= 0 else sum(max(wcwidth(char), 0) for char in text)


def shown_cells(text: str) -> int:
    """The same of a text with colours in it."""
    return cells(_SEQUENCE.sub("", text))


def shorten(text: str, width: int) -> str:
    """The text in at most `width` cells, its end replaced by an ellipsis where it is longer."""
    if cells(text) <= width:
        return text
    if width < 1:
        return ""
    if text.isascii():
        return text[: width - 1].rstrip() + ELLIPSIS
    from wcwidth import wcwidth

    kept, used = "", 0
    for char in text:
        used += max(wcwidth(char), 0)
        if used > width - 1:
            break
        kept += char
    return kept.rstrip(" \u200d") + ELLIPSIS


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text filled with spaces to `width` cells; a longer one stays as it is."""
    room = " " * max(width - cells(text), 0)
    return room + text if right else text + room


def wrap(text: str, width: int) -> Iterator[str]:
    """The lines of a text, broken at spaces to `width` cells; what has no spaces is broken in it."""
    for paragraph in clean(text).split("\n"):
        line = ""
        for word in paragraph.split() or [""]:
            joined = f"{line} {word}" if line else word
            if cells(joined) <= width:
                line = joined
                continue
            if line:
                yield line
            *full, line = _broken(word, width)
            yield from full
        yield line


def hang(line: str, width: int, indent: int) -> Iterator[str]:
    """A line broken at spaces to `width` cells, the further lines indented.

    Colours take no cells. Words stay whole, but for a long one of a script that has no spaces; a word
    that is too long for any line, such as an address, stays where it is.
    """
    text, room = line[: len(line) - len(line.lstrip(" "))], width - indent
    for word in re.findall(r" *[^ ]+", line.strip()):
        is_long = shown_cells(text) + shown_cells(word) > width
        if is_long and not word.isascii() and shown_cells(word.lstrip(" ")) > room:
            first = _broken(word, max(width - shown_cells(text), 3))[0]
            yield text + first
            *full, word = _broken(word[len(first) :], room)
            yield from (f"{' ' * indent}{piece}" for piece in full)
            text = " " * indent
        elif is_long and text.strip() and shown_cells(word.lstrip(" ")) <= room:
            yield text.rstrip()
            text, word = " " * indent, word.lstrip(" ")
        text += word
    yield text.rstrip()


def isolate(text: str) -> str:
    """Right-to-left text between first-strong isolates, so that it cannot disorder its row."""
    return f"\u2068{text}\u2069" if _RIGHT_TO_LEFT.search(text) else text


def paint(text: str, color: str, *, colored: bool) -> str:
    """The text in one of the terminal's own colours, when colour is wanted."""
    code = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
    return f"\x1b[{code[color]}m{text}\x1b[0m" if colored and color and text else text


def as_text(value: Any) -> str:
    """One value as people write it: nothing for None, ISO 8601 for times, lists joined by `; `."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        from index.article import isoformat

        return isoformat(value) or ""
    if isinstance(value, Mapping):
        return _dumped(value)
    if isinstance(value, (list, tuple)):
        return "; ".join(as_text(item) for item in value)
    return str(value)


def table(
    rows: Sequence[Row], columns: Sequence[Column], *, width: int, colored: bool = False
) -> Iterator[str]:
    """Lines of aligned cells that fit `width`; columns that are empty throughout are left out.

    What is longer than its column goes on below it; a growing column that would be too narrow to
    read, or would break a word, has lines of its own below its row.
    """
    texts = [[one_line(as_text(row.get(column.key))) for column in columns] for row in rows]
    used = [number for number in range(len(columns)) if any(line[number] for line in texts)]
    shown = [columns[number] for number in used]
    texts = [[line[number] for number in used] for line in texts]
    titles = [column.title for column in shown]
    headed = any(titles) and bool(texts)
    below = _below([titles, *texts] if headed else texts, shown, width)
    beside = [number for number in range(len(shown)) if number not in below]
    inner = [shown[number] for number in beside]
    measured = [[line[n] for n in beside] for line in ([titles, *texts] if headed else texts)]
    widths = _widths(measured, inner, width)
    if headed:
        cells_of = (
            pad(column.title, room, right=column.right)
            for column, room in zip(inner, widths, strict=True)
        )
        yield paint("  ".join(cells_of).rstrip(), "dim", colored=colored)
        for number in below:
            if titles[number]:
                yield paint(f"{_INDENT}{titles[number]}", "dim", colored=colored)
    for line in texts:
        yield from _row_lines([line[n] for n in beside], inner, widths, colored=colored)
        for number in below:
            yield from _own_lines(line[number], shown[number], width, colored=colored)


def write_rows(rows: Iterable[Row], fields: Sequence[str], style: Format) -> Iterator[str]:
    """The rows as pieces of text in a format for other programs; each ends with a newline.

    `json` is one array and `jsonl` one object a line, with every field and explicit nulls;
    `tsv` has no header, `csv` has one (RFC 4180). In both a cell that is a list or a table is JSON.
    """
    if style == "json":
        yield from _json_array(rows, fields)
    elif style == "jsonl":
        yield from (f"{to_json(_pick(row, fields))}\n" for row in rows)
    elif style == "csv":
        yield _csv_line(fields)
        yield from (_csv_line([row.get(name) for name in fields]) for row in rows)
    else:
        yield from ("\t".join(_tsv_cell(row.get(name)) for name in fields) + "\n" for row in rows)


def to_json(value: Any) -> str:
    """One line of JSON in UTF-8; characters that act on a terminal stand escaped in it."""
    text = _dumped(value)
    return _ESCAPED_IN_JSON.sub(_escape, text)


def csv_cell(value: Any) -> str:
    """The value for a spreadsheet: cleaned, and no formula; plain numbers stay numbers, lists JSON."""
    if _is_nested(value):
        return to_json(value)
    text = as_text(value)
    cleaned = clean(text)
    if isinstance(value, (int, float)) or _NUMBER.fullmatch(text):
        return cleaned
    # Also as it is after cleaning: what was taken out in front may have hidden the sign.
    acts = is_formula(text) or is_formula(cleaned)
    return f"'{cleaned}" if acts else cleaned


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take a cell with this text for a formula."""
    return text.startswith(_FORMULA)


def _tsv_cell(value: Any) -> str:
    return to_json(value) if _is_nested(value) else one_line(as_text(value))


def _is_nested(value: Any) -> bool:
    return isinstance(value, (Mapping, list, tuple))


def _csv_line(values: Iterable[Any]) -> str:
    import csv
    from io import StringIO

    line = StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([csv_cell(value) for value in values])
    return line.getvalue()


def _json_array(rows: Iterable[Row], fields: Sequence[str]) -> Iterator[str]:
    opening = "[\n"
    for row in rows:
        yield f"{opening}{to_json(_pick(row, fields))}"
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def _pick(row: Row, fields: Sequence[str]) -> dict[str, Any]:
    return {name: row.get(name) for name in fields}


def _dumped(value: Any) -> str:
    import json

    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        from index.article import isoformat

        return isoformat(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _escape(match: re.Match[str]) -> str:
    """JSON's own escape, as a surrogate pair beyond the basic plane."""
    import json

    return json.dumps(match[0])[1:-1]


def _broken(word: str, width: int) -> list[str]:
    """The word in pieces of at most `width` cells; colours stay whole and take none."""
    if shown_cells(word) <= width:
        return [word]
    from wcwidth import wcwidth

    pieces, room = [""], width
    for char in _UNITS.findall(word):
        need = 0 if char.startswith("\x1b") else max(wcwidth(char), 0)
        if need > room:
            pieces.append("")
            room = width
        pieces[-1] += char
        room -= need
    return pieces


def _widths(texts: Sequence[Sequence[str]], columns: Sequence[Column], width: int) -> list[int]:
    """The cells of each column: what its values need, the growing ones sharing the room left."""
    needs = [max((cells(line[n]) for line in texts), default=0) for n in range(len(columns))]
    fixed = [
        0 if column.grows else min(need, column.most)
        for column, need in zip(columns, needs, strict=True)
    ]
    growing = [number for number, column in enumerate(columns) if column.grows]
    room = width - sum(fixed) - 2 * (len(columns) - 1)
    for place, number in enumerate(growing):
        share = max(room // (len(growing) - place), 10)
        fixed[number] = min(needs[number], share)
        room -= fixed[number]
    return fixed


def _below(texts: Sequence[Sequence[str]], columns: Sequence[Column], width: int) -> list[int]:
    """The columns whose values stand on lines of their own: those made so, and growing ones without room."""
    always = [number for number, column in enumerate(columns) if column.below]
    beside = [number for number in range(len(columns)) if number not in always]
    measured = [[line[n] for n in beside] for line in texts]
    rooms = dict(zip(beside, _widths(measured, [columns[n] for n in beside], width), strict=True))
    tight = [n for n in beside if columns[n].grows and _is_tight([t[n] for t in texts], rooms[n])]
    return [*tight, *always]


def _is_tight(texts: Iterable[str], room: int) -> bool:
    """Whether values are longer than a column in which they cannot well go on."""
    long = [text for text in texts if cells(text) > room]
    words = (word for text in long for word in text.split() if word.isascii())
    return bool(long) and (room < _LEAST_ROOM or any(len(word) > room for word in words))


def _row_lines(
    line: Sequence[str], columns: Sequence[Column], widths: Sequence[int], *, colored: bool
) -> Iterator[str]:
    """A row: its first line, and one more for each in which a cell goes on."""
    pieces = [
        list(wrap(text, room)) if room and cells(text) > room else [text]
        for text, room in zip(line, widths, strict=True)
    ]
    for place in range(max(map(len, pieces), default=0)):
        yield "  ".join(
            _cell(
                piece[place] if place < len(piece) else "",
                column, room, colored=colored, last=column is columns[-1],
            )
            for piece, column, room in zip(pieces, columns, widths, strict=True)
        ).rstrip()  # fmt: skip


def _own_lines(text: str, column: Column, width: int, *, colored: bool) -> Iterator[str]:
    """A value below its row; a word that is longer than the line, as an address may be, stays whole."""
    lead = f"{_INDENT}→ " if column.below else _INDENT
    room = max(width - len(lead), 10)
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if cells(joined) <= room or (not line and word.isascii()):
            line = joined
            continue
        *full, line = wrap(joined, room) if not word.isascii() else (line, word)
        for one in filter(None, full):
            yield lead + paint(isolate(one), column.color, colored=colored)
            lead = " " * len(lead)
    if line:
        yield lead + paint(isolate(line), column.color, colored=colored)


def _cell(text: str, column: Column, width: int, *, colored: bool, last: bool) -> str:
    short = shorten(text, width)
    filled = pad("", width - cells(short))
    shown = paint(isolate(short), column.color, colored=colored)
    if column.right:
        return filled + shown
    return shown if last else shown + filled
