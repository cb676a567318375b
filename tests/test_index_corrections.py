"""Labels that teach: the model over the evidence, its prior and what moves it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.relevance.corrections import Corrections, Example, Signals, logit, teach
from index.relevance.hashes import hash_term
from index.relevance.neighbours import Neighbours, array_of

PLAIN = Signals(rules=0.5)


def example(words: str, *, accepted: bool, language: str = "en") -> Example:
    found = dict.fromkeys(terms(words, language), 1.0)
    return Example(language=language, terms=found, accepted=accepted)


def terms(words: str, language: str = "en") -> list[int]:
    return [hash_term(f"{language}:{word}") for word in words.split()]


def score(found: Corrections, signals: Signals, words: str = "") -> float:
    return found.score(signals, found.held(terms(words)))


def taught(*examples: Example, signals: Signals = PLAIN) -> Corrections:
    found = teach([(one, signals) for one in examples])
    assert found is not None
    return found


def test_without_labels_nothing_is_taught() -> None:
    assert teach([]) is None


def test_one_label_moves_its_neighbours_at_once_and_leaves_the_others() -> None:
    found = taught(example("policy paper cites the wreck", accepted=False))
    near = score(found, PLAIN, "another policy paper cites the wreck")
    far = score(found, PLAIN, "divers reach hull")
    assert near < 0.3 < 0.4 < far < 0.6
    kept = taught(example("divers reach hull", accepted=True))
    assert score(kept, PLAIN, "divers reach torn hull") > 0.7


def test_evidence_that_labels_contradict_counts_less() -> None:
    leads = [
        (example(f"lead {n}", accepted=False), Signals(rules=0.6, lead_only=1.0)) for n in range(12)
    ]
    heads = [
        (example(f"head {n}", accepted=True), Signals(rules=0.6, headline=1.0)) for n in range(12)
    ]
    found = teach([*leads, *heads])
    assert found is not None
    assert score(found, Signals(rules=0.6, lead_only=1.0)) < 0.3
    assert score(found, Signals(rules=0.6, headline=1.0)) > 0.7


def test_articles_without_a_label_hold_the_scores_where_the_rules_are_right() -> None:
    labels = [(example(f"odd {n}", accepted=False), Signals(rules=0.4)) for n in range(6)]
    sure = [(Signals(rules=0.95, headline=1.0), ())] * 50
    free, held = teach(labels), teach(labels, sure)
    assert free is not None
    assert held is not None
    asked = Signals(rules=0.95, headline=1.0)
    assert score(held, asked) > 0.85
    assert score(held, asked) > score(free, asked)


def test_words_of_a_language_with_labels_of_one_kind_say_nothing() -> None:
    found = taught(
        example("balon nad morzem", accepted=False, language="pl"),
        example("gale warning at sea", accepted=False),
        example("wreck raised at sea", accepted=True),
    )
    assert found.words.keys().isdisjoint(terms("balon nad morzem", "pl"))
    wreck, gale = terms("wreck gale")
    assert found.words[wreck] > 0 > found.words[gale]


def test_a_copy_of_an_example_is_not_evidence_for_it() -> None:
    twice = [example("the same text word for word", accepted=True)] * 2
    own = Neighbours(taught(*twice)).held([array_of(one.terms) for one in twice], themselves=True)
    assert [(one.accepted, one.rejected) for one in own] == [(0.0, 0.0)] * 2


@given(
    st.lists(st.tuples(st.sets(st.integers(0, 30)), st.booleans()), min_size=1, max_size=20),
    st.lists(st.sets(st.integers(0, 40)), max_size=20),
)
def test_many_articles_at_once_hold_what_each_holds_alone(
    labels: list[tuple[set[int], bool]], articles: list[set[int]]
) -> None:
    found = taught(
        *(
            Example(language="en", terms={term: term + 1.0 for term in held}, accepted=accepted)
            for held, accepted in labels
        )
    )
    at_once = Neighbours(found).held([array_of(one) for one in articles])
    for one, held in zip(articles, at_once, strict=True):
        alone = found.held(one)
        assert held.words == pytest.approx(alone.words)
        assert (held.accepted, held.rejected) == pytest.approx((alone.accepted, alone.rejected))


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=40))
def test_any_labels_give_probabilities_and_a_model_that_can_be_stored(
    labels: list[tuple[bool, float]],
) -> None:
    rows = [
        (example(f"w{n % 7} x{n}", accepted=accepted), Signals(rules=rules))
        for n, (accepted, rules) in enumerate(labels)
    ]
    found = teach(rows)
    assert found is not None
    assert Corrections.from_dict(found.to_dict()) == replace(found)
    assert all(0 <= found.score(signals, found.held(one.terms)) <= 1 for one, signals in rows)


@pytest.mark.parametrize(("score", "odds"), [(0.5, 0.0), (0.0, -4.0), (1.0, 4.0)])
def test_log_odds_are_bounded(score: float, odds: float) -> None:
    assert logit(score) == odds
