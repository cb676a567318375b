"""`pressclip forget`: an article or an outlet taken out of everything that is kept, for good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from search_cli.asking.articles import find_articles, identity_of
from search_cli.output.questions import confirm, expect_answer
from search_cli.output.render import one_line
from search_cli.output.terminal import note, warn
from search_cli.session import Session

if TYPE_CHECKING:
    from index.maintenance.forget import Doomed
    from index.store import Store

_QUESTION = "Forget it for good?"


@click.command()
@click.argument("name", metavar="URL|ID|OUTLET")
@click.option(
    "--lift", is_flag=True, help="Allow fetching it again (what was removed stays removed)."
)
@click.pass_obj
def forget(session: Session, name: str, lift: bool) -> None:
    """Remove an article, or everything from an outlet, from archive, store and index, for good.

    EXAMPLES
      pressclip forget https://prairie-courier.example/2023/02/balloon
      pressclip forget k7q2d
      pressclip forget prairie-courier.example
      pressclip forget prairie-courier.example --lift

    For takedown requests. This removes its versions, captures, verdicts, labels and ledger lines,
    and the archived feeds and lists that name it; the archive files are rewritten without them. A
    tombstone stays, so that no crawl, import or replay brings the article back; it holds the
    address only as a hash. Deleting backups and exports is up to you.
    """
    workspace = Workspace.find(session.directory)
    if lift:
        _lift(session, workspace, name)
        return
    from index.maintenance.forget import forget as take_out
    from index.store import Store
    from index.store.migrations import backups

    with Store.open(workspace.database) as store:
        doomed = _doomed(workspace, store, name)
        if session.ask:
            expect_answer(_QUESTION, option="--no-input")
        warn("\n".join(_describe(store, doomed, name)))
    if session.ask and not confirm(_QUESTION, option="--no-input", default=False):
        raise click.Abort
    gone = take_out(workspace, doomed, identify=identity_of, now=datetime.now(UTC))
    note(
        session,
        f"forgotten: {counted(gone.articles, 'article')}, {counted(gone.captures, 'capture')},"
        f" {counted(gone.lists, 'list page')}; {counted(gone.files, 'archive file')} rewritten",
    )
    if workspace.search.engine == "opensearch":
        note(session, "the cluster still has its words; next: pressclip push --rebuild")
    for backup in backups(workspace.database):
        note(session, f"this older copy of the database may still hold it: {backup}")


def _lift(session: Session, workspace: Workspace, name: str) -> None:
    from index.store import StoreWriter
    from index.workspace.lock import hold

    key = identity_of(name) if "/" in name else ""
    with hold(workspace.data / "lock"), StoreWriter.open(workspace.database) as store:
        if not store.tombstones.lift(key=key, outlet="" if key else name):
            raise UsageError(
                f"{one_line(name)}: is not on the list of removed items",
                hint="give the URL or the outlet's id",
            )
    note(session, "it can be fetched again; next: pressclip crawl")


def _doomed(workspace: Workspace, store: Store, name: str) -> Doomed:
    from index.maintenance.forget import doom_article, doom_outlet

    if "/" in name:
        if not (key := identity_of(name)):
            raise UsageError(
                f"{one_line(name)}: not the address of a page",
                hint="give it as in a browser's address bar",
            )
        return doom_article(store, name, key)
    outlet = doom_outlet(store, name)
    if outlet.articles or name in workspace.outlets():
        return outlet
    (identity,) = find_articles(workspace, store, [name])
    url = store.articles.get([identity])[identity].article.url
    return doom_article(store, url, identity_of(url))


def _describe(store: Store, doomed: Doomed, name: str) -> list[str]:
    """What would go, for a person who is to say yes."""
    held = store.articles.get(doomed.articles[:5])
    lines = [
        f"{one.id}  {one.article.outlet}  {one_line(one.article.title)}  ({counted(one.versions, 'version')})"
        for one in held.values()
    ]
    if len(doomed.articles) > len(lines):
        lines.append(f"… and {len(doomed.articles) - len(lines):,} more")
    if not lines:
        lines = [f"{one_line(name)}: no article is stored; it will never be fetched"]
    return lines
