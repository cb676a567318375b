"""`pressclip export`: every matching article, whole, for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from index.errors import UsageError
from index.files import open_atomic, replace_atomic, write_atomic
from index.workspace import Workspace
from search_cli.asking.grouping import by_columns, by_option, frames_for, read_groups
from search_cli.asking.narrowing import ORDERS, Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import STDOUT, choose_fields, choose_style, refuse_own_file
from search_cli.output.render import write_rows
from search_cli.output.tables import require_library, write_table
from search_cli.output.terminal import note, write
from search_cli.session import Session
from search_cli.view.exporting import (
    Selection,
    Style,
    archived_pages,
    flat_types,
    flatten,
    read_articles,
    records_of,
    text_pieces,
    types_of,
    with_bom,
)
from search_cli.view.listing import articles_and_texts, behind, left_out

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.fulltext.searcher import Sort
    from index.query import Node

FORMATS = (
    "jsonl", "csv", "parquet", "xlsx", "sqlite", "md", "bib", "ris", "csl", "ids", "warc", "wacz"
)  # fmt: skip
RECORDS = ("jsonl", "csv", "parquet", "xlsx", "sqlite")  # the formats that have fields
COUNTS = ("jsonl", "csv", "parquet", "xlsx")  # those that --by goes with
BINARY = ("parquet", "xlsx", "sqlite", "warc", "wacz")
NEEDED = ("id", "outlet", "family")  # what the other tables of a database refer to


@click.command()
@query_options
@click.option(
    "-f", "--format", "named", type=click.Choice(FORMATS), default=None,
    help="Output format [default: by FILE's ending, else jsonl].",
)  # fmt: skip
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Write to FILE, whole or not at all [default: standard output].",
)  # fmt: skip
@click.option(
    "--sort", type=click.Choice(ORDERS), default="oldest", help="Sort order [default: oldest]."
)
@click.option("--fields", "names", metavar="A,B,…", help="Fields to print (? lists them).")
@click.option(
    "--with",
    "extra",
    type=click.Choice(["text", "edits"]),
    help="Add the text, or the edits since publication (field `edits`).",
)
@by_option("Write counts of articles and texts by these fields instead.")
@click.option("--bom", is_flag=True, help="With -f csv: start with a byte order mark, for Excel.")
@click.option(
    "--manifest",
    is_flag=True,
    help="With -o: describe FILE in a .manifest.json beside it.",
)
@click.pass_obj
def export(
    session: Session,
    words: tuple[str, ...],
    named: Style | None,
    output: Path | None,
    sort: Sort,
    names: str | None,
    extra: str | None,
    by: tuple[str, ...],
    bom: bool,
    manifest: bool,
    narrowing: Narrowing,
) -> int:
    """Export all matching articles, with text, evidence and place in the archive.

    EXAMPLES
      pressclip export '*' > all.jsonl
      pressclip export story:balloon --since 2023-02-01 -o balloon.csv --manifest
      pressclip export story:balloon --as-of 2023-02-04 -o then.jsonl
      pressclip export 'lang:zh' --fields id,published,title,url
      pressclip export story:balloon -o balloon.xlsx
      pressclip export story:balloon -o balloon.parquet
      pressclip export story:balloon -o balloon.db
      pressclip export 'is:original lang:en' -f md --with text -o reader.md
      pressclip export story:balloon -f warc -o balloon.warc.gz
      pressclip export 'is:edited' --with edits -o edits.jsonl
      pressclip export story:balloon -o balloon.wacz
      pressclip export story:balloon --by outlet,day -f csv -o counts.csv

    Every reprint is exported. In csv and xlsx, a cell with a list holds JSON; parquet has real
    lists and times. sqlite is a searchable database of articles, versions, edits, verdicts,
    families, quotes and captures, with FILE.datasette.json beside it. warc holds the archived
    responses; wacz adds an index, texts and digests, for ReplayWeb.page and pywb. bib, ris and csl
    are references for Zotero, LaTeX and pandoc. The manifest gives the query, the corpus revision,
    the fields, the pressclip version and the file's SHA-256. Exit status 1 when nothing matches.
    """
    from index.corpus.export_record import FIELDS

    fields = choose_fields(names, FIELDS, FIELDS)
    if not fields:
        write(f"{name}\n" for name in FIELDS)
        return 0
    require_words(words, "export")
    output = None if output == STDOUT else output
    style = cast("Style", choose_style(named, output, "jsonl", FORMATS))
    groups = read_groups(by, more=("day",))
    if groups and (names or extra or manifest or style not in COUNTS):
        raise UsageError(f"--by works only with -f {', '.join(COUNTS)}")
    _check_together(style, output, names=names, extra=extra, manifest=manifest, bom=bom)
    workspace, corpus = open_desk(session, narrowing)
    if output is not None:
        refuse_own_file(workspace, output)
    with corpus:
        tree = narrowing.understand(corpus, words)
        matches = corpus.match(tree)
        if told := behind(corpus):
            note(session, told)
        if not matches.total:
            note(session, f"No article matches {corpus.echo(tree)}; nothing was written.")
            return 1
        if groups:
            _write_counts(workspace, corpus, tree, groups, style, output, bom=bom)
            return 0
        if style == "sqlite":
            fields = tuple(dict.fromkeys((*fields, *NEEDED)))
        selection = Selection(
            ids=matches.in_order(sort),
            style=style,
            fields=(*fields, "edits") if extra == "edits" else fields,
            story=narrowing.only_story,
            with_text=extra == "text",
            with_edits=extra == "edits",
            bom=bom,
        )
        if output is None:
            write(text_pieces(corpus, selection))
            return 0
        count, told_of_file = _write_file(workspace, corpus, selection, output)
        note(session, f"wrote {articles_and_texts(count, matches.texts)}, to {output}")
        for line in told_of_file:
            note(session, line)
        if hidden := left_out(corpus, tree):
            note(session, hidden)
        if manifest:
            path = _write_manifest(corpus, selection, output, count, words, corpus.echo(tree))
            note(session, f"and {path}: query, revision, fields, version, SHA-256")
    return 0


def _check_together(
    style: Style,
    output: Path | None,
    *,
    names: str | None,
    extra: str | None,
    manifest: bool,
    bom: bool,
) -> None:
    """Raise `UsageError` for options that make no sense together, or a format that lacks its library."""
    if names is not None and style not in RECORDS:
        raise UsageError(f"-f {style} has no fields", hint=f"--fields: -f {', '.join(RECORDS)}")
    if extra == "edits":
        if style == "sqlite":
            raise UsageError("-f sqlite has every edit, in a table `edits`")
        if style not in RECORDS:
            raise UsageError("--with edits works only with -f jsonl, csv, parquet and xlsx")
    elif extra is not None and style != "md":
        has = " has the texts" if style in RECORDS else " has no room for texts"
        raise UsageError(f"--with text works only with -f md; {style}{has}")
    if bom and style != "csv":
        raise UsageError("--bom works only with -f csv")
    if output is None and style in BINARY:
        raise UsageError(
            f"-f {style} is a binary format and must be written to a file", hint="give one: -o FILE"
        )
    if output is None and manifest:
        raise UsageError("--manifest works only with -o FILE", hint="give one: -o FILE")
    if style in ("parquet", "xlsx"):
        require_library(style)


def _write_counts(
    workspace: Workspace,
    corpus: Corpus,
    tree: Node,
    groups: Sequence[str],
    style: Style,
    output: Path | None,
    *,
    bom: bool,
) -> None:
    """A row for each cell of the grid, with its articles and distinct texts."""
    from index.study.groups import count_cells, read_cells

    frames = frames_for(workspace, tree, groups, "export")
    rows = [
        {**by_columns(groups, one.cell), "articles": one.articles, "texts": one.texts}
        for one in count_cells(read_cells(corpus, tree, groups, frames))
    ]
    counted = ("articles", "texts")
    if output is not None and style in ("parquet", "xlsx"):
        types = dict.fromkeys(groups, "text") | dict.fromkeys(counted, "integer")
        write_table(output, style, types, rows, name="counts")
        return
    pieces = write_rows(rows, (*groups, *counted), "csv" if style == "csv" else "jsonl")
    pieces = with_bom(pieces, bom)
    if output is None:
        write(pieces)
        return
    with open_atomic(output) as file:
        file.writelines(pieces)


def _write_file(
    workspace: Workspace, corpus: Corpus, selection: Selection, output: Path
) -> tuple[int, Sequence[str]]:
    """Write the file; how many articles are in it, and what there is to say of it."""
    match selection.style:
        case "warc":
            return _write_warc(workspace, corpus, selection, output), ()
        case "wacz":
            return _write_wacz(workspace, corpus, selection, output), ()
        case "sqlite":
            return _write_database(workspace, corpus, selection, output)
        case "parquet":
            types = types_of(selection.fields)
            return write_table(
                output, "parquet", types, records_of(corpus, selection), name="articles"
            )
        case "xlsx":
            rows = map(flatten, records_of(corpus, selection))
            return write_table(output, "xlsx", flat_types(selection.fields), rows, name="articles")
    with open_atomic(output) as file:
        file.writelines(text_pieces(corpus, selection))
    return len(selection.ids), ()


def _write_database(
    workspace: Workspace, corpus: Corpus, selection: Selection, output: Path
) -> tuple[int, Sequence[str]]:
    """The database, and beside it what Datasette is told of its tables."""
    from importlib.metadata import version

    from search_cli.output.database import Database, datasette_metadata
    from search_cli.view.database_rows import fill_database

    types = flat_types(selection.fields)
    with replace_atomic(output) as draft, Database(draft, types, name=output) as database:
        count = fill_database(database, corpus, workspace.outlets(), selection)
    metadata = output.with_suffix(".datasette.json")
    software = f"pressclip {version('pressclip')}"
    texts = bool({"title", "lead", "text"} & set(selection.fields))
    write_atomic(
        metadata,
        datasette_metadata(output.stem, title=output.stem, software=software, texts=texts),
    )
    return count, [f"and {metadata}: datasette {output} -m {metadata}"]


def _write_warc(workspace: Workspace, corpus: Corpus, selection: Selection, output: Path) -> int:
    """The records of the newest capture of each article, and a record that says what the file is."""
    from index.archive import Archive
    from index.archive.warc import warcinfo_member

    archive = Archive(workspace.archive_dir)
    count = 0
    with replace_atomic(output) as draft, draft.open("wb") as file:
        file.write(warcinfo_member(output.name))
        for stored in read_articles(corpus, selection.ids):
            if stored.archive:
                parts = [part.archive for part in stored.article.parts if part.archive]
                file.writelines(archive.members(ref) for ref in (stored.archive, *parts))
                count += 1
    return count


def _write_wacz(workspace: Workspace, corpus: Corpus, selection: Selection, output: Path) -> int:
    """The same records as a WACZ, with the pages' texts."""
    from importlib.metadata import version

    from index.archive import Archive
    from index.archive.wacz_writer import write_wacz

    archive = Archive(workspace.archive_dir)
    pages = archived_pages(read_articles(corpus, selection.ids), archive)
    software = f"pressclip {version('pressclip')}"
    with replace_atomic(output) as draft:
        return write_wacz(draft, archive, pages, title=output.stem, software=software)


def _write_manifest(
    corpus: Corpus,
    selection: Selection,
    output: Path,
    count: int,
    words: Sequence[str],
    understood: str,
) -> Path:
    """The manifest beside a file, from what the file is now."""
    from hashlib import file_digest
    from importlib.metadata import version

    from search_cli.output.render import to_json

    with output.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    record = {
        "file": output.name,
        "sha256": digest,
        "bytes": output.stat().st_size,
        "format": selection.style,
        "articles": count,
        "fields": list(selection.fields) if selection.style in RECORDS else [],
        "query": " ".join(words),
        "understood": understood,
        "as_of": corpus.when if isinstance(corpus.when, datetime) else None,
        "revision": corpus.index.revision,
        "store": corpus.store.identity(),
        "pressclip": version("pressclip"),
        "written": datetime.now(UTC),
    }
    path = output.with_suffix(".manifest.json")
    write_atomic(path, f"{to_json(record)}\n")
    return path
