"""A copy out of an archive says so wherever an article is shown, cited or exported."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from index.article import Article
from index.fulltext.indexer import update_index
from index.store import Store, StoredArticle, StoreWriter
from search_cli.output.citing import markdown_item
from search_cli.output.reference import refer
from search_cli.output.references import bibtex_entry, csl_item, ris_entry
from search_cli.view.provenance import cited_sources
from tests.conftest import ARTICLES, NOON, Said

SOURCE = "https://web.archive.org/web/20230204120000id_/https://prairie-courier.example/2023/02/x"
Command = Callable[..., Said]


def as_copy(article: Article) -> Article:
    return replace(article, copy_of=article.url, captured=NOON, archive_source=SOURCE)


def stored() -> StoredArticle:
    return StoredArticle(
        id="k7q2d", revision=1, article=as_copy(ARTICLES[0]), family="k7q2d", verdicts=(), kept=True,
        first_seen=NOON, versions=1, archive=None, aliases=(),
    )  # fmt: skip


@pytest.fixture
def copied(corpus: Path) -> str:
    """The id of an article of the corpus that is a copy."""
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        identity = store.articles.kept_ids()[0]
        article = store.articles.get([identity])[identity].article
        store.articles.rewrite(identity, as_copy(article))
        update_index(store, corpus / "data" / "index")
    return identity


def test_show_and_why_say_whose_copy_it_is(copied: str, pressclip: Command) -> None:
    told = f": {SOURCE}"
    assert any("a copy, captured 2023-02-04" in line and told in line
               for line in pressclip("show", copied).out.splitlines())  # fmt: skip
    assert told in pressclip("why", copied).err


def test_an_export_has_the_page_the_time_and_the_place_of_the_copy(
    copied: str, pressclip: Command
) -> None:
    record = json.loads(pressclip("show", copied, "--json").out)
    record = record[0] if isinstance(record, list) else record
    assert record["copy_of"] == record["url"]
    assert (record["captured"], record["archive_source"]) == ("2023-02-04T12:00:00Z", SOURCE)


def test_references_name_the_copy() -> None:
    one = stored()
    said = refer(one, UTC, {})
    assert f"addendum = {{Archived at {SOURCE}}}" in bibtex_entry(said).replace("\\_", "_")
    assert f"AN  - {SOURCE}" in ris_entry(said)
    item = csl_item(said)
    assert (item["archive"], item["archive_location"]) == ("web.archive.org", SOURCE)
    assert "archived copy of 2023-02-04" in markdown_item(one, UTC)


def test_a_report_marks_copies_and_names_who_gave_them(copied: str, pressclip: Command) -> None:
    assert pressclip("report", "balloon", "-o", "report.html").status == 0
    page = Path("report.html").read_text("utf-8")
    assert "copy of web.archive.org" in page
    assert "with thanks to" in page


def test_gdelt_is_named_where_it_named_pages() -> None:
    assert cited_sources([stored()], ["gdelt", "gdelt-doc"]) == [
        "the GDELT Project (gdeltproject.org)",
        "web.archive.org",
    ]


def test_an_article_with_its_provenance_comes_back_from_the_store_as_it_was(copied: str) -> None:
    with Store.open(Path("data") / "pressclip.db") as store:
        article = store.articles.get([copied])[copied].article
    assert (article.copy_of, article.captured, article.archive_source) == (
        article.url,
        NOON,
        SOURCE,
    )
