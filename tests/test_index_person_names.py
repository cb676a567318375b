from __future__ import annotations

import pytest

from index.text.person_names import split_name


@pytest.mark.parametrize(
    ("name", "language", "parts"),
    [
        ("Lara Example", "en", ("Example", "Lara", "")),
        ("Mary  Anne Example", "en", ("Example", "Mary Anne", "")),
        ("J.K. Sample", "en", ("Sample", "J.K.", "")),
        ("Ludwig van Beispiel", "en", ("van Beispiel", "Ludwig", "")),
        ("Catherine De La Cruz", "en", ("De La Cruz", "Catherine", "")),
        ("Ursula von der Muster", "de", ("Muster", "Ursula", "von der")),
        ("Luiz Inácio Lula da Silva", "pt", ("Silva", "Luiz Inácio Lula", "da")),
        ("Gabriel Ejemplo Márquez", "es", ("Ejemplo Márquez", "Gabriel", "")),
        ("María José Pérez", "es", ("Pérez", "María José", "")),
        ("María José Pérez Gómez", "es", ("Pérez Gómez", "María José", "")),
        ("Kovács Anna", "hu", ("Kovács", "Anna", "")),
        ("Nguyễn Văn Anh", "vi", ("Nguyễn", "Văn Anh", "")),
        ("Иван Петров", "ru", ("Петров", "Иван", "")),
        ("יוסי כהן", "he", ("כהן", "יוסי", "")),
        ("刘国栋", "zh", ("刘", "国栋", "")),
        ("欧阳娜娜", "zh", ("欧阳", "娜娜", "")),
        ("大渡 美咲", "ja", ("大渡", "美咲", "")),
        ("김민수", "ko", ("김", "민수", "")),
    ],
)
def test_a_name_falls_into_the_parts_that_its_language_has(
    name: str, language: str, parts: tuple[str, str, str]
) -> None:
    found = split_name(name, language)
    assert (found.family, found.given, found.particle) == parts


@pytest.mark.parametrize(
    "name",
    ["Reuters", "The Example Press", "Agence Exemple-Presse", "Prairie Staff", "新华社", "연합뉴스",
     "محمد علي", "สมชาย ใจดี", "prairie_desk", "50 Cent", "", "大渡美咲 編集"],
)  # fmt: skip
def test_what_is_no_person_or_has_no_family_name_stays_whole(name: str) -> None:
    found = split_name(name, "en")
    assert (found.family, found.turned) == ("", name)


def test_names_of_the_east_are_not_turned_round() -> None:
    assert split_name("刘国栋", "zh").turned == "刘国栋"
    assert split_name("Ursula von der Muster", "de").turned == "Muster, Ursula von der"
    assert split_name("Martin Example Jr.", "en").turned == "Example, Martin, Jr."
