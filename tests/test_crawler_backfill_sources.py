"""The other sources of past coverage: their requests, and what is read of their answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.backfill import Answer, Ask, Scope, ccindex, cdx, doc, memento, wikipedia
from crawler.refusal import Refusal
from index.workspace.story import Story

START, END = datetime(2023, 2, 1, tzinfo=UTC), datetime(2023, 2, 15, tzinfo=UTC)
JSON = "application/json"
WALL = b"<!doctype html><html><body>Too many requests</body></html>"


def scope(**fields: Any) -> Scope:
    match = {"en": '"spy balloon" OR balloon NEAR/12 (China OR Montana)', "fr": '"ballon espion"'}
    story = Story(id="balloon", title="Chinese balloon incident", match=match)
    return Scope(**{"story": story, "start": START, "end": END, **fields})


def query_of(ask: Ask) -> dict[str, list[str]]:
    return parse_qs(urlsplit(ask.url).query)


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


# --- GDELT DOC ---


def test_a_story_is_asked_in_gdelts_words_by_language() -> None:
    assert doc.queries(scope()) == [
        "balloon (China OR Montana) sourcelang:english",
        '"spy balloon" sourcelang:english',
        '"ballon espion" sourcelang:french',
    ]


def test_no_query_is_longer_than_gdelt_takes() -> None:
    words = " OR ".join(f'"phrase number {number}"' for number in range(40))
    story = Story(id="s", title="S", match={"en": words})
    assert all(len(query) < 260 for query in doc.queries(scope(story=story)))


def test_an_answer_that_is_full_is_asked_again_in_halves() -> None:
    [ask, *_] = doc.plan(scope())
    rows = [{"url": f"https://a.example/{number}", "title": "T"} for number in range(250)]
    answer = doc.read(ask, dumped({"articles": rows}), JSON, scope())
    assert isinstance(answer, Answer)
    first, second = map(query_of, answer.more)
    assert first["enddatetime"] == second["startdatetime"] == ["20230204120000"]
    assert (first["startdatetime"], second["enddatetime"]) == (
        ["20230201000000"],
        ["20230208000000"],
    )


def test_a_lead_of_gdelt_has_its_language_and_time() -> None:
    [ask, *_] = doc.plan(scope())
    row = {"url": "https://a.example/x", "title": "Un ballon", "seendate": "20230204T121500Z",
           "language": "French", "domain": "a.example"}  # fmt: skip
    answer = doc.read(ask, dumped({"articles": [row, {"title": "no address"}]}), JSON, scope())
    assert isinstance(answer, Answer)
    [lead] = answer.leads
    assert lead.language == "fr"
    assert lead.found.published_at == datetime(2023, 2, 4, 12, 15, tzinfo=UTC)
    assert dict(answer.refused) == {"no-url": 1}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (WALL, "html"),
        (b"Your query was too short or too long.", "not-json"),
        (b"", "empty"),
        (b"[1, 2]", "not-json"),
    ],
    ids=["web page", "line of text", "nothing", "no object"],
)
def test_an_error_with_status_200_is_no_answer(body: bytes, code: str) -> None:
    [ask, *_] = doc.plan(scope())
    answer = doc.read(ask, body, "text/html", scope())
    assert isinstance(answer, Refusal)
    assert answer.code == code


# --- Wayback ---

HEADER = ["timestamp", "original", "digest", "length"]


def test_an_outlet_is_asked_for_by_its_domain_and_the_window() -> None:
    [ask] = cdx.plan(scope(hosts=("a.example",)))
    asked = query_of(ask)
    assert (asked["url"], asked["matchType"]) == (["a.example"], ["domain"])
    assert (asked["from"], asked["to"]) == (["20230201"], ["20230214"])


def test_rows_are_leads_with_their_copies_and_the_rest_is_asked_for() -> None:
    [ask] = cdx.plan(scope(hosts=("a.example",)))
    rows = [
        HEADER,
        ["20230204120000", "http://a.example/spy-balloon", "AAA", "9"],
        [],
        ["next key"],
    ]
    answer = cdx.read(ask, dumped(rows), JSON, scope())
    assert isinstance(answer, Answer)
    [lead], [more] = answer.leads, answer.more
    assert lead.copy is not None
    assert lead.copy.address == (
        "https://web.archive.org/web/20230204120000id_/http://a.example/spy-balloon"
    )
    assert query_of(more)["resumeKey"] == ["next key"]


def test_an_outlet_without_any_row_is_not_believed() -> None:
    [ask] = cdx.plan(scope(hosts=("a.example",)))
    answer = cdx.read(ask, b"[]", JSON, scope())
    assert isinstance(answer, Refusal)
    assert answer.code == "no-rows"


def test_a_collection_of_ones_own_may_have_nothing_of_an_outlet() -> None:
    own = scope(hosts=("a.example",), bases={cdx.SOURCE: "http://archive.example/all/cdx"})
    [ask] = cdx.plan(own)
    assert cdx.read(ask, b"", "text/x-ndjson", own) == Answer()
    refused = cdx.read(ask, b"<html>", "text/x-ndjson", own)
    assert isinstance(refused, Refusal)
    assert refused.code == "html"


@pytest.mark.parametrize("body", [b"", b"[]", b"\n"])
def test_a_page_without_captures_is_an_answer(body: bytes) -> None:
    ask = cdx.lookup("http://a.example/x", cdx.BASE)
    assert cdx.read_lookup(ask, body, JSON, scope()) == Answer()


def test_rows_that_cannot_be_are_left_out() -> None:
    ask = cdx.lookup("http://a.example/x", cdx.BASE)
    rows = [HEADER, ["99999999999999", "http://a.example/x", "A", "1"], ["2023"], "row",
            ["20230204", "http://a.example/x", "B", "1"]]  # fmt: skip
    answer = cdx.read_lookup(ask, dumped(rows), JSON, scope())
    assert isinstance(answer, Answer)
    assert [copy.captured for copy in answer.copies] == [datetime(2023, 2, 4, tzinfo=UTC)]


# --- Memento ---

BASE = "http://archive.example/"
PAGE = "http://a.example/x"
TIMEMAP = f"""<{PAGE}>;rel="original",
<{BASE}timegate/{PAGE}>;rel="timegate",
<{BASE}timemap/link/{PAGE}>;rel="self"; type="application/link-format",
<{BASE}20230205000000/{PAGE}>;rel="last memento";datetime="Sun, 05 Feb 2023 00:00:00 GMT",
<{BASE}20230204000000/{PAGE}?a=1,2>;rel="memento";datetime="Sat, 04 Feb 2023 00:00:00 GMT",
<{BASE}20230206000000/{PAGE}>;rel="memento";datetime="some day"
"""


def test_the_mementos_of_a_timemap_are_copies_as_they_were_captured() -> None:
    ask = memento.lookup("http://a.example/x", "http://archive.example/")
    answer = memento.read(ask, TIMEMAP.encode(), "application/link-format")
    assert isinstance(answer, Answer)
    assert [copy.address for copy in answer.copies] == [
        "http://archive.example/20230204000000id_/http://a.example/x?a=1,2",
        "http://archive.example/20230205000000id_/http://a.example/x",
    ]
    assert dict(answer.refused) == {"no-record": 1}


def test_a_timemap_of_a_hundred_thousand_entries_is_read_to_its_end() -> None:
    lines = (
        f'<http://archive.example/{number}/http://a.example/x>;rel="memento";'
        'datetime="Sat, 04 Feb 2023 00:00:00 GMT"'
        for number in range(100_000)
    )
    ask = memento.lookup("http://a.example/x", "http://archive.example/")
    answer = memento.read(ask, ",\n".join(lines).encode(), "")
    assert isinstance(answer, Answer)
    assert answer.records == 100_000


@pytest.mark.parametrize(("body", "code"), [(WALL, "html"), (b"busy, try later", "not-a-timemap")])
def test_what_is_no_timemap_is_refused(body: bytes, code: str) -> None:
    ask = memento.lookup("http://a.example/x", "http://archive.example/")
    answer = memento.read(ask, body, "")
    assert isinstance(answer, Refusal)
    assert answer.code == code


# --- Wikipedia ---


def test_an_article_leads_to_what_it_cites_and_to_its_sisters() -> None:
    [ask] = wikipedia.plan(scope(titles=("2023 balloon incident",)))
    page = {
        "title": "2023 balloon incident",
        "extlinks": [
            {"url": "https://a.example/2023/02/04/spy-balloon"},
            {"url": "https://web.archive.org/web/20230205/https://b.example/spy-balloon-seen"},
            {"url": "https://www.wikidata.org/wiki/Q1"},
        ],
        "langlinks": [{"lang": "fr", "title": "Ballon de 2023"}],
    }
    answer = wikipedia.read(ask, dumped({"query": {"pages": [page]}}), JSON, scope())
    assert isinstance(answer, Answer)
    plain, archived = answer.leads
    assert plain.found.url == "https://a.example/2023/02/04/spy-balloon"
    assert archived.found.url == "https://b.example/spy-balloon-seen"
    assert archived.copy is not None
    assert archived.copy.address.startswith("https://web.archive.org/web/20230205id_/")
    [sister] = answer.more
    assert sister.url.startswith("https://fr.wikipedia.org/w/api.php?")


def test_the_rest_of_a_long_article_is_asked_for() -> None:
    [ask] = wikipedia.plan(scope(titles=("fr:Ballon",)))
    value = {
        "continue": {"elcontinue": "500", "continue": "||"},
        "query": {"pages": [{"title": "B"}]},
    }
    answer = wikipedia.read(ask, dumped(value), JSON, scope())
    assert isinstance(answer, Answer)
    [rest] = answer.more
    assert query_of(rest)["elcontinue"] == ["500"]
    assert rest.key != ask.key


def test_an_unknown_title_is_answered_with_the_nearest_ones() -> None:
    [ask] = wikipedia.plan(scope(titles=("2023 baloon incident",)))
    missing = {"query": {"pages": [{"title": "2023 baloon incident", "missing": True}]}}
    answer = wikipedia.read(ask, dumped(missing), JSON, scope())
    assert isinstance(answer, Answer)
    [search] = answer.more
    found = {"query": {"search": [{"title": "2023 balloon incident"}]}}
    told = wikipedia.read(search, dumped(found), JSON, scope())
    assert isinstance(told, Refusal)
    assert "did you mean: 2023 balloon incident?" in told.detail


@pytest.mark.parametrize(
    ("title", "is_taken"), [("2023 Chinese balloon incident", True), ("Balloon (album)", False)]
)
def test_without_a_title_only_an_article_with_the_storys_words_is_taken(
    title: str, is_taken: bool
) -> None:
    [search] = wikipedia.plan(scope())
    answer = wikipedia.read(
        search, dumped({"query": {"search": [{"title": title}]}}), JSON, scope()
    )
    assert isinstance(answer, Answer) is is_taken


# --- Common Crawl ---


def test_only_the_crawls_of_the_window_are_asked_outlet_by_outlet() -> None:
    [ask] = ccindex.plan(scope(hosts=("a.example",)))
    crawls = [{"id": f"CC-MAIN-{name}"} for name in ("2022-49", "2023-06", "2024-10", "odd")]
    answer = ccindex.read(ask, dumped(crawls), JSON, scope(hosts=("a.example",)))
    assert isinstance(answer, Answer)
    assert [one.key for one in answer.more] == ["CC-MAIN-2023-06 a.example"]


def test_a_line_of_an_index_names_a_page_and_where_its_copy_lies() -> None:
    ask = Ask(source="common-crawl", key="k", url="u", part="a.example")
    row = {"url": "https://a.example/x", "timestamp": "20230204000000", "filename": "f.warc.gz",
           "offset": "100", "length": "20", "digest": "D"}  # fmt: skip
    answer = ccindex.read(ask, dumped(row) + b"\n{broken\n{}", JSON, scope())
    assert isinstance(answer, Answer)
    [lead] = answer.leads
    assert lead.copy is not None
    assert (lead.copy.start, lead.copy.length) == (100, 20)
    assert lead.copy.address == "https://data.commoncrawl.org/f.warc.gz"
    assert dict(answer.refused) == {"no-record": 2}
