"""Vectors in the store: whose they are, and what may be a translation of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from index.article import Article, Verdict
from index.relevance.encode import DAYS, Coverage
from index.store import StoreWriter
from index.store.encodings import Encoded, Encodings
from tests.conftest import _article, add_article

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
VECTOR = bytes(512)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as store:
        yield store


def page(path: str, language: str, published: datetime | None) -> Article:
    made = _article("prairie-courier.example", path, f"Balloon {path}", f"A balloon, {path}.")
    return replace(made, language=language, published=published)


def test_vectors_of_another_encoder_are_not_given(store: StoreWriter) -> None:
    name = add_article(
        store, page("one", "en", NOON), Verdict(story="balloon", decision="on-story", score=1.0)
    )
    older = Encodings(store.articles._connection, "another encoder")
    older.put([Encoded(article=name, title=VECTOR, opening=VECTOR)])
    older.put_seeds([("A balloon", VECTOR)])
    assert older.count() == 1
    assert store.encodings.count() == 0
    assert store.encodings.openings([name]) == {}
    assert list(store.encodings.all_openings()) == []
    assert store.encodings.headlines([name]) == []
    assert store.encodings.uncompared() == []
    assert store.encodings.coverage() == []
    assert store.encodings.seeds({"A balloon"}) == {}
    assert store.encodings.missing({"en"}) == [name]
    store.encodings.put([Encoded(article=name, title=VECTOR, opening=VECTOR)])
    assert (older.count(), store.encodings.count()) == (0, 1)


def test_translations_are_looked_for_on_the_same_story_and_in_the_same_days(
    store: StoreWriter,
) -> None:
    chance = Random(7)
    made: dict[str, tuple[set[str], Article]] = {}
    for number in range(60):
        published = NOON + timedelta(hours=chance.randrange(400)) if number % 7 else None
        article = page(str(number), chance.choice(["en", "zh", "de"]), published)
        on = set(chance.sample(["balloon", "trade", "summit"], chance.randrange(3)))
        verdicts = [Verdict(story=story, decision="on-story", score=1.0) for story in sorted(on)]
        name = add_article(
            store, article, *verdicts, Verdict(story="sport", decision="off-story", score=0.0)
        )
        made[name] = on, article
    store.encodings.put(Encoded(article=name, title=VECTOR, opening=VECTOR) for name in made)
    coverage = Coverage(store)
    for name, (on, own) in made.items():
        assert coverage.abroad(name) == sorted(
            other
            for other, (theirs, article) in made.items()
            if on & theirs
            and article.language != own.language
            and abs(day(article) - day(own)) <= timedelta(days=DAYS)
        )


def day(article: Article) -> datetime:
    return article.published or article.fetched
