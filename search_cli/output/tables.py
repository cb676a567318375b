"""Rows into a file of a format that has types: Parquet or an Excel workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.files import replace_atomic
from search_cli.output.render import Row

if TYPE_CHECKING:
    from index.corpus.record_types import ValueType

Typed = Literal["parquet", "xlsx"]


def require_library(style: Typed) -> None:
    """Raise `UsageError` if the library that writes the format is not installed."""
    if style == "parquet":
        from search_cli.output.parquet import require_parquet

        require_parquet()
    else:
        from search_cli.output.sheet import require_sheet

        require_sheet()


def write_table(
    output: Path, style: Typed, types: Mapping[str, ValueType], rows: Iterable[Row], *, name: str
) -> tuple[int, Sequence[str]]:
    """Write the file, a column for each of the types; how many rows, and what there is to say of it.

    `name` is that of a workbook's sheet. Raises `UsageError` if the library is not installed, and
    what `replace_atomic` raises.
    """
    if style == "parquet":
        from search_cli.output.parquet import write_parquet

        with replace_atomic(output) as draft:
            return write_parquet(draft, types, rows), ()
    from search_cli.output.sheet import CELL, SHEET_ROWS, write_sheet

    with replace_atomic(output) as draft:
        written = write_sheet(draft, types, rows, name=name)
    told = []
    if written.sheets > 1:
        told.append(
            f"a sheet has {SHEET_ROWS:,} rows: they stand in {written.sheets} sheets,"
            f" {name} to {name} {written.sheets}"
        )
    if written.cut:
        longer = f"{written.cut:,} cell{'s are' if written.cut > 1 else ' is'} cut"
        told.append(
            f"{longer}, ending in …: a cell of Excel holds {CELL:,} characters; csv and parquet hold all"
        )
    return written.rows, told
