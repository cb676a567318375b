"""`pressclip why URL|ID`: every decision on a URL, with its reason."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from index.errors import UsageError
from index.workspace import Workspace
from index.workspace.toml_reader import parse_http_url
from search_cli.asking.articles import find_articles, identity_of
from search_cli.output.formats import emit, format_options
from search_cli.output.moments import moment, zone_of
from search_cli.output.render import Column, Format, one_line
from search_cli.output.terminal import note
from search_cli.session import Session
from search_cli.view.optouts import wish_lines
from search_cli.view.provenance import copy_lines

if TYPE_CHECKING:
    from index.store import Store, StoredArticle

FIELDS = ("at", "outcome", "detail", "url", "outlet", "channel", "run")
COLUMNS = (
    Column(key="when"),
    Column(key="outcome", color="cyan", most=24),
    Column(key="channel", most=12),
    Column(key="detail", grows=True),
)


@click.command()
@click.argument("url", metavar="URL|ID")
@format_options
@click.pass_obj
def why(session: Session, url: str, style: Format | None) -> int:
    """Explain what happened to a URL: every decision on it, oldest first, with code and reason.

    EXAMPLES
      pressclip why https://prairie-courier.example/2023/02/balloon
      pressclip why https://prairie-courier.example/2023/02/balloon --json
      pressclip why @2                          the second hit of the last search

    Other spellings of the address (www, AMP, tracking parameters) count as the same article. You
    can give an article's id instead.
    """
    from index.store import Store

    workspace = Workspace.find(session.directory)
    zone = zone_of(session, workspace)
    with Store.open(workspace.database) as store:
        url = _url_of(workspace, store, url)
        entries = store.ledger.of([identity_of(url), url])
        stored = _stored(store, url)
        forgotten = store.tombstones.find(key=identity_of(url), outlet=_outlet_of(workspace, url))
    rows: list[dict[str, Any]] = [
        {**{name: getattr(entry, name) for name in FIELDS}, "when": moment(entry.at, zone)}
        for entry in entries
    ]
    emit(session, rows, style=style, fields=FIELDS, columns=COLUMNS)
    if forgotten:
        note(
            session,
            f"forgotten on {moment(forgotten, zone)}; it will not be fetched (pressclip forget)",
        )
    _tell(session, stored, zone, known=bool(rows) or forgotten is not None)
    return 0 if rows or stored or forgotten else 1


def _url_of(workspace: Workspace, store: Store, name: str) -> str:
    """The URL that is asked about: the one given, or that of the article with this id."""
    if name.isalnum() or name.startswith("@"):
        (identity,) = find_articles(workspace, store, [name])
        return store.articles.get([identity])[identity].article.url
    try:
        return parse_http_url(name)
    except ValueError as error:
        raise UsageError(f"{name} {error}") from error


def _outlet_of(workspace: Workspace, url: str) -> str:
    """The outlet that a tombstone would name; the host where outlets.toml knows no better."""
    declared = workspace.outlets().of_url(url)
    return declared.id if declared else (urlsplit(url).hostname or "").removeprefix("www.")


def _stored(store: Store, url: str) -> StoredArticle | None:
    ids = store.articles.find(url, identity_of(url))
    return store.articles.get(ids[:1]).get(ids[0]) if ids else None


def _tell(session: Session, stored: StoredArticle | None, zone: tzinfo, *, known: bool) -> None:
    if stored is None:
        if not known:
            note(session, "This URL is unknown: no list named it and it was never requested.")
        return
    state = "in the corpus" if stored.kept else "read, but not in the corpus"
    note(session, f"{stored.id}: {state}: {one_line(stored.article.title)}")
    for verdict in stored.verdicts:
        reasons = one_line("; ".join(verdict.reasons))
        note(session, f"  {verdict.story}: {verdict.decision} ({verdict.score:.2f}): {reasons}")
    for line in (*copy_lines(stored.article, zone), *wish_lines(stored.article, zone)):
        note(session, f"  {line}")
    if stored.kept:
        note(session, f"next: pressclip show {stored.id}")
