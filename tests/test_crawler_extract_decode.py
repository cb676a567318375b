"""Charsets: which claim about a page's bytes is believed, and what is told from none."""

from __future__ import annotations

import pytest

from crawler.extract.page.decode import charset_of, decode

RUSSIAN = "Мост через реку открыли в субботу, и первой по нему проехала пожарная машина. " * 6
POLISH = "Źdźbło trawy, żółta łódź i święto nad jeziorem: mieszkańcy przyszli z dziećmi. " * 6
CHINESE = "停业三年的老茶馆星期六清晨重新开张，掌柜亲自站在灶台前烧水泡茶。" * 12
TAIWANESE = "停業三年的老茶館星期六清晨重新開張，掌櫃親自站在灶臺前燒水泡茶。" * 12
JAPANESE = "廃校になった小学校の体育館に、住民が手作りした望遠鏡が完成した。" * 12
KOREAN = "삼 년 동안 문을 닫았던 찻집이 토요일 아침에 다시 문을 열었다. " * 8
GERMAN = (
    "Die Fähre bleibt wegen des hohen Wassers für Wochen am Ufer, größer war der Ärger nie. " * 4
)


def page(text: str, charset: str, *, declared: str = "", lang: str = "") -> bytes:
    meta = f'<meta charset="{declared}">' if declared else ""
    html = f'<html lang="{lang}"><head>{meta}<title>{text[:20]}</title></head><body><p>{text}</p>'
    return html.encode(charset)


@pytest.mark.parametrize(
    ("text", "charset", "declared"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (POLISH, "iso8859-2", "iso-8859-2"),
        (POLISH, "cp1250", "windows-1250"),
        (CHINESE, "gb18030", "gb2312"),
        (TAIWANESE, "big5", "big5"),
        (JAPANESE, "shift_jis", "shift_jis"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (KOREAN, "euc_kr", "euc-kr"),
        (GERMAN, "latin-1", "iso-8859-1"),
    ],
)
@pytest.mark.parametrize("place", ["header", "meta"])
def test_a_declared_charset_is_believed(text: str, charset: str, declared: str, place: str) -> None:
    body = page(text, charset, declared=declared if place == "meta" else "")
    header = f"text/html; charset={declared}" if place == "header" else "text/html"
    assert text in decode(body, header)


@pytest.mark.parametrize(
    ("text", "charset", "lang"),
    [
        (RUSSIAN, "cp1251", "ru"),
        (RUSSIAN, "koi8-r", "ru"),
        (CHINESE, "gb18030", "zh"),
        (TAIWANESE, "big5", "zh"),
        (JAPANESE, "shift_jis", "ja"),
        (JAPANESE, "euc_jp", "ja"),
        (KOREAN, "euc_kr", "ko"),
        (RUSSIAN, "cp1251", ""),
        (JAPANESE, "shift_jis", ""),
    ],
)
def test_a_charset_that_nobody_declares_is_detected(text: str, charset: str, lang: str) -> None:
    assert text in decode(page(text, charset, lang=lang))


@pytest.mark.parametrize("header", ["iso-8859-1", "windows-1251", "gb2312", "nonsense", "utf-16"])
def test_valid_utf8_beats_every_claim(header: str) -> None:
    assert RUSSIAN in decode(
        page(RUSSIAN, "utf-8", declared=header), f"text/html; charset={header}"
    )


def test_a_few_torn_characters_do_not_make_utf8_another_charset() -> None:
    body = page(RUSSIAN, "utf-8") + "и".encode()[:1] + b"</html>"
    assert RUSSIAN in decode(body, "text/html; charset=windows-1252")


@pytest.mark.parametrize(
    ("text", "charset", "header", "declared"),
    [
        (POLISH, "iso8859-2", "windows-1251", "iso-8859-2"),
        (CHINESE, "gb18030", "windows-1251", "gb2312"),
    ],
)
def test_the_page_is_believed_where_the_header_makes_no_sense(
    text: str, charset: str, header: str, declared: str
) -> None:
    assert text in decode(page(text, charset, declared=declared), f"text/html; charset={header}")


@pytest.mark.parametrize("claim", ["iso-8859-1", "windows-1252", "koi8-r", "windows-1251", "utf-8"])
@pytest.mark.parametrize(
    ("text", "charset", "lang"),
    [
        (RUSSIAN, "cp1251", "ru"),
        (RUSSIAN, "cp1251", ""),
        (RUSSIAN, "koi8-r", "ru"),
        (RUSSIAN, "koi8-r", ""),
        (CHINESE, "gb18030", "zh"),
        (TAIWANESE, "big5", "zh"),
        (JAPANESE, "shift_jis", "ja"),
        (JAPANESE, "euc_jp", "ja"),
        (KOREAN, "euc_kr", "ko"),
    ],
)
def test_a_wrong_claim_is_seen_through(text: str, charset: str, lang: str, claim: str) -> None:
    assert text in decode(page(text, charset, lang=lang), f"text/html; charset={claim}")


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_marks_and_wide_encodings_are_told(charset: str) -> None:
    assert GERMAN in decode(page(GERMAN, charset))


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"\x80" * 50, b"plain", bytes(range(256))], ids=repr
)
def test_decoding_never_fails(body: bytes) -> None:
    assert isinstance(decode(body, "text/html; charset=utf-8"), str)


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("日本のニュース記事".encode("iso2022_jp"), "iso2022_jp"),
        (b"plain", "ascii"),
        ("\ufeffnaïve".encode("utf-16"), "utf-16-le"),
        ("naïve café".encode(), "utf-8"),
    ],
)
def test_the_charset_that_is_told_is_the_one_that_was_read_in(body: bytes, charset: str) -> None:
    assert charset_of(body) == charset
    assert decode(body).lstrip("\ufeff") == body.decode(charset).lstrip("\ufeff")
