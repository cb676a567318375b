"""A story followed at outlets that nobody configured: the newest of GDELT's list in a scheduled crawl."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from crawler.demo.content import HERE
from crawler.demo.past import Service, known_pieces
from crawler.demo.serving import ServedSite, serve
from crawler.demo.site import NOT_FOUND, ServedAnswer, Site, outlet_of
from crawler.spiders.newest import newest_scope
from index.store import Store
from index.workspace import Workspace
from index.workspace.story import FOLDER, Discover, Story, Window

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "is_open"),
    [
        (Window(), True),
        (Window(date(2026, 3, 4), None), True),
        (Window(date(2023, 1, 28), date(2023, 3, 31)), False),
        (Window(date(2026, 4, 1), None), False),
    ],
    ids=["no window", "since today", "over", "yet to come"],
)
def test_only_a_story_that_runs_is_looked_for(window: Window, is_open: bool) -> None:
    story = Story(id="b", title="B", match={"en": "balloon"}, window=window)
    scope = newest_scope(story, NOW, {})
    assert (scope is not None) is is_open
    if scope is not None:
        assert NOW - timedelta(hours=12) <= scope.start < scope.end == NOW


def test_the_list_is_read_only_where_a_story_asks_for_it() -> None:
    assert Discover().gdelt is False


def site_of_now() -> Site:
    """An outlet that nobody named, and a list that names its article in one minute of each quarter."""
    known = next(one for one in known_pieces() if one.piece.on_story and one.room.language == "en")
    host, _, path = known.url.removeprefix("http://").partition("/")
    page = known.captures[0].answer

    def reply(target: str) -> ServedAnswer:
        stamp = target.rpartition("/")[2][:14]
        if not target.startswith("/gdeltv3/gal/") or int(stamp[10:12]) % 15 != 1:
            return NOT_FOUND
        moment = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        said = {
            "url": known.url,
            "title": known.piece.headline,
            "desc": known.piece.summary,
            "date": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            "lang": "en",
        }
        body = gzip.compress(json.dumps(said).encode(), mtime=0)
        return ServedAnswer(body=body, media="application/gzip")

    gdelt = Service(host="gdelt.example", pages=MappingProxyType({}), reply=reply)
    return Site.of([outlet_of(host, {f"/{path}": page}), gdelt])


def crawl(desk: Path, site: ServedSite) -> int:
    environment = {"http_proxy": site.ports.proxy_url, "PYTHONPATH": str(Path.cwd())}
    verb = [sys.executable, "-m", "search_cli.main", "-C", str(desk), "crawl", "balloon", "-q"]
    return subprocess.run(verb, env=os.environ | environment, check=False).returncode


def test_a_crawl_without_any_outlet_keeps_what_the_list_names(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    (desk / FOLDER).mkdir(parents=True)
    settings = (HERE / "desk" / "past-workspace.toml").read_text("utf-8")
    (desk / "workspace.toml").write_text(settings, "utf-8")
    story = (HERE / "desk" / "balloon.toml").read_text("utf-8")
    running = story.replace("2023-01-28..2023-03-31", "2023-01-28..")
    (desk / FOLDER / "balloon.toml").write_text(
        running.replace("[discover]", "[discover]\ngdelt = true"), "utf-8"
    )
    with serve(site_of_now()) as site:
        assert crawl(desk, site) == 0
        first = [visit for visit in site.visits if visit.host == "gdelt.example"]
        assert crawl(desk, site) == 0
        again = [visit for visit in site.visits if visit.host == "gdelt.example"][len(first) :]
    with Store.open(Workspace.load(desk).database) as store:
        assert len(store.articles.kept_ids()) == 1
    assert len(first) > 20
    assert len(again) <= 8  # what came since, if anything
