from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.ingest.run import CrawlRun
from crawler.planning.queues import ListQueues
from crawler.planning.scope import make_scope
from crawler.planning.sources import MAX_SITEMAPS, ListSource
from crawler.wire.backoff import Backoff
from index.store import ListPage
from index.workspace import Workspace

HOST = "prairie-courier.example"
NOW = datetime(2023, 2, 4, tzinfo=UTC)


@pytest.fixture
def queues(tmp_path: Path) -> Iterator[ListQueues]:
    (tmp_path / "stories").mkdir()
    (tmp_path / "workspace.toml").write_text("")
    (tmp_path / "stories" / "all.toml").write_text('id = "all"\n[match]\nany = "*"\n')
    (tmp_path / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "https://{HOST}/"\n'
        f'sitemaps = ["https://{HOST}/sitemap.xml"]\n'
    )
    workspace = Workspace.load(tmp_path)
    with CrawlRun(workspace, command="crawl", workers=1) as run:
        scope = make_scope(workspace, run.context, now=NOW)
        backoff = Backoff(run.store, NOW)
        yield ListQueues(run, scope, backoff, due=False, now=NOW, failed=set())


def children(count: int) -> Iterator[ListPage]:
    for number in range(count):
        url = f"https://{HOST}/sitemap-{number}.xml"
        yield ListPage(
            url=url, outlet=HOST, channel="sitemap", parent=f"https://{HOST}/sitemap.xml"
        )


def index_of(queues: ListQueues) -> ListSource:
    queues.fill()
    return queues.next_root(HOST)


def test_so_many_sitemaps_of_an_outlet_are_read_in_a_run_and_it_is_named(
    queues: ListQueues,
) -> None:
    index = index_of(queues)
    queues.take_up_below(index, children(MAX_SITEMAPS))
    assert not queues.full
    queues.take_up_below(index, children(MAX_SITEMAPS + 100))
    assert queues.left_by_site() == {HOST: MAX_SITEMAPS}
    assert queues.full == {HOST}


def test_a_list_is_taken_up_once(queues: ListQueues) -> None:
    index = index_of(queues)
    queues.take_up(index)
    for _ in range(2):
        queues.take_up_below(index, children(3))
    assert queues.left_by_site() == {HOST: 3}
    assert [queues.next_below(HOST).depth for _ in range(3)] == [1, 1, 1]
