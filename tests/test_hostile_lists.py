"""Threats in lists and pages: one real crawl of an outlet that lists what does harm, beside its victim."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.demo.server import Visit
from crawler.demo.serving import serve
from crawler.demo.site import ServedAnswer, Site, outlet_of
from crawler.extract import extract
from index.article import Article
from index.capture import Capture
from index.store import Store, StoredArticle

VICTIM = "prairie-courier.example"
FORGER = "county-echo.example"
STORY = "/2023/02/02/balloon-seen-over-the-elevators"
TEXT = (
    "<p>A white balloon drifted over the grain elevators of Prairie County on Thursday and stayed in"
    " sight for most of the afternoon, residents of three towns said, while the sheriff's office asked"
    " them not to shoot at it and promised to say more when it knew more.</p>"
)


def article(title: str, head: str = "", text: str = TEXT) -> ServedAnswer:
    data = {"@type": "NewsArticle", "headline": title, "datePublished": "2023-02-02T18:00:00Z"}
    page = (
        f"<html lang=en><head><title>{title}</title>{head}"
        f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
        f"<body><article><h1>{title}</h1>{text * 3}</article></body></html>"
    )
    return ServedAnswer(body=page.encode())


def feed(urls: list[str]) -> ServedAnswer:
    items = "".join(f"<item><title>x</title><link>{url}</link></item>" for url in urls)
    body = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"
    return ServedAnswer(body=body.encode(), media="application/rss+xml")


def sitemap_index(host: str, *targets: str) -> ServedAnswer:
    urls = [target if "://" in target else f"http://{host}{target}" for target in targets]
    children = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return ServedAnswer(
        body=f"<sitemapindex>{children}</sitemapindex>".encode(), media="application/xml"
    )


PROGRAM = ("-m", "search_cli.main")
# The same with one second of processor time for a list.
HURRIED = (
    "-c",
    "from crawler.ingest.pool import ReadingPool; from search_cli.main import run\n"
    "ReadingPool.__init__.__kwdefaults__['list_cpu'] = 1\n"
    "raise SystemExit(run())",
)

BAD_URLS = [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "gopher://a.example/",
    "http://127.0.0.1:6379/x",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:10.0.0.1]/x",
    "http://2130706433/x",
    "http://localhost/2023/02/02/a-long-enough-slug",
    f"http://{FORGER}/{'a' * 100_000}",
    "http://user:secret@" + FORGER + "/2023/02/02/with-credentials-in-it",
    f"http://{FORGER}/2023/02/02/forged-canonical-of-another",
    f"http://{FORGER}/2023/02/02/escape-sequences-in-it",
    f"http://{FORGER}/2023/02/02/a-teaser-that-ends-in-dots",
]
HEAD = f"<link rel=canonical href='http://{VICTIM}{STORY}'><meta property=og:url content='http://{VICTIM}{STORY}'>"
ODD = "\x00\x1b[31m\x85\u202ee\u0301 \ufffe"


ASKED_FOR = "http://127.0.0.1:6379/2023/02/02/asked-for-by-the-page"
LEADS = (
    f"<link rel=next href='{ASKED_FOR}/2'><link rel=amphtml href='{ASKED_FOR}/amp'>"
    f"<link rel=canonical href='{ASKED_FOR}'><link rel=alternate media=print href='{ASKED_FOR}/print'>"
)


def hostile_site() -> Site:
    victim = {
        "/feed.xml": feed([f"http://{VICTIM}{STORY}"]),
        STORY: article("A balloon is seen over the elevators"),
    }
    forger = {
        "/feed.xml": feed(BAD_URLS),
        "/robots.txt": ServedAnswer(
            body=f"User-agent: *\nSitemap: {ASKED_FOR}.xml".encode(), media="text/plain"
        ),
        "/world/": ServedAnswer(
            body=(
                f"<html><body><main><a href='{ASKED_FOR}'>What was seen over the town of Elm Fork</a>"
                f"<a rel=next href='{ASKED_FOR}'>older</a></main></body></html>"
            ).encode()
        ),
        "/sitemap.xml": sitemap_index(
            FORGER, "/sitemap.xml", "/a.xml", "/a.xml?x=1", f"{ASKED_FOR}.xml"
        ),
        "/2023/02/02/a-teaser-that-ends-in-dots": ServedAnswer(
            body=article(
                "A teaser of a balloon", LEADS, text="<p>A white balloon drifted over …</p>"
            ).body
        ),
        "/a.xml": sitemap_index(FORGER, "/sitemap.xml", "/b.xml"),
        "/b.xml": sitemap_index(FORGER, "/c.xml", "/a.xml"),
        "/c.xml": sitemap_index(FORGER, "/d.xml"),
        "/d.xml": sitemap_index(FORGER, "/e.xml"),
        "/e.xml": sitemap_index(FORGER, "/f.xml"),
        "/2023/02/02/with-credentials-in-it": article("Credentials in a link"),
        "/2023/02/02/forged-canonical-of-another": article("The forger's own headline", HEAD),
        "/2023/02/02/escape-sequences-in-it": article(
            f"Balloon {ODD} seen", text=TEXT + f"<p>{ODD} end</p>"
        ),
    }
    return Site.of([outlet_of(VICTIM, victim), outlet_of(FORGER, forger)])


@dataclass(frozen=True, slots=True)
class Crawled:
    root: Path
    visits: list[Visit]
    before: StoredArticle
    articles: dict[str, StoredArticle]


def crawl(root: Path, proxy: str, *args: str, program: Sequence[str] = PROGRAM) -> str:
    done = subprocess.run(
        [sys.executable, *program, "crawl", *args],
        cwd=root, env={**os.environ, "http_proxy": proxy, "no_proxy": ""},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode in (0, 3), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def make_desk(root: Path, outlets: str) -> None:
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text("delay = 0.0\n")
    (root / "stories" / "all.toml").write_text('id = "all"\n[match]\nany = "*"\n')
    (root / "outlets.toml").write_text(outlets)


def stored(root: Path) -> dict[str, StoredArticle]:
    with Store.open(root / "data" / "pressclip.db") as store:
        return {
            held.article.url: held for held in store.articles.get(store.articles.all_ids()).values()
        }


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    root = tmp_path_factory.mktemp("lists") / "desk"
    make_desk(
        root,
        f'[[outlet]]\nid = "{VICTIM}"\nurl = "http://{VICTIM}/"\nfeeds = ["http://{VICTIM}/feed.xml"]\n'
        f'[[outlet]]\nid = "{FORGER}"\nurl = "http://{FORGER}/"\nfeeds = ["http://{FORGER}/feed.xml"]\n'
        f'sitemaps = ["http://{FORGER}/sitemap.xml"]\nsections = ["http://{FORGER}/world/"]\n',
    )
    with serve(hostile_site()) as served:
        crawl(root, served.ports.proxy_url, "--outlet", VICTIM)
        before = stored(root)[f"http://{VICTIM}{STORY}"]
        crawl(root, served.ports.proxy_url)
        yield Crawled(root, list(served.visits), before, stored(root))


def test_a_forged_canonical_leaves_its_victim_as_it_was(crawled: Crawled) -> None:
    after = crawled.articles[f"http://{VICTIM}{STORY}"]
    assert after.article == crawled.before.article
    assert (after.id, after.versions, after.aliases) == (
        crawled.before.id,
        1,
        crawled.before.aliases,
    )
    forged = crawled.articles[f"http://{FORGER}/2023/02/02/forged-canonical-of-another"]
    assert forged.article.outlet == FORGER
    assert forged.id != after.id


def test_nothing_but_the_outlets_was_asked_for(crawled: Crawled) -> None:
    assert {visit.host for visit in crawled.visits} == {VICTIM, FORGER}
    assert not [visit for visit in crawled.visits if len(visit.target) > 2048]
    with closing(sqlite3.connect(crawled.root / "data" / "pressclip.db")) as connection:
        told = connection.execute("SELECT url, outcome FROM ledger WHERE url LIKE '%://127.%'")
        outcomes = dict(told.fetchall())
    assert set(outcomes.values()) == {"blocked-address"}
    assert "http://127.0.0.1:6379/x" in outcomes


def test_sitemaps_that_name_each_other_are_read_once_and_not_too_deep(crawled: Crawled) -> None:
    asked = [visit.target for visit in crawled.visits if visit.target.endswith(".xml")]
    assert asked.count("/sitemap.xml") == 1
    assert asked.count("/a.xml") == 1
    assert "/f.xml" not in asked


def test_a_list_that_takes_for_ever_costs_its_own_outlet_only(tmp_path: Path) -> None:
    links = "".join(
        f"<a href=/2023/02/02/what-was-seen-over-the-town-{number}>What was seen over town {number}"
        for number in range(60_000)
    )
    flood = outlet_of(FORGER, {"/": ServedAnswer(body=f"<html><body>{links}".encode())})
    good = hostile_site().outlets[VICTIM]
    root = tmp_path / "desk"
    make_desk(
        root,
        f'[[outlet]]\nid = "{FORGER}"\nurl = "http://{FORGER}/"\n'
        f'[[outlet]]\nid = "{VICTIM}"\nurl = "http://{VICTIM}/"\nfeeds = ["http://{VICTIM}/feed.xml"]\n',
    )
    with serve(Site.of([flood, good])) as served:
        crawl(root, served.ports.proxy_url, program=HURRIED)
    assert list(stored(root)) == [f"http://{VICTIM}{STORY}"]
    with closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection:
        said = connection.execute("SELECT outcome, detail FROM ledger WHERE outlet = ?", (FORGER,))
        assert said.fetchall() == [("list-timeout", "it takes too much processor time")]


def test_a_flood_of_links_spends_its_own_budget_and_the_run_says_whose(tmp_path: Path) -> None:
    endless = [f"/2023/02/02/what-was-seen-over-the-town-{number}" for number in range(200)]
    trap = ["/a/b" * 12 + "/2023/02/02/a-headline-of-some-words", "/news" * 3 + "/2023/02/02/seen"]
    trap += [f"/2023/02/02/what-was-seen-over-a-farm?sort={number}" for number in range(150)]
    links = "".join(f"<a href='{one}'>What was seen over that town</a>" for one in endless + trap)
    pages = {one: article(f"Seen {number}") for number, one in enumerate(endless)}
    front = ServedAnswer(body=f"<html><body>{links}".encode())
    flood = outlet_of(FORGER, {"/": front, **pages})
    root = tmp_path / "desk"
    make_desk(
        root,
        f'[[outlet]]\nid = "{FORGER}"\nurl = "http://{FORGER}/"\ndelay = 0.5\n'
        f'[[outlet]]\nid = "{VICTIM}"\nurl = "http://{VICTIM}/"\nfeeds = ["http://{VICTIM}/feed.xml"]\n',
    )
    story = root / "stories" / "all.toml"
    story.write_text(story.read_text() + "[discover]\nlimit_per_outlet = 10\n")
    with serve(Site.of([flood, hostile_site().outlets[VICTIM]])) as served:
        said = crawl(root, served.ports.proxy_url)
    asked = [visit for visit in served.visits if "/2023/" in visit.target]
    assert [visit.host for visit in asked].count(FORGER) == 10
    assert asked[-1].host == FORGER  # the other one did not have to wait for it
    assert f"page budget:  {FORGER} (" in said
    assert "waiting for the next run: 290 pages" in said
    with closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection:
        told = connection.execute("SELECT outcome FROM ledger WHERE outcome LIKE 'trap%'")
        codes = Counter(outcome for (outcome,) in told)
    assert codes == {"trap-depth": 1, "trap-repeat": 1, "trap-query": 50}


def test_credentials_of_a_listed_url_are_nowhere(crawled: Crawled) -> None:
    assert f"http://{FORGER}/2023/02/02/with-credentials-in-it" in crawled.articles
    with closing(sqlite3.connect(crawled.root / "data" / "pressclip.db")) as connection:
        assert "secret" not in "\n".join(connection.iterdump())


def test_stored_text_has_nothing_that_acts_and_is_composed(crawled: Crawled) -> None:
    held = crawled.articles[f"http://{FORGER}/2023/02/02/escape-sequences-in-it"].article
    for text in (held.title, held.text):
        assert "\u00e9" in text
        assert not set(text) & set("\x00\x1b\x85\u202e\ufffe\u0301")


@pytest.mark.parametrize(
    "odd",
    [
        *("\ufffe", "\uffff", "\x00", "\x1b", "\x9b", "&#x1b;", "&#27;", "&#0;", "&#1"),
        *("&#xFFFE;", "&#65535;", "&#xD800;"),
    ],
    ids=ascii,
)  # fmt: skip
def test_a_character_that_is_none_does_not_cost_the_article(odd: str) -> None:
    page = article(f"Balloon {odd} seen", text=TEXT + f"<p>{odd} It is 1&#50; &#x41; end.</p>")
    found = extract(
        Capture(
            url=f"http://{VICTIM}{STORY}", status=200, headers=(("Content-Type", "text/html"),),
            body=page.body, fetched=datetime(2023, 2, 3, tzinfo=UTC),
        )
    )  # fmt: skip
    assert isinstance(found, Article)
    assert "It is 12 A end." in found.text
    assert all(char.isprintable() or char == "\n" for char in found.text + found.title)
