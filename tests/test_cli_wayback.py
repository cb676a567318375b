"""`[evidence] wayback`: copies of what is on-story, by a service on loopback that behaves as SPN2 does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest

from crawler.ingest.saving import Saving, save_copies
from crawler.wire.wayback_save import KEYS, SaveService, read_answer
from index.store import Store, StoreWriter
from index.store.saves import Save
from index.workspace import Workspace
from search_cli.automation.saving import save_behind
from tests.test_cli_export import Command

JOB = "spn2-" + "0" * 40
STAMP = "20230204130000"


@dataclass
class Service:
    """What was asked, with which keys, and what is answered: by URL an error, or `status` to all."""

    address: str = ""
    status: int = 200
    errors: dict[str, str] = field(default_factory=dict)
    failing: dict[str, int] = field(default_factory=dict)  # by URL the status
    people: bool = False
    stuck: bool = False
    asked: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)


@contextmanager
def serve(service: Service) -> Iterator[None]:
    jobs: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            wish = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            (url,) = wish["url"]
            service.asked.append(url)
            service.keys.add(self.headers["Authorization"])
            if status := service.failing.get(url):
                self.send_error(status)
                return
            if code := service.errors.get(url):
                self.answer({"status": "error", "status_ext": code, "message": "no"})
                return
            job = f"{JOB[:-4]}{len(jobs):04d}"
            jobs[job] = url
            if service.people:
                self.answer(f'<script>spn.watchJob("{job}", "/_static/")</script>')
            else:
                self.answer({"url": url, "job_id": job})

        def do_GET(self) -> None:
            job = self.path.rpartition("/")[2]
            service.looked.append(job)
            if service.stuck or service.looked.count(job) == 1:
                self.answer({"status": "pending", "job_id": job})
            else:
                said = {"status": "success", "timestamp": STAMP, "original_url": jobs[job]}
                self.answer(said)

        def answer(self, said: object) -> None:
            self.send_response(service.status)
            self.end_headers()
            self.wfile.write(said.encode() if isinstance(said, str) else json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    service.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def service() -> Iterator[Service]:
    found = Service()
    with serve(found):
        yield found


@pytest.fixture
def wanting(corpus: Path, service: Service) -> Workspace:
    """The corpus's desk, which wants its on-story articles saved there."""
    text = (corpus / "workspace.toml").read_text()
    table = f'[evidence]\nwayback = true\nwayback_address = "{service.address}"\n'
    (corpus / "workspace.toml").write_text(f"allow_private = true\n{text}\n{table}")
    return Workspace.load(corpus)


def save(workspace: Workspace, *, later: timedelta = timedelta()) -> Saving:
    return save_copies(workspace, patience=5, pace=0.01, clock=lambda: datetime.now(UTC) + later)


def on_story(workspace: Workspace) -> set[str]:
    with Store.open(workspace.database) as store:
        found = store.articles.get(store.articles.kept_ids())
    return {one.article.url for one in found.values() if one.stories}


def test_what_is_on_story_is_saved_once_and_cited(
    wanting: Workspace, service: Service, pressclip: Command
) -> None:
    urls = on_story(wanting)
    assert save(wanting) == Saving(saved=len(urls))
    assert sorted(service.asked) == sorted(urls)
    assert service.keys == {None}
    assert save(wanting) == Saving()
    assert sorted(service.asked) == sorted(urls)
    (first, *_) = urls
    copy = f"{service.address}/web/{STAMP}/{first}"
    assert pressclip("show", first, "--cite", "chicago").out.endswith(f". Archived at {copy}.\n")
    assert f"saved 2023-02-04 14:00: {copy}" in pressclip("show", first).out
    assert f"AN  - {copy}" in pressclip("export", "*", "-f", "ris").out
    assert f"Wayback Machine: {len(urls)} article" in pressclip("status", "-f", "table").out


def test_the_users_keys_go_along_and_are_never_told(
    wanting: Workspace, service: Service, monkeypatch: pytest.MonkeyPatch, pressclip: Command
) -> None:
    monkeypatch.setenv(KEYS, "me:hush")
    save(wanting)
    assert service.keys == {"LOW me:hush"}
    monkeypatch.setenv(KEYS, "hush")
    told = save_behind(wanting)
    assert "is not ACCESS:SECRET" in told
    assert "hush" not in told + pressclip("status", "--json").out


def test_the_page_for_people_has_the_job_in_it_too(wanting: Workspace, service: Service) -> None:
    service.people = True
    assert save(wanting).saved == len(on_story(wanting))


def test_a_page_that_is_refused_is_asked_for_again_only_where_that_may_help(
    wanting: Workspace, service: Service
) -> None:
    blocked, busy, *others = sorted(on_story(wanting))
    service.errors = {blocked: "error:blocked-url", busy: "error:too-many-daily-captures"}
    assert save(wanting) == Saving(saved=len(others), refused=2)
    assert save(wanting) == Saving()
    assert save(wanting, later=timedelta(days=1)) == Saving(refused=1)
    assert save(wanting, later=timedelta(days=2)) == Saving(refused=1)
    assert save(wanting, later=timedelta(days=3)) == Saving()
    assert (service.asked.count(blocked), service.asked.count(busy)) == (1, 3)


def test_what_is_never_answered_is_waited_for_an_hour_and_asked_again_the_next_day(
    wanting: Workspace, service: Service, pressclip: Command
) -> None:
    service.stuck = True
    count = len(on_story(wanting))
    told = save_copies(wanting, patience=0.3, pace=0.01)
    assert told == Saving(waiting=count)
    assert f"{count} asked for and not there" in pressclip("status", "-f", "table").out
    service.stuck = False
    assert save(wanting, later=timedelta(hours=2)) == Saving()
    assert save(wanting, later=timedelta(days=1)) == Saving(saved=count)


@pytest.mark.parametrize(("status", "hours"), [(429, 1), (503, 1), (401, 24)])
def test_a_service_that_wants_rest_has_it(
    wanting: Workspace, service: Service, pressclip: Command, status: int, hours: int
) -> None:
    service.status = status
    told = save_behind(wanting)
    assert f"broken off (http-{status}), the next crawl goes on" in told
    assert ("PRESSCLIP_WAYBACK_KEYS" in told) == (status == 401)
    assert len(service.asked) == 1
    assert "left alone until" in pressclip("status", "-f", "table").out
    service.status = 200
    assert save(wanting, later=timedelta(hours=hours, minutes=-1)) == Saving()
    assert save(wanting, later=timedelta(hours=hours, minutes=1)).saved == len(on_story(wanting))


@pytest.mark.parametrize("status", [404, 500])
def test_a_page_on_which_the_service_fails_leaves_the_others_their_turn_and_is_given_up(
    wanting: Workspace, service: Service, status: int
) -> None:
    count = len(on_story(wanting))
    with Store.open(wanting.database) as store:
        first = store.saves.wanted(before=datetime.now(UTC), final=(), limit=1)[0][1]
    service.failing = {first: status}
    assert save(wanting).stopped == f"http-{status}"
    assert save(wanting) == Saving()
    assert save(wanting, later=timedelta(minutes=31)) == Saving(saved=count - 1)
    for day in range(1, 5):
        save(wanting, later=timedelta(days=day))
    assert service.asked.count(first) == 3


def test_one_job_a_pace_is_looked_at_each_in_its_turn(wanting: Workspace, service: Service) -> None:
    service.stuck = True
    count = len(on_story(wanting))
    save_copies(wanting, patience=0.5, pace=0.02)
    looks = [service.looked.count(job) for job in dict.fromkeys(service.looked)]
    assert len(looks) == count
    assert sum(looks) <= 0.5 / 0.02 + 1
    assert max(looks) - min(looks) <= 2


def test_nothing_is_looked_at_when_the_time_is_up(wanting: Workspace, service: Service) -> None:
    told = save_copies(wanting, patience=0.2, pace=60)
    assert (told.waiting, service.looked) == (1, [])


@pytest.mark.parametrize("readings", [1, 2], ids=["while it is asked for", "before the look"])
def test_an_article_that_is_forgotten_meanwhile_is_left(
    wanting: Workspace, service: Service, readings: int
) -> None:
    moments = iter(range(readings, -99, -1))

    def clock() -> datetime:
        """The time; another process forgets the first article at one reading of it."""
        if service.asked and next(moments) == 1:
            with StoreWriter.open(wanting.database) as store:
                (identity,) = store.articles.find("", service.asked[0])
                store.articles.remove(identity)
        return datetime.now(UTC)

    count = len(on_story(wanting))
    told = save_copies(wanting, patience=5, pace=0.01, clock=clock)
    assert told == Saving(saved=count - 1)


def test_what_is_known_of_a_forgotten_article_is_not_stored(wanting: Workspace) -> None:
    with StoreWriter.open(wanting.database) as store:
        store.saves.note(Save(article="0" * 64, asked=datetime.now(UTC), job=JOB))
        assert not store.saves.pending()


def test_a_service_that_is_down_is_one_line(wanting: Workspace) -> None:
    text = (wanting.root / "workspace.toml").read_text()
    address = wanting.evidence.wayback_address
    (wanting.root / "workspace.toml").write_text(text.replace(address, "http://127.0.0.1:9"))
    told = save_behind(Workspace.load(wanting.root))
    assert "Connection refused" in told
    assert "\n" not in told


def test_the_stated_limits_are_kept(
    wanting: Workspace, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_none = SaveService(wanting)
    assert (with_none.daily, with_none.pace) == (200, 20)
    monkeypatch.setenv(KEYS, "me:hush")
    with_keys = SaveService(wanting)
    assert (with_keys.daily, round(with_keys.pace, 1)) == (30_000, 8.6)
    with_keys.daily = 2
    monkeypatch.setattr("crawler.ingest.saving.SaveService", lambda *_, **__: with_keys)
    assert save(wanting) == Saving(saved=2)
    assert save(wanting) == Saving()
    assert save(wanting, later=timedelta(hours=25)) == Saving(saved=2)


def test_what_asks_not_to_be_archived_and_what_is_a_copy_is_not_asked_for(
    wanting: Workspace, service: Service
) -> None:
    shy, copy, *others = sorted(on_story(wanting))
    with StoreWriter.open(wanting.database) as store:
        for url, change in ((shy, {"robots": ("noarchive",)}), (copy, {"copy_of": copy})):
            (identity,) = store.articles.find("", url)
            article = store.articles.get([identity])[identity].article
            store.articles.rewrite(identity, replace(article, **change))
    save(wanting)
    assert sorted(service.asked) == others


def test_nothing_is_asked_for_without_the_wish(corpus: Path) -> None:
    assert save_behind(Workspace.load(corpus)) == ""


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"job_id": "spn2-12"}', "asked"),
        (b'{"status": "success", "timestamp": "20230204130000"}', "saved"),
        (b'{"status": "success", "timestamp": "2023"}', "paused"),
        (b'{"status": "success", "timestamp": "20231399130000"}', "paused"),
        (b'{"status": "error", "status_ext": "error:user-session-limit"}', "paused"),
        (b'{"status": "error", "status_ext": "error:not-found"}', "refused"),
        (b"[]", "paused"),
        (b"<html>", "paused"),
        (b"", "paused"),
    ],
)
def test_any_answer_is_read_as_something(body: bytes, kind: str) -> None:
    assert read_answer(body, "https://a.example/", base="https://b.example").kind == kind


def test_an_address_in_an_answer_is_an_address_or_is_not_taken() -> None:
    said = {"status": "success", "timestamp": STAMP, "original_url": "javascript:x"}
    found = read_answer(json.dumps(said).encode(), "https://a.example/", base="https://b.example")
    assert found.address == f"https://b.example/web/{STAMP}/https://a.example/"
