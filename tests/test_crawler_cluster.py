"""Workers of a cluster, on a real PostgreSQL: who may crawl a bucket, and what becomes of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.made_up.postgres import ESCAPED, PASSWORD, Database
from crawler.cluster.buckets import install_desk, next_generation
from crawler.cluster.tending import chosen_queue
from crawler.demo.serving import serve
from crawler.sharding.shard import ShardRequest, shard
from index.errors import UsageError
from index.store import StoreWriter
from index.workspace import Workspace
from tests.clustering import STAND_IN, ask, new_database, postgres
from tests.conftest import Said
from tests.crawling import PLAIN, make_desk, small_site
from tests.test_crawler_tether import ends

LEASE = 20.0


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with postgres() as database:
        yield database


@dataclass(frozen=True, slots=True)
class Cluster:
    """A queue of its own, a depot, and a folder for desks and workers."""

    url: str
    root: Path

    @property
    def depot(self) -> Path:
        return self.root / "depot"

    def install(self, name: str, *, machine: str = "") -> Path:
        """A desk put on the queue."""
        from crawler.cluster.queue import connect, prepare, shown_queue

        desk = self.root / name
        if not desk.exists():
            make_desk(desk)
        with connect(self.url) as connection:
            install_desk(
                connection, prepare(connection, LEASE), Workspace.load(desk),
                queue=shown_queue(self.url), depot=None if machine else self.depot, machine=machine,
            )  # fmt: skip
        return desk

    def work(self, name: str = "a", *, command: tuple[str, ...] = ()) -> list[str]:
        """A worker in this process that ends when nothing is due; what it told."""
        from crawler.cluster.worker import WorkerSettings, run_worker

        told: list[str] = []
        run_worker(
            WorkerSettings(
                url=self.url, name=name, work=self.root / f"work-{name}", slots=1, once=True,
                command=command or (sys.executable, "-c", STAND_IN), tell=told.append,
            )
        )  # fmt: skip
        return told

    def generation(self, name: str) -> Path:
        """The newest copy of a bucket in the depot."""
        ((found,),) = ask(
            self.url, "SELECT generation FROM pressclip_buckets WHERE name = %s", name
        )
        return self.depot / name / str(found)

    def crawled(self, name: str) -> list[str]:
        """A line for each command that ran on the newest copy."""
        path = self.generation(name) / "crawled"
        return path.read_text().splitlines() if path.exists() else []

    def row(self, name: str, column: str) -> object:
        ((found,),) = ask(self.url, f"SELECT {column} FROM pressclip_buckets WHERE name = %s", name)
        return found

    def silence(self) -> None:
        """Let all workers have been silent for an hour."""
        ask(self.url, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")

    def make_due(self) -> None:
        ask(self.url, "UPDATE pressclip_buckets SET due = now()")


@pytest.fixture
def cluster(
    server: Database,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Cluster:
    monkeypatch.delenv("PRESSCLIP_QUEUE", raising=False)
    return Cluster(new_database(server, f"queue_{time.monotonic_ns()}"), tmp_path)


def test_a_bucket_is_crawled_handed_in_and_crawled_again_by_another(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = (sys.executable, "-c", PLAIN)
    with serve(small_site()) as served:
        monkeypatch.setenv("http_proxy", served.ports.proxy_url)
        monkeypatch.setenv("no_proxy", "")
        cluster.install("north")
        assert cluster.work("a", command=command)[-1].endswith("s, 4 articles")
        asked = len(served.visits)
        cluster.make_due()
        assert cluster.work("b", command=command)[-1].endswith("s, 4 articles")
    assert asked > 8
    assert len(served.visits) - asked < asked / 2  # the frontier and the validators came along
    assert cluster.generation("north").name.startswith("000003-")
    assert cluster.row("north", "(code, failures, articles, holder)") == ("0", "0", "4", None)


def test_a_pinned_bucket_is_crawled_where_it_lies_and_by_its_machine_only(cluster: Cluster) -> None:
    desk = cluster.install("north", machine="a")
    cluster.work("b")
    assert not (desk / "crawled").exists()
    cluster.work("a")
    assert "['crawl', '--due', '-q']" in (desk / "crawled").read_text()


def test_what_is_not_due_waits(cluster: Cluster) -> None:
    cluster.install("north")
    cluster.work()
    assert cluster.work() == []
    assert cluster.row("north", "extract(epoch FROM due - ended)::int = every::int") is True


def test_a_killed_workers_crawl_dies_with_it_and_another_takes_the_bucket_up(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.install("north")
    work = cluster.root / "work-a"
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER, cluster.url, str(work), STAND_IN],
        env={**os.environ, "DEED": "time.sleep(60)"}, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    crawled = work / "north" / "crawled"
    while not crawled.exists() or not crawled.read_text().strip():
        assert worker.poll() is None
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert ends(int(crawled.read_text().split()[0]))
    assert cluster.work("b") == []  # the lease still runs
    cluster.silence()
    assert cluster.work("b")[-1].startswith("north: exit 0")
    assert len(cluster.crawled("north")) == 1


_WORKER = (
    "import sys; from pathlib import Path;"
    "from crawler.cluster.worker import WorkerSettings, run_worker;"
    "run_worker(WorkerSettings(url=sys.argv[1], name='a', work=Path(sys.argv[2]), slots=1, once=True,"
    " command=(sys.executable, '-c', sys.argv[3]), tell=print))"
)


def leave_unfinished(cluster: Cluster, name: str, *, store: bool = True) -> Path:
    """A copy at machine `a` whose crawl was killed."""
    from index.maintenance.handover import mark_in_use, take_up

    copy = cluster.root / "work-a" / name
    take_up(cluster.generation(name), copy)
    mark_in_use(copy)
    if store:
        StoreWriter.open(copy / "data" / "pressclip.db").close()
    (copy / "only-here").write_text("what the killed crawl found")
    return copy


def test_a_worker_that_comes_back_goes_on_with_its_own_copy(cluster: Cluster) -> None:
    cluster.install("north")
    leave_unfinished(cluster, "north")
    cluster.work("a")
    assert (cluster.generation("north") / "only-here").exists()


def test_what_a_killed_crawl_left_is_merged_into_what_another_made(cluster: Cluster) -> None:
    cluster.install("north")
    leave_unfinished(cluster, "north")
    cluster.work("b")
    cluster.make_due()
    cluster.work("a")
    merged, crawl = cluster.crawled("north")[-2:]
    assert "['merge', '" in merged
    assert "north.left-" in merged
    assert "['crawl', '--due', '-q']" in crawl
    assert sorted(path.name for path in (cluster.root / "work-a").glob("north*")) == [
        "north", "north.copy.json", "north.lock",
    ]  # fmt: skip


def test_what_cannot_be_merged_stays_and_keeps_no_bucket_from_being_crawled(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEED", "sys.exit('error: damaged' if 'merge' in sys.argv else 0)")
    cluster.install("north")
    leave_unfinished(cluster, "north")
    cluster.work("b")
    cluster.make_due()
    assert cluster.work("a")[-1].endswith("cannot be merged: damaged")
    assert "['crawl', '--due', '-q']" in cluster.crawled("north")[-1]
    assert cluster.row("north", "left_at") == ["a"]


def test_a_crawl_that_was_killed_before_it_began_leaves_nothing(cluster: Cluster) -> None:
    cluster.install("north")
    leave_unfinished(cluster, "north", store=False)
    cluster.work("b")
    cluster.make_due()
    cluster.work("a")
    assert not [line for line in cluster.crawled("north") if "merge" in line]
    assert cluster.row("north", "left_at") == []


def test_a_machine_with_an_unfinished_copy_is_asked_first() -> None:
    assert chosen_queue("", ["a"], ["a", "b"]) == "machine:a"
    assert chosen_queue("", ["a"], ["b"]) == "buckets"
    assert chosen_queue("c", ["a"], ["a"]) == "machine:c"


def test_a_failed_crawl_is_told_and_tried_again(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEED", "sys.exit('error: /srv: no space left on the disk') ")
    cluster.install("north")
    assert cluster.work()[-1].endswith("/srv: no space left on the disk")
    assert cluster.row("north", "(code, failures, said)") == (
        ("1", "1", "/srv: no space left on the disk")
    )
    waits = ask(cluster.url, "SELECT status, scheduled_at > now() FROM procrastinate_jobs")
    assert waits == [("todo", True)]


def test_a_depot_that_is_not_there_is_one_line(cluster: Cluster) -> None:
    cluster.install("north")
    cluster.depot.rename(cluster.root / "unmounted")
    assert "this copy of the bucket is not there (is the depot mounted here?" in cluster.work()[-1]


def test_a_bucket_that_another_worker_holds_is_left_to_it(cluster: Cluster) -> None:
    cluster.install("north")
    ask(cluster.url, "INSERT INTO procrastinate_workers DEFAULT VALUES")
    ask(cluster.url, "UPDATE pressclip_buckets SET holder = (SELECT id FROM procrastinate_workers)")
    assert cluster.work() == []
    cluster.silence()
    ask(cluster.url, "UPDATE procrastinate_jobs SET scheduled_at = NULL")
    assert cluster.work()[0] == "north: taken"


def test_a_worker_that_was_given_up_changes_nothing(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_away = (
        "import psycopg; psycopg.connect(os.environ['THERE'], autocommit=True)"
        ".execute('UPDATE pressclip_buckets SET holder = 999')"
    )
    monkeypatch.setenv("DEED", give_away)
    monkeypatch.setenv("THERE", cluster.url)
    cluster.install("north")
    assert cluster.work()[-1] == "north: was given to another worker meanwhile"
    assert cluster.generation("north").name.startswith("000001-")
    assert len(list((cluster.depot / "north").iterdir())) == 1


def test_a_store_of_a_newer_format_is_left_to_newer_workers(cluster: Cluster) -> None:
    cluster.install("north")
    ask(cluster.url, "UPDATE pressclip_buckets SET format = 99")
    assert "its store is of format 99" in cluster.work()[-1]
    assert str(cluster.row("north", "said")).startswith("a cannot crawl it")


def test_clocks_that_differ_are_told_and_decide_nothing(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.install("north")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 7200)
    told = cluster.work()
    assert "clock is 120 min ahead of the queue's" in told[0]
    assert told[-1].startswith("north: exit 0")
    assert cluster.work() == told[:1]


def test_a_changed_story_reaches_the_copies(cluster: Cluster) -> None:
    desk = cluster.install("north")
    cluster.work()
    story = desk / "stories" / "balloon.toml"
    story.write_text(story.read_text() + '[schedule]\nevery = "2h"\n')
    cluster.install("north")
    cluster.work()
    assert (
        cluster.generation("north") / "stories" / "balloon.toml"
    ).read_text() == story.read_text()
    assert cluster.row("north", "every") == 7200


def test_a_desk_belongs_to_one_cluster(cluster: Cluster, server: Database) -> None:
    cluster.install("north")
    other = Cluster(new_database(server, f"other_{time.monotonic_ns()}"), cluster.root)
    with pytest.raises(UsageError, match="belongs to another cluster: postgresql://127"):
        other.install("north")


def test_a_pinned_desk_is_not_handed_on_by_a_second_call(cluster: Cluster) -> None:
    cluster.install("north", machine="a")
    with pytest.raises(UsageError, match="on the queue already, pinned to a"):
        cluster.install("north")


def test_two_desks_of_one_name_are_refused(cluster: Cluster) -> None:
    cluster.install("north")
    make_desk(cluster.root / "more" / "north")
    again = Cluster(cluster.url, cluster.root / "more")
    with pytest.raises(UsageError, match="of this name from another folder"):
        again.install("north")


def test_a_worker_refuses_a_desk_of_another_cluster(cluster: Cluster) -> None:
    desk = cluster.install("north", machine="a")
    claim = desk / "data" / "cluster.json"
    claim.write_text(json.dumps({**json.loads(claim.read_text()), "cluster": "another"}))
    assert "belongs to another cluster" in cluster.work()[-1]


def test_generations_sort_in_their_order() -> None:
    first, second = next_generation(""), next_generation("000009-ffffffff")
    assert first.startswith("000001-")
    assert "000009-ffffffff" < second < next_generation(second)


def test_the_verbs_work_together(
    cluster: Cluster, own_process: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(cluster.root)
    monkeypatch.setenv("PRESSCLIP_QUEUE", cluster.url)
    make_desk(cluster.root / "north")
    put = own_process("schedule", "install", "--depot", "depot", "north")
    assert put.status == 0
    assert "north: on postgresql://127.0.0.1" in put.err
    by_hand = own_process("-C", "north", "crawl")
    assert (by_hand.status, "crawl this desk, as north" in by_hand.err) == (2, True)
    off = own_process("schedule", "remove", "north")
    assert f"its desk is {cluster.depot / 'north'}" in off.err
    assert (own_process("schedule", "remove", "north")).status == 2


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda url: url.replace(ESCAPED, PASSWORD), 2),
        (lambda url: url.replace(ESCAPED, "secret"), 4),
        (lambda url: url.rsplit("/", 1)[0] + "/nowhere", 4),
        (lambda url: url.replace(ESCAPED, "secret%zz"), 2),
        (lambda url: "mysql" + url.removeprefix("postgresql"), 2),
        (lambda url: f"postgresql://clipper:{ESCAPED}@127.0.0.1:1/clips", 4),
        (lambda url: url, 2),  # right, but no cluster is there
    ],
    ids=["not escaped", "wrong", "no database", "torn escape", "not PostgreSQL", "nobody", "empty"],
)
def test_a_queue_that_cannot_be_used_is_one_line_without_its_password(
    cluster: Cluster,
    pressclip: Callable[..., Said],
    change: Callable[[str], str],
    status: int,
) -> None:
    said = pressclip("worker", "--queue", change(cluster.url), "--work", str(cluster.root / "w"))
    assert said.status == status
    assert said.err.startswith("error: ")
    assert len(said.err.splitlines()) == 2
    assert not [one for one in (PASSWORD, ESCAPED, "secret", "ss:w", "w/rd") if one in said.err]


def test_a_worker_without_the_extra_says_what_to_install(
    pressclip: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = pressclip("worker", "--queue", "postgresql://hub/clips")
    assert said.status == 2
    assert "pip install 'pressclip[cluster]'" in said.err


def test_a_hub_does_not_merge_folders_that_only_keep_settings(
    cluster: Cluster, pressclip: Callable[..., Said]
) -> None:
    hub = cluster.root / "hub"
    make_desk(hub)
    shard(Workspace.load(hub), ShardRequest(folder=cluster.root / "buckets", number=1, workers=1))
    buckets = Cluster(cluster.url, cluster.root / "buckets")
    StoreWriter.open(buckets.root / "bucket-001" / "data" / "pressclip.db").close()
    buckets.install("bucket-001")
    assert "data/bucket.json" in str(buckets.row("bucket-001", "settings"))
    said = pressclip("-C", str(hub), "merge")
    assert said.status == 2
    assert "bucket-001: workers of postgresql://127.0.0.1" in said.err
    assert pressclip("-C", str(hub), "merge", str(buckets.generation("bucket-001"))).status == 0


def test_what_a_desk_holds_is_told_from_its_store(cluster: Cluster) -> None:
    from crawler.cluster.copies import held

    desk = cluster.root / "north"
    make_desk(desk)
    assert held(desk, 60.0).articles is None
    StoreWriter.open(desk / "data" / "pressclip.db").close()
    assert held(desk, 60.0).articles == 0


def test_the_status_of_a_cluster_names_what_is_late_what_failed_and_who_works(
    cluster: Cluster, pressclip: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSCLIP_QUEUE", cluster.url)
    monkeypatch.setenv("DEED", "sys.exit('error: no space left on the disk')")
    cluster.install("north")
    cluster.work("a")
    cluster.install("south", machine="b")
    ask(
        cluster.url,
        "UPDATE pressclip_buckets SET due = now() - interval '2 h' WHERE name = 'south'",
    )
    ask(cluster.url, "INSERT INTO procrastinate_workers DEFAULT VALUES")
    ask(
        cluster.url,
        "INSERT INTO pressclip_workers SELECT max(id), 'c', 'host', '0.2.0', 7200"
        " FROM procrastinate_workers",
    )
    said = pressclip("status", "--cluster", "-f", "table")
    head, *lines = said.out.splitlines()
    text = " ".join(" ".join(lines).split())
    assert head.startswith("postgresql://127.0.0.1:")
    assert head.endswith(" · 2 buckets · 1 worker · 1 late · 1 failing")
    assert "failed: no space left on the disk" in text
    assert "due for 2 h; no worker b is alive" in text
    assert "waits; its clock is 2 h ahead" in text
    assert max(map(len, lines)) <= 80
    whole = json.loads(pressclip("status", "--cluster", "--json").out)
    assert [one["lag_seconds"] // 3600 for one in whole["buckets"]] == [0, 2]
    assert PASSWORD not in json.dumps(whole)
