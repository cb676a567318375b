"""`prove` and `verify --bundle`: evidence that a stranger checks offline; whatever is changed shows."""

from __future__ import annotations

import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive
from index.article import Article
from index.capture import Capture, Listing
from index.errors import ArchiveError
from index.evidence.bundle import bundle_files, with_sums, write_zip
from index.evidence.checking import check_bundle
from index.evidence.surroundings import Record
from index.families.fingerprint import fingerprint
from index.store import StoreWriter, Version
from index.store.saves import SAVED, Save
from tests.conftest import NOON
from tests.test_cli_export import Command

SITE = "https://w.example"
PAGE = Capture(
    url=f"{SITE}/new",
    status=200,
    headers=(("Content-Type", "text/html"),),
    body=b"<p>The county closed the road at noon.</p>",
    fetched=NOON,
    listing=Listing(channel="feed", url=f"{SITE}/old", source=f"{SITE}/rss", outlet="w.example"),
    request_headers=(("User-Agent", "pressclip"),),
)


def beside(url: str, *, minutes: int = 0, status: int = 200, **headers: str) -> Capture:
    """What was fetched before the page (or `minutes` after it), from the same site."""
    return replace(
        PAGE, url=f"{SITE}/{url}", status=status, body=url.encode(), headers=tuple(headers.items()),
        fetched=NOON + timedelta(minutes=minutes), listing=Listing(channel="robots"),
    )  # fmt: skip


@pytest.fixture
def proved(desk: Path) -> Path:
    """A desk with one article of two versions; robots.txt, list and redirect lie beside its page."""
    around = [
        beside("robots.txt", minutes=-9), beside("rss", minutes=-8), beside("rss", minutes=-5),
        beside("old", minutes=-1, status=301, Location="/new"), beside("robots.txt", minutes=5),
        beside("other", minutes=-1, status=302, Location="/elsewhere"),
    ]  # fmt: skip
    with (
        Archive(desk / "data" / "archive") as archive,
        StoreWriter.open(desk / "data" / "pressclip.db") as store,
    ):
        for one in around:
            archive.append(one)
        for hours, time in ((-2, "noon"), (0, "nine")):
            seen = NOON + timedelta(hours=hours)
            capture = archive.append(replace(PAGE, fetched=seen))
            article = Article(
                url=PAGE.url, canonical_url=PAGE.url, outlet="w.example", title="Road <closed>",
                text=f"The county closed the road at {time}, the sheriff said on Saturday.",
                fetched=seen, language="en",
            )  # fmt: skip
            store.articles.record(
                article, key=PAGE.url, capture=store.captures.add(capture, outlet="w.example"),
                verdicts=(), fingerprint=fingerprint(article),
            )  # fmt: skip
    return desk


@pytest.fixture
def bundle(proved: Path, pressclip: Command) -> Path:
    """The bundle of that article's newest version."""
    said = pressclip("prove", PAGE.url, "-o", "b.zip")
    assert said.status == 0, said.err
    return proved / "b.zip"


def files_of(bundle: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(bundle) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_bundle_has_the_page_and_what_it_rests_on(bundle: Path) -> None:
    manifest = json.loads(files_of(bundle)["manifest.json"])
    assert [(one["role"], one["url"], one["fetched"][11:16]) for one in manifest["records"]] == [
        ("page", f"{SITE}/new", "12:00"),
        ("redirect", f"{SITE}/old", "11:59"),
        ("robots", f"{SITE}/robots.txt", "11:51"),
        ("list", f"{SITE}/rss", "11:55"),
    ]
    assert manifest["missing"] == []


def test_a_page_that_was_fetched_again_still_shows_the_list_that_led_to_it(
    proved: Path, pressclip: Command
) -> None:
    seen = NOON + timedelta(hours=1)
    with (
        Archive(proved / "data" / "archive") as archive,
        StoreWriter.open(proved / "data" / "pressclip.db") as store,
    ):
        (identity,) = store.articles.find("", PAGE.url)
        capture = archive.append(replace(PAGE, fetched=seen, listing=Listing(channel="recheck")))
        article = replace(
            store.articles.get([identity])[identity].article, text="Open.", fetched=seen
        )
        store.articles.record(
            article, key=PAGE.url, capture=store.captures.add(capture, outlet="w.example"),
            verdicts=(), fingerprint=fingerprint(article),
        )  # fmt: skip
    assert pressclip("prove", PAGE.url, "-o", "b.zip").status == 0
    records = json.loads(files_of(proved / "b.zip")["manifest.json"])["records"]
    assert [one["found_by"] for one in records if one["role"] == "page"] == ["recheck"]
    assert [one["fetched"][11:16] for one in records if one["role"] == "list"] == ["11:55"]


def test_a_bundle_names_the_copy_that_another_archive_made(
    proved: Path, pressclip: Command
) -> None:
    copy = "https://web.archive.org/web/20230204130000/https://w.example/new"
    with StoreWriter.open(proved / "data" / "pressclip.db") as store:
        (identity,) = store.articles.find("", PAGE.url)
        store.saves.note(
            Save(article=identity, asked=NOON, outcome=SAVED, captured=NOON, address=copy)
        )
    assert pressclip("prove", PAGE.url, "-o", "b.zip").status == 0
    files = files_of(proved / "b.zip")
    said = json.loads(files["manifest.json"])["saved_copy"]
    assert said == {"address": copy, "captured": "2023-02-04T12:00:00Z"}
    assert copy in files["README.html"].decode("utf-8")


@pytest.mark.parametrize(("field", "value"), [("fetched", "2023-02-01T12:00:00Z"), ("status", 404)])
def test_a_time_or_status_that_the_record_does_not_say_is_a_fault(
    bundle: Path, pressclip: Command, field: str, value: object
) -> None:
    files = files_of(bundle)
    manifest = json.loads(files["manifest.json"])
    manifest["records"][0][field] = value
    forged = {name: data for name, data in files.items() if name != "SHA256SUMS"}
    forged["manifest.json"] = json.dumps(manifest).encode()
    with (bundle.parent / "forged.zip").open("wb") as file:
        write_zip(file, with_sums(forged))
    said = pressclip("verify", "--bundle", "forged.zip")
    assert said.status == 4
    assert "not the response that manifest.json names" in said.out + said.err


def test_a_bundle_has_every_version_and_what_changed(bundle: Path) -> None:
    files = files_of(bundle)
    assert files["article.txt"] == files["versions/2.txt"] != files["versions/1.txt"]
    assert b"-The county closed the road at noon" in files["versions/1-2.diff"]
    assert b"+The county closed the road at nine" in files["versions/1-2.diff"]


def test_the_first_version_is_proved_by_its_own_page(proved: Path, pressclip: Command) -> None:
    pressclip("prove", PAGE.url, "1", "-o", "first.zip")
    files = files_of(proved / "first.zip")
    assert b"at noon" in files["article.txt"]
    page = json.loads(files["manifest.json"])["records"][0]
    assert page["fetched"] == "2023-02-04T10:00:00Z"


BLOCK = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)


def by_hand(bundle: Path, folder: Path, *, also: str = "") -> subprocess.CompletedProcess[str]:
    """Run every line that the page in a bundle shows, in order, beside a copy of the bundle."""
    with zipfile.ZipFile(bundle) as opened:
        page = opened.read("README.html").decode("utf-8")
    lines = [html.unescape(block) for block in BLOCK.findall(page)]
    folder.mkdir()
    shutil.copy(bundle, folder / bundle.name)
    script = "set -e\n" + lines[0].replace("evidence\n", f"evidence{also}\n", 1)
    script += "\n".join(lines[1:])
    environ = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, env=environ
    )


@pytest.mark.skipif(not shutil.which("unzip"), reason="unzip is not installed")
def test_what_the_page_tells_to_do_checks_the_bundle(bundle: Path, tmp_path: Path) -> None:
    done = by_hand(bundle, tmp_path / "a")
    assert done.returncode == 0, done.stderr
    assert "README.html: OK" in done.stdout
    assert "digest pass" in done.stdout
    assert "WARC-Target-URI: https://w.example/new" in done.stdout
    assert PAGE.body.decode() in done.stdout
    assert "Road &lt;closed&gt;" in files_of(bundle)["README.html"].decode("utf-8")
    changed = by_hand(bundle, tmp_path / "b", also=" && echo x >> article.txt")
    assert (changed.returncode, "article.txt: FAILED" in changed.stdout) == (1, True)


def test_it_is_verified_without_a_workspace(
    bundle: Path, pressclip: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = pressclip("verify", "--bundle", str(bundle))
    assert said.status == 0
    assert "is whole: 4 records" in said.err
    assert "https://w.example/new, captured 2023-02-04T12:00:00Z" in said.err


def test_the_same_article_gives_the_same_number(bundle: Path, pressclip: Command) -> None:
    told = pressclip("verify", "--bundle", str(bundle)).err.splitlines()[-1]
    assert "SHA-256 of its SHA256SUMS: " in told
    again = io.BytesIO()
    write_zip(again, files_of(bundle))
    assert again.getvalue() == bundle.read_bytes()


def test_any_changed_byte_shows(bundle: Path, pressclip: Command) -> None:
    whole = bundle.read_bytes()
    for place in range(0, len(whole), 97):
        changed = bytearray(whole)
        changed[place] ^= 1
        bundle.write_bytes(changed)
        said = pressclip("verify", "--bundle", str(bundle))
        assert said.status == 4, place
        assert "Traceback" not in said.err


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of one record, and room for changed ones beside it."""
    folder = tmp_path_factory.mktemp("small")
    with Archive(folder / "archive") as archive:
        ref = archive.append(PAGE)
        article = Article(
            url=PAGE.url, canonical_url=PAGE.url, outlet="w", title="t", text="x", fetched=NOON
        )
        version = Version(number=1, seen=NOON, article=article, archive=ref.ref)
        assert ref.ref
        files = bundle_files(
            archive,
            [Record(role="page", capture=PAGE, ref=ref.ref)],
            [version],
            {},
            chosen=1,
            created=NOON,
        )
    with (folder / "whole.zip").open("wb") as file:
        write_zip(file, with_sums(files))
    assert check_bundle(folder / "whole.zip").faults == ()
    return folder


@given(place=st.integers(0), bits=st.integers(1, 255))
def test_no_byte_can_be_changed(small: Path, place: int, bits: int) -> None:
    data = bytearray((small / "whole.zip").read_bytes())
    data[place % len(data)] ^= bits
    (small / "changed.zip").write_bytes(data)
    try:
        assert check_bundle(small / "changed.zip").faults
    except ArchiveError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either answer is right


def test_a_changed_text_is_named_in_one_line(bundle: Path, pressclip: Command) -> None:
    files = files_of(bundle) | {"article.txt": b"The county closed nothing.\n"}
    with bundle.open("wb") as file:
        write_zip(file, files)
    said = pressclip("verify", "--bundle", str(bundle), "--json")
    assert said.status == 4
    assert [one["what"] for one in json.loads(said.out)] == [
        "article.txt: not what its SHA-256 says"
    ]


def test_a_manifest_that_names_other_responses_shows(bundle: Path, pressclip: Command) -> None:
    files = files_of(bundle)
    del files["SHA256SUMS"]
    files["manifest.json"] = files["manifest.json"].replace(b"w.example/new", b"w.example/neu")
    with bundle.open("wb") as file:
        write_zip(file, with_sums(files))
    said = pressclip("verify", "--bundle", str(bundle), "--json")
    assert said.status == 4
    assert "not the response that manifest.json names" in said.out


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "..\\x", "C:\\x"])
def test_paths_that_climb_are_refused(bundle: Path, pressclip: Command, name: str) -> None:
    with zipfile.ZipFile(bundle, "a") as opened:
        opened.writestr(zipfile.ZipInfo(name), b"x")
    said = pressclip("verify", "--bundle", str(bundle))
    assert (said.status, "would leave its folder; nothing was read" in said.err) == (4, True)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04cut", b"not a zip"])
def test_what_is_no_bundle_is_one_line(desk: Path, pressclip: Command, data: bytes) -> None:
    (desk / "x.zip").write_bytes(data)
    said = pressclip("verify", "--bundle", "x.zip")
    assert (said.status, said.err.count("\n")) == (4, 1)
    assert "damaged, or no bundle" in said.err
    assert "no such file" in pressclip("verify", "--bundle", "nowhere.zip").err


def test_what_cannot_be_proved_is_one_line(proved: Path, corpus: Path, pressclip: Command) -> None:
    said = pressclip("prove", PAGE.url, "3")
    assert (said.status, "has 2 versions, no version 3" in said.err) == (2, True)
    said = pressclip("prove", "https://matin.example/ballon")
    assert said.status == 4
    assert "Traceback" not in said.err
    assert not list(proved.glob("*.zip"))
