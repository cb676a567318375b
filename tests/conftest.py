"""What several tests need: a small desk, and the command line run in this process."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from index.article import Article, Verdict
from index.capture import ArchiveRef, Capture, Listing
from index.families.fingerprint import fingerprint
from index.fulltext.indexer import update_index
from index.store import Entry, Span, StoreWriter
from search_cli.main import run

# A busy machine may pause amidst an example: what takes too long is pytest-timeout's to tell.
settings.register_profile("pressclip", deadline=None)
settings.load_profile("pressclip")

# What a test file has that starts other processes or serves pages to them: seconds a test, not milliseconds.
SLOW_NAMES = {"subprocess", "serve", "small_desk", "ReadingPool"}


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """No process apart for single files: they are read sooner than one starts. Else one for each core."""
    return None if any(Path(arg).is_dir() for arg in config.args) else 0


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shared out among processes, the slow files come first, so that none is left for the end."""
    if not hasattr(config, "workerinput"):
        return
    tests = Counter(item.path for item in items)
    slow = {item.path for item in items if is_slow(item)}
    items.sort(key=lambda item: (item.path not in slow, -tests[item.path], item.path))


def is_slow(item: pytest.Item) -> bool:
    names = vars(getattr(item, "module", None) or object)
    return not SLOW_NAMES.isdisjoint(names) or "own_process" in getattr(item, "fixturenames", ())


WORKSPACE = """\
contact = "desk@clippings.example"
tz = "Europe/Paris"

[queries]
week = '''date:7d'''
"""
OUTLETS = """\
# who we read
[[outlet]]
id = "prairie-courier.example"   # the neighbour
name = "Prairie Courier"
country = "us"
lang = ["en"]
kind = "regional"
feeds = ["https://prairie-courier.example/feed.xml"]
delay = 2.0
expect = "20/day"

[[outlet]]
id = "matin.example"
name = "Le Matin d'Exemple"
country = "FR"
lang = ["fr"]

[collections]
local = ["prairie-courier.example"]
"""
STORY = """\
id = "balloon"
title = "A balloon over the prairie"
window = "2023-01-28..2023-03-31"
languages = ["en", "fr"]

[match]
en = '''"spy balloon" OR balloon NEAR/12 Pentagon'''
fr = '''"ballon d'espionnage"'''
not = '''"Ballon d'Or"'''
min_words = 60

[outlets]
use = ["@local"]
add = ["matin.example"]
"""


NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)
_WIRE = (
    "A white balloon as tall as a grain elevator crossed the prairie on Saturday, the county said."
    " Officials called it a spy balloon and followed it for two days before it drifted out to sea."
    " Nobody was hurt, and the school in Harrow Bend stayed open, its head teacher told us."
    " The county asked people to report what falls from it and to leave it where it lies."
)


def _article(outlet: str, path: str, title: str, text: str, **more: Any) -> Article:
    url = f"https://{outlet}/{path}"
    values = {"language": "en", "published": NOON, "fetched": NOON + timedelta(hours=1), **more}
    return Article(url=url, canonical_url=url, outlet=outlet, title=title, text=text, **values)


ARTICLES = (
    _article(
        "prairie-courier.example", "balloon", "Balloon seen over the elevators", _WIRE,
        authors=("Ann Example", "Bo Sample"), section="local", site_name="Prairie Courier",
    ),
    _article(
        "harbour-daily.example", "wire", "Spy balloon crosses prairie", _WIRE,
        published=NOON + timedelta(hours=2),
    ),
    _article(
        "matin.example", "ballon", "Le « ballon d'espionnage » inquiète la prairie",
        "Le ballon a survolé la prairie pendant deux jours, selon le comté.\nPersonne n'a été blessé.",
        language="fr", published=NOON - timedelta(days=1), published_precision="day",
    ),
    _article(
        "gangwan.example", "qiqiu", "外交部：民用无人飞艇误入",
        "发言人表示，该飞艇属民用性质，用于气象科研，因不可抗力误入。气球没有危险。", language="zh",
        published=None,
    ),
    _article(
        "sabah.example", "mintad", "منطاد فوق البراري",
        "قال مسؤولون إن المنطاد عبر فوق البراري يوم السبت.", language="ar",
    ),
    _article(
        "prairie-courier.example", "fair", "County fair opens", "Pies, sheep and a brass band."
    ),
    _article(
        "prairie-courier.example", "evil", "\x1b[31mBalloon\u202e\x07 =1+1", "=cmd|' /C calc'!A0 balloon",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it wrote."""

    status: int
    out: str
    err: str


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a workspace with two outlets and a story; it is the working directory."""
    root = tmp_path / "desk"
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text(WORKSPACE, "utf-8")
    (root / "outlets.toml").write_text(OUTLETS, "utf-8")
    (root / "stories" / "balloon.toml").write_text(STORY, "utf-8")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def corpus(desk: Path) -> Path:
    """The desk with seven captured articles, six of them in the corpus, and an index of them."""
    with StoreWriter.open(desk / "data" / "pressclip.db") as store:
        run_id = store.ledger.start_run("crawl balloon")
        for number, article in enumerate(ARTICLES):
            record_article(store, article, offset=1000 * number, run_id=run_id)
        store.ledger.end_run(run_id, 0)
        update_index(store, desk / "data" / "index")
    return desk


def add_article(store: StoreWriter, article: Article, *verdicts: Verdict) -> str:
    """Record an article with a capture that exists in name only; return its id."""
    offset = len(store.articles.all_ids())
    ref = ArchiveRef(file="b.warc.gz", offset=offset, length=1, digest=f"sha256:{offset}")
    capture = Capture(
        url=article.url, status=200, headers=(), body=b"", fetched=article.fetched,
        listing=Listing(channel="feed"), ref=ref,
    )  # fmt: skip
    return store.articles.record(
        article,
        key=article.url,
        capture=store.captures.add(capture, outlet=article.outlet),
        verdicts=verdicts,
        fingerprint=fingerprint(article),
    ).id


def record_article(store: StoreWriter, article: Article, *, offset: int, run_id: int) -> None:
    """Put an article into the store as the intake does, with its line in the ledger."""
    ref = ArchiveRef(file="2023/02/a.warc.gz", offset=offset, length=900, digest="sha256:AB")
    capture = Capture(
        url=article.url, status=200, headers=(), body=b"", fetched=article.fetched,
        listing=Listing(channel="feed"), ref=ref,
    )  # fmt: skip
    kept = "balloon" in f"{article.title} {article.text}".lower() or article.language != "en"
    verdict = Verdict(
        story="balloon", decision="on-story" if kept else "off-story", score=0.9 if kept else 0.0,
        reasons=("title: balloon",) if kept else ("the query is not met",),
    )  # fmt: skip
    recorded = store.articles.record(
        article,
        key=article.canonical_url,
        capture=store.captures.add(capture, outlet=article.outlet),
        verdicts=(verdict,),
        fingerprint=fingerprint(article),
    )
    outcome = "kept" if recorded.kept else verdict.decision
    store.ledger.add(
        [
            Entry(
                url=article.url, key=article.canonical_url, outlet=article.outlet, channel="feed",
                outcome=outcome, detail="; ".join(verdict.reasons), at=article.fetched, run=run_id,
            )
        ]
    )  # fmt: skip


@pytest.fixture
def edited(corpus: Path) -> Path:
    """The corpus with a second version of an article, which quotes somebody."""
    words = "It was seen at nine. “We followed it for two days over the plains,” Ann Reyes said."
    later = replace(
        ARTICLES[0],
        title="Balloon seen over the barns",
        text=f"{ARTICLES[0].text}\n{words}",
        fetched=NOON + timedelta(hours=5),
    )
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, later, offset=50_000, run_id=1)
        update_index(store, corpus / "data" / "index")
    return corpus


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A verb run in this process sets up the root logger (`-q`, `-v`); the next test has it as it was."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.setLevel(level)
    for handler in root.handlers[:]:
        if handler not in handlers and type(handler) is logging.StreamHandler:
            root.removeHandler(handler)


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's user reaches a test, and nothing of a test the user."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("PRESSCLIP_WORKSPACE", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def pressclip(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command line: `pressclip("story", "list")`."""

    def call(*args: str) -> Said:
        status = run(args)
        out, err = capsys.readouterr()
        return Said(status, out, err)

    return call


@pytest.fixture
def own_process() -> Callable[..., Said]:
    """The same in a process of its own, for what fetches: Scrapy's reactor runs once a process."""

    def call(*args: str, answer: str = "", program: str = "") -> Said:
        how = ["-c", program] if program else ["-m", "search_cli.main"]
        done = subprocess.run(
            [sys.executable, *how, *args], input=answer, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def watched(corpus: Path) -> Path:
    """The corpus with an article of 9 February; not crawled on the 6th and the 7th."""

    def at(day: int) -> datetime:
        return datetime(2023, 2, day, 6, tzinfo=UTC)

    late = replace(ARTICLES[0], url="https://prairie-courier.example/late", published=at(9))
    late = replace(late, canonical_url=late.url, title="A late balloon")
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        record_article(store, late, offset=90_000, run_id=1)
        courier = "prairie-courier.example"
        store.lists.watch("https://a/feed", courier, Span(at(1), at(6)), joined=False)
        store.lists.watch("https://a/feed", courier, Span(at(8), at(12)), joined=False)
        store.lists.watch("https://m/feed", "matin.example", Span(at(1), at(5)), joined=False)
        update_index(store, corpus / "data" / "index")
    return corpus
