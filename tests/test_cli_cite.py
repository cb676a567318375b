"""`show --cite`: references as the style guides print those of news articles; and what proves them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from index.article import Article, DateEvidence
from index.capture import ArchiveRef
from index.errors import UsageError
from index.store import StoredArticle
from search_cli.output.cited import STYLES, cited
from search_cli.output.reference import Reference, refer
from search_cli.output.references import bibtex_entry, csl_item, ris_entry
from tests.conftest import NOON
from tests.test_cli_export import Command

NEWS = Article(
    url="https://p.example/sky", canonical_url="https://p.example/sky", outlet="p.example",
    site_name="The Prairie Post", title="Can the balloon be seen from the ground",
    text="It can.", fetched=NOON + timedelta(days=1), language="en",
    authors=("Lara Example", "Chris Sample"), published=datetime(2023, 2, 4, 2, 30, tzinfo=UTC),
    published_day=date(2023, 2, 3), date_confidence="high",
    dates=(DateEvidence(role="published", source="json-ld", raw="2023-02-03T21:30:00-05:00",
                        value=datetime(2023, 2, 4, 2, 30, tzinfo=UTC), zone="UTC-05:00"),),
)  # fmt: skip
COPY = "https://web.archive.org/web/20230205000000/https://p.example/sky"


def reference(id: str = "k7q2d", **values: object) -> Reference:
    article = replace(NEWS, **values)  # type: ignore[arg-type]
    stored = StoredArticle(
        id=id, revision=1, article=article, family=id, verdicts=(), kept=True, first_seen=NOON,
        versions=1, archive=ArchiveRef(file="2023/02/a.warc.gz", offset=77, length=9, digest="sha256:AB"),
        aliases=(),
    )  # fmt: skip
    return refer(stored, UTC, {})


# The forms are those of the guides' own examples for a newspaper online; the article is made up.
PRINTED = {
    "apa": "Example, L., & Sample, C. (2023, February 3). Can the balloon be seen from the ground. "
    "The Prairie Post. https://p.example/sky",
    "chicago": "Example, Lara, and Chris Sample. “Can the Balloon Be Seen from the Ground.” The Prairie "
    "Post, February 3, 2023. https://p.example/sky.",
    "chicago-author-date": "Example, Lara, and Chris Sample. 2023. “Can the Balloon Be Seen from the "
    "Ground.” The Prairie Post, February 3. https://p.example/sky.",
    "harvard": "Example, L. and Sample, C. (2023) ‘Can the balloon be seen from the ground’, The Prairie "
    "Post, 3 February. Available at: https://p.example/sky (Accessed: 5 February 2023).",
    "ieee": "[1] L. Example and C. Sample, “Can the balloon be seen from the ground,” The Prairie Post, "
    "Feb. 3, 2023. Accessed: Feb. 5, 2023. [Online]. Available: https://p.example/sky",
    "iso690": "EXAMPLE, Lara and SAMPLE, Chris, 2023. Can the balloon be seen from the ground. The Prairie "
    "Post. Online. 3 February 2023. Available from: https://p.example/sky [viewed 5 February 2023].",
    "mhra": "Example, Lara, and Chris Sample, ‘Can the Balloon Be Seen from the Ground’, The Prairie Post, "
    "3 February 2023 <https://p.example/sky> [accessed 5 February 2023]",
    "mla": "Example, Lara, and Chris Sample. “Can the Balloon Be Seen from the Ground.” The Prairie Post, "
    "3 Feb. 2023, https://p.example/sky. Accessed 5 Feb. 2023.",
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_a_news_article_is_cited_as_the_guide_prints_it(style: str) -> None:
    assert cited([reference()], style) == [PRINTED[style]]


@pytest.mark.parametrize(
    ("style", "line"),
    [
        ("apa", "“Spy” balloon down? (n.d.). The Prairie Post. Retrieved February 5, 2023, from https://p.example/sky"),
        ("chicago", "The Prairie Post. “‘Spy’ Balloon Down?” Accessed February 5, 2023. https://p.example/sky."),
        ("mla", "“‘Spy’ Balloon Down?” The Prairie Post, https://p.example/sky. Accessed 5 Feb. 2023."),
        ("harvard", "The Prairie Post (no date) ‘“Spy” balloon down?’, The Prairie Post. Available at: "
                    "https://p.example/sky (Accessed: 5 February 2023)."),
    ],
)  # fmt: skip
def test_without_author_and_date_the_guide_has_a_form_too(style: str, line: str) -> None:
    one = reference(title='"Spy" balloon down?', authors=(), published=None)
    assert cited([one], style) == [line]


def test_a_weak_date_says_so_and_a_month_is_a_month() -> None:
    assert "(ca. 2023, February 3)" in cited([reference(date_conflict=True)], "apa")[0]
    assert ", February 2023. http" in cited([reference(published_precision="month")], "chicago")[0]


def test_an_archived_copy_is_cited() -> None:
    (line,) = cited([reference(copy_of=NEWS.url, captured=NOON, archive_source=COPY)], "chicago")
    assert line.endswith(f"https://p.example/sky. Archived at {COPY}.")


def test_other_languages_keep_their_letters_and_the_order_of_names() -> None:
    one = reference(
        title="外交部：民用飞艇", authors=("刘国栋",), site_name="人民日报", language="zh"
    )
    assert cited([one], "apa") == [
        "刘国栋. (2023, February 3). 外交部：民用飞艇. 人民日报. https://p.example/sky"
    ]
    one = reference(title="Was bekannt ist", authors=("Ursula von der Muster",), language="de")
    assert cited([one], "mla")[0].startswith("Muster, Ursula von der. “Was bekannt ist.”")


def test_several_are_sorted_as_a_bibliography_is() -> None:
    lines = cited(
        [reference("b", authors=("Zoe Zed",)), reference("a", authors=("Ann Abe",))], "apa"
    )
    assert [line[:3] for line in lines] == ["Abe", "Zed"]


def test_many_authors_are_cut_as_the_guide_says() -> None:
    many = reference(authors=tuple(f"Ann {letter}name" for letter in "BCDFGHJK"))
    assert cited([many], "mla")[0].startswith("Bname, Ann, et al. “")
    assert cited([many], "harvard")[0].startswith("Bname, A. et al. (2023)")


def test_bib_ris_and_csl_say_what_proves_them() -> None:
    one = reference(copy_of=NEWS.url, captured=NOON, archive_source=COPY)
    proof = "published 2023-02-03T21:30:00-05:00 · captured 2023-02-05T12:00:00Z"
    bib, ris, csl = bibtex_entry(one), ris_entry(one), csl_item(one)
    assert "author = {Example, Lara and Sample, Chris}," in bib
    assert "date = {2023-02-03T21:30:00-05:00}," in bib
    assert rf"addendum = {{Archived at {COPY}}}," in bib
    assert {"AU  - Example, Lara", "DA  - 2023/02/03", f"AN  - {COPY}", "DB  - web.archive.org",
            "CN  - pressclip k7q2d"} <= set(ris.split("\r\n"))  # fmt: skip
    assert csl["author"][0] == {"family": "Example", "given": "Lara"}
    assert csl["custom"] == {
        "pressclip": "k7q2d", "published": "2023-02-03T21:30:00-05:00",
        "captured": "2023-02-05T12:00:00Z", "payload": "sha256:AB",
        "archive": "2023/02/a.warc.gz, offset 77",
    }  # fmt: skip
    for text in (bib, ris, csl["note"]):
        assert proof in text
        assert "payload sha256:AB" in text
        assert "offset 77" in text


def test_a_weak_date_has_its_tilde_in_every_format() -> None:
    one = reference(date_conflict=True)
    assert "date = {2023-02-03~}" in bibtex_entry(one)
    assert "DA  - 2023/02/03/~" in ris_entry(one)
    assert csl_item(one)["issued"] == {"date-parts": [[2023, 2, 3]], "circa": True}
    assert "published ~2023-02-03T21:30" in csl_item(one)["note"]


def test_the_day_is_that_of_the_outlet_not_of_the_reader() -> None:
    one = reference(dates=(), published_day=None)
    assert one.issued is not None
    assert (one.issued.day, one.issued.exact) == ("2023-02-04", "2023-02-04T02:30:00Z")
    zone = NEWS.dates[0]
    one = reference(dates=(replace(zone, zone="America/New_York"),), published_day=None)
    assert one.issued is not None
    assert one.issued.exact == NEWS.dates[0].value.astimezone(  # type: ignore[union-attr]
        ZoneInfo("America/New_York")
    ).isoformat(timespec="seconds")


def test_show_cites_several_at_once(corpus: Path, pressclip: Command) -> None:
    ids = pressclip("search", "lang:en", "-f", "ids").out.split()
    assert len(ids) > 1
    said = pressclip("show", *ids, ids[0], "--cite", "chicago")
    assert (said.status, said.out.count("\n")) == (0, len(ids)), said.err
    assert "Prairie Courier. “" in said.out


@pytest.mark.parametrize(
    ("style", "told"),
    [
        ("vancouver", "no such style: vancouver"),
        ("nowhere.csl", "nowhere.csl: No such file"),
        ("broken.csl", "broken.csl: no style that can be used"),
        ("notes.csl", "notes.csl: no style that can be used: it has no bibliography"),
        ("like.csl", "like.csl: only names the style that it is like"),
    ],
)
def test_a_style_that_cannot_be_used_is_one_line(
    corpus: Path, pressclip: Command, style: str, told: str
) -> None:
    Path("broken.csl").write_text("<style")
    Path("notes.csl").write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0"><citation><layout/>'
        "</citation></style>"
    )
    Path("like.csl").write_text('<style><link rel="independent-parent"/></style>')
    said = pressclip("show", "https://prairie-courier.example/balloon", "--cite", style)
    assert (said.status, told in said.err) == (2, True), said.err
    assert "Traceback" not in said.err


def test_a_style_may_be_a_file(tmp_path: Path) -> None:
    from importlib.resources import files

    own = tmp_path / "own.csl"
    own.write_bytes(files("search_cli.templates").joinpath("cite", "apa.csl").read_bytes())
    assert cited([reference()], str(own)) == [PRINTED["apa"]]
    with pytest.raises(UsageError, match="no such style"):
        cited([reference()], "APA")


def test_cite_stands_alone(corpus: Path, pressclip: Command) -> None:
    said = pressclip("show", "x", "--cite", "apa", "--json")
    assert (said.status, "--cite and --json cannot be used together" in said.err) == (2, True)
    assert json.loads(pressclip("search", "lang:en", "-f", "csl").out)
