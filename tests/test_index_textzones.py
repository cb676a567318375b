from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Aside, TextZone, ZoneKind
from index.corpus.concordance import contexts_of
from index.query import parse
from index.query.match import analyse, matches
from index.text.zones import all_zones, body_of, lead_of, note_kind, sayings, zone_at, zone_text
from tests.conftest import ARTICLES

PARAGRAPHS: tuple[tuple[ZoneKind, str], ...] = (
    ("lead", "A balloon drifted over the prairie for two days."),
    ("body", "Ranchers near Harrow Bend saw it first."),
    ("caption", "An airship at the county fair in 1931."),
    ("credit", "Photo: Ann Example"),
    ("quote", "We thought it was the moon."),
    ("correction", "Correction: an earlier version named another county."),
)


def zoned(paragraphs: tuple[tuple[ZoneKind, str], ...] = PARAGRAPHS) -> Article:
    zones, start = [], 0
    for kind, text in paragraphs:
        if kind != "body":
            zones.append(TextZone(kind=kind, start=start, end=start + len(text)))
        start += len(text) + 2
    text = "\n\n".join(text for _, text in paragraphs)
    asides = (Aside(kind="kicker", text="Sky watch"), Aside(kind="caption", text="The fields."))
    return replace(
        ARTICLES[0], text=text, zones=tuple(zones), asides=asides, description="In short."
    )


def found(query: str, article: Article) -> bool:
    return matches(parse(query), analyse(article))


def test_every_place_of_the_text_is_in_the_zone_of_its_paragraph() -> None:
    article = zoned()
    for kind, paragraph in PARAGRAPHS:
        start = article.text.index(paragraph)
        assert {zone_at(article, start + step) for step in range(len(paragraph))} == {kind}
    assert zone_at(article, article.text.index("\n\n")) == "body"
    for outside in (-1, len(article.text)):
        with pytest.raises(IndexError):
            zone_at(article, outside)


def test_all_zones_tell_the_kind_of_each_paragraph() -> None:
    article = zoned()
    told = [(zone.kind, article.text[zone.start : zone.end]) for zone in all_zones(article)]
    assert told == list(PARAGRAPHS)


def test_an_article_survives_its_record_with_its_zones_and_an_old_record_has_none() -> None:
    article = zoned()
    record = article.to_dict()
    assert Article.from_dict(record) == article
    del record["zones"], record["asides"]
    old = Article.from_dict(record)
    assert (old.zones, old.asides, old.kicker) == ((), (), "")
    assert article.kicker == "Sky watch"


def test_a_caption_and_a_credit_are_no_hits_but_a_quote_and_a_correction_are() -> None:
    article = zoned()
    assert not found("airship", article)
    assert not found("photo", article)
    assert not found('"harrow bend" NEAR/3 airship', article)
    assert found("moon", article)
    assert found("county", article)


def test_the_lead_is_the_standfirst_else_the_description() -> None:
    article = zoned()
    assert lead_of(article) == PARAGRAPHS[0][1]
    assert lead_of(replace(article, zones=())) == "In short."
    assert sayings(article, "caption") == (PARAGRAPHS[2][1], "The fields.")
    assert zone_text(article, "note") == ""


def test_words_in_context_are_those_of_the_body() -> None:
    article = zoned()
    text = analyse(article).zones["text"]
    marks = {
        "title": [],
        "lead": [],
        "text": [[(place, place) for place in text.positions_of_word("moon", "")]],
    }
    (context,) = contexts_of(article, marks, words=3)
    assert (context.match, context.left.strip()) == ("moon", "it was the")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["lead", "body", "caption", "credit", "quote"]),
            st.text("ab 界\u0301", min_size=1),
        ),
        min_size=1,
    )
)
def test_the_body_is_as_long_as_the_text_and_the_same_outside_captions(
    paragraphs: list[tuple[ZoneKind, str]],
) -> None:
    article = zoned(tuple(paragraphs))
    body = body_of(article)
    assert len(body) == len(article.text)
    for place, letter in enumerate(body):
        silent = zone_at(article, place) in ("caption", "credit")
        assert letter == (" " if silent else article.text[place])


@pytest.mark.parametrize(
    ("paragraph", "kind"),
    [
        ("Correction: An earlier version gave another name.", "correction"),
        ("CORRECTION (Feb. 4, 2023): The balloon was white.", "correction"),
        ("Clarification, 4 February: the county is Harrow.", "correction"),
        ("Correction", "correction"),
        ("An earlier version of this article misspelled a name.", "correction"),
        ("Corrections officers said the balloon had passed the prison.", None),
        ("Correction of the market came late: prices fell.", None),
        ("Editor’s note: This is an opinion column.", "note"),
        ("Fe de errores: el condado es otro.", "correction"),
        ("Nota de la redacción: este texto se publicó ayer.", "note"),
        ("Errata: o condado é outro.", "correction"),
        ("Nota da redação: este texto é de ontem.", "note"),
        ("Rectificatif : le comté est un autre.", "correction"),
        ("Note de la rédaction : ce texte date d’hier.", "note"),
        ("Korrektur: Der Ballon war weiß.", "correction"),
        ("Anm. der Redaktion: Der Text ist von gestern.", "note"),
        ("Errata corrige: la contea è un'altra.", "correction"),
        ("Nota della redazione: il testo è di ieri.", "note"),
        ("Rectificatie: het was een andere streek.", "correction"),
        ("Naschrift van de redactie: de tekst is van gisteren.", "note"),
        ("Sprostowanie: balon był biały.", "correction"),
        ("Od redakcji: tekst jest z wczoraj.", "note"),
        ("Поправка: округ назван неверно.", "correction"),
        ("От редакции: текст вчерашний.", "note"),
        ("Виправлення: округ названо хибно.", "correction"),
        ("Від редакції: текст учорашній.", "note"),
        ("更正：气球为白色。", "correction"),
        ("编者按：本文写于昨天。", "note"),
        ("【訂正】気球は白かった。", "correction"),
        ("編集部注：この記事は昨日のものです。", "note"),
        ("정정: 풍선은 흰색이었다.", "correction"),
        ("편집자 주: 어제 쓴 글이다.", "note"),
        ("تصحيح: كان المنطاد أبيض.", "correction"),
        ("ملاحظة المحرر: النص من أمس.", "note"),
        ("Düzeltme: Balon beyazdı.", "correction"),
        ("Editörün notu: Metin dündür.", "note"),
    ],
)  # fmt: skip
def test_corrections_and_notes_are_known_by_how_they_open(
    paragraph: str, kind: ZoneKind | None
) -> None:
    assert note_kind(paragraph) == kind
