"""The matrix of kinds: pages that are no articles are refused as what they are, articles are kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bench.sets.kind_pages import GATE, LOOK, KindPage, kind_pages
from crawler.extract import extract
from index.article import Article


def kind_of(page: KindPage) -> str:
    result = extract(page.capture)
    return "article" if isinstance(result, Article) else result.kind


@pytest.mark.parametrize("languages", [LOOK, GATE], ids=["look", "gate"])
def test_every_made_up_page_is_of_its_kind(languages: tuple[str, ...]) -> None:
    wrong = {
        page.id: found for page in kind_pages(languages) if (found := kind_of(page)) != page.kind
    }
    assert wrong == {}


GONE = "<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{text}</p></body></html>"
NEWS = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>'
FRONT = '<link rel="canonical" href="https://gazette.example/">'


@pytest.mark.parametrize(
    ("title", "head", "text"),
    [
        ("Page not found", "", "Sorry, nothing is here."),
        ("Page not found", NEWS, "Sorry, nothing is here."),
        ("Seite nicht gefunden", NEWS, "Hier steht nichts mehr."),
        ("Selwyn Gazette", FRONT, "Read our newest stories and what our readers like best."),
    ],
    ids=["plain", "called-news", "german", "canonical-to-the-front"],
)
def test_a_page_of_nothing_is_told_whatever_it_calls_itself(
    title: str, head: str, text: str
) -> None:
    html = GONE.format(title=title, head=head, text=text)
    url = "https://gazette.example/2023/02/04/ferry"
    page = replace(kind_pages(("en",))[0].capture, url=url, body=html.encode())
    result = extract(page)
    assert not isinstance(result, Article)
    assert result.kind == "soft-404"


def test_a_page_that_claims_to_be_three_kinds_costs_itself_at_most() -> None:
    three = json.dumps([{"@type": kind} for kind in ("NewsArticle", "Product", "QAPage", "Event")])
    page = kind_pages(("en",))[-1].capture
    head = f'<head><script type="application/ld+json">{three}</script>'.encode()
    assert extract(replace(page, body=page.body.replace(b"<head>", head))) is not None
