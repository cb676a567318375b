from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index import open_corpus
from index.corpus import FACETS, SORTS, Corpus, Sort
from index.errors import IndexUnusable, QuerySyntaxError, StoreError, UsageError, WorkspaceNotFound
from index.fulltext.indexer import update_index
from index.store import StoreWriter

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)


@pytest.fixture
def opened(corpus: Path) -> Iterator[Corpus]:
    with open_corpus(corpus) as opened:
        yield opened


def ids(articles: Corpus, query: str) -> list[str]:
    return [stored.id for stored in articles.articles(query)]


def test_a_search_counts_articles_and_texts_and_lists_hits(opened: Corpus) -> None:
    hits = opened.search("balloon", limit=1)
    assert (hits.total, len(hits)) == (3, 1)
    assert hits[0].outlet.endswith(".example")
    assert "balloon" in hits[0].snippet.text.lower()
    assert all(
        hits[0].snippet.text[start:end].lower().startswith("balloon")
        for start, end in hits[0].snippet.marks
    )


@pytest.mark.parametrize(
    "query", ["*", "balloon", "lang:fr OR lang:zh", "-balloon", "nothing", "is:original"]
)
def test_list_count_facets_and_export_agree(opened: Corpus, query: str) -> None:
    hits = opened.search(query, limit=None, fold=False)
    exported = ids(opened, query)
    assert len(hits) == hits.total == opened.count(query) == len(exported)
    assert {hit.id for hit in hits} == set(exported)
    assert sum(hits.facets("outlet")["outlet"].values()) == hits.total
    assert sum(opened.facets(query, "day")["day"].values()) == hits.total
    assert len(opened.search(query, limit=None)) == hits.texts


def test_options_narrow_the_query_and_are_echoed(opened: Corpus) -> None:
    hits = opened.search(
        "ballon*", lang="fr", outlet=["matin.example"], since="2023-02-03", until="2023-02-03"
    )
    assert hits.query == "ballon* outlet:matin.example lang:fr date:2023-02-03"
    assert hits.total == 1


@pytest.mark.parametrize(
    "since",
    ["2023-02-04", date(2023, 2, 4), datetime(2023, 2, 4), NOON],
    ids=["text", "date", "plain moment", "aware moment"],
)  # fmt: skip
def test_a_start_may_be_given_in_any_form(opened: Corpus, since: str | date) -> None:
    assert opened.search(since=since).total == 4


def test_days_are_those_of_the_workspace(opened: Corpus) -> None:
    assert str(opened.zone) == "Europe/Paris"
    assert opened.facets("lang:fr", "day") == {"day": {"2023-02-03": 1}}


def test_collections_countries_and_saved_queries_are_known(opened: Corpus) -> None:
    assert set(ids(opened, "outlet:@local")) == set(ids(opened, "outlet:prairie-courier.example"))
    assert ids(opened, "country:fr") == ids(opened, "outlet:matin.example")
    assert opened.facets("*", "country")["country"] == {"us": 2, "fr": 1}
    assert opened.count("query:week") == 0


def test_a_group_is_named_by_any_member(opened: Corpus) -> None:
    wire = list(opened.articles("title:elevators OR title:crosses"))
    assert len({stored.family for stored in wire}) == 1
    for stored in wire:
        assert set(ids(opened, f"group:{stored.id}")) == {stored.id for stored in wire}
    folded = opened.search("title:elevators OR title:crosses")
    assert [hit.reprints for hit in folded] == [1]


def test_an_article_is_got_by_id_beginning_and_url(opened: Corpus) -> None:
    hit = opened.search("lang:zh")[0]
    assert opened.get(hit.id) == opened.get(hit.url) == opened.get(hit.id[:4]) == hit.stored
    with pytest.raises(UsageError, match="no article zzzzz"):
        opened.get("zzzzz")


def test_a_chinese_hit_is_marked_in_title_and_text(opened: Corpus) -> None:
    hit = opened.search("飞艇")[0]
    assert [hit.title[start:end] for start, end in hit.title_marks] == ["飞艇"]
    assert {hit.snippet.text[start:end] for start, end in hit.snippet.marks} == {"飞艇"}


def test_no_hits_are_explained(opened: Corpus) -> None:
    told = opened.explain_nothing(opened.understand("baloon lang:fr"))
    assert dict(told.counts) == {"baloon": 0, "lang:fr": 1}
    assert ("baloon", "balloon", 3) in told.suggestions
    assert dict(told.dropped) == {"baloon": 1, "lang:fr": 0}


@pytest.mark.parametrize(
    ("query", "suggested"),
    [
        ("outlet:matin.exampel", ("matin.exampel", "outlet:matin.example", 1)),
        ("title:grain", ("grain", "grain", 2)),
    ],
    ids=["outlet", "only in the text"],
)
def test_a_name_or_place_that_is_wrong_is_corrected(
    opened: Corpus, query: str, suggested: tuple[str, str, int]
) -> None:
    assert suggested in opened.explain_nothing(opened.understand(query)).suggestions


@pytest.mark.parametrize("query", ["story:baloon", "ferry OR -story:baloon"])
def test_a_story_that_there_is_not_is_refused_in_a_query(opened: Corpus, query: str) -> None:
    with pytest.raises(UsageError, match="no such story: baloon") as refused:
        opened.search(query)
    assert refused.value.hint == "did you mean balloon?"


def test_an_article_edited_after_indexing_shows_its_new_text(corpus: Path, opened: Corpus) -> None:
    hit = opened.search("lang:fr")[0]
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        verdicts = [
            item.__class__(story="other", decision="on-story", score=1.0)
            for item in hit.stored.verdicts
        ]
        store.verdicts.judge(hit.id, verdicts)
    assert opened.behind > 0
    assert "survolé" in opened.search("survolé")[0].snippet.text


def test_a_corpus_is_read_while_another_process_writes_it(corpus: Path) -> None:
    path = corpus / "data" / "pressclip.db"
    with StoreWriter.open(path) as store, store.transaction(), open_corpus(corpus) as opened:
        assert opened.search("balloon").total == 3


def test_a_read_only_folder_can_be_searched(corpus: Path) -> None:
    paths = [corpus, *corpus.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path in reversed(paths):
        path.chmod(modes[path] & 0o555)
    try:
        with open_corpus(corpus) as opened:
            assert opened.search("balloon")[0].title
    finally:
        for path in paths:
            path.chmod(modes[path])


def test_a_database_beside_which_nothing_can_be_written_is_read(corpus: Path) -> None:
    """As on a read-only disk, which holds back root too: SQLite cannot open its write-ahead log."""
    (corpus / "data" / "pressclip.db-wal").mkdir()
    with open_corpus(corpus) as opened:
        assert opened.search("balloon")[0].title


@pytest.mark.parametrize(
    ("query", "error"),
    [
        pytest.param("balloon outlt:x", QuerySyntaxError, id="field"),
        pytest.param("outlet:@nowhere", UsageError, id="collection"),
        pytest.param("date:someday", QuerySyntaxError, id="date"),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused(
    opened: Corpus, query: str, error: type[UsageError]
) -> None:
    with pytest.raises(error):
        opened.search(query)


def test_unknown_orders_and_facets_are_refused_with_the_known_ones(opened: Corpus) -> None:
    with pytest.raises(UsageError, match="no such order") as caught:
        opened.search("*", sort="best")  # type: ignore[arg-type]
    assert all(name in caught.value.hint for name in SORTS)
    with pytest.raises(UsageError, match="no such facet") as caught:
        opened.facets("*", "colour")
    assert all(name in caught.value.hint for name in FACETS)


def test_what_is_missing_is_told_apart(desk: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFound):
        open_corpus(tmp_path)
    with pytest.raises(StoreError, match="no corpus"):
        open_corpus(desk)
    with StoreWriter.open(desk / "data" / "pressclip.db") as store:
        with pytest.raises(IndexUnusable, match="no search index"):
            open_corpus(desk)
        update_index(store, desk / "data" / "index")
    with open_corpus(desk) as opened:
        assert opened.search("balloon").total == 0


def test_a_table_of_hits_has_a_row_for_each(opened: Corpus) -> None:
    pytest.importorskip("pandas")
    table = opened.search("*", limit=None, sort="newest").df()
    assert list(table["id"]) == [hit.id for hit in opened.search("*", limit=None, sort="newest")]
    assert table["published"].isna().sum() == 1
    assert list(opened.search("nothing").df()["id"]) == []


def test_searching_loads_nothing_of_the_crawl_nor_whoosh(corpus: Path) -> None:
    code = (
        "import sys; from index import open_corpus; open_corpus(sys.argv[1]).search('balloon')[0].title;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    command = [sys.executable, "-c", code, str(corpus)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert not {"scrapy", "twisted", "trafilatura", "lxml", "numpy", "pandas"} & set(loaded)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("query", ["*", "balloon OR prairie", "lang:en", "nothing"])
def test_all_ids_come_in_the_order_of_the_hits(opened: Corpus, query: str, sort: Sort) -> None:
    matches = opened.match(opened.understand(query))
    ordered = matches.in_order(sort)
    assert list(ordered) == [hit.id for hit in matches.top(sort=sort, fold=False)]
    assert ordered[1:3] == list(ordered)[1:3]
    assert not ordered or ordered[-1] == list(ordered)[-1]
