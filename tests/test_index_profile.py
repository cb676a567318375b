from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.query.match import analyse
from index.relevance.profile import (
    Background,
    Features,
    Profile,
    learn_from,
    learn_profile,
    read_features,
)

DAY = datetime(2024, 5, 12, tzinfo=UTC)
FERRY = [
    "Ferry strikes reef off Skarnes in fog",
    "Captain of the stranded ferry questioned in Skarnes",
    "Oil from ferry reaches Skarnes lighthouse",
    "Divers seal hull of ferry on Skarnes reef",
    "Tugs free ferry from reef near the lighthouse",
    "Ferry pilot missed the lighthouse in fog, report says",
]
OTHERS = [
    f"{who} {does} {what}"
    for who in ("Council", "Minister", "School", "Museum")
    for does in ("opens", "closes", "debates")
    for what in ("new library", "budget in winter")
]


def article(title: str, language: str = "en", **fields: object) -> Article:
    return Article(
        url="https://harbour-daily.example/1",
        canonical_url="https://harbour-daily.example/1",
        outlet="harbour-daily.example",
        title=title,
        text=str(fields.get("text", "")),
        language=language,
        published=fields.get("published", DAY),  # type: ignore[arg-type]
        fetched=DAY,
    )


def features(title: str, language: str = "en") -> Features:
    return read_features(analyse(article(title, language)))


def background(*more: Features) -> Background:
    counted = Background()
    for item in [*map(features, FERRY + OTHERS), *more]:
        counted.add(item)
    return counted


@pytest.fixture
def profile() -> Profile:
    learned = learn_profile([(features(title), 1.0) for title in FERRY], background())
    assert learned is not None
    return learned


def test_what_shares_the_storys_words_is_closer_than_what_does_not(profile: Profile) -> None:
    close = profile.closeness(features("Skarnes lighthouse was dark in the fog"))
    far = profile.closeness(features("Council debates new lighthouse in winter"))
    assert close.value > 2 * far.value > 0
    assert {"skarnes", "lighthouse", "fog"} <= {*close.words}


def test_nothing_is_like_a_story_whose_articles_have_nothing_in_common() -> None:
    others = ("Garden gnome", "Violin maker", "Bakery prize", "Tunnel drill", "Zebra calf")
    mixed = [features(title) for title in (*FERRY[:3], *others)]
    learned = learn_profile([(item, 1.0) for item in mixed], background(*mixed))
    assert learned is not None
    assert learned.terms
    for language in ("en", "fr"):
        assert learned.closeness(features(FERRY[0], language)).value == 0


def test_half_of_the_storys_own_articles_reach_1(profile: Profile) -> None:
    reached = sum(profile.closeness(features(title)).value >= 1 for title in FERRY)
    assert reached == len(FERRY) // 2


def test_the_words_of_all_news_say_nothing(profile: Profile) -> None:
    assert profile.closeness(features("New budget opens in winter")).value == 0


@pytest.mark.parametrize(
    ("title", "language"),
    [
        pytest.param("Pożar latarni w Skarnes, prom na rafie", "pl", id="Polish"),
        pytest.param("Паром у Скарнес", "ru", id="Russian, in another alphabet"),
    ],
)
def test_another_language_is_recognised_by_words_that_travel(
    profile: Profile, title: str, language: str
) -> None:
    close = profile.closeness(features(title, language))
    assert close.abroad
    assert close.value > profile.closeness(features("Nowa biblioteka", language)).value == 0


def test_a_language_with_articles_of_its_own_is_judged_by_them() -> None:
    french = [f"Le traversier sur le récif de Skarnes, jour {n}" for n in range(5)]
    others = [features(f"La bibliothèque du quartier {n} ferme", "fr") for n in range(20)]
    own = [features(title, "fr") for title in french]
    learned = learn_profile(
        [(item, 1.0) for item in [*map(features, FERRY), *own]], background(*own, *others)
    )
    assert learned is not None
    close = learned.closeness(features("Le traversier", "fr"))
    assert (close.abroad, close.words[0]) == (False, "traversier")


def test_too_few_others_teach_nothing() -> None:
    few = Background()
    for title in FERRY + OTHERS[:5]:
        few.add(features(title))
    assert learn_profile([(features(title), 1.0) for title in FERRY], few) is None
    assert learn_profile([], background()) is None


def test_a_corpus_teaches_by_how_surely_its_articles_are_on_the_story() -> None:
    corpus = [(article(title), 0.9) for title in FERRY] + [
        (article(title), 0.0) for title in OTHERS
    ]
    learned = learn_from(corpus)
    assert learned is not None
    assert learned.articles == len(FERRY)
    assert learn_from((article(title), 0.0) for title in OTHERS) is None


def test_what_is_long_past_counts_less() -> None:
    old = [
        (article(f"Yacht wrecked at Skarnes {n}", published=DAY - timedelta(days=120)), 1.0)
        for n in range(3)
    ]
    undated = [(article("Ferry at Skarnes", published=None), 1.0)]
    news = [(article(title), 1.0) for title in FERRY] + [(article(title), 0.0) for title in OTHERS]
    learned = learn_from([*old, *undated, *news])
    assert learned is not None
    assert learned.terms.get("en:yacht", 0) < learned.terms["en:reef"]


def test_only_the_opening_of_a_text_is_compared() -> None:
    long = article("Ferry", text="word " * 200 + "lighthouse")
    assert "en:lighthous" not in read_features(analyse(long)).terms


WORDS = ["ferry", "reef", "Skarnes", "budget", "library", "fog", "渡轮"]
titles = st.lists(st.sampled_from(WORDS), max_size=6)


@given(titles.map(" ".join), st.sampled_from(["en", "pl", "zh", ""]))
def test_closeness_is_never_negative_and_names_words_of_the_article(
    title: str, language: str
) -> None:
    learned = learn_profile([(features(one), 1.0) for one in FERRY], background())
    assert learned is not None
    found = features(title, language)
    close = learned.closeness(found)
    assert close.value >= 0
    assert {*close.words} <= {*found.terms.values()} | {*found.keys.values()}
