"""CC-NEWS and Common Crawl's index, over made-up files served on loopback, against the truth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path

import pytest

from crawler.demo.past import known_pieces
from crawler.demo.past_crawls import is_crawled
from crawler.demo.past_services import COMMONS, sample_past
from crawler.demo.serving import ServedSite, serve
from index.store import Store, StoredArticle
from index.workspace import Workspace
from tests.test_crawler_backfill_past import call, make_desk

FIRST, LAST = date(2023, 2, 1), date(2023, 2, 5)


@pytest.fixture(scope="module")
def site() -> Iterator[ServedSite]:
    with serve(sample_past()) as served:
        yield served


def held(desk: Path) -> dict[str, StoredArticle]:
    with Store.open(Workspace.load(desk).database) as store:
        found = store.articles.get(store.articles.kept_ids()).values()
        return {one.article.url: one for one in found}


def wanted() -> set[str]:
    return {
        one.url
        for one in known_pieces()
        if FIRST <= one.piece.published.astimezone(UTC).date() <= LAST
        and one.piece.on_story
        and one.piece.kind == "article"
        and is_crawled(one)
        and one.piece.newsroom != "coastal-observer"
    }


def test_a_month_of_cc_news_gives_pages_as_they_were_and_is_read_once(
    tmp_path: Path, site: ServedSite
) -> None:
    desk = make_desk(tmp_path / "desk")
    how = ("--from", "cc-news", "--month", "2023-02", "--until", str(LAST), "-j", "2")
    said = call(desk, site, *how)
    assert said.code == 0, said.err
    found = held(desk)
    assert len(wanted() & found.keys()) >= 0.85 * len(wanted())
    assert all(one.article.copy_of for one in found.values())
    assert {visit.host for visit in said.visits} == {COMMONS}
    files = [visit for visit in said.visits if visit.target.endswith("-00001.warc.gz")]
    assert len(files) == 2  # those of the window alone
    assert not call(desk, site, *how).visits


def test_the_same_on_a_dask_cluster(tmp_path: Path, site: ServedSite) -> None:
    pytest.importorskip("distributed", reason="needs the extra dask")
    desk = make_desk(tmp_path / "desk")
    how = ("--from", "cc-news", "--month", "2023-02", "--until", str(LAST), "-j", "2")
    said = call(desk, site, *how, "--engine", "dask")
    assert said.code == 0, said.err
    assert len(wanted() & held(desk).keys()) >= 0.85 * len(wanted())


def test_common_crawls_index_names_an_outlets_pages_and_gives_their_copies(
    tmp_path: Path, site: ServedSite
) -> None:
    desk = make_desk(tmp_path / "desk")
    host = "maple-dispatch.example"  # it has closed: nothing is left but copies
    said = call(desk, site, "--from", "common-crawl", "--outlet", host)
    found = held(desk)
    assert found, said.err
    assert {one.article.outlet for one in found.values()} == {host}
    assert all(
        one.article.archive_source.startswith(f"http://{COMMONS}/") for one in found.values()
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--month", "2023-02"), "work only with --from cc-news"),
        (("--from", "cc-news", "--month", "2023-13"), "no month such as"),
        (("--from", "cc-news", "--month", "2099-01"), "CC-NEWS has no file of it"),
        (
            ("--from", "cc-news", "--scheduler", "tcp://127.0.0.1:1"),
            "works only with --engine dask",
        ),
    ],
)
def test_what_does_not_go_together_is_said_in_one_line(
    tmp_path: Path, site: ServedSite, arguments: tuple[str, ...], told: str
) -> None:
    said = call(make_desk(tmp_path / "desk"), site, *arguments)
    assert said.code == 2
    assert told in said.err


def test_a_month_that_is_not_there_is_said_and_ends_with_4(
    tmp_path: Path, site: ServedSite
) -> None:
    desk = make_desk(tmp_path / "desk")
    said = call(desk, site, "--from", "cc-news", "--month", "2023-03", "--until", "2023-03-20")
    assert said.code == 4
    assert "http-404: it has nothing of that name" in said.err
