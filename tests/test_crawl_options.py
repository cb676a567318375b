"""What the options of `crawl` do, seen in the requests that two made-up outlets get."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from crawler.demo.server import Visit
from crawler.demo.serving import ServedSite, serve
from crawler.demo.site import ServedAnswer, ServedOutlet, Site, outlet_of

HOST = "prairie-courier.example"
OTHER = "harbour-daily.example"
DAYS = ("2023-01-30", "2023-02-01", "2023-02-03", "2023-02-05")
TEXT = (
    "<p>A white balloon drifted over the grain elevators of the county on Thursday and stayed in sight"
    " for most of the afternoon, residents of three towns said, while the sheriff's office asked them"
    " not to shoot at it and promised to say more when it knew more.</p>"
)


def target(day: str) -> str:
    return f"/{day.replace('-', '/')}/balloon-over-the-elevators-of-the-county"


def article(day: str) -> ServedAnswer:
    data = {
        "@type": "NewsArticle",
        "headline": f"Balloon of {day}",
        "datePublished": f"{day}T18:00:00Z",
    }
    return ServedAnswer(
        body=(
            f"<html lang=en><head><title>Balloon of {day}</title>"
            f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
            f"<body><article><h1>Balloon of {day}</h1>{TEXT * 3}</article></body></html>"
        ).encode()
    )


def outlet(host: str) -> ServedOutlet:
    items = "".join(
        f"<item><title>Balloon of {day}</title><link>http://{host}{target(day)}</link>"
        f"<pubDate>{day}T18:00:00Z</pubDate></item>"
        for day in DAYS
    )
    feed = f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>"
    answers = {"/feed.xml": ServedAnswer(body=feed.encode(), media="application/rss+xml")}
    return outlet_of(host, answers | {target(day): article(day) for day in DAYS})


@dataclass(frozen=True, slots=True)
class Desk:
    root: Path
    served: ServedSite

    def crawl(self, *args: str, code: int = 0) -> tuple[str, list[Visit]]:
        """What a crawl said, and its requests, robots.txt apart."""
        before = len(self.served.visits)
        done = subprocess.run(
            [sys.executable, "-m", "search_cli.main", "crawl", *args], cwd=self.root,
            env={**os.environ, "http_proxy": self.served.ports.proxy_url, "no_proxy": ""},
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        visits = self.served.visits[before:]
        return done.stdout + done.stderr, [one for one in visits if one.target != "/robots.txt"]


def make_desk(root: Path, delay: float = 0.0) -> None:
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text(f"delay = {delay}\n")
    (root / "outlets.toml").write_text(
        "".join(
            f'[[outlet]]\nid = "{host}"\nurl = "http://{host}/"\nfeeds = ["http://{host}/feed.xml"]\n'
            for host in (HOST, OTHER)
        )
    )
    (root / "stories" / "balloon.toml").write_text(
        "id = \"balloon\"\nwindow = \"2023-01-28..2023-02-28\"\n[match]\nen = '''balloon'''\n"
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    make_desk(tmp_path / "desk")
    with serve(Site.of([outlet(HOST), outlet(OTHER)])) as served:
        yield Desk(tmp_path / "desk", served)


def pages(visits: list[Visit]) -> list[tuple[str, str]]:
    return sorted((one.host, one.target) for one in visits if one.target.startswith("/2023/"))


def of_days(*days: str) -> list[tuple[str, str]]:
    return sorted((host, target(day)) for host in (HOST, OTHER) for day in days)


def test_since_fetches_what_was_published_since_and_a_plain_crawl_the_rest(desk: Desk) -> None:
    # A day's slack is left for time zones.
    _, visits = desk.crawl("--since", "2023-02-03")
    assert pages(visits) == of_days("2023-02-03", "2023-02-05")
    _, visits = desk.crawl()
    assert pages(visits) == of_days("2023-01-30", "2023-02-01")


def test_a_second_crawl_makes_only_conditional_requests_to_lists(desk: Desk) -> None:
    desk.crawl()
    said, visits = desk.crawl()
    assert sorted((one.host, one.target) for one in visits) == [
        (OTHER, "/feed.xml"),
        (HOST, "/feed.xml"),
    ]
    assert all(one.conditional and one.status == 304 for one in visits)
    assert "2 lists read, 0 failed" in said


def test_a_recheck_asks_once_for_every_kept_article_and_only_whether_it_changed(desk: Desk) -> None:
    desk.crawl()
    said, visits = desk.crawl("--recheck")
    assert pages(visits) == of_days(*DAYS)
    assert all(one.conditional and one.status == 304 for one in visits)
    assert "8 unchanged" in said


def test_a_budget_begins_nothing_after_its_minutes_and_the_next_crawl_goes_on(
    tmp_path: Path,
) -> None:
    make_desk(tmp_path / "desk", delay=1.5)
    with serve(Site.of([outlet(HOST), outlet(OTHER)])) as served:
        desk = Desk(tmp_path / "desk", served)
        _, first = desk.crawl("--budget", "0.1")  # 6 s: robots.txt, feed and few pages of each
        assert len(pages(first)) < 8
        assert not set(pages(first)) & set(of_days(DAYS[0]))  # the newest come first
        (desk.root / "workspace.toml").write_text("delay = 0.0\n")
        _, second = desk.crawl()
    assert sorted(pages(first) + pages(second)) == of_days(*DAYS)


@pytest.mark.parametrize(
    ("allowed", "code"), [("0", 3), ("1", 0), ("49%", 3), ("50%", 0)], ids=lambda one: str(one)
)
def test_so_many_outlets_may_fail(tmp_path: Path, allowed: str, code: int) -> None:
    make_desk(tmp_path / "desk")
    closed = replace(
        outlet(OTHER), outage=ServedAnswer(status=500, headers=(("Retry-After", "3600"),))
    )
    with serve(Site.of([outlet(HOST), closed])) as served:
        said, _ = Desk(tmp_path / "desk", served).crawl("--max-failed", allowed, code=code)
    assert f"needs attention: {OTHER}" in said


def test_the_numbers_of_a_dry_run_are_those_of_the_crawl_that_follows(desk: Desk) -> None:
    desk.crawl("--limit", "3")
    said, visits = desk.crawl("--dry-run")
    assert not visits
    assert "would read   2 feeds" in said
    assert "waiting      5 pages at 2 sites, at 2 of them with words of the story" in said
    _, visits = desk.crawl()
    assert len(visits) == 2 + 5
    said, _ = desk.crawl("--dry-run", "--due")
    assert "not due      2 lists" in said
    assert "waiting      0 pages at 0 sites" in said
