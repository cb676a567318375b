"""Copies out of archives: which is taken, and how an archive's answer is read as the page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.backfill.copies import as_copy, nearest, rungs
from crawler.ingest.read import ReadArticle, ReadingContext, read
from index.capture import Capture, Listing
from index.store.backfill import KnownCopy

PUBLISHED = datetime(2023, 2, 4, 12, tzinfo=UTC)
LADDER = [timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7)]
URL = "http://a.example/x"


def copy(hours: float, digest: str = "", outcome: str = "") -> KnownCopy:
    captured = PUBLISHED + timedelta(hours=hours)
    address = f"https://web.archive.org/web/{captured:%Y%m%d%H%M%S}id_/{URL}"
    return KnownCopy(key="https://a.example/x", url=URL, address=address, captured=captured,
                     archive="wayback", digest=digest, outcome=outcome)  # fmt: skip


def test_the_first_copy_after_publication_is_taken() -> None:
    assert nearest([copy(-200), copy(5), copy(90)], PUBLISHED) == copy(5)


def test_without_one_after_publication_the_last_before_it_is_taken() -> None:
    assert nearest([copy(-300), copy(-100)], PUBLISHED) == copy(-100)


def test_a_finder_may_date_a_page_some_hours_late() -> None:
    assert nearest([copy(-2), copy(300)], PUBLISHED) == copy(-2)


def test_a_copy_that_was_no_article_is_not_taken_again() -> None:
    assert nearest([copy(1, outcome="bot-wall"), copy(9)], PUBLISHED) == copy(9)
    assert nearest([copy(1, outcome="bot-wall")], PUBLISHED) is None


def test_history_takes_one_capture_a_rung_if_its_body_differs() -> None:
    captures = [
        copy(0.2, "A"),
        copy(0.5, "B"),
        copy(2, "A"),
        copy(3, "C"),
        copy(12, "C"),
        copy(500, "D"),
    ]
    chosen = rungs(captures, PUBLISHED, LADDER)
    assert [one.digest for one in chosen] == ["A", "C", "D"]


def test_history_without_captures_is_empty() -> None:
    assert rungs([], PUBLISHED, LADDER) == []


def answer(url: str, *headers: tuple[str, str]) -> Capture:
    return Capture(
        url=url, status=200, body=b"<html></html>", fetched=datetime(2026, 1, 1, tzinfo=UTC),
        headers=(("Content-Type", "text/html"), ("Server", "nginx"), *headers),
        request_headers=(("User-Agent", "us"),), listing=Listing(channel="gdelt", title="T"),
    )  # fmt: skip


def test_a_copy_stands_under_its_publishers_address_at_the_time_of_its_capture() -> None:
    known = copy(1)
    read = as_copy(answer(known.address), known)
    assert (read.url, read.fetched) == (URL, known.captured)
    assert read.listing.copy_of == URL
    assert read.listing.archive_source == known.address
    assert read.listing.title == "T"
    assert read.request_headers == ()


def test_its_headers_are_those_that_the_publisher_sent() -> None:
    known = copy(1)
    told = ("X-Archive-Orig-Last-Modified", "Sat, 04 Feb 2023 12:00:00 GMT")
    read = as_copy(answer(known.address, told, ("X-Archive-Orig-Content-Encoding", "br")), known)
    assert read.header("Last-Modified") == "Sat, 04 Feb 2023 12:00:00 GMT"
    assert read.header("Content-Type") == "text/html"
    assert not read.header("Server")
    assert not read.header("Content-Encoding")


def test_a_redirect_in_the_archive_to_another_time_counts_as_that_time() -> None:
    known = copy(1)
    read = as_copy(answer(f"https://web.archive.org/web/20230206000000id_/{URL}"), known)
    assert read.fetched == datetime(2023, 2, 6, tzinfo=UTC)
    assert read.url == URL


def test_a_redirect_in_the_archive_to_another_page_is_that_page() -> None:
    known = copy(1)
    moved = "https://web.archive.org/web/20230206000000id_/http://a.example/moved"
    read = as_copy(answer(moved), known)
    assert (read.url, read.listing.url) == ("http://a.example/moved", URL)


def test_the_archives_own_statement_of_the_time_goes_first() -> None:
    known = copy(1)
    said = ("Memento-Datetime", "Sun, 05 Feb 2023 03:00:00 GMT")
    assert as_copy(answer(known.address, said), known).fetched == datetime(
        2023, 2, 5, 3, tzinfo=UTC
    )


def test_an_article_held_live_and_as_a_copy_is_one_article() -> None:
    body = (
        "<html><head><title>Balloon seen over the elevators</title></head><body><article>"
        "<h1>Balloon seen over the elevators</h1>"
        + "".join(
            f"<p>{'A white balloon crossed the prairie on Saturday. ' * 6}{n}</p>" for n in range(5)
        )
        + "</article></body></html>"
    ).encode()
    addresses = (
        "https://prairie.example/2023/02/balloon-seen-over-the-elevators",
        "https://web.archive.org/web/20230204120000/"
        "http://www.prairie.example/2023/02/balloon-seen-over-the-elevators",
    )
    html = (("Content-Type", "text/html"),)
    captures = (
        Capture(url=url, status=200, headers=html, body=body, fetched=PUBLISHED)
        for url in addresses
    )
    readings = [read(capture, ReadingContext()) for capture in captures]
    live, kept = (one for one in readings if isinstance(one, ReadArticle))
    assert live.key == kept.key
    assert live.article.outlet == kept.article.outlet == "prairie.example"
