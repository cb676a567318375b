from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Verdict
from index.fulltext.documents import to_document
from index.fulltext.schema import (
    GAP,
    LAYOUT,
    LEAD_WEIGHT,
    MENTIONED,
    NEVER,
    SEPARATOR,
    TITLE_WEIGHT,
    build_schema,
    decode_id,
    encode_id,
    odd_form,
    to_micros,
)
from index.fulltext.segments.layout import Document
from index.fulltext.segments.postings import decode_steps
from index.store import StoredArticle
from index.text.analysis.forms import forms_of

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)


def document_of(title: str, lead: str, text: str, language: str = "en") -> Document:
    article = Article(
        url="https://matin.example/1",
        canonical_url="",
        outlet="matin.example",
        title=title,
        description=lead,
        text=text,
        fetched=NOON,
        language=language,
        authors=("Ada Maker", "Bo Smith"),
    )
    verdicts = [
        Verdict(story="balloon", decision="on-story", score=1.0),
        Verdict(story="drones", decision="off-story", score=0.0),
        Verdict(story="spies", decision="mention", score=0.5),
    ]
    stored = StoredArticle(
        id="k7q2d",
        revision=1,
        article=article,
        family="a2aaa",
        verdicts=tuple(verdicts),
        kept=True,
        first_seen=NOON,
        versions=2,
        archive=None,
        aliases=(),
    )
    return to_document(stored)


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=11))
def test_an_id_is_a_number_and_comes_back(identity: str) -> None:
    assert decode_id(encode_id(identity)) == identity
    assert encode_id(identity) < 2**63


@pytest.mark.parametrize("identity", ["", "a" * 12, "k7-2d", "气球"])
def test_what_is_no_id_has_no_number(identity: str) -> None:
    with pytest.raises(ValueError, match="not an article"):
        encode_id(identity)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(1, 10**6))
def test_moments_keep_their_order_to_the_microsecond(moment: datetime, step: int) -> None:
    if moment < datetime(9999, 1, 1, tzinfo=UTC):
        assert to_micros(moment + timedelta(microseconds=step)) == to_micros(moment) + step
    assert to_micros(None) == NEVER < to_micros(moment)


def places(document: Document, field: str, term: str) -> tuple[int, list[int]]:
    """The weight and the positions of a term."""
    weight, value = document.terms[field][term]
    assert value
    return weight, list(accumulate(decode_steps([value])[0]))


def test_a_word_counts_more_in_the_headline_and_the_lead() -> None:
    document = document_of("Balloon", "A balloon", "The balloon and the balloon")
    weight = TITLE_WEIGHT + LEAD_WEIGHT + 2
    assert places(document, "text", "balloon") == (weight, [1, 4, GAP + 6, 2 * GAP + 7])


def test_the_length_is_weighted_as_the_words_are() -> None:
    document = document_of("One two", "three", "four five six")
    assert document.lengths == {"text": 2 * TITLE_WEIGHT + LEAD_WEIGHT + 3}
    assert sum(weight for weight, _ in document.terms["text"].values()) == document.lengths["text"]


def test_forms_are_noted_with_their_roots() -> None:
    document = document_of("Balloons", "", "tracked balloon", "en-GB")
    assert document.roots == {"en": {"balloons": "en:balloon", "tracked": "en:track"}}
    assert set(document.terms["title"]) == {"balloons"}
    assert document.terms["stem"] == {}


def test_two_words_that_fold_into_one_form_keep_their_roots() -> None:
    document = document_of("", "", "un employé employe", "fr")
    assert document.roots["fr"]["employe"] == "fr:employ"
    assert places(document, "text", "employe") == (2, [1, 2])
    assert places(document, "stem", "fr:emploi") == (1, [1])
    assert places(document, "stem", odd_form("fr", "employe")) == (1, [1])


def test_only_the_roots_of_its_own_words_stand_in_a_headline() -> None:
    document = document_of("employé", "", "un employé à Pékin, des clés", "fr")
    assert set(document.terms["title"]) == {"employe", "fr:emploi", odd_form("fr", "employe")}


def test_what_is_remembered_of_words_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.text.analysis.forms.CACHED_FORMS", 10)
    text = "un employé employe des ballons" + "".join(f" mot{number}s" for number in range(20))
    first = document_of("Les employés", "", text, "fr")
    for number in range(5):
        document_of("", "", " ".join(f"x{number}y{other}" for other in range(20)), "fr")
        assert len(forms_of("fr")) <= 30
    assert document_of("Les employés", "", text, "fr") == first


def test_a_language_without_stemmer_has_no_roots() -> None:
    document = document_of("气球", "", "中国气球", "zh")
    assert (document.roots, document.terms["stem"]) == ({"zh": {}}, {})


def test_a_document_carries_what_filters_and_facets_ask_for() -> None:
    document = document_of("Balloon", "", "text")
    assert document.names["stories"] == f"balloon{SEPARATOR}{MENTIONED}spies"
    assert document.names["authors"] == f"Ada Maker{SEPARATOR}Bo Smith"
    assert document.numbers["published"] == NEVER
    assert decode_id(document.numbers["family"]) == "a2aaa"


def test_the_layout_and_the_schema_name_the_same_fields() -> None:
    assert {*LAYOUT.terms, *LAYOUT.numbers, *LAYOUT.names} == set(build_schema().names())
