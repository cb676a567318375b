"""The whole text of a feed, read where the site refuses its page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.demo.serving import serve
from crawler.demo.site import ServedAnswer, Site, outlet_of
from crawler.lists.feeds.entries import FeedEntry
from crawler.lists.feeds.fulltext import full_text_page
from index.archive import Archive
from index.capture import Capture
from tests.crawling import HOST, PARAGRAPHS, Desk, article, make_desk

WHOLE = PARAGRAPHS.format(thing="balloon")
TEASER = "<p>" + "A balloon was seen over the elevators, and people wondered. " * 15


def entry(content: str, summary: str = "A balloon was seen.") -> FeedEntry:
    return FeedEntry(
        url=f"http://{HOST}/x", title="A balloon", summary=summary, content=content,
        published_at=datetime(2023, 2, 2, tzinfo=UTC), authors=("Ann Example",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (WHOLE, True),
        ("<p>A balloon was seen over the elevators.</p>", False),
        (f"{TEASER}…</p>", False),
        (f"{TEASER} [&hellip;]</p>", False),
        (f"{TEASER}[…]</p><p>The post A balloon appeared first on Courier.</p>", False),
        (f"{WHOLE}<p>The post A balloon appeared first on Courier.</p>", True),
        (f"{TEASER}</p><p><a href=/x>Continue reading</a></p>", False),
        (f"{TEASER}</p><p>Weiterlesen »</p>", False),
        (f"{TEASER}</p><p>Subscribe to continue reading this article.</p>", False),
        ("", False),
    ],
    ids=["whole", "short", "ellipsis", "bracket", "credit", "whole-credit", "more", "mehr", "wall", "none"],
)  # fmt: skip
def test_a_teaser_is_no_article(content: str, whole: bool) -> None:
    assert bool(full_text_page(entry(content))) is whole


def test_what_the_summary_says_as_well_is_whole_only_when_long() -> None:
    plain = "A balloon was seen over the elevators, and people wondered whose it was. " * 12
    assert not full_text_page(entry(f"<p>{plain}</p>", summary=plain))
    assert full_text_page(entry(f"<p>{plain * 3}</p>", summary=plain * 3))


def item(name: str, content: str) -> str:
    return (
        f"<item><title>The balloon of {name}</title><link>http://{HOST}/news/{name}</link>"
        f"<description>A balloon.</description><dc:creator>Ann Example</dc:creator>"
        f"<pubDate>Thu, 02 Feb 2023 22:14:00 GMT</pubDate>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded></item>"
    )


def unlike(name: str) -> str:
    return WHOLE.replace("Prairie County", f"{name} County")


SITE = {
    "/feed.xml": ServedAnswer(
        body=(
            "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
            " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>x</title>"
            + "".join(item(name, unlike(name)) for name in ("forbidden", "walled", "free", "gone"))
            + item("teased", f"{TEASER}…</p>")
            + "</channel></rss>"
        ).encode(),
        media="application/rss+xml",
    ),
    "/news/forbidden": ServedAnswer(status=403),
    "/news/walled": ServedAnswer(body=b"<title>Just a moment...</title><p>Checking your browser"),
    "/news/free": article("The balloon of free", thing="free balloon"),
    "/news/teased": ServedAnswer(status=403),
}


def test_refused_pages_are_read_from_the_feed_and_replay_gives_the_same(tmp_path: Path) -> None:
    root = tmp_path / "desk"
    make_desk(root)
    (root / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\nfeeds = ["http://{HOST}/feed.xml"]\n'
    )

    def held(desk: Desk) -> dict[str, tuple[object, ...]]:
        with desk.store() as store:
            found = store.articles.get(store.articles.all_ids()).values()
            return {one.article.url.rpartition("/")[2]: (one.article, one.kept) for one in found}

    with serve(Site.of([outlet_of(HOST, SITE)])) as served:
        desk = Desk(root, served)
        done = desk.pressclip("crawl")
        assert done.returncode == 0, done.stderr
        before = held(desk)
        assert before.keys() == {"forbidden", "walled", "free"}
        articles = {name: found[0] for name, found in before.items()}
        assert articles["forbidden"].witnesses["text"] == "feed-text"  # type: ignore[attr-defined]
        assert articles["free"].witnesses["text"] != "feed-text"  # type: ignore[attr-defined]
        assert articles["walled"].authors == ("Ann Example",)  # type: ignore[attr-defined]
        assert articles["walled"].published == datetime(2023, 2, 2, 22, 14, tzinfo=UTC)  # type: ignore[attr-defined]
        rows = json.loads(desk.pressclip("why", f"http://{HOST}/news/forbidden", "--json").stdout)
        assert [(row["outcome"], row["channel"]) for row in rows] == [
            ("http-403", "feed"), ("kept", "feed-text"),
        ]  # fmt: skip
        assert desk.outcomes()["/news/teased"] == "http-403"
        assert desk.pressclip("verify").returncode == 0
        assert desk.pressclip("replay").returncode == 0
        assert held(desk) == before
    taken = [
        one for one in Archive(root / "data" / "archive").captures() if isinstance(one, Capture)
    ]
    assert {one.url for one in taken if one.is_resource} == {
        f"http://{HOST}/news/forbidden", f"http://{HOST}/news/walled",
    }  # fmt: skip
