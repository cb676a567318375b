"""`pressclip shard` on the command line: what it says, and what it refuses in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.workspace import Workspace
from tests.conftest import Said
from tests.merging import OUTLETS, crawl, make_desk, press, without_encoder

Run = Callable[..., Said]
__all__ = ["without_encoder"]
SHOTS = press()[:6]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A desk that has crawled nothing, in the current folder."""
    desk = make_desk(tmp_path / "hub")
    monkeypatch.chdir(desk.root)
    return desk


def test_a_dry_run_shows_the_buckets_and_changes_nothing(hub: Workspace, pressclip: Run) -> None:
    before = sorted(hub.root.parent.rglob("*"))
    said = pressclip("shard", "../buckets", "--buckets", "2", "--dry-run")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0].split() == ["bucket", "outlets", "articles", "pages", "a", "day"]
    assert [line.split()[0] for line in lines[1:3]] == ["bucket-001", "bucket-002"]
    assert said.err == "shard --dry-run: nothing was changed\n"
    assert [one for one in sorted(hub.root.parent.rglob("*")) if one.name != "lock"] == before


def test_a_split_desk_crawls_no_more_and_takes_its_buckets_in_again(
    hub: Workspace, pressclip: Run
) -> None:
    said = pressclip("shard", "../buckets", "--buckets", "2")
    place = hub.root.parent / "buckets"
    assert said.err.splitlines()[-2:] == [
        f"shard: 4 outlets in 2 buckets, 4 moved in {place}",
        f"next: pressclip -C {place}/bucket-001 crawl   then here: pressclip merge",
    ]
    for verb in (("crawl",), ("backfill", "balloon")):
        refused = pressclip(*verb)
        assert refused.status == 2
        assert refused.err.startswith(
            f"error: {hub.root}: is split: its 2 buckets in {place} crawl"
        )
    for root in sorted(place.iterdir()):
        bucket = Workspace.load(root)
        crawl(bucket, [one for one in SHOTS if one.outlet in bucket.outlets()])
    merged = pressclip("merge", "--json")
    assert json.loads(merged.out)["corpus"]["read"] == len(SHOTS)
    assert pressclip("shard").err == f"shard: 4 outlets in 2 buckets in {place}\n"


def test_an_outlet_is_moved_and_the_report_for_programs_says_so(
    hub: Workspace, pressclip: Run
) -> None:
    pressclip("shard", "../buckets", "--buckets", "2", "-j", "1")
    report = json.loads(pressclip("shard", "--json").out)
    source = next(one for one in report["buckets"] if OUTLETS[0] in one["outlets"])
    goal = next(one for one in report["buckets"] if one != source)
    told = pressclip("shard", "--move", OUTLETS[0], "--to", goal["bucket"])
    assert (
        told.err.splitlines()[0]
        == f"{goal['bucket']}: 1 outlet from {source['bucket']}, 0 captures"
    )
    assert OUTLETS[0] in Workspace.load(Path(goal["desk"])).outlets()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "is not split yet"),
        (("--move", OUTLETS[0]), "--move and --to go together"),
        (("--move", OUTLETS[0], "--to", "bucket-001"), "is not split yet"),
        (("../b", "--size", "3", "--buckets", "2"), "--size and --buckets cannot be used together"),
        (("../b", "--move", OUTLETS[0], "--to", "x"), "--move moves one site"),
        (("stories/b",), "buckets cannot lie in the desk's own files"),
        (("workspace.toml",), "is a file"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    hub: Workspace, pressclip: Run, arguments: tuple[str, ...], said: str
) -> None:
    result = pressclip("shard", *arguments)
    assert result.status == 2
    assert said in result.err


def test_unknown_names_are_told_with_what_there_is(hub: Workspace, pressclip: Run) -> None:
    pressclip("shard", "../buckets", "--buckets", "2")
    said = pressclip("shard", "--move", OUTLETS[0], "--to", "bucket-009")
    assert "no such bucket: bucket-009\nhint: there are bucket-001 to bucket-002" in said.err
    said = pressclip("shard", "--move", "courier.exampel", "--to", "bucket-001")
    assert "no such outlet: courier.exampel\nhint: did you mean courier.example?" in said.err
    assert "their number only grows" in pressclip("shard", "--buckets", "1").err
    bucket = pressclip("-C", "../buckets/bucket-001", "shard", "../more")
    assert "is itself a bucket of" in bucket.err


def test_merge_without_a_name_is_for_a_desk_that_is_split(hub: Workspace, pressclip: Run) -> None:
    said = pressclip("merge")
    assert (said.status, said.err.splitlines()[0]) == (2, "error: no desk named")
