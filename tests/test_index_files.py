from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from index.errors import DiskFullError, ReadOnlyError, StorageError
from index.files import open_atomic, replace_atomic, storage_error, write_atomic


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old")
    path.chmod(0o640)
    write_atomic(path, "neu ä\n")
    assert path.read_text("utf-8") == "neu ä\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.toml"]


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(TypeError), open_atomic(path) as file:
        file.writelines(["half", 1])  # type: ignore[list-item]
    assert [entry.read_text() for entry in tmp_path.iterdir()] == ["old"]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_atomic(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_folder_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no such file or directory"):
        write_atomic(tmp_path / "nowhere" / "a.toml", "x")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        pytest.param(errno.ENOSPC, DiskFullError, id="full"),
        pytest.param(errno.EDQUOT, DiskFullError, id="quota"),
        pytest.param(errno.EROFS, ReadOnlyError, id="read-only system"),
        pytest.param(errno.EACCES, ReadOnlyError, id="not allowed"),
        pytest.param(errno.EIO, StorageError, id="broken disk"),
    ],
)
def test_refusals_of_the_disk_become_errors_of_ours(number: int, kind: type[StorageError]) -> None:
    error = storage_error(OSError(number, os.strerror(number)), "data/x")
    assert type(error) is kind
    assert str(error).startswith("data/x: ")


def test_a_pipe_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError, match="is a pipe"), replace_atomic(tmp_path / "pipe"):
        pass
    assert (tmp_path / "pipe").is_fifo()


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    write_atomic(Path(f"/dev/fd/{writer}"), "ä\n")
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as file:
        assert file.read() == "ä\n"
