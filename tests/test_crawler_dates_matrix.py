"""The matrix of dates: months of every language, halves of the day, zones, calendars, orders."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.dates import format_date, format_datetime

from crawler.extract.dates.cldr_names import month_number
from crawler.extract.dates.parse import Clues, parse_moment
from crawler.lists.timestamps import parse_date

# Every language in which py3langid knows papers, and those that Babel formats with other digits.
LANGUAGES = (
    "af", "am", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "es",
    "et", "eu", "fa_AF", "fi", "fil", "fr", "ga", "gl", "gu", "ha", "he", "hi", "hr", "hu", "hy", "id",
    "is", "it", "ja", "ka", "kk", "km", "kn", "ko", "ky", "lb", "lo", "lt", "lv", "mk", "ml", "mn",
    "mr", "ms", "mt", "my", "nb", "ne", "nl", "or", "pa", "pl", "ps", "pt", "ro", "ru", "si", "sk",
    "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zh",
    "zh_Hant", "zu",
)  # fmt: skip
DAYS = (datetime(2023, 2, 4, 15, 45), datetime(2023, 5, 27, 9, 5), datetime(2023, 8, 11, 21, 30))
GATE = (datetime(2022, 1, 31, 0, 10), datetime(2023, 10, 3, 12, 30), datetime(2024, 12, 25, 23, 59))

EASTERN = {
    "ja": ("y年M月d日 ah:mm", "y年M月d日 HH:mm"),
    "zh": ("y年M月d日 ah:mm", "y年M月d日 HH:mm"),
    "ko": ("y년 M월 d일 a h:mm", "y년 M월 d일 HH:mm"),
}


def clues(language: str) -> Clues:
    return Clues(language=language.split("_")[0])


@pytest.mark.parametrize("moments", [DAYS, GATE], ids=["look", "gate"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_long_date_of_every_language_is_read(
    language: str, moments: tuple[datetime, ...]
) -> None:
    for moment in moments:
        for form in ("long", "full"):
            text = format_date(moment, form, locale=language)
            read = parse_moment(text, clues(language))
            assert read is not None, text
            assert read.day == moment.date(), text


@pytest.mark.parametrize("moments", [DAYS, GATE], ids=["look", "gate"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_time_of_day_is_read_with_its_half(
    language: str, moments: tuple[datetime, ...]
) -> None:
    for moment in moments:
        for pattern in EASTERN.get(language[:2], ("d MMMM y, h:mm a", "d MMMM y, HH:mm")):
            text = format_datetime(moment, pattern, locale=language)
            read = parse_moment(text, clues(language))
            assert read is not None, text
            assert read.value.replace(tzinfo=None) == moment, text


def test_the_names_are_those_of_babel() -> None:
    # In a process of its own: Babel's own tables depend on which languages were asked for before.
    code = "import month_names as m; assert m.TABLE.read_text('utf-8') == m.table()"
    done = subprocess.run([sys.executable, "-c", code], cwd="docs", check=False)
    assert done.returncode == 0, "run python docs/month_names.py"


@pytest.mark.parametrize(
    ("name", "language", "month"),
    [
        ("listopada", "pl", 11), ("listopada", "hr", 10), ("srpna", "cs", 8), ("srpnja", "hr", 7),
        ("lipnja", "hr", 6), ("lipca", "pl", 7), ("červenec", "cs", 7), ("mart", "tr", 3),
        ("Sept.", "en", 9), ("NİSAN", "tr", 4), ("FÉVRIER", "fr", 2), ("fevrier", "fr", 2),
        ("בפברואר", "he", 2), ("februārī", "lv", 2), ("xii", "pl", 12), ("xii", "en", 0), ("sat", "en", 0),
    ],
)  # fmt: skip
def test_a_month_is_that_of_the_language(name: str, language: str, month: int) -> None:
    assert month_number(name, language) == month


@pytest.mark.parametrize(
    ("text", "country", "utc"),
    [
        ("July 4, 2023 3:45 p.m. ET", "us", "2023-07-04T19:45"),
        ("Feb. 4, 2023 3:45 p.m. ET", "us", "2023-02-04T20:45"),
        ("July 4, 2023 3:45 p.m. CT", "us", "2023-07-04T20:45"),
        ("July 4, 2023 3:45 p.m. MT", "us", "2023-07-04T21:45"),
        ("July 4, 2023 3:45 p.m. PT", "us", "2023-07-04T22:45"),
        ("July 4, 2023 3:45 p.m. Eastern Daylight Time", "us", "2023-07-04T19:45"),
        ("4 July 2023 3:45pm BST", "gb", "2023-07-04T14:45"),
        ("4 July 2023 3:45pm BST", "bd", "2023-07-04T09:45"),
        ("4 July 2023 3:45pm IST", "in", "2023-07-04T10:15"),
        ("4 July 2023 3:45pm IST", "ie", "2023-07-04T14:45"),
        ("4 July 2023 3:45pm IST", "il", "2023-07-04T12:45"),
        ("4 July 2023 3:45pm CST", "cn", "2023-07-04T07:45"),
        ("4 July 2023 3:45pm CST", "us", "2023-07-04T21:45"),
        ("4. Juli 2023, 15.45 Uhr MESZ", "de", "2023-07-04T13:45"),
        ("2023-07-04 15:45 (GMT+5:30)", "", "2023-07-04T10:15"),
        ("2023-07-04 15:45 UTC−3", "", "2023-07-04T18:45"),
        ("Feb 4, 2023 at noon ET", "us", "2023-02-04T17:00"),
        ("Feb 4, 2023 12:00 a.m. ET", "us", "2023-02-04T05:00"),
        ("Sat Feb 04 10:15:30 +0000 2023", "", "2023-02-04T10:15"),
        ("Sat Feb 04 10:15:30 EST 2023", "", "2023-02-04T15:15"),
        ("/Date(1675505730000)/", "", "2023-02-04T10:15"),
        ("/Date(1675505730000+0100)/", "", "2023-02-04T10:15"),
        ("1675505730", "", "2023-02-04T10:15"),
        ("1675505730000", "", "2023-02-04T10:15"),
        ("1675505730000000", "", "2023-02-04T10:15"),
        ("20230204T101530Z", "", "2023-02-04T10:15"),
        ("2023-02-04T10:15:30.123456789Z", "", "2023-02-04T10:15"),
        ("2023-02-04T10:15:30+0", "", "2023-02-04T10:15"),
        ("2023-02-04T10:15:30 +0000 UTC", "", "2023-02-04T10:15"),
    ],
)
def test_zones_halves_and_machines(text: str, country: str, utc: str) -> None:
    read = parse_moment(text, Clues(country=country))
    assert read is not None
    assert read.value == datetime.fromisoformat(utc).replace(tzinfo=UTC, second=read.value.second)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("۱۵ بهمن ۱۴۰۱", "fa"), ("۱۴۰۱/۱۱/۱۵", "fa"), ("شنبه ۱۵ بهمن ۱۴۰۱ ساعت ۱۰:۱۵", "fa"),
        ("15 دلو 1401", "ps"), ("13 رجب 1444", "ar"), ("1444/7/13", "ar"), ("١٣ رجب ١٤٤٤", "ar"),
        ("السبت 13 رجب 1444هـ - 4 فبراير 2023م", "ar"), ("4 กุมภาพันธ์ 2566", "th"), ("4/2/2566", "th"),
        ("民國112年2月4日", "zh"), ("112年2月4日", "zh"), ("令和5年2月4日", "ja"), ("R5.2.4", "ja"),
        ("二〇二三年二月四日", "zh"), ("二零二三年二月四日", "zh"), ("2023年2月4日", "ja"),
        ("৪ ফেব্রুয়ারি ২০২৩", "bn"), ("४ फ़रवरी २०२३", "hi"), ("4 tháng 2, 2023", "vi"), ("2023-W05-6", ""),
        ("2023 оны 2-р сарын 4", "mn"), ("4 II 2023", "pl"), ("mar. 4 févr. 2023", "fr"),
    ],
)  # fmt: skip
def test_other_calendars_and_digits(text: str, language: str) -> None:
    read = parse_moment(text, Clues(language=language))
    assert read is not None
    assert read.day.isoformat() == "2023-02-04"


@pytest.mark.parametrize(
    "text",
    ["昭和99年2月4日", "9999-99-99", "۱۵ بهمن ۱۹۹۹", "32 رجب 1444", "1" * 120, "4 4 4 4 4 4"],
)
def test_what_no_calendar_has_is_no_date(text: str) -> None:
    read = parse_moment(text, Clues(language="ar"))
    assert read is None or read.day.year < 2100


@pytest.mark.parametrize(
    ("text", "month_first", "language", "country", "day"),
    [
        ("02/04/2023", None, "en", "us", "2023-02-04"),
        ("02/04/2023", None, "en", "", "2023-02-04"),
        ("02/04/2023", None, "en", "gb", "2023-04-02"),
        ("02/04/2023", None, "fr", "", "2023-04-02"),
        ("02/04/2023", None, "fr", "ca", "2023-04-02"),
        ("02/04/2023", True, "fr", "", "2023-02-04"),
        ("02/04/2023", False, "en", "us", "2023-04-02"),
        ("02.04.2023", None, "en", "us", "2023-04-02"),
        ("25/04/2023", None, "en", "us", "2023-04-25"),
        ("04/25/2023", None, "de", "de", "2023-04-25"),
    ],
)
def test_the_order_of_numbers(
    text: str, month_first: bool | None, language: str, country: str, day: str
) -> None:
    where = Clues(language=language, country=country, month_first=month_first)
    read = parse_moment(text, where)
    assert read is not None
    assert read.day.isoformat() == day


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("Sat, 01 Jul 2023 10:15:00 CEST", "08:15"),
        ("Sat, 01 Jul 2023 10:15:00 JST", "01:15"),
        ("Sat, 01 Jul 2023 10:15:00 MSK", "07:15"),
        ("Sat, 01 Jul 2023 10:15:00 GMT+2", "08:15"),
        ("Sat, 01 Jul 2023 10:15:00 +02:00", "08:15"),
        ("Sat, 01 Jul 2023 03:15:00 PM +0000", "15:15"),
        ("Sat, 01 Jul 2023 10:15 AM EST", "15:15"),
        ("1 июля 2023 10:15 МСК", "07:15"),
        ("2023-07-01 08:15:00 PM", "20:15"),
        ("2023-07-01T08:15+02", "06:15"),
        ("Sat, 1 Jul 2023 24:15:00 GMT", "00:00"),
    ],
)
def test_lists_keep_zones_and_halves(text: str, utc: str) -> None:
    read = parse_date(text)
    assert read is not None
    assert f"{read:%H:%M}" == utc


def test_summer_time_is_that_of_the_zone() -> None:
    for zone in ("America/New_York", "Europe/Berlin", "Australia/Sydney"):
        read = parse_moment("2023-07-04 10:00", Clues(zone=ZoneInfo(zone)))
        assert read is not None
        assert read.value == datetime(2023, 7, 4, 10, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_every_language_of_the_matrix_is_one_of_babel() -> None:
    assert all(Locale.parse(language) for language in LANGUAGES)
