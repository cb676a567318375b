"""Media Cloud: its request with the user's key, its pages, and what is said of a key that is wrong."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.backfill import Answer, Scope, mediacloud
from crawler.demo.serving import serve
from crawler.demo.site import ServedAnswer, Site, outlet_of
from crawler.refusal import Refusal
from index.workspace.story import FOLDER, Story

SCOPE = Scope(
    story=Story(
        id="b", title="B", match={"en": '"spy balloon" OR balloon NEAR/9 (China OR Montana)'}
    ),
    start=datetime(2023, 2, 1, tzinfo=UTC),
    end=datetime(2023, 2, 15, tzinfo=UTC),
    collections=("34412234",),
)


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    err: str


def test_the_query_is_in_its_words_and_bound_to_days_and_collections() -> None:
    [ask] = mediacloud.plan(SCOPE)
    asked = {name: value[0] for name, value in parse_qs(urlsplit(ask.url).query).items()}
    assert asked["q"] == ('(("spy balloon") OR (balloon AND (China OR Montana))) AND language:en')
    assert (asked["start"], asked["end"], asked["cs"]) == ("2023-02-01", "2023-02-14", "34412234")


def test_a_page_names_stories_and_the_next_page() -> None:
    [ask] = mediacloud.plan(SCOPE)
    row = {
        "url": "https://a.example/x",
        "title": "T",
        "publish_date": "2023-02-04",
        "language": "en",
    }
    value = {"stories": [row, {"title": "no address"}], "pagination_token": "next"}
    answer = mediacloud.read(ask, json.dumps(value).encode(), "application/json", SCOPE)
    assert isinstance(answer, Answer)
    [lead], [more] = answer.leads, answer.more
    assert lead.found.published_at == datetime(2023, 2, 4, tzinfo=UTC)
    assert "pagination_token=next" in more.url
    assert more.key != ask.key
    assert dict(answer.refused) == {"no-url": 1}


def test_what_is_no_list_of_stories_is_refused() -> None:
    [ask] = mediacloud.plan(SCOPE)
    answer = mediacloud.read(ask, b'{"note": "bad query"}', "application/json", SCOPE)
    assert isinstance(answer, Refusal)
    assert answer.detail == "bad query"


def backfill(desk: Path, status: int, **environment: str) -> Said:
    (desk / FOLDER).mkdir(parents=True)
    settings = """
[backfill]
collections = ["34412234"]
[backfill.sources]
mediacloud = "http://mediacloud.example/api/"
[backfill.pause]
mediacloud = 0
"""
    (desk / "workspace.toml").write_text(settings, "utf-8")
    story = """id = "b"
title = "B"
window = "2023-02-01..2023-02-14"
[match]
en = 'balloon'
"""
    (desk / FOLDER / "b.toml").write_text(story, "utf-8")
    body = json.dumps({"stories": [], "pagination_token": None}).encode()
    answer = ServedAnswer(body=body, media="application/json", status=status)
    service = outlet_of("mediacloud.example", {"/api/search/story-list": answer})
    with serve(Site.of([service])) as site:
        own = {name: value for name, value in os.environ.items() if name != mediacloud.KEY}
        path = {"http_proxy": site.ports.proxy_url, "PYTHONPATH": str(Path.cwd())}
        verb = [sys.executable, "-m", "search_cli.main", "-C", str(desk), "backfill", "b"]
        done = subprocess.run(
            [*verb, "--from", "mediacloud"], env=own | path | environment, capture_output=True,
            text=True,
        )  # fmt: skip
    return Said(done.returncode, done.stderr)


def test_without_a_key_it_says_where_to_put_one(tmp_path: Path) -> None:
    said = backfill(tmp_path / "desk", 200)
    assert said.code == 2
    assert mediacloud.KEY in said.err


@pytest.mark.parametrize(("status", "code"), [(200, 0), (401, 4)])
def test_a_key_is_sent_and_kept_out_of_everything(tmp_path: Path, status: int, code: int) -> None:
    said = backfill(tmp_path / "desk", status, MEDIACLOUD_API_KEY="very-secret")
    assert said.code == code, said.err
    assert ("is the key right?" in said.err) == (status == 401)
    assert "very-secret" not in said.err

    written = [path for path in (tmp_path / "desk" / "data").rglob("*") if path.is_file()]
    for path in written:
        data = path.read_bytes()
        plain = gzip.decompress(data) if path.suffix == ".gz" else data
        assert b"very-secret" not in plain
