"""`pressclip outlet search`: well-known outlets to begin with."""

from __future__ import annotations

import click

from index.workspace.starter import search_directory
from search_cli.output.formats import emit, format_options
from search_cli.output.render import Column, Format
from search_cli.output.terminal import note
from search_cli.session import Session

FIELDS = ("id", "name", "country", "lang", "kind")
COLUMNS = (
    Column(key="id", title="id", color="cyan"),
    Column(key="name", title="name", grows=True),
    Column(key="country", title="country"),
    Column(key="lang", title="lang", most=20),
    Column(key="kind", title="kind"),
)


@click.command(name="search")
@click.argument("words", metavar="WORD|COUNTRY|LANG…", nargs=-1)
@format_options
@click.pass_obj
def search_outlets(session: Session, words: tuple[str, ...], style: Format | None) -> int:
    """Find outlets in the starter directory: about 500 well-known ones in over 100 countries.

    EXAMPLES
      pressclip outlet search switzerland
      pressclip outlet search ch fr            Swiss outlets in French
      pressclip outlet search agency
      pressclip outlet search "le monde"

    A word is a country or a language (two-letter code or English name), a kind (agency, national,
    regional, broadcaster, state, online), or part of a name or address. Several words must all fit.
    The directory is in the public domain (CC0). It says who publishes, not where the articles are
    listed: `outlet add ID` finds and checks the feeds and sitemaps. Exit status 1 when none fits.
    """
    found = search_directory(words)
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "country": one.country,
            "lang": ", ".join(one.lang),
            "kind": one.kind,
        }
        for one in found
    ]
    emit(session, rows, style=style, fields=FIELDS, columns=COLUMNS)
    if not rows:
        note(session, f"No outlet in the directory matches: {' '.join(words)}")
        note(session, "add it by its address: pressclip outlet add https://www.example.com")
        return 1
    note(session, "next: pressclip outlet add ID")
    return 0
