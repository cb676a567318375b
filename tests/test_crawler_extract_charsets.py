"""The matrix of charsets: every legacy charset × its languages × what is claimed for the page."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

import pytest

from crawler.extract.page.charsets import count_foreign
from crawler.extract.page.decode import decode
from crawler.extract.page.mojibake import undo_doubled

TEXTS = tomllib.loads(Path("tests/data/charsets/texts.toml").read_text("utf-8"))
CLAIMS = (
    "", "iso-8859-1", "windows-1252", "utf-8", "windows-1250", "windows-1251", "windows-1254",
    "windows-1257", "gb2312", "big5", "shift_jis", "euc-kr", "koi8-r", "iso-8859-2", "nonsense",
)  # fmt: skip
TONES = "\u0300\u0301\u0303\u0309\u0323"  # Vietnamese ones, which cp1258 writes apart


def encode(text: str, charset: str) -> bytes:
    if charset != "cp1258":
        return text.encode(charset)
    return b"".join(map(_vietnamese, text))


def _vietnamese(char: str) -> bytes:
    apart = unicodedata.normalize("NFD", char)
    base = unicodedata.normalize("NFC", "".join(part for part in apart if part not in TONES))
    return (base + "".join(part for part in apart if part in TONES)).encode("cp1258")


def page(text: bytes, lang: str = "") -> bytes:
    head = f'<html lang="{lang}"><head><title>x</title></head><body><nav>Home About us</nav><p>'
    return head.encode() + text + b"</p></body></html>"


def read(body: bytes, claim: str = "", country: str = "") -> str:
    content_type = f"text/html; charset={claim}" if claim else "text/html"
    return unicodedata.normalize("NFC", decode(body, content_type, country=country))


@pytest.mark.parametrize("half", ["look", "gate"])
@pytest.mark.parametrize("language", TEXTS)
def test_no_charset_of_a_language_is_read_wrongly_whatever_is_claimed(
    language: str, half: str
) -> None:
    text = TEXTS[language][half]
    wrong = [
        (charset, claim, lang)
        for charset in TEXTS[language]["charsets"]
        for claim in (*CLAIMS, charset)
        for lang in (language, "", "en")
        if text not in read(page(encode(text, charset), lang), claim)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", TEXTS)
def test_the_country_of_another_language_does_no_harm_where_letters_tell(language: str) -> None:
    text = TEXTS[language]["gate"]
    for charset in TEXTS[language]["charsets"]:
        written = encode(text, charset)
        others = ("pl", "ru", "jp", "fr") if count_foreign(written) >= 12 else ("com",)
        assert all(text in read(page(written), country=country) for country in others)


@pytest.mark.parametrize(
    ("text", "charset", "claim", "lang"),
    [
        ("Es war früh und kalt", "latin-1", "gb2312", "de"),
        ("Es war früh und kalt", "latin-1", "koi8-r", "de"),
        ("The captain’s mate said so", "cp1252", "iso-8859-1", "en"),
        ("Łódź", "cp1250", "windows-1250", "pl"),
        ("Łódź", "cp1250", "", "pl"),
        ("Il a dérivé", "latin-1", "", "fr"),
    ],
)
def test_a_page_of_few_letters_is_read_by_claim_and_language(
    text: str, charset: str, claim: str, lang: str
) -> None:
    assert text in read(page(text.encode(charset), lang), claim)


@pytest.mark.parametrize("charset", ["mac-roman", "cp850", "iso8859-10"])
def test_a_claim_of_a_charset_that_no_detector_knows_is_believed(charset: str) -> None:
    text = TEXTS["da"]["look"]
    assert text in read(page(text.encode(charset), "da"), charset)


def test_torn_characters_leave_utf8_what_it_is() -> None:
    text = TEXTS["fr"]["look"]
    torn = page(text.encode() + "é".encode()[:1] + b" " + "ù".encode()[1:], "fr")
    assert text in read(torn)
    assert read(torn).count("\ufffd") == 2


DOUBLED = [
    (language, charset)
    for charset, languages in (
        ("cp1252", "fr ru zh el th ko"),
        ("latin-1", "fr ru zh"),
        ("cp1251", "ru uk bg"),
    )
    for language in languages.split()
]


@pytest.mark.parametrize(("language", "charset"), DOUBLED)
def test_utf8_that_was_read_wrongly_and_sent_again_is_mended(language: str, charset: str) -> None:
    text = TEXTS[language]["look"].replace("’", "'")
    raw = text.encode()
    try:
        doubled = raw.decode(charset)
    except UnicodeDecodeError:
        doubled = "".join(bytes([one]).decode(charset, "ignore") or chr(one) for one in raw)
    assert undo_doubled(doubled) == text


@pytest.mark.parametrize("language", TEXTS)
def test_sound_text_is_left_alone(language: str) -> None:
    for half in ("look", "gate"):
        assert undo_doubled(TEXTS[language][half]) == TEXTS[language][half]


def test_a_page_of_fifty_charsets_costs_itself_at_most() -> None:
    body = b"".join(
        page(encode(entry["look"], charset))
        for entry in TEXTS.values()
        for charset in entry["charsets"]
    )
    assert "x</title>" in read(body)
