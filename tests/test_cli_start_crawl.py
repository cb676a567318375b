"""`pressclip start` to its end: the outlet is looked at, crawled, and what it has is found."""

from __future__ import annotations

from pathlib import Path

from crawler.demo.serving import serve
from tests.crawling import HOST, Desk, small_site

STARTED = (
    "start", "--no-input", "--words", "balloon", "--lang", "en", "--collect", "crawl",
    "--window", "2023-01-28..2023-02-28", "--outlet", f"http://{HOST}/", "--outlet", "http://gone.example/",
)  # fmt: skip


# Three commands in processes of their own and a crawl at a small pace: some 8 s.
def test_a_story_is_set_up_crawled_and_found_by_one_command(tmp_path: Path) -> None:
    with serve(small_site()) as served:
        desk = Desk(root=tmp_path / "desk", served=served)
        desk.root.mkdir()
        desk.pressclip("init")
        (desk.root / "workspace.toml").write_text("delay = 0.1\n", "utf-8")
        done = desk.pressclip(*STARTED)
        found = desk.pressclip("search", "story:balloon", "--count")
    assert done.returncode == 0, done.stderr
    assert "Not added: http://gone.example/" in done.stderr
    commands = [line for line in done.stderr.splitlines() if line.startswith("$")]
    assert [line.split()[2] for line in commands] == [
        "story",
        "outlet",
        "outlet",
        "crawl",
        "status",
    ]
    assert int(found.stdout) == len(desk.titles()) >= 2
