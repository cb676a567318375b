from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, Verdict
from index.capture import ArchiveRef, Capture, Listing
from index.errors import ReadOnlyError, StoreError
from index.families.fingerprint import fingerprint
from index.store import Candidate, Entry, ListPage, Recorded, Store, StoreWriter
from index.store.renewal import adopt, remove_database, replace_database

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
TEXT = (
    "Officials in the made-up county of Prairie said on Saturday that the white object seen over the"
    " grain elevators had been followed by radar for two days before it drifted out to sea."
)


def make_article(number: int = 1, *, text: str = TEXT, fetched: datetime = NOON) -> Article:
    url = f"https://prairie-courier.example/{number}"
    return Article(
        url=url,
        canonical_url=url,
        outlet="prairie-courier.example",
        title=f"An object over the elevators ({number})",
        text=text,
        fetched=fetched,
        published=NOON,
        language="en",
    )


def verdict(decision: str = "on-story", story: str = "balloon") -> Verdict:
    return Verdict(story=story, decision=decision, score=0.9, reasons=("title: balloon",))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def add(
    store: StoreWriter,
    article: Article,
    *verdicts: Verdict,
    aliases: tuple[tuple[str, str], ...] = (),
) -> Recorded:
    """File a capture of the article and record it, as the intake does."""
    ends = store.captures.ends()
    offset = ends.get("a.warc.gz", 0)
    ref = ArchiveRef(file="a.warc.gz", offset=offset, length=10, digest="sha256:A")
    capture = Capture(
        url=article.url, status=200, headers=(), body=b"", fetched=article.fetched,
        listing=Listing(channel="feed"), ref=ref,
    )  # fmt: skip
    number = store.captures.add(capture, outlet=article.outlet)
    recorded = store.articles.record(
        article,
        key=article.canonical_url,
        capture=number,
        verdicts=verdicts or (verdict(),),
        fingerprint=fingerprint(article),
        aliases=aliases,
    )
    store.captures.decide(number, "kept", recorded.id)
    return recorded


def test_a_recorded_article_comes_back_as_it_was(store: StoreWriter) -> None:
    recorded = add(store, make_article())
    [held] = store.articles.get([recorded.id]).values()
    assert held.article == make_article()
    assert (held.kept, held.versions, held.stories) == (True, 1, ("balloon",))
    assert held.archive == ArchiveRef(file="a.warc.gz", offset=0, length=10, digest="sha256:A")


def test_ids_are_short_and_the_same_in_another_store(tmp_path: Path, store: StoreWriter) -> None:
    first = add(store, make_article()).id
    with StoreWriter.open(tmp_path / "other.db") as other:
        add(other, make_article(2))
        assert add(other, make_article()).id == first
    assert len(first) == 5


def test_an_article_is_found_by_id_beginning_url_and_alias(store: StoreWriter) -> None:
    alias = "https://m.prairie-courier.example/1"
    identity = add(store, make_article(), aliases=((alias, alias),)).id
    for name in (identity, identity[:3], make_article().url, alias):
        assert store.articles.find(name) == [identity]
    assert store.articles.find("") == store.articles.find("zzzzz") == []


def test_every_change_has_a_number_of_its_own(store: StoreWriter) -> None:
    first, second = add(store, make_article(1)), add(store, make_article(2))
    after = store.revision()
    store.verdicts.judge(first.id, [verdict("off-story")])
    [changed] = store.articles.changes(after)
    assert (changed.id, changed.kept) == (first.id, False)
    assert [item.id for item in store.articles.changes(0)] == [second.id, first.id]


def test_the_same_text_again_changes_nothing(store: StoreWriter) -> None:
    add(store, make_article())
    revision = store.revision()
    again = add(store, make_article(fetched=NOON + timedelta(hours=1)))
    assert (again.change, store.revision()) == ("unchanged", revision)


def test_an_edited_article_keeps_both_versions(store: StoreWriter) -> None:
    add(store, make_article())
    edited = replace(
        make_article(fetched=NOON + timedelta(hours=1)),
        text=TEXT.replace("two days", "three days") + " The sheriff corrected his account.",
        title="Object over the elevators came down at sea",
    )
    recorded = add(store, edited)
    assert recorded.change == "edited"
    versions = store.versions.of(recorded.id)
    assert [version.number for version in versions] == [1, 2]
    assert "two days" in versions[0].article.text
    assert store.articles.get([recorded.id])[recorded.id].article.text == edited.text


def test_an_earlier_capture_arriving_late_becomes_an_earlier_version(store: StoreWriter) -> None:
    edited = replace(make_article(), text=TEXT + " The sheriff corrected his account at noon.")
    recorded = add(store, edited)
    add(store, make_article(fetched=NOON - timedelta(days=1)))
    held = store.articles.get([recorded.id])[recorded.id]
    assert (held.article.text, held.versions) == (edited.text, 2)
    assert held.first_seen == NOON - timedelta(days=1)


def test_what_no_story_keeps_is_held_but_not_in_the_corpus(store: StoreWriter) -> None:
    add(store, make_article(1), verdict("off-story"))
    kept = add(store, make_article(2), verdict("off-story", "other"), verdict("on-story"))
    assert store.articles.kept_ids() == [kept.id]
    counts = {"captures": 2, "read": 2, "articles": 1, "texts": 1, "mentions": 0}
    assert store.counts.corpus() == counts


def test_the_verdicts_of_a_deleted_story_keep_nothing(store: StoreWriter) -> None:
    recorded = add(store, make_article())
    store.verdicts.keep_only(["another"])
    assert not store.articles.get([recorded.id])[recorded.id].kept


def test_a_capture_is_undecided_until_it_is_recorded(store: StoreWriter) -> None:
    ref = ArchiveRef(file="b.warc.gz", offset=5, length=10, digest="sha256:B")
    capture = Capture(
        url="https://prairie-courier.example/x",
        status=200,
        headers=(),
        body=b"",
        fetched=NOON,
        ref=ref,
    )
    number = store.captures.add(capture, outlet="x")
    assert store.captures.add(capture, outlet="x") == number
    assert store.captures.undecided() == [(number, ref)]
    assert store.captures.ends() == {"b.warc.gz": 15}
    assert store.captures.holds(capture.url, NOON, "sha256:B")
    store.captures.decide(number, "paywall")
    assert store.captures.undecided() == []


def test_a_transaction_that_fails_leaves_nothing(store: StoreWriter) -> None:
    def fail() -> None:
        with store.transaction():
            add(store, make_article())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.counts.corpus()["read"] == 0


def test_the_ledger_answers_by_identity_and_by_url(store: StoreWriter) -> None:
    run = store.ledger.start_run("crawl")
    entry = Entry(
        url="https://a.example/x?utm=1", key="https://a.example/x", outlet="a.example",
        channel="feed", outcome="http-404", detail="gone", at=NOON, run=run,
    )  # fmt: skip
    store.ledger.add([entry])
    assert store.ledger.of([entry.key]) == store.ledger.of([entry.url]) == [entry]
    assert store.ledger.counts() == [("a.example", "2023-02-04", "feed", "http-404", 1)]
    store.ledger.end_run(run, 3)
    [ended] = store.ledger.runs()
    assert (ended.command, ended.exit) == ("crawl", 3)


def candidate(number: int, score: float, site: str = "a.example") -> Candidate:
    url = f"https://{site}/{number}"
    return Candidate(
        url=url, key=url, outlet=site, site=site, score=score, listing=Listing(channel="feed")
    )


def test_the_frontier_gives_the_best_first_and_each_once(store: StoreWriter) -> None:
    frontier = store.frontier
    assert frontier.add([candidate(1, 1.0), candidate(2, 3.0), candidate(1, 2.0)]) == 2
    assert frontier.sites() == ["a.example"]
    assert [item.score for item in frontier.take("a.example", 5)] == [3.0, 2.0]
    assert frontier.take("a.example", 5) == []
    assert frontier.add([candidate(1, 9.0)]) == 0


def test_what_a_killed_run_had_taken_is_given_back(store: StoreWriter) -> None:
    store.frontier.add([candidate(1, 1.0), candidate(2, 1.0)])
    [first, _] = store.frontier.take("a.example", 2)
    store.frontier.finish(first.key)
    assert store.frontier.release() == 1
    assert len(store.frontier.take("a.example", 5)) == 1


def test_a_passing_failure_is_tried_again_later_and_not_for_ever(store: StoreWriter) -> None:
    store.frontier.add([candidate(1, 1.0)])
    past = datetime(2020, 1, 1, tzinfo=UTC)
    for _ in range(3):
        [taken] = store.frontier.take("a.example", 1)
        store.frontier.postpone(taken.key, past)
        assert store.frontier.take("a.example", 1) == []
        store.frontier.release()
    assert store.frontier.take("a.example", 1) == []
    assert store.frontier.counts() == {"done": 1}


def test_what_a_clock_that_ran_ahead_put_off_is_tried_at_once(store: StoreWriter) -> None:
    store.frontier.add([candidate(1, 1.0)])
    [taken] = store.frontier.take("a.example", 1)
    store.frontier.postpone(taken.key, NOON + timedelta(days=900))
    store.frontier.release(NOON)
    assert store.frontier.sites() == ["a.example"]


def test_of_equal_candidates_the_first_discovered_comes_first(store: StoreWriter) -> None:
    store.frontier.add([candidate(number, 1.0) for number in (3, 1, 2)])
    assert [item.url[-1] for item in store.frontier.take("a.example", 3)] == ["3", "1", "2"]


def test_what_was_read_under_another_address_is_not_fetched_again(store: StoreWriter) -> None:
    alias = candidate(9, 1.0)
    add(store, make_article(), aliases=((alias.key, alias.url),))
    assert store.frontier.add([alias, candidate(1, 1.0)]) == 1
    assert store.frontier.counts() == {"done": 1, "waiting": 1}


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["add", "again", "take", "finish", "postpone", "release", "forget"]),
        st.integers(1, 6),
        st.sampled_from(["a.example", "b.example"]),
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(moves=MOVES)
def test_the_queues_count_what_waits(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int, str]]
) -> None:
    with StoreWriter.open(tmp_path_factory.mktemp("store") / "pressclip.db") as store:
        frontier = store.frontier
        for move, number, site in moves:
            one = candidate(number, float(number), site)
            match move:
                case "add":
                    frontier.add([one])
                case "again":
                    frontier.again(one)
                case "take":
                    frontier.take(site, number)
                case "finish":
                    frontier.finish(one.key)
                case "postpone":
                    frontier.postpone(one.key, NOON)
                case "release":
                    frontier.release()
                case "forget":
                    store._connection.execute("DELETE FROM frontier WHERE key = ?", (one.key,))
        counted = store._connection.execute(
            "SELECT site, count(*) FROM frontier WHERE state = 'waiting' GROUP BY site"
        )
        states = frontier.counts()
        assert frontier.waiting_by_site() == dict(counted.fetchall())
        assert frontier.sites() == sorted(frontier.waiting_by_site())
        assert frontier.waiting() == states.get("waiting", 0) + states.get("later", 0)


def test_a_list_page_is_remembered(store: StoreWriter) -> None:
    page = ListPage(
        url="https://a.example/rss", outlet="a.example", channel="feed", etag='"1"', fetched=NOON
    )
    store.lists.remember(page)
    assert store.lists.all() == {page.url: page}


WRITES: dict[str, Callable[[Store], object]] = {
    "captures": lambda store: store.captures.decide(1, "kept"),
    "articles": lambda store: store.articles.remove("a"),
    "verdicts": lambda store: store.verdicts.keep_only([]),
    "labels": lambda store: store.labels.take_back("a", "harbour"),
    "tags": lambda store: store.tags.change(["a"], add=["read"], at=NOON),
    "ledger": lambda store: store.ledger.start_run("crawl"),
    "frontier": lambda store: store.frontier.finish("a"),
    "hosts": lambda store: store.hosts.forget(["prairie-courier.example"]),
    "erasure": lambda store: store.erasure.delete_evaluations(),
}


@pytest.mark.parametrize("part", WRITES)
def test_readers_cannot_write(store: StoreWriter, part: str) -> None:
    recorded = add(store, make_article())
    before = store.revision()
    with Store.open(store.path) as reader:
        assert reader.articles.get([recorded.id])
        with pytest.raises(ReadOnlyError, match="opened for reading, so nothing was changed"):
            WRITES[part](reader)
    assert store.revision() == before


def test_a_missing_database_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no corpus") as caught:
        Store.open(tmp_path / "none.db")
    assert "crawl" in caught.value.hint


def test_a_damaged_database_says_how_to_rebuild_it(tmp_path: Path) -> None:
    path = tmp_path / "pressclip.db"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError, match="damaged") as caught:
        StoreWriter.open(path)
    assert "replay" in caught.value.hint


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pressclip.db"
    StoreWriter.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer"):
        StoreWriter.open(path)


def test_a_renewed_database_keeps_what_only_the_old_one_knew(tmp_path: Path) -> None:
    target, draft = tmp_path / "pressclip.db", tmp_path / "replay.db"
    with StoreWriter.open(target) as old:
        run = old.ledger.start_run("crawl")
        add(old, make_article())
        old.frontier.add([candidate(1, 1.0)])
        entry = Entry(
            url="https://a.example/x", key="https://a.example/x", outlet="a", channel="feed",
            outcome="dns", at=NOON, run=run,
        )  # fmt: skip
        old.ledger.add([entry, replace(entry, capture=1)])
        revision = old.revision()
    with StoreWriter.open(draft) as new:
        assert adopt(new, target)
        assert new.revision() == revision
    replace_database(draft, target)
    with StoreWriter.open(target) as store:
        assert store.counts.corpus()["read"] == 0
        assert store.ledger.of([entry.key]) == [entry]
        assert store.frontier.counts() == {"waiting": 1}
    remove_database(target)
    assert not list(tmp_path.iterdir())


@settings(max_examples=40, deadline=None)
@given(
    title=st.text(st.characters(exclude_categories=["Cs"])),
    text=st.text(st.characters(exclude_categories=["Cs"])),
    authors=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3),
)
def test_any_article_survives_the_store(
    tmp_path_factory: pytest.TempPathFactory, title: str, text: str, authors: list[str]
) -> None:
    article = replace(make_article(), title=title, text=text, authors=tuple(authors))
    with StoreWriter.open(tmp_path_factory.mktemp("store") / "pressclip.db") as store:
        recorded = add(store, article)
        assert store.articles.get([recorded.id])[recorded.id].article == article


def test_what_asked_to_be_gone_by_now_leaves_the_corpus_and_is_kept_in_the_store(
    store: StoreWriter,
) -> None:
    ends = replace(make_article(), unavailable_after=NOON + timedelta(days=1))
    held = add(store, ends)
    assert store.articles.withhold_expired(NOON) == []
    before = store.revision()
    assert store.articles.withhold_expired(NOON + timedelta(days=1)) == [held.id]
    assert store.articles.kept_ids() == []
    assert store.revision() > before  # so that the index follows
    assert store.articles.get([held.id])[held.id].article.withheld == "expired"
    assert store.articles.withhold_expired(NOON + timedelta(days=2)) == []


def test_a_page_whose_text_is_unchanged_may_change_its_mind_about_search(
    store: StoreWriter,
) -> None:
    held = add(store, make_article())
    later = make_article(fetched=NOON + timedelta(hours=1))
    add(store, replace(later, robots=("noindex",), withheld="noindex"))
    assert store.articles.kept_ids() == []
    again = make_article(fetched=NOON + timedelta(hours=2))
    assert add(store, again).change == "unchanged"
    assert store.articles.kept_ids() == [held.id]


def test_a_statement_may_number_its_places_in_any_python(tmp_path: Path) -> None:
    with StoreWriter.open(tmp_path / "pressclip.db") as store:
        connection = store.articles._connection
        assert connection.rows("SELECT ?1 + ?1, ?2", (2, "b")) == [(4, "b")]
        connection.execute("CREATE TEMP TABLE pairs (one, two, three)")
        connection.executemany("INSERT INTO pairs VALUES (?2, ?1, ?1)", [(1, 2), (3, 4)])
        assert connection.rows("SELECT * FROM pairs") == [(2, 1, 1), (4, 3, 3)]
