"""`story translate`: a query carried into other languages by Wikipedia's titles, asked on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.pages.interlanguage import read_titles, read_variants
from index.query import parse
from index.relevance.suggest.carry import carry_tree, words_of
from index.workspace import Workspace
from tests.conftest import Said

QUERY = """"spy balloon" OR balloon NEAR/12 (China OR Pentagon OR pilot)"""
LINKS = {
    "Balloon": {"zh": "氣球", "de": "Ballon (Luftfahrt)", "sv": "Ballong"},
    "Surveillance balloon": {"de": "Spionageballon"},
    "The Pentagon": {"zh": "五角大楼", "de": "Pentagon"},
}
REDIRECTS = {"Spy balloon": "Surveillance balloon", "Pentagon": "The Pentagon"}
STORY = f"""\
id = "balloon"
title = "A balloon"

[match]
en = '''{QUERY}'''
# min_words = 60
"""


def answer(language: str, asked: dict[str, list[str]]) -> dict[str, Any]:
    """What MediaWiki would say, of these articles alone."""
    titles = asked["titles"][0].split("|")
    if "varianttitles" in asked.get("inprop", []):
        spelt = {"氣球": {"zh-hans": "气球", "zh-hant": "氣球"}}
        return {
            "query": {"pages": [{"title": one, "varianttitles": spelt.get(one)} for one in titles]}
        }
    assert language == "en"
    redirects = [{"from": one, "to": REDIRECTS[one]} for one in titles if one in REDIRECTS]
    pages: list[dict[str, Any]] = []
    for title in dict.fromkeys(REDIRECTS.get(one, one) for one in titles):
        if title == "Pilot":
            pages.append({"title": title, "pageprops": {"disambiguation": ""}, "langlinks": []})
        elif title in LINKS:
            links = [{"lang": lang, "title": name} for lang, name in LINKS[title].items()]
            pages.append({"title": title, "langlinks": links})
        else:
            pages.append({"title": title, "missing": True})
    return {"query": {"redirects": redirects, "pages": pages}}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        server: Any = self.server
        server.asked.append(self.path)
        body = json.dumps(answer(parts.path.split("/")[1], parse_qs(parts.query))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def wikipedia() -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def make_desk(root: Path, port: int) -> None:
    (root / "stories").mkdir()
    (root / "stories" / "balloon.toml").write_text(STORY, "utf-8")
    (root / "outlets.toml").write_text(
        '[[outlet]]\nid = "blatt.example"\nlang = ["de"]\n\n'
        '[[outlet]]\nid = "ribao.example"\nlang = ["zh"]\n',
        "utf-8",
    )
    (root / "workspace.toml").write_text(
        'contact = "desk@clippings.example"\nallow_private = true\n\n'
        f'[backfill.sources]\nwikipedia = "http://127.0.0.1:{port}/{{lang}}/w/api.php"\n\n'
        "[backfill.pause]\nwikipedia = 0\n",
        "utf-8",
    )


def test_a_query_is_carried_into_the_outlets_languages_and_offline_from_then_on(
    tmp_path: Path,
    wikipedia: Any,
    own_process: Callable[..., Said],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_desk(tmp_path, wikipedia.server_address[1])
    monkeypatch.chdir(tmp_path)
    said = own_process("story", "translate", "balloon", "--write")
    assert said.status == 0
    assert said.out.splitlines() == [
        "de\tSpionageballon OR Ballon NEAR/12 (China OR Pentagon)",
        "zh\t(气球 OR 氣球) (中国 OR 五角大楼)",
    ]
    assert "there is called: pilot\n" in said.err
    text = (tmp_path / "stories" / "balloon.toml").read_text("utf-8")
    assert "[match]\n# de = '''Spionageballon OR" in text
    assert Workspace.load(tmp_path).story("balloon").match == {"en": QUERY}
    asked = len(wikipedia.asked)
    assert asked == 2
    again = own_process("story", "translate", "balloon", "zh")
    assert (again.status, again.out) == (0, "zh\t(气球 OR 氣球) (中国 OR 五角大楼)\n")
    assert len(wikipedia.asked) == asked


def test_without_an_answer_what_needs_none_is_carried(
    tmp_path: Path, own_process: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_desk(tmp_path, 9)
    monkeypatch.chdir(tmp_path)
    said = own_process("story", "translate", "balloon", "zh")
    assert said.status == 3
    assert said.out == ""
    assert "Wikipedia gave no answer" in said.err


@pytest.mark.parametrize(
    ("query", "carried"),
    [
        pytest.param("balloon pilot", None, id="a part that has to be there is lost"),
        pytest.param("balloon OR pilot", "气球", id="an alternative is left out"),
        pytest.param('"spy balloon" OR ball*', None, id="a wildcard says nothing elsewhere"),
        pytest.param("balloon NEAR/8 China", "气球 中国", id="no distance without spaces"),
        pytest.param("balloon lang:en", "气球 lang:en", id="a filter stays"),
    ],
)
def test_a_tree_keeps_its_form(query: str, carried: str | None) -> None:
    found = carry_tree(parse(query), {"balloon": {"zh": ["气球"]}}, "en", "zh")
    assert (None if found is None else str(found)) == carried


def test_the_words_of_a_query_are_asked_for_once() -> None:
    assert words_of(parse(f"({QUERY}) -balloon")) == [
        "spy balloon", "balloon", "China", "Pentagon", "pilot",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value", [None, [], {"query": 1}, {"query": {"pages": [{}, {"title": 3}]}}]
)
def test_an_answer_of_another_form_says_nothing(value: Any) -> None:
    assert read_titles(value, ["balloon"]) == {}
    assert read_variants(value if isinstance(value, dict) else {}, "zh").get("x") is None
