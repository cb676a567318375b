"""Rows as an Excel workbook, written row by row; no cell of it is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from index.corpus.record_types import typed
from index.errors import UsageError
from search_cli.output.render import Row, as_text, clean, is_formula, to_json

if TYPE_CHECKING:
    from index.corpus.record_types import ValueType

SHEET_ROWS = 1_048_576
"""Rows that a sheet of Excel has, the heading among them."""
CELL = 32_767
"""Characters that a cell of Excel holds, counted as it counts: in UTF-16."""
_WIDTHS = {"time": 19, "day": 11, "integer": 9, "number": 9, "flag": 7}
_FIRST_YEAR = 1900  # Excel knows no day before


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a workbook came to: rows, the sheets that they took, cells that were too long for it."""

    rows: int
    sheets: int
    cut: int


def write_sheet(
    path: Path,
    types: Mapping[str, ValueType],
    rows: Iterable[Row],
    *,
    name: str,
    sheet_rows: int = SHEET_ROWS,
) -> Written:
    """Fill a file with a workbook: a sheet `name` with a heading, and more where one is full.

    Times are UTC, lists and tables JSON. A text that is too long for a cell ends in `…` there.
    Raises `UsageError` if XlsxWriter is not installed, `OSError` when the disk refuses.
    """
    xlsxwriter = _load()
    # Constant memory: each row goes to a file of its own folder before the next is written.
    with TemporaryDirectory(dir=path.parent, prefix=f"{path.name}.") as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(str(path), options)
        pages = _Pages(book, types, name, sheet_rows)
        for row in rows:
            pages.add(row)
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise error.args[0] from error  # the disk's own error, which it wraps
    return Written(rows=pages.rows, sheets=pages.sheets, cut=pages.cut)


def require_sheet() -> None:
    """Raise `UsageError` if XlsxWriter is not installed."""
    _load()


def _load() -> Any:
    try:
        import xlsxwriter
        import xlsxwriter.exceptions
    except ImportError as error:
        raise UsageError(
            "-f xlsx needs XlsxWriter, which is not installed", hint="pip install 'pressclip[xlsx]'"
        ) from error
    return xlsxwriter


class _Pages:
    """The sheets of a workbook, one after the other."""

    def __init__(
        self, book: Any, types: Mapping[str, ValueType], name: str, sheet_rows: int
    ) -> None:
        self.rows = self.sheets = self.cut = 0
        self._book, self._types, self._name, self._full = book, types, name, sheet_rows
        self._bold = book.add_format({"bold": True})
        # Shown as text, and still text when somebody edits the cell.
        self._quoted = book.add_format({"quote_prefix": True})
        self._formats = {
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        self._begin()

    def _begin(self) -> None:
        self.sheets += 1
        self._sheet = self._book.add_worksheet(
            self._name if self.sheets == 1 else f"{self._name} {self.sheets}"
        )
        self._sheet.freeze_panes(1, 0)
        for column, (name, kind) in enumerate(self._types.items()):
            width = _WIDTHS.get(kind, 20) if isinstance(kind, str) else 20
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(0, column, name, self._bold)
        self._next = 1

    def add(self, row: Row) -> None:
        """Write a row; the next sheet is begun where this one is full."""
        if self._next == self._full:
            self._begin()
        for column, (name, kind) in enumerate(self._types.items()):
            self._write(column, row.get(name), kind)
        self._next += 1
        self.rows += 1

    def _write(self, column: int, value: Any, kind: ValueType) -> None:
        if value is None or value == "":
            return
        at = self._next, column
        if kind in ("integer", "number"):
            self._sheet.write_number(*at, value)
        elif kind == "flag":
            self._sheet.write_boolean(*at, value)
        elif kind in ("time", "day") and (moment := _moment(typed(value, kind))):
            self._sheet.write_datetime(*at, moment, self._formats[str(kind)])
        else:
            nested = isinstance(value, (Mapping, list, tuple))
            text = self._fitting(to_json(value) if nested else clean(as_text(value)))
            self._sheet.write_string(*at, text, self._quoted if is_formula(text) else None)

    def _fitting(self, text: str) -> str:
        if len(text) <= CELL // 2 or _units(text) <= CELL:
            return text
        self.cut += 1
        return text.encode("utf-16-le")[: 2 * (CELL - 1)].decode("utf-16-le", "ignore") + "…"


def _moment(value: date) -> date | None:
    """A time as Excel has it, without a zone; None for one that it cannot have."""
    if value.year < _FIRST_YEAR:
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2
