"""Seconds from Ctrl-C to the exit of a crawl, with slow outlets and long extractions under way.

    python -m bench.drills.stopping [ROUNDS]

Of six outlets one takes 60 s for each answer, one serves pages that take seconds to extract, one has a
delay of 60 s between requests, three are ordinary. Once the long pages are being read, the crawl is
interrupted once, or twice, and the next crawl has to find what the first left. The baseline is
Scrapy's own stop, which waits for what is under way.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from crawler.demo.serving import ServedSite, serve
from crawler.demo.site import ServedAnswer, ServedOutlet, ServedPage, Site
from index.store import Store

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = 40
SLOW, LONG, PATIENT = "slow.example", "long.example", "patient.example"
HOSTS = (SLOW, LONG, PATIENT, "a.example", "b.example", "c.example")
WANTED = 5.0  # seconds
# The same program with Scrapy's own way to stop.
OURS = ("-m", "search_cli.main")
SCRAPYS = (
    "-c",
    "from crawler.wire.process import StoppableProcess as ours\n"
    "del ours._signal_shutdown, ours._signal_kill\n"
    "from search_cli.main import run; raise SystemExit(run())",
)

PARAGRAPH = (
    "<p>A white balloon drifted over the grain elevators of the county on Thursday and stayed in sight"
    " for most of the afternoon, residents of three towns said, while the sheriff asked for patience.</p>"
)


def article(host: str, number: int) -> ServedAnswer:
    rows = "<table>" + "<tr><td>balloon<td>7" * 20_000 + "</table>" if host == LONG else ""
    page = (
        f"<html lang=en><title>Balloon {number} is seen</title><article><h1>Balloon {number}</h1>"
    )
    return ServedAnswer(body=f"{page}{PARAGRAPH * 6}{rows}</article></html>".encode())


def outlet(host: str) -> ServedOutlet:
    targets = [
        f"/2023/02/02/balloon-{number}-is-seen-over-the-county" for number in range(ARTICLES)
    ]
    items = "".join(
        f"<item><title>Balloon</title><link>http://{host}{one}</link></item>" for one in targets
    )
    feed = ServedAnswer(
        body=f"<rss><channel>{items}</channel></rss>".encode(), media="application/rss+xml"
    )
    answers = {"/feed.xml": feed, "/robots.txt": ServedAnswer(media="text/plain")}
    answers |= {target: article(host, number) for number, target in enumerate(targets)}
    pages = {
        target: ServedPage(target=target, editions=(answer,)) for target, answer in answers.items()
    }
    return ServedOutlet(host=host, pages=pages, latency=60.0 if host == SLOW else 0.05)


def make_desk(root: Path) -> None:
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text("delay = 0.0\n")
    tables = (
        f'[[outlet]]\nid = "{host}"\nurl = "http://{host}/"\nfeeds = ["http://{host}/feed.xml"]\n'
        + ("delay = 60.0\n" if host == PATIENT else "")
        for host in HOSTS
    )
    (root / "outlets.toml").write_text("".join(tables))
    (root / "stories" / "balloon.toml").write_text(
        "id = \"balloon\"\n[match]\nen = '''balloon'''\n"
    )


@contextmanager
def crawling(
    root: Path, served: ServedSite, program: tuple[str, ...]
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ, "http_proxy": served.ports.proxy_url, "no_proxy": "", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, *program, "crawl", "-q"],
        cwd=root,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def seconds_to_exit(
    root: Path, served: ServedSite, program: tuple[str, ...], times: int
) -> tuple[float, int]:
    """How long a crawl takes to leave after that many interrupts, and its exit code."""
    with crawling(root, served, program) as process:
        while sum(visit.host == LONG for visit in served.visits) < 8 and process.poll() is None:
            time.sleep(0.05)
        sent = time.monotonic()
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        try:
            code = process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            return float("inf"), -1
        return time.monotonic() - sent, code


def measure(program: tuple[str, ...], times: int, rounds: int) -> tuple[list[float], set[int], int]:
    took, codes, waiting = [], set(), 0
    for _ in range(rounds):
        with (
            tempfile.TemporaryDirectory(prefix="stopping-") as folder,
            serve(Site.of([outlet(host) for host in HOSTS])) as served,
        ):
            root = Path(folder) / "desk"
            make_desk(root)
            seconds, code = seconds_to_exit(root, served, program, times)
            took.append(seconds)
            codes.add(code)
            with Store.open(root / "data" / "pressclip.db") as store:
                waiting += store.frontier.waiting() > 0
    return took, codes, waiting


def tell(name: str, program: tuple[str, ...], times: int, rounds: int) -> float:
    took, codes, waiting = measure(program, times, rounds)
    print(
        f"{name:<34} median {median(took):.1f} s, longest {max(took):.1f} s,"
        f" exit {', '.join(map(str, sorted(codes)))}, {waiting} of {rounds} left something to the next run"
    )
    return max(took)


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    once = tell("Ctrl-C once", OURS, 1, rounds)
    twice = tell("Ctrl-C twice", OURS, 2, rounds)
    tell("baseline: Scrapy's own, once", SCRAPYS, 1, 1)
    print(f"wanted: under {WANTED:g} s")
    return 0 if max(once, twice) < WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
