from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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
def queues(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ListQueues]:
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
        due = getattr(request, "param", False)
        yield ListQueues(run, scope, backoff, due=due, now=NOW, failed=set())


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


@pytest.mark.parametrize("queues", [True], indirect=True, ids=["due"])
def test_what_a_stopped_crawl_had_not_opened_is_opened_though_its_index_is_not_due(
    queues: ListQueues,
) -> None:
    lists = queues._run.store.lists
    lists.announce(children(3))
    first, second, third = lists.children(f"https://{HOST}/sitemap.xml")
    index = replace(
        first, url=first.parent, parent="", fetched=NOW, next_due=NOW + timedelta(days=1)
    )
    lists.remember(index)
    lists.remember(replace(first, fetched=NOW, next_due=NOW + timedelta(days=1)))
    lists.remember(replace(third, failures=1, next_due=NOW + timedelta(hours=1)))
    lists.announce([replace(second, url=f"https://{HOST}/below.xml", parent=first.url)])
    queues.fill()
    assert not queues.has_roots(HOST)
    found = [queues.next_below(HOST) for _ in range(queues.left_by_site()[HOST])]
    assert {(one.url.rsplit("/", 1)[1], one.depth) for one in found} == {
        ("below.xml", 2), ("sitemap-1.xml", 1),
    }  # fmt: skip
