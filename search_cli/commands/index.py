"""`pressclip index`: the search index brought up to the store, or built again."""

from __future__ import annotations

import click

from index.text.wording import counted
from index.workspace import Workspace
from search_cli.output.terminal import note
from search_cli.session import Session


@click.command()
@click.option("--rebuild", is_flag=True, help="Rebuild it from the store; searches keep working.")
@click.pass_obj
def index(session: Session, rebuild: bool) -> None:
    """Update the search index from the store, as every crawl does at its end.

    EXAMPLES
      pressclip index
      pressclip index --rebuild    when a search says that the index is damaged

    A database from an older pressclip is migrated first; a backup stays beside it.
    """
    from index.fulltext.indexer import rebuild_index, update_index
    from index.store import Store
    from index.store.renewal import upgrade

    workspace = Workspace.find(session.directory)
    if backup := upgrade(workspace.database, workspace.data / "lock"):
        note(session, f"database: brought to this version's format; as it was: {backup}")
    with Store.open(workspace.database) as store:
        make = rebuild_index if rebuild else update_index
        report = make(store, workspace.index_dir)
    note(
        session,
        f"index: {counted(report.added, 'article')} put in, {report.removed:,} taken out, "
        f"{report.seconds:.1f} s; it holds revision {report.revision:,}",
    )
    note(session, "next: pressclip search QUERY")
