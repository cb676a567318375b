"""Lists, rechecks, budgets and alerts of a crawl that comes again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.demo.server import Visit
from crawler.demo.serving import serve
from crawler.demo.site import ServedAnswer, Site, outlet_of
from tests.crawling import (
    HOST,
    KEPT,
    OTHER,
    Crawled,
    Desk,
    article,
    crawled_desk,
    feed,
    make_desk,
    pages,
    small_desk,
    small_site,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with small_desk(tmp_path / "desk") as made:
        yield made


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """The desk after a crawl; to look at."""
    with crawled_desk(tmp_path_factory.mktemp("crawled") / "desk") as made:
        yield made


@pytest.fixture
def read_desk(crawled: Crawled, tmp_path: Path) -> Desk:
    """A copy of it, to go on with."""
    return crawled.copy(tmp_path / "desk")


def listing(*targets: str, following: str = "") -> ServedAnswer:
    """A section page with headlines for these targets, and a link to its next page."""
    links = "".join(
        f"<li><a href='{target}'>What was seen over the town of Elm Fork</a>" for target in targets
    )
    following = following and f"<a rel=next href='{following}'>older</a>"
    return ServedAnswer(
        body=f"<html><body><main><ul>{links}</ul>{following}</main></body></html>".encode()
    )


STORY_AT = "/2023/02/02/balloon-over-the-elevators-of-the-county-{}"


def crawl_one(
    root: Path, outlet: str, answers: dict[str, ServedAnswer], story: str = ""
) -> list[Visit]:
    """The visits of a crawl of one outlet with these lines in its table and in the story."""
    make_desk(root)
    (root / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\n{outlet}'
    )
    path = root / "stories" / "balloon.toml"
    path.write_text(path.read_text() + story)
    with serve(Site.of([outlet_of(HOST, answers)])) as served:
        done = Desk(root, served).pressclip("crawl")
        assert done.returncode == 0, done.stderr
        return list(served.visits)


def test_the_pages_of_a_list_are_read_to_their_end(tmp_path: Path) -> None:
    answers = {
        "/county": listing(STORY_AT.format("a"), following="/county?page=2"),
        "/county?page=2": listing(STORY_AT.format("b"), following="/county?page=3"),
        "/county?page=3": listing(STORY_AT.format("c")),
        **{STORY_AT.format(name): article(f"Balloon {name} is seen") for name in "abc"},
    }
    visits = crawl_one(tmp_path / "desk", f'sections = ["http://{HOST}/county"]', answers)
    assert set(pages(visits)) >= {STORY_AT.format(name) for name in "abc"}


def test_an_outlets_own_search_is_asked_for_the_storys_words(tmp_path: Path) -> None:
    answers = {
        "/feed.xml": feed(),
        "/find?q=balloon&p=1": listing(STORY_AT.format("a")),
        STORY_AT.format("a"): article("Balloon a is seen"),
    }
    outlet = (
        f'feeds = ["http://{HOST}/feed.xml"]\nsearch = "http://{HOST}/find?q={{query}}&p={{page}}"'
    )
    make_desk(tmp_path / "desk")
    (tmp_path / "desk" / "outlets.toml").write_text(
        f'[[outlet]]\nid = "{HOST}"\nurl = "http://{HOST}/"\n{outlet}\n'
    )
    with serve(Site.of([outlet_of(HOST, answers)])) as served:
        desk = Desk(tmp_path / "desk", served)
        desk.pressclip("crawl")
        assert desk.titles() == {"Balloon a is seen"}


def test_links_of_a_kept_article_are_followed_as_deep_as_the_story_says(tmp_path: Path) -> None:
    def linking(title: str, target: str) -> ServedAnswer:
        body = article(title).body.replace(
            b"</article>",
            f"<p><a href='{target}'>More of what was seen that day</a></p></article>".encode(),
        )
        return ServedAnswer(body=body)

    answers = {
        "/feed.xml": feed(STORY_AT.format("a")),
        STORY_AT.format("a"): linking("Balloon a is seen", STORY_AT.format("b")),
        STORY_AT.format("b"): linking("Balloon b is seen", STORY_AT.format("c")),
        STORY_AT.format("c"): article("Balloon c is seen"),
    }
    visits = crawl_one(
        tmp_path / "desk",
        f'feeds = ["http://{HOST}/feed.xml"]',
        answers,
        "[discover]\nfollow = 1\n",
    )
    asked = set(pages(visits))
    assert STORY_AT.format("b") in asked
    assert STORY_AT.format("c") not in asked


def test_a_recheck_asks_only_whether_the_articles_changed(read_desk: Desk) -> None:
    before = len(read_desk.served.visits)
    done = read_desk.pressclip("crawl", "--recheck")
    assert done.returncode == 0, done.stderr
    again = [visit for visit in read_desk.served.visits[before:] if "balloon" in visit.target]
    assert len(again) == len(KEPT)
    assert all(visit.conditional and visit.status == 304 for visit in again)
    assert "4 unchanged" in done.stderr


def test_a_crawl_of_what_is_due_asks_nobody_right_after_another(read_desk: Desk) -> None:
    before = len(read_desk.served.visits)
    assert read_desk.pressclip("crawl", "--due").returncode == 0
    assert len(read_desk.served.visits) == before


def test_a_changed_window_reads_unchanged_lists_again(desk: Desk) -> None:
    story = desk.root / "stories" / "balloon.toml"
    story.write_text(story.read_text().replace("2023-01-28..2023-02-28", "2024-01-01..2024-02-01"))
    desk.pressclip("crawl")
    assert desk.titles() == set()
    make = story.read_text().replace("2024-01-01..2024-02-01", "2023-01-28..2023-02-28")
    story.write_text(make)
    desk.pressclip("crawl")
    assert desk.pressclip("replay").returncode == 0
    assert desk.titles() == KEPT


def test_a_dry_run_tells_and_asks_nobody(desk: Desk) -> None:
    done = desk.pressclip("crawl", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "1 feeds, 1 sitemaps, 1 sections" in done.stdout
    assert not desk.served.visits
    assert not (desk.root / "data").exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [((), 3), (("--strict",), 4), (("--max-failed", "1"), 0), (("--max-failed", "40%"), 3)],
    ids=["plain", "strict", "one-allowed", "share"],
)
def test_the_exit_code_follows_the_error_budget(
    tmp_path: Path, options: tuple[str, ...], code: int
) -> None:
    make_desk(tmp_path / "desk")
    with serve(Site.of([small_site().outlets[HOST]])) as served:
        done = Desk(tmp_path / "desk", served).pressclip("crawl", *options)
    assert done.returncode == code, done.stderr


def test_an_alert_is_run_for_news_and_for_nothing_else(desk: Desk) -> None:
    story = desk.root / "stories" / "balloon.toml"
    story.write_text(
        story.read_text() + "[alert]\nrun = \"sh -c 'echo $0 >> alerts' '{new} on {story}'\"\n"
    )
    desk.pressclip("crawl")
    desk.pressclip("crawl")
    assert (desk.root / "alerts").read_text() == "4 on balloon\n"


def test_the_coverage_is_estimated_from_several_channels(crawled: Crawled) -> None:
    done = crawled.desk.pressclip("status", "--coverage", "--json")
    rows = {row["outlet"]: row for row in json.loads(done.stdout)}
    assert rows[HOST]["held"] == 3
    assert rows[HOST]["channels"] == {"feed": 2, "sitemap": 2}
    assert rows[HOST]["method"] == "overlap within windows"
    assert rows[OTHER]["why_not"] == "found by one channel only"


def test_a_second_crawl_at_the_same_time_is_refused_with_75(desk: Desk) -> None:
    from index.workspace.lock import hold

    with hold(desk.root / "data" / "lock"):
        done = desk.pressclip("crawl")
    assert done.returncode == 75
    assert f"pid {os.getpid()}" in done.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("crawl", "baloon"), "balloon"),
        (("crawl", "--outlet", "nobody.example"), "nobody.example"),
        (("crawl", "--urls", "none.txt"), "none.txt"),
        (("crawl", "--warc", "none.warc.gz"), "none.warc.gz"),
        (("crawl", "--urls", "-"), "line 2: url-scheme"),
        (("crawl", "--budget", "nan"), "budget"),
        (("crawl", "-s", "nonsense"), "NAME=VALUE"),
        (("replay",), "nothing is archived"),
    ],
    ids=["story", "outlet", "urls", "warc", "stdin", "budget", "setting", "empty-archive"],
)
def test_a_wrong_call_says_what_is_wrong_in_one_line(
    desk: Desk, args: tuple[str, ...], message: str
) -> None:
    done = desk.pressclip(*args, input=f"http://{HOST}/\nftp://{HOST}/\n")
    assert done.returncode == 2, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_captures_of_another_warc_go_the_same_way(read_desk: Desk, tmp_path: Path) -> None:
    [warc] = (read_desk.root / "data" / "archive").rglob("*.warc.gz")
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(warc.read_bytes() + warc.read_bytes()[:-20])  # its last member is cut
    empty = tmp_path / "empty.warc.gz"
    empty.touch()
    make_desk(tmp_path / "second")
    other = Desk(tmp_path / "second", read_desk.served)
    visits = len(read_desk.served.visits)
    done = other.pressclip("crawl", "--warc", str(torn), str(empty))
    assert done.returncode == 3
    assert other.titles() == KEPT
    assert "1 file without a page" in done.stderr
    assert len(read_desk.served.visits) == visits
    again = other.pressclip("crawl", "--warc", str(warc))
    assert "new" not in again.stderr
