"""Let the n-th write, fsync, rename or truncation fail, for every n, and look at what is left.

    python -m bench.drills.faults [--every N]

A shim between Python, SQLite and the system (bench/drills/failing_disk.c, built here with `cc`; Linux) makes
one call fail, or that one and all after it, as a full (ENOSPC), broken (EIO) or read-only (EROFS) disk
does. Each fault must end in an error of ours of one line with exit status 4, must leave everything
that was acknowledged before readable, and after the disk is well again the same work must complete
with `pressclip verify` finding nothing. The works: filing, storing and indexing pages; building an index
again; migrating a database of the first format; forgetting an article; an export.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import errno
import io
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from index.archive import Archive
from index.article import Article, Verdict
from index.capture import Capture, Listing
from index.errors import StorageError
from index.families.fingerprint import fingerprint
from index.fulltext.indexer import rebuild_index, update_index
from index.maintenance.forget import doom_article, forget
from index.maintenance.verify import verify
from index.store import Store, StoreWriter
from index.store.renewal import upgrade
from index.workspace import Workspace
from search_cli.main import run

ROOT = Path(__file__).resolve().parents[2]
RELEASED = ROOT / "tests" / "data" / "format_1"
SHIM = Path(__file__).with_name("failing_disk.c")
CODES = {"full": errno.ENOSPC, "broken": errno.EIO, "read-only": errno.EROFS}
LOADED = "PRESSCLIP_FAILING_DISK"  # the shim that this process was started under
MOST = 3000  # calls of one work; a hang limit
PAGES = 3
WHEN = datetime(2023, 2, 2, tzinfo=UTC)
TEXT = (
    "Officials in the made-up county of Prairie said on Saturday that the white object seen over the"
    " grain elevators had been followed by radar for two days before it drifted out to sea."
)

Step = Callable[[Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is done on a disk that fails, from a starting point, and again when it is well."""

    name: str
    prepare: Step
    do: Step


# --- the works


def file_pages(root: Path) -> None:
    """Archive, store, index: what a crawl does with a page, for those that the store has not yet."""
    data = root / "data"
    with Archive(data / "archive") as archive:
        archive.recover()
        with StoreWriter.open(data / "pressclip.db") as store:
            for capture in archive.captures(after=store.captures.ends()):
                assert isinstance(capture, Capture)
                _record(store, capture)
            for number, ref in store.captures.undecided():
                _record(store, archive.read(ref), number=number)
            for number in range(PAGES):
                url = f"https://prairie-courier.example/{number}"
                if not store.articles.find(url):
                    page = Capture(
                        url=url, status=200, headers=(), body=b"page %d" % number, fetched=WHEN,
                        listing=Listing(channel="feed", url=url),
                    )  # fmt: skip
                    _record(store, archive.append(page))
                    _acknowledge(root, url)
            archive.close()
            update_index(store, data / "index")


def _record(store: StoreWriter, capture: Capture, number: int = 0) -> None:
    url = capture.url
    article = Article(
        url=url, canonical_url=url, outlet="prairie-courier.example", title=f"An object {url[-1]}",
        text=f"{TEXT} Report {url[-1]}.", language="en", fetched=WHEN, published=WHEN,
    )  # fmt: skip
    number = number or store.captures.add(capture, outlet=article.outlet)
    verdict = Verdict(story="balloon", decision="on-story", score=0.9, reasons=())
    with store.transaction():
        store.articles.record(
            article, key=url, capture=number, verdicts=(verdict,), fingerprint=fingerprint(article)
        )
        store.captures.decide(number, "kept")


def _acknowledge(root: Path, url: str) -> None:
    """Note outside of the failing folder what was promised to be kept."""
    with root.with_suffix(".acknowledged").open("a") as file:
        file.write(url + "\n")


def build_index(root: Path) -> None:
    """The index again beside the old one."""
    with Store.open(root / "data" / "pressclip.db") as store:
        rebuild_index(store, root / "data" / "index")


def lay_out_format_1(root: Path) -> None:
    """The corpus that the first format's program wrote."""
    shutil.copytree(RELEASED, root)
    (root / "data").mkdir()
    shutil.copytree(root / "archive", root / "data" / "archive")
    with contextlib.closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection:
        connection.executescript((root / "pressclip.sql").read_text("utf-8"))


def migrate(root: Path) -> None:
    """An older database brought to this format, and indexed."""
    database = root / "data" / "pressclip.db"
    upgrade(database, root / "data" / "lock")
    with Store.open(database) as store:
        update_index(store, root / "data" / "index")


def export(root: Path) -> None:
    """An export over an older one, as the command does it."""
    target = root / "out.jsonl"
    before = target.read_bytes() if target.exists() else b""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()) as said,
        contextlib.chdir(root),
    ):
        status = run(["export", "*", "-f", "jsonl", "-o", str(target)])
    if status == 0:
        return
    assert target.read_bytes() == before, "a torn export"
    assert status == 4, said.getvalue()
    assert "Traceback" not in said.getvalue()
    raise StorageError(said.getvalue().splitlines()[0])


def fill(root: Path) -> None:
    """A workspace with pages filed and indexed, and an old export."""
    (root / "data").mkdir(parents=True)
    (root / "workspace.toml").touch()
    file_pages(root)
    (root / "out.jsonl").write_text("as it was\n")


FORGOTTEN = "https://prairie-courier.example/0"


def fill_to_forget(root: Path) -> None:
    """As `fill`; what is to be forgotten is promised to nobody."""
    fill(root)
    noted = root.with_suffix(".acknowledged")
    noted.write_text(noted.read_text().replace(FORGOTTEN + "\n", ""))


def forget_one(root: Path) -> None:
    """An article taken out of archive, store and index."""
    workspace = Workspace.load(root)
    with Store.open(workspace.database) as store:
        doomed = doom_article(store, FORGOTTEN, FORGOTTEN)
    forget(workspace, doomed, identify=str, now=WHEN)


WORKS = (
    Work(name="pages", prepare=lambda root: (root / "data").mkdir(parents=True), do=file_pages),
    Work(name="index", prepare=fill, do=build_index),
    Work(name="migration", prepare=lay_out_format_1, do=migrate),
    Work(name="forget", prepare=fill_to_forget, do=forget_one),
    Work(name="export", prepare=fill, do=export),
)


# --- failing


class Shim:
    """The library between this process and the system; it must have been loaded before Python was."""

    def __init__(self, library: Path) -> None:
        self._library = ctypes.CDLL(str(library))
        self._library.fault_seen.restype = ctypes.c_long
        self._library.fault_arm.argtypes = (
            ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_char_p,
        )  # fmt: skip

    @contextlib.contextmanager
    def failing(self, nth: int, code: int, folder: Path, *, lasting: bool) -> Iterator[None]:
        """The n-th call that changes something below the folder fails while inside."""
        self._library.fault_arm(nth, code, lasting, os.fsencode(folder))
        try:
            yield
        finally:
            self.seen = int(self._library.fault_seen())
            self._library.fault_arm(0, 0, 0, b"")


def strike(shim: Shim, work: Work, root: Path, nth: int, code: int, *, lasting: bool) -> str:
    """One fault and what follows; how it ended: `harmless`, `clean` or `beyond` the last call.

    Raises `AssertionError` for anything lost, torn or unforeseen.
    """
    work.prepare(root)
    ended, refused = "harmless", None
    with shim.failing(nth, code, root, lasting=lasting):
        try:
            work.do(root)
        except StorageError as error:
            ended, refused = "clean", error
            if lasting:
                _read_on(root)
    if refused is not None:
        assert "\n" not in str(refused), "a message of one line"
        assert refused.exit_code == 4, refused
    if shim.seen < nth:
        return "beyond"
    _read_on(root)
    work.do(root)
    _check(root)
    return ended


def _read_on(root: Path) -> None:
    """All that was acknowledged is there for a reader, also while the disk still refuses."""
    noted = root.with_suffix(".acknowledged")
    urls = noted.read_text().split() if noted.exists() else []
    if urls:
        with Store.open(root / "data" / "pressclip.db") as store:
            for url in urls:
                assert len(store.articles.find(url)) == 1, f"lost: {url}"


def _check(root: Path) -> None:
    data = root / "data"
    found = list(verify(data / "pressclip.db", data / "archive", data / "index"))
    assert not found, found
    _read_on(root)
    with Archive(data / "archive") as archive:
        pages = Counter(
            (item.url, item.body) for item in archive.captures() if isinstance(item, Capture)
        )
    assert max(pages.values()) == 1, "a page was archived twice"
    left = [path.name for path in data.rglob("*") if path.suffix in (".open", ".new", ".rewritten")]
    assert not left, left


def sweep(shim: Shim, every: int) -> int:
    """Every n-th call of every work with every code; prints a row each; 1 when one went wrong."""
    print(
        f"{'work':<11} {'calls':>6} {'faults':>7} {'clean stop':>10} {'harmless':>9} {'wrong':>6}"
    )
    total: Counter[str] = Counter()
    for work in WORKS:
        ends: Counter[str] = Counter()
        calls = 0
        for name, code in CODES.items():
            for lasting in (False, True):
                calls = max(calls, _sweep_one(shim, work, name, code, lasting, every, ends))
        print(f"{work.name:<11} {calls:>6} {ends.total():>7} {ends['clean']:>10}"
              f" {ends['harmless']:>9} {ends['wrong']:>6}", flush=True)  # fmt: skip
        total += ends
    print(f"{'in all':<11} {'':>6} {total.total():>7} {total['clean']:>10}"
          f" {total['harmless']:>9} {total['wrong']:>6}")  # fmt: skip
    return int(total["wrong"] > 0)


def _sweep_one(
    shim: Shim, work: Work, name: str, code: int, lasting: bool, every: int, ends: Counter[str]
) -> int:
    """One work with one code; returns the number of the last call."""
    for nth in range(1, MOST, every):
        ended = _forked(partial(_one, shim, work, nth, code, lasting))
        if ended == "beyond":
            return nth - 1
        ends[ended] += 1
        if ended == "wrong":
            print(f"  {work.name}: {name}{' from then on' if lasting else ''} at call {nth}")
    raise SystemExit(f"{work.name}: over {MOST} calls")


def _one(shim: Shim, work: Work, nth: int, code: int, lasting: bool) -> str:
    with tempfile.TemporaryDirectory(prefix="fault-drill-") as folder:
        return strike(shim, work, Path(folder).resolve() / "desk", nth, code, lasting=lasting)


def _forked(call: Callable[[], str]) -> str:
    """Run in a process of its own, so that no fault leaves a connection or a lock behind."""
    words = ("beyond", "clean", "harmless", "wrong")
    child = os.fork()
    if child == 0:
        status = 3
        try:
            status = words.index(call())
        except BaseException:  # noqa: BLE001 - told, and counted by the parent
            import traceback

            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return words[os.waitstatus_to_exitcode(status)] if os.WIFEXITED(status) else "wrong"


def build_shim(folder: Path) -> Path | None:
    """The compiled shim; None if there is no C compiler or no Linux."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    library = folder / "failing_disk.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-w", "-o", str(library), str(SHIM), "-ldl"],
        check=True,
    )
    return library


def main() -> int:
    """Build the shim, start again under it, sweep."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="only every so many calls")
    options = parser.parse_args()
    if loaded := os.environ.get(LOADED):
        started = time.monotonic()
        status = sweep(Shim(Path(loaded)), options.every)
        print(f"{time.monotonic() - started:.0f} s")
        return status
    with tempfile.TemporaryDirectory() as folder:
        library = build_shim(Path(folder))
        if library is None:
            print("skipped: the shim needs Linux and a C compiler (cc)")
            return 0
        environment = {
            **os.environ,
            "LD_PRELOAD": str(library),
            LOADED: str(library),
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "bench.drills.faults", "--every", str(options.every)]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
