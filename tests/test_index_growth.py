from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from index.relevance.profile import Background, Features, learn_profile
from index.relevance.suggest.growth import closest_together, grow, grow_profile
from tests.test_index_profile import FERRY, features

OTHERS = tuple(
    f"{who} {does} {what}"
    for who in ("Council", "Minister", "School", "Museum", "Bank", "Club", "Court", "Farm")
    for does in ("opens", "closes", "debates", "sells", "praises")
    for what in ("new library", "budget in winter", "old bridge", "late train", "cup final")
)
WORDS = ("wypadek", "wielu", "rannych", "szpitale", "pełne", "ratownicy", "świadkowie")
# Two words of the clipping each, and nothing that they have in common: likeness by chance.
CHANCE = tuple(
    f"{' '.join(words)} {' '.join(f'{letter}{number}x' for letter in 'abcdefgh')}"
    for number, words in enumerate(combinations(WORDS, 2))
)


def count(*articles: Features) -> Background:
    background = Background()
    for item in articles:
        background.add(item)
    return background


def rank(seed: Features, corpus: Sequence[Features]) -> list[int]:
    """The places of the corpus, closest to the grown profile first."""
    learned = grow_profile([seed], corpus, count(seed, *corpus))
    assert learned is not None
    values = [learned.closeness(item).value for item in corpus]
    return sorted(range(len(corpus)), key=lambda place: -values[place])


def test_one_clipping_calls_in_its_story() -> None:
    corpus = [*map(features, (*FERRY[1:], *OTHERS))]
    assert {*rank(features(FERRY[0]), corpus)[: len(FERRY) - 1]} == {*range(len(FERRY) - 1)}


def test_a_short_clipping_finds_its_story_abroad_past_what_is_like_it_by_chance() -> None:
    told = [features(f"{title} Skarnes, Norlinie") for title in FERRY * 2]
    chance = [features(title, "pl") for title in CHANCE]
    corpus = [*told, *map(features, OTHERS), *chance]
    seed = features(f"Skarnes, Norlinie: {' '.join(WORDS)}", "pl")
    assert {*rank(seed, corpus)[: len(told)]} == {*range(len(told))}


def test_articles_that_are_like_each_other_join_before_closer_ones_that_are_not() -> None:
    corpus = [*map(features, FERRY * 2), *(features(title, "pl") for title in CHANCE)]
    values = [0.2] * len(FERRY) * 2 + [0.3] * len(CHANCE)
    first = closest_together(corpus, values, range(len(corpus)), count(*corpus))
    assert len(first) == 10
    assert {*first} <= {*range(len(FERRY) * 2)}


def test_one_shared_name_teaches_nothing_in_another_language() -> None:
    abroad = [features(f"Skarnes {title}", "pl") for title in ("wybory", "pogoda", "mecz", "targi")]
    abroad += [features(f"wiadomość {number}x gazeta", "pl") for number in range(25)]
    corpus = [*map(features, (*FERRY[1:], *OTHERS)), *abroad]
    seed = features(f"{FERRY[0]} Skarnes")
    grown = grow([seed], corpus, count(seed, *corpus))
    assert grown is not None
    assert not [place for place in grown.joined if corpus[place].language == "pl"]


def test_a_clipping_without_a_corpus_tells_nothing() -> None:
    assert grow_profile([features(FERRY[0])], [], Background()) is None


def test_a_clipping_that_is_like_nothing_has_a_profile_of_itself() -> None:
    corpus = [*map(features, OTHERS)]
    seed = features("渡轮 Quillard", "zh")
    learned = grow_profile([seed], corpus, count(seed, *corpus))
    assert learned is not None
    assert learned.closeness(seed).value > 0


def test_a_corpus_that_is_nearly_all_of_one_story_teaches_it_still() -> None:
    seed = features(FERRY[0])
    told = [
        features(f"{title}, {when}") for title in FERRY for when in ("day one", "day two", "now")
    ]
    corpus = [*told, *map(features, OTHERS[:10])]
    learned = grow_profile([seed], corpus, count(seed, *corpus))
    alone = learn_profile([(seed, 1.0)], count(seed, *corpus))
    assert learned is not None
    assert alone is not None
    close, before = (sum(one.closeness(item).value for item in told) for one in (learned, alone))
    assert close > 2 * before
