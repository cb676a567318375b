# ruff: noqa: E501 (a page is a line)
"""Linked data as pages write it: mistakes, wrappings, microdata, RDFa; and the state of applications."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.extract import extract
from crawler.extract.page.loose_json import read_documents
from index.article import Article
from index.capture import Capture

TITLE = "Forty bakers ran the long race with a loaf on the head"
BODY = (
    "Forty bakers ran from the mill to the market on Sunday, each with a loaf on the head, "
    "and only nine came in with the loaf whole.",
    "The winner, a pastry cook from Upper Lane, said that she had trained with a brick since "
    "the autumn and had broken two kitchen chairs.",
    "Next year the council wants a second race for children, who may carry a bun instead, "
    "and who must not eat it before the bridge.",
)
PROSE = "".join(f"<p>{line}</p>" for line in BODY)
ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2023-03-05T08:15:00Z",
    "author": {"@type": "Person", "name": "Ida Plum"},
}


def read(head: str = "", body: str = PROSE) -> Article:
    html = f"<html lang=en><head><title>{TITLE}</title>{head}</head><body><h1>{TITLE}</h1>{body}</body></html>"
    capture = Capture(
        url="https://loaf.example/news/race-of-loaves",
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=html.encode(),
        fetched=datetime(2026, 1, 1, tzinfo=UTC),
    )
    result = extract(capture)
    assert isinstance(result, Article), result
    return result


def block(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


GOOD = json.dumps(ARTICLE)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD + ";",
        GOOD[:-1] + ",}",
        GOOD.replace('", "', '",, "', 1),
        GOOD.replace('", "headline"', '" "headline"'),
        GOOD.replace('", "headline"', '"\n"headline"'),
        GOOD.replace('"headline": "', '"alternativeHeadline": "He said "go" to them", "headline": "'),
        GOOD.replace('"headline"', '"description": "Ida\\\'s loaf", "headline"'),
        GOOD.replace('"headline"', '"description": "caf\\xe9 \\q", "headline"'),
        GOOD.replace('"headline"', '"description": "two\nlines\tand a tab", "headline"'),
        GOOD.replace('"', "'"),
        GOOD.replace('"headline"', "headline").replace('"author"', "author"),
        GOOD.replace('"', "&quot;"),
        f"<!-- {GOOD} -->",
        f"//<![CDATA[\n{GOOD}\n//]]>",
        f"/* the article */ {GOOD}",
        GOOD.replace('"headline"', '/* title */ "headline"'),
        f'{{"@type": "WebSite", "name": "Loaf"}}\n{GOOD}',
        f'{{"@type": "WebSite", "name": "Loaf"}},\n{GOOD}',
        f"[{GOOD}",
        GOOD[:-1],
        GOOD.replace('"headline"', '"image": , "headline"'),
        GOOD.replace('"headline"', '"wordCount": undefined, "headline"'),
        GOOD.replace("https://schema.org", "http://schema.org/").replace("NewsArticle", "newsarticle"),
        GOOD.replace('"@type": "NewsArticle"', '"@type": "schema:NewsArticle"'),
        GOOD.replace('"@type": "NewsArticle"', '"@type": ["NewsArticle", "https://schema.org/Article"]'),
        GOOD.replace('"headline"', '"schema:headline"').replace('"author"', '"schema:author"'),
        GOOD.replace('"2023-03-05T08:15:00Z"', '{"@type": "Date", "@value": "2023-03-05T08:15:00Z"}'),
        GOOD.replace('"2023-03-05T08:15:00Z"', '["2023-03-05T08:15:00Z"]'),
        GOOD.replace('"2023-03-05T08:15:00Z"', "1678004100"),
        GOOD.replace('"2023-03-05T08:15:00Z"', "1678004100000"),
        GOOD.replace('{"@type": "Person"', '[[{"@type": "Person"').replace("}}", "}]]}"),
        GOOD.replace('"name": "Ida Plum"', '"name": ["Ida Plum"]'),
        GOOD.replace('"name": "Ida Plum"', '"name": {"@type": "Person", "name": "Ida Plum"}'),
        GOOD.replace('"name": "Ida Plum"', '"givenName": "Ida", "familyName": "Plum"'),
        GOOD.replace('{"@type": "Person"', '{"@type": "Role", "author": {"@type": "Person"').replace("}}", "}}}"),
        GOOD.replace('{"@type": "Person"', '{"@list": [{"@type": "Person"').replace("}}", "}]}}"),
        json.dumps({"@graph": [{"@type": "WebPage"}, {**ARTICLE, "author": {"@id": "#p"}}, {"@id": "#p", "@type": "Person", "name": "Ida Plum"}]}),
        json.dumps({"@type": "WebPage", "mainEntity": ARTICLE}),
        '{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ida Plum", "headline": "' + TITLE + '", "datePublished": "2023-03-05T08:15:00Z"}',
    ],
)  # fmt: skip
def test_an_article_is_read_from_json_ld_as_it_is_written(text: str) -> None:
    article = read(block(text))
    assert article.authors == ("Ida Plum",)
    assert article.published == datetime(2023, 3, 5, 8, 15, tzinfo=UTC)
    assert article.title == TITLE


MICRODATA = f"""<div itemscope itemtype="https://schema.org/NewsArticle">
<h2 itemprop="headline">{TITLE}</h2>
<span itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Ida Plum</b></span>
<time itemprop="datePublished" datetime="2023-03-05T08:15:00Z">5 March</time>
<div itemprop="articleBody">{PROSE}</div></div>"""
RDFA = f"""<div vocab="https://schema.org/" typeof="NewsArticle"><h2 property="headline">{TITLE}</h2>
<span property="author" typeof="Person"><b property="name">Ida Plum</b></span>
<time property="datePublished" content="2023-03-05T08:15:00Z">5 March</time>{PROSE}</div>"""


@pytest.mark.parametrize(
    "body",
    [
        MICRODATA,
        RDFA,
        RDFA.replace('property="', 'property="schema:').replace('typeof="', 'typeof="schema:'),
    ],
)
def test_microdata_and_rdfa_say_the_same(body: str) -> None:
    article = read(body=body)
    assert article.authors == ("Ida Plum",)
    assert article.published == datetime(2023, 3, 5, 8, 15, tzinfo=UTC)


def test_the_teasers_that_microdata_marks_are_not_the_article() -> None:
    tiles = "".join(
        f'<div itemscope itemtype="https://schema.org/NewsArticle"><a itemprop="url" href="/{n}">'
        f'<span itemprop="headline">Another story of number {n}</span></a>'
        f'<span itemprop="articleSection">Sport {n}</span></div>'
        for n in range(3)
    )
    assert read(body=PROSE + tiles).section == ""


LONG = json.dumps({"article": {"title": TITLE, "body": PROSE}})
BLOCKS = [{"type": "text", "content": line} for line in BODY]
FLIGHT = json.dumps(
    "5:"
    + json.dumps(
        [
            "$",
            "article",
            None,
            {"children": [["$", "p", str(n), {"children": line}] for n, line in enumerate(BODY)]},
        ]
    )
    + "\n"
)
NUXT = json.dumps([{"data": 1}, {"story": 2}, {"title": 3, "blocks": 4}, TITLE, [5, 6, 7], {"type": 8, "text": 9},
                   {"type": 8, "text": 10}, {"type": 8, "text": 11}, "paragraph", *BODY])  # fmt: skip


@pytest.mark.parametrize(
    "script",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {"blocks": BLOCKS}})}</script>',
        f"<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={json.dumps({'content_elements': BLOCKS})};Fusion.x=1</script>",
        f"<script>window.__STATE__=JSON.parse({json.dumps(LONG)})</script>",
        f"<script>window.__STATE__ = JSON.parse('{LONG.replace(chr(92), chr(92) * 2)}');</script>",
        f"<script>self.__next_f.push([1,{FLIGHT}])</script>",
        f"<script>self.__next_f.push([1,{FLIGHT[:200]}\"])</script><script>self.__next_f.push([1,\"{FLIGHT[200:]}])</script>",
        f'<script type="application/json" id="__NUXT_DATA__">{NUXT}</script>',
        f"<script>var a=1;window.__APOLLO_STATE__ = {json.dumps({'Story:1': {'elements': BLOCKS}})};</script>",
    ],
    ids=["next", "fusion", "parse-double", "parse-single", "flight", "flight-split", "nuxt", "apollo"],
)  # fmt: skip
def test_the_state_of_an_application_gives_the_text(script: str) -> None:
    article = read(block(GOOD), f"<div id=app></div>{script}")
    told = " ".join(article.text.split())
    assert all(line in told for line in BODY)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 60_000, '"' * 300_000, '{"a":"' + "\\" * 200_000, "/*" * 150_000,
     '{"a":"' + '",' * 100_000, "{'a" * 70_000, "}{" * 100_000],
    ids=["lists", "objects", "quotes", "backslashes", "comments", "ends", "keys", "turned"],
)  # fmt: skip
def test_a_hostile_block_costs_itself_at_most(text: str) -> None:
    assert isinstance(read_documents(text), list)


@pytest.mark.timeout(30)
def test_ten_thousand_blocks_do_not_hide_the_article() -> None:
    assert read(block(GOOD) + block('{"@type": "Thing"}') * 10_000).authors == ("Ida Plum",)
