from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.wire.robots import ROBOTS_LIMIT, parse_robots, rules_of

AGENT = "pressclip/0.1.0 (+desk@clippings.example)"
PAGE = "https://www.prairie-courier.example/2023/02/balloon"


@pytest.mark.parametrize("status", [None, 500, 503, 599, 429, 101])
def test_a_host_whose_robots_file_cannot_be_had_is_closed(status: int | None) -> None:
    rules = rules_of(status, b"User-agent: *\nAllow: /")
    assert not rules.allowed(PAGE, AGENT)
    assert rules.reason


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410, 451])
def test_a_host_without_a_robots_file_is_open(status: int) -> None:
    assert rules_of(status, b"User-agent: *\nDisallow: /").allowed(PAGE, AGENT)


@pytest.mark.parametrize("status", [401, 403])
def test_a_robots_file_that_is_refused_may_be_taken_for_a_closed_door(status: int) -> None:
    assert not rules_of(status, b"", forbidden="closed").allowed(PAGE, AGENT)
    assert rules_of(404, b"", forbidden="closed").allowed(PAGE, AGENT)


RULES = {
    "longest match": ("User-agent: *\nDisallow: /2023/\nAllow: /2023/02/", True),
    "allow wins a tie": ("User-agent: *\nDisallow: /2023\nAllow: /2023", True),
    "own group over *": ("User-agent: *\nDisallow: /\n\nUser-agent: pressclip\nDisallow: /x", True),
    "own group closed": ("User-agent: *\nAllow: /\n\nUser-agent: PressClip\nDisallow: /", False),
    "groups of one agent": ("User-agent: pressclip\nAllow: /x\nUser-agent: pressclip\nDisallow: /2", False),
    "agents share rules": ("User-agent: otherbot\nUser-agent: pressclip\nDisallow: /", False),
    "another's group": ("User-agent: otherbot\nDisallow: /", True),
    "a part of our name": ("User-agent: press\nDisallow: /", True),
    "a word of our contact": ("User-agent: clippings\nDisallow: /", True),
    "name with version": ("User-agent: pressclip/2.0\nDisallow: /", False),
    "wildcard": ("User-agent: *\nDisallow: /*/02/*loon$", False),
    "end": ("User-agent: *\nDisallow: /2023$", True),
    "empty disallow": ("User-agent: *\nDisallow:", True),
    "comment": ("User-agent: * # all\nDisallow: /2023 # old", False),
    "CR only": ("User-agent: *\rDisallow: /2023", False),
    "byte order mark": ("\ufeffUser-agent: *\nDisallow: /2023", False),
    "misspelled": ("useragent: *\ndisalow: /2023", False),
    "page instead of rules": ("<html><body>Disallow: /</body></html>", True),
    "blank lines between": ("User-agent: *\n\n\nDisallow: /2023", False),
    "nothing": ("", True),
}  # fmt: skip


@pytest.mark.parametrize(("text", "allowed"), RULES.values(), ids=RULES.keys())
def test_rules_are_read_as_rfc_9309_has_them(text: str, allowed: bool) -> None:
    assert rules_of(200, text.encode()).allowed(PAGE, AGENT) is allowed


def test_robots_txt_itself_is_always_allowed() -> None:
    rules = rules_of(200, b"User-agent: *\nDisallow: /")
    assert rules.allowed("https://www.prairie-courier.example/robots.txt", AGENT)


def test_only_the_first_500_kib_count() -> None:
    filler = b"# " + b"x" * 98 + b"\n"
    body = b"User-agent: *\n" + filler * (ROBOTS_LIMIT // len(filler) + 1) + b"\nDisallow: /\n"
    assert rules_of(200, body).allowed(PAGE, AGENT)


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 10", 10),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nRequest-rate: 1/20", 20),
        ("User-agent: *\nCrawl-delay: 5\nRequest-rate: 1/20", 20),
        ("User-agent: *\nCrawl-delay: 9\n\nUser-agent: pressclip\nCrawl-delay: 3", 3),
        ("User-agent: otherbot\nCrawl-delay: 10", None),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: *\nCrawl-delay: 4000", 120),
        ("", None),
    ],
)
def test_the_crawl_delay_is_the_hosts_own_up_to_two_minutes(text: str, delay: float | None) -> None:
    assert rules_of(200, text.encode()).crawl_delay(AGENT) == delay


def test_a_host_that_asks_for_more_than_two_minutes_is_left_alone() -> None:
    rules = rules_of(200, b"User-agent: *\nCrawl-delay: 4000")
    assert rules.refusal(PAGE, AGENT) == "robots.txt asks for 4000 s between requests, over 120"


def test_sitemaps_are_told_wherever_they_stand() -> None:
    body = (
        b"Sitemap: /news.xml\nUser-agent: *\nDisallow: /\nsitemap: https://a.example/s.xml\n"
        b"Sitemap: /news.xml\nSitemap: javascript:x"
    )
    urls = rules_of(200, body).sitemaps("https://a.example/robots.txt")
    assert urls == ("https://a.example/news.xml", "https://a.example/s.xml")


@given(
    st.one_of(
        st.binary(max_size=400), st.text("Uuser-agntDislow: */$%\n#0", max_size=400).map(str.encode)
    )
)
def test_no_body_raises(body: bytes) -> None:
    rules = parse_robots(b"User-agent: *\n" + body)
    assert rules.allowed(PAGE, AGENT) in (True, False)
    rules.crawl_delay(AGENT)
    rules.sitemaps(PAGE)
