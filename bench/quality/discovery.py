"""How much of a story a budget finds, and how politely: generated outlets on loopback.

    python -m bench.quality.discovery [OUTLETS] [ARTICLES] [PAGES]

The budget is a number of pages (`--limit`), with the lists that lead to them; then a time (`--budget`), in
which each host gives so many answers. The baseline fetches breadth-first with as many requests: outlet
by outlet in turn, first the configured lists, then what each names in its own order. Then the second
edition appears, and a recrawl is counted: requests for each new article. Every request is checked
against robots.txt, against others to the same registered domain at the same time, and against the
delay.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise, zip_longest
from pathlib import Path
from typing import TypeVar

from bench.made_up.newsrooms import CLOSED, Faults, Generated, Plan, generate
from bench.speed.recrawl import crawl
from crawler.demo.server import Visit
from crawler.demo.serving import serve
from crawler.ingest.read import ReadingContext
from crawler.lists import Kind, read_list
from crawler.planning.sources import lists_of
from crawler.refusal import Refusal
from crawler.urls import canonical
from index.workspace import Workspace
from index.workspace.story import Window

DELAY = 0.2

T = TypeVar("T")


def make_desk(root: Path, made: Generated) -> Workspace:
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text(f"delay = {DELAY}\n")
    (root / "outlets.toml").write_text(made.outlets_toml)
    (root / "stories" / "generated.toml").write_text(made.story_toml)
    return Workspace.load(root)


def breadth_first(made: Generated, workspace: Workspace) -> list[str]:
    """The lists and pages in the order in which a crawler without scores asks for them, by identity."""
    stories = tuple(workspace.stories().values())
    desk = ReadingContext.of(stories, workspace.outlets())
    roots = [
        [(source.kind, source.url) for source in lists_of(outlet, stories, desk)]
        for outlet in desk.outlets
    ]
    waiting: list[tuple[Kind | None, str]] = [one for one in _in_turn(roots) if one]
    asked: dict[str, None] = {}
    while waiting:
        named = []
        for kind, url in waiting:
            if canonical(url) in asked:
                continue
            asked[canonical(url)] = None
            named.append(list(_named(made, kind, url)) if kind else [])
        waiting = [one for one in _in_turn(named) if one]
    return list(asked)


def _in_turn(queues: Sequence[Sequence[T]]) -> Iterator[T | None]:
    return chain.from_iterable(zip_longest(*queues))


def _named(made: Generated, kind: Kind, url: str) -> Iterator[tuple[Kind | None, str]]:
    """What a list names: its child lists with their kind, its pages without."""
    host, _, path = url.partition("://")[2].partition("/")
    answer = made.site.outlets[host].page("/" + path).answer(edition=1, visit=0)
    reading = read_list(kind, answer.body, url=url, content_type=answer.media, windows=(Window(),))
    if not isinstance(reading, Refusal):
        yield from ((kind, child.url) for child in reading.children)
        yield from ((None, found.url) for found in reading.found)


def identity(visit: Visit) -> str:
    return canonical(f"http://{visit.host}{visit.target}")


def smallest_gap(visits: list[Visit]) -> tuple[float, int]:
    """The shortest time from an answer to the next request at one host, and how many overlapped."""
    by_host: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: visit.started):
        by_host[visit.host].append(visit)
    gaps = [
        later.started - earlier.ended
        for visited in by_host.values()
        for earlier, later in pairwise(visited)
    ]
    return min(gaps, default=0.0), sum(gap < 0 for gap in gaps)


def main() -> int:
    outlets, articles, budget = (
        int(sys.argv[place]) if len(sys.argv) > place else default
        for place, default in ((1, 12), (2, 30), (3, 90))
    )
    faults = Faults(flaky=0.02, missing=0.03, moved=0.03, walled=0.02, closed=0.05)
    made = generate(Plan(outlets=outlets, articles=articles, fresh=0.1, faults=faults))
    fresh = {canonical(one.url) for one in made.known if one.since == 2}
    wanted = {
        canonical(one.url)
        for one in made.known
        if one.on_story and one.fate == "article" and one.since == 1
    }
    with tempfile.TemporaryDirectory(prefix="discovery-") as folder, serve(made.site) as site:
        root = Path(folder) / "desk"
        plain = breadth_first(made, make_desk(root, made))
        limited = crawl(root, site, "--limit", str(budget))
        crawl(root, site)
        site.switch(2)
        again = crawl(root, site)
        politely = list(site.visits)
    with tempfile.TemporaryDirectory(prefix="discovery-") as folder, serve(made.site) as site:
        make_desk(Path(folder) / "desk", made)
        whole = crawl(Path(folder) / "desk", site)
        politely += site.visits
    print(f"{outlets} outlets x {articles} articles, {len(wanted)} on story at first")
    ours = asked_for(limited.visits)
    better = [
        tell(f"{budget} pages, {len(ours)} requests", ours, plain[: len(ours)], wanted),
        *(
            tell(
                f"{number} answers of each host",
                first_of_each(asked_for(whole.visits), number),
                first_of_each(plain, number),
                wanted,
            )
            for number in (5, 10)
        ),
    ]
    new = {identity(visit) for visit in again.visits if visit.status == 200} & fresh
    gap, overlaps = smallest_gap(politely)
    closed = sum(visit.target.startswith(f"/{CLOSED}/") for visit in politely)
    print(f"recrawl: {len(again.visits)} requests, {len(new)} new articles,"
          f" {len(again.visits) / max(len(new), 1):.1f} requests each")  # fmt: skip
    print(f"robots violations: {closed}; two at once to one domain: {overlaps};"
          f" smallest gap: {gap:.3f} s (delay {DELAY} s)")  # fmt: skip
    return 0 if all(better) and not closed and not overlaps and gap >= DELAY else 1


def asked_for(visits: list[Visit]) -> list[str]:
    """What was asked for, robots.txt and tdmrep.json apart, by identity in the order of the requests."""
    ordered = sorted(visits, key=lambda visit: visit.started)
    of_the_site = ("/robots.txt", "/.well-known/tdmrep.json")
    return list(dict.fromkeys(identity(one) for one in ordered if one.target not in of_the_site))


def first_of_each(order: list[str], number: int) -> list[str]:
    """Of each host the first that many requests."""
    seen: Counter[str] = Counter()
    first = []
    for one in order:
        host = one.split("/")[2]
        seen[host] += 1
        if seen[host] <= number:
            first.append(one)
    return first


def tell(budget: str, ours: list[str], plain: list[str], wanted: set[str]) -> bool:
    found, baseline = (len(wanted & set(order)) / len(wanted) for order in (ours, plain))
    print(f"found with {budget}: {found:.0%} (breadth-first: {baseline:.0%})")
    return found > baseline


if __name__ == "__main__":
    sys.exit(main())
