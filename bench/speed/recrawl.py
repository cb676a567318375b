"""A recrawl of many outlets with nothing new: seconds, and requests for each list page.

    python -m bench.speed.recrawl [OUTLETS] [ARTICLES] [LATENCY]

Generated outlets on loopback, no delay configured, LATENCY seconds (0.05) before every answer. The
baseline is a recrawl that has forgotten all validators, as a crawler without a memory.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.made_up.newsrooms import Plan, generate
from bench.made_up.server import serve_newsrooms
from crawler.demo.server import Visit
from crawler.demo.serving import ServedSite, SiteProcess

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Timed:
    """How long a crawl took, and what it asked."""

    seconds: float
    visits: list[Visit]


def make_desk(root: Path, plan: Plan) -> None:
    made = generate(plan)
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text("delay = 0.0\n")
    (root / "outlets.toml").write_text(made.outlets_toml)
    (root / "stories" / "generated.toml").write_text(made.story_toml)


def crawl(root: Path, site: SiteProcess | ServedSite, *options: str) -> Timed:
    before = len(site.visits)
    environment = {
        **os.environ,
        "http_proxy": site.ports.proxy_url,
        "no_proxy": "",
        "PYTHONPATH": str(ROOT),
    }
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "search_cli.main", "crawl", *options],
        cwd=root, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    took = time.perf_counter() - started
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    return Timed(took, site.visits[before:])


def forget(root: Path) -> None:
    with closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection:
        connection.execute("UPDATE lists SET etag = '', last_modified = '', digest = ''")
        connection.execute("DELETE FROM robots")
        connection.commit()


def tell(name: str, timed: Timed, lists: int) -> None:
    conditional = sum(visit.conditional for visit in timed.visits)
    print(f"{name:<28} {timed.seconds:>7.1f} s {len(timed.visits):>6} requests"
          f" ({conditional} conditional, {len(timed.visits) / lists:.2f} a list)")  # fmt: skip


def main() -> int:
    outlets, articles = (
        int(sys.argv[i]) if len(sys.argv) > i else n for i, n in ((1, 300), (2, 20))
    )
    plan = Plan(outlets=outlets, articles=articles)
    latency = sys.argv[3] if len(sys.argv) > 3 else "0.05"
    with tempfile.TemporaryDirectory(prefix="recrawl-") as folder:
        root = Path(folder) / "desk"
        make_desk(root, plan)
        with serve_newsrooms(plan, "--latency", latency) as site:
            first = crawl(root, site)
            with closing(sqlite3.connect(root / "data" / "pressclip.db")) as connection:
                (lists,) = connection.execute("SELECT count(*) FROM lists").fetchone()
            again = crawl(root, site)
            forget(root)
            baseline = crawl(root, site)
    tell("first crawl", first, lists)
    tell("recrawl, nothing new", again, lists)
    tell("baseline: without a memory", baseline, lists)
    print(f"wanted: under 60 s for 300 outlets; this was {outlets}")
    is_conditional = all(visit.conditional for visit in again.visits)
    return 0 if again.seconds < 60 and is_conditional else 1


if __name__ == "__main__":
    sys.exit(main())
