from __future__ import annotations

import asyncio
import re
import shlex
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Verdict
from index.fulltext.indexer import update_index
from index.store import StoreWriter
from search_cli.main import run
from search_cli.serve.desk import ServedDesk
from search_cli.serve.study_thread import StudyThread
from tests.conftest import ARTICLES, Said, add_article, record_article
from tests.serving import TOKEN, Served, serving

Command = Callable[..., Said]
HOSTILE = '</h2><script>alert(1)</script><img src=x onerror=alert(2)> balloon "\u202e\x1b[31m'


@pytest.fixture
def hostile(corpus: Path) -> Path:
    """The corpus with an article of which every field tries to break out of a page, seen twice."""
    url = 'https://prairie-courier.example/hostile?"><script>alert(3)</script>'
    article = replace(
        ARTICLES[0], url=url, canonical_url=url, title=HOSTILE, text=f"{HOSTILE}\n\n{HOSTILE} one",
        authors=(HOSTILE,), section=HOSTILE, agency=HOSTILE, place=HOSTILE, description=HOSTILE,
        site_name=HOSTILE, tags=(HOSTILE,),
    )  # fmt: skip
    fetched = article.fetched + timedelta(hours=5)
    text = f"{HOSTILE}\n\n{HOSTILE} two and 99"
    later = replace(article, text=text, title=HOSTILE + " again", fetched=fetched)
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, article, offset=90_000, run_id=1)
        record_article(store, later, offset=91_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    return corpus


@pytest.fixture
def served(corpus: Path) -> Iterator[Served]:
    with serving(corpus) as desk:
        yield desk


@pytest.fixture
def edited(corpus: Path) -> Iterator[Served]:
    """A desk with an article that was changed, and quotations."""
    url = "https://prairie-courier.example/edited"
    text = "“It was 40 feet tall and it glowed,” said Ann Reyes.\n\nThe balloon went on."
    article = replace(ARTICLES[0], url=url, canonical_url=url, title="Balloon seen", text=text)
    later = replace(
        article, title="Balloon gone", text=text.replace("40", "90"),
        fetched=article.fetched + timedelta(hours=5),
    )  # fmt: skip
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, article, offset=90_000, run_id=1)
        record_article(store, later, offset=91_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    with serving(corpus) as desk:
        yield desk


@pytest.fixture
def undecided(corpus: Path) -> str:
    """The id of an article that waits for a decision."""
    article = replace(
        ARTICLES[5], url="https://matin.example/maybe", canonical_url="https://matin.example/maybe",
        title="Perhaps a balloon", text="A white thing was over the county fair, said a clerk.",
    )  # fmt: skip
    verdict = Verdict(story="balloon", decision="borderline", score=0.5, reasons=("unsure",))
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        identity = add_article(store, article, verdict)
        update_index(store, corpus / "data" / "index")
    return identity


def count_on_the_command_line(query: str, *options: str) -> int:
    out = StringIO()
    with redirect_stdout(out):
        run(["search", "--count", "-q", *options, "--", query])
    return int(out.getvalue())


WORDS = st.sampled_from(
    ["balloon", "prairie", "spy", "fair", "气球", "ballon", "منطاد", '"spy balloon"', "ball*",
     "title:balloon", "outlet:matin.example", "lang:en,zh", "-county", "is:reprint", "is:undated",
     "date:2023-02-04", "story:balloon", "balloon NEAR/5 spy", "country:us", "section:local", "*"]
)  # fmt: skip
QUERIES = st.recursive(
    WORDS,
    lambda part: st.one_of(
        st.tuples(part, part).map(" ".join),
        st.tuples(part, part).map(lambda pair: f"({pair[0]}) OR ({pair[1]})"),
        part.map(lambda one: f"NOT ({one})"),
    ),
    max_leaves=4,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES, filters=st.lists(WORDS, max_size=2, unique=True))
def test_a_page_counts_what_the_command_line_counts(
    served: Served, query: str, filters: list[str]
) -> None:
    page = served.search(query, *filters)
    both = " ".join(f"({part})" for part in (query, *filters))
    assert page.articles == count_on_the_command_line(both)


def test_the_command_that_a_page_names_finds_the_same(served: Served, pressclip: Command) -> None:
    page = served.search("balloon OR fair", "lang:en", "-spy", all="1", sort="oldest")
    line = shlex.split(page.tree.cssselect(".command code")[0].text)
    ids = [code.text for code in page.tree.cssselect(".hits li code")]
    assert line[0] == "pressclip"
    assert pressclip(*line[1:], "-f", "ids").out.split() == ids != []


def test_every_facet_leads_to_as_many_articles_as_it_says(served: Served) -> None:
    items = served.search("*").tree.cssselect("aside section li")
    counted = [
        (item.cssselect("a")[0].get("href"), item.cssselect(".number")[0].text)
        for item in items
        if item.cssselect(".number")
    ]
    assert len(counted) > 8
    for address, number in counted:
        assert served.get(address).articles == int(number), address


def test_every_bar_leads_to_as_many_articles_as_it_says(served: Served) -> None:
    rows = served.search("*").tree.cssselect(".histogram tbody tr")
    assert len(rows) == 3  # two days, and what is undated
    for row in rows:
        assert served.get(row.cssselect("a")[0].get("href")).articles == int(row[1].text)


def test_a_query_that_cannot_be_read_is_shown_with_a_caret(served: Served) -> None:
    page = served.search("balloon outlt:bbc.com")
    assert page.status == 400
    assert "no such field: outlt:" in page.tree.cssselect(".error h1")[0].text
    query, caret = page.tree.cssselect(".error pre")[0].text.rstrip("\n").split("\n")
    assert caret.index("^") == query.index("outlt")
    assert page.tree.cssselect("input[type=search]")[0].get("value") == "balloon outlt:bbc.com"


def test_a_search_without_hits_says_why(served: Served) -> None:
    text = served.search("baloon lang:fr").tree.cssselect(".nothing")[0].text_content()
    assert "No articles match all of this." in text
    assert "balloon" in text


def test_a_study_that_was_kept_follows_a_tag(
    served: Served, corpus: Path, pressclip: Command
) -> None:
    address = "/timeline/csv?q=tag:key"
    before = served.get(address).text
    assert pressclip("tag", "+key", "elevators").status == 0
    assert len(served.get(address).text.splitlines()) > len(before.splitlines())


@pytest.mark.parametrize(
    "address", ["/?sort=best", "/?page=0", "/?page=x", "/counts/nix", "/timeline?by=nix"]
)
def test_an_address_that_asks_nonsense_is_told_so(served: Served, address: str) -> None:
    page = served.get(address)
    assert page.status == 400
    assert "no such" in page.tree.cssselect(".error h1")[0].text


@pytest.mark.parametrize("address", ["/nix", "/article/zzzzz", "/asset/../base.html"])
def test_an_address_of_nothing_is_answered_404(served: Served, address: str) -> None:
    assert served.get(address).status == 404


def test_a_hostile_headline_acts_in_no_view(hostile: Path, pressclip: Command) -> None:
    (identity,) = pressclip("search", "is:edited", "-f", "ids").out.split()
    article = f"/article/{identity}"
    addresses = [
        "/", "/?q=balloon", "/timeline?by=section", "/families", "/counts/section",
        "/counts/author", "/counts/speaker", "/compare?by=section&q=balloon",
        "/keywords?q=is:edited&min=1&in=1&vs=balloon", "/collocates?word=balloon&min=1",
        "/kwic?q=balloon", "/quotes?q=balloon", "/quotes?by=outlet", "/edits",
        "/edits?q=%3Cscript%3E", "/collocates?word=%3Cscript%3E",
        f"{article}?q=balloon", f"{article}/versions", f"{article}/family", f"{article}/evidence",
        "/?q=%3Cscript%3E&f=title:%22%3Cimg%22", "/?q=%E2%80%AE%1b%22(",
    ]  # fmt: skip
    shown = 0
    with serving(hostile) as desk:
        for address in addresses:
            page = desk.get(address)
            assert page.headers["content-security-policy"].startswith("default-src 'none'")
            nodes = list(page.tree.iter())
            assert not page.tree.cssselect("script, iframe, object, style"), address
            pictures = [node.get("src") for node in page.tree.cssselect("img")]
            assert all(
                source.startswith(("/compare/svg?", "/timeline/svg?")) for source in pictures
            ), address
            attributes = {name for node in nodes for name in node.attrib}
            assert not {name for name in attributes if name.startswith("on") or name == "style"}
            links = [node.get("href") for node in page.tree.cssselect("[href]")]
            assert all(link.startswith(("/", "http", "#", "?")) for link in links), address
            assert not re.search("[\u202a-\u202e\x1b]", page.text), address
            shown += "onerror" in page.text
    assert shown >= 15


def test_a_foreign_host_name_is_not_answered(served: Served) -> None:
    page = served.get("/", Host="evil.example")
    assert page.status == 400
    assert "prairie" not in page.text
    assert served.get("/", Host=f"localhost:{served.port}").status == 200


def test_an_article_shows_its_zones_and_what_matched(served: Served) -> None:
    found = served.search("title:elevators").tree.cssselect(".hits h2 a")[0].get("href")
    page = served.get(found).tree
    assert [mark.text for mark in page.cssselect("h1 mark")] == ["elevators"]
    assert page.cssselect("p.zone")
    evidence = served.get(f"{urlsplit(found).path}/evidence").tree.text_content()
    assert "2023/02/a.warc.gz" in evidence
    assert "sha256:AB" in evidence


def test_a_headline_of_two_sentences_is_marked_where_the_word_stands(corpus: Path) -> None:
    url = "https://prairie-courier.example/two"
    article = replace(
        ARTICLES[0], url=url, canonical_url=url, title="How big is it? A class measures the blimp"
    )
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, article, offset=90_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    with serving(corpus) as desk:
        marks = desk.search("blimp").tree.cssselect(".hits h2 mark")
    assert [mark.text for mark in marks] == ["blimp"]


def test_versions_stand_side_by_side(hostile: Path) -> None:
    with serving(hostile) as desk:
        link = desk.search("is:edited").tree.cssselect(".hits h2 a")[0].get("href")
        page = desk.get(f"{urlsplit(link).path}/versions").tree
        gone = desk.get(f"{urlsplit(link).path}/versions?from=1&to=9")
    sides = [row.cssselect("td") for row in page.cssselect(".sides tbody tr")]
    assert any(
        "two and 99" in right.text_content() for _, right in (s for s in sides if len(s) == 2)
    )
    assert page.cssselect(".sides ins")
    assert (gone.status, "has no version 9" in gone.text) == (400, True)


def test_what_is_taken_away_is_what_export_writes(served: Served, pressclip: Command) -> None:
    for style in ("csv", "jsonl", "bib", "ids"):
        page = served.get(f"/export/{style}?q=balloon")
        assert "attachment" in page.headers["content-disposition"]
        said = pressclip("export", "balloon", "-f", style)
        assert page.text.splitlines() == said.out.splitlines()


STUDIES = [
    ("timeline", "by=lang", ["--by", "lang"]),
    ("timeline", "by=kind&and=lang&interval=week&share=1",
     ["--by", "kind,lang", "--interval", "week", "--share"]),
    ("compare", "by=lang", ["--by", "lang"]),
    ("compare", "by=outlet&and=kind", ["--by", "outlet,kind"]),
    ("compare", "vs=lang:fr", ["--vs", "lang:fr"]),
    ("keywords", "min=1&in=1&vs=fair", ["--min", "1", "--in", "1", "--vs", "fair"]),
    ("keywords", "min=1&in=1&mixed=1&all=1", ["--min", "1", "--in", "1", "--mixed", "--all"]),
    ("kwic", "w=3&all=1", ["-w", "3", "--all"]),
    ("kwic", "order=1R,1L", ["--sort", "1R,1L"]),
    ("quotes", "by=outlet", ["--by", "outlet"]),
    ("quotes", "", []),
    ("edits", "", []),
]  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES, study=st.sampled_from(STUDIES), mentions=st.booleans())
def test_a_study_counts_what_the_command_line_counts(
    edited: Served, query: str, study: tuple[str, str, list[str]], mentions: bool
) -> None:
    verb, address, options = study
    given_too = f"&{address}" if address else ""
    asked = f"q={quote(query)}{'&mentions=1' if mentions else ''}{given_too}"
    page = edited.get(f"/{verb}?{asked}")
    assert page.status == 200
    files = [node.get("href") for node in page.tree.cssselect(".exports a")]
    out = StringIO()
    more = ["--mentions"] if mentions else []
    with redirect_stdout(out), redirect_stderr(StringIO()):
        status = run([verb, "-q", "-f", "csv", *options, *more, "--", query])
    if status:  # the page says why there is nothing, or that a query has no words
        assert page.tree.cssselect("p.nothing")
        assert not files
    else:
        assert edited.get(files[0]).text.splitlines() == out.getvalue().splitlines()


@pytest.mark.parametrize(("verb", "address", "_"), STUDIES)
def test_the_command_that_a_study_names_finds_the_same(
    edited: Served, pressclip: Command, verb: str, address: str, _: list[str]
) -> None:
    page = edited.get(f"/{verb}?q=balloon&f=lang:en&{address}")
    line = shlex.split(page.tree.cssselect(".command code")[0].text)
    said = pressclip(*line[1:], "-f", "csv")
    files = [node.get("href") for node in page.tree.cssselect(".exports a")]
    assert bool(files) == (said.status == 0)
    if files:
        assert edited.get(files[0]).text.splitlines() == said.out.splitlines()


def test_collocates_ask_for_a_word_and_find_what_the_command_line_finds(
    served: Served, pressclip: Command
) -> None:
    assert "Which word?" in served.get("/collocates?q=balloon").text
    page = served.get("/collocates?q=balloon&word=balloon&min=1&side=left")
    line = shlex.split(page.tree.cssselect(".command code")[0].text)
    said = pressclip(*line[1:], "-f", "csv")
    assert "--left" in line
    files = [node.get("href") for node in page.tree.cssselect(".exports a")]
    assert bool(files) == (said.status == 0)


def test_a_group_of_a_study_leads_to_as_many_articles_as_it_says(served: Served) -> None:
    for by in ("outlet", "lang", "kind", "country", "section"):
        rows = served.get(f"/compare?by={by}").tree.cssselect("table.narrow tbody tr")
        assert rows
        for row in rows:
            if links := row.cssselect("a"):
                assert served.get(links[0].get("href")).articles == int(row[1].text)


def test_a_picture_of_groups_comes_as_svg_with_its_words(served: Served) -> None:
    pytest.importorskip("vl_convert")
    address = "/compare?q=balloon&by=lang"
    assert not served.get(address).tree.cssselect("figure img")  # no share is known to draw
    (image,) = served.get(f"{address}&frame=seen%3Dballoon").tree.cssselect("figure img")
    assert "en: seen 100%" in image.get("alt")
    picture = served.get(image.get("src"))
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in picture.text


@pytest.mark.parametrize(
    "address",
    ["/keywords?min=x", "/keywords?order=best", "/compare?by=nix", "/kwic?q=a&order=9Q",
     "/edits?kind=nix", "/collocates?word=two+words", "/keywords?lang=english", "/quotes/xml",
     "/compare?frame=none", "/keywords/svg", "/collocates?w=0&word=a"],
)  # fmt: skip
def test_a_study_that_cannot_be_is_refused_in_words(served: Served, address: str) -> None:
    page = served.get(address)
    assert page.status == 400
    assert page.tree.cssselect(".error h1")[0].text


def test_a_study_is_made_of_what_was_indexed_last(corpus: Path) -> None:
    with serving(corpus) as desk:
        before = len(desk.get("/kwic/csv?q=balloon").text.splitlines())
        with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
            url = "https://prairie-courier.example/later"
            later = replace(
                ARTICLES[0], url=url, canonical_url=url, title="A balloon more", text="x"
            )
            record_article(store, later, offset=90_000, run_id=1)
            assert desk.get("/quotes?q=balloon").status == 200  # amidst a writer's work
            update_index(store, corpus / "data" / "index")
        assert len(desk.get("/kwic/csv?q=balloon").text.splitlines()) == before + 1


def test_a_study_that_nobody_waits_for_leaves_the_thread_to_the_next(corpus: Path) -> None:
    may_end, begun = threading.Event(), threading.Event()

    def long_study(_: ServedDesk) -> bool:
        begun.set()
        return may_end.wait(10)

    async def ask() -> int:
        studies = StudyThread(corpus, "")
        waiting = asyncio.ensure_future(studies.make(long_study))
        await asyncio.to_thread(begun.wait, 10)
        never = asyncio.ensure_future(studies.make(lambda _: 1 / 0))
        await asyncio.sleep(0)
        waiting.cancel()
        never.cancel()
        may_end.set()
        found = await studies.make(lambda desk: desk.corpus.count("*"))
        studies.close()
        return found

    assert asyncio.run(ask()) == count_on_the_command_line("*")


def test_a_saved_search_tells_what_is_new_and_looking_marks_nothing(
    corpus: Path, pressclip: Command
) -> None:
    settings_file = corpus / "workspace.toml"
    settings_file.write_text(settings_file.read_text("utf-8") + "all = '''*'''\n", "utf-8")
    assert pressclip("search", "query:all", "--new=all").status == 0
    url = "https://prairie-courier.example/fresh"
    with serving(corpus) as desk:
        assert "0 new since" in desk.get("/").text
        with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
            fresh = replace(ARTICLES[0], url=url, canonical_url=url, title="A fresh balloon")
            record_article(store, fresh, offset=90_000, run_id=1)
            update_index(store, corpus / "data" / "index")
        for _ in range(2):
            assert "1 new since" in desk.get("/").text
            page = desk.search("query:all", new="all")
            assert [one.text_content() for one in page.tree.cssselect(".hits h2")] == [fresh.title]


def test_a_page_shows_what_was_indexed_after_the_desk_was_opened(corpus: Path) -> None:
    with serving(corpus) as desk:
        before = desk.search("*").articles
        with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
            for number in range(3):
                url = f"https://prairie-courier.example/more-{number}"
                more = replace(ARTICLES[0], url=url, canonical_url=url, title="A balloon more")
                record_article(store, more, offset=90_000 + number, run_id=1)
                assert desk.search("*").status == 200  # amidst a writer's work
                update_index(store, corpus / "data" / "index")
                assert desk.search("*").articles == before + number + 1


def test_a_fault_in_a_file_is_shown_on_the_page_and_goes_with_it(corpus: Path) -> None:
    with serving(corpus) as desk:
        file = corpus / "workspace.toml"
        good = file.read_text("utf-8")
        file.write_text("tz = 'Nowhere/At_All'\n", "utf-8")
        page = desk.search("balloon")
        assert (page.status, "workspace.toml" in page.text) == (400, True)
        file.write_text(good, "utf-8")
        assert desk.search("balloon").status == 200


def test_without_review_nobody_can_post(served: Served) -> None:
    form = {"token": TOKEN, "article": "x", "decision": "on-story"}
    assert served.post("/review/balloon", form).status == 403
    assert served.post("/", form).status == 405
    assert served.enter().status == 403


def test_a_decision_of_the_browser_is_stored_and_can_be_undone(
    corpus: Path, undecided: str, pressclip: Command
) -> None:
    with serving(corpus, review=True) as desk:
        assert desk.get("/review/balloon").status == 403
        assert desk.enter().status == 303
        page = desk.get("/review/balloon").tree
        assert "Perhaps a balloon" in page.text_content()
        form = {"token": TOKEN, "article": undecided, "decision": "off-story"}
        assert desk.post("/review/balloon", form).status == 303
        assert "Nothing waits here" in desk.get("/review/balloon").text
        assert desk.post("/review/balloon", form | {"decision": "undo"}).status == 303
        assert "Perhaps a balloon" in desk.get("/review/balloon").text
        assert desk.post("/review/balloon", form).status == 303
    assert pressclip("search", f"id:{undecided}", "--count").status == 1  # settled at the end


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"Origin": "https://evil.example"}, TOKEN),
        ({"Origin": "null"}, TOKEN),
        ({"Sec_Fetch_Site": "cross-site"}, TOKEN),
        ({}, "guessed"),
    ],
    ids=["foreign origin", "no origin", "cross-site", "wrong token"],
)
def test_a_post_from_elsewhere_decides_nothing(
    corpus: Path, undecided: str, headers: dict[str, str], token: str
) -> None:
    with serving(corpus, review=True) as desk:
        desk.enter()
        form = {"token": token, "article": undecided, "decision": "on-story"}
        assert desk.post("/review/balloon", form, **headers).status == 403
        assert "Perhaps a balloon" in desk.get("/review/balloon").text


def test_a_browser_with_the_wrong_token_is_not_let_in(corpus: Path, undecided: str) -> None:
    with serving(corpus, review=True) as desk:
        assert desk.enter("guessed").status == 403
        assert desk.get("/review/balloon").status == 403


def test_a_port_in_use_is_one_line(corpus: Path, pressclip: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = pressclip("serve", "--port", str(port))
    assert said.status == 4
    assert said.err.splitlines()[0] == f"error: port {port} is in use"
    assert len(said.err.splitlines()) == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--host", "desk.example"], "not an IP address"),
        (["--host", "203.0.113.7"], "not an address of this machine"),
        (["--host", "0.0.0.0", "--review"], "--review works only on this machine"),
    ],
)
def test_an_address_that_cannot_be_is_refused(
    corpus: Path, pressclip: Command, options: list[str], told: str
) -> None:
    said = pressclip("serve", *options)
    assert (said.status, told in said.err) == (2, True)


def test_without_its_libraries_serve_says_what_to_install(
    corpus: Path, own_process: Callable[..., Said]
) -> None:
    program = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "from search_cli.main import run; sys.exit(run(['serve']))"
    )
    said = own_process(program=program)
    assert said.status == 2
    assert said.err == (
        "error: serve needs starlette and uvicorn\nhint: pip install 'pressclip[serve]'\n"
    )
