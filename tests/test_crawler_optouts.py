from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.wire.optouts import OptOuts, parse_tdmrep, read_optouts, tdm_rule_of

NONE = OptOuts()


def by_header(value: str) -> OptOuts:
    return read_optouts([("Content-Type", "text/html"), ("X-Robots-Tag", value)])


def by_meta(markup: str) -> OptOuts:
    return read_optouts([], f"<html><head>{markup}</head></html>".encode())


@pytest.mark.parametrize(
    ("value", "wishes"),
    [
        ("noindex", OptOuts(noindex=True)),
        ("NoArchive, nofollow", OptOuts(noarchive=True, nofollow=True)),
        ("none", OptOuts(noindex=True, nofollow=True)),
        ("all", NONE),
        ("max-snippet: 20, max-image-preview: large", NONE),
        ("otherbot: noindex", NONE),
        ("otherbot: noindex, nofollow", NONE),
        ("pressclip: noarchive", OptOuts(noarchive=True)),
        ("otherbot: noindex, pressclip: noarchive, nosnippet", OptOuts(noarchive=True, nosnippet=True)),
        ("noindex, otherbot: noarchive", OptOuts(noindex=True)),
        ("", NONE),
    ],
)  # fmt: skip
def test_a_header_is_read_for_us_and_not_for_others(value: str, wishes: OptOuts) -> None:
    assert by_header(value) == wishes


@pytest.mark.parametrize(
    "value",
    [
        "unavailable_after: 2023-02-04T12:00:00Z",
        "unavailable_after: Sat, 04 Feb 2023 12:00:00 GMT",
        "noindex, unavailable_after: 4 Feb 2023 12:00:00 GMT, nofollow",
    ],
)
def test_a_page_may_say_when_it_ends(value: str) -> None:
    wishes = by_header(value)
    assert wishes.unavailable_after == datetime(2023, 2, 4, 12, tzinfo=UTC)
    assert wishes.expired(datetime(2023, 2, 5, tzinfo=UTC))
    assert not wishes.expired(datetime(2023, 2, 4, tzinfo=UTC))


@pytest.mark.parametrize(
    ("markup", "wishes"),
    [
        ('<meta name="robots" content="noindex,noarchive">', OptOuts(noindex=True, noarchive=True)),
        ("<META CONTENT='nofollow' NAME='ROBOTS'>", OptOuts(nofollow=True)),
        ('<meta name="pressclip" content="noarchive">', OptOuts(noarchive=True)),
        ('<meta name="otherbot" content="noindex">', NONE),
        ("<meta name=robots content=none>", OptOuts(noindex=True, nofollow=True)),
        ('<meta name="tdm-reservation" content="1">', OptOuts(tdm_reserved=True)),
        ('<meta name="description" content="noindex">', NONE),
    ],
)
def test_meta_elements_are_read_for_us_and_not_for_others(markup: str, wishes: OptOuts) -> None:
    assert by_meta(markup) == wishes


def test_a_reservation_of_text_mining_is_read_with_its_terms() -> None:
    headers = [("tdm-reservation", "1"), ("TDM-Policy", "https://a.example/terms.json")]
    wishes = read_optouts(headers)
    assert (wishes.tdm_reserved, wishes.tdm_policy) == (True, "https://a.example/terms.json")
    assert read_optouts([("tdm-reservation", "0")]).tdm_reserved is False
    assert NONE.tdm_reserved is None
    own = b'<meta name="tdm-reservation" content="0">'
    assert read_optouts(headers, own).tdm_reserved is False  # the page's own word goes first


def test_a_sites_reservations_are_by_path_and_the_first_holds() -> None:
    rules = parse_tdmrep(
        b'[{"location": "/open/*", "tdm-reservation": 0},'
        b' {"location": "/*.pdf$", "tdm-reservation": 1, "tdm-policy": "https://a.example/t"},'
        b' {"location": "/", "tdm-reservation": 1}, {"location": 7}, "x"]'
    )
    reserved = {
        path: rule.reserved
        for path in ("/open/x", "/a.pdf", "/news")
        if (rule := tdm_rule_of(rules, path))
    }
    assert reserved == {"/open/x": False, "/a.pdf": True, "/news": True}
    assert rules[1].policy == "https://a.example/t"


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[" * 100_000, b"[[1]]"])
def test_an_unreadable_tdmrep_reserves_nothing(body: bytes) -> None:
    assert parse_tdmrep(body) == ()


@given(value=st.text(max_size=200), body=st.binary(max_size=200))
def test_nothing_served_raises(value: str, body: bytes) -> None:
    assert isinstance(read_optouts([("x-robots-tag", value)], b"<meta " + body), OptOuts)
