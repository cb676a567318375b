"""Queries that cover a story's articles, beside others of the language; with spaces and without."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.article import Article
from index.query import parse
from index.query.match import analyse, matches
from index.relevance.suggest import Rarity, propose_query

BALLOON = (
    "美国击落中国气球 北京强烈抗议",
    "中国外交部：民用无人飞艇因不可抗力误入美国",
    "中国侦察气球飞越蒙大拿州",
    "布林肯推迟访华 因中国气球进入美国领空",
    "第二个中国气球正飞越拉丁美洲",
    "专家：飞艇受西风带影响偏离航线",
    "美国海军打捞气球残骸",
    "飞艇误入美国 中方：完全是意外",
)
OTHER_CHINESE = tuple(
    f"{who}{what}"
    for who in ("市议会", "财政部长", "中国足协", "图书馆", "美国国会", "农民代表")
    for what in ("讨论明年预算", "计划裁减职位", "公布最新数据", "否决了提案", "要求增加经费")
)
FERRY = (
    "Fähre läuft vor Skarnes auf ein Riff",
    "Schlepper ziehen die Fähre vom Riff",
    "Kapitän der Fähre vernommen",
    "Passagierschiff auf dem Riff: Rettung dauerte die ganze Nacht",
    "Passagierschiff vor Skarnes verliert Öl",
    "Taucher prüfen den Rumpf der Fähre vor Skarnes",
)
OTHER_GERMAN = tuple(
    f"{who} {what}"
    for who in ("Der Stadtrat", "Die Notenbank", "Ein Gericht", "Die Bauern", "Forscher")
    for what in ("legt Zahlen vor", "fordert mehr Geld", "lehnt den Vorschlag ab", "feiert heute")
)


def article(title: str, language: str) -> Article:
    return Article(
        url="",
        canonical_url="",
        outlet="",
        title=title,
        text="",
        language=language,
        fetched=datetime(2026, 3, 2, tzinfo=UTC),
    )


def proposed(own: tuple[str, ...], others: tuple[str, ...], language: str) -> str:
    found = propose_query(
        language,
        [article(title, language) for title in own],
        [article(title, language) for title in others],
        Rarity(),
    )
    return found.query


@pytest.mark.parametrize(
    ("own", "others", "language", "words"),
    [
        pytest.param(BALLOON, OTHER_CHINESE, "zh", ("气球", "飞艇"), id="without spaces"),
        pytest.param(FERRY, OTHER_GERMAN, "de", ("Fähre", "Passagierschiff"), id="with spaces"),
    ],
)
def test_a_second_word_for_the_same_thing_is_taken_for_what_the_first_one_misses(
    own: tuple[str, ...], others: tuple[str, ...], language: str, words: tuple[str, ...]
) -> None:
    query = proposed(own, others, language)
    assert query.startswith(f"({' OR '.join(words)})")
    tree = parse(query)
    found = [title for title in own if matches(tree, analyse(article(title, language)))]
    assert len(found) >= len(own) - 1
    assert not [title for title in others if matches(tree, analyse(article(title, language)))]


def test_whole_runs_of_signs_are_no_words() -> None:
    query = proposed(BALLOON, OTHER_CHINESE, "zh")
    assert max(map(len, query.replace("(", " ").replace(")", " ").split())) <= 3


def test_a_name_that_others_have_as_well_is_company_and_no_anchor() -> None:
    query = proposed(BALLOON, OTHER_CHINESE, "zh")
    anchors, _, company = query.partition(") ")
    assert "中国" not in anchors
    assert "中国" in company or "美国" in company
