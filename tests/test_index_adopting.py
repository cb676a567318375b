"""Archive files of another desk: linked, copied and verified, or referred to; never two of one name mixed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.archive import Archive
from index.archive.adopting import adopt_file, drop_unfinished, is_lacking, needs_room
from index.errors import ArchiveError, StorageError
from tests.merging import capture_of, press

SHOTS = press()


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    folder = tmp_path / "theirs"
    with Archive(folder) as archive:
        for shot in SHOTS[:3]:
            archive.append(capture_of(shot))
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another disk."""
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk to copy to")
    folder = Path(tempfile.mkdtemp(dir=shared))
    yield folder
    shutil.rmtree(folder)


def name_in(folder: Path) -> str:
    (name,) = Archive(folder).names()
    return name


def test_on_one_disk_a_file_is_linked_and_stays_when_the_other_goes(
    theirs: Path, tmp_path: Path
) -> None:
    name = name_in(theirs)
    assert needs_room(name, theirs, tmp_path / "ours") == 0
    assert adopt_file(name, theirs, tmp_path / "ours") == "linked"
    assert adopt_file(name, theirs, tmp_path / "ours") == "held"
    (theirs / name).unlink()
    assert len(list(Archive(tmp_path / "ours").captures())) == 3


def test_on_another_disk_it_is_copied(theirs: Path, elsewhere: Path) -> None:
    name = name_in(theirs)
    assert needs_room(name, theirs, elsewhere) == (theirs / name).stat().st_size
    assert adopt_file(name, theirs, elsewhere) == "copied"
    assert (elsewhere / name).read_bytes() == (theirs / name).read_bytes()
    assert needs_room(name, theirs, elsewhere) == 0


def test_what_a_killed_run_left_open_is_copied_to_its_last_whole_record(
    theirs: Path, tmp_path: Path
) -> None:
    name = name_in(theirs)
    whole = (theirs / name).read_bytes()
    (theirs / name).rename(theirs / f"{name}.open")
    with (theirs / f"{name}.open").open("ab") as file:
        file.write(whole[:100])
    assert adopt_file(name, theirs, tmp_path / "ours", by_reference=True) == "copied"
    assert (tmp_path / "ours" / name).read_bytes() == whole


def test_a_file_that_has_grown_is_taken_again(theirs: Path, tmp_path: Path) -> None:
    name, ours = name_in(theirs), tmp_path / "ours"
    whole = (theirs / name).read_bytes()
    (ours / name).parent.mkdir(parents=True)
    (ours / name).write_bytes(whole[:500])
    assert adopt_file(name, theirs, ours) == "copied"
    assert (ours / name).read_bytes() == whole


def test_another_file_of_the_same_name_is_refused(theirs: Path, tmp_path: Path) -> None:
    name, ours = name_in(theirs), tmp_path / "ours"
    (ours / name).parent.mkdir(parents=True)
    (ours / name).write_bytes(b"something else")
    with pytest.raises(ArchiveError, match="another file of that name"):
        adopt_file(name, theirs, ours)
    assert (ours / name).read_bytes() == b"something else"


def test_a_reference_that_leads_nowhere_is_taken_anew(theirs: Path, tmp_path: Path) -> None:
    name, ours = name_in(theirs), tmp_path / "ours"
    assert adopt_file(name, theirs, ours, by_reference=True) == "referred"
    theirs.rename(tmp_path / "moved")
    assert adopt_file(name, theirs, ours) == "missing"
    assert adopt_file(name, tmp_path / "moved", ours) == "linked"
    assert len(list(Archive(ours).captures())) == 3


def test_what_was_referred_to_can_be_had_here_later(theirs: Path, tmp_path: Path) -> None:
    name, ours = name_in(theirs), tmp_path / "ours"
    adopt_file(name, theirs, ours, by_reference=True)
    assert is_lacking(name, ours, by_reference=False)
    assert not is_lacking(name, ours, by_reference=True)
    assert adopt_file(name, theirs, ours) == "linked"
    assert not (ours / name).is_symlink()


def test_what_a_killed_copy_left_is_deleted(tmp_path: Path) -> None:
    draft = tmp_path / ".a.warc.gz.17.new"
    draft.touch()
    drop_unfinished(tmp_path)
    assert not draft.exists()


def test_a_full_disk_is_said_and_leaves_nothing_behind(theirs: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no full device here")
    with pytest.raises(StorageError):
        adopt_file(name_in(theirs), theirs, Path("/dev/full"))
