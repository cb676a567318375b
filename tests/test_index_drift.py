"""Drift: what came in lately and tells of something else is shown, and nothing is learned from one word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from index.relevance.drift import RelatedEvent, Told, find_events, newest_of_each
from index.relevance.suggest.terms import passing_words

START = datetime(2024, 5, 1, tzinfo=UTC)
OLD = [f"Ferry on the Skarnes reef: {what}" for what in (
    "captain heard", "fog in the night", "divers at work", "hull torn", "lighthouse dark",
    "owner silent", "islanders help", "crane sails out",
)]  # fmt: skip
HEARING = [f"Ferry hearing: judge Quill {what}" for what in (
    "asks the captain", "hears the owner", "calls a diver", "visits the reef", "wants the log",
)]  # fmt: skip


def told(title: str, day: int, lead: str = "") -> Told[str]:
    def words(text: str) -> frozenset[str]:
        return frozenset(text.casefold().replace(":", "").replace(".", "").split()) - passing_words(
            "en"
        )

    when = START + timedelta(days=day)
    return Told(
        id=f"{title}{lead}", published=when, terms=words(f"{title} {lead}"), head=words(title)
    )


def events(*titles: tuple[str, int, str]) -> list[RelatedEvent[str]]:
    return find_events([told(title, day, lead) for title, day, lead in titles])


OLDER = [(title, day, "") for day, title in enumerate(OLD)]


def test_a_cluster_of_newer_articles_with_words_of_its_own_is_a_related_event() -> None:
    (event,) = events(*OLDER, *((title, 20 + day, "") for day, title in enumerate(HEARING)))
    assert {"hearing", "judge", "quill"} <= {*event.words}
    assert len(event.ids) == 5
    assert (event.first, event.last) == (START + timedelta(20), START + timedelta(24))
    assert event.ids[0].startswith("Ferry hearing: judge Quill wants")


def test_one_article_of_much_later_hides_no_event() -> None:
    told = [*OLDER, *((title, 20 + day, "") for day, title in enumerate(HEARING))]
    (event,) = events(*told, ("Ferry reef: a year on", 400, ""))
    assert len(event.ids) == 5


def test_of_a_big_story_the_older_articles_are_read_too() -> None:
    day = timedelta(days=1)
    dated = [(START + day * (40 if number < 3000 else number % 30), f"a{number:04}")
             for number in range(3100)]  # fmt: skip
    chosen = newest_of_each(dated)
    assert sum(name < "a3000" for name in chosen) == 500
    assert sum(name >= "a3000" for name in chosen) == 100


def test_one_new_word_is_no_event() -> None:
    again = [(f"Ferry again: {title.partition(': ')[2]}", 20, "") for title in OLD]
    assert events(*OLDER, *((f"Zorn {title}", day, "") for title, day, _ in again)) == []


def test_what_is_new_in_the_leads_alone_is_no_event() -> None:
    leads = [(title, 20, "The judge Quill opens a hearing.") for title in OLD]
    assert events(*OLDER, *leads) == []


def test_a_story_without_older_articles_has_no_related_event() -> None:
    assert events(*((title, 20, "") for title in HEARING)) == []
    assert events() == []
