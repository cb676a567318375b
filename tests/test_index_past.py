"""What stood when: standings, the store as of a moment, searches in the past and in all versions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.ingest.read import Refused
from crawler.ingest.rechecks import removal_code
from index.article import Article, Verdict
from index.capture import ArchiveRef, Capture, Listing
from index.corpus import Corpus, open_corpus
from index.errors import UsageError
from index.families.fingerprint import fingerprint
from index.fulltext.indexer import update_index
from index.fulltext.searcher import SearchIndex, When
from index.query import Everything, Filter, Word
from index.query.dates import parse_moment
from index.store import Removal, StoreAt, StoreWriter, Version
from index.store.standings import standings
from tests.conftest import Said

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
_BODY = "The county said on Saturday that a {thing} had crossed the prairie. Nobody was hurt."


def article(
    path: str, thing: str, *, seen: float, published: float | None = 0, outlet: str = "a.example"
) -> Article:
    """An article about a thing; times are hours after noon."""
    url = f"https://{outlet}/{path}"
    return Article(
        url=url, canonical_url=url, outlet=outlet, title=f"Report {path}", language="en",
        text=_BODY.format(thing=thing), fetched=NOON + seen * HOUR,
        published=None if published is None else NOON + published * HOUR,
    )  # fmt: skip


def record(store: StoreWriter, item: Article) -> str:
    moment = int(item.fetched.timestamp())
    ref = ArchiveRef(file="a.warc.gz", offset=moment, length=9, digest=f"sha256:{item.url}{moment}")
    capture = Capture(
        url=item.url, status=200, headers=(), body=b"", fetched=item.fetched,
        listing=Listing(channel="feed"), ref=ref,
    )  # fmt: skip
    return store.articles.record(
        item,
        key=item.url,
        capture=store.captures.add(capture, outlet=item.outlet),
        verdicts=(Verdict(story="balloon", decision="on-story", score=0.9),),
        fingerprint=fingerprint(item),
    ).id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


@pytest.fixture
def twice(store: StoreWriter, tmp_path: Path) -> str:
    """One article, seen as a balloon at one o'clock and as an airship at five; and its index."""
    identity = record(store, article("one", "balloon", seen=1))
    record(store, article("one", "airship", seen=5))
    update_index(store, tmp_path / "index")
    return identity


def found(tmp_path: Path, word: str, when: When) -> list[str]:
    return sorted(SearchIndex.open(tmp_path / "index").search(Word(word), when=when).ids())


@pytest.mark.parametrize(
    ("word", "when", "hit"),
    [
        pytest.param("balloon", NOON - HOUR, False, id="before publication"),
        pytest.param("balloon", NOON, True, id="published, seen later"),
        pytest.param("balloon", NOON + 2 * HOUR, True, id="the first text"),
        pytest.param("balloon", NOON + 5 * HOUR, False, id="edited away"),
        pytest.param("airship", NOON + 4 * HOUR, False, id="not written yet"),
        pytest.param("airship", NOON + 5 * HOUR, True, id="the second text"),
        pytest.param("balloon", "now", False, id="today only the newest"),
        pytest.param("airship", "now", True, id="the newest"),
        pytest.param("balloon", "ever", True, id="any version: the older"),
        pytest.param("airship", "ever", True, id="any version: the newer"),
    ],
)
def test_a_search_reads_the_text_that_stood_then(
    twice: str, tmp_path: Path, word: str, when: When, hit: bool
) -> None:
    assert found(tmp_path, word, when) == ([twice] if hit else [])


def test_an_article_counts_once_in_a_search_of_all_versions(twice: str, tmp_path: Path) -> None:
    matches = SearchIndex.open(tmp_path / "index").search(Word("county"), when="ever")
    assert (matches.total, matches.texts, [hit.version for hit in matches.top()]) == (1, 1, [2])


def test_older_versions_do_not_touch_the_count_nor_the_scores_of_today(
    store: StoreWriter, tmp_path: Path
) -> None:
    for place in range(5):
        record(store, article(f"n{place}", "balloon", seen=1))
    update_index(store, tmp_path / "index")
    before = SearchIndex.open(tmp_path / "index").search(Word("balloon")).top(sort="relevance")
    record(store, article("edited", "balloon balloon", seen=1))
    record(store, article("edited", "airship", seen=2))
    update_index(store, tmp_path / "index")
    index = SearchIndex.open(tmp_path / "index")
    after = index.search(Word("balloon")).top(sort="relevance")
    assert index.count == 6
    assert [hit.id for hit in after] == [hit.id for hit in before]


def test_an_article_that_leaves_the_corpus_takes_its_past_along(
    store: StoreWriter, twice: str, tmp_path: Path
) -> None:
    store.verdicts.judge(twice, [Verdict(story="balloon", decision="off-story", score=0.0)])
    update_index(store, tmp_path / "index")
    assert found(tmp_path, "balloon", "ever") == []


def test_many_edits_leave_few_segments_and_every_version(
    store: StoreWriter, tmp_path: Path
) -> None:
    things = [f"thing{number}" for number in range(30)]
    for number, thing in enumerate(things):
        record(store, article("one", thing, seen=1 + number))
        update_index(store, tmp_path / "index")
    assert all(found(tmp_path, thing, "ever") for thing in things)
    assert len(list((tmp_path / "index").rglob("*.seg"))) <= 4


_ITEMS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(("balloon", "airship")), st.integers(1, 9)),
    min_size=1,
    max_size=7,
    unique_by=lambda item: (item[0], item[2]),
)


@given(items=_ITEMS, hour=st.integers(-1, 10), order=st.randoms(use_true_random=False))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_as_of_any_moment_the_index_finds_what_the_store_says_stood(
    tmp_path_factory: pytest.TempPathFactory,
    items: list[tuple[str, str, int]],
    hour: int,
    order: random.Random,
) -> None:
    folder = tmp_path_factory.mktemp("past")
    order.shuffle(items)
    with StoreWriter.open(folder / "pressclip.db") as store:
        for path, thing, seen in items:
            record(store, article(path, thing, seen=seen, published=None))
        update_index(store, folder / "index")
        moment = NOON + hour * HOUR
        held = StoreAt(store, moment).articles.get(store.articles.all_ids())
        wanted = sorted(name for name, one in held.items() if "balloon" in one.article.text)
    assert found(folder, "balloon", moment) == wanted
    known = {path for path, _, seen in items if seen <= hour}
    assert len(held) == len(known)


def version(number: int, seen: float, published: float | None = None) -> Version:
    item = article("one", f"thing{number}", seen=seen, published=published)
    return Version(number=number, seen=item.fetched, article=item, archive=None)


def test_a_day_counts_as_out_at_its_end_but_what_was_seen_was_out() -> None:
    by_day = version(1, seen=30, published=-12)
    item = by_day.article
    dated = Version(
        number=1, seen=item.fetched, archive=None,
        article=Article(**{n: getattr(item, n) for n in item.__slots__} | {"published_precision": "day"}),
    )  # fmt: skip
    assert standings([dated], [], NOON + 30 * HOUR)[0].since == NOON + 12 * HOUR
    assert standings([dated], [], NOON + HOUR)[0].since == NOON + HOUR


def test_times_of_absence_stand_between_the_texts() -> None:
    versions = [version(1, 1), version(2, 6)]
    gone = Removal(seen=NOON + 3 * HOUR, code="http-404", ended=NOON + 6 * HOUR)
    told = [
        (one.since, one.version.number, one.removal is not None)
        for one in standings(versions, [gone], NOON + HOUR)
    ]
    assert told == [
        (NOON + HOUR, 1, False),
        (NOON + 3 * HOUR, 1, True),
        (NOON + 6 * HOUR, 2, False),
    ]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        pytest.param("2023-02-04T12:00", NOON, id="a minute is its beginning"),
        pytest.param("2023-02-03", NOON.replace(hour=0) - timedelta(microseconds=1), id="a day"),
        pytest.param("2023-01", datetime(2023, 2, 1, tzinfo=UTC) - timedelta(microseconds=1), id="month"),
        pytest.param("2023", NOON + 100 * HOUR, id="what has not ended means now"),
    ],
)  # fmt: skip
def test_a_moment_to_look_back_to(text: str, moment: datetime) -> None:
    assert parse_moment(text, now=NOON + 100 * HOUR) == moment


@pytest.fixture
def edited(corpus: Path) -> Path:
    """The desk, where an edit at five o'clock took the elevators out of the Courier's report."""
    with StoreWriter.open(corpus / "data" / "pressclip.db") as opened:
        (identity,) = opened.articles.find("https://prairie-courier.example/balloon")
        item = opened.articles.get([identity])[identity].article
        values = {name: getattr(item, name) for name in item.__slots__}
        text = item.text.replace("grain elevator", "church tower")
        title = "Balloon seen over the church"
        record(
            opened, Article(**values | {"text": text, "title": title, "fetched": NOON + 5 * HOUR})
        )
        update_index(opened, corpus / "data" / "index")
    return corpus


def test_a_corpus_opened_as_of_a_moment_reads_and_counts_as_then(edited: Path) -> None:
    with open_corpus(edited, as_of="2023-02-04 13:30") as then:  # 12:30 UTC: the desk is in Paris
        (hit,) = then.search("title:elevators")
        assert (hit.title, hit.stored.versions) == ("Balloon seen over the elevators", 1)
        assert then.count("is:edited") == 0
        assert then.count("outlet:harbour-daily.example") == 0  # first seen at 13:00
    with open_corpus(edited) as now:
        assert now.count("title:elevators") == 0


def test_an_older_version_that_matches_says_so(edited: Path) -> None:
    with open_corpus(edited) as plain:
        every = Corpus(plain.store, plain.index, when="ever")
        (hit,) = every.search('"grain elevator" outlet:prairie-courier.example')
        assert (hit.version, hit.stored.versions, "grain elevator" in hit.snippet.text) == (
            1,
            2,
            True,
        )
        assert every.search("*").total == plain.search("*").total


def test_every_verb_with_a_query_looks_back(edited: Path, pressclip: Callable[..., Said]) -> None:
    for verb in (["search", "-f", "ids"], ["timeline"], ["export", "-f", "ids"], ["kwic"]):
        then = pressclip(*verb, "title:elevators", "--as-of", "2023-02-04T13:30Z")
        now = pressclip(*verb, "title:elevators")
        assert (then.status, now.status) == (0, 1), verb


def test_a_search_in_the_past_says_so_and_is_refused_where_it_has_no_meaning(
    edited: Path, pressclip: Callable[..., Said]
) -> None:
    said = pressclip(
        "--tz", "UTC", "search", "balloon", "-f", "table", "--as-of", "2023-02-04T12:30"
    )
    assert "as of 2023-02-04 12:30" in said.out
    assert "first seen, which was later" in said.out
    for more in (["--all-versions"], ["--new"]):
        refused = pressclip("search", "balloon", "--as-of", "2023-02-04", *more)
        assert refused.status == 2


def test_show_prints_the_text_that_stood_then(edited: Path, pressclip: Callable[..., Said]) -> None:
    url = "https://prairie-courier.example/balloon"
    then = pressclip("--tz", "UTC", "show", url, "--as-of", "2023-02-04T13:30")
    assert "grain elevator" in then.out
    assert "as of 2023-02-04 13:30: version 1, seen 2023-02-04 13:00" in then.out
    early = pressclip("--tz", "UTC", "show", url, "--as-of", "2023-02-04T11:00")
    assert early.status == 2
    assert "was not published by 2023-02-04 11:00" in early.err


@pytest.mark.parametrize("date", ["", "2023-02-30", "2023-02-04T25:00", "2023-02-01..2023-02-10"])
def test_what_is_no_moment_is_refused_with_what_one_looks_like(
    edited: Path, pressclip: Callable[..., Said], date: str
) -> None:
    for verb in (["search", "*"], ["show", "https://prairie-courier.example/balloon"]):
        refused = pressclip(*verb, "--as-of", date)
        assert refused.status == 2, verb
        assert "2023-02-04T12:00" in refused.err


def test_a_name_that_was_not_out_yet_is_refused_by_the_corpus(edited: Path) -> None:
    with (
        open_corpus(edited, as_of="2023-02-01") as then,
        pytest.raises(UsageError, match="not published by then"),
    ):
        then.get("https://prairie-courier.example/balloon")


def test_a_hit_of_all_versions_is_marked_in_a_list(
    edited: Path, pressclip: Callable[..., Said]
) -> None:
    said = pressclip("search", '"grain elevator"', "--all-versions", "--all", "-f", "table")
    assert "only in v1 of 2" in said.out
    plain = filter_count(edited)
    assert plain == 6


def filter_count(edited: Path) -> int:
    index = SearchIndex.open(edited / "data" / "index")
    assert index.search(Filter("is", ("edited",))).total == 1
    return index.search(Everything()).total


_SIGHTS = st.lists(
    st.tuples(st.integers(2, 12), st.booleans()), max_size=8, unique_by=lambda one: one[0]
)


@given(sights=_SIGHTS, order=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_absences_are_the_same_in_whatever_order_they_are_told(
    tmp_path_factory: pytest.TempPathFactory, sights: list[tuple[int, bool]], order: random.Random
) -> None:
    wanted: list[tuple[int, int | None]] = []
    for hour, there in sorted(sights):
        if there and wanted and wanted[-1][1] is None:
            wanted[-1] = wanted[-1][0], hour
        elif not there and (not wanted or wanted[-1][1] is not None):
            wanted.append((hour, None))
    order.shuffle(sights)
    with StoreWriter.open(tmp_path_factory.mktemp("gone") / "pressclip.db") as store:
        identity = record(store, article("one", "balloon", seen=1))
        for hour, there in sights:
            if there:
                item = article("one", "balloon", seen=hour)
                record(store, item)
                store.captures.decide(_newest_capture(store), "kept", identity)
            else:
                store.removals.note(identity, "http-404", NOON + hour * HOUR)
        found = store.articles.get([identity])[identity].removals
    hours = [(hour_of(one.seen), one.ended and hour_of(one.ended)) for one in found]
    assert hours == wanted


def _newest_capture(store: StoreWriter) -> int:
    (number,) = store._connection.execute("SELECT max(id) FROM captures").fetchone()
    return int(number)


def hour_of(moment: datetime) -> int:
    return round((moment - NOON) / HOUR)


def test_an_address_that_failed_before_the_article_was_there_tells_nothing(
    store: StoreWriter,
) -> None:
    identity = record(store, article("one", "balloon", seen=1))
    assert not store.removals.note(identity, "http-404", NOON)
    assert store.articles.get([identity])[identity].removal is None


def test_a_removed_article_is_marked_in_lists_and_views_and_as_of_then(
    edited: Path, pressclip: Callable[..., Said]
) -> None:
    url = "https://prairie-courier.example/balloon"
    with StoreWriter.open(edited / "data" / "pressclip.db") as store:
        (identity,) = store.articles.find(url)
        assert store.removals.note(identity, "http-410", NOON + 8 * HOUR)
        assert not store.removals.note(identity, "http-410", NOON + 9 * HOUR)
        update_index(store, edited / "data" / "index")
    listed = pressclip("--tz", "UTC", "search", "is:removed", "-f", "table").out
    assert "removed 2023-02-04" in listed
    assert (
        "removed: its address answered 410, gone, seen 2023-02-04 20:00"
        in pressclip("--tz", "UTC", "show", url).out
    )
    versions = pressclip("--tz", "UTC", "show", url, "--versions").out
    assert "--  2023-02-04 20:00  removed: its address answered 410, gone" in versions
    assert pressclip("search", "*", "--facet", "is", "-f", "tsv").out.count("removed") == 1
    then = pressclip("search", "is:removed", "--count", "--as-of", "2023-02-04T19:00Z")
    assert (then.status, then.out) == (1, "0\n")
    assert '"removed":"2023-02-04T20:00:00Z"' in pressclip("export", "is:removed").out.replace(
        " ", ""
    )


def test_what_the_address_gave_tells_whether_the_article_was_taken_away() -> None:
    asked = "https://a.example/news/one"

    def code(url: str, reading: Refused) -> str:
        capture = Capture(
            url=url, status=200, headers=(), body=b"", fetched=NOON,
            listing=Listing(channel="recheck", url=asked),
        )  # fmt: skip
        return removal_code(capture, reading)

    assert code(asked, Refused(code="http-404")) == "http-404"
    assert code(asked, Refused(code="soft-404")) == "soft-404"
    assert code("https://a.example/", Refused(code="list-page")) == "redirect-home"
    assert code("https://a.example/en/", Refused(code="bot-wall")) == "redirect-home"
    for passing in ("http-503", "bot-wall", "login", "http-403", "list-page"):
        assert code(asked, Refused(code=passing)) == ""


def test_what_was_not_out_yet_is_no_example_and_shares_no_passage(
    edited: Path, pressclip: Callable[..., Said]
) -> None:
    late = pressclip("search", "--like", "@1", "--as-of", "2023-02-04T12:30Z")
    assert late.status == 2  # no list yet
    with StoreWriter.open(edited / "data" / "pressclip.db") as store:
        (wire,) = store.articles.find("https://harbour-daily.example/wire")
    refused = pressclip("search", "--like", wire, "--as-of", "2023-02-04T12:30Z")
    assert (refused.status, "was not published by then" in refused.err) == (2, True)
    url = "https://prairie-courier.example/balloon"
    then = pressclip("show", url, "--group", "--as-of", "2023-02-04T12:30Z")
    assert (then.status, wire in then.out) == (0, False)
    assert wire in pressclip("show", url, "--group").out
