"""The evidence of a date: all witnesses are kept, the written day is told, conflicts are flagged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.extract.dates import Dates, read_dates
from crawler.extract.page import read_page
from crawler.extract.page.markup import read_markup
from index.article import DateEvidence
from index.capture import Capture, Listing

FETCHED = datetime(2023, 2, 5, 20, tzinfo=UTC)
HEADLINE = "<h1>Balloon over the county</h1>"


def dates(
    inner: str,
    *,
    head: str = "",
    lang: str = "en",
    zone: str = "",
    url: str = "https://courier.example/x",
    listing: Listing | None = None,
    modified: str = "",
) -> Dates:
    markup = read_markup(f"<html lang={lang}><head>{head}</head><body>{inner}</body></html>")
    assert markup is not None
    capture = Capture(
        url=url,
        status=200,
        headers=(("Last-Modified", modified),) if modified else (),
        body=b"",
        fetched=FETCHED,
        listing=listing or Listing(channel="feed"),
    )
    return read_dates(read_page(markup, url), capture, zone)


def published(written: str, *, name: str = "article:published_time") -> str:
    return f"<meta property='{name}' content='{written}'>"


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Published February 4, 2023"),
        ("es", "Publicado el 4 de febrero de 2023"),
        ("pt", "Publicado em 4 de fevereiro de 2023"),
        ("fr", "Publié le 4 février 2023 à 10h20"),
        ("de", "Veröffentlicht am 4. Februar 2023, 10:20 Uhr"),
        ("it", "Pubblicato il 4 febbraio 2023"),
        ("nl", "Gepubliceerd op 4 februari 2023"),
        ("pl", "Opublikowano 4 lutego 2023"),
        ("ru", "Опубликовано 4 февраля 2023 г., 10:20"),
        ("uk", "Опубліковано 4 лютого 2023 р."),
        ("zh", "发布时间：2023年2月4日 10:20"),
        ("ja", "公開 2023年2月4日 10時20分"),
        ("ko", "입력 2023년 2월 4일 10:20"),
        ("ar", "نشر في 4 فبراير 2023"),
        ("ar", "٤ فبراير ٢٠٢٣"),
        ("tr", "Yayınlanma: 4 Şubat 2023 10:20"),
    ],
    ids=lambda value: value if len(value) == 2 else "",
)
def test_a_visible_dateline_is_read_in_fifteen_languages(lang: str, line: str) -> None:
    found = dates(f"{HEADLINE}<p class=date>{line}</p><p>Text.</p>", lang=lang)
    assert str(found.day) == "2023-02-04"
    assert (found.witness, found.confidence) == ("visible", "medium")


@pytest.mark.parametrize(
    "line",
    ["yesterday", "ayer", "ontem", "hier", "gestern", "ieri", "gisteren", "wczoraj", "вчера",
     "вчора", "昨天", "昨日", "어제", "أمس", "dün"],
)  # fmt: skip
def test_yesterday_is_the_day_before_the_fetch_in_fifteen_languages(line: str) -> None:
    found = dates(f"{HEADLINE}<p class=date>{line}</p><p>Text.</p>")
    assert (str(found.day), found.witness, found.precision) == ("2023-02-04", "visible", "day")


@pytest.mark.parametrize("line", ["2小时前", "2時間前", "2시간 전", "منذ ساعتين", "2 saat önce"])
def test_short_words_from_now_are_read(line: str) -> None:
    found = dates(f"{HEADLINE}<p class=date>{line}</p><p>Text.</p>")
    assert found.published == FETCHED - timedelta(hours=2)


def test_yesterday_is_that_of_the_outlet_s_clock() -> None:
    found = dates(f"{HEADLINE}<time>yesterday</time><p>Text.</p>", zone="Asia/Tokyo")
    assert str(found.day) == "2023-02-05"
    assert found.published == datetime(2023, 2, 5, tzinfo=UTC)


def test_every_witness_is_kept_with_value_zone_precision_and_source() -> None:
    found = dates(
        f"{HEADLINE}<time datetime='2023-02-04T09:20+01:00'>Saturday</time>",
        head=published("2023-02-04T08:20:30Z"),
        url="https://courier.example/2023/02/04/balloon",
        listing=Listing(channel="news-sitemap", published="2023-02-04"),
        modified="Sat, 04 Feb 2023 10:00:00 GMT",
    )
    assert [(one.role, one.source, one.precision, one.zone) for one in found.evidence] == [
        ("published", "meta article:published_time", "second", "UTC"),
        ("published", "url", "day", ""),
        ("published", "listing news-sitemap", "day", ""),
        ("updated", "last-modified", "second", "UTC"),
        ("published", "visible", "minute", "UTC+01:00"),
        ("seen", "fetch", "second", "UTC"),
    ]
    assert (found.confidence, found.conflict) == ("high", False)


def test_a_record_of_before_the_zones_of_dates_can_be_read() -> None:
    old = {"role": "published", "source": "url", "raw": "x", "value": None, "precision": "day"}
    assert DateEvidence.from_dict(old).zone == ""


@pytest.mark.parametrize(
    ("local", "day"),
    [
        ("<p class=date>Published Saturday, February 4, 2023</p>", "2023-02-04"),
        ("<p class=date>Published February 4, 2023, 8:20 pm</p>", "2023-02-04"),
        ("<time datetime='2023-02-04T20:20-05:00'>Saturday</time>", "2023-02-04"),
        ("<p class=date>Published February 2, 2023</p>", "2023-02-05"),
        ("<p class=date>Published February 5, 2023, 11:59 pm</p>", "2023-02-05"),
    ],
    ids=["day", "time", "offset", "another-day", "too-late-to-be-that-moment"],
)
def test_a_moment_in_utc_is_of_the_day_that_the_page_shows(local: str, day: str) -> None:
    found = dates(HEADLINE + local, head=published("2023-02-05T01:20:00Z"))
    assert found.published == datetime(2023, 2, 5, 1, 20, tzinfo=UTC)
    assert str(found.day) == day


def test_a_moment_in_utc_is_of_the_outlets_own_day_where_its_zone_is_known() -> None:
    head = published("2023-02-05T01:20:00Z")
    assert str(dates(HEADLINE, head=head, zone="America/Denver").day) == "2023-02-04"
    assert str(dates(HEADLINE, head=head, zone="Asia/Tokyo").day) == "2023-02-05"


def test_a_moment_with_an_offset_is_of_the_day_that_it_writes() -> None:
    found = dates(HEADLINE, head=published("2023-02-05T02:20:00+09:00"), zone="Europe/Paris")
    assert str(found.day) == "2023-02-05"
    assert found.published == datetime(2023, 2, 4, 17, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "url", "conflict"),
    [
        ("2023-02-03T23:50:00Z", "https://courier.example/x", False),
        ("2023-02-01T08:00:00Z", "https://courier.example/x", True),
        ("2023-02-04", "https://courier.example/2023/01/20/x", True),
        ("2023-02-04", "https://courier.example/2023/01/x", False),
        ("2043-02-04T08:00:00Z", "https://courier.example/x", True),
        ("1970-01-01T00:00:01Z", "https://courier.example/x", True),
        ("0001-01-01T00:00:00Z", "https://courier.example/x", False),
        ("soon", "https://courier.example/x", False),
    ],
    ids=["a-day", "days", "url", "month", "future", "ancient", "placeholder", "no-date"],
)
def test_witnesses_of_rank_that_disagree_are_flagged(second: str, url: str, conflict: bool) -> None:
    head = published("2023-02-04T08:00:00Z") + published(second, name="datePublished")
    found = dates(HEADLINE, head=head, url=url)
    assert str(found.day) == "2023-02-04"
    assert found.conflict is conflict


def test_the_dates_of_other_articles_on_the_page_are_no_conflict() -> None:
    cards = "".join(
        f"<div itemscope><span itemprop=datePublished content=2023-01-{day:02}></span></div>"
        for day in range(10, 16)
    )
    found = dates(f"{HEADLINE}<span itemprop=datePublished>2023-02-04</span>{cards}")
    assert (str(found.day), found.conflict) == ("2023-02-04", False)


def test_what_names_only_its_update_is_dated_by_it_weakly() -> None:
    found = dates(f"{HEADLINE}<p class=date>Оновлено 4 лютого 2023</p>", lang="uk")
    assert (str(found.day), found.confidence, found.updated) == ("2023-02-04", "low", None)
    assert found.witness == "visible"


def test_a_lone_date_is_likelier_than_one_within_a_line() -> None:
    inner = (
        f"{HEADLINE}<p class=info>The circular letter of 14 January 2023</p>"
        "<p class=info>4 February 2023</p><p>Text.</p>"
    )
    assert str(dates(inner).day) == "2023-02-04"


@pytest.mark.parametrize(
    ("html", "day"),
    [
        (
            "<dl><dt>Out</dt><dd itemprop=datePublished content=2023-02-04>Feb</dd></dl>",
            "2023-02-04",
        ),
        ("<p class=date>الجمعة 3 شباط / فبراير 2023 09:22</p>", "2023-02-03"),
    ],
    ids=["microdata-in-any-element", "both-names-of-a-month"],
)
def test_dates_that_are_written_in_uncommon_ways(html: str, day: str) -> None:
    assert str(dates(HEADLINE + html).day) == day


def test_a_meta_element_that_says_value_for_content_is_read() -> None:
    head = "<meta name='article:published_time' value='2023-02-04T00:47:31Z'>"
    assert str(dates(HEADLINE, head=head).day) == "2023-02-04"


def test_the_clock_of_a_java_program_is_read() -> None:
    found = dates(HEADLINE, head=published("Fri Feb 03 19:20:36 EST 2023"))
    assert found.published == datetime(2023, 2, 4, 0, 20, 36, tzinfo=UTC)
    assert str(found.day) == "2023-02-03"
