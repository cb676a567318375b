from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.ingest.pool import ReadingPool
from crawler.ingest.read import ReadArticle, ReadingContext, Refused
from crawler.lists import Kind
from crawler.lists.filter import FilteredList, ListFilter, ServedList
from crawler.refusal import Refusal
from index.capture import Capture
from index.errors import WorkersError
from index.workspace.outlets import Outlet, Outlets
from index.workspace.story import Story, Window

BODY = b"""<html lang=en><head><title>Fair opens early</title></head><body><article><h1>Fair opens early</h1>
<p>The county fair opened a day early this year, to the surprise of the bakers, who had planned to
carry their pies to the long tent on Friday and found the judges waiting for them on Thursday.</p>
<p>The weather was the reason, the chairman of the fair committee said. A storm was expected to cross
the river on Saturday night, and nobody wanted the big wheel to stand in it half taken down.</p>
<p>By noon the car park behind the school was full. Two heifers got away and were found in the yard of
the feed store, where a clerk kept them company until their owner came with a rope.</p>
</article></body></html>"""


@dataclass(frozen=True, slots=True)
class HostileOutlets(Outlets):
    """Outlets that do to a worker, for some addresses, what hostile pages do."""

    def of_url(self, url: str) -> Outlet | None:
        while url.endswith("hang"):
            pass
        if url.endswith("wait"):
            signal.pause()
        if url.endswith("greedy"):
            len([bytes(2**20) for _ in range(200)])
        if url.endswith("crash"):
            os.abort()
        if url.endswith("error"):
            raise RecursionError("too deep")
        return None


def capture(name: str) -> Capture:
    return Capture(
        url=f"https://prairie-courier.example/2023/02/03/{name}",
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=BODY,
        fetched=datetime(2023, 2, 4, tzinfo=UTC),
    )


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    desk = ReadingContext(
        stories=(Story(id="all", title="all", match={"any": "*"}),), outlets=HostileOutlets()
    )
    with ReadingPool(desk, workers=1, timeout=20, cpu=1, list_cpu=1, memory=100 * 2**20) as opened:
        yield opened


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("hang", "extract-timeout"),
        ("greedy", "extract-memory"),
        ("crash", "extract-crash"),
        ("error", "extract-error"),
    ],
)
def test_a_page_that_breaks_its_worker_costs_that_page_only(
    pool: ReadingPool, name: str, code: str
) -> None:
    names = ["fair-opens-early", name, "fair-closes-late"]
    futures = [pool.submit(capture(one)) for one in names]
    first, broken, last = (
        pool.outcome(future, one) for future, one in zip(futures, names, strict=True)
    )
    assert isinstance(first, ReadArticle)
    assert isinstance(last, ReadArticle)
    assert isinstance(broken, Refused)
    assert broken.code == code


def listing(body: bytes, kind: Kind = "section") -> ServedList:
    return ServedList(
        kind=kind, channel=kind, outlet="prairie-courier.example", body=body,
        source="https://prairie-courier.example/list", content_type="text/html",
        url="https://prairie-courier.example/list",
    )  # fmt: skip


SIEVE = ListFilter(windows=(Window(),), stories=frozenset({"all"}))
LINK = "<a href=/2023/02/02/what-was-seen-over-the-town-{0}>What was seen over the town {0}"


def test_a_list_is_read_in_a_worker_as_candidates(pool: ReadingPool) -> None:
    filtered = pool.result(pool.submit_list(listing(LINK.format(1).encode()), SIEVE))
    assert isinstance(filtered, FilteredList)
    [candidate] = filtered.candidates
    assert (
        candidate.url == "https://prairie-courier.example/2023/02/02/what-was-seen-over-the-town-1"
    )
    assert candidate.listing.channel == "section"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("".join(map(LINK.format, range(100_000))), "timeout"),
        (LINK.format("crash"), "crash"),
        (LINK.format("error"), "error"),
    ],
    ids=["unclosed-anchors", "crash", "error"],
)
def test_a_list_that_breaks_its_worker_costs_that_list_only(
    pool: ReadingPool, body: str, code: str
) -> None:
    good = listing(LINK.format(1).encode())
    futures = [pool.submit_list(one, SIEVE) for one in (good, listing(body.encode()), good)]
    first, broken, last = map(pool.result, futures)
    assert isinstance(first, FilteredList)
    assert isinstance(last, FilteredList)
    assert isinstance(broken, Refusal)
    assert broken.code == code


def test_a_page_the_server_did_not_give_is_refused_by_its_status(pool: ReadingPool) -> None:
    missing = Capture(
        url="https://prairie-courier.example/x",
        status=404,
        headers=(),
        body=BODY,
        fetched=datetime(2023, 2, 4, tzinfo=UTC),
    )
    reading = pool.outcome(pool.submit(missing), missing.url)
    assert isinstance(reading, Refused)
    assert reading.code == "http-404"


def test_a_page_that_waits_for_ever_is_given_up_by_the_clock() -> None:
    desk = ReadingContext(outlets=HostileOutlets())
    with ReadingPool(desk, workers=1, timeout=1.5) as pool:
        reading = pool.outcome(pool.submit(capture("wait")), "wait")
    assert isinstance(reading, Refused)
    assert reading.code == "extract-timeout"


def forkserver() -> int:
    """The process that starts the workers of this one."""
    from multiprocessing.forkserver import _forkserver

    return int(_forkserver._forkserver_pid)  # type: ignore[attr-defined]


def test_a_pool_whose_workers_and_their_starter_are_killed_is_made_anew(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with ReadingPool(ReadingContext(outlets=HostileOutlets()), workers=1, timeout=5) as pool:
        first = pool.submit(capture("wait"))
        while not (workers := children_of(forkserver())):
            assert not first.done()
        os.kill(forkserver(), signal.SIGKILL)
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        pages = [pool.submit(capture(name)) for name in ("one", "two")]
        assert [type(pool.outcome(page, "")) for page in pages] == [ReadArticle, ReadArticle]
    assert "starting new ones" in caplog.text


BROKEN = """
import os, signal, sys
from pathlib import Path
from multiprocessing.forkserver import _forkserver
from crawler.ingest.pool import ReadingPool
from crawler.ingest.read import ReadingContext
from index.capture import Capture
from datetime import UTC, datetime

def capture(name, size=0):
    page = b"<p>Short.</p><!--" + b" " * size + b"-->"  # more than a pipe to a worker holds
    return Capture(url=f"https://a.example/{name}", status=200, headers=(), body=page,
                   fetched=datetime(2023, 2, 4, tzinfo=UTC))

def children(process):
    text = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    return [int(child) for child in text.split()]

def is_running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(") ")[2][0] != "Z"
    except OSError:
        return False

if __name__ == "__main__":
    with ReadingPool(ReadingContext(), workers=2) as pool:
        pool.outcome(pool.submit(capture("a")), "")
        starter = _forkserver._forkserver_pid
        workers = children(starter)
        os.kill(starter, signal.SIGKILL)
        os.kill(workers[0], signal.SIGKILL)
        pages = [pool.submit(capture(str(number), 2_000_000)) for number in range(20)]
        print(*{pool.outcome(page, "").code for page in pages})
    while any(map(is_running, workers)):
        pass
"""


def test_of_a_broken_pool_no_worker_is_left_and_the_process_ends(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(BROKEN)
    done = subprocess.run(
        [sys.executable, tmp_path / "broken.py"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "too-short\n"
    assert done.stderr == "the workers that read pages broke; starting new ones\n"


def children_of(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    return [int(child) for child in text.split()]


def test_a_pool_whose_worker_takes_no_work_any_more_is_made_anew(
    pool: ReadingPool, caplog: pytest.LogCaptureFixture
) -> None:
    # Slow: three seconds of patience, and as many until pebble kills a worker that does not end.
    pool.outcome(pool.submit(capture("one")), "")  # the starter of the workers runs from here on
    others = set(children_of(forkserver()))
    with ReadingPool(ReadingContext(), workers=1, patience=3) as stuck:
        stuck.outcome(stuck.submit(capture("two")), "")
        for worker in set(children_of(forkserver())) - others:
            os.kill(worker, signal.SIGSTOP)
        assert isinstance(stuck.outcome(stuck.submit(capture("three")), ""), ReadArticle)
    assert "starting new ones" in caplog.text


def test_workers_that_cannot_be_started_are_one_line_and_no_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("pebble.pool.process.launch_process", refuse)
    with (
        pytest.raises(WorkersError, match="Cannot allocate memory"),
        ReadingPool(ReadingContext(), workers=1) as pool,
    ):
        pool.outcome(pool.submit(capture("one")), "")


def test_a_clock_that_is_set_ahead_costs_no_page(
    pool: ReadingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = time.time() + 7200
    monkeypatch.setattr("time.time", lambda: ahead)
    assert isinstance(pool.outcome(pool.submit(capture("later")), ""), ReadArticle)
