"""The articles of an export as text: records, tables, references, from the store page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, cast

from search_cli.output.render import Row, write_rows

if TYPE_CHECKING:
    from index.archive import Archive
    from index.archive.wacz_writer import ArchivedPage
    from index.corpus import Corpus
    from index.corpus.record_types import ValueType
    from index.store import StoredArticle

Style = Literal[
    "jsonl", "csv", "parquet", "xlsx", "sqlite", "md", "bib", "ris", "csl", "ids", "warc", "wacz"
]
PAGE = 200
ARCHIVE = ("file", "offset", "digest")
EDIT_OWNER = ("id", "outlet", "title", "url")
"""What a change says of its article, which that article's record says itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to write: which articles in which order, the format and the fields."""

    ids: Sequence[str]
    style: Style
    fields: Sequence[str]
    story: str
    with_text: bool
    with_edits: bool = False
    bom: bool = False


def text_pieces(corpus: Corpus, selection: Selection) -> Iterator[str]:
    """The articles in one of the formats that are text."""
    from search_cli.output.citing import cite, markdown_article

    articles = read_articles(corpus, selection.ids)
    match selection.style:
        case "ids":
            return (f"{name}\n" for name in selection.ids)
        case "md" if selection.with_text:
            return (
                markdown_article(stored, corpus.zone, corpus.outlet_names()) for stored in articles
            )
        case "md" | "bib" | "ris" | "csl":
            return cite(articles, selection.style, corpus.zone, corpus.outlet_names())
        case "csv":
            rows = map(flatten, records_of(corpus, selection))
            return with_bom(write_rows(rows, columns_of(selection.fields), "csv"), selection.bom)
        case _:
            return write_rows(records_of(corpus, selection), selection.fields, "jsonl")


def with_bom(pieces: Iterator[str], wanted: bool) -> Iterator[str]:
    """The pieces, after a byte order mark (by which Excel recognises UTF-8) if it is wanted."""
    return chain(["\ufeff"], pieces) if wanted else pieces


def types_of(fields: Sequence[str]) -> dict[str, ValueType]:
    """What the values of the fields are, edits too."""
    from index.corpus.record_types import EDIT_TYPES, FIELD_TYPES

    change = {name: kind for name, kind in EDIT_TYPES.items() if name not in EDIT_OWNER}
    return {name: FIELD_TYPES.get(name, [change]) for name in fields}


def flat_types(fields: Sequence[str]) -> dict[str, ValueType]:
    """The same for the columns of a table, whose archive's reference is in columns of its own."""
    from index.corpus.record_types import FIELD_TYPES

    known = types_of(fields)
    place = cast("dict[str, ValueType]", FIELD_TYPES["archive"])
    parts = {f"archive_{part}": place[part] for part in ARCHIVE}
    return {name: known[name] if name in known else parts[name] for name in columns_of(fields)}


def read_articles(corpus: Corpus, ids: Sequence[str]) -> Iterator[StoredArticle]:
    """The articles of the ids in their order, read from the store in pages."""
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        found = corpus.store.articles.get(page)
        yield from (found[name] for name in page if name in found)


def archived_pages(articles: Iterable[StoredArticle], archive: Archive) -> Iterator[ArchivedPage]:
    """The articles that are in the archive, as pages of a WACZ, with what they were joined from.

    Behind each come the redirects that led to it and the robots.txt that let us in.
    """
    from index.archive.wacz_writer import ArchivedPage
    from index.evidence.surroundings import Neighbours

    neighbours = Neighbours(archive)
    for stored in articles:
        if stored.archive:
            article = stored.article
            parts = [part.archive for part in article.parts if part.archive]
            around = neighbours.of(article.url, stored.archive, article.fetched)
            yield ArchivedPage(
                id=stored.id,
                title=stored.article.title,
                text=stored.article.text,
                refs=(stored.archive, *parts, *(one.ref for one in around)),
            )


def records_of(corpus: Corpus, selection: Selection) -> Iterator[dict[str, Any]]:
    """The articles as rows of every field."""
    from index.corpus.export_record import to_record

    for stored in read_articles(corpus, selection.ids):
        record = to_record(stored, story=selection.story)
        if selection.with_edits:
            record["edits"] = _edits_of(corpus, stored)
        yield record


def _edits_of(corpus: Corpus, stored: StoredArticle) -> list[dict[str, Any]]:
    """The changes of an article, without what its own record tells already."""
    from index.study.edits import list_edits
    from search_cli.view.edit_rows import edit_record

    versions = corpus.store.versions.of(stored.id) if stored.versions > 1 else []
    rows = map(edit_record, list_edits(stored.id, versions[: stored.versions]))
    return [{key: value for key, value in row.items() if key not in EDIT_OWNER} for row in rows]


def columns_of(fields: Sequence[str]) -> tuple[str, ...]:
    """The columns of a table: the archive's reference has three of its own in it."""
    parts = tuple(f"archive_{part}" for part in ARCHIVE)
    return tuple(chain.from_iterable(parts if name == "archive" else (name,) for name in fields))


def flatten(row: Row) -> Row:
    """A row for a table: the archive's reference in columns of its own."""
    archive = row.get("archive") or {}
    return {**row, **{f"archive_{part}": archive.get(part) for part in ARCHIVE}}
