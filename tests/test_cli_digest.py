from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest
from lxml import html

from index.article import Article
from index.fulltext.indexer import update_index
from index.store import StoreWriter
from search_cli.output.digesting import WIDTH, _wrapped
from search_cli.output.render import cells
from tests.conftest import ARTICLES, Said, record_article

Command = Callable[..., Said]
HOSTILE = "</p><script>alert(1)</script> [balloon](javascript:x) \u202e\x1b[31m<img src=x>"


def add(desk: Path, *articles: Article) -> None:
    with StoreWriter.open(desk / "data" / "pressclip.db") as store:
        for number, article in enumerate(articles):
            record_article(store, article, offset=90_000 + number, run_id=1)
        update_index(store, desk / "data" / "index")


def another(path: str, **more: object) -> Article:
    url = f"https://matin.example/{path}"
    values = {"url": url, "canonical_url": url, "outlet": "matin.example", "site_name": "", **more}
    return replace(ARTICLES[0], **values)  # type: ignore[arg-type]


def body_of(mail: str, kind: str) -> str:
    message = email.message_from_string(mail, policy=email.policy.default)
    body = message.get_body((kind,))
    assert body
    return str(body.get_content())


def test_a_digest_tells_each_text_once_with_those_who_carried_it(
    corpus: Path, pressclip: Command
) -> None:
    said = pressclip("digest", "balloon")
    assert said.status == 0
    assert said.out.startswith("A balloon over the prairie\n=====")
    assert said.out.count("* ") == 5  # six articles, two of them one text
    assert "Prairie Courier · 2023-02-04 13:00 · en · also harbour-daily.example" in said.out
    assert max(len(line) for line in said.out.splitlines() if "http" not in line) <= 72


def test_what_was_told_is_not_told_again(corpus: Path, pressclip: Command) -> None:
    assert pressclip("digest", "--peek").status == 0
    assert pressclip("digest").status == 0
    said = pressclip("digest")
    assert (said.status, said.out, said.err) == (1, "", "Nothing new.\n")
    assert pressclip("digest", "--new=evening").status == 0  # another reader
    add(corpus, another("later", title="A later balloon", text="It was a balloon of its own."))
    said = pressclip("digest", "-f", "md")
    assert "1 new text since" in said.out
    assert said.out.count("\n- ") == 1


def test_only_what_was_shown_counts_as_told(corpus: Path, pressclip: Command) -> None:
    told: list[str] = []
    for more in ("3 more, for the next digest.", "1 more, for the next digest.", ""):
        said = pressclip("digest", "-n", "2", "-f", "md")
        assert more in said.out
        told += [line for line in said.out.splitlines() if line.startswith("- **")]
    assert len(told) == len(set(told)) == 5
    assert pressclip("digest").status == 1


def test_an_edit_is_told_with_what_was_changed(corpus: Path, pressclip: Command) -> None:
    pressclip("digest")
    first = ARTICLES[0]
    text = first.text.replace("two days", "nine days")
    add(corpus, replace(first, text=text, fetched=first.fetched + timedelta(hours=5)))
    said = pressclip("digest")
    assert "1 edited article since" in said.out
    assert "two → nine" in said.out
    assert pressclip("digest").status == 1


def test_what_is_quoted_stands_in_the_digest(corpus: Path, pressclip: Command) -> None:
    pressclip("digest")
    saying = "We saw a white balloon above the school all day"
    add(corpus, another("said", title="What they saw", text=f"“{saying}”, said the clerk."))
    assert f"> “{saying}”" in pressclip("digest").out.replace("\n    ", " ")


def test_a_mail_has_text_and_page_and_addresses(corpus: Path, pressclip: Command) -> None:
    said = pressclip(
        "digest", "-f", "mail", "--to", "desk@clippings.example", "--from", "a@b.example"
    )
    message = email.message_from_string(said.out, policy=email.policy.default)
    assert message["To"] == "desk@clippings.example"
    assert message["Subject"] == "A balloon over the prairie: 5 new texts"
    assert "外交部" in body_of(said.out, "plain")
    assert "外交部" in body_of(said.out, "html")


@pytest.mark.parametrize("style", ["text", "md", "html", "mail"])
def test_a_hostile_headline_acts_in_no_digest(corpus: Path, pressclip: Command, style: str) -> None:
    url = 'https://matin.example/"><script>alert(2)</script>'
    add(corpus, another("x", url=url, canonical_url=url, title=HOSTILE, text=f"{HOSTILE} balloon"))
    said = pressclip("digest", "-f", style, "--peek")
    page = said.out
    if style == "mail":
        page = body_of(said.out, "html")
    assert "\u202e" not in page
    assert "\x1b" not in page
    if style in ("html", "mail"):
        tree = html.document_fromstring(page)
        assert not tree.cssselect("script, img")
        assert all(link.get("href").startswith("http") for link in tree.cssselect("a"))
    if style == "md":
        assert not re.search(r"(?<!\\)\]\(javascript:", page)
        assert "<script" not in page.replace("\\<", "")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["nix"], "no such story: nix"),
        (["--to", "a@b.example"], "--to and --from work only with -f mail"),
        (
            ["-f", "mail", "--to", "a@b.example\nBcc: x@y.example"],
            "an address must be a single line",
        ),
    ],
)
def test_a_wrong_call_is_one_line(
    corpus: Path, pressclip: Command, options: list[str], told: str
) -> None:
    said = pressclip("digest", *options)
    assert (said.status, told in said.err, said.out) == (2, True, "")


def test_a_feed_can_be_read_and_names_articles_for_good(corpus: Path, pressclip: Command) -> None:
    said = pressclip("feed", "balloon", "-o", "feed.xml", "--link", "https://desk.example/feed.xml")
    assert said.status == 0
    read = feedparser.parse((corpus / "feed.xml").read_bytes())
    assert not read.bozo
    assert (read.version, read.feed.title) == ("atom10", "A balloon over the prairie")
    assert len(read.entries) == 5
    again = feedparser.parse(pressclip("feed", "balloon", "--every").out)
    first = next(entry for entry in again.entries if "elevators" in entry.title)
    assert first.link == ARTICLES[0].url
    assert [author.name for author in first.authors] == ["Ann Example", "Bo Sample"]
    assert {entry.id for entry in read.entries} < {entry.id for entry in again.entries}


def test_a_feed_is_xml_whatever_outlets_write(corpus: Path, pressclip: Command) -> None:
    add(corpus, another("x", title=f"{HOSTILE}\x00\ufffe]]>", text="\x0b balloon & <b>"))
    read = feedparser.parse(pressclip("feed", "balloon").out)
    assert not read.bozo
    assert any("alert(1)" in entry.title for entry in read.entries)


def test_a_story_without_articles_has_no_feed(desk: Path, pressclip: Command) -> None:
    with StoreWriter.open(desk / "data" / "pressclip.db") as store:
        update_index(store, desk / "data" / "index")
    said = pressclip("feed", "balloon", "-o", "feed.xml")
    assert (said.status, (desk / "feed.xml").exists()) == (1, False)


def test_a_quotation_in_a_script_without_spaces_fits_the_page() -> None:
    lines = list(_wrapped("“以前雷達把慢的東西當成雜訊，" * 4 + "” – 軍事專欄作家某丙", "  > "))
    assert len(lines) > 1
    assert max(map(cells, lines)) <= WIDTH
    assert lines[1].startswith("    ")
