"""`pressclip outlet`: where to look."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Literal

import click

from index.errors import UsageError
from index.files import write_atomic
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.interchange import (
    CSV_COLUMNS,
    csv_rows,
    merge_into,
    opml_lines,
    read_outlet_list,
)
from index.workspace.outlets import (
    FILE_NAME,
    Outlet,
    Outlets,
    is_collection_name,
    outlet_values,
)
from index.workspace.outlets_edit import write_outlets
from search_cli.commandline.lazy import LazyGroup, Verb
from search_cli.output.formats import (
    STDOUT,
    choose_style,
    chosen_format,
    emit,
    emit_record,
    format_options,
    refuse_own_file,
)
from search_cli.output.moments import zone_of
from search_cli.output.render import Column, Format, one_line, write_rows
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.habits import habit_lines, habit_record, what_is_known

_HERE = "search_cli.commands.outlet"
SECTIONS = {
    "Commands": {
        "add": Verb(
            "search_cli.commands.outlet_add:add", "Find an outlet's feeds and sitemaps; add it."
        ),
        "search": Verb(
            "search_cli.commands.outlet_search:search_outlets",
            "Find outlets in the starter directory.",
        ),
        "check": Verb(
            "search_cli.commands.outlet_check:check",
            "Try their lists again; repair what moved or died.",
        ),
        "import": Verb(f"{_HERE}:import_outlets", "Import a list: OPML, newsboat, CSV."),
        "list": Verb(f"{_HERE}:list_outlets", "List the outlets."),
        "show": Verb(f"{_HERE}:show", "Show one outlet, and what was learned of it."),
        "export": Verb(f"{_HERE}:export", "Write the list as OPML or CSV."),
    }
}
LISTS = ("csv", "opml")
COLUMNS = (
    Column(key="id", title="id", color="cyan"),
    Column(key="name", title="name", grows=True),
    Column(key="country", title="country"),
    Column(key="lang", title="lang", most=16),
    Column(key="kind", title="kind"),
    Column(key="lists", title="lists", right=True),
    Column(key="collections", title="in", most=14),
)
FIELDS = ("id", "name", "country", "lang", "kind", "feeds", "sitemaps", "collections")


@click.group(cls=LazyGroup, sections=SECTIONS)
def outlet() -> None:
    """Define where to look: the outlets and collections in outlets.toml.

    EXAMPLES
      pressclip outlet search switzerland
      pressclip outlet add https://www.example.com
      pressclip outlet import feeds.opml --collection agencies
      pressclip outlet list
      pressclip outlet check
    """


@click.command(name="list")
@click.argument("names", metavar="[ID|@COLLECTION]…", nargs=-1)
@format_options
@click.pass_obj
def list_outlets(session: Session, names: tuple[str, ...], style: Format | None) -> None:
    """List all outlets, or those named.

    EXAMPLES
      pressclip outlet list
      pressclip outlet list @agencies
      pressclip outlet list --json
    """
    outlets = Workspace.find(session.directory).outlets()
    if not outlets.by_id:
        note(session, "No outlet yet.\nnext: pressclip outlet search COUNTRY, then outlet add ID")
    rows = [_row(found, outlets) for found in outlets.select(use=names)]
    emit(session, rows, style=style, fields=FIELDS, columns=COLUMNS)


@click.command()
@click.argument("outlet_id", metavar="ID")
@format_options
@click.pass_obj
def show(session: Session, outlet_id: str, style: Format | None) -> None:
    """Show one outlet: what outlets.toml says of it, and what was learned of its pages.

    EXAMPLES
      pressclip outlet show example.com
      pressclip outlet show example.com --json

    Learned is what the newest pages of an outlet have in common: what is beside the headline in
    their titles, charset, clock, order of dates, where the byline is; each with the pages that show
    it. The next page is read with it. A key of outlets.toml counts instead (docs/files.md); an empty
    list says that there is nothing. An outlet that is not in outlets.toml is shown by its host.
    """
    workspace = Workspace.find(session.directory)
    outlets = workspace.outlets()
    known = what_is_known(workspace, outlet_id)
    if outlet_id not in outlets and not known.habits.pages:
        outlets.get(outlet_id)
    record: dict[str, Any] = {"id": outlet_id}
    if outlet_id in outlets:
        collections = list(outlets.collections_of(outlet_id))
        record = {**outlet_values(outlets.get(outlet_id)), "collections": collections}
    terminal = Terminal.of(session)
    if chosen_format(style, terminal) == "table":
        emit_record(session, record, style="table")
        zone, width = zone_of(session, workspace), terminal.room()
        terminal.show(habit_lines(known, record, zone=zone, width=width))
    else:
        emit_record(session, {**record, **habit_record(known)}, style=style)


@click.command(name="import")
@click.argument("file", metavar="FILE|-", type=click.File("rb"))
@click.option(
    "--collection", metavar="NAME", default="", help="Add all of them to this collection."
)
@click.pass_obj
def import_outlets(session: Session, file: IO[bytes], collection: str) -> None:
    """Import outlets from OPML, CSV or newsboat's urls file into outlets.toml.

    EXAMPLES
      pressclip outlet import feeds.opml
      pressclip outlet import ~/.newsboat/urls
      pressclip outlet import desk.csv --collection montana
      pressclip outlet export | ssh desk pressclip outlet import -

    Existing entries stay; new feeds and sitemaps are added to them. A CSV has the columns of
    `outlet export`. Only id is required, and spaces separate several values in a cell. newsboat's
    tags become collections.
    """
    workspace = Workspace.find(session.directory)
    known = workspace.outlets()
    collection = collection.removeprefix("@")
    if collection and not is_collection_name(collection):
        raise UsageError(
            f"{collection}: not a valid collection name", hint="letters, digits, - and _"
        )
    found = read_outlet_list(file.read(), name=file.name, allow_private=workspace.allow_private)
    merged = merge_into(known, found.outlets)
    changed = [entry for entry in merged if known.by_id.get(entry.id) != entry]
    joining = dict(found.collections)
    if collection:
        joining[collection] = (*joining.get(collection, ()), *(entry.id for entry in merged))
    if changed or joining:
        write_outlets(workspace.outlets_file, changed, collections=joining)
    for line in found.left_out:
        note(session, f"left out: {one_line(line)}")
    _tell_import(session, known, merged, changed)


@click.command()
@click.option(
    "-f", "--format", "named", type=click.Choice(LISTS), default=None,
    help="Output format [default: by FILE's ending, else csv].",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Write to FILE [default: standard output].",
)  # fmt: skip
@click.pass_obj
def export(session: Session, named: Literal["csv", "opml"] | None, output: Path | None) -> None:
    """Export the outlets as CSV, or as OPML for a feed reader.

    EXAMPLES
      pressclip outlet export > outlets.csv
      pressclip outlet export -o feeds.opml
    """
    output = None if output == STDOUT else output
    style = choose_style(named, output, "csv", LISTS)
    workspace = Workspace.find(session.directory)
    outlets = workspace.outlets()
    if style == "opml":
        pieces = [f"{line}\n" for line in opml_lines(outlets)]
    else:
        pieces = list(write_rows(csv_rows(outlets), CSV_COLUMNS, "csv"))
    if output is None:
        write(pieces)
        return
    refuse_own_file(workspace, output)
    write_atomic(output, "".join(pieces))
    note(session, f"wrote {counted(len(outlets), 'outlet')} to {output}")


def _row(found: Outlet, outlets: Outlets) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.title,
        "country": found.country,
        "lang": ", ".join(found.lang),
        "kind": found.kind,
        "feeds": len(found.feeds),
        "sitemaps": len(found.sitemaps),
        "lists": len(found.feeds) + len(found.sitemaps) + len(found.sections),
        "collections": ", ".join(outlets.collections_of(found.id)),
    }


def _tell_import(
    session: Session, known: Outlets, merged: Sequence[Outlet], changed: Sequence[Outlet]
) -> None:
    new = sum(entry.id not in known for entry in changed)
    feeds = sum(len(entry.feeds) for entry in merged)
    note(
        session,
        f"{FILE_NAME}: {counted(new, 'outlet')} added, {len(changed) - new} renewed, "
        f"{len(merged) - len(changed)} unchanged; {counted(feeds, 'feed')}",
    )
    if changed:
        note(session, "next: pressclip outlet list, then pressclip story new ID")
