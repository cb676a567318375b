"""A desk split into buckets, and kept so: buckets made, outlets moved, the hub's settings handed down.

    hub (all that is known)  ──part──►  bucket-001, bucket-002, …   each an ordinary desk that crawls
                             ◄──merge──

An outlet is in the outlets.toml of one bucket, or, while it moves, of none. Its move is noted before it
begins; killed at any moment it is completed by the next run. What the source has read stays there: where two
desks have an article, a merge makes one of it.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.ingest.merge import take_desks
from crawler.ingest.merge_desks import Desk
from crawler.sharding.plan import (
    BucketLoad,
    check_once,
    plan_moves,
    site_of_id,
    sites_elsewhere,
    strangers,
    with_buckets,
    with_move,
)
from crawler.urls import registered_domain
from index.errors import ConfigError, StoreError, UsageError
from index.evidence.stamping import take_stamps
from index.files import storage_errors, write_atomic
from index.store import Store, StoreWriter
from index.store.copying import read_format
from index.store.loads import Loads, read_loads
from index.store.migrations import FORMAT as DESK_FORMAT
from index.store.other_desk import OtherDesk, open_other
from index.store.parting import Part, leave_to_others, write_part
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.bucket_files import HubFiles, put_files
from index.workspace.claim import read_claim
from index.workspace.lock import hold
from index.workspace.sharding import (
    Belonging,
    Layout,
    Move,
    check_bucket,
    is_free_folder,
    read_belonging,
    read_layout,
    write_belonging,
    write_layout,
)

DAYS = 7  # of which pages a day are the mean


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardRequest:
    """What is asked for: where buckets lie (None: where they are), how many, one outlet to be moved.

    `size` is outlets a bucket, `number` how many buckets; `move` an outlet's id and a bucket's name.
    """

    folder: Path | None = None
    size: int | None = None
    number: int | None = None
    move: tuple[str, str] | None = None
    workers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharded:
    """How a desk is split, and what was moved; `completed` are moves that an earlier run had begun.

    `pages` are pages a day by outlet; `foreign` outlets and stories of buckets that the hub does not have.
    """

    layout: Layout
    new: tuple[str, ...]
    moves: tuple[Move, ...]
    completed: tuple[Move, ...]
    loads: tuple[BucketLoad, ...]
    pages: dict[str, float]
    foreign: dict[str, tuple[str, ...]] = field(default_factory=dict)


Tell = Callable[[str], None]


def plan_shard(hub: Workspace, request: ShardRequest) -> Sharded:
    """What `shard` would do; nothing is written. Raises what it raises."""
    with _hold(hub):
        return _Sharding(hub, request).plan()


def shard(hub: Workspace, request: ShardRequest, tell: Tell = lambda _: None) -> Sharded:
    """Split a desk into buckets, or bring its buckets in line with it again; `tell` hears each step.

    Killed at any moment it has lost nothing, and the next run completes it. Raises `UsageError` for a
    folder that is something else or another hub's, `WorkspaceBusy` for a bucket that is crawled,
    `ConfigError` and the children of `StorageError`.
    """
    with _hold(hub), ExitStack() as stack:
        sharding = _Sharding(hub, request)
        plan = sharding.plan()
        sharding.carry_out(plan, stack, tell)
        return replace(plan, loads=sharding.loads(plan.layout), foreign=dict(sharding.foreign))


@contextmanager
def _hold(hub: Workspace) -> Iterator[None]:
    """Hold the hub's lock; refuse a desk that somebody else crawls."""
    belonging, claim = read_belonging(hub), read_claim(hub)
    if belonging is not None:
        raise UsageError(
            f"{hub.root}: is itself a bucket of {belonging.place}",
            hint=f"split further from there: pressclip -C {belonging.place} shard --buckets N",
        )
    if claim is not None:
        raise UsageError(
            f"{hub.root}: workers of {claim.queue} crawl this desk, as {claim.bucket}",
            hint=f"take it off first: pressclip schedule remove --queue URL {claim.bucket}",
        )
    with hold(hub.data / "lock"):
        yield


class _Sharding:
    """One run over a hub and its buckets, whose locks are held."""

    def __init__(self, hub: Workspace, request: ShardRequest) -> None:
        self._hub = hub
        self._request = request
        self._files = HubFiles.read(hub)
        self._outlets = self._files.outlets
        self._known = self._read_known()
        self._placed: dict[str, str] = {}  # the bucket in which an outlet is
        self.foreign: dict[str, tuple[str, ...]] = {}

    def plan(self) -> Sharded:
        """What is to be done."""
        before, request = self._known, self._request
        for bucket in before.buckets:
            self._check_there(before, bucket)
        after = with_buckets(before, len(self._outlets), size=request.size, number=request.number)
        if request.move is not None:
            after = with_move(before, self._outlets, *request.move)
        new = tuple(one for one in after.buckets if one not in before.buckets)
        for bucket in new:
            check_bucket(self._hub, after, bucket)
        arriving = {one: move.bucket for move in before.underway for one in move.outlets}
        self._placed = self._standing(before)
        standing = self._placed | arriving
        others = () if before.buckets else self._others()
        moves = plan_moves(after, self._outlets, standing, others)
        self._check_free_to_move((*before.underway, *moves), after)
        pages = self._pages(after)
        return Sharded(
            layout=replace(after, underway=()), new=new, moves=moves, completed=before.underway,
            loads=self.loads(after), pages=pages,
        )  # fmt: skip

    def carry_out(self, plan: Sharded, stack: ExitStack, tell: Tell) -> None:
        """Do it, and keep crawls out of the buckets while `stack` lasts.

        Complete what was begun, make buckets, move outlets, hand the settings down.
        """
        layout = self._known
        for root in layout.roots:
            stack.enter_context(hold(root / "data" / "lock"))
        write_layout(self._hub, layout)
        if plan.completed:
            self._hand_down(layout, layout.buckets)
        for move in plan.completed:
            layout = self._move(layout, move, tell)
        for bucket in plan.new:
            self._make(plan.layout, bucket)
            stack.enter_context(hold(plan.layout.root_of(bucket) / "data" / "lock"))
        layout = replace(plan.layout, underway=plan.moves)
        write_layout(self._hub, layout)
        self._hand_down(layout, layout.buckets)
        for move in plan.moves:
            layout = self._move(layout, move, tell)

    def loads(self, layout: Layout) -> tuple[BucketLoad, ...]:
        """What each bucket has to do, by where its outlets belong."""
        articles, pages = self._articles(layout), self._pages(layout)
        ids: dict[str, list[str]] = {bucket: [] for bucket in layout.buckets}
        for outlet in self._outlets:
            ids[layout.bucket_of(site_of_id(outlet.id, self._outlets))].append(outlet.id)
        return tuple(
            BucketLoad(
                name=bucket, outlets=tuple(names),
                articles=sum(articles.get(one, 0) for one in names),
                pages=sum(pages.get(one, 0) for one in names),
            )
            for bucket, names in ids.items()
        )  # fmt: skip

    # --- what there is ---

    def _read_known(self) -> Layout:
        layout, folder = read_layout(self._hub), self._request.folder
        place = folder.expanduser().resolve() if folder else None
        if layout is None or not layout.buckets:
            if place is None:
                raise UsageError(
                    f"{self._hub.root}: is not split yet", hint="say where: pressclip shard DIR"
                )
            self._check_place(place)
            known = layout.id if layout else secrets.token_hex(8)
            return Layout(id=known, folder=str(place), buckets=())
        if place is not None and place != Path(layout.folder):
            if Path(layout.folder).exists():
                raise UsageError(
                    f"{place}: the buckets lie in {layout.folder}",
                    hint="say pressclip shard without a folder, or move that one first",
                )
            return replace(layout, folder=str(place))
        return layout

    def _check_place(self, place: Path) -> None:
        root = self._hub.root.resolve()
        if (
            place == root
            or place.is_relative_to(root / "data")
            or place.is_relative_to(self._hub.stories_dir)
        ):
            raise UsageError(
                f"{place}: buckets cannot lie in the desk's own files",
                hint="name a folder beside it: pressclip shard ../buckets",
            )

    def _check_there(self, layout: Layout, bucket: str) -> None:
        root = layout.root_of(bucket)
        if is_free_folder(root):
            raise UsageError(
                f"{root}: the bucket is not there", hint="mount its disk, or put it back"
            )
        check_bucket(self._hub, layout, bucket)
        form = read_format(root / "data" / "pressclip.db")
        if form > DESK_FORMAT:
            raise StoreError(
                f"{root}: written by a newer pressclip (format {form}; this one reads {DESK_FORMAT})",
                hint="bring all machines to one version of pressclip",
            )

    def _check_free_to_move(self, moves: Sequence[Move], layout: Layout) -> None:
        """Raise `UsageError` if a bucket of a move is handed from worker to worker: its data is there."""
        for bucket in sorted({name for one in moves for name in (one.source, one.bucket)} - {""}):
            root = layout.root_of(bucket)
            claim = read_claim(Workspace(root=root)) if root.exists() else None
            if claim is not None and not claim.machine:
                raise UsageError(
                    f"{bucket}: workers of {claim.queue} have it, so no outlet can be moved",
                    hint="take it off first, and put its newest copy here:"
                    f" pressclip schedule remove --queue URL {claim.bucket}",
                )

    def _standing(self, layout: Layout) -> dict[str, str]:
        """The bucket in which each outlet is."""
        pairs = []
        for bucket, root in zip(layout.buckets, layout.roots, strict=True):
            theirs = _load(root).outlets()
            foreign = strangers(self._outlets, theirs)
            if foreign:
                self.foreign[bucket] = tuple(one.id for one in foreign)
            pairs += [(one.id, bucket) for one in theirs if one.id in self._outlets]
        return check_once(pairs, layout)

    def _others(self) -> list[str]:
        """The outlets that the database knows and outlets.toml does not."""
        if not self._hub.database.exists():
            return []
        with open_other(self._hub.database, self._hub.data) as store:
            return [one for one in store.outlets() if one not in self._outlets]

    def _articles(self, layout: Layout) -> dict[str, int]:
        return _largest(loads.articles for loads in self._read_loads(layout))

    def _pages(self, layout: Layout) -> dict[str, float]:
        counts = _largest(loads.pages for loads in self._read_loads(layout))
        return {outlet: number / DAYS for outlet, number in counts.items()}

    def _read_loads(self, layout: Layout) -> Iterator[Loads]:
        """What the hub and each bucket know of each outlet."""
        since = datetime.now(UTC) - timedelta(days=DAYS)
        for root in (self._hub.root, *layout.roots):
            database = root / "data" / "pressclip.db"
            if read_format(database) == DESK_FORMAT:
                with Store.open(database) as store:
                    yield read_loads(store, since)

    # --- what is done ---

    def _make(self, layout: Layout, bucket: str) -> None:
        """Make a bucket: a whole desk, or none."""
        root = layout.root_of(bucket)
        if not is_free_folder(root):
            return  # a killed run has made it
        draft = root.with_name(f".{bucket}.new")
        shutil.rmtree(draft, ignore_errors=True)
        with storage_errors(draft):
            draft.mkdir(parents=True)
        desk = Workspace(root=draft)
        put_files(self._files, desk, (), (), lambda _: False)
        write_belonging(desk, self._belonging(layout, bucket, receiving=True))
        with storage_errors(root):
            if root.exists():
                root.rmdir()
            draft.rename(root)

    def _belonging(
        self, layout: Layout, bucket: str, *, receiving: bool, elsewhere: tuple[str, ...] = ()
    ) -> Belonging:
        place = str(self._hub.root.resolve())
        return Belonging(
            hub=layout.id, place=place, bucket=bucket, elsewhere=elsewhere, receiving=receiving
        )

    def _hand_down(self, layout: Layout, buckets: Sequence[str]) -> None:
        """Give buckets their files; what is on its way is in none, and its goal does not crawl."""
        for move in layout.underway:
            for outlet in move.outlets:
                self._placed.pop(outlet, None)
        goals = {move.bucket for move in layout.underway}
        elsewhere = sites_elsewhere(layout, self._outlets)
        for bucket in buckets:
            desk = Workspace(root=layout.root_of(bucket))
            own = strangers(self._outlets, _load(desk.root).outlets())
            write_belonging(
                desk,
                self._belonging(
                    layout, bucket, receiving=bucket in goals, elsewhere=elsewhere[bucket]
                ),
            )
            ids = {outlet for outlet, place in self._placed.items() if place == bucket}
            stories = put_files(self._files, desk, ids, own, _in_bucket(layout, bucket))
            found = (*(one.id for one in own), *(f"story {name}" for name in stories))
            self.foreign.pop(bucket, None)
            if found:
                self.foreign[bucket] = found

    def _move(self, layout: Layout, move: Move, tell: Tell) -> Layout:
        """Move outlets with what is known of them, and note that it is done."""
        source = Workspace.load(layout.root_of(move.source)) if move.source else self._hub
        target = Workspace.load(layout.root_of(move.bucket))
        part, taken = self._part(layout, move), 0
        if source.database.exists():
            with open_other(source.database, source.data) as store:
                taken = self._take(source, store, target, part)
            if move.source:
                with StoreWriter.open(source.database) as writer, writer.transaction():
                    leave_to_others(writer, part)
        tell(f"{move.bucket}: {_told(move)}, {counted(taken, 'capture')}")
        layout = replace(layout, underway=tuple(one for one in layout.underway if one != move))
        self._placed |= {one: move.bucket for one in move.outlets if one in self._outlets}
        self._hand_down(layout, (move.bucket,))
        write_layout(self._hub, layout)
        return layout

    def _part(self, layout: Layout, move: Move) -> Part:
        sites = frozenset(site_of_id(one, self._outlets) for one in move.outlets)

        def is_here(url: str) -> bool:
            site = registered_domain(url)
            return site in sites or (not move.source and layout.bucket_of(site) == move.bucket)

        return Part(outlets=frozenset(move.outlets), sites=sites, is_here=is_here)

    def _take(self, source: Workspace, store: OtherDesk, target: Workspace, part: Part) -> int:
        """Let a bucket take a part of a desk, as a merge takes a whole one; how many captures it has."""
        root = target.data / f".part-{part.name_in(store)}"
        shutil.rmtree(root, ignore_errors=True)
        try:
            with storage_errors(root):
                (root / "data").mkdir(parents=True)
            desk = replace(source, root=root)
            if self._hub.outlets_file.exists():
                write_atomic(desk.outlets_file, self._hub.outlets_file.read_text("utf-8"))
            number = write_part(store, source.archive_dir, desk.data, part)
            with (
                OtherDesk.open(desk.database) as other,
                other.snapshot(),
                StoreWriter.open(target.database) as writer,
            ):
                desks = [Desk(place=0, source=root, workspace=desk, store=other)]
                take_desks(target, writer, desks, workers=self._request.workers)
            take_stamps(target, source)
            return number
        finally:
            with suppress(OSError):
                shutil.rmtree(root)


def _largest(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The largest number of each outlet: the same article may be in two desks."""
    found: dict[str, int] = {}
    for count in counts:
        for outlet, number in count.items():
            found[outlet] = max(found.get(outlet, 0), number)
    return found


def _load(root: Path) -> Workspace:
    """A bucket, its files checked; raises `UsageError` that names its folder."""
    workspace = Workspace.load(root)
    try:
        workspace.outlets()
    except ConfigError as error:
        raise UsageError(f"{root}: {error}", hint="mend it, and run the same again") from error
    return workspace


def _in_bucket(layout: Layout, bucket: str) -> Callable[[str], bool]:
    """Whether an address is at a site of a bucket."""
    return lambda url: layout.bucket_of(registered_domain(url)) == bucket


def _told(move: Move) -> str:
    whence = f" from {move.source}" if move.source else ""
    return f"{counted(len(move.outlets), 'outlet')}{whence}"
