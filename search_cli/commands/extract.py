"""`pressclip extract`: the record of one page, from the web or a file, and how it came about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from search_cli.commandline.lazy import load
from search_cli.output.terminal import Terminal, note, warn, write
from search_cli.output.waiting import stop_waiting
from search_cli.session import Session
from search_cli.view.extracted import Style, extracted
from search_cli.view.held_page import held_page

if TYPE_CHECKING:
    from crawler.pages.surroundings import Surroundings
    from index.capture import Capture
    from index.workspace import Workspace

STYLES = ("record", "text", "md", "json", "jsonl")
LABEL = 11  # cells of a record's labels
NOTHING = 1  # the exit code where no page was an article


@click.command(name="extract")
@click.argument("source", metavar="URL|FILE|ID", type=click.Path(allow_dash=True))
@click.option("--explain", "whole", is_flag=True, help="Show the evidence behind each field.")
@click.option(
    "--version", "number", metavar="N", type=click.IntRange(1), help="With ID: read version N."
)
@click.option("--url", metavar="URL", default="", help="Address that the HTML file was saved from.")
@click.option(
    "-f", "--format", "style", type=click.Choice(STYLES), default="record",
    help="Output format [default: a readable record].",
)  # fmt: skip
@click.option("--json", "style", flag_value="json", help="Short for -f json.")
@click.pass_obj
def extract_page(
    session: Session, source: str, whole: bool, number: int | None, url: str, style: Style
) -> int:
    """Print the article of a page: text, title, authors, dates, language, kind.

    \b
    EXAMPLES
      pressclip extract https://prairie-courier.example/2023/02/balloon
      pressclip extract page.html --url https://prairie-courier.example/balloon
      pressclip extract page.html --explain    the evidence behind each field
      pressclip extract k7q2d --explain        an article from the archive
      pressclip extract captures.warc.gz -f jsonl
      curl -s https://prairie-courier.example/ | pressclip extract - -f text

    Works outside a desk too, and never changes the corpus. A URL is fetched once, by the rules
    of a crawl (robots.txt, no private addresses, limits on size and time); in a desk the
    response is archived. FILE is HTML, a page saved by a browser, or an archive (WARC, WACZ, ARC);
    - is standard input. ID (or @N) is an article you hold: its archived page is read again, as it would
    be read today. --explain also shows what is known of the outlet, and which keys of outlets.toml
    would change what. For a page that is not an article you get its kind and the reason, with
    exit status 1. With -f json an archive gives a list, a page one object.
    """  # noqa: D301 - \b is Click's mark for lines to be left as they are
    if style in ("text", "md") and whole:
        raise UsageError(f"--explain cannot be used with -f {style}", hint="take -f record or json")
    surroundings: Surroundings = load("crawler.pages.surroundings:Surroundings").find(
        session.directory
    )
    if source == "-":
        stop_waiting()  # somebody may be typing
    held = _held(surroundings.workspace, source, number, url)
    captures, many = (
        ([held], False)
        if held
        else load("crawler.pages.inputs:captures_of")(
            source,
            url,
            surroundings.workspace,
            fetching=lambda address: note(session, f"fetching {address} …"),
            unread=lambda where, reason: warn(f"{where}: not read: {reason}"),
        )
    )
    told = ((one, surroundings.explain(one, whole=whole)) for one in captures)
    found, terminal = 0, Terminal.of(session)
    for text, is_article in extracted(told, style, many=many, width=terminal.room()):
        found += is_article
        if terminal.screen and style != "json":
            write(f"{line}\n" for line in _on_screen(text, terminal, style))
        else:
            write([text])
    return 0 if found else NOTHING


def _on_screen(text: str, terminal: Terminal, style: Style) -> Iterator[str]:
    """The lines as they fit; those of a record's head go on below their values."""
    indent = LABEL if style == "record" else 0
    for line in text.splitlines():
        indent *= bool(line)
        yield from terminal.fit(line, indent)


def _held(workspace: Workspace | None, source: str, number: int | None, url: str) -> Capture | None:
    """The archived page of an article that is held, where no address and no file is meant."""
    is_id = not (source == "-" or "/" in source or Path(source).exists())
    if number and not (is_id and workspace):
        raise UsageError(
            "--version works only with the id of a stored article", hint="extract ID --version N"
        )
    if not is_id or workspace is None:
        return None
    found = held_page(workspace, source, number)
    if found and url:
        raise UsageError(
            "--url works only with an HTML file", hint="pressclip extract page.html --url URL"
        )
    return found
