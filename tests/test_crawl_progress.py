"""What a crawl says of its progress: on a terminal, in a pipe, and when it is told to be quiet."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bench.made_up.newsrooms import Plan, generate
from crawler.demo.serving import ServedSite, serve
from crawler.ingest.imports import ImportProgress
from crawler.spiders.progress import CrawlProgress, SiteProgress
from index.corpus import open_corpus
from index.errors import PressclipError
from search_cli.view.crawl_progress import import_line, progress_line, screen_lines, spell_time

OFTEN = ("-s", "PRESSCLIP_PROGRESS_EVERY=0.05")
LINE = re.compile(
    r"crawl: \d+ of \d+ lists · \d+ pages \(\d+\.\d/s\) · \d+ kept · \d+ waiting( · .+ left)?"
)


@contextmanager
def desk(
    root: Path, *, delay: float = 0.1, articles: int = 6
) -> Iterator[tuple[ServedSite, dict[str, str]]]:
    made = generate(Plan(outlets=2, articles=articles))
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text(f"delay = {delay}\n")
    (root / "outlets.toml").write_text(made.outlets_toml)
    (root / "stories" / "generated.toml").write_text(made.story_toml)
    with serve(made.site) as served:
        yield served, {**os.environ, "http_proxy": served.ports.proxy_url, "no_proxy": ""}


def on_a_terminal(root: Path, environment: dict[str, str], *args: str) -> str:
    """What a crawl writes on the terminal that its stderr is."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "search_cli.main", "crawl", *args]
    process = subprocess.Popen(command, cwd=root, env=environment, stderr=slave)
    os.close(slave)
    said = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # Linux: the other side is closed
            break
        if not part:
            break
        said += part
    os.close(master)
    assert process.wait(timeout=60) == 0, said.decode()
    return said.decode()


def test_on_a_terminal_the_whole_and_each_outlet_are_drawn_in_place(tmp_path: Path) -> None:
    with desk(tmp_path) as (_, environment):
        said = on_a_terminal(tmp_path, {**environment, "COLUMNS": "100", "LINES": "24"}, *OFTEN)
    pictures = said.split("\r\x1b[J")
    assert any(re.search(r"of \d+ lists · \d+ pages", one) for one in pictures)
    assert any(re.search(r"\n  \S+ +\d+ asked · +\d+ left · under 1 min", one) for one in pictures)
    assert all(len(line) < 100 for one in pictures[1:-1] for line in one.split("\r\n"))
    assert pictures[-1].startswith("crawl: ")  # the summary stands on a clean screen


def test_in_a_pipe_short_lines_are_written(tmp_path: Path) -> None:
    with desk(tmp_path) as (_, environment):
        done = subprocess.run(
            [sys.executable, "-m", "search_cli.main", "crawl", *OFTEN],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    lines = [line for line in done.stderr.splitlines() if " lists · " in line]
    assert len(lines) > 3
    assert all(LINE.fullmatch(line) for line in lines[:-1])
    assert "\x1b" not in done.stderr


def test_what_has_come_in_can_be_searched_while_the_crawl_goes_on(tmp_path: Path) -> None:
    with desk(tmp_path, delay=1.0, articles=40) as (_, environment):
        command = [sys.executable, "-m", "search_cli.main", "crawl", "-q"]
        command += ["-s", "PRESSCLIP_INDEX_EVERY=0.5"]
        with subprocess.Popen(command, cwd=tmp_path, env=environment) as crawl:
            try:
                while not searchable(tmp_path):
                    with suppress(subprocess.TimeoutExpired):
                        crawl.wait(timeout=0.2)
                    assert crawl.poll() is None, "it ended before anything could be searched"
            finally:
                crawl.terminate()
        with open_corpus(tmp_path) as corpus:
            assert corpus.search("*").total


def searchable(root: Path) -> bool:
    try:
        with open_corpus(root) as corpus:
            return corpus.search("*").total > 0
    except PressclipError:  # no index yet
        return False


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
def test_a_quiet_crawl_says_nothing(tmp_path: Path, terminal: bool) -> None:
    with desk(tmp_path) as (_, environment):
        if terminal:
            assert on_a_terminal(tmp_path, environment, "-q", *OFTEN) == ""
            return
        done = subprocess.run(
            [sys.executable, "-m", "search_cli.main", "crawl", "-q", *OFTEN],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    assert (done.stdout, done.stderr) == ("", "")


def progress(sites: int) -> CrawlProgress:
    return CrawlProgress(
        lists=3, lists_left=1, pages=1200, kept=40, left=90, rate=2.04, seconds=600.0,
        sites=tuple(
            SiteProgress(name=f"gazette-{number}.example", done=5, left=9, seconds=90.0 - number)
            for number in range(sites)
        ),
    )  # fmt: skip


def test_the_slowest_outlets_are_shown_and_the_others_counted() -> None:
    lines = list(screen_lines(progress(12), 24))
    assert lines[0] == progress_line(progress(12))
    assert lines[0].endswith("4 lists · 1,200 pages (2.0/s) · 40 kept · 90 waiting · 10 min left")
    assert lines[1].split() == [
        "gazette-0.example",
        "5",
        "asked",
        "·",
        "9",
        "left",
        "·",
        "2",
        "min",
    ]
    assert lines[-1] == "  … and 4 more outlets"


def test_a_low_terminal_is_not_overrun() -> None:
    assert len(list(screen_lines(progress(12), 5))) == 5
    assert len(list(screen_lines(progress(12), 2))) == 2


@pytest.mark.parametrize(
    ("seconds", "said"), [(3, "under 1 min"), (90, "2 min"), (3600, "1 h 0 min")]
)
def test_a_time_is_said_as_a_person_says_it(seconds: float, said: str) -> None:
    assert spell_time(seconds) == said


def test_an_import_tells_megabytes_pages_and_the_time_left() -> None:
    half = ImportProgress(seconds=600, done=500_000_000, size=2_000_000_000, pages=12_000)
    assert import_line(half) == "500 of 2,000 MB · 12,000 pages (20.0/s) · 30 min left"
    streamed = ImportProgress(seconds=10, done=0, size=0, pages=50)
    assert import_line(streamed) == "50 pages (5.0/s)"
