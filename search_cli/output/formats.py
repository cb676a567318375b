"""Lists for a person or for a program: the choice of format, and the columns of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from index.errors import UsageError
from search_cli.output.render import Column, Format, Row, table, to_json, write_rows
from search_cli.output.terminal import Terminal, write
from search_cli.session import Session

if TYPE_CHECKING:
    from index.workspace import Workspace

Function = TypeVar("Function", bound=Callable[..., Any])

ALIASES = {"lang": "language", "date": "published", "group": "family"}
STDOUT = Path("-")  # what `-o -` names
# What a file's ending says of its format, where no -f does.
ENDINGS = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv",
    ".parquet": "parquet", ".xlsx": "xlsx", ".db": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite",
    ".md": "md", ".bib": "bib", ".ris": "ris", ".warc.gz": "warc", ".wacz": "wacz", ".opml": "opml",
}  # fmt: skip
_HEADER = "pressclip.header"  # in the context's `meta`
FORMATS = ("table", "tsv", "csv", "json", "jsonl")


def format_options(function: Function) -> Function:
    """Give a verb `-f FORMAT` and `--json`, as the one argument `style` (empty: by where it goes)."""
    as_json = click.option(
        "--json", "style", flag_value="json", help="Short for -f json.", default=None
    )
    named = click.option(
        "-f", "--format", "style", type=click.Choice(FORMATS), default=None,
        help="Output format [default: table on a terminal, else tsv].",
    )  # fmt: skip
    return named(as_json(header_option(function)))


def header_option(function: Function) -> Function:
    """Give a verb `--header`, which `write_list` reads from the context: no verb has to pass it on."""

    def keep(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
        ctx.meta[_HEADER] = wanted

    return click.option(
        "--header",
        is_flag=True,
        expose_value=False,
        callback=keep,
        help="With tsv: write the names of the columns first.",
    )(function)


def write_list(rows: Iterable[Row], fields: Sequence[str], style: Format) -> Iterator[str]:
    """`write_rows`, with a line of names before TSV where the user asks for it (`--header`)."""
    ctx = click.get_current_context(silent=True)
    if style == "tsv" and ctx is not None and ctx.meta.get(_HEADER):
        yield "\t".join(fields) + "\n"
    yield from write_rows(rows, fields, style)


def choose_style(named: str | None, output: Path | None, default: str, known: Iterable[str]) -> str:
    """The format that `-f` names, or else the one of the file's ending, else (without one) the default.

    Raises `UsageError` for an ending of no format, or of one that is not among the `known` ones.
    """
    if named is not None or output is None:
        return named or default
    name = output.name.lower()
    meant = next((style for ending, style in ENDINGS.items() if name.endswith(ending)), "")
    if not meant and not output.suffix:
        return default
    if meant not in known:
        what = f"{meant} is not written here" if meant else f"no format ends in {output.suffix}"
        raise UsageError(f"{output}: {what}", hint=f"name one: -f {', '.join(known)}")
    return meant


def check_ending(output: Path | None, endings: Iterable[str], what: str) -> None:
    """Refuse a file whose ending says that something else is in it; without an ending all is well.

    Raises `UsageError`. `what` is what is written, as in `a report is HTML`.
    """
    if output is not None and output.suffix and output.suffix.lower() not in endings:
        hint = f"name it {output.stem}{next(iter(endings))}"
        raise UsageError(f"{output}: {what}, not {output.suffix}", hint=hint)


def refuse_own_file(workspace: Workspace, output: Path) -> None:
    """Raise `UsageError` for an output that would take the place of a file of the workspace."""
    if workspace.owns(output):
        raise UsageError(f"{output} is the desk's own file", hint="name another: -o FILE")


def emit(
    session: Session,
    rows: Iterable[Row],
    *,
    style: Format | None,
    fields: Sequence[str],
    columns: Sequence[Column],
) -> None:
    """Write the rows to stdout: the columns as a table, or the fields for a program."""
    terminal = Terminal.of(session)
    chosen = chosen_format(style, terminal)
    if chosen != "table":
        write(write_list(rows, fields, chosen))
        return
    lines = table(list(rows), columns, width=terminal.width, colored=terminal.colored)
    terminal.show(lines)


def chosen_format(style: Format | None, terminal: Terminal) -> Format:
    """The format asked for, or else a table on a terminal and TSV elsewhere."""
    return style or ("table" if terminal.screen else "tsv")


def emit_record(session: Session, record: Row, *, style: Format | None) -> None:
    """Write one record: a line for each key that has a value, or one object as JSON."""
    if style in (None, "table", "tsv"):
        rows: list[Row] = [
            {"key": key, "value": value} for key, value in record.items() if value not in ("", None)
        ]
        columns = (Column(key="key", color="cyan"), Column(key="value", grows=True))
        emit(session, rows, style=style, fields=("key", "value"), columns=columns)
    elif style == "csv":
        write(write_rows([record], list(record), style))
    else:
        write([f"{to_json(record)}\n"])


def choose_fields(
    names: str | None, known: Sequence[str], default: Sequence[str]
) -> tuple[str, ...]:
    """The fields that `--fields` names; none when it asks for the list of them with `?`.

    Raises `UsageError` for one that is not known.
    """
    if names is None:
        return tuple(default)
    if names.strip() == "?":
        return ()
    wanted = tuple(ALIASES.get(name.strip(), name.strip()) for name in names.split(","))
    for name in wanted:
        if name not in known:
            from index.workspace.toml_reader import did_you_mean

            hint = did_you_mean(name, known) or "--fields ? lists them"
            raise UsageError(f"no such field: {name}", hint=hint)
    return wanted
