"""A floor for what a backfill finds from nothing, on made-up lists, archives and outlets.

    python -m bench.gates.backfill [--look]

The demo's outlets as they are years later (`crawler.demo.past`): every fourth page is gone, one newsroom has
closed; GDELT's list and search and an encyclopedia each know a part, an archive has copies. The part to
look at (`--look`) is 3 to 5 February. Gated on are 6 to 8 February, whose misses were looked at once, and
9 to 12 February, whose misses nobody looks at: they are counted, and not named. Exits with 1 below a floor.
The baseline fetches in the order of arrival what the same sources named, with as many page requests.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from pathlib import Path

from crawler.demo.content import HERE
from crawler.demo.past import Known, known_pieces
from crawler.demo.past_services import ARCHIVE, COMMONS, ENCYCLOPEDIA, GDELT, sample_past
from crawler.demo.server import Visit
from crawler.demo.serving import serve
from index.store import Store
from index.workspace import Workspace
from index.workspace.story import FOLDER

LOOK = (date(2023, 2, 3), date(2023, 2, 5))
GATE = (date(2023, 2, 6), date(2023, 2, 8))
FRESH = (date(2023, 2, 9), date(2023, 2, 12))
RECALL, PRECISION, COPIES = 0.9, 0.95, 1.0
NOISE, QUARTER = 20, timedelta(minutes=15)
SERVICES = {GDELT, ARCHIVE, ENCYCLOPEDIA, COMMONS}
OUT = {"coastal-observer"}  # its server never answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a backfill came to: articles kept by URL with the archive of each copy, and its requests."""

    kept: dict[str, str]
    visits: tuple[Visit, ...]

    @property
    def page_requests(self) -> list[Visit]:
        """The requests for pages, at publishers and of copies."""
        return [one for one in self.visits if is_for_page(one)]


def is_for_page(one: Visit) -> bool:
    """Whether a request is for a page or a copy of one; not for a list or what a host says of itself."""
    if one.host in SERVICES:
        return one.host == ARCHIVE and one.target.startswith("/web/")
    return one.target not in ("/robots.txt", "/.well-known/tdmrep.json")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--look", action="store_true", help="the half to look at")
    parts = [LOOK] if parser.parse_args().look else [GATE, FRESH]
    reached = [reaches_floors(days) for days in parts]  # each is told, also after a broken one
    return int(not all(reached))


def reaches_floors(days: tuple[date, date]) -> bool:
    """Backfill some days, print what came of it, and whether no floor is broken."""
    found = backfill(days)
    known = [one for one in known_pieces() if days[0] <= day_of(one) <= days[1]]
    wanted = {one.url for one in known if can_be_found(one)}
    other = {one.url for one in known_pieces() if not one.piece.on_story}
    gone = {one.url for one in known if one.is_gone} & found.kept.keys()
    recall = len(wanted & found.kept.keys()) / len(wanted)
    precision = 1 - len(other & found.kept.keys()) / max(1, len(found.kept))
    copies = sum(bool(found.kept[url]) for url in gone) / max(1, len(gone))
    pages = found.page_requests
    naive = breadth_first(known, len(pages))
    print(f"{days[0]} to {days[1]}: {len(wanted)} articles of the story are known to a source")
    print(f"  recall     {recall:.3f}  (floor {RECALL})")
    print(f"  precision  {precision:.3f}  (floor {PRECISION})")
    print(
        f"  copies of what is gone that say so  {copies:.3f}  (floor {COPIES}; {len(gone)} articles)"
    )
    each = len(pages) / max(1, len(found.kept))
    print(f"  pages asked for  {len(pages)}, {each:.2f} for each article kept")
    print(f"  in the order of arrival, with as many requests: {naive} articles of the story")
    if days != FRESH:
        for url in sorted(wanted - found.kept.keys()):
            print(f"  missed: {url}")
        for url in sorted(other & found.kept.keys()):
            print(f"  wrong:  {url}")
    return recall >= RECALL and precision >= PRECISION and copies >= COPIES


def backfill(days: tuple[date, date], pauses: Mapping[str, float] | None = None) -> Found:
    """Backfill the demo's story from an empty folder; `pauses` are seconds by source."""
    with tempfile.TemporaryDirectory() as folder, serve(sample_past()) as site:
        desk = Path(folder) / "desk"
        (desk / FOLDER).mkdir(parents=True)
        settings = (HERE / "desk" / "past-workspace.toml").read_text("utf-8")
        for source, seconds in (pauses or {}).items():
            settings = re.sub(rf"(?m)^({source} +=) 0$", rf"\1 {seconds}", settings)
        (desk / "workspace.toml").write_text(settings, "utf-8")
        shutil.copy(HERE / "desk" / "balloon.toml", desk / FOLDER / "balloon.toml")
        verb = [
            sys.executable,
            "-m",
            "search_cli.main",
            "-C",
            str(desk),
            "backfill",
            "balloon",
            "-q",
        ]
        bounds = ["--since", str(days[0]), "--until", str(days[1])]
        environment = {"http_proxy": site.ports.proxy_url, "PYTHONPATH": str(Path.cwd())}
        done = subprocess.run([*verb, *bounds], env=os.environ | environment, check=False)
        if done.returncode not in (0, 3):
            raise SystemExit(f"the backfill ended with {done.returncode}")
        with Store.open(Workspace.load(desk).database) as store:
            held = store.articles.get(store.articles.kept_ids()).values()
            kept = {one.article.url: one.article.archive_source for one in held}
        return Found(kept=kept, visits=tuple(site.visits))


def breadth_first(known: Sequence[Known], requests: int) -> int:
    """How many articles of the story so many requests find that take what the list names, as it names it.

    In each quarter of an hour stand three files with `NOISE` records of other news each.
    """
    listed = sorted((one for one in known if one.is_listed), key=lambda one: one.piece.published)
    first = listed[0].piece.published
    found = 0
    for number, one in enumerate(listed):
        before = int((one.piece.published - first) / QUARTER) * 3 * NOISE + number
        found += before < requests and one.piece.on_story
    return found


def can_be_found(one: Known) -> bool:
    """Whether a default source names a piece of the story, and anybody still has it."""
    named = one.is_listed or one.is_found
    return named and one.piece.on_story and one.piece.kind == "article" and one.room.id not in OUT


def day_of(one: Known) -> date:
    return one.piece.published.astimezone(UTC).date()


if __name__ == "__main__":
    sys.exit(main())
