"""`pressclip prove`: one article with all that a stranger needs to check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.article import isoformat
from index.errors import ArchiveError, UsageError
from index.files import replace_atomic
from index.text.wording import counted
from index.workspace import Workspace
from search_cli.asking.articles import find_articles
from search_cli.output.formats import check_ending, refuse_own_file
from search_cli.output.terminal import note
from search_cli.session import Session

if TYPE_CHECKING:
    from index.archive import Archive
    from index.article import Article
    from index.evidence.surroundings import Record
    from index.store import StoredArticle
    from index.store.standings import Version

# What text and date are read with.
TOOLS = ("pressclip", "trafilatura", "htmldate", "lxml", "justext", "py3langid", "warcio")
ARTICLE = (
    "url", "canonical_url", "outlet", "title", "authors", "published", "published_precision",
    "published_day", "date_confidence", "date_conflict", "updated", "fetched", "language", "dates",
    "witnesses", "copy_of", "captured", "archive_source",
)  # fmt: skip


@click.command()
@click.argument("name", metavar="ID|@N|URL")
@click.argument("number", metavar="[VERSION]", type=click.IntRange(1), required=False)
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
    help="Write to FILE [default: ID.evidence.zip].",
)  # fmt: skip
@click.pass_obj
def prove(session: Session, name: str, number: int | None, output: Path | None) -> None:
    """Write an evidence bundle: what a page said, when, and how to check that.

    EXAMPLES
      pressclip prove k7q2d
      pressclip prove k7q2d 1 -o first.zip        the first version seen of it
      pressclip verify --bundle k7q2d.evidence.zip

    The bundle is a zip file with the archived responses of the page and of what it depends on
    (redirects, robots.txt, the list that named it), its text, every version and what changed, how
    its date was read, and README.html, which explains how to check everything without pressclip.
    Keep the digest that is printed: it identifies the whole bundle.
    """
    from index.archive import Archive
    from index.evidence.bundle import bundle_files, fingerprint_of, with_sums, write_zip
    from index.evidence.stamps import FOLDER, read_stamps
    from index.evidence.surroundings import find_surroundings
    from index.store import Store

    check_ending(output, (".zip",), "a bundle is a zip")
    workspace = Workspace.find(session.directory)
    archive = Archive(workspace.archive_dir)
    with Store.open(workspace.database) as store:
        (identity,) = find_articles(workspace, store, [name])
        versions = store.versions.of(identity)
        stored = store.articles.get([identity])[identity]
    chosen = number or len(versions)
    if chosen > len(versions):
        told = f"{identity} has {counted(len(versions), 'version')}, no version {chosen}"
        raise UsageError(told, hint=f"pressclip show {identity} --versions")
    output = output or Path(f"{identity}.evidence.zip")
    refuse_own_file(workspace, output)
    newest = chosen == len(versions)
    article = stored.article if newest else versions[chosen - 1].article
    own = _own_records(archive, versions[chosen - 1], article)
    around = find_surroundings(archive, own[0].capture)
    if not any(one.role == "list" for one in around):
        around += _earlier_list(archive, versions[: chosen - 1])
    about = {
        "article": {"id": identity, **{key: article.to_dict()[key] for key in ARTICLE}},
        "saved_copy": _saved_copy(stored),
        "tools": dict(_installed()),
        "missing": _missing(own[0], around),
    }
    now = datetime.now(UTC).replace(microsecond=0)
    settings = workspace.evidence
    files = bundle_files(
        archive,
        [*own, *around],
        versions,
        about,
        chosen=chosen,
        created=now,
        stamps=read_stamps(workspace.data / FOLDER),
        roots=settings.read_roots(workspace.root) if settings.roots else b"",
    )
    files["README.html"] = _page(files, output.name)
    files = with_sums(files)
    with replace_atomic(output) as draft, draft.open("wb") as file:
        write_zip(file, files)
    records = counted(len(own) + len(around), "record")
    note(session, f"wrote {output}: {records}, {counted(len(versions), 'version')}")
    note(session, f"SHA-256 of its SHA256SUMS: {fingerprint_of(files)}")


def _own_records(archive: Archive, chosen: Version, article: Article) -> list[Record]:
    """The page's capture and those of the pages that it was joined from; raises `ArchiveError`."""
    from index.evidence.surroundings import Record

    if chosen.archive is None:
        raise ArchiveError(
            "the page of this version is not in the archive, so there is no evidence to bundle"
        )
    parts = [part.archive for part in article.parts if part.archive]
    page = Record(role="page", capture=archive.read(chosen.archive), ref=chosen.archive)
    return [page, *(Record(role="part", capture=archive.read(ref), ref=ref) for ref in parts)]


def _saved_copy(stored: StoredArticle) -> dict[str, str | None] | None:
    """The copy that another archive made because we asked it."""
    if stored.saved is None:
        return None
    return {"address": stored.saved.address, "captured": isoformat(stored.saved.captured)}


def _earlier_list(archive: Archive, versions: Sequence[Version]) -> list[Record]:
    """The list that led to an earlier version: a page that is fetched again stands on none."""
    from index.evidence.surroundings import find_surroundings

    for earlier in reversed(versions):
        if earlier.archive:
            around = find_surroundings(archive, archive.read(earlier.archive))
            if found := [one for one in around if one.role == "list"]:
                return found
    return []


def _missing(page: Record, around: list[Record]) -> list[str]:
    """What a fetched page rests on and the archive does not show."""
    if not page.capture.request_headers:
        return []  # imported: nobody here asked for it
    found = {one.role for one in around}
    listed = page.capture.listing.source.startswith("http")
    names = {"robots": "robots.txt", "list": "list page"} if listed else {"robots": "robots.txt"}
    return [told for role, told in names.items() if role not in found]


def _installed() -> list[tuple[str, str]]:
    found = []
    for tool in TOOLS:
        try:
            found.append((tool, version(tool)))
        except PackageNotFoundError:
            continue
    return found


def _page(files: Mapping[str, bytes], bundle: str) -> bytes:
    """The page for people, with the lines of shell that check what is in the files."""
    import json

    from index.evidence.bundle import ROOTS
    from index.evidence.by_hand import record_command, stamp_commands, whole_commands
    from search_cli.output.typeset import environment

    said: dict[str, Any] = json.loads(files["manifest.json"])
    records = said["records"]
    page = next(one for one in records if one["role"] == "page")
    stamped = [
        (records[one["record"]]["url"], stamp_commands(one, records[one["record"]]))
        for one in said["stamps"]
    ]
    template = environment().get_template("evidence.html")
    return template.render(
        **said,
        page=page,
        chosen=said["version"],
        bundle=bundle,
        whole=whole_commands(bundle),
        raw=record_command(page),
        stamped=stamped,
        roots=ROOTS in files,
    ).encode("utf-8")
