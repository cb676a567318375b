"""Families in the store: of what the corpus keeps, in whatever order it came and was judged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Article, Verdict
from index.capture import ArchiveRef, Capture, Listing
from index.families.fingerprint import fingerprint
from index.store import StoreWriter

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TEXT = (
    "A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said. "
    "Officials followed it for two days before it drifted out to sea. Nobody was hurt, and the school "
    "in Harrow Bend stayed open, its head teacher told us. The county asked people to report what "
    "falls from it and to leave it where it lies until somebody comes for it."
)


def article(outlet: str, *, published: int | None, seen: int) -> Article:
    url = f"https://{outlet}.example/balloon"
    return Article(
        url=url, canonical_url=url, outlet=f"{outlet}.example", title=f"A balloon in {outlet}",
        text=TEXT, fetched=NOON + seen * HOUR,
        published=None if published is None else NOON + published * HOUR,
    )  # fmt: skip


def record(store: StoreWriter, item: Article, *, kept: bool = True) -> str:
    seconds = int(item.fetched.timestamp())
    ref = ArchiveRef(file="a.warc.gz", offset=seconds, length=9, digest=f"{item.url}{seconds}")
    capture = Capture(
        url=item.url, status=200, headers=(), body=b"", fetched=item.fetched,
        listing=Listing(channel="feed"), ref=ref,
    )  # fmt: skip
    return store.articles.record(
        item,
        key=item.url,
        capture=store.captures.add(capture, outlet=item.outlet + str(seconds)),
        verdicts=(verdict(kept=kept),),
        fingerprint=fingerprint(item),
    ).id


def verdict(*, kept: bool) -> Verdict:
    return Verdict(story="s", decision="on-story" if kept else "off-story", score=float(kept))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


def families(store: StoreWriter) -> dict[str, str]:
    return {name: one.family for name, one in store.articles.get(store.articles.all_ids()).items()}


def test_an_article_that_no_story_keeps_is_in_no_family(store: StoreWriter) -> None:
    off = record(store, article("early", published=0, seen=20), kept=False)
    kept = [record(store, article(name, published=3, seen=20)) for name in ("b", "c")]
    found = families(store)
    assert found[off] == off
    assert store.families.origin(off) is None
    assert {found[name] for name in kept} == {min(kept)}


def test_what_comes_into_the_corpus_takes_its_place_and_gives_it_back(store: StoreWriter) -> None:
    off = record(store, article("early", published=0, seen=20), kept=False)
    kept = record(store, article("b", published=3, seen=20))
    store.labels.put(off, "s", "on-story", at=NOON)
    assert families(store) == {off: off, kept: off}
    store.labels.take_back(off, "s")
    assert families(store) == {off: off, kept: kept}
    store.verdicts.judge(off, [verdict(kept=True)])
    assert families(store)[kept] == off
    before = store.revision()
    store.verdicts.judge(off, [verdict(kept=False)])
    assert {one.id for one in store.articles.changes(before)} == {off, kept}


def test_an_older_capture_that_comes_late_moves_the_first_sight_of_an_undated_article(
    store: StoreWriter,
) -> None:
    undated = record(store, article("undated", published=None, seen=9))
    dated = record(store, article("dated", published=5, seen=9))
    assert families(store)[undated] == dated
    record(store, article("undated", published=None, seen=1))
    assert families(store) == {undated: undated, dated: undated}


_COME = st.lists(
    st.tuples(st.sampled_from("abcd"), st.integers(1, 9), st.booleans()),
    min_size=1, max_size=8, unique_by=lambda one: (one[0], one[1]),
)  # fmt: skip


@given(come=_COME, order=st.randoms(use_true_random=False))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_the_order_of_captures_and_verdicts_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
    come: list[tuple[str, int, bool]],
    order: random.Random,
) -> None:
    def end(rows: list[tuple[str, int, bool]]) -> dict[str, str]:
        with StoreWriter.open(tmp_path_factory.mktemp("order") / "pressclip.db") as store:
            for outlet, seen, kept in rows:
                record(store, article(outlet, published=None, seen=seen), kept=kept)
            last = {outlet: kept for outlet, _, kept in sorted(come)}
            for outlet, kept in last.items():
                (identity,) = store.articles.find(f"https://{outlet}.example/balloon")
                store.verdicts.judge(identity, [verdict(kept=kept)])
            return families(store)

    shuffled = list(come)
    order.shuffle(shuffled)
    assert end(come) == end(shuffled)
