"""Agreement with the URL tables of others, where they are at hand; each prints its count."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.urls import Parts, canonical, looks_like_article, read_url

SHARED = Path(__file__).parents[1] / "../shared/data"
TABLES = SHARED / "conformance"
pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason=f"no tables at {TABLES}")

Pair = tuple[object, object]


def agreement(name: str, pairs: Iterable[Pair], floor: float, capsys: Any) -> None:
    """Print how many pairs are equal and hold the share above a floor."""
    judged = [got == expected for got, expected in pairs]
    with capsys.disabled():
        sys.stdout.write(f"\n  {name}: {sum(judged)} of {len(judged)} agree")
    assert sum(judged) >= floor * len(judged) > 0


def href(url: str, base: str = "") -> str:
    parts = read_url(url, base)
    return parts.href if isinstance(parts, Parts) else ""


def without_extras(expected: str) -> str:
    """An expected URL less what we take off: user name, fragment, last dots, empty query."""
    bare = re.sub(r"^(https?://)[^@/]*@", r"\1", expected.partition("#")[0])
    return re.sub(r"^(https?://[^/:]*?)\.+(?=[/:]|$)", r"\1", bare).removesuffix("?")


def whatwg() -> Iterator[Pair]:
    for case in json.loads((TABLES / "whatwg-url/url/tests/urltestdata.json").read_text("utf-8")):
        if isinstance(case, str) or len(case["input"]) > 2048:
            continue
        expected = case.get("href") or ""
        is_web = expected.startswith(("http:", "https:")) and not case.get("failure")
        yield (
            href(case["input"], case.get("base") or ""),
            without_extras(expected) if is_web else "",
        )


def iipc(file: str, part: str = "") -> Iterator[Pair]:
    table = json.loads((TABLES / f"iipc-urlcanon/testdata/{file}").read_text("utf-8"))
    for url, expected in (table[part] if part else table).items():
        if re.match(r"\s*https?:", url):
            yield canonical(url), canonical(expected)


def crawler_commons() -> Iterator[Pair]:
    folder = TABLES / "crawler-commons/src/test/resources/normalizer"
    lines = (folder / "weirdToNormalizedUrls.csv").read_text("utf-8").split("\n")
    for line in lines:
        url, comma, expected = line.rpartition(", ")
        if comma and not line.startswith("#") and expected.startswith("http"):
            yield canonical(url), canonical(expected)


def ipv4() -> Iterator[Pair]:
    table = json.loads((TABLES / "iipc-urlcanon/testdata/funky_ipv4.json").read_text("utf-8"))
    for written, expected in table.items():
        parts = read_url(f"http://{written}/")
        yield (parts.host if isinstance(parts, Parts) else None), expected


def dots() -> Iterator[Pair]:
    table = json.loads((TABLES / "iipc-urlcanon/testdata/path_dots.json").read_text("utf-8"))
    for path, expected in table["special"].items():
        # The table is older than the standard's rule that a backslash is a slash.
        if "\\" not in path:
            yield href(f"http://a.example{path}"), f"http://a.example{expected}"


def resolved() -> Iterator[Pair]:
    path = TABLES / "crawler-commons/src/test/resources/url-utils/url-resolve.csv"
    lines = [line for line in path.read_text("utf-8").splitlines() if line and line[0] != "#"]
    for row in csv.reader(lines, skipinitialspace=True):
        if len(row) >= 3 and row[2].strip().startswith("http"):
            yield href(row[0].strip(), row[1].strip()), without_extras(row[2].strip())


TABLES_OF_OTHERS = {
    "WHATWG URL, parsing": (whatwg, 0.98),
    "IIPC, aggressive": (lambda: iipc("aggressive.json"), 0.9),
    "IIPC, semantic": (lambda: iipc("semantic_precise.json"), 0.75),
    "IIPC, Internet Archive": (lambda: iipc("surt.json", "Canonicalizer.DefaultIA"), 1.0),
    "IIPC, Google safe browsing": (lambda: iipc("surt.json", "google"), 0.8),
    "IIPC, IPv4 spellings": (ipv4, 0.97),
    "IIPC, dot segments": (dots, 1.0),
    "crawler-commons, normalizer": (crawler_commons, 0.95),
    "crawler-commons, resolving": (resolved, 0.9),
}


@pytest.mark.parametrize("name", TABLES_OF_OTHERS)
def test_urls_agree_with_the_tables_of_others(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs, floor = TABLES_OF_OTHERS[name]
    agreement(name, pairs(), floor, capsys)


def test_every_url_of_the_tables_is_canonical_only_once() -> None:
    table = json.loads((TABLES / "iipc-urlcanon/testdata/idempotence.json").read_text("utf-8"))
    assert all(canonical(canonical(url)) == canonical(url) for url in table)


def test_odd_addresses_of_the_story_are_one_article_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = (SHARED / "balloon/pages-urls.tsv").read_text("utf-8").splitlines()
    rows = csv.DictReader(lines, delimiter="\t")
    pages = [row for row in rows if row["label"] != "tag-page"]
    keys = {canonical(page["url"]) for page in pages}
    found = sum(looks_like_article(page["url"]) for page in pages)
    with capsys.disabled():
        sys.stdout.write(f"\n  pages about the story: {found} of {len(pages)} look like articles")
    assert len(keys) == len(pages)
    assert not any(re.search(r"/amp/?$|/embed$|utm_|://(?:www|m|amp|s)\.", key) for key in keys)
    assert found >= 0.9 * len(pages)
