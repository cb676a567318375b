"""Which pages a crawl fetches when it may not fetch all, in a process of its own, and how politely."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise

import pytest

from bench.made_up.newsrooms import CLOSED, Faults, Generated, Plan, generate
from crawler.demo.server import Visit
from crawler.demo.serving import serve

DELAY = 0.2
LIMIT = 12


@dataclass(frozen=True, slots=True)
class Limited:
    """A crawl of so many pages, and what its frontier says afterwards: (url, site, score, state).

    `later` are the visits of the crawl after it.
    """

    made: Generated
    visits: list[Visit]
    rows: list[tuple[str, str, float, str]]
    later: list[Visit]


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Limited:
    made = generate(Plan(outlets=5, articles=12, faults=Faults(closed=0.1, missing=0.05)))
    root = tmp_path_factory.mktemp("order") / "desk"
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text(f"delay = {DELAY}\n")
    (root / "outlets.toml").write_text(made.outlets_toml)
    (root / "stories" / "generated.toml").write_text(made.story_toml)
    with serve(made.site) as served:
        environment = {**os.environ, "http_proxy": served.ports.proxy_url, "no_proxy": ""}

        def crawl(*options: str) -> list[Visit]:
            before = len(served.visits)
            done = subprocess.run(
                [sys.executable, "-m", "search_cli.main", "crawl", *options],
                cwd=root, env=environment, capture_output=True, text=True, timeout=120,
            )  # fmt: skip
            assert done.returncode in (0, 3), done.stderr
            return list(served.visits)[before:]

        visits = crawl("--limit", str(LIMIT))
        with closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection:
            rows = connection.execute("SELECT url, site, score, state FROM frontier").fetchall()
        (root / "workspace.toml").write_text("delay = 0.0\n")
        return Limited(made, visits, rows, crawl())


def test_a_limit_takes_the_best_of_all_sites(limited: Limited) -> None:
    fetched = [score for _, _, score, state in limited.rows if state != "waiting"]
    left = [score for _, _, score, state in limited.rows if state == "waiting"]
    assert len(fetched) == LIMIT
    assert left
    assert min(fetched) >= max(left)
    assert len({site for _, site, _, state in limited.rows if state != "waiting"}) > 1


def test_a_host_is_asked_one_thing_at_a_time_and_left_alone_in_between(limited: Limited) -> None:
    by_host: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(limited.visits, key=lambda visit: visit.started):
        by_host[visit.host].append(visit)
    gaps = [
        later.started - earlier.ended
        for visits in by_host.values()
        for earlier, later in pairwise(visits)
    ]
    assert len(gaps) > LIMIT
    assert min(gaps) >= DELAY


def test_nothing_that_robots_txt_closes_is_asked_for(limited: Limited) -> None:
    assert any(f"/{CLOSED}/" in article.url for article in limited.made.known)
    assert not [visit for visit in limited.visits if visit.target.startswith(f"/{CLOSED}/")]


def test_the_next_crawl_fetches_what_waits_before_it_asks_the_lists_again(limited: Limited) -> None:
    waiting = {url for url, _, _, state in limited.rows if state == "waiting"}
    lists = {(one.host, one.target) for one in limited.visits if "balloon" not in one.target}
    order: dict[str, list[str]] = defaultdict(list)
    for visit in sorted(limited.later, key=lambda visit: visit.started):
        if visit.target == "/robots.txt":
            continue
        if f"http://{visit.host}{visit.target}" in waiting:
            order[visit.host].append("page")
        elif (visit.host, visit.target) in lists:
            order[visit.host].append("list")
    mixed = [kinds for kinds in order.values() if {"page", "list"} == set(kinds)]
    assert len(mixed) > 1
    for kinds in mixed:
        assert kinds == sorted(kinds, reverse=True)  # pages, then lists
