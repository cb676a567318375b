"""A real crawl of generated outlets with failures in them, held against the truth about them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from bench.made_up.newsrooms import Faults, Generated, Plan, generate
from crawler.demo.server import Visit
from crawler.demo.serving import serve
from index.store import Store

DELAY = 0.1  # seconds
JITTER = 0.06  # seconds between sending and arriving, on a machine that does other work
FAULTS = Faults(flaky=0.05, cut=0.05, missing=0.05, moved=0.1, walled=0.1, closed=0.1)
PLAN = Plan(outlets=8, articles=8, seed=11, on_story=0.5, news_days=60, faults=FAULTS)
READABLE = ("article", "flaky", "cut", "moved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """A crawl that is over: the truth, the requests it made, and its store."""

    truth: Generated
    visits: tuple[Visit, ...]
    database: Path

    @property
    def by_host(self) -> dict[str, list[Visit]]:
        grouped = defaultdict(list)
        for visit in sorted(self.visits, key=lambda visit: visit.started):
            grouped[visit.host].append(visit)
        return grouped


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    truth = generate(PLAN)
    desk = tmp_path_factory.mktemp("desk")
    (desk / "stories").mkdir()
    (desk / "workspace.toml").write_text(f"delay = {DELAY}\n", "utf-8")
    (desk / "outlets.toml").write_text(truth.outlets_toml, "utf-8")
    (desk / "stories" / "generated.toml").write_text(truth.story_toml, "utf-8")
    with serve(truth.site) as site:
        environment = {"http_proxy": site.ports.proxy_url, "PYTHONPATH": str(Path.cwd())}
        command = [sys.executable, "-m", "search_cli.main", "-C", str(desk), "crawl", "-q"]
        done = subprocess.run(command, env=os.environ | environment, check=False)
    assert done.returncode in (0, 3)
    return Crawled(truth=truth, visits=tuple(site.visits), database=desk / "data" / "pressclip.db")


def test_it_keeps_what_is_on_story_and_can_be_read_and_nothing_else(crawled: Crawled) -> None:
    with Store.open(crawled.database) as store:
        kept = {one.article.url for one in store.articles.get(store.articles.kept_ids()).values()}
    known = crawled.truth.known
    wanted = {one.url for one in known if one.on_story and one.fate in READABLE}
    assert kept & {one.url for one in known} == wanted


def test_it_asks_for_nothing_that_robots_txt_closes(crawled: Crawled) -> None:
    assert [visit for visit in crawled.visits if visit.target.startswith("/closed/")] == []


def test_it_reads_robots_txt_before_anything_else(crawled: Crawled) -> None:
    assert {visits[0].target for visits in crawled.by_host.values()} == {"/robots.txt"}


def test_it_makes_one_request_at_a_time_to_an_outlet(crawled: Crawled) -> None:
    for visits in crawled.by_host.values():
        assert all(one.ended <= next_.started for one, next_ in pairwise(visits))


def test_it_waits_as_long_as_it_was_told_to(crawled: Crawled) -> None:
    # Over the whole visit: one request may arrive late and the next in time.
    for visits in crawled.by_host.values():
        span = visits[-1].started - visits[0].started
        assert span >= (len(visits) - 1) * DELAY - JITTER
