"""Archive files sent to object storage behind a crawl that is done."""

from __future__ import annotations

from index.errors import PressclipError, WorkspaceBusy
from index.text.wording import counted
from index.workspace import Workspace


def send_behind(workspace: Workspace) -> str:
    """Send closed archive files where workspace.toml wants it; what to say of it, or nothing.

    Nothing that goes wrong is the crawl's failure: the files stay here, and the next crawl sends them.
    """
    if not workspace.archive.url:
        return ""
    from index.maintenance.sending import send_closed

    try:
        done = send_closed(workspace)
    except WorkspaceBusy:
        return ""
    except PressclipError as error:
        hint = f" ({error.hint})" if error.hint else ""
        return f"archive not sent: {error}{hint}; the next crawl tries again"
    if not done.files:
        return ""
    here = ", and deleted here" if done.deleted else ""
    return (
        f"archive: {counted(done.files, 'file')}, {done.bytes / 2**20:,.1f} MiB, sent to"
        f" {workspace.archive.url} and read back{here}"
    )
