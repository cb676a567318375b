"""The sample content: all of it is there, all of it is made up, and every promised fault is in it."""

from __future__ import annotations

import gzip
import html
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest

from crawler.demo.content import HERE, labels, newsrooms, pieces
from crawler.demo.newsroom import (
    DemoPiece,
    Newsroom,
    edition_of,
    piece_path,
    read_blocks,
    replace_passages,
    unwrap,
)
from crawler.demo.press import sample_site
from crawler.demo.site import ServedAnswer, Site
from crawler.demo.typesetting import LINK, read_spans
from index.workspace import Workspace

ROOMS = newsrooms()
ARTICLES = [piece for piece in pieces().values() if piece.kind == "article"]
EDITED = "prairie-courier/white-orb-over-the-rimrocks"
HAN = re.compile("[\u4e00-\u9fff]")


@cache
def site() -> Site:
    return sample_site()


def answer_to(url: str, edition: int = 1) -> ServedAnswer:
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    assert parts.hostname is not None
    return site().outlets[parts.hostname].page(target).answer(edition=edition, visit=0)


def page_of(piece: DemoPiece, edition: int = 1) -> ServedAnswer:
    room = ROOMS[piece.newsroom]
    return answer_to(room.address + piece_path(room, piece), edition)


def listed_links() -> Iterator[tuple[str, str]]:
    """(newsroom, URL) of everything that a feed or sitemap names, the sitemaps' children included."""
    for room in ROOMS.values():
        for target in room.channels.values():
            body = site().outlets[room.host].pages[target].editions[0].body
            feed = feedparser.parse(body)
            links = [entry.link for entry in feed.entries] if feed.version else locations(body)
            yield from ((room.id, url) for url in links)


def locations(body: bytes) -> Iterator[str]:
    tree = ET.fromstring(body)
    for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc"):
        url = str(loc.text)
        if tree.tag.endswith("sitemapindex"):
            child = answer_to(url).body
            yield from locations(gzip.decompress(child) if url.endswith(".gz") else child)
        else:
            yield url


def test_there_is_enough_of_it() -> None:
    assert len(ROOMS) >= 12
    assert 70 <= len(ARTICLES) <= 100
    assert len({room.design for room in ROOMS.values()}) >= 5
    languages = {room.language.partition("-")[0] for room in ROOMS.values()}
    assert languages == {"ar", "de", "en", "es", "fr", "pt", "zh"}
    assert Counter(piece.on_story for piece in ARTICLES)[False] >= 25


def test_every_host_is_visibly_made_up() -> None:
    assert all(room.host.endswith(".example") for room in ROOMS.values())
    assert {piece.newsroom for piece in pieces().values()} == set(ROOMS)


@pytest.mark.parametrize("piece", ARTICLES, ids=lambda piece: piece.id)
def test_a_piece_is_whole(piece: DemoPiece) -> None:
    room = ROOMS[piece.newsroom]
    words = len(HAN.findall(piece.text)) / 1.6 or len(piece.text.split())
    assert 150 <= words <= 600
    assert piece.summary
    assert piece.headline
    assert piece.published.utcoffset() is not None
    assert (piece.published.year, piece.published.month) == (2023, 2)
    assert not room.sections or piece.section in room.sections
    assert all(match[2] in pieces() for match in LINK.finditer(piece.text))


@pytest.mark.parametrize("piece", ARTICLES, ids=lambda piece: piece.id)
def test_a_page_says_what_its_piece_says(piece: DemoPiece) -> None:
    answer = page_of(piece)
    if ROOMS[piece.newsroom].outage:
        assert answer.status == 503
        return
    page = html.unescape(answer.body.decode(piece.charset))
    blocks = read_blocks(piece.text)[: piece.free if piece.paywalled else None]
    assert all(block.text.partition("[")[0] in page for block in blocks)


def test_what_the_lists_name_is_there_with_one_exception() -> None:
    links = list(listed_links())
    statuses = Counter(answer_to(url).status for _, url in links)
    assert statuses[404] == 1
    assert statuses[301] == 1
    assert set(statuses) <= {200, 301, 404, 503}
    assert len(links) > 60


def test_one_list_names_what_robots_txt_closes() -> None:
    closed = [url for _, url in listed_links() if "/news/opinion/" in url]
    assert len(closed) == 1
    assert (
        b"Disallow: /news/opinion/" in answer_to("http://prairie-courier.example/robots.txt").body
    )


def test_sitemaps_stand_in_robots_txt() -> None:
    robots = answer_to("http://folha-do-exemplo.example/robots.txt").body
    assert b"Sitemap: http://folha-do-exemplo.example/sitemap_index.xml" in robots


def test_one_outlet_is_out_and_says_for_how_long() -> None:
    out = [room for room in ROOMS.values() if room.outage]
    assert len(out) == 1
    answer = answer_to(f"{out[0].address}{out[0].channels['rss']}")
    assert answer.status == 503
    assert ("Retry-After", "7200") in answer.headers


def test_one_article_is_behind_a_paywall_and_says_so() -> None:
    (piece,) = [piece for piece in ARTICLES if piece.paywalled]
    page = page_of(piece).body.decode()
    assert '"isAccessibleForFree": false' in page
    assert piece.text.split("\n\n")[0] in page
    assert piece.text.split("\n\n")[-1] not in page


def test_one_article_has_no_date_anywhere() -> None:
    (piece,) = [piece for piece in ARTICLES if not piece.dated]
    answer = page_of(piece)
    assert answer.modified is None
    assert b"February" not in answer.body


def test_one_page_is_in_a_legacy_charset_that_only_its_meta_names() -> None:
    (piece,) = [piece for piece in ARTICLES if piece.charset != "utf-8"]
    answer = page_of(piece)
    assert answer.media == "text/html"
    assert b"charset=big5" in answer.body
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_walls_and_soft_404_answer_200() -> None:
    kinds = [piece for piece in pieces().values() if piece.kind not in ("article", "missing")]
    assert {piece.kind for piece in kinds} == {"bot-wall", "consent", "soft-404"}
    assert [page_of(piece).status for piece in kinds] == [200, 200, 200]
    assert all(piece.headline.encode() not in page_of(piece).body for piece in kinds)


def test_three_outlets_reprint_one_wire_report_with_edits_of_their_own() -> None:
    original = pieces()["northwire/balloon-shot-down-off-carolina"]
    lines = set(original.text.split("\n\n"))
    reprints = [piece for piece in ARTICLES if piece.slug.startswith("northwire-")]
    shared = [piece for piece in reprints if len(lines & set(piece.text.split("\n\n"))) >= 4]
    assert len(shared) >= 3
    assert all("Northwire" in piece.credit for piece in shared)
    assert len({piece.text for piece in [original, *shared]}) == len(shared) + 1


def test_the_second_edition_changes_a_headline_and_a_number_and_owns_up_to_it() -> None:
    before, after = (edition_of(pieces()[EDITED], edition) for edition in (1, 2))
    assert before.headline != after.headline
    assert ("31 calls" in before.text, "84 calls" in after.text) == (True, True)
    assert after.note.startswith("Correction")
    assert after.note in html.unescape(page_of(pieces()[EDITED], 2).body.decode())


def test_only_the_edited_outlet_differs_between_the_editions() -> None:
    changed = {
        outlet.host
        for outlet in site().outlets.values()
        for page in outlet.pages.values()
        if len(page.editions) > 1
    }
    assert changed == {"prairie-courier.example"}


def test_other_outlets_tempting_headlines_stand_beside_the_text() -> None:
    festival = pieces()["prairie-courier/prairie-sky-balloon-festival-returns"]
    page = page_of(festival).body.decode()
    assert "shot down" in page.partition('class="related"')[2]
    assert "shot down" not in festival.text


@pytest.fixture
def shipped(tmp_path: Path) -> Workspace:
    (tmp_path / "stories").mkdir()
    for name, place in {"workspace": ".", "outlets": ".", "balloon": "stories"}.items():
        shutil.copy(HERE / "desk" / f"{name}.toml", tmp_path / place)
    return Workspace.load(tmp_path)


def test_the_shipped_desk_is_without_fault(shipped: Workspace) -> None:
    story = shipped.stories()["balloon"]
    assert set(story.languages) == {"ar", "de", "en", "es", "fr", "pt", "zh"}
    assert len(story.outlets_of(shipped.outlets())) == len(ROOMS)


@pytest.mark.parametrize("room", ROOMS.values(), ids=lambda room: room.id)
def test_the_desk_names_the_outlets_as_they_are(shipped: Workspace, room: Newsroom) -> None:
    outlet = shipped.outlets().get(room.id)
    assert (outlet.name, outlet.home) == (room.name, f"{room.address}/")
    assert (outlet.country, outlet.kind) == (room.country, room.kind)
    assert outlet.lang == (room.language[:2],)
    lists = {room.address + target for target in room.channels.values()}
    assert {*outlet.feeds, *outlet.sitemaps} == lists
    assert all(answer_to(url).status == 200 for url in outlet.sections)


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt", "de", "zh-CN", "zh-TW", "ar"])
def test_every_language_has_all_labels(language: str) -> None:
    words = labels(language)
    assert set(words) == set(labels("en-GB"))
    assert len(words["months"]) == 12


def test_lines_are_joined_as_their_script_wants_it() -> None:
    assert unwrap("one\ntwo\n\n## three\nfour\n") == "one two\n\n## three four"
    assert unwrap("外交部\n发言人\nsaid") == "外交部发言人 said"


def test_links_in_a_text_become_addresses() -> None:
    spans = read_spans(
        "see [this](a/b) and [that](http://c.example/)", {"a/b": "http://a.example/b"}
    )
    assert spans == [
        ("see ", ""),
        ("this", "http://a.example/b"),
        (" and ", ""),
        ("that", "http://c.example/"),
        ("", ""),
    ]


def test_an_edit_that_changes_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such passage: 'b'"):
        replace_passages("a", [("b", "c")])
