"""A menu or button whose end tag was forgotten holds the article, and is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extract import extract
from index.article import Article
from index.capture import Capture

LINES = [
    f"Paragraph {number} of the report says that the ferry stayed ashore, that the baker rowed his bread "
    f"across, and that the school on the island opened an hour later than on the days before."
    for number in range(1, 6)
]


@pytest.mark.parametrize("tag", ["nav", "button", "dialog"])
def test_the_text_of_an_article_survives_an_unclosed_tag(tag: str) -> None:
    prose = "".join(f"<p>{line}</p>" for line in LINES)
    menu = "<nav><a href=/>Home</a> <a href=/sport>Sport</a></nav>"
    html = f"<html lang=en><body>{menu}<h1>Ferry stays ashore</h1><{tag}>Share{prose}</body></html>"
    result = extract(
        Capture(
            url="https://gazette.example/news/ferry-stays-ashore",
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=html.encode(),
            fetched=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )
    assert isinstance(result, Article), result
    assert all(line in result.text for line in LINES)
    assert "Sport" not in result.text
