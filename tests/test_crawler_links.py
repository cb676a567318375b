from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.lists.sections import SectionPage, parse_list_page
from crawler.refusal import Refusal

URL = "https://www.prairie-courier.example/news/"
FRONT = """<!doctype html><html><head><base href="/news/county/"><link rel="next" href="?page=2"></head>
<body><nav><a href="/">Home</a><a href="/sport">Sport</a>
  <a href="/news/latest-from-the-county-4711">More</a></nav>
<main>
  <h2><a href="/2023/02/balloon-seen-over-the-fields">Balloon seen over the missile fields</a></h2>
  <a href="https://m.prairie-courier.example/2023/02/balloon-seen-over-the-fields?utm_source=x">
    <img alt="dot"></a>
  <a href="fences-down" rel="nofollow">Ranchers say their fences came down in the night</a>
  <a href="https://harbour-daily.example/2023/02/another-house-reports-it">Elsewhere</a>
  <a href="mailto:desk@prairie-courier.example">Write</a><a href="#top">Top</a><a href="">Self</a>
  <a href="/2023/02/picture-of-the-balloon.jpg">A picture of the balloon over the fields</a>
</main></body></html>"""


def page_of(markup: str | bytes, url: str = URL) -> SectionPage:
    body = markup.encode() if isinstance(markup, str) else markup
    page = parse_list_page(body, url=url, content_type="text/html; charset=utf-8")
    assert isinstance(page, SectionPage), page
    return page


def test_articles_of_a_front_page_come_in_its_order_with_their_words() -> None:
    articles = page_of(FRONT).articles
    assert [(link.url, link.text) for link in articles] == [
        (
            "https://www.prairie-courier.example/2023/02/balloon-seen-over-the-fields",
            "Balloon seen over the missile fields",
        ),
        (
            "https://www.prairie-courier.example/news/county/fences-down",
            "Ranchers say their fences came down in the night",
        ),
    ]


def test_links_stay_on_the_site_and_are_no_files() -> None:
    urls = [link.url for link in page_of(FRONT).links if link.score > 0]
    assert not any("harbour-daily" in url or url.endswith(".jpg") for url in urls)


def test_nofollow_is_told_and_no_reason_to_leave_a_link_out() -> None:
    told = {link.url.rpartition("/")[2]: link.nofollow for link in page_of(FRONT).articles}
    assert told["fences-down"]
    assert not told["balloon-seen-over-the-fields"]


def test_other_sites_are_kept_when_they_are_wanted() -> None:
    page = parse_list_page(FRONT.encode(), url=URL, sites=frozenset({"harbour-daily.example"}))
    assert isinstance(page, SectionPage)
    assert any("harbour-daily" in link.url for link in page.articles)


@pytest.mark.parametrize(
    ("url", "markup", "following"),
    [
        (URL, '<link rel="next" href="/news/?page=2">', "/news/?page=2"),
        (URL, '<a rel="next nofollow" href="page/2/">x</a>', "/news/page/2/"),
        (URL, '<a href="?page=2">2</a><a href="?page=3">3</a>', "/news/?page=2"),
        (
            f"{URL}?page=2",
            '<a href="?page=1">1</a><a href="?page=3">Older stories</a>',
            "/news/?page=3",
        ),
        (f"{URL}page/9/", '<a href="/news/page/10/">»</a>', "/news/page/10/"),
        (URL, '<a href="?page=2">The balloon, page two of a long read</a>', ""),
        (URL, '<link rel="next" href="https://other.example/?page=2">', ""),
        (URL, '<link rel="next" href="">', ""),
        (URL, "<p>the end</p>", ""),
    ],
)
def test_the_next_page_is_found(url: str, markup: str, following: str) -> None:
    found = page_of(f"<html><body>{markup}</body></html>", url).next
    assert found == (f"https://www.prairie-courier.example{following}" if following else "")


def test_at_most_10_000_links_are_taken() -> None:
    anchors = "".join(f"<a href='/2023/02/story-number-{n}'>x</a>" for n in range(10_200))
    assert len(page_of(f"<body>{anchors}</body>").links) == 10_000


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\x1f\x8b broken", "unreadable"),
        (b"x" * (11 * 2**20), "too-large"),
    ],
    ids=["nothing", "blank", "false gzip", "huge"],
)
def test_what_has_no_links_to_read_is_refused(body: bytes, code: str) -> None:
    answer = parse_list_page(body, url=URL)
    assert isinstance(answer, Refusal)
    assert answer.code == code


@given(
    st.one_of(
        st.binary(max_size=300), st.text("<a href='>/ x=base\"next?", max_size=300).map(str.encode)
    )
)
def test_no_body_raises(body: bytes) -> None:
    assert isinstance(parse_list_page(body, url=URL), SectionPage | Refusal)
