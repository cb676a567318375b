"""Labels: decisions by hand win over verdicts and outlive a replay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.article import Article, Verdict
from index.capture import ArchiveRef, Capture, Listing
from index.coverage.census import take_census
from index.errors import UsageError
from index.families.fingerprint import fingerprint
from index.store import StoreWriter
from index.store.renewal import adopt

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
OFF = Verdict(story="ferry", decision="off-story", score=0.1, reasons=("the query is not met",))
ON = Verdict(story="ferry", decision="on-story", score=0.9, reasons=("title: ferry",))
URL = "https://prairie-courier.example/1"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def add(store: StoreWriter, *verdicts: Verdict, key: str = URL, other: str = "") -> str:
    ref = ArchiveRef(
        file="a.warc.gz", offset=len(store.articles.all_ids()), length=1, digest="sha256:A"
    )
    article = Article(
        url=key,
        canonical_url=key,
        outlet="prairie-courier.example",
        title="A ferry runs aground",
        text="The made-up ferry ran aground on Saturday.",
        fetched=NOON,
        language="en",
    )
    capture = Capture(
        url=key, status=200, headers=(), body=b"", fetched=NOON, listing=Listing(channel="feed"),
        ref=ref,
    )  # fmt: skip
    number = store.captures.add(capture, outlet=article.outlet)
    aliases = [(other, other)] if other else []
    return store.articles.record(
        article,
        key=key,
        capture=number,
        verdicts=verdicts,
        fingerprint=fingerprint(article),
        aliases=aliases,
    ).id


def test_a_label_wins_and_says_so(store: StoreWriter) -> None:
    article = add(store, OFF)
    assert store.labels.put(article, "ferry", "on-story", note="the sister ship", at=NOON)
    stored = store.articles.get([article])[article]
    (verdict,) = stored.verdicts
    assert (stored.kept, verdict.decision, verdict.score) == (True, "on-story", 1.0)
    assert verdict.reasons == ("you decided: the sister ship", "the query is not met")
    assert store.labels.of("ferry")[article].note == "the sister ship"


def test_a_label_taken_back_gives_way_to_the_verdict(store: StoreWriter) -> None:
    article = add(store, ON)
    assert not store.labels.put(article, "ferry", "off-story", at=NOON)
    assert store.labels.take_back(article, "ferry")
    assert store.articles.get([article])[article].verdicts == (ON,)
    assert store.labels.of("ferry") == {}


def test_a_label_wins_over_a_later_verdict(store: StoreWriter) -> None:
    article = add(store, OFF)
    store.labels.put(article, "ferry", "off-story", at=NOON)
    assert not store.verdicts.judge(article, [ON])


def test_a_label_numbers_a_change_so_that_the_index_follows(store: StoreWriter) -> None:
    article = add(store, ON)
    before = store.revision()
    store.labels.put(article, "ferry", "off-story", at=NOON)
    assert [item.id for item in store.articles.changes(before)] == [article]


def test_an_article_that_the_story_never_judged_can_be_labelled(store: StoreWriter) -> None:
    article = add(store)
    assert store.labels.put(article, "ferry", "on-story", at=NOON)
    assert store.articles.get([article])[article].stories == ("ferry",)


def test_a_census_counts_what_was_decided(store: StoreWriter) -> None:
    article = add(store, OFF)
    store.labels.put(article, "ferry", "on-story", at=NOON)
    assert take_census(store.path, now=NOON).stories["ferry"].articles == 1


def test_borderline_is_no_label(store: StoreWriter) -> None:
    article = add(store, OFF)
    with pytest.raises(UsageError, match="borderline: no label"):
        store.labels.put(article, "ferry", "borderline", at=NOON)


def test_labels_are_adopted_by_a_database_made_anew(store: StoreWriter, tmp_path: Path) -> None:
    store.labels.put(add(store, OFF), "ferry", "on-story", at=NOON)
    with StoreWriter.open(tmp_path / "replay.db") as anew:
        adopt(anew, store.path)
        article = add(anew, OFF)
        assert anew.articles.get([article])[article].kept


def test_a_label_follows_the_article_to_the_address_found_first(
    store: StoreWriter, tmp_path: Path
) -> None:
    other = "https://prairie-courier.example/amp/1"
    store.labels.put(add(store, OFF, other=other), "ferry", "on-story", at=NOON)
    with StoreWriter.open(tmp_path / "replay.db") as anew:
        adopt(anew, store.path)
        article = add(anew, OFF, key=other, other=URL)
        assert anew.articles.get([article])[article].kept


def test_a_label_of_one_story_is_none_of_another(store: StoreWriter) -> None:
    article = add(store, ON, replace(ON, story="dam"))
    assert store.labels.put(article, "ferry", "off-story", at=NOON)
    assert store.articles.get([article])[article].stories == ("dam",)
