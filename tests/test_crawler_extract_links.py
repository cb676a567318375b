from __future__ import annotations

from datetime import UTC, datetime

from crawler.extract import extract
from index.article import Article
from index.capture import Capture, Listing

PARAGRAPH = (
    "The made-up ferry struck the reef in fog, and the harbour sent its two lifeboats out at once. "
)
PAGE = f"""<html><head><title>Ferry on the reef</title></head><body>
<nav><a href="/sport">Sport</a></nav>
<article><h1>Ferry on the reef</h1>
<p>{PARAGRAPH} <a href="/2024/05/11/first-report.html?utm_source=x#top">We reported.</a></p>
<p>{PARAGRAPH * 2} <a href="https://www.elsewhere.example/fog/">Others told of fog.</a></p>
<p>{PARAGRAPH * 3} <a href="#notes">Notes</a> <a href="mailto:desk@a.example">Write to us</a></p>
</article>
<aside class="related"><ul><li><a href="/2024/05/12/cup-final.html">Cup final tonight</a></li></ul></aside>
</body></html>"""


def test_links_are_those_of_the_text_in_their_canonical_form() -> None:
    capture = Capture(
        url="https://www.harbour-daily.example/2024/05/12/ferry.html",
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=PAGE.encode(),
        fetched=datetime(2024, 5, 12, tzinfo=UTC),
        listing=Listing(channel="feed"),
    )
    found = extract(capture)
    assert isinstance(found, Article)
    assert [link.rpartition("//")[2].removeprefix("www.").rstrip("/") for link in found.links] == [
        "harbour-daily.example/2024/05/11/first-report.html",
        "elsewhere.example/fog",
    ]
    assert Article.from_dict(found.to_dict()) == found
