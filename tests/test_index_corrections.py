"""Labels that teach: the model over the evidence, its prior and what moves it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.relevance.corrections import Corrections, Example, Signals, logit, teach

PLAIN = Signals(rules=0.5)


def example(words: str, *, accepted: bool, language: str = "en") -> Example:
    terms = {f"{language}:{word}": 1.0 for word in words.split()}
    return Example(language=language, terms=terms, accepted=accepted)


def terms(words: str, language: str = "en") -> list[str]:
    return [f"{language}:{word}" for word in words.split()]


def taught(*examples: Example, signals: Signals = PLAIN) -> Corrections:
    found = teach([(one, signals) for one in examples])
    assert found is not None
    return found


def test_without_labels_nothing_is_taught() -> None:
    assert teach([]) is None


def test_one_label_moves_its_neighbours_at_once_and_leaves_the_others() -> None:
    found = taught(example("policy paper cites the wreck", accepted=False))
    near = found.score(PLAIN, terms("another policy paper cites the wreck"))
    far = found.score(PLAIN, terms("divers reach hull"))
    assert near < 0.3 < 0.4 < far < 0.6
    kept = taught(example("divers reach hull", accepted=True))
    assert kept.score(PLAIN, terms("divers reach torn hull")) > 0.7


def test_evidence_that_labels_contradict_counts_less() -> None:
    leads = [
        (example(f"lead {n}", accepted=False), Signals(rules=0.6, lead_only=1.0)) for n in range(12)
    ]
    heads = [
        (example(f"head {n}", accepted=True), Signals(rules=0.6, headline=1.0)) for n in range(12)
    ]
    found = teach([*leads, *heads])
    assert found is not None
    assert found.score(Signals(rules=0.6, lead_only=1.0), ()) < 0.3
    assert found.score(Signals(rules=0.6, headline=1.0), ()) > 0.7


def test_articles_without_a_label_hold_the_scores_where_the_rules_are_right() -> None:
    labels = [(example(f"odd {n}", accepted=False), Signals(rules=0.4)) for n in range(6)]
    sure = [(Signals(rules=0.95, headline=1.0), ())] * 50
    free, held = teach(labels), teach(labels, sure)
    assert free is not None
    assert held is not None
    asked = Signals(rules=0.95, headline=1.0)
    assert held.score(asked, ()) > 0.85
    assert held.score(asked, ()) > free.score(asked, ())


def test_words_of_a_language_with_labels_of_one_kind_say_nothing() -> None:
    found = taught(
        example("balon nad morzem", accepted=False, language="pl"),
        example("gale warning at sea", accepted=False),
        example("wreck raised at sea", accepted=True),
    )
    assert not any(term.startswith("pl:") for term in found.words)
    assert found.words["en:wreck"] > 0 > found.words["en:gale"]


def test_a_copy_of_an_example_is_not_evidence_for_it() -> None:
    found = taught(*[example("the same text word for word", accepted=True)] * 2)
    assert found.nearest(terms("the same text word for word"), without=0) == (0.0, 0.0)


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
    assert all(0 <= found.score(signals, one.terms) <= 1 for one, signals in rows)


@pytest.mark.parametrize(("score", "odds"), [(0.5, 0.0), (0.0, -4.0), (1.0, 4.0)])
def test_log_odds_are_bounded(score: float, odds: float) -> None:
    assert logit(score) == odds
