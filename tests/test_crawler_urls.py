from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.ingest.read import ReadingContext
from crawler.urls import (
    MAX_URL,
    Variants,
    article_url,
    canonical,
    clean,
    looks_like_article,
    outlet_of,
    page_of,
    registered_domain,
    trap_fault,
    url_fault,
)
from crawler.urls.dated import named_days
from crawler.urls.traps import MAX_VARIANTS

KEY = "https://prairie-courier.example/2023/02/balloon-seen"
SAME = {
    "http": "http://prairie-courier.example/2023/02/balloon-seen",
    "www": "https://www.prairie-courier.example/2023/02/balloon-seen",
    "www2": "https://www2.prairie-courier.example/2023/02/balloon-seen",
    "mobile": "https://m.prairie-courier.example/2023/02/balloon-seen",
    "smartphone": "https://sp.prairie-courier.example/2023/02/balloon-seen",
    "amp host": "https://amp.prairie-courier.example/2023/02/balloon-seen",
    "both": "https://www.m.prairie-courier.example/2023/02/balloon-seen",
    "capitals in the host": "HTTPS://Prairie-Courier.EXAMPLE/2023/02/balloon-seen",
    "last dot of the host": "https://prairie-courier.example./2023/02/balloon-seen",
    "default port": "https://prairie-courier.example:443/2023/02/balloon-seen",
    "other default port": "http://prairie-courier.example:443/2023/02/balloon-seen",
    "user name": "https://reader:secret@prairie-courier.example/2023/02/balloon-seen",
    "fragment": "https://prairie-courier.example/2023/02/balloon-seen#comments",
    "last slash": "https://prairie-courier.example/2023/02/balloon-seen/",
    "double slash": "https://prairie-courier.example//2023/02//balloon-seen",
    "dot segments": "https://prairie-courier.example/2023/./01/../02/balloon-seen",
    "backslash": "https://prairie-courier.example\\2023\\02\\balloon-seen",
    "escapes": "https://prairie-courier.example/2023/02/b%61lloon%2Dseen",
    "blank around": "  https://prairie-courier.example/2023/02/balloon-seen\n",
    "tracking": "https://prairie-courier.example/2023/02/balloon-seen?utm_source=rss&fbclid=x1",
    "at_": "https://prairie-courier.example/2023/02/balloon-seen?at_medium=RSS&at_campaign=K",
    "referrer": "https://prairie-courier.example/2023/02/balloon-seen?ref=newsletter",
    "empty query": "https://prairie-courier.example/2023/02/balloon-seen?&",
    "amp tail": "https://prairie-courier.example/2023/02/balloon-seen/amp/",
    "amp head": "https://prairie-courier.example/amp/2023/02/balloon-seen",
    "amp parameter": "https://prairie-courier.example/2023/02/balloon-seen?outputType=amp",
    "amp cache": "https://prairie--courier-example.cdn.ampproject.org/c/s/"
    "prairie-courier.example/2023/02/balloon-seen/amp",
    "amp at google": "https://www.google.com/amp/s/prairie-courier.example/2023/02/balloon-seen",
    "wayback": "https://web.archive.org/web/20230204120000id_/"
    "http://www.prairie-courier.example/2023/02/balloon-seen?utm_source=rss",
    "Wayback Machine": "https://web.archive.org/web/20230204120000/"
    "http://www.prairie-courier.example/2023/02/balloon-seen",
    "as captured": "https://web.archive.org/web/20230204120000id_/"
    "https://prairie-courier.example/2023/02/balloon-seen?utm_source=x",
    "another archive": "https://arquivo.pt/wayback/20230204120000/"
    "https://prairie-courier.example/2023/02/balloon-seen",
    "archive.today": "https://archive.ph/2023.02.04-120000/"
    "https://prairie-courier.example/2023/02/balloon-seen",
    "print": "https://prairie-courier.example/2023/02/balloon-seen?print=1",
    "embed": "https://prairie-courier.example/2023/02/balloon-seen/embed",
    "session": "https://prairie-courier.example/2023/02/balloon-seen;jsessionid=1A2B",
    "index file": "https://prairie-courier.example/2023/02/balloon-seen/index.html",
}
DIFFERENT = {
    "WordPress number": ("https://a.example/?p=12", "https://a.example/?p=13"),
    "video": ("https://a.example/watch?v=a1", "https://a.example/watch?v=b1"),
    "story": ("https://a.example/s.php?story=1", "https://a.example/s.php"),
    "numbered source": ("https://a.example/a?source=17", "https://a.example/a?source=18"),
    "page 2": ("https://a.example/long-read", "https://a.example/long-read/2"),
    "path in capitals": ("https://a.example/x/AbC", "https://a.example/x/abc"),
    "escaped slash": ("https://a.example/x%2Fy", "https://a.example/x/y"),
    "port": ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a"),
    "subdomain": ("https://news.a.example/1", "https://sport.a.example/1"),
    "language": ("https://a.example/1?lang=hi", "https://a.example/1?lang=en"),
}
REFUSED = {
    "mail": ("mailto:desk@a.example", "url-scheme"),
    "script": ("javascript:alert(1)", "url-scheme"),
    "file": ("file:///etc/passwd", "url-scheme"),
    "relative without base": ("/2023/a", "url-unreadable"),
    "empty": ("", "url-unreadable"),
    "no host": ("https://", "url-unreadable"),
    "only dots": ("https://../a", "url-unreadable"),
    "space in the host": ("https://a b.example/", "url-unreadable"),
    "lone surrogate": ("https://a.example/\ud800", "url-unreadable"),
    "too long": ("https://a.example/" + "a" * MAX_URL, "url-too-long"),
    "too long once escaped": ("https://a.example/" + "气" * 300, "url-too-long"),
}


@pytest.mark.parametrize("url", SAME.values(), ids=SAME.keys())
def test_an_articles_addresses_have_one_identity(url: str) -> None:
    assert canonical(url) == KEY


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_what_may_be_another_article_keeps_its_own_identity(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_the_order_of_parameters_is_no_identity() -> None:
    assert canonical("https://a.example/s?id=7&b=") == canonical("http://a.example/s?b&id=7")


def test_a_word_is_tracking_only_where_that_site_uses_it_so() -> None:
    assert canonical("https://www.wsj.com/articles/x?mod=rss") == "https://wsj.com/articles/x"
    assert canonical("https://a.example/x?mod=rss") == "https://a.example/x?mod=rss"


urls = st.one_of(
    st.text(max_size=60).map("https://a.example/".__add__),
    st.text(alphabet="/.%&?=;:@#()[]{}|^`\\ampindexhtmlwwwcdn20Sé2Fe", max_size=60).map(
        "http://www.a.example/".__add__
    ),
    st.tuples(st.text("wm.a-1:@[]x", max_size=20), st.text(max_size=10)).map(
        lambda pair: f"http://{pair[0]}/{pair[1]}"
    ),
    st.text(max_size=40),
)


@given(url=urls)
@example(url="https://x.cdn.ampproject.org/c/s/y.cdn.ampproject.org/c/s/a.example/amp/amp.html")
@example(url="http://a.example:443/index.html/amp/index.php/")
@example(url="http://m.co.uk/%2541;jsessionid=1/amp")
@example(url="http://www.a.example/%2Eamp.html.amp?%3Fa=%26&b=+")
def test_canonical_is_idempotent_and_never_raises(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once


@given(url=urls)
def test_a_clean_url_is_clean_and_the_same_article(url: str) -> None:
    fetched = clean(url)
    assert clean(fetched) == fetched
    assert canonical(fetched) == canonical(url)
    assert bool(fetched) != bool(url_fault(url))


def test_a_clean_url_can_still_be_fetched() -> None:
    url = "http://reader:secret@www.a.example:8080/b/?utm_medium=rss&id=3&B=2#top"
    assert clean(url) == "http://www.a.example:8080/b/?id=3&B=2"


def test_a_relative_url_is_resolved() -> None:
    assert clean("../b?id=1", "https://a.example/x/y/") == "https://a.example/x/b?id=1"


@pytest.mark.parametrize(("url", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_fetched_is_refused_with_a_code(url: str, code: str) -> None:
    assert url_fault(url) == code
    assert clean(url) == canonical(url) == ""


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
        ("https://asia.nikkei.com/x", "nikkei.com"),
        ("https://prairie-courier.example/x", "prairie-courier.example"),
        ("https://news.prairie-courier.example/x", "prairie-courier.example"),
        ("https://desk.blogspot.com/", "desk.blogspot.com"),
        ("https://co.uk/", "co.uk"),
        ("http://127.0.0.1:8001/x", "127.0.0.1:8001"),
        ("http://localhost:8001/x", "localhost:8001"),
        ("http://0x7f.1:8001/x", "127.0.0.1:8001"),
        ("http://[::1]:8001/x", "[::1]:8001"),
        ("https://münchen-kurier.example/x", "xn--mnchen-kurier-wob.example"),
        ("no address", ""),
    ],
)
def test_the_registered_domain_is_the_site(url: str, domain: str) -> None:
    assert registered_domain(url) == domain
    assert outlet_of(url) == domain


PAGE = "https://www.prairie-courier.example/news/2023/02/balloon-seen-over-missile-fields-4711"


def test_an_article_is_kept_under_the_first_address_that_is_plausible() -> None:
    declared = ("https://harbour-daily.example/x", "", "/news/2023/02/balloon-over-the-fields-4711")
    kept = "https://www.prairie-courier.example/news/2023/02/balloon-over-the-fields-4711"
    assert article_url(PAGE, declared) == kept
    assert article_url(f"{PAGE}?utm_source=x#top") == PAGE
    assert article_url("no address") == "no address"


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/2023/02/04/balloon-shot-down",
        "https://a.example/news/us-canada-64501234",
        "https://a.example/?p=4711",
        "https://a.example/articles/ASR246G02R24UHBI008.html",
        "https://a.example/what-we-know-about-the-balloon",
        "https://a.example/间谍气球被击落外交部回应称属于民用性质",
        "https://a.example/contents/648a2372ff3e744016ff9225",
        "https://a.example/archives/150013",
        "https://a.example/01-04-2023/4344175",
        "https://letters.example/p/high-anxiety",
        "https://a.example/hindi/video/visit-to-china/1557404/amp",
    ],
)
def test_articles_are_told_by_their_urls(url: str) -> None:
    assert looks_like_article(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/",
        "https://a.example/en/",
        "https://a.example/news",
        "https://a.example/tag/12-balloon-with-missile-and-more/",
        "https://a.example/author/lara-de-la-cruz-smith",
        "https://a.example/2023/02",
        "https://a.example/images/2023/02/04/balloon-over-the-fields.jpg",
        "https://a.example/feed/",
        "https://a.example/about-us",
        "https://a.example/search?q=balloon",
    ],
)
def test_lists_and_files_are_told_by_their_urls(url: str) -> None:
    assert not looks_like_article(url)


@pytest.mark.parametrize(
    ("url", "first", "last"),
    [
        ("https://a.example/2023/02/04/x", date(2023, 2, 4), date(2023, 2, 4)),
        ("https://a.example/sitemap-2023-02.xml", date(2023, 2, 1), date(2023, 2, 28)),
        ("https://a.example/sitemap_20230204.xml.gz", date(2023, 2, 4), date(2023, 2, 4)),
        ("https://a.example/sitemap-202302.xml", date(2023, 2, 1), date(2023, 2, 28)),
        ("https://a.example/map?yyyy=2023&mm=02&dd=04", date(2023, 2, 4), date(2023, 2, 4)),
        ("https://a.example/map?from=2023-02-04", date(2023, 2, 4), date(2023, 2, 4)),
        ("https://a.example/sitemap/2023/february.xml", date(2023, 2, 1), date(2023, 2, 28)),
        ("https://a.example/feb-2023.xml", date(2023, 2, 1), date(2023, 2, 28)),
        ("https://a.example/archive/2019.xml", date(2019, 1, 1), date(2019, 12, 31)),
    ],
)
def test_a_url_may_name_its_days(url: str, first: date, last: date) -> None:
    days = named_days(url)
    assert days is not None
    assert (days.first, days.last) == (first, last)


@pytest.mark.parametrize("url", ["https://a.example/sitemap7.xml", "https://a.example/2023-13-01"])
def test_a_url_without_a_day_names_none(url: str) -> None:
    days = named_days(url)
    assert days is None or days.precision == "year"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/2023/02/02/balloon-seen", ""),
        ("/" + "/".join(f"s{number}" for number in range(20)), ""),
        ("/" + "/".join(f"s{number}" for number in range(21)), "trap-depth"),
        ("/news/news/balloon", ""),
        ("/news/county/news/county/news/balloon", "trap-repeat"),
    ],
    ids=["article", "20-deep", "21-deep", "twice", "three-times"],
)
def test_an_address_that_goes_on_for_ever_is_told(path: str, code: str) -> None:
    assert trap_fault(f"https://prairie-courier.example{path}") == code


def test_a_pages_queries_are_counted_but_not_those_that_name_an_article() -> None:
    page, variants = "https://prairie-courier.example/calendar", Variants()
    assert not any(variants.is_one_too_many(f"{page}?day={day}") for day in range(MAX_VARIANTS))
    assert variants.is_one_too_many(f"{page}?day=next")
    assert not any(variants.is_one_too_many(f"{page}?id={number}&x=1") for number in range(500))
    assert not variants.is_one_too_many(page)


def test_a_copy_in_an_archive_is_of_the_outlet_that_published_it() -> None:
    copy = (
        "https://web.archive.org/web/20230204120000/https://www.prairie-courier.example/a/balloon"
    )
    assert page_of(copy) == "https://www.prairie-courier.example/a/balloon"
    assert ReadingContext().outlet_of(copy) == "prairie-courier.example"
    assert article_url(copy) == "https://www.prairie-courier.example/a/balloon"
    dated = "https://a.example/2023/02/04/https-explained"
    assert page_of(dated) == dated
