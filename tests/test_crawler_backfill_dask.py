"""CC-NEWS over a Dask cluster of processes, which loses one of them: the same articles, the same ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.backfill.ccnews import SOURCE
from crawler.demo.past_services import sample_past
from crawler.demo.serving import ServedSite, serve
from index.store import Store
from index.workspace import Workspace
from tests.dasking import serve_dask
from tests.test_crawler_backfill_past import call, make_desk

pytest.importorskip("distributed", reason="needs the extra dask")

MONTH = ("--from", "cc-news", "--month", "2023-02", "--until", "2023-02-08")


@pytest.fixture(scope="module")
def site() -> Iterator[ServedSite]:
    with serve(sample_past()) as served:
        yield served


@pytest.fixture(scope="module")
def by_pool(site: ServedSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    desk = make_desk(tmp_path_factory.mktemp("pool") / "desk")
    assert call(desk, site, *MONTH, "-j", "2").code == 0
    return desk


def held(desk: Path) -> set[tuple[str, str]]:
    """What is kept, by URL, with the text that was read."""
    with Store.open(Workspace.load(desk).database) as store:
        found = store.articles.get(store.articles.kept_ids()).values()
        return {(one.article.url, one.article.text) for one in found}


def ledger(desk: Path) -> tuple[int, int, int]:
    """How many requests were answered, how many records they had, how many files are left."""
    with Store.open(Workspace.load(desk).database) as store:
        [counted] = [one for one in store.backfill.counts("balloon") if one.source == SOURCE]
        return counted.answered, counted.records, len(store.backfill.planned("balloon", SOURCE, ""))


def test_a_cluster_of_ones_own_reads_the_same_as_this_machine(
    by_pool: Path, tmp_path: Path, site: ServedSite
) -> None:
    desk = make_desk(tmp_path / "desk")
    with serve_dask({"http_proxy": site.ports.proxy_url}) as cluster:
        said = call(desk, site, *MONTH, "--engine", "dask", "--scheduler", cluster.address)
    assert said.code == 0, said.err
    assert held(desk) == held(by_pool)
    assert ledger(desk) == ledger(by_pool)


def test_a_worker_killed_in_mid_run_costs_no_article_and_no_file(
    by_pool: Path, tmp_path: Path, site: ServedSite
) -> None:
    desk = make_desk(tmp_path / "desk")
    with serve_dask({"http_proxy": site.ports.proxy_url}, lose=True) as cluster:
        said = call(desk, site, *MONTH, "--engine", "dask", "--scheduler", cluster.address)
        assert cluster.lost()
    assert said.code == 0, said.err
    assert held(desk) == held(by_pool)
    assert ledger(desk) == ledger(by_pool)
    assert not call(desk, site, *MONTH).visits  # every file is known as read
