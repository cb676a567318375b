"""Telling words: what others that hold a word are like says how surely it tells the story."""

from __future__ import annotations

from index.relevance.profile import Profile
from index.relevance.seeds import learn_with_seeds
from index.relevance.telling import Telling
from tests.test_index_seeds import COVERAGE, OTHERS, SEED, features


def learned(*more: str) -> Profile:
    profile = learn_with_seeds((SEED,), features([*COVERAGE, *OTHERS, *more]), {})
    assert profile is not None
    return profile


def test_a_word_whose_articles_are_like_the_story_tells_it() -> None:
    elsewhere = [f"{who} seen in fog" for who in ("Bus", "Fox", "Moon", "Choir", "Band", "Mayor")]
    telling = learned(*elsewhere).telling
    assert telling.titles["en:skarn"] > 0.8
    assert telling.titles.get("en:fog", 0.0) < 0.6


def test_a_telling_headline_is_likely_and_less_so_in_a_digest_or_without_the_name() -> None:
    profile = learned()
    (item,) = features(["Skarnes ferry on the reef"])
    likely = profile.telling.likely(item, close=0.5, title=0.6)
    assert likely > 0.5
    assert profile.telling.likely(item, close=0.5, title=0.6, is_digest=True) < likely
    assert profile.telling.likely(item, close=0.5, title=0.6, is_elsewhere=True) < likely
    (other,) = features(["Bank opens the new library wing"])
    assert profile.telling.likely(other, close=0.1, title=0.0) < 0.1


def test_telling_words_are_kept_with_the_profile() -> None:
    profile = learned()
    assert profile.telling
    assert Profile.from_dict(profile.to_dict()).telling == profile.telling
    assert not Telling()
