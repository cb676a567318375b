"""Indexes of archives that a user names, on the disk or in the web, as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from crawler.ingest.imports import is_address
from crawler.wire.politeness import user_agent
from crawler.wire.remote_file import RemoteFile, RemoteFileError
from index.archive.containers.index_lines import lines_of
from index.errors import ArchiveError
from index.workspace import Workspace
from index.workspace.addresses import is_private_url

_PIECE = 1 << 20


def index_lines(names: Sequence[str], workspace: Workspace) -> Iterator[str]:
    """The lines of several indexes, one after the other; raises `ArchiveError` for one that is not had."""
    for name in names:
        try:
            if is_address(name):
                yield from _remote(name, workspace)
                continue
            with Path(name).open("rb") as file:
                yield from lines_of(file)
        except OSError as error:
            raise ArchiveError(f"{name}: {error.strerror or error}") from error
        except RemoteFileError as error:
            raise ArchiveError(str(error)) from error


def _remote(url: str, workspace: Workspace) -> Iterator[str]:
    if is_private_url(url) and not workspace.allow_private:
        raise ArchiveError(f"{url}: a private address")
    with TemporaryFile() as kept, RemoteFile(url, user_agent(workspace.contact)) as file:
        while piece := file.read(_PIECE):
            kept.write(piece)
        kept.seek(0)
        yield from lines_of(kept)
