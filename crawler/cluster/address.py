"""The queue's address: where it is said, and how it is shown without what must stay secret."""

from __future__ import annotations

import os
import re

from index.errors import UsageError

VARIABLE = "PRESSCLIP_QUEUE"
SCHEMES = ("postgresql://", "postgres://")

ESCAPE = "a password with @ : / or % in it is written in percent code: p%40ss"

_PLAIN = re.compile(r"[\w.:/-]*", re.ASCII)


def queue_url(given: str | None) -> str:
    """The address of the queue: the option's, or else of `$PRESSCLIP_QUEUE`.

    Raises `UsageError` if there is none, or one that is not PostgreSQL's. No message repeats it.
    """
    url = given or os.environ.get(VARIABLE, "")
    if not url:
        raise UsageError(
            "no queue named", hint=f"name it: --queue postgresql://HOST/DATABASE, or ${VARIABLE}"
        )
    if not url.startswith(SCHEMES):
        raise UsageError(
            "--queue: not the address of a PostgreSQL database",
            hint="write it as postgresql://USER@HOST/DATABASE",
        )
    if not _is_well_formed(url):
        raise UsageError("--queue: the address cannot be read", hint=ESCAPE)
    return url


def _is_well_formed(url: str) -> bool:
    """Whether an address has at most one `@`, before its first `/`.

    Else libpq takes a part of the password for the host or the database, and names it in its messages.
    """
    place = url.partition("://")[2].partition("?")[0]
    return place.count("@") == place.partition("/")[0].count("@") <= 1


def shown(host: str, port: str, database: str) -> str:
    """A queue as people see it: host and database; what a badly written address left there is hidden.

    libpq reads `user:p@ss@host` as a host `ss@host`: a part of the password.
    """
    place = f"{host or 'localhost'}:{port}" if port not in ("", "5432") else host or "localhost"
    parts = [part if _PLAIN.fullmatch(part) else "…" for part in (place, database)]
    return f"postgresql://{parts[0]}/{parts[1]}"
