"""How a desk is split into buckets: `data/shards.json` at the hub, `data/bucket.json` in each bucket.

A bucket is an ordinary desk with a part of the hub's outlets. Which bucket a site is in comes from its name
alone (rendezvous hashing: Thaler and Ravishankar, 1998), so one more bucket takes its share from each of the
others and moves nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.errors import StorageError, UsageError
from index.files import storage_errors, write_atomic
from index.workspace import FILE_NAME, Workspace

FORMAT = 1
LAYOUT_FILE, BUCKET_FILE = "shards.json", "bucket.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Outlets, by id, on their way into a bucket; `source` is a bucket, empty for the hub."""

    outlets: tuple[str, ...]
    source: str
    bucket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The buckets of a hub, which are in `folder`.

    `id` tells this hub from others; `moved` are sites that a person put elsewhere than their name has it;
    `underway` are moves that have begun and whose end was not noted.
    """

    id: str
    folder: str
    buckets: tuple[str, ...]
    moved: Mapping[str, str] = field(default_factory=dict)
    underway: tuple[Move, ...] = ()

    def root_of(self, bucket: str) -> Path:
        """The folder of a bucket's desk."""
        return Path(self.folder) / bucket

    def bucket_of(self, site: str) -> str:
        """The bucket of a site (a registered domain): where a person put it, or else by its name."""
        return self.moved.get(site) or choose_bucket(site, self.buckets)

    @property
    def roots(self) -> list[Path]:
        """The folders of all buckets."""
        return [self.root_of(one) for one in self.buckets]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """What a bucket knows of its hub: the layout's id, the hub's folder, its own name there.

    `elsewhere` are the sites of the other buckets, which are theirs to ask. While it is `receiving`, outlets
    are on their way here and it must not crawl.
    """

    hub: str
    place: str
    bucket: str
    elsewhere: tuple[str, ...] = ()
    receiving: bool = False


def choose_bucket(site: str, buckets: Sequence[str]) -> str:
    """The bucket whose hash with the site is the highest: the same for ever, whatever else there is."""
    return max(buckets, key=lambda bucket: (_weight(site, bucket), bucket))


def name_buckets(number: int, known: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of that many buckets; those that are known stay."""
    return (*known, *(f"bucket-{place:03d}" for place in range(len(known) + 1, number + 1)))


def read_layout(workspace: Workspace) -> Layout | None:
    """The buckets of a hub; None for a desk that is not split. Raises `StorageError`."""
    said = _read(workspace.data / LAYOUT_FILE)
    if said is None:
        return None
    with _understood(workspace.data / LAYOUT_FILE):
        moves = [
            Move(outlets=tuple(one["outlets"]), source=one["source"], bucket=one["bucket"])
            for one in said["underway"]
        ]
        return Layout(
            id=said["id"], folder=said["folder"], buckets=tuple(said["buckets"]),
            moved=dict(said["moved"]), underway=tuple(moves),
        )  # fmt: skip


def write_layout(workspace: Workspace, layout: Layout) -> None:
    """Note the buckets of a hub; raises `StorageError` children."""
    _write(workspace.data / LAYOUT_FILE, asdict(layout))


def read_belonging(workspace: Workspace) -> Belonging | None:
    """Whose bucket a desk is; None for one of its own. Raises `StorageError`."""
    said = _read(workspace.data / BUCKET_FILE)
    if said is None:
        return None
    with _understood(workspace.data / BUCKET_FILE):
        return Belonging(
            hub=said["hub"], place=said["place"], bucket=said["bucket"],
            elsewhere=tuple(said["elsewhere"]), receiving=bool(said["receiving"]),
        )  # fmt: skip


def write_belonging(workspace: Workspace, belonging: Belonging) -> None:
    """Note whose bucket a desk is; raises `StorageError` children."""
    if read_belonging(workspace) != belonging:
        _write(workspace.data / BUCKET_FILE, asdict(belonging))


def refuse_split(workspace: Workspace) -> None:
    """Raise `UsageError` for a desk that must not crawl: its buckets do, or outlets are on their way here."""
    layout = read_layout(workspace)
    if layout is not None and layout.buckets:
        raise UsageError(
            f"{workspace.root}: is split: its {len(layout.buckets)} buckets in {layout.folder} crawl its"
            " outlets",
            hint=f"crawl a bucket: pressclip -C {layout.roots[0]} crawl   then here: pressclip merge",
        )
    belonging = read_belonging(workspace)
    if belonging is not None and belonging.receiving:
        raise UsageError(
            f"{workspace.root}: outlets were being moved here when that was stopped",
            hint=f"complete it: pressclip -C {belonging.place} shard",
        )


def is_bucket_of(bucket: Workspace, hub: Workspace) -> bool:
    """Whether a desk is one of the buckets of another."""
    layout, belonging = read_layout(hub), read_belonging(bucket)
    return layout is not None and belonging is not None and belonging.hub == layout.id


def is_free_folder(root: Path) -> bool:
    """Whether a new desk can be made there: nothing is, or an empty folder."""
    with storage_errors(root):
        return not root.exists() or (root.is_dir() and not any(root.iterdir()))


def check_bucket(hub: Workspace, layout: Layout, bucket: str) -> None:
    """Raise `UsageError` if a bucket's folder is something else, or the bucket of another hub."""
    root = layout.root_of(bucket)
    if is_free_folder(root):
        return
    if not (root / FILE_NAME).is_file():
        raise UsageError(f"{root}: is in the way of a bucket", hint="name another folder")
    belonging = read_belonging(Workspace(root=root))
    if belonging is None:
        raise UsageError(
            f"{root}: is a desk of its own, no bucket of this one",
            hint="name another folder, or take it in first: pressclip merge DESK",
        )
    place = Path(belonging.place)
    is_copy = place != hub.root.resolve() and (place / "data" / LAYOUT_FILE).is_file()
    if belonging.hub != layout.id or is_copy:
        raise UsageError(
            f"{root}: is already a bucket of another desk: {belonging.place}",
            hint="one desk splits, one merges: name another folder, or work in that desk",
        )


def _weight(site: str, bucket: str) -> bytes:
    return hashlib.sha256(f"{site}\0{bucket}".encode()).digest()


def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    with storage_errors(path), _understood(path):
        said: dict[str, Any] = json.loads(path.read_text("utf-8"))
        form = said["format"]
    if form != FORMAT:
        raise StorageError(
            f"{path}: of format {form}, this version reads {FORMAT}",
            hint="bring all machines to one version of pressclip",
        )
    return said


def _write(path: Path, said: Mapping[str, Any]) -> None:
    with storage_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, json.dumps({"format": FORMAT, **said}, indent=1, ensure_ascii=False) + "\n")


@contextmanager
def _understood(path: Path) -> Iterator[None]:
    """Raise `StorageError` for a file that says something else than it should."""
    try:
        yield
    except (ValueError, TypeError, KeyError) as error:
        raise StorageError(
            f"{path}: cannot be read", hint="put it back from a backup of the desk"
        ) from error
