"""Dates: how they are read, in many languages, and which witness is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crawler.extract.dates import Dates, read_dates
from crawler.extract.dates.parse import Clues, parse_moment
from crawler.extract.dates.relative import parse_relative
from crawler.extract.dates.timezones import find_zone
from crawler.extract.page import read_page
from crawler.extract.page.markup import read_markup
from index.capture import Capture, Listing

FETCHED = datetime(2023, 2, 5, 20, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def dates(
    html: str,
    *,
    url: str = "https://courier.example/x",
    zone: str = "",
    listed: str = "",
    modified: str = "",
) -> Dates:
    markup = read_markup(f"<html>{html}</html>")
    assert markup is not None
    capture = Capture(
        url=url,
        status=200,
        headers=(("Last-Modified", modified),) if modified else (),
        body=b"",
        fetched=FETCHED,
        listing=Listing(channel="feed", published=listed),
    )
    return read_dates(read_page(markup, url), capture, zone)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2023-02-04T10:20:30Z", "2023-02-04T10:20:30+00:00", "second"),
        ("2023-02-04T10:20:30.123456+08:00", "2023-02-04T02:20:30+00:00", "second"),
        ("2023-02-04 10:20 +0300", "2023-02-04T07:20:00+00:00", "minute"),
        ("2023-02-04T10:20:30+99:99", "2023-02-04T10:20:30+00:00", "second"),
        ("2023-02-04T25:61:00", "2023-02-04T00:00:00+00:00", "day"),
        ("2023-02-04T00:00:00+08:00", "2023-02-04T00:00:00+00:00", "day"),
        ("20230204T102030", "2023-02-04T10:20:30+00:00", "second"),
        ("20230204", "2023-02-04T00:00:00+00:00", "day"),
        ("1675506030", "2023-02-04T10:20:30+00:00", "second"),
        ("1675506030000", "2023-02-04T10:20:30+00:00", "second"),
        ("2023-02", "2023-02-01T00:00:00+00:00", "month"),
        ("Sat, 04 Feb 2023 10:20:30 GMT", "2023-02-04T10:20:30+00:00", "second"),
        ("Feb. 4, 2023 at 5:20 p.m. ET", "2023-02-04T22:20:00+00:00", "minute"),
        ("4/2/2023", "2023-02-04T00:00:00+00:00", "day"),
        ("13/2/23", "2023-02-13T00:00:00+00:00", "day"),
        ("19.5.2023", "2023-05-19T00:00:00+00:00", "day"),
        ("2023年2月4日 下午5点20分", "2023-02-04T17:20:00+00:00", "minute"),
        ("4 กุมภาพันธ์ 2566", "2023-02-04T00:00:00+00:00", "day"),
    ],
)
def test_a_written_date_is_read(text: str, value: str, precision: str) -> None:
    moment = parse_moment(text)
    assert moment is not None
    assert (moment.value, moment.precision) == (at(value), precision)


@pytest.mark.parametrize(
    "text",
    [
        "Published February 4, 2023",
        "4 de febrero de 2023",
        "4 de fevereiro de 2023",
        "le 4 février 2023",
        "Samstag, 4. Februar 2023",
        "4 febbraio 2023",
        "zaterdag 4 februari 2023",
        "4 lutego 2023",
        "4 февраля 2023 г.",
        "4 лютого 2023",
        "2023年2月4日",
        "2023년 2월 4일",
        "4 فبراير 2023",
        "4 شباط 2023",
        "4 Şubat 2023",
        "4. února 2023",
        "4 februarie 2023",
        "4 Φεβρουαρίου 2023",
        "2023. február 4.",
        "4 februari 2023",
        "4. helmikuuta 2023",
        "4 फ़रवरी 2023",
        "4 Februari 2023",
        "04.02.2023",
    ],
)
def test_a_dateline_is_read_in_the_languages_of_the_news(text: str) -> None:
    moment = parse_moment(text)
    assert moment is not None
    assert moment.day.isoformat() == "2023-02-04"


@pytest.mark.parametrize(
    "text",
    ["", "no date", "2023-13-45", "32 January 2023", "99/99/9999", "31.02.2023", "12345", "1:2:3"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_moment(text) is None


def test_a_time_without_an_offset_is_of_the_given_zone() -> None:
    moment = parse_moment("2023-07-04 10:20", Clues(zone=BERLIN))
    assert moment is not None
    assert moment.value == at("2023-07-04T08:20:00+00:00")


def test_the_written_day_is_kept_where_utc_has_another() -> None:
    moment = parse_moment("2023-02-04T02:30:00+09:00")
    assert moment is not None
    assert (moment.day.day, moment.value.day) == (4, 3)


@pytest.mark.parametrize("name", ["", "No/Where", "../../etc/passwd", "\0"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert find_zone(name) is UTC


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("2 hours ago", timedelta(hours=2)),
        ("an hour ago", timedelta(hours=1)),
        ("hace 3 horas", timedelta(hours=3)),
        ("il y a 5 minutes", timedelta(minutes=5)),
        ("vor 2 Stunden", timedelta(hours=2)),
        ("há 4 horas", timedelta(hours=4)),
        ("2 ore fa", timedelta(hours=2)),
        ("5 uur geleden", timedelta(hours=5)),
        ("3 godziny temu", timedelta(hours=3)),
        ("2 часа назад", timedelta(hours=2)),
        ("3 години тому", timedelta(hours=3)),
        ("2 saat önce", timedelta(hours=2)),
        ("3小时前", timedelta(hours=3)),
        ("5時間前", timedelta(hours=5)),
        ("2시간 전", timedelta(hours=2)),
        ("منذ 3 ساعات", timedelta(hours=3)),
        ("منذ ساعتين", timedelta(hours=2)),
        ("منذ ساعة", timedelta(hours=1)),
        ("час назад", timedelta(hours=1)),
        ("godzinę temu", timedelta(hours=1)),
        ("хвилину тому", timedelta(minutes=1)),
        ("un'ora fa", timedelta(hours=1)),
        ("een uur geleden", timedelta(hours=1)),
    ],
)
def test_a_time_told_from_now_is_read(text: str, ago: timedelta) -> None:
    assert parse_relative(text, FETCHED) == (FETCHED - ago, "minute")


def test_days_ago_are_whole_days() -> None:
    midnight = FETCHED.replace(hour=0)
    assert parse_relative("yesterday", FETCHED) == (midnight - timedelta(days=1), "day")
    assert parse_relative("3 days ago", FETCHED) == (midnight - timedelta(days=3), "day")
    assert parse_relative("منذ يومين", FETCHED) == (midnight - timedelta(days=2), "day")
    assert parse_relative("in 3 days", FETCHED) is None
    assert parse_relative("часов назад", FETCHED) is None
    assert parse_relative("vor Tagen", FETCHED) is None


LINKED = (
    '<script type="application/ld+json">'
    '{"@type":"NewsArticle","datePublished":"%s","dateModified":"%s"}</script>'
)


def test_linked_data_is_believed_before_meta_and_the_address() -> None:
    html = LINKED % ("2023-02-04T08:00:00Z", "2023-02-04T11:00:00Z")
    html += "<meta property='article:published_time' content='2023-02-03T08:00:00Z'>"
    found = dates(html, url="https://courier.example/2023/02/01/x")
    assert found.published == at("2023-02-04T08:00:00+00:00")
    assert found.updated == at("2023-02-04T11:00:00+00:00")
    assert found.witness == "json-ld datePublished"
    assert [one.source for one in found.evidence if one.role == "published"] == [
        "json-ld datePublished",
        "meta article:published_time",
        "url",
    ]


def test_a_bad_witness_falls_back_to_the_next() -> None:
    html = LINKED % ("2093-02-04T08:00:00Z", "nonsense")
    html += "<meta property='article:published_time' content='2023-02-03T08:00:00Z'>"
    found = dates(html)
    assert found.published == at("2023-02-03T08:00:00+00:00")
    assert found.evidence[0].raw == "2093-02-04T08:00:00Z"
    assert found.evidence[0].value is None


def test_an_update_before_the_publication_is_none() -> None:
    assert dates(LINKED % ("2023-02-04T08:00:00Z", "2023-02-01T08:00:00Z")).updated is None


@pytest.mark.parametrize(
    ("html", "day", "witness"),
    [
        (
            "<h1>A balloon</h1><time datetime='2023-02-04T10:00Z'>Saturday</time>",
            "2023-02-04",
            "visible",
        ),
        ("<h1>A balloon</h1><p class=date>Published February 4, 2023</p>", "2023-02-04", "visible"),
        ("<h1>A balloon</h1><span class=timestamp>3 hours ago</span>", "2023-02-05", "visible"),
        (
            "<h1>A balloon</h1><span itemprop=datePublished>04.02.2023</span>",
            "2023-02-04",
            "microdata datepublished",
        ),
        ("<meta name=dcterms.issued content=2023-02-04>", "2023-02-04", "meta dcterms.issued"),
    ],
    ids=["time", "class", "relative", "microdata", "meta"],
)
def test_a_date_is_found_in_the_page(html: str, day: str, witness: str) -> None:
    found = dates(f"<body>{html}</body>")
    assert found.day is not None
    assert (found.day.isoformat(), found.witness) == (day, witness)


def test_the_date_of_a_list_of_other_articles_is_not_the_pages() -> None:
    cards = "".join(
        f"<li class=card><span class=date>{day} January 2023</span></li>" for day in range(1, 9)
    )
    html = f"<body><h1>A balloon</h1><p class=date>4 February 2023</p><aside><ul>{cards}</ul></aside></body>"
    assert dates(html).day == at("2023-02-04T00:00:00+00:00").date()


@pytest.mark.parametrize(
    ("url", "day", "precision"),
    [
        ("https://courier.example/2023/02/04/balloon", "2023-02-04", "day"),
        ("https://courier.example/news/2023-02-04-balloon", "2023-02-04", "day"),
        ("https://courier.example/n1/2023/0204/c1001-1.html", "2023-02-04", "day"),
        ("https://courier.example/energy/2023/02/230204-balloon/", "2023-02-04", "day"),
        ("https://courier.example/2023/02/balloon", "2023-02-01", "month"),
    ],
)
def test_the_address_dates_a_page_that_names_no_date(url: str, day: str, precision: str) -> None:
    found = dates("<body><p>Nothing here</p></body>", url=url)
    assert found.day is not None
    assert (found.day.isoformat(), found.precision, found.witness) == (day, precision, "url")


def test_a_dateline_that_agrees_with_the_address_adds_the_time() -> None:
    html = "<body><h1>A balloon</h1><p class=date>February 4, 2023 5:20 pm EST</p></body>"
    found = dates(html, url="https://courier.example/2023/02/04/balloon")
    assert (found.published, found.precision) == (at("2023-02-04T22:20:00+00:00"), "minute")


def test_the_feed_dates_a_page_that_does_not() -> None:
    found = dates("<body><p>Nothing here</p></body>", listed="Sat, 04 Feb 2023 10:00:00 +0100")
    assert (found.published, found.witness) == (at("2023-02-04T09:00:00+00:00"), "listing feed")


def test_last_modified_is_an_update_and_no_publication() -> None:
    found = dates("<body><p>Nothing here</p></body>", modified="Sat, 04 Feb 2023 10:00:00 GMT")
    assert (found.published, found.updated) == (None, at("2023-02-04T10:00:00+00:00"))


def test_a_page_without_any_date_is_undated() -> None:
    assert dates("<body><p>Copyright 2019 by us</p></body>").published is None


def test_months_come_first_in_american_pages_only() -> None:
    html = "<h1>A balloon</h1><p class=date>02/04/2023</p>"
    american = read_markup(f"<html lang=en-US><body>{html}")
    assert american is not None
    url = "https://courier.example/x"
    capture = Capture(url=url, status=200, headers=(), body=b"", fetched=FETCHED)
    assert (
        read_dates(read_page(american, url), capture, "").day
        == at("2023-02-04T00:00:00+00:00").date()
    )


@pytest.mark.parametrize(
    ("channel", "dated"), [("feed", False), ("warc", True)], ids=["our-fetch", "hearsay"]
)
def test_only_our_own_fetch_rules_out_a_later_date(channel: str, dated: bool) -> None:
    later = "2023-11-08T10:00:00Z"
    meta = f'<head><meta property="article:published_time" content="{later}"></head>'
    markup = read_markup(f"<html>{meta}<body><p>x</p></body></html>")
    assert markup is not None
    url = "https://courier.example/x"
    capture = Capture(
        url=url, status=200, headers=(), body=b"", fetched=FETCHED, listing=Listing(channel=channel)
    )
    assert bool(read_dates(read_page(markup, url), capture, "").published) is dated
