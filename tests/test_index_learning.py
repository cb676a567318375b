"""What the store learns of an outlet brings titles that were read before up to it, and marks no edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index.article import Article
from index.habits.values import Traits
from index.store import StoreWriter
from index.store.learning import learn_habits, with_new_parts
from index.workspace.outlets import Outlet, Outlets
from tests.conftest import add_article

OUTLET = "courier.example"
SLOGAN = "All that moves between the river and the railway"
NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
HEADLINES = ("Ferry stays ashore", "Library opens at last", "Bridge to be painted", "Mayor resigns")


def article(number: int) -> Article:
    url = f"https://{OUTLET}/{number}"
    return Article(
        url=url, canonical_url=url, outlet=OUTLET, title=f"{HEADLINES[number]} – {SLOGAN}",
        text=f"{HEADLINES[number]}: this is what happened on Saturday, and more of it is to be told.",
        fetched=NOON + timedelta(hours=number),
    )  # fmt: skip


def note(store: StoreWriter, identity: str, number: int) -> None:
    one = article(number)
    traits = Traits(titles=(one.title,), headings=(HEADLINES[number],))
    store.habits.note(identity, OUTLET, one.fetched, traits, number)


def test_titles_read_before_are_cut_when_their_outlet_is_learned(tmp_path: Path) -> None:
    with StoreWriter.open(tmp_path / "x.db") as store:
        ids = [add_article(store, article(number)) for number in range(4)]
        for number, identity in enumerate(ids):
            note(store, identity, number)
        before = store.revision()
        learn_habits(store, {OUTLET}, Outlets())
        held = store.articles.get(ids)
        assert [held[one].article.title for one in ids] == list(HEADLINES)
        assert store.revision() > before  # the index hears of it
        later = replace(article(0), title=HEADLINES[0], fetched=NOON + timedelta(days=1))
        add_article(store, later)
        assert store.articles.get(ids)[ids[0]].versions == 1  # no edit of the headline


def test_titles_stay_where_outlets_toml_says_that_nothing_is_to_be_cut(tmp_path: Path) -> None:
    declared = Outlets(by_id={OUTLET: Outlet(id=OUTLET, title_parts=())})
    with StoreWriter.open(tmp_path / "x.db") as store:
        ids = [add_article(store, article(number)) for number in range(4)]
        for number, identity in enumerate(ids):
            note(store, identity, number)
        learn_habits(store, {OUTLET}, declared)
        assert store.habits.of(OUTLET).title_parts
        assert SLOGAN in store.articles.get(ids)[ids[0]].article.title


def test_titles_are_cut_again_only_where_they_are_new_or_a_part_is(tmp_path: Path) -> None:
    declared = Outlets(by_id={OUTLET: Outlet(id=OUTLET, title_parts=("World", SLOGAN))})
    with StoreWriter.open(tmp_path / "x.db") as store:
        ids = [add_article(store, article(number)) for number in range(4)]
        for number, identity in enumerate(ids):
            note(store, identity, number)
        learn_habits(store, {OUTLET}, Outlets())
        for identity in ids[:2]:
            store.articles.retitle(identity, f"World | A headline – {SLOGAN}")
        learn_habits(store, {OUTLET}, Outlets(), written=ids[:1])
        titles = dict(store.articles.titles(OUTLET))
        assert titles[ids[0]] == "World | A headline"
        assert titles[ids[1]] == f"World | A headline – {SLOGAN}"
        assert with_new_parts(store, declared) == {OUTLET}
        learn_habits(store, {OUTLET}, declared)
        assert [dict(store.articles.titles(OUTLET))[one] for one in ids[:2]] == ["A headline"] * 2
        assert with_new_parts(store, declared) == set()


def test_an_older_capture_that_comes_late_does_not_replace_what_a_page_shows_now(
    tmp_path: Path,
) -> None:
    with StoreWriter.open(tmp_path / "x.db") as store:
        identity = add_article(store, article(0))
        note(store, identity, 1)
        note(store, identity, 0)
        [(_, traits)] = store.habits.traits(OUTLET, 10)
        assert traits.headings == (HEADLINES[1],)


def test_articles_that_are_one_keep_versions_and_what_people_wrote(tmp_path: Path) -> None:
    with StoreWriter.open(tmp_path / "x.db") as store:
        first, second = (add_article(store, article(number)) for number in range(2))
        store.tags.change([second], add=["river"], at=NOON)
        store.aliases.claim(second, ["https://courier.example/claimed"])
        store.articles.merge(first, [second], article(0).url, article(0).url)
        held = store.articles.get([first, second])
        assert set(held) == {first}
        assert (held[first].versions, held[first].article.title) == (2, article(1).title)
        assert set(held[first].aliases) == {article(0).url, article(1).url}
        assert held[first].remarks.tags == ("river",)
        assert store.aliases.claiming(["https://courier.example/claimed"]) == [first]
