"""`pressclip extract` on files, standard input and a loopback outlet."""

from __future__ import annotations

import io
import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.capture import Capture, Listing
from index.store import Store
from index.workspace.lock import hold

Run = Callable[..., Any]
TEXT = (
    "A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said.",
    "Officials called it a spy balloon and followed it for two days before it drifted out to sea.",
    "Nobody was hurt, and the school in Harrow Bend stayed open, its head teacher told us.",
)
PAGE = f"""<html lang="en"><head><title>Balloon over Harrow Bend | Prairie Courier</title>
<link rel="canonical" href="https://prairie-courier.example/2023/02/04/balloon-over-harrow-bend">
<meta property="og:title" content="Balloon over Harrow Bend">
<meta property="article:published_time" content="2023-02-03T22:00:00Z">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Balloon over Harrow Bend",
"datePublished": "2023-02-04T10:05:00Z", "author": {{"@type": "Person", "name": "Ann Example"}}}}</script>
</head><body><h1>Balloon over Harrow Bend</h1><div>{"".join(f"<p>{line}</p>" for line in TEXT)}
<blockquote>It was as big as a barn and twice as quiet, said the farmer.</blockquote></div>
<div class="newsletter-box"><p>Sign up for the news of the prairie every morning.</p></div></body></html>"""
SHELL = (
    "<html><head><title>Courier</title></head><body><p>Please enable JavaScript.</p></body></html>"
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    return path


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    root = tmp_path / "site"
    root.mkdir()
    (root / "balloon.html").write_text(PAGE, "utf-8")
    (root / "robots.txt").write_text("User-agent: *\nDisallow: /private/\n", "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def open_desk(desk: Path) -> Path:
    file = desk / "workspace.toml"
    file.write_text(f"allow_private = true\ndelay = 0\n{file.read_text('utf-8')}", "utf-8")
    return desk


def test_a_file_is_read_outside_a_workspace(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pressclip: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    said = pressclip("extract", "page.html")
    assert (said.status, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "title      Balloon over Harrow Bend   (h1)"
    assert "authors    Ann Example   (json-ld)" in lines
    assert "outlet     prairie-courier.example" in lines
    assert TEXT[0] in lines
    assert "Sign up" not in said.out


def test_the_text_alone_can_go_into_a_pipe(
    page: Path, pressclip: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(page.read_bytes())))
    said = pressclip("extract", "-", "-f", "text")
    assert said.out.split("\n\n")[:3] == list(TEXT)


def test_a_pipe_without_end_is_left_at_the_limit(
    pressclip: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("/dev/zero").open() as endless:
        monkeypatch.setattr(sys, "stdin", endless)
        said = pressclip("extract", "-")
    assert (said.status, "over 10 MiB" in said.err) == (2, True)


def test_an_explanation_names_every_witness_the_winner_and_what_was_kept_out(
    page: Path, pressclip: Run
) -> None:
    told = json.loads(pressclip("extract", str(page), "--explain", "--json").out)["explain"]
    heard = [(one["field"], one["source"], one["won"]) for one in told["heard"]]
    assert ("title", "h1", True) in heard
    assert ("title", "og:title", False) in heard
    assert ("published", "json-ld datePublished", True) in heard
    assert ("published", "meta article:published_time", False) in heard
    assert ("authors", "json-ld", True) in heard
    assert ("text", "trafilatura", True) in heard
    assert [one["text"] for one in told["removed"]] == [
        "Sign up for the news of the prairie every morning."
    ]
    shown = pressclip("extract", str(page), "--explain").out
    assert "* title      h1" in shown
    assert "  quote            It was as big as a barn" in shown
    assert 'a block called "newsletter-box": Sign up' in shown


def test_a_refused_page_is_told_with_its_kind(tmp_path: Path, pressclip: Run) -> None:
    path = tmp_path / "shell.html"
    path.write_text(SHELL, "utf-8")
    address = "https://prairie-courier.example/a"
    said = pressclip("extract", str(path), "--url", address)
    assert said.status == 1
    assert said.out.startswith(f"{address}: no article: js-shell (")
    record = json.loads(pressclip("extract", str(path), "--url", address, "--json").out)
    assert (record["url"], record["refused"]) == (address, "js-shell")


def test_a_warc_file_gives_a_list(tmp_path: Path, pressclip: Run) -> None:
    with Archive(tmp_path / "archive") as archive:
        for number, body in enumerate((PAGE, SHELL)):
            archive.append(
                Capture(
                    url=f"https://prairie-courier.example/{number}", status=200, headers=(),
                    body=body.encode(), fetched=datetime(2023, 2, 5, tzinfo=UTC),
                    listing=Listing(channel="feed"),
                )
            )  # fmt: skip
    (path,) = (tmp_path / "archive").rglob("*.warc.gz")
    said = pressclip("extract", str(path), "--json")
    assert [record.get("refused") for record in json.loads(said.out)] == [None, "js-shell"]
    assert said.status == 0
    assert len(pressclip("extract", str(path), "-f", "jsonl").out.splitlines()) == 2


def test_a_page_is_fetched_by_the_rules_of_a_crawl(
    open_desk: Path, site: str, own_process: Run
) -> None:
    said = own_process("extract", f"{site}/balloon.html", "-q")
    assert (said.status, said.err) == (0, "")
    assert "Balloon over Harrow Bend" in said.out
    refused = own_process("extract", f"{site}/private/page.html")
    assert refused.status == 4
    assert "not fetched: robots" in refused.err
    missing = own_process("extract", f"{site}/gone.html", "-q")
    assert (missing.status, "no article: http-404" in missing.out) == (1, True)
    with Archive(open_desk / "data" / "archive") as archive:
        urls = [
            item.url.removeprefix(site) for item in archive.captures() if isinstance(item, Capture)
        ]
    assert {"/robots.txt", "/balloon.html", "/gone.html"} <= set(urls)
    with Store.open(open_desk / "data" / "pressclip.db") as store:
        assert store.articles.all_ids() == []  # archived, and no article of the corpus


def test_outside_a_workspace_a_page_is_fetched_and_nothing_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_process: Run
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    said = own_process("extract", "http://127.0.0.1:9/a", "-q")
    assert said.status == 4
    refused, hint = said.err.splitlines()
    assert "http://127.0.0.1:9/a: not fetched: blocked-address" in refused
    assert hint == "hint: a private address needs a desk with allow_private = true"
    assert [*(tmp_path / "empty").iterdir(), *(tmp_path / "tmp").iterdir()] == []


def test_a_name_that_nobody_has_is_told_with_a_hint(desk: Path, own_process: Run) -> None:
    said = own_process("extract", "http://no-such-host.invalid/a", "-q")
    assert (said.status, "not fetched: dns" in said.err) == (4, True)
    assert said.err.splitlines()[1] == "hint: is the name spelled right?"


def test_beside_a_crawl_a_page_is_not_fetched_but_a_file_is_read(
    open_desk: Path, site: str, page: Path, pressclip: Run
) -> None:
    with hold(open_desk / "data" / "lock"):
        said = pressclip("extract", f"{site}/balloon.html", "-q")
        assert pressclip("extract", str(page), "-q").status == 0
    assert said.status == 75
    assert "locked by another command" in said.err.splitlines()[0]
    assert said.err.splitlines()[1].startswith("hint: wait until it ends")


def test_an_interrupt_ends_it_at_once_and_gives_the_workspace_back(open_desk: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a"
        command = [sys.executable, "-m", "search_cli.main", "extract", url, "-q"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as asking:
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                asking.send_signal(signal.SIGINT)
                _, told = asking.communicate(timeout=30)
    assert asking.returncode == 130
    assert "Traceback" not in told
    with hold(open_desk / "data" / "lock"):
        pass


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("no-such-file.html",), 2, "no such file"),
        (("ftp://prairie-courier.example/",), 2, "only http and https addresses"),
        (("http://",), 2, "not the address of a page"),
        ((".",), 2, "a folder"),
        (("-C", "nowhere", "page.html"), 2, "no workspace.toml"),
        (("page.html", "--url", "nonsense"), 2, "not the address of a page"),
        (("page.html", "--explain", "-f", "text"), 2, "cannot be used with"),
    ],
    ids=["file", "scheme", "address", "folder", "workspace", "url", "format"],
)
def test_wrong_input_is_one_line(
    arguments: tuple[str, ...], status: int, told: str, page: Path, pressclip: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(page.parent)
    said = pressclip("extract", *arguments, "-q")
    assert (said.status, said.out) == (status, "")
    assert told in said.err.splitlines()[0]
    assert len(said.err.splitlines()) <= 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty (the response has no body)"),
        (b" \n\n", "empty (the response has no body)"),
        (b"%PDF-1.7\n1 0 obj", "not-html (the body is PDF)"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not-html (the body is PNG image)"),
        (b"The balloon was seen.", "not-html (the body is plain text)"),
        (b"<h1>Page not found</h1><p>Sorry, this page could not be found.</p>", "soft-404 ("),
        (
            b"<h1>Log in to continue</h1><p>Please sign in to read on.</p><input type=password>",
            "login (",
        ),
    ],
    ids=["empty", "blank", "pdf", "image", "text", "soft-404", "login"],
)
def test_an_odd_file_is_refused_in_one_line(
    body: bytes, told: str, tmp_path: Path, pressclip: Run
) -> None:
    path = tmp_path / "odd.html"
    path.write_bytes(body)
    said = pressclip("extract", str(path))
    assert (said.status, len(said.out.splitlines()), said.err) == (1, 1, "")
    assert f": no article: {told}" in said.out


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        (".", "hint: name the files in it, one at a time"),
        ("nothing.html", "hint: an address begins with https://"),
    ],
    ids=["folder", "no-file"],
)
def test_a_hint_is_about_what_was_wrong(
    source: str, hint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pressclip: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    assert pressclip("extract", source, "-q").err.splitlines()[1] == hint


def test_the_record_tells_agency_place_and_what_is_doubtful(tmp_path: Path, pressclip: Run) -> None:
    lines = (
        "HARLOW, Mont. (Reuters) - Ranchers saw a balloon on Thursday, and told the sheriff at once.",
        "The sheriff wrote down what they had seen, and for how long, in a book that he keeps there.",
        "Nobody was hurt, he said, though a fence was broken where people had stood to see it better.",
    )
    path = tmp_path / "page.html"
    body = "".join(f"<p>{line}</p>" for line in lines)
    said = json.dumps({"@type": "NewsArticle", "datePublished": "2023-02-04T10:00:00Z"})
    path.write_text(
        "<html lang=en><head><title>Balloon seen</title>"
        "<meta property='article:published_time' content='2023-02-01T10:00:00Z'>"
        f"<script type='application/ld+json'>{said}</script></head>"
        f"<body><h1>Balloon seen</h1><article>{body}</article></body></html>"
    )
    told = dict(
        line.split(None, 1)
        for line in pressclip("extract", str(path)).out.splitlines()[:11]
        if line
    )
    assert (told["agency"], told["place"]) == ("Reuters", "HARLOW, Mont")
    assert told["published"].startswith("~2023-02-04 10:00 UTC, witnesses disagree")


def test_a_text_without_spaces_is_counted_in_characters(tmp_path: Path, pressclip: Run) -> None:
    path = tmp_path / "page.html"
    body = "<p>木曜日の朝、白い大きな気球が町の上空を通り過ぎ、住民たちは家の外に出て見上げていた。</p>"
    path.write_text(
        f"<html lang=ja><title>気球</title><body><article><h1>気球</h1>{body * 4}", "utf-8"
    )
    assert re.search(r"^text +\d+ characters", pressclip("extract", str(path)).out, re.MULTILINE)
