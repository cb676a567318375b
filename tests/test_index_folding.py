"""Articles that turn out to be pages of one: what stays of them, and under which id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.store import StoreWriter
from tests.conftest import _article, record_article

HOST = "prairie-courier.example"
FIRST, SECOND = f"https://{HOST}/balloon", f"https://{HOST}/balloon/2"
AT = datetime(2023, 2, 4, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as store:
        for offset, path in enumerate(("balloon", "balloon/2")):
            text = f"The balloon was seen by page {offset + 1}."
            article = _article(HOST, path, "A balloon", text)
            record_article(store, article, offset=offset, run_id=store.ledger.start_run("crawl"))
        yield store


def ids(store: StoreWriter) -> tuple[str, str]:
    (first,), (second,) = store.articles.find(FIRST), store.articles.find(SECOND)
    return first, second


def test_the_article_of_the_address_stays_with_the_other_s_addresses(store: StoreWriter) -> None:
    first, second = ids(store)
    store.articles.fold(FIRST, [(SECOND, SECOND)])
    assert store.articles.all_ids() == [first]
    assert store.articles.find(SECOND) == [first]
    assert [one.article.url for one in store.versions.of(first)] == [FIRST]
    assert store.articles.find(second) == []


def test_an_id_that_was_written_down_stays_with_its_labels(store: StoreWriter) -> None:
    first, second = ids(store)
    store.labels.put(second, "balloon", "mention", at=AT)
    store.articles.fold(FIRST, [(SECOND, SECOND)], wanted=second)
    assert store.articles.all_ids() == [second]
    assert store.articles.find(FIRST) == store.articles.find(SECOND) == [second]
    assert [one.article.url for one in store.versions.of(second)] == [FIRST]
    assert store.labels.of("balloon")[second].decision == "mention"
    assert store.articles.get([second])[second].article.text.endswith("page 1.")
    assert store.articles.find(first) == []


def test_the_index_is_built_anew_where_an_article_of_the_corpus_is_gone(store: StoreWriter) -> None:
    before = store.identity()
    store.articles.fold(FIRST, [(SECOND, SECOND)])
    assert store.identity() != before


def test_without_a_known_article_nothing_is_folded(store: StoreWriter) -> None:
    known = store.articles.all_ids()
    store.articles.fold(
        f"https://{HOST}/other", [(f"https://{HOST}/other/2", f"https://{HOST}/other/2")]
    )
    assert store.articles.all_ids() == known
