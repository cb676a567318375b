from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from lxml import html

from index.article import Verdict
from index.fulltext.indexer import update_index
from index.store import StoreWriter
from search_cli.output.typeset import weblink
from tests.conftest import ARTICLES, Said, add_article, record_article

NAMES = [
    [f"{letter}{syllable}" for syllable in ("ora", "elin", "usto", "amber")]
    for letter in "BCDFGHKLMNPR"
]
Command = Callable[..., Said]
HOSTILE = '</td><script>alert(1)</script><img src=x onerror=alert(2)> balloon "\u202e\x1b[31m'


@pytest.fixture
def hostile(corpus: Path) -> Path:
    """The corpus with an article that tries to break out of the page."""
    url = "https://prairie-courier.example/hostile"
    article = replace(
        ARTICLES[0], url=url, canonical_url=url, title=HOSTILE, text="A balloon of another kind."
    )
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, article, offset=90_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    return corpus


def page_of(pressclip: Command, *args: str) -> html.HtmlElement:
    said = pressclip("report", "balloon", "-o", "-", *args)
    assert said.status == 0
    return html.document_fromstring(said.out)


def test_a_report_counts_what_a_search_counts(corpus: Path, pressclip: Command) -> None:
    page = page_of(pressclip)
    counts = {item.findtext("dt"): item.findtext("dd") for item in page.cssselect("dl.counts div")}
    total = pressclip("search", "story:balloon", "--count").out.strip()
    assert (counts["articles"], counts["distinct texts"]) == (total, "5")
    rows = page.xpath("//h2[.='Articles']/following-sibling::div[1]/table//tr[td]")
    assert len(rows) == int(total)
    bars = page.xpath("//h2[.='When']/following-sibling::details[1]//tr[td]")
    assert sum(int(bar.findall("td")[1].text) for bar in bars) == int(total) - 1  # one is undated
    assert "1 without a date is not drawn" in page.text_content()


def test_a_report_tells_who_copied_whom_and_what_it_rests_on(
    corpus: Path, pressclip: Command
) -> None:
    text = page_of(pressclip).text_content()
    assert "Most reprinted" in text
    assert "reprint of" in text
    assert '"spy balloon" OR balloon NEAR/12 Pentagon' in text
    assert "revision" in text


def test_nothing_of_a_page_becomes_markup(hostile: Path, pressclip: Command) -> None:
    said = pressclip("report", "balloon", "-o", "-")
    page = html.document_fromstring(said.out)
    assert not page.xpath("//img[not(starts-with(@src, 'data:image/svg+xml;base64,'))]")
    assert not page.xpath("//script | //iframe | //object | //form | //@onerror")
    assert "<script>alert(1)</script>" in page.text_content()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said.out)
    links = page.xpath("//a/@href")
    assert links
    assert all(link.startswith(("http://", "https://")) for link in links)


def test_the_policy_allows_the_style_that_is_there_and_nothing_else(
    corpus: Path, pressclip: Command
) -> None:
    page = page_of(pressclip)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,) = page.xpath("//style/text()")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    wanted = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"
    assert policy == f"{wanted}; base-uri 'none'; form-action 'none'"
    assert not page.xpath("//@style")


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/1", "https://a.example/1"),
        ("HTTP://a.example/1", "HTTP://a.example/1"),
        ("javascript:alert(1)", ""),
        (" javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_links(url: str, link: str) -> None:
    assert weblink(url) == link


def test_a_report_is_a_file_beside_the_user(corpus: Path, pressclip: Command) -> None:
    said = pressclip("report", "balloon")
    assert "wrote balloon.html: 6 articles" in said.err
    assert (corpus / "balloon.html").read_text("utf-8").startswith("<!doctype html>")


def test_days_on_which_nobody_looked_are_drawn_as_gaps(watched: Path, pressclip: Command) -> None:
    page = page_of(pressclip)
    gaps = [title.text for title in page.xpath("//svg//g[rect[@class='gap']]/title")]
    assert gaps == ["2023-02-06: not crawled", "2023-02-07: not crawled"]
    told = page.xpath("string(//figcaption)")
    assert "not crawled" in told
    assert (
        "Not crawled on some days: Le Matin d'Exemple (5 days), Prairie Courier (2 days)." in told
    )


def test_a_report_can_be_read_by_a_screen_reader_and_on_a_phone(
    corpus: Path, pressclip: Command
) -> None:
    page = page_of(pressclip)
    assert page.xpath("//main/h1")
    assert page.xpath("//svg[@role='img']/@aria-label")
    assert not page.xpath("//th[not(@scope)] | //th[not(normalize-space())]")
    tables = page.xpath("//table[not(ancestor::details)]")
    assert all("wide" in table.getparent().get("class", "") for table in tables)


def test_a_story_without_articles_makes_no_page(corpus: Path, pressclip: Command) -> None:
    text = (corpus / "stories" / "balloon.toml").read_text("utf-8")
    (corpus / "stories" / "other.toml").write_text(text.replace('"balloon"', '"other"', 1), "utf-8")
    said = pressclip("report", "other")
    assert (said.status, "other has no article yet" in said.err) == (1, True)
    assert not (corpus / "other.html").exists()


def test_an_unknown_story_is_one_clear_line(corpus: Path, pressclip: Command) -> None:
    said = pressclip("report", "ballon")
    assert (said.status, "did you mean balloon?" in said.err) == (2, True)


def test_each_picture_has_words_and_the_table_behind_it(corpus: Path, pressclip: Command) -> None:
    pytest.importorskip("vl_convert")
    page = page_of(pressclip)
    pictures = page.xpath("//figure/img")
    assert [one.getparent().getprevious().text for one in pictures] == [
        "By language", "By country", "Who published when", "Who took whose texts, and how fast",
    ]  # fmt: skip
    for picture in pictures[:-1]:
        assert "articles by day; from 2023-02-03 to 2023-02-04" in picture.get("alt")
        totals = picture.getparent().getnext().xpath(".//tbody/tr/td[1]/text()")
        assert sum(map(int, totals)) == 6


def test_a_report_without_the_library_has_the_words_and_the_tables(
    corpus: Path, own_process: Callable[..., Said]
) -> None:
    program = (
        "import sys; sys.modules['vl_convert'] = None\nfrom search_cli.main import run\n"
        "sys.exit(run(['report', 'balloon', '-o', '-']))"
    )
    said = own_process(program=program)
    page = html.document_fromstring(said.out)
    assert said.status == 0
    assert not page.xpath("//figure/img")
    assert page.xpath("//table[@class='grid']")


def test_a_report_names_outlets_and_tells_the_story_in_order(
    watched: Path, pressclip: Command
) -> None:
    page = page_of(pressclip)
    assert (
        "Prairie Courier" in page.xpath("//h2[.='Who']/following-sibling::div[1]")[0].text_content()
    )
    chronology = page.cssselect("ol.chronology")[0].text_content()
    assert chronology.index("First report") < chronology.index("Latest report")
    assert "A late balloon" in chronology
    assert not page.xpath("//th[.='probably published']")  # nothing is known of it


def test_the_largest_edit_stands_before_and_after(corpus: Path, pressclip: Command) -> None:
    first = ARTICLES[0]
    text = first.text.replace("two days", "nine long days")
    later = replace(first, text=text, fetched=first.fetched + timedelta(hours=5))
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, later, offset=90_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    page = page_of(pressclip)
    before, after = page.xpath("//table[@class='sides']/tbody/tr[1]/td")
    assert before.cssselect("del")
    assert "nine" in "".join(one.text_content() for one in after.cssselect("ins"))


def test_days_tell_what_share_of_the_published_pages_the_story_had(
    watched: Path, pressclip: Command
) -> None:
    page = page_of(pressclip)
    path = "//h2[.='Attention: of what the outlets published']/following-sibling::details[1]"
    cells = page.xpath(f"{path}//tbody/tr/td")
    assert re.fullmatch(r"\d+%", cells[0].text)
    shares = [cell.text for cell in cells[1:] if cell.text]
    assert shares
    assert all(re.fullmatch(r"\d+ of \d+", share) for share in shares)
    rows = csv.DictReader(
        StringIO(pressclip("compare", "story:balloon", "--by", "lang", "-f", "csv").out)
    )
    published = [row for row in rows if row["measure"] == "published"]
    assert sum(int(share.split()[0]) for share in shares) == sum(
        int(row["count"] or 0) for row in published
    )


def test_a_report_tells_who_took_whose_texts_and_how_fast(corpus: Path, pressclip: Command) -> None:
    page = page_of(pressclip)
    path = "//h2[.='Who took whose texts, and how fast']/following-sibling::details[1]//tbody/tr"
    rows = [[cell.text_content() for cell in row] for row in page.xpath(path)]
    carried = json.loads(pressclip("families", "story:balloon", "--json").out)
    assert len(rows) == sum(len(one["outlets"]) - 1 for one in carried)
    assert all(row[2] and row[3].endswith(" h") for row in rows)


def test_a_report_tells_the_words_of_each_country_and_of_each_turning_point(
    corpus: Path, pressclip: Command
) -> None:
    verdict = Verdict(story="balloon", decision="on-story", score=1.0, reasons=("told",))
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        for number in range(12):
            outlet, word = (
                ("matin.example", "silo") if number % 2 else ("prairie-courier.example", "radar")
            )
            url = f"https://{outlet}/words-{number}"
            text = " ".join(f"The {word} of {name} {number} stood." for name in NAMES[number])
            add_article(
                store,
                replace(
                    ARTICLES[0], outlet=outlet, url=url, canonical_url=url, title=f"Note {number}",
                    text=text, published=ARTICLES[0].fetched + timedelta(days=number),
                ),
                verdict,
            )  # fmt: skip
        update_index(store, corpus / "data" / "index")
    rows = page_of(pressclip).xpath("//h2[.='Words']/following-sibling::div[1]//tbody/tr")
    words = {row[0].text_content(): row[2].text_content() for row in rows}
    assert "silo" in words["FR"]
    assert "radar" in words["US"]
    assert "silo" not in words["US"]
