"""Rows as a table in memory, of pandas or polars, with the types of their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import Any, Literal

from index.corpus.record_types import ValueType, typed_row
from index.errors import UsageError

Library = Literal["pandas", "polars"]


def make_frame(
    rows: Iterable[Mapping[str, Any]],
    types: Mapping[str, ValueType],
    library: Library | None = None,
) -> Any:
    """A table with a column for each of the types; without a library named pandas, else polars.

    Times are aware and in UTC. Lists are lists: nested columns in polars, objects in pandas. Raises
    `UsageError` if the library, or either of them, is not installed.
    """
    chosen = library or next((name for name in ("pandas", "polars") if find_spec(name)), None)
    if chosen not in (None, "pandas", "polars"):
        raise UsageError(f"no tables of {chosen}", hint="pandas or polars")
    values = [typed_row(row, types) for row in rows]
    try:
        if chosen == "pandas":
            return _pandas_frame(values, types)
        if chosen == "polars":
            return _polars_frame(values, types)
    except ImportError as error:
        raise _missing(f"a table of {chosen} needs it installed", str(chosen)) from error
    raise _missing("a table needs pandas or polars, and neither is installed", "pandas")


def _missing(message: str, extra: str) -> UsageError:
    return UsageError(message, hint=f"pip install 'pressclip[{extra}]'")


def _pandas_frame(values: list[dict[str, Any]], types: Mapping[str, ValueType]) -> Any:
    import pandas

    table = pandas.DataFrame(values, columns=list(types))
    dtypes = {"integer": "Int64", "number": "float64", "flag": "boolean"}
    for name, kind in types.items():
        if kind == "time":
            table[name] = pandas.to_datetime(table[name], utc=True)
        elif isinstance(kind, str) and kind in dtypes:
            table[name] = table[name].astype(dtypes[kind])
    return table


def _polars_frame(values: list[dict[str, Any]], types: Mapping[str, ValueType]) -> Any:
    import polars

    schema = {name: _polars_type(polars, kind) for name, kind in types.items()}
    return polars.DataFrame(values, schema=schema, orient="row")


def _polars_type(polars: Any, kind: ValueType) -> Any:
    if isinstance(kind, list):
        return polars.List(_polars_type(polars, kind[0]))
    if isinstance(kind, dict):
        return polars.Struct({key: _polars_type(polars, inner) for key, inner in kind.items()})
    plain = {
        "text": polars.String,
        "integer": polars.Int64,
        "number": polars.Float64,
        "flag": polars.Boolean,
        "time": polars.Datetime("us", "UTC"),
        "day": polars.Date,
    }
    return plain[kind]
