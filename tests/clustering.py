"""What the tests of clusters share: a PostgreSQL of their own, and a stand-in for a worker's crawls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.made_up.postgres import Database
from bench.made_up.postgres import postgres as start_postgres


@contextmanager
def postgres() -> Iterator[Database]:
    """A PostgreSQL in a folder of its own; skips where none can be started, and says why."""
    try:
        with start_postgres() as database:
            yield database
    except LookupError as error:
        pytest.skip(str(error))


# A stand-in for the command line of a worker's crawls, where not the crawl is looked at but who may crawl:
# it writes its process id into the desk and does what the program `DEED` in the environment says.
STAND_IN = (
    "import os, pathlib, sys, time\n"
    "root = pathlib.Path(sys.argv[2])\n"
    "(root / 'crawled').open('a').write(f'{os.getpid()} {sys.argv[3:]}\\n')\n"
    "exec(os.environ.get('DEED', ''))\n"
)


def new_database(server: Database, name: str) -> str:
    """The address of a new, empty database on the server."""
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return server.url.removesuffix("postgres") + name


def ask(url: str, query: str, *values: object) -> list[tuple[object, ...]]:
    """The rows of an answer of the queue's database."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description else []
