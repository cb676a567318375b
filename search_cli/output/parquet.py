"""Rows as a Parquet file: typed, lists and tables nested, written by row groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.corpus.record_types import typed_row
from index.errors import UsageError
from search_cli.output.render import Row

if TYPE_CHECKING:
    from index.corpus.record_types import ValueType

GROUP = 2000
"""Rows of a group: what is held in memory at a time, and what a reader reads at once."""


def write_parquet(path: Path, types: Mapping[str, ValueType], rows: Iterable[Row]) -> int:
    """Fill a file with the rows, a column for each of the types; how many went in.

    Raises `UsageError` if pyarrow is not installed, `OSError` when the disk refuses.
    """
    arrow, parquet = _load()
    schema = _schema(arrow, types)
    count = 0
    left = iter(rows)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := [typed_row(row, types) for row in islice(left, GROUP)]:
            writer.write_table(arrow.Table.from_pylist(group, schema=schema), row_group_size=GROUP)
            count += len(group)
    return count


def require_parquet() -> None:
    """Raise `UsageError` if pyarrow is not installed."""
    _load()


def _load() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(
            "-f parquet needs pyarrow, which is not installed",
            hint="pip install 'pressclip[parquet]'",
        ) from error
    return pyarrow, pyarrow.parquet


def _schema(arrow: Any, types: Mapping[str, ValueType]) -> Any:
    fields = [arrow.field(name, _arrow_type(arrow, kind)) for name, kind in types.items()]
    return arrow.schema(fields, metadata={"pressclip": version("pressclip")})


def _arrow_type(arrow: Any, kind: ValueType) -> Any:
    if isinstance(kind, list):
        return arrow.list_(_arrow_type(arrow, kind[0]))
    if isinstance(kind, dict):
        return arrow.struct([(key, _arrow_type(arrow, inner)) for key, inner in kind.items()])
    plain = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "flag": arrow.bool_(),
        "time": arrow.timestamp("us", tz="UTC"),
        "day": arrow.date32(),
    }
    return plain[kind]
