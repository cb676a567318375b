"""The archived page of an article that is held, or of one of its versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.errors import UsageError
from index.text.wording import counted
from search_cli.asking.articles import find_articles

if TYPE_CHECKING:
    from index.capture import Capture
    from index.workspace import Workspace

_FILE = re.compile(r"[.\s]")


def held_page(workspace: Workspace, name: str, number: int | None) -> Capture | None:
    """The page that the text of an article, or of its version `number`, was read from.

    None if the name has the looks of a file's and is not an article's. Raises `UsageError` for what is
    held neither as an article nor as a page, `ArchiveError` for a damaged archive.
    """
    from index.archive import Archive
    from index.store import Store

    if not workspace.database.exists():
        return None
    with Store.open(workspace.database) as store:
        if _FILE.search(name) and not store.articles.find(name):
            return None
        [identity] = find_articles(workspace, store, [name])
        ref = store.articles.get([identity])[identity].archive
        if number is not None:
            versions = store.versions.of(identity)
            if number > len(versions):
                told = f"{identity} has {counted(len(versions), 'version')}"
                raise UsageError(told, hint=f"pressclip show {identity} --versions")
            ref = versions[number - 1].archive
    if ref is None:
        raise UsageError(f"{identity} has no page in the archive")
    capture = Archive(workspace.archive_dir).read(ref)
    if capture.withheld:
        told = (
            f"{identity}: its page asked not to be kept ({capture.withheld}); only its text is here"
        )
        raise UsageError(told, hint=f"pressclip show {identity}")
    return capture
