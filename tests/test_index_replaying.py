"""What `export -f warc` writes is replayed, page by page, by other people's readers of web archives."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from index.archive.warc import read_file
from index.capture import Capture
from tests.replaying import find_node_modules, find_tool, serve_pywb

LOOPBACK = build_opener(ProxyHandler({}))
SCRIPT = Path(__file__).with_name("replay_with_wabac.mjs")


@dataclass(frozen=True, slots=True)
class Export:
    """The exported file, and what is in it by our own reader."""

    path: Path
    pages: tuple[Capture, ...]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    """The demo's export: the pages of fifteen outlets, some with a query, in seven languages."""
    root = tmp_path_factory.mktemp("replay")
    command = [sys.executable, "-m", "search_cli.main"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    made = ["-q", "demo", "demo"]
    exported = ["-C", "demo", "export", "story:balloon", "-f", "warc", "-o", "e.warc.gz"]
    for rest in (made, exported):
        subprocess.run([*command, *rest], cwd=root, env=environment, check=True)
    path = root / "e.warc.gz"
    items = read_file(path, name="e.warc.gz")
    pages = tuple(item for item in items if isinstance(item, Capture))
    counted = subprocess.run(
        [*command, "-C", "demo", "search", "story:balloon", "--count"],
        cwd=root, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert len(pages) == int(counted.stdout) > 50
    assert any("?" in page.url for page in pages)
    return Export(path, pages)


def stamp(page: Capture) -> str:
    return f"{page.fetched:%Y%m%d%H%M%S}"


def told(page: Capture) -> tuple[str, str, str, str]:
    return page.url, page.header("Content-Type"), f"{page.fetched:%c}", sha256(page.body)


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def test_pywb_gives_every_page_with_its_body_type_and_date(export: Export, tmp_path: Path) -> None:
    with serve_pywb(tmp_path / "pywb", [export.path]) as address:
        replayed = []
        for page in export.pages:
            with LOOPBACK.open(f"{address}/{stamp(page)}id_/{page.url}", timeout=30) as answer:
                moment = parsedate_to_datetime(answer.headers["Memento-Datetime"])
                kind, body = answer.headers["Content-Type"], answer.read()
            replayed.append((page.url, kind, f"{moment:%c}", sha256(body)))
    assert replayed == [told(page) for page in export.pages]


def test_the_reader_of_replayweb_page_gives_every_page(export: Export) -> None:
    done = subprocess.run(
        ["node", SCRIPT, find_node_modules(), export.path],
        input=json.dumps([(page.url, stamp(page)) for page in export.pages]),
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert None not in found
    moments = [datetime.fromisoformat(one["date"]).astimezone(UTC) for one in found]
    assert moments == [in_milliseconds(page.fetched) for page in export.pages]
    assert [one["type"] for one in found] == [page.header("Content-Type") for page in export.pages]
    # It keeps payloads as they came over the wire; how they are packed, the archive's digest tells.
    assert [one["sha256"] for one in found] == [wire_sha256(page) for page in export.pages]


def in_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def wire_sha256(page: Capture) -> str:
    assert page.ref is not None
    return base64.b32decode(page.ref.digest.removeprefix("sha256:")).hex()


def test_the_indexers_of_pywb_file_every_page_under_its_own_address(export: Export) -> None:
    of_its_own = [find_tool("cdxj-indexer"), "--post-append"]
    of_pywb = [find_tool("cdx-indexer"), "-j", "-p"]
    for command in (of_its_own, of_pywb):
        done = subprocess.run([*command, export.path], capture_output=True, text=True, check=True)
        lines = [json.loads(line.split(" ", 2)[2]) for line in done.stdout.splitlines()]
        assert "__wb_method" not in done.stdout
        assert {(one["url"], int(one["offset"])) for one in lines} == {
            (page.url, page.ref.offset) for page in export.pages if page.ref
        }


def test_fastwarc_reads_the_same_pages(export: Export) -> None:
    fastwarc = pytest.importorskip("fastwarc.warc")
    with export.path.open("rb") as file:
        records = fastwarc.ArchiveIterator(
            file, record_types=fastwarc.WarcRecordType.response, auto_decode="all"
        )
        found = [
            (
                record.headers["WARC-Target-URI"],
                record.http_headers["Content-Type"],
                f"{record.record_date:%c}",
                sha256(record.reader.read()),
            )
            for record in records
        ]
    assert found == [told(page) for page in export.pages]


def test_warcio_reads_the_same_pages(export: Export) -> None:
    from warcio.archiveiterator import ArchiveIterator

    found, requests = [], []
    with export.path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            headers = record.rec_headers
            body = record.content_stream().read()
            if record.rec_type == "request":
                requests.append(record.http_headers.protocol)
            if record.rec_type == "response":
                moment = datetime.fromisoformat(headers.get_header("WARC-Date"))
                kind = record.http_headers.get_header("Content-Type")
                url = headers.get_header("WARC-Target-URI")
                found.append((url, kind, f"{moment:%c}", sha256(body)))
    assert found == [told(page) for page in export.pages]
    assert set(requests) == {"GET"}
