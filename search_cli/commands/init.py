"""`pressclip init`: a new workspace with its commented files."""

from __future__ import annotations

from pathlib import Path

import click

from index.errors import UsageError
from index.files import storage_error, write_atomic
from index.workspace import FILE_NAME, parse_contact
from index.workspace.outlets import FILE_NAME as OUTLETS_FILE
from index.workspace.story import FOLDER as STORIES_FOLDER
from search_cli.output.terminal import note
from search_cli.session import Session
from search_cli.templates import fill, quoted

# So that `scrapy list` and `scrapy crawl coverage -a story=balloon` work in the folder.
SCRAPY_CFG = "[settings]\ndefault = crawler.settings\n"


@click.command()
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option(
    "--contact",
    metavar="ADDRESS",
    default="",
    help="Contact for the User-Agent header (e-mail or web address).",
)
@click.pass_obj
def init(session: Session, folder: Path, contact: str) -> None:
    """Create a desk: a folder with workspace.toml, outlets.toml, stories/ and scrapy.cfg.

    EXAMPLES
      pressclip init                                    in this folder
      pressclip init desk
      pressclip init desk --contact desk@example.org

    Existing files are left alone.

    """
    if contact:
        _check_contact(contact)
    folder = (session.directory or Path()) / folder
    files = {
        OUTLETS_FILE: fill(OUTLETS_FILE),
        "scrapy.cfg": SCRAPY_CFG,
        FILE_NAME: fill(FILE_NAME, contact=_contact_line(contact)),
    }
    for name in files:
        if (folder / name).exists():
            raise UsageError(f"{folder / name} exists; nothing was changed")
    _make(folder / STORIES_FOLDER)
    for name, text in files.items():  # workspace.toml last: with it the folder is a workspace
        write_atomic(folder / name, text)
    _tell(session, folder)


def _check_contact(contact: str) -> None:
    try:
        parse_contact(contact)
    except ValueError as error:
        raise UsageError(f'--contact: "{contact}" {error}') from error


def _contact_line(contact: str) -> str:
    return f"contact = {quoted(contact)}" if contact else '# contact = "desk@example.org"'


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(error, folder) from error


def _tell(session: Session, folder: Path) -> None:
    where = "" if folder == Path() else f" in {folder}"
    note(
        session,
        f"Created {FILE_NAME}, {OUTLETS_FILE} (0 outlets), {STORIES_FOLDER}/, scrapy.cfg{where}",
    )
    if where:
        note(session, f"next: cd {folder}")
    note(session, "next: pressclip outlet add URL      or  pressclip outlet import feeds.opml")
    note(session, "then: pressclip story new ID")
