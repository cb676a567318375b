"""GDELT's list by the minute: which files are asked for, and what is read of them."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.backfill import Answer, Scope, gal
from crawler.refusal import Refusal
from index.workspace.story import Story

START = datetime(2023, 2, 4, 12, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STORY = Story(id="balloon", title="Balloon", match={"en": "balloon"})


def scope(hours: int = 2) -> Scope:
    return Scope(story=STORY, start=START, end=START.replace(hour=12 + hours))


def minutes(settled: dict[str, bool] | None = None, whole: tuple[str, ...] = ()) -> gal.Minutes:
    return gal.Minutes(scope(), NOW, settled or {}, whole)


def packed(*records: dict[str, Any] | str) -> bytes:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
    return gzip.compress("\n".join(lines).encode())


def record(**fields: Any) -> dict[str, Any]:
    return {"url": "https://a.example/2023/02/04/x", "date": "2023-02-04T12:00:00Z", **fields}


def ask_all(files: gal.Minutes, offsets: set[int]) -> list[str]:
    """Every key asked for, where files exist at these minutes after each quarter."""
    keys = []
    while (ask := files.next()) is not None:
        keys.append(ask.key)
        files.answered(ask.key, found=int(ask.key[10:12]) % 15 in offsets)
    return keys


def test_a_file_is_named_by_its_minute() -> None:
    ask = gal.ask(START, 3)
    assert ask.url == "http://data.gdeltproject.org/gdeltv3/gal/20230204120300.gal.json.gz"
    assert gal.minute_of(ask.key) == (START, 3)


def test_minutes_that_never_have_a_file_are_soon_not_asked_for_any_more() -> None:
    keys = ask_all(minutes(), {1, 2, 3})
    late = [key for key in keys if key.startswith("20230205")]
    assert {int(key[10:12]) % 15 for key in late} == {1, 2, 3}
    assert len(keys) < 5 * 26 * 3  # hours of window and the day after it, quarters, files


def test_no_file_of_a_quarter_is_missed_when_the_minutes_move() -> None:
    files = minutes()
    asked: dict[str, bool] = {}
    while (ask := files.next()) is not None:
        offset = int(ask.key[10:12]) % 15
        asked[ask.key] = offset == (1 if ask.key < "20230204200000" else 6)
        files.answered(ask.key, found=asked[ask.key])
    assert asked["20230205030600"]


def test_a_second_run_asks_only_for_what_is_missing() -> None:
    files, settled, whole = minutes(), {}, []
    for _ in range(40):
        ask = files.next()
        assert ask is not None
        settled[ask.key] = int(ask.key[10:12]) % 15 in {1, 2, 3}
        whole += [key for key in [files.answered(ask.key, found=settled[ask.key])] if key]
    rest = ask_all(minutes(settled, tuple(whole)), {1, 2, 3})
    assert not settled.keys() & set(rest)
    assert min(rest) > min(settled)


def test_after_a_whole_run_nothing_is_left() -> None:
    files, settled, whole = minutes(), {}, []
    while (ask := files.next()) is not None:
        settled[ask.key] = int(ask.key[10:12]) % 15 in {1, 2, 3}
        whole += [key for key in [files.answered(ask.key, found=settled[ask.key])] if key]
    assert minutes(settled, tuple(whole)).next() is None


def test_a_quarter_with_a_file_that_did_not_come_whole_is_looked_at_again() -> None:
    files, settled = minutes(), {}
    whole = []
    for number in range(8):
        ask = files.next()
        assert ask is not None
        if number == 1:
            files.failed(ask.key)
            continue
        settled[ask.key] = number in {1, 2, 3}
        whole += [key for key in [files.answered(ask.key, found=settled[ask.key])] if key]
    assert whole == []
    rest = minutes(settled, tuple(whole)).next()
    assert rest is not None
    assert rest.key == "20230204120100"


def test_what_does_not_pass_is_counted_and_not_made() -> None:
    body = packed(record(title="Oscars"), record(title="Balloon"), record())
    answer = gal.read(body, lambda text: "Balloon" in text)
    assert isinstance(answer, Answer)
    assert answer.records == 3
    assert [lead.found.title for lead in answer.leads] == ["Balloon", ""]


def test_a_record_is_a_lead_with_what_is_said_of_the_page() -> None:
    said = record(
        title="Spy balloon &amp; more",
        desc="One <b>bold</b> sentence.",
        lang="EN",
        domain="A.example",
    )
    answer = gal.read(packed(said))
    assert isinstance(answer, Answer)
    [lead] = answer.leads
    assert (lead.found.title, lead.found.summary) == ("Spy balloon & more", "One bold sentence.")
    assert (lead.language, lead.outlet, lead.found.published_at) == ("en", "a.example", START)


def test_what_is_no_record_is_counted_and_left_out() -> None:
    body = packed("{broken", "[]", "7", {"title": "no address"}, record(url="ftp://x"), record())
    answer = gal.read(body)
    assert isinstance(answer, Answer)
    assert answer.records == 6
    assert dict(answer.refused) == {"no-record": 3, "no-url": 2}
    assert len(answer.leads) == 1


@pytest.mark.parametrize(
    "date", ["", "yesterday", "1870-01-01T00:00:00Z", "2999-01-01T00:00:00Z", 7]
)
def test_a_date_that_cannot_be_is_none(date: object) -> None:
    answer = gal.read(packed(record(date=date)))
    assert isinstance(answer, Answer)
    assert answer.leads[0].found.published_at is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"<html>Service unavailable</html>", "not-json"),
        (b"\x1f\x8b\xff no gzip", "unreadable"),
    ],
    ids=["empty", "a web page", "no gzip"],
)
def test_what_is_no_list_is_refused(body: bytes, code: str) -> None:
    answer = gal.read(body)
    assert isinstance(answer, Refusal)
    assert answer.code == code


def test_of_a_file_that_was_cut_the_whole_lines_are_read() -> None:
    whole = packed(*(record(title=f"Title {number}") for number in range(500)))
    answer = gal.read(whole[: len(whole) // 2])
    assert isinstance(answer, Answer)
    assert answer.leads
    assert dict(answer.refused) == {"cut": 1}


def test_a_list_that_begins_with_a_broken_line_is_read_behind_it() -> None:
    good = b'{"url": "http://a.example/1", "title": "A balloon", "date": "2023-02-04T00:10:00Z"}'
    answer = gal.read(gzip.compress(b"not json\n[1]\n" + good + b"\n"))
    assert isinstance(answer, Answer)
    assert (len(answer.leads), dict(answer.refused)) == (1, {"no-record": 2})


def test_what_has_no_record_at_all_is_no_list() -> None:
    page = b"<!DOCTYPE html>\n<html>\n<body>Service unavailable</body>\n</html>"
    refused = gal.read(page)
    assert isinstance(refused, Refusal)
    assert refused.code in ("not-json", "html")
