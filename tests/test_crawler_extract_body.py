"""The text: what is cut out of the tree, off the ends, put in front, and found in last resorts."""

from __future__ import annotations

import json

import pytest

from crawler.extract.body import read_body
from crawler.extract.body.prune import prune
from crawler.extract.body.trim import trim_ends
from crawler.extract.page import read_page
from crawler.extract.page.markup import parse, read_markup

PROSE = [
    f"{number} ranching families north of Harlow told the sheriff that they had seen it for two hours."
    for number in ("Three", "Four", "Five", "Six", "Seven", "Eight")
]
BODY = "".join(f"<p>{line}</p>" for line in PROSE)
TITLE = "Ranchers report a silent balloon"


def body(html: str, *, linked: object = None, head: str = "") -> tuple[list[str], str]:
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    markup = read_markup(
        f"<html><head><title>{TITLE}</title>{head}{script}</head><body>{html}</body></html>"
    )
    assert markup is not None
    lines, witness = read_body(read_page(markup, "https://courier.example/x"), TITLE)
    return list(lines), witness


@pytest.mark.parametrize(
    "block",
    [
        "<div class='newsletter-signup'><p>Get the news of the county every single morning.</p></div>",
        "<section class='RelatedStories'><p>County fair moves its rodeo to the old racetrack.</p></section>",
        "<div id='comments'><p>I have lived here since the flood and nobody ever asked me.</p></div>",
        "<div class='author-bio'><p>Our reporter has covered ranching and water since 2014.</p></div>",
        "<div class='cookie-consent'><p>We and our partners use cookies to measure our audience.</p></div>",
        "<footer><p>The Courier is printed in Harlow by people who like mornings.</p></footer>",
        "<p>© 2023 Prairie Courier. All rights reserved.</p>",
        "<p><a href=/r>County fair moves its rodeo to the old racetrack</a></p>",
        "<p>Read more:</p>",
        f"<p>{TITLE}</p>",
        "<p>* * *</p>",
        "<p>Updated 4 February 2023, 10:20</p>",
        "<script>document.write('<p>scripted</p>')</script>",
        "<style>p { content: 'styled' }</style>",
        "<noscript><p>Please enable scripts to read this page.</p></noscript>",
        "<!-- <p>commented</p> -->",
    ],
)
def test_what_stands_beside_the_article_stays_out(block: str) -> None:
    assert body(f"<article><h1>{TITLE}</h1>{BODY}{block}</article>")[0] == PROSE


def test_what_stands_before_the_headline_is_no_text() -> None:
    kicker = "<span class=topic>Sky watch</span>"
    assert body(f"<article>{kicker}<h1>{TITLE}</h1>{BODY}</article>")[0] == PROSE


@pytest.mark.parametrize(
    "name", ["has-sidebar", "sidebar-grid", "post-with-comments", "page-social article-body"]
)
def test_a_wrapper_named_after_what_is_in_it_is_kept(name: str) -> None:
    assert (
        body(f"<div class='{name}'><div class=entry-content><h1>{TITLE}</h1>{BODY}</div></div>")[0]
        == PROSE
    )


def test_pruning_never_takes_most_of_the_prose() -> None:
    tree = parse(f"<html><body><div class=related>{BODY}</div><p>Short.</p></body></html>")
    assert tree is not None
    prune(tree)
    assert PROSE[0] in tree.text_content()


def test_text_after_a_dropped_block_stays() -> None:
    tree = parse("<html><body><p>Before <span class=sr-only>hidden</span>after.</p></body></html>")
    assert tree is not None
    prune(tree)
    assert tree.text_content() == "Before after."


def test_the_standfirst_is_put_in_front() -> None:
    lead = (
        "A pale sphere drifted across the county for most of the morning before the wind took it."
    )
    head = f"<meta name=description content='{lead}'>"
    html = f"<header><h1>{TITLE}</h1><h2>{lead}</h2></header><article>{BODY}</article>"
    assert body(html, head=head)[0] == [lead, *PROSE]


def test_a_standfirst_may_begin_with_the_place() -> None:
    lead = (
        "A pale sphere drifted across the county for most of the morning before the wind took it."
    )
    head = f"<meta name=description content='{lead}'>"
    html = f"<h1>{TITLE}</h1><div><b>Harlow.</b> {lead}</div><article>{BODY}</article>"
    assert body(html, head=head)[0] == [f"Harlow. {lead}", *PROSE]


def test_a_caption_is_no_standfirst() -> None:
    caption = "A photograph of the balloon above the missile fields near Harlow on Friday morning."
    head = f"<meta name=description content='{caption}'>"
    html = f"<h1>{TITLE}</h1><figure><figcaption>{caption}</figcaption></figure><article>{BODY}</article>"
    assert body(html, head=head)[0] == PROSE


def test_the_text_of_a_layout_table_is_its_prose() -> None:
    cells = ("<a href=/>Home</a>", BODY, "<a href=/r>Fair moves</a>")
    table = f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"
    assert body(table)[0] == PROSE


def test_a_scripted_page_gives_the_article_body_of_its_linked_data() -> None:
    linked = {"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n\n".join(PROSE)}
    assert body("<div id=root></div>", linked=linked) == (PROSE, "json-ld")


@pytest.mark.parametrize(
    "claim",
    [
        "<p>" + "</p><p>".join(PROSE) + "</p>",
        "&lt;p&gt;" + "&lt;/p&gt;&lt;p&gt;".join(PROSE) + "&lt;/p&gt;",
    ],
    ids=["html", "escaped"],
)
def test_an_article_body_written_in_html_is_read_as_text(claim: str) -> None:
    assert body("<p></p>", linked={"@type": "Article", "articleBody": claim})[0] == PROSE


def test_a_teaser_in_linked_data_never_wins() -> None:
    linked = {"@type": "NewsArticle", "articleBody": " ".join(PROSE)[:300] + "…"}
    assert body(f"<article>{BODY}</article>", linked=linked) == (PROSE, "trafilatura")


def test_an_article_body_trims_what_it_does_not_know() -> None:
    linked = {"@type": "NewsArticle", "articleBody": "\n".join(PROSE)}
    strange = (
        "<p>The county thanks everybody who wrote to the paper about this in the past week.</p>"
    )
    assert body(f"<article>{strange}{BODY}{strange}</article>", linked=linked)[0] == PROSE


def test_an_article_body_that_is_plainly_fuller_wins() -> None:
    linked = {"@type": "NewsArticle", "articleBody": "\n".join(PROSE)}
    shown = "".join(f"<p>{line}</p>" for line in PROSE[:4])
    assert body(f"<article>{shown}</article>", linked=linked) == (PROSE, "json-ld")


def test_an_article_body_that_is_hardly_longer_does_not_win() -> None:
    linked = {"@type": "NewsArticle", "articleBody": "\n".join(PROSE)}
    shown = "".join(f"<p>{line}</p>" for line in PROSE[:5])
    assert body(f"<article>{shown}</article>", linked=linked)[1] == "trafilatura"


def test_embedded_data_is_left_where_the_page_has_a_text() -> None:
    state = json.dumps(
        {"story": {"body": f"<p>The ranchers report a silent balloon.</p>{BODY * 3}"}}
    )
    assert body(f"<article>{BODY}</article><script>x={state}</script>") == (PROSE, "trafilatura")


@pytest.mark.parametrize(
    ("html", "witness"),
    [
        (f"<div id=post></div><noscript>{BODY}</noscript>", "noscript"),
        (
            "<div id=app></div><script>window.__STATE__="
            + json.dumps({"story": {"body": f"{BODY}<p>The ranchers report a silent balloon.</p>"}})
            + "</script>",
            "state",
        ),
        (
            '<div id=app></div><script id="__NEXT_DATA__" type="application/json">'
            + json.dumps(
                {
                    "props": {
                        "story": {
                            "blocks": [
                                *({"type": "paragraph", "model": {"text": line}} for line in PROSE),
                                {"type": "image", "text": "A photograph of it"},
                                {
                                    "type": "paragraph",
                                    "children": [
                                        {"text": "The ranchers report a "},
                                        {"text": "silent"},
                                        {"text": " balloon."},
                                    ],
                                },
                            ]
                        }
                    }
                }
            )
            + "</script>",
            "state",
        ),
        (
            "<div id=app></div><script>window.__PRELOADED_STATE__ = "
            + json.dumps({"body": [{"content": f"<p>{line}</p>"} for line in (*PROSE, TITLE)]})
            + ";</script>",
            "state",
        ),
    ],
    ids=["noscript", "state", "next-data", "preloaded-state"],
)
def test_the_last_resorts_are_read(html: str, witness: str) -> None:
    lines, won = body(html)
    assert (lines[: len(PROSE)], won) == (PROSE, witness)


def test_embedded_data_about_something_else_is_left() -> None:
    state = json.dumps(
        {"terms": {"text": "We may change these terms of service at any time without notice. " * 9}}
    )
    assert body(f"<div id=app></div><script>x={state}</script>") == ([], "")


def test_a_page_of_an_article_without_text_gives_its_description() -> None:
    linked = {
        "@type": "NewsArticle",
        "description": "What three ranching families saw above their fields.",
    }
    assert body("<div id=root></div>", linked=linked)[1] == "description"


def test_readings_of_ruby_stay_in_their_sentence() -> None:
    ruby = "<ruby>尹錫悦<rp>（</rp><rt>ユンソンニョル</rt><rp>）</rp></ruby>"
    line = f"韓国の{ruby}大統領は三日夜、談話を出した。"
    lines, _ = body(
        f"<article><p>{line}</p>{'<p>' + '町は来年度から体育館を開放する計画だ。' * 5 + '</p>'}</article>"
    )
    assert lines[0] == "韓国の尹錫悦（ユンソンニョル）大統領は三日夜、談話を出した。"


@pytest.mark.parametrize(
    "stamp", ["(Updated )", "Aktualisiert: ", "（更新）", "Mis à jour"], ids=repr
)
def test_a_stamp_that_lost_its_dates_is_trimmed(stamp: str) -> None:
    assert trim_ends([stamp, *PROSE], TITLE, [], frozenset()) == PROSE
    told = "Updated maps show where the balloon went, the county said."
    assert trim_ends([told, *PROSE], TITLE, [], frozenset()) == [told, *PROSE]


def test_a_text_of_weak_lines_only_is_not_trimmed_away() -> None:
    lines = ["First verse of a poem", "Second verse of a poem"]
    assert trim_ends(lines, TITLE, [], frozenset()) == lines


@pytest.mark.parametrize(
    "markup", ["", "   ", "<!-- x", "\x00", "<", "<>", "<!doctype html>"], ids=repr
)
def test_markup_without_an_element_is_no_page(markup: str) -> None:
    found = read_markup(markup)
    assert found is None or found.tree.text_content().strip() in ("", "<", "<>", "<!-- x")


def test_scripts_are_told_apart_and_cut_out() -> None:
    html = """<p>One</p><SCRIPT TYPE="application/LD+JSON">{"a":1}</SCRIPT><script>two < three</script>
        <noscript><img></noscript><svg><path d=x></svg><p>Four</p>"""
    markup = read_markup(html)
    assert markup is not None
    assert (markup.linked_data, markup.scripts) == (('{"a":1}',), ("two < three",))
    assert markup.noscript == ("<img>",)
    assert "".join(markup.tree.text_content().split()) == "OneFour"


def test_a_text_beyond_the_limit_ends_with_a_whole_paragraph(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crawler.extract.body.TEXT_LIMIT", sum(map(len, PROSE[:4])) + 30)
    kept = body(f"<article><h1>{TITLE}</h1>{BODY}</article>")[0]
    assert kept == PROSE[: len(kept)]
    assert 0 < len(kept) <= 4
