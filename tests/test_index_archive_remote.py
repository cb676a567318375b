"""An archive whose closed files lie in object storage, on a real server: sent, read, verified, forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bench.made_up.object_storage import KEY, SECRET, Storage, object_storage
from index.archive import Archive
from index.archive.remote import Notes, Place, RemoteArchive
from index.errors import ArchiveError, ConfigError, StorageError, UsageError
from index.maintenance.sending import SentFiles, send_closed
from index.maintenance.verify import verify
from index.workspace import Workspace
from tests.conftest import Said
from tests.merging import crawl, make_desk, press

pytest_plugins = ()


@pytest.fixture(scope="module")
def server() -> Iterator[Storage]:
    try:
        with object_storage() as storage:
            yield storage
    except LookupError as error:
        pytest.skip(str(error))


@pytest.fixture(autouse=True)
def access(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A desk that has crawled the made-up press; each test takes a copy."""
    workspace = make_desk(tmp_path_factory.mktemp("crawled") / "desk")
    crawl(workspace, press())
    return workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk whose settings name the storage."""

    root: Path
    storage: Storage
    prefix: str

    def settings(self, **more: object) -> Workspace:
        table = {
            "url": f"{self.storage.url}/{self.prefix}", "endpoint": self.storage.endpoint,
            "region": "us-east-1", **more,
        }  # fmt: skip
        lines = [f"{name} = {json.dumps(value)}" for name, value in table.items()]
        (self.root / "workspace.toml").write_text("min_free = 0\n[archive]\n" + "\n".join(lines))
        return Workspace.load(self.root)

    def local(self) -> list[Path]:
        return sorted((self.root / "data" / "archive").rglob("*.warc.gz"))


@pytest.fixture
def desk(crawled: Workspace, server: Storage, tmp_path: Path) -> Desk:
    import shutil

    shutil.copytree(crawled.root, tmp_path / "desk")
    return Desk(tmp_path / "desk", server, tmp_path.name)


def findings(workspace: Workspace) -> list[str]:
    found = verify(workspace.database, workspace.archive_dir, workspace.index_dir)
    return [one.what for one in found if one.part == "archive"]


def remote_of(workspace: Workspace) -> RemoteArchive:
    return Archive(workspace.archive_dir).remote


def test_closed_files_are_sent_once_and_stay_here(desk: Desk) -> None:
    workspace = desk.settings()
    (path,) = desk.local()
    assert send_closed(workspace) == SentFiles(files=1, bytes=path.stat().st_size)
    assert send_closed(workspace) == SentFiles()
    assert desk.local() == [path]
    assert remote_of(workspace).size_of(Archive(workspace.archive_dir).names()[0])
    assert findings(workspace) == []


def test_an_archive_that_lies_elsewhere_reads_as_one_that_lies_here(desk: Desk) -> None:
    archive = Archive(desk.root / "data" / "archive")
    here = list(archive.captures())
    members = [archive.members(one.ref) for one in here if one.ref]  # type: ignore[union-attr]
    workspace = desk.settings(keep_local=False)
    assert send_closed(workspace).deleted == 1
    assert desk.local() == []
    there = Archive(workspace.archive_dir)
    assert list(there.captures()) == here
    assert [there.read(one.ref) for one in here if one.ref] == here  # type: ignore[union-attr]
    assert [there.members(one.ref) for one in here if one.ref] == members  # type: ignore[union-attr]
    assert list(there.captures_in(there.names()[0])) == here
    assert findings(workspace) == []
    assert not list((desk.root / "data").glob(".fetched-*"))


def test_the_verbs_work_on_it(desk: Desk, pressclip: Callable[..., Said]) -> None:
    send_closed(desk.settings(keep_local=False))
    root = ("-C", str(desk.root))
    first = pressclip(*root, "search", "balloon", "-f", "ids").out.split()[0]
    assert "<html" in pressclip(*root, "show", first, "--raw").out
    assert pressclip(*root, "verify").status == 0
    assert pressclip(*root, "replay", "--no-input").status == 0
    assert desk.local() == []


def test_what_is_forgotten_is_gone_there_too(desk: Desk, pressclip: Callable[..., Said]) -> None:
    workspace = desk.settings(keep_local=False)
    send_closed(workspace)
    (old,) = Archive(workspace.archive_dir).names()
    url = press()[0].url
    said = pressclip("-C", str(desk.root), "--no-input", "forget", url)
    assert said.status == 0, said.err
    remote = remote_of(workspace)
    assert remote.size_of(old) is None
    (new,) = remote.notes.files
    assert remote.size_of(new)
    kept = [one.url for one in Archive(workspace.archive_dir).captures()]  # type: ignore[union-attr]
    assert url not in kept
    assert len(kept) > 5
    assert send_closed(workspace).deleted == 1  # the copy that was made here
    assert findings(workspace) == []


def test_a_file_that_was_changed_or_lost_there_is_found(desk: Desk) -> None:
    workspace = desk.settings(keep_local=False)
    send_closed(workspace)
    remote = remote_of(workspace)
    ((name, sent),) = remote.notes.files.items()
    remote._library().put(remote._store(), name, b"x" * sent.bytes)
    assert "damaged: it is not what was sent" in findings(workspace)[0]
    remote._library().delete(remote._store(), name)
    assert "is not there" in findings(workspace)[0]


def test_a_local_file_whose_copy_was_lost_there_is_told(desk: Desk) -> None:
    workspace = desk.settings()
    send_closed(workspace)
    remote = remote_of(workspace)
    remote._library().delete(remote._store(), next(iter(remote.notes.files)))
    assert findings(workspace)[0].endswith(": is not there")


def test_what_cannot_be_reached_deletes_nothing_here(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.archive.remote._TRIES", 0)
    workspace = desk.settings(keep_local=False, endpoint="http://127.0.0.1:1")
    with pytest.raises(StorageError, match=r"s3://.*: no answer"):
        send_closed(workspace)
    assert len(desk.local()) == 1


def test_a_wrong_key_is_one_line_without_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret")
    with pytest.raises(StorageError, match="access is refused") as caught:
        send_closed(desk.settings())
    assert "not-the-secret" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_another_place_is_refused_while_files_lie_at_the_first_only(desk: Desk) -> None:
    send_closed(desk.settings(keep_local=False))
    with pytest.raises(UsageError, match="1 file of the archive can only be had at s3://"):
        send_closed(desk.settings(url=f"{desk.storage.url}/elsewhere"))


def test_a_crawl_goes_on_from_an_archive_that_lies_elsewhere(desk: Desk) -> None:
    workspace = desk.settings(keep_local=False)
    send_closed(workspace)
    later = [replace(shot, hour=shot.hour + 100) for shot in press()[:2]]
    crawl(workspace, later)
    assert send_closed(workspace).files == 1
    assert len(remote_of(workspace).notes.files) == 2
    assert findings(workspace) == []


def test_a_hub_takes_the_pages_of_a_desk_whose_archive_lies_elsewhere(
    desk: Desk, pressclip: Callable[..., Said], tmp_path: Path
) -> None:
    send_closed(desk.settings(keep_local=False))
    hub = make_desk(tmp_path / "hub", outlets=(), story="")
    said = pressclip("-C", str(hub.root), "merge", str(desk.root))
    assert "files: 1 copied" in said.err
    assert findings(hub) == []
    said = pressclip("-C", str(hub.root), "merge", str(desk.root))
    assert "copied" not in said.err


def test_a_desk_whose_archive_is_elsewhere_is_split_into_buckets_that_have_their_pages(
    desk: Desk, tmp_path: Path, pressclip: Callable[..., Said]
) -> None:
    send_closed(desk.settings(keep_local=False))
    assert desk.local() == []
    said = pressclip("-C", str(desk.root), "shard", str(tmp_path / "buckets"), "--buckets", "2")
    assert said.status == 0, said.err
    for root in (tmp_path / "buckets").iterdir():
        bucket = Workspace.load(root)
        assert list((root / "data" / "archive").rglob("*-p*.warc.gz"))
        assert findings(bucket) == []


def test_without_the_extra_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "obstore", None)
    remote = RemoteArchive(tmp_path, Notes(place=Place(url="s3://clips")))
    with pytest.raises(UsageError, match="obstore is not installed") as caught:
        remote.size_of("a.warc.gz")
    assert caught.value.hint == "pip install 'pressclip[s3]'"


@pytest.mark.parametrize(
    "url", ["s3://KEY:SEC/RET@clips/desk", "https://clips.example/", "s3://", "gs://clips"]
)
def test_an_address_that_is_none_is_refused_and_no_key_told(tmp_path: Path, url: str) -> None:
    (tmp_path / "workspace.toml").write_text(f"[archive]\nurl = {json.dumps(url)}\n")
    with pytest.raises(ConfigError) as caught:
        Workspace.load(tmp_path)
    assert "archive.url" in str(caught.value)
    assert "SEC/RET" not in str(caught.value)


def test_notes_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "remote.json").write_text("{")
    with pytest.raises(ArchiveError, match=r"remote\.json: cannot be read"):
        Archive(tmp_path).names()
