from __future__ import annotations

import fcntl
import os
import random
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.article import Article, Verdict
from index.capture import ArchiveRef, Capture
from index.errors import DiskFullError, IndexUnusable, StorageError, WorkspaceBusy
from index.families.fingerprint import fingerprint
from index.fulltext.indexer import rebuild_index, update_index
from index.fulltext.schema import FORMAT
from index.fulltext.searcher import SearchIndex
from index.fulltext.segments.folders import current_folder, draft_folder
from index.fulltext.segments.toc import read_state
from index.query import Everything, Word
from index.store import StoreWriter

NOON = datetime(2023, 2, 4, 12, tzinfo=UTC)


def make_article(number: int, text: str = "", hours: int = 0) -> Article:
    url = f"https://prairie-courier.example/{number}"
    return Article(
        url=url,
        canonical_url=url,
        outlet="prairie-courier.example",
        title=f"Report {number}",
        text=text or f"The balloon number {number} was seen by people of county {number % 7}",
        fetched=NOON + timedelta(hours=hours),
        published=NOON,
        language="en",
    )


def record(store: StoreWriter, article: Article, decision: str = "on-story") -> str:
    """File the article as the intake does; returns its id."""
    offset = store.captures.ends().get("a.warc.gz", 0)
    ref = ArchiveRef(file="a.warc.gz", offset=offset, length=10, digest="sha256:A")
    capture = Capture(
        url=article.url, status=200, headers=(), body=b"", fetched=article.fetched, ref=ref
    )
    number = store.captures.add(capture, outlet=article.outlet)
    verdict = Verdict(story="balloon", decision=decision, score=1.0)  # type: ignore[arg-type]
    mark = fingerprint(article)
    return store.articles.record(
        article, key=article.url, capture=number, verdicts=[verdict], fingerprint=mark
    ).id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with StoreWriter.open(tmp_path / "pressclip.db") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def found(folder: Path, word: str = "") -> list[str]:
    """The ids that the index finds, each as often as it does."""
    tree = Word(word) if word else Everything()
    return sorted(SearchIndex.open(folder).search(tree).ids())


def test_the_index_catches_up_and_then_has_nothing_to_do(store: StoreWriter, folder: Path) -> None:
    ids = sorted(record(store, make_article(number)) for number in range(7))
    report = update_index(store, folder, batch=3)
    assert (report.added, report.removed, report.revision) == (7, 0, store.revision())
    assert found(folder, "balloons") == ids
    assert update_index(store, folder).added == 0


def test_an_edited_article_is_found_by_its_new_words_only(store: StoreWriter, folder: Path) -> None:
    identity = record(store, make_article(1, "A balloon was seen over the elevators at noon"))
    update_index(store, folder)
    record(store, make_article(1, "An airship was seen over the elevators at noon", hours=2))
    update_index(store, folder)
    assert (found(folder, "balloon"), found(folder, "airship")) == ([], [identity])
    assert SearchIndex.open(folder).count == 1


def test_an_article_that_left_the_corpus_leaves_the_index(store: StoreWriter, folder: Path) -> None:
    ids = [record(store, make_article(number)) for number in range(3)]
    update_index(store, folder)
    store.verdicts.judge(ids[1], [Verdict(story="balloon", decision="off-story", score=0.0)])
    assert update_index(store, folder).removed == 1
    assert found(folder) == sorted([ids[0], ids[2]])


def test_off_story_articles_are_not_indexed(store: StoreWriter, folder: Path) -> None:
    record(store, make_article(1), "off-story")
    assert update_index(store, folder).added == 0
    assert found(folder) == []


def test_many_small_updates_leave_few_segments(store: StoreWriter, folder: Path) -> None:
    ids = []
    for number in range(30):
        ids.append(record(store, make_article(number)))
        update_index(store, folder)
    assert found(folder, "balloon") == sorted(ids)
    assert len(SearchIndex.open(folder).views) < 12


def test_an_open_search_keeps_its_state_while_the_index_moves_on(
    store: StoreWriter, folder: Path
) -> None:
    record(store, make_article(1))
    update_index(store, folder)
    before = SearchIndex.open(folder)
    record(store, make_article(2))
    update_index(store, folder)
    rebuild_index(store, folder)
    assert (before.search(Word("balloon")).total, len(found(folder))) == (1, 2)


def test_a_rebuild_ends_as_the_updates_did_and_leaves_one_folder(
    store: StoreWriter, folder: Path
) -> None:
    for number in range(6):
        record(store, make_article(number))
        update_index(store, folder)
    before = found(folder, "balloon")
    rebuild_index(store, folder)
    assert found(folder, "balloon") == before
    assert [path.name for path in folder.iterdir()] == [f"v{FORMAT}-000002"]


def test_searches_go_on_during_rebuilds(store: StoreWriter, folder: Path) -> None:
    for number in range(20):
        record(store, make_article(number))
    update_index(store, folder)
    counts: set[int] = set()
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            counts.add(SearchIndex.open(folder).search(Word("balloon")).total)

    reader = threading.Thread(target=search)
    reader.start()
    for _ in range(10):
        rebuild_index(store, folder, batch=4)
    stop.set()
    reader.join()
    assert counts == {20}


def test_an_index_of_another_database_is_built_anew(
    store: StoreWriter, folder: Path, tmp_path: Path
) -> None:
    for number in range(3):
        record(store, make_article(number))
    update_index(store, folder)
    with StoreWriter.open(tmp_path / "replayed.db") as other:
        ids = [record(other, make_article(number)) for number in range(10, 20)]
        assert update_index(other, folder).added == 10
    assert found(folder) == sorted(ids)


def test_an_index_of_an_older_format_is_replaced(store: StoreWriter, folder: Path) -> None:
    record(store, make_article(1))
    update_index(store, folder)
    current = current_folder(folder, FORMAT)
    assert current
    current.rename(folder / "v0-000004")
    with pytest.raises(IndexUnusable, match="older format"):
        SearchIndex.open(folder)
    update_index(store, folder)
    assert [path.name for path in folder.iterdir()] == [f"v{FORMAT}-000005"]


@pytest.mark.parametrize(
    "pattern", [pytest.param("*.toc", id="table"), pytest.param("*.seg", id="segment")]
)
@pytest.mark.parametrize("gone", [pytest.param(False, id="torn"), pytest.param(True, id="gone")])
def test_a_damaged_index_says_so_and_is_built_anew(
    store: StoreWriter, folder: Path, pattern: str, gone: bool
) -> None:
    ids = [record(store, make_article(number)) for number in range(3)]
    update_index(store, folder)
    for path in folder.rglob(pattern):
        path.unlink() if gone else path.write_bytes(b"\0" * 40)
    with pytest.raises(IndexUnusable, match="damaged") as caught:
        SearchIndex.open(folder).search(Word("balloon"))
    assert "index --rebuild" in caught.value.hint
    ids.append(record(store, make_article(3)))
    update_index(store, folder)
    assert found(folder, "balloon") == sorted(ids)


def test_a_second_writer_is_told_who_holds_the_index(store: StoreWriter, folder: Path) -> None:
    folder.mkdir()
    with folder.with_name("index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()
        with pytest.raises(WorkspaceBusy, match="process 4711"):
            update_index(store, folder, wait=0.1)
    assert update_index(store, folder).added == 0


@contextmanager
def file_limit(size: int) -> Iterator[None]:
    """No file may grow above that size: what a full disk answers, but for the number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_keeps_the_old_index(store: StoreWriter, folder: Path) -> None:
    ids = [record(store, make_article(1))]
    update_index(store, folder)
    ids += [record(store, make_article(number)) for number in range(2, 60)]
    with file_limit(8000), pytest.raises(DiskFullError):
        update_index(store, folder)
    assert found(folder) == ids[:1]
    update_index(store, folder)
    assert found(folder) == sorted(ids)


def test_a_folder_that_cannot_be_made_is_an_error_of_ours(
    store: StoreWriter, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        update_index(store, tmp_path / "file" / "index")


def test_a_draft_that_a_kill_left_is_gone_on_with(store: StoreWriter, folder: Path) -> None:
    ids = [record(store, make_article(number)) for number in range(9)]
    update_index(store, folder, batch=5)
    current = current_folder(folder, FORMAT)
    assert current
    current.rename(draft_folder(folder, FORMAT))
    ids.append(record(store, make_article(10)))
    assert update_index(store, folder).added == 1
    assert found(folder) == sorted(ids)


STRIKER = """
import sys
from pathlib import Path
from index.fulltext.indexer import rebuild_index, update_index
from index.store import StoreWriter
with StoreWriter.open(Path(sys.argv[1])) as store:
    print("ready", flush=True)
    while True:
        update_index(store, Path(sys.argv[2]), batch=3)
        rebuild_index(store, Path(sys.argv[2]), batch=3)
"""


def test_kills_at_any_moment_do_no_harm(store: StoreWriter, folder: Path) -> None:
    ids = sorted(record(store, make_article(number)) for number in range(40))
    update_index(store, folder)
    rng = random.Random(5)
    for _ in range(8):
        command = [sys.executable, "-c", STRIKER, str(store.path), str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout
            child.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(timeout=rng.uniform(0.01, 0.25))
            os.kill(child.pid, signal.SIGKILL)
        assert found(folder, "balloon") == ids
    update_index(store, folder)
    current = current_folder(folder, FORMAT)
    assert current
    assert read_state(current).revision == store.revision()
    assert found(folder, "balloon") == ids


def test_an_article_that_changes_again_is_there_once(store: StoreWriter, folder: Path) -> None:
    article = make_article(1)
    record(store, article)
    update_index(store, folder)
    for hours in range(1, 6):
        text = f"The balloon was seen for {hours} hours by people of county nine"
        record(store, replace(make_article(1, text), fetched=NOON + timedelta(hours=hours)))
    update_index(store, folder, batch=2)
    assert len(found(folder)) == 1
