"""What the import contracts cannot see: where SQL stands, who prints, what a package's face gives."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
SQL_ROOMS = ("index/store/", "index/families/", "crawler/cluster/")  # the last: PostgreSQL's
EXPORT = "search_cli/output/database.py"  # it writes a database of its own for `export`
SQL = re.compile(r"\.execute(?:many|script)?\(|(?<!\.)\bsqlite3\b")
PRINTS = re.compile(r"(?<![\w.])print\(|\bsys\.(?:stdout|stderr)\b|\bimport click\b")
OWN_TERMINAL = {
    "crawler/spiders/base.py",  # `scrapy crawl` has a terminal that is Scrapy's: one line for a wrong call
    "crawler/demo/server.py",  # a process of its own, which answers its parent on a pipe
}
ECHOES = re.compile(r"\bclick\.s?echo\(|(?<![\w.])print\(")
REVIEW = "search_cli/view/reviewing.py"  # a dialogue, key by key
CONNECTION = re.compile(r"(?<!self)\._connection\b")


def lines(*floors: str) -> Iterator[tuple[str, int, str]]:
    for floor in floors:
        for path in sorted((ROOT / floor).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                yield name, number, line


def test_sql_stands_in_the_store_and_in_families_only() -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, number, line in lines("index", "crawler", "search_cli")
        if not name.startswith(SQL_ROOMS) and name != EXPORT and SQL.search(line)
    ]
    assert not found, "ask a part of the store instead, and put the SQL there"


def test_nobody_but_the_store_touches_its_connection() -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, number, line in lines("index", "crawler", "search_cli", "bench")
        if not name.startswith("index/store/") and CONNECTION.search(line)
    ]
    assert not found, "ask a part of the store instead"


def test_only_the_terminal_prints() -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, number, line in lines("index", "crawler")
        if PRINTS.search(line) and name not in OWN_TERMINAL
    ]
    assert not found, "return a value, or take a callback, and word it in search_cli/view"


def test_verbs_print_by_the_common_ways() -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, number, line in lines("search_cli/commands", "search_cli/view")
        if ECHOES.search(line) and name != REVIEW
    ]
    assert not found, "use note, warn, write or Terminal of search_cli/output/terminal.py"


def test_a_thin_face_gives_every_name_that_it_lists() -> None:
    faces = [
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for path in ROOT.glob("index/**/__init__.py")
        if "load_on_demand(" in path.read_text(encoding="utf-8")
    ]
    assert {"index.query", "index.relevance", "index.store"} <= set(faces)
    for face in map(import_module, faces):
        assert all(hasattr(face, name) for name in face.__all__), face.__name__


def test_the_process_of_a_crawl_loads_nothing_that_only_its_workers_need() -> None:
    code = (
        "import sys, crawler.spiders.crawl, crawler.spiders.runner, crawler.spiders.coverage\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"trafilatura", "htmldate", "justext", "py3langid", "numpy", "feedparser"}
    assert heavy & set(done.stdout.split()) == set()
