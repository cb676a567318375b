"""`export -f wacz`: what it writes is whole, opens in other people's readers, and comes back the same."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from index.archive.cdxj import SortedLines, sort_key
from index.archive.containers import read_container
from index.archive.wacz_writer import write_wacz
from index.archive.warc import Damage
from index.capture import Capture
from tests.containers import packed
from tests.replaying import find_node_modules, find_tool, serve_pywb
from tests.test_cli_export import Command
from tests.test_cli_prove import proved
from tests.test_crawl_import import AIRSHIP, HOST, article

__all__ = ["proved"]
LOOPBACK = build_opener(ProxyHandler({}))
SCRIPT = Path(__file__).with_name("replay_with_wabac.mjs")
DATE = "2023-02-04T12:00:00Z"


@pytest.fixture
def made(desk: Path, pressclip: Command, tmp_path: Path) -> Path:
    """A WACZ of the two articles that a desk has of its story."""
    (desk / "stories" / "airship.toml").write_text(AIRSHIP, "utf-8")
    source = tmp_path / "in.warc.gz"
    pages = [article("2023/02/04/a", "Balloon over Harrow", date=DATE)]
    pages += [article("2023/02/04/b?q=2&p=1", "Airship, again", date=DATE)]
    source.write_bytes(packed(pages))
    pressclip("crawl", "--warc", str(source), "-j", "1")
    path = tmp_path / "out.wacz"
    said = pressclip("export", "story:airship", "-f", "wacz", "-o", str(path))
    assert "wrote 2 articles" in said.err
    return path


def lines_of(wacz: zipfile.ZipFile) -> list[tuple[str, str, dict[str, str]]]:
    text = gzip.decompress(wacz.read("indexes/index.cdx.gz")).decode("utf-8")
    parts = [line.split(" ", 2) for line in text.splitlines()]
    return [(key, stamp, json.loads(said)) for key, stamp, said in parts]


def test_every_file_is_what_the_datapackage_says(made: Path) -> None:
    with zipfile.ZipFile(made) as wacz:
        package = json.loads(wacz.read("datapackage.json"))
        for one in package["resources"]:
            data = wacz.read(one["path"])
            assert one["bytes"] == len(data)
            assert one["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        told = {one["path"] for one in package["resources"]}
        assert set(wacz.namelist()) - told == {"datapackage.json", "datapackage-digest.json"}
        digest = json.loads(wacz.read("datapackage-digest.json"))["hash"]
        assert digest == f"sha256:{hashlib.sha256(wacz.read('datapackage.json')).hexdigest()}"


def test_the_index_leads_to_each_record(made: Path) -> None:
    with zipfile.ZipFile(made) as wacz:
        records = wacz.read("archive/pages-001.warc.gz")
        assert wacz.getinfo("archive/pages-001.warc.gz").compress_type == zipfile.ZIP_STORED
        lines = lines_of(wacz)
    assert [key for key, _, _ in lines] == [
        "example,prairie-courier)/2023/02/04/a", "example,prairie-courier)/2023/02/04/b?p=1&q=2",
    ]  # fmt: skip
    for _, stamp, said in lines:
        offset, length = int(said["offset"]), int(said["length"])
        record = gzip.decompress(records[offset : offset + length]).decode("utf-8")
        assert record.startswith("WARC/1.1")
        assert f"WARC-Target-URI: {said['url']}\r\n" in record
        assert f"WARC-Payload-Digest: {said['digest']}\r\n" in record
        assert (stamp, said["status"], said["mime"]) == ("20230204120000", "200", "text/html")


def test_the_list_of_pages_has_their_texts(made: Path) -> None:
    with zipfile.ZipFile(made) as wacz:
        head, *pages = map(json.loads, wacz.read("pages/pages.jsonl").splitlines())
    assert (head["format"], head["hasText"]) == ("json-pages-1.0", True)
    assert {page["title"] for page in pages} == {"Balloon over Harrow", "Airship, again"}
    assert all("A white balloon" in page["text"] and page["ts"] == DATE for page in pages)


def test_another_desk_gives_its_articles_the_same_ids(
    made: Path, desk: Path, pressclip: Command
) -> None:
    ids = pressclip("export", "*", "-f", "ids").out
    shutil.rmtree(desk / "data")
    with (desk / "workspace.toml").open("a") as file:
        file.write('\n[evidence]\ntsa = "http://127.0.0.1:9/"\n')
    said = pressclip("crawl", "--warc", str(made), "-j", "1")
    assert (said.status, "in the files: 2 pages" in said.err) == (0, True)
    assert "no time stamp today: http://127.0.0.1:9/: " in said.err  # and no failure of the crawl
    assert sorted(pressclip("export", "*", "-f", "ids").out.split()) == sorted(ids.split())


def test_a_page_comes_with_its_redirects_and_robots(
    proved: Path, pressclip: Command, tmp_path: Path
) -> None:
    from index.archive import Archive
    from index.store import Store
    from search_cli.view.exporting import archived_pages

    with Store.open(proved / "data" / "pressclip.db") as store:
        (identity,) = store.articles.find("", "https://w.example/new")
        (page,) = archived_pages(
            store.articles.get([identity]).values(), archive := Archive(proved / "data" / "archive")
        )
    made = tmp_path / "out.wacz"
    assert write_wacz(made, archive, [page], title="t", software="s") == 1
    with zipfile.ZipFile(made) as wacz:
        lines = lines_of(wacz)
    assert [(said["url"], said["status"]) for _, _, said in lines] == [
        ("https://w.example/new", "200"), ("https://w.example/old", "301"),
        ("https://w.example/robots.txt", "200"),
    ]  # fmt: skip
    assert [time for _, time, _ in lines][2] == "20230204115100"  # the newest from before the page
    assert [type(one) for one in read_container(made)].count(Capture) == 3


def test_an_index_of_any_length_is_sorted_in_little_memory(tmp_path: Path) -> None:
    lines = [f"example,a)/{number * 7919 % 1000:03d} 2023 {{}}" for number in range(1000)]
    with SortedLines(tmp_path, most=64) as found:
        for line in lines:
            found.add(line)
        assert list(found) == sorted(lines)
    assert list(tmp_path.iterdir()) == []


def test_records_beyond_a_files_size_go_into_another(made: Path, desk: Path) -> None:
    from index.archive import Archive
    from index.archive.wacz_writer import ArchivedPage, write_wacz
    from index.store import Store

    with Store.open(desk / "data" / "pressclip.db") as store:
        refs = [one.archive for one in store.articles.get(store.articles.kept_ids()).values()]
    pages = [ArchivedPage(id="x", title="", text="", refs=[ref]) for ref in refs if ref] * 2
    archive = Archive(desk / "data" / "archive")
    assert write_wacz(made, archive, pages, title="", software="", most=1) == 4
    with zipfile.ZipFile(made) as wacz:
        names = {said["filename"] for _, _, said in lines_of(wacz)}
        assert names == {"pages-001.warc.gz", "pages-002.warc.gz"}
    assert [type(one) for one in read_container(made)].count(Capture) == 2


def test_a_wacz_needs_no_index_and_nothing_in_it_may_climb(tmp_path: Path) -> None:
    records = packed([article("2023/02/04/a", "Balloon over Harrow", date=DATE)])
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w") as wacz:
        wacz.writestr("archive/a.warc.gz", records)
        for name in ("../up.warc.gz", "/etc/a.warc.gz", "archive/../../a.warc.gz", "C:\\a.warc.gz"):
            wacz.writestr(zipfile.ZipInfo(name), records)
    items = list(read_container(path))
    assert [type(one) for one in items].count(Capture) == 1
    told = [one.reason for one in items if isinstance(one, Damage)]
    assert told == ["its name would leave the folder it is unpacked in; it was not read"] * 4
    assert list(tmp_path.iterdir()) == [path]


def test_our_own_reader_finds_no_damage_and_sees_a_changed_byte(made: Path) -> None:
    items = list(read_container(made))
    assert [type(one) is Capture for one in items].count(True) == 2
    data = bytearray(made.read_bytes())
    data[data.index(b"application/http") if b"application/http" in data else 200] ^= 1
    made.write_bytes(data)
    assert any(type(one).__name__ == "Damage" for one in read_container(made))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.News.example/A/?b=2&a=1", "example,news)/a?a=1&b=2"),
        ("http://www2.news.example:80/", "example,news)/"),
        ("https://news.example:8443/x", "example,news:8443)/x"),
        ("urn:pressclip:x", "urn:pressclip:x"),
        ("http://[bad/", "http://[bad/"),
    ],
    ids=["query", "default-port", "port", "no-web", "unreadable"],
)
def test_an_address_is_sorted_by_its_host_turned_round(url: str, key: str) -> None:
    assert sort_key(url) == key


def test_the_keys_are_those_of_other_indexers(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made) as wacz:
        wacz.extract("archive/pages-001.warc.gz", tmp_path)
        own = [(key, stamp, said["offset"]) for key, stamp, said in lines_of(wacz)]
    command = [find_tool("cdxj-indexer"), "--sort", str(tmp_path / "archive/pages-001.warc.gz")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    parts = [line.split(" ", 2) for line in done.stdout.splitlines()]
    assert own == [(key, stamp, json.loads(said)["offset"]) for key, stamp, said in parts]


def find_valid(wacz: Path) -> None:
    """Assert that the kept tool finds nothing wrong; skip where it is not installed."""
    done = subprocess.run(
        [find_tool("wacz"), "validate", "-f", wacz], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Validation succeeded" in done.stdout


def test_the_kept_tool_finds_it_valid(made: Path) -> None:
    find_valid(made)


def test_pywb_replays_an_article_from_it(made: Path, tmp_path: Path) -> None:
    find_tool("wayback")
    with serve_pywb(tmp_path / "pywb", [made], more=["--unpack-wacz"]) as address:
        page = LOOPBACK.open(f"{address}/20230204120000id_/{HOST}/2023/02/04/a", timeout=30)
        assert b"Balloon over Harrow" in page.read()


def test_the_reader_of_replayweb_page_replays_an_article_from_it(made: Path) -> None:
    done = subprocess.run(
        ["node", SCRIPT, find_node_modules(), made],
        input=json.dumps([(f"{HOST}/2023/02/04/a", "20230204120000")]),
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    (page,) = json.loads(done.stdout)
    assert page["type"].startswith("text/html")
