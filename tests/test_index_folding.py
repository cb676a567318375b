"""Articles that turn out to be pages of one: what stays of them, and under which id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.article import Article, Verdict
from index.fulltext.indexer import update_index
from index.fulltext.schema import FORMAT, decode_id
from index.fulltext.searcher import SearchIndex
from index.fulltext.segments.folders import current_folder
from index.fulltext.segments.reader import Segment
from index.fulltext.segments.toc import read_state
from index.habits.values import Traits
from index.query import Everything
from index.store import StoreWriter
from index.store.giving import GIVEN, MADE_ANEW
from index.store.saves import SAVED, Save
from tests.conftest import _article, add_article, record_article

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


def test_the_index_follows_a_fold_and_is_not_built_anew(store: StoreWriter, tmp_path: Path) -> None:
    first, _ = ids(store)
    name, folder = store.identity(), tmp_path / "index"
    update_index(store, folder)
    built = current_folder(folder, FORMAT)
    store.articles.fold(FIRST, [(SECOND, SECOND)])
    report = update_index(store, folder)
    assert (report.added, report.removed) == (1, 1)
    assert list(SearchIndex.open(folder).search(Everything()).ids()) == [first]
    assert (store.identity(), current_folder(folder, FORMAT)) == (name, built)


def test_without_a_known_article_nothing_is_folded(store: StoreWriter) -> None:
    known = store.articles.all_ids()
    store.articles.fold(
        f"https://{HOST}/other", [(f"https://{HOST}/other/2", f"https://{HOST}/other/2")]
    )
    assert store.articles.all_ids() == known


ON = Verdict(story="balloon", decision="on-story", score=0.9)
OFF = Verdict(story="balloon", decision="off-story", score=0.1)


def page(path: str, text: str = "The balloon was seen at noon by the whole school.") -> Article:
    return _article(HOST, path, "A balloon", text)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "empty.db") as store:
        yield store


def merge(store: StoreWriter, stays: str, other: str, path: str = "one") -> None:
    url = page(path).url
    store.articles.merge(stays, [other], url, url)


def test_every_table_that_refers_to_an_article_has_a_rule(empty: StoreWriter) -> None:
    rows = empty._connection.rows(
        "SELECT DISTINCT tables.name FROM sqlite_schema AS tables,"
        " pragma_foreign_key_list(tables.name) AS refs"
        " WHERE tables.type = 'table' AND refs.\"table\" = 'articles'"
    )
    named = {name for (name,) in rows}
    assert named | {"captures"} == GIVEN | MADE_ANEW  # captures name one without a foreign key
    assert not GIVEN & MADE_ANEW


@pytest.mark.parametrize("own", ["error:blocked", None])
def test_a_copy_in_a_public_archive_outlives_a_merge(empty: StoreWriter, own: str | None) -> None:
    one, two = add_article(empty, page("one"), ON), add_article(empty, page("two"), ON)
    if own:
        empty.saves.note(Save(article=one, asked=AT, outcome=own))
    copy = Save(
        article=two, asked=AT, outcome=SAVED, captured=AT, address="https://archive.example/2"
    )
    empty.saves.note(copy)
    merge(empty, one, two)
    assert empty.saves.get(one) == replace(copy, article=one)
    assert empty.saves.get(two) is None


def test_the_own_copy_stays_where_the_other_was_not_saved(empty: StoreWriter) -> None:
    one, two = add_article(empty, page("one"), ON), add_article(empty, page("two"), ON)
    own = Save(
        article=one, asked=AT, outcome=SAVED, captured=AT, address="https://archive.example/1"
    )
    empty.saves.note(own)
    empty.saves.note(Save(article=two, asked=AT + timedelta(days=1), job="7"))
    merge(empty, one, two)
    assert empty.saves.get(one) == own


def test_traits_and_translations_move_along(empty: StoreWriter) -> None:
    one, two, abroad = (add_article(empty, page(path), ON) for path in ("one", "two", "abroad"))
    empty.habits.note(two, HOST, AT, Traits(titles=("A balloon",), headings=("A balloon",)), 1)
    empty.encodings.note_compared(two, [(abroad, 0.8)])
    merge(empty, one, two)
    [(_, traits)] = empty.habits.traits(HOST, 9)
    assert traits.headings == ("A balloon",)
    assert empty.encodings.translations([one]) == {abroad: 0.8}
    assert empty.encodings.translations([abroad]) == {one: 0.8}


def test_a_label_counts_for_a_story_that_had_judged_the_other_only(empty: StoreWriter) -> None:
    one, two = add_article(empty, page("one")), add_article(empty, page("two"), OFF)
    empty.labels.put(two, "balloon", "on-story", at=AT)
    merge(empty, one, two)
    held = empty.articles.get([one])[one]
    assert held.kept
    assert held.stories == ("balloon",)
    assert held.family == one


def test_of_two_verdicts_for_a_story_the_better_one_stays(empty: StoreWriter) -> None:
    one, two = add_article(empty, page("one"), OFF), add_article(empty, page("two"), ON)
    merge(empty, one, two)
    held = empty.articles.get([one])[one]
    assert (held.kept, held.verdicts) == (True, (ON,))
    three = add_article(empty, page("three"), OFF)
    merge(empty, one, three)
    assert empty.articles.get([one])[one].verdicts == (ON,)


def test_of_two_labels_the_later_one_counts_and_both_notes_stay(empty: StoreWriter) -> None:
    one, two = add_article(empty, page("one"), ON), add_article(empty, page("two"), ON)
    empty.labels.put(one, "balloon", "mention", at=AT)
    empty.labels.put(two, "balloon", "off-story", at=AT + timedelta(days=1))
    empty.tags.note([one], "first", at=AT)
    empty.tags.note([two], "second", at=AT)
    merge(empty, one, two)
    assert empty.labels.of("balloon")[one].decision == "off-story"
    assert len(empty.labels.by_age("balloon")) == 1
    assert empty.articles.get([one])[one].remarks.note == "first\nsecond"


def test_the_same_text_at_two_addresses_is_no_edit(empty: StoreWriter) -> None:
    one = add_article(empty, page("one"), ON)
    later = replace(
        page("two"), fetched=page("two").fetched + timedelta(days=1), withheld="noindex"
    )
    two = add_article(empty, later, ON)
    for number, identity in enumerate((one, two), start=1):
        empty.captures.decide(number, "kept", identity)
    merge(empty, one, two)
    held = empty.articles.get([one])[one]
    assert held.versions == len(empty.versions.of(one)) == 1
    assert (held.article.fetched, held.article.withheld) == (page("one").fetched, "noindex")
    assert not held.kept  # as its newest page asks
    assert [owner for owner, _ in empty.captures.owners().values()] == [one, one]


def test_another_text_at_the_second_address_is_an_edit_and_counts(empty: StoreWriter) -> None:
    one = add_article(empty, page("one"), ON)
    later = page("two", "The balloon was seen at dusk by nobody but the dog.")
    two = add_article(empty, replace(later, fetched=later.fetched + timedelta(days=1)), ON)
    merge(empty, one, two)
    held = empty.articles.get([one])[one]
    assert (held.versions, held.article.text) == (2, later.text)


def test_the_index_takes_out_what_was_merged_with_its_older_versions(
    empty: StoreWriter, tmp_path: Path
) -> None:
    one, two, three = (
        add_article(empty, page(path, f"Balloons over the {path} quarter of the town."), ON)
        for path in ("one", "two", "three")
    )
    edited = page("two", "An airship was over the second quarter of the town.")
    add_article(empty, replace(edited, fetched=edited.fetched + timedelta(hours=1)), ON)
    folder = tmp_path / "index"
    update_index(empty, folder)
    built = current_folder(folder, FORMAT)
    merge(empty, one, two)
    report = update_index(empty, folder)
    assert (report.added, report.removed) == (1, 1)
    assert current_folder(folder, FORMAT) == built  # and not one that was built anew
    assert sorted(SearchIndex.open(folder).search(Everything()).ids()) == sorted((one, three))
    assert update_index(empty, folder).removed == 0
    state = read_state(built or folder)
    held = {
        decode_id(code)
        for record in state.records
        for number, code in enumerate(Segment(built or folder, record).numbers("code", "q"))
        if number not in record.deleted
    }
    assert held == {one, three}
