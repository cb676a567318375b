"""Live blogs: entries with their own times, by linked data and by the page; and what is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.extract import NotAnArticle, extract
from crawler.extract.body.live import are_the_text
from crawler.extract.page import read_page
from crawler.extract.page.markup import read_markup
from index.article import Article, LiveEntry
from index.capture import Capture
from index.corpus import open_corpus
from index.fulltext.indexer import update_index
from index.store import StoreWriter
from index.versions.history import changes, is_new_version
from tests.conftest import Said, record_article

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
NEWS = (
    "The county closed the road to the harbour after a piece of the balloon came down in a field.",
    "Two divers of the harbour police went out at noon to look for what had fallen into the sea.",
    "The school in Harrow Bend let its pupils into the yard to watch the white balloon go by.",
    "A farmer near Elm Fork handed a strip of white cloth to the sheriff and asked for no reward.",
    "The airfield opened again, an hour after the last helicopter had come back from its search.",
    "The mayor thanked everyone who had called and asked that nobody should touch what they find.",
)
INTRO = (
    "What is known of the balloon over the prairie, as it comes in from the desk and from readers."
)


def read(body: str, *, path: str = "news/live/balloon", head: str = "") -> Article:
    page = (
        f"<html lang=en><head><title>Balloon over the prairie: live</title>{head}</head>"
        f"<body><main><h1>Balloon over the prairie: live</h1>{body}</main></body></html>"
    )
    found = extract(
        Capture(
            url=f"https://courier.example/{path}", status=200, body=page.encode(), fetched=NOON,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
        )
    )  # fmt: skip
    assert not isinstance(found, NotAnArticle), found
    return found


def linked(count: int) -> str:
    updates = [
        {
            "@type": "BlogPosting", "headline": f"Report number {number}",
            "datePublished": f"2023-02-04T{9 + number:02}:05:00-05:00", "articleBody": f"<p>{text}</p>",
        }
        for number, text in reversed(list(enumerate(NEWS[:count])))
    ]  # fmt: skip
    data = {
        "@type": "LiveBlogPosting", "headline": "Balloon over the prairie: live",
        "datePublished": "2023-02-04T08:00:00Z", "liveBlogUpdate": updates,
    }  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def live(count: int, who: str = "Two divers") -> Article:
    """A live blog of so many reports, with their headlines on the page."""
    told = "".join(f"<h2>Report number {n}</h2><p>{t}</p>" for n, t in enumerate(NEWS[:count]))
    html = f"<p>{INTRO}</p>{told}".replace("Two divers", who)
    return read(html, head=linked(count).replace("Two divers", who))


def block(number: int, text: str, *, link: str = "", title: str = "") -> str:
    heading = f"<h2><a href='{link}'>{title}</a></h2>" if link else f"<h2>{title}</h2>"
    when = f"2023-02-04T{9 + number:02}:30:00Z"
    return f"<div><time datetime='{when}'>{number} h ago</time>{heading if title else ''}<p>{text}</p></div>"


def test_the_entries_of_linked_data_have_times_headlines_and_text() -> None:
    article = live(3)
    assert article.kind == "live-blog"
    assert [(entry.published, entry.title) for entry in article.entries] == [
        (datetime(2023, 2, 4, 16, 5, tzinfo=UTC), "Report number 2"),
        (datetime(2023, 2, 4, 15, 5, tzinfo=UTC), "Report number 1"),
        (datetime(2023, 2, 4, 14, 5, tzinfo=UTC), "Report number 0"),
    ]
    assert article.text.split("\n\n")[0] == INTRO
    assert all(text in article.text for text in NEWS[:3])
    assert Article.from_dict(json.loads(json.dumps(article.to_dict()))) == article


@pytest.mark.parametrize(
    ("path", "count"),
    [
        pytest.param("news/live/balloon", 3, id="called live by its address"),
        pytest.param("news/balloon-as-it-happened", 6, id="behaves like one"),
    ],
)
def test_blocks_with_times_are_entries(path: str, count: int) -> None:
    blocks = "".join(block(n, text, title=f"Report {n}") for n, text in enumerate(NEWS[:count]))
    called = '<meta property="og:type" content="article">'
    article = read(f"<p>{INTRO}</p><div>{blocks}</div>", path=path, head=called)
    assert article.kind == "live-blog"
    assert [entry.text for entry in article.entries] == list(NEWS[:count])
    assert article.entries[1].published == datetime(2023, 2, 4, 10, 30, tzinfo=UTC)


STORY = "".join(f"<p>{text}</p>" for text in NEWS)


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param(
            "<ul class='teasers'>"
            + "".join(
                f"<li>{block(n, text, link=f'/news/{n}', title=f'Another report {n}')}</li>"
                for n, text in enumerate(NEWS)
            )
            + "</ul>",
            id="teasers",
        ),
        pytest.param(
            "<section class='comments'>"
            + "".join(block(n, t) for n, t in enumerate(NEWS))
            + "</section>",
            id="comments",
        ),
        pytest.param("".join(block(n, text) for n, text in enumerate(NEWS[:2])), id="two times"),
        pytest.param(
            "<p><time datetime='2023-02-04T10:00:00Z'>10:00</time></p>" * 6, id="one time"
        ),
    ],
)
def test_an_article_with_times_beside_it_is_no_live_blog(beside: str) -> None:
    called = '<meta property="og:type" content="article">'
    article = read(f"{STORY}{beside}", path="news/balloon-seen-over-the-prairie", head=called)
    assert (article.kind, article.entries) == ("article", ())


@pytest.mark.parametrize(
    ("path", "texts", "live"),
    [
        ("news/balloon-seen", NEWS, True),
        ("news/balloon-seen", ("Another report of the week, with many pictures.",) * 9, False),
        ("news/live/balloon", ("A report that the extractor did not find.",), True),
    ],
    ids=["behaves-so", "teasers-of-others", "called-live"],
)
def test_entries_are_the_text_of_a_page_or_it_calls_itself_live(
    path: str, texts: tuple[str, ...], live: bool
) -> None:
    markup = read_markup("<html><body><p>x</p></body></html>")
    assert markup is not None
    page = read_page(markup, f"https://courier.example/{path}")
    entries = [LiveEntry(published=NOON, title="", text=text) for text in texts]
    assert are_the_text(page, entries, [INTRO, *NEWS]) is live


def test_a_page_that_calls_itself_no_article_is_no_live_blog() -> None:
    blocks = "".join(block(n, text) for n, text in enumerate(NEWS))
    article = read(f"<p>{INTRO}</p><div>{blocks}</div>", path="questions/10376/when-to-look-up")
    assert article.entries == ()


def test_a_headline_that_only_the_linked_data_has_is_not_in_the_text() -> None:
    article = read(f"<p>{INTRO}</p>" + "".join(f"<p>{t}</p>" for t in NEWS[:3]), head=linked(3))
    assert [entry.title for entry in article.entries] == ["", "", ""]
    assert "Report number" not in article.text


def test_a_new_entry_is_told_as_one_and_not_as_a_silent_edit() -> None:
    old, new = (live(count) for count in (3, 4))
    assert is_new_version(old, new)
    (change,) = changes(old, new)
    assert (change.kind, change.after) == ("entry", NEWS[3])
    assert change.before == "2023-02-04T17:05:00Z Report number 3"


def test_entries_that_went_to_an_older_page_were_not_removed() -> None:
    old, new = (live(count) for count in (3, 4))
    newest = replace(
        new, entries=new.entries[:-1], text=new.text.partition("Report number 0")[0].rstrip()
    )
    assert {change.kind for change in changes(old, newest)} == {"entry"}


def test_an_edit_within_an_entry_is_told_by_what_it_changed() -> None:
    old, new = live(3), live(3, "Three swimmers")
    kinds = {change.kind for change in changes(old, new)}
    assert kinds == {"wording", "silent"} or kinds == {"name", "silent"}


def test_a_live_blog_is_one_hit_that_tells_its_entry_and_shows_all_with_times(
    corpus: Path, pressclip: Callable[..., Said]
) -> None:
    blog = replace(
        live(4), outlet="courier.example", language="en",
        fetched=NOON + timedelta(hours=9),
    )  # fmt: skip
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, blog, offset=70_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    with open_corpus(corpus) as opened:
        (hit,) = opened.search("divers harbour")
    assert hit.entry is not None
    assert hit.entry.title == "Report number 1"
    listed = pressclip("--tz", "UTC", "search", "divers", "-f", "table").out
    assert "live ×4" in listed
    assert "2023-02-04 15:05: " in listed
    shown = pressclip("--tz", "UTC", "show", blog.url).out
    assert f"\n2023-02-04 15:05  Report number 1\n{NEWS[1]}\n" in shown
    assert shown.count(NEWS[1]) == 1
    assert INTRO in shown
    assert '"entry":"2023-02-04T15:05:00Z"' in pressclip(
        "search", "divers", "-f", "jsonl", "--fields", "id,entry"
    ).out.replace(" ", "")
