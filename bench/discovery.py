"""How much of a story a budget of pages finds, and how politely: generated outlets on loopback.

    python -m bench.discovery [OUTLETS] [ARTICLES] [PAGES]

The baseline, over the same lists, fetches breadth-first: outlet by outlet in turn, each list's
items in its own order. Then the second edition appears, and a recrawl is counted: requests for
each new article. Every request is checked against robots.txt, against others to the same
registered domain at the same time, and against the delay.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, pairwise, zip_longest
from pathlib import Path

from bench.recrawl import crawl
from crawler.demo.generator import CLOSED, Faults, Generated, Plan, generate
from crawler.demo.server import Visit
from crawler.demo.serving import serve
from crawler.lists import read_list
from crawler.reading import Desk
from crawler.refusal import Refusal
from crawler.sources import ListSource, lists_of
from crawler.urls import canonical
from index.story import Window
from index.workspace import Workspace

DELAY = 0.2


def make_desk(root: Path, made: Generated) -> Workspace:
    (root / "stories").mkdir(parents=True)
    (root / "workspace.toml").write_text(f"delay = {DELAY}\n")
    (root / "outlets.toml").write_text(made.outlets_toml)
    (root / "stories" / "generated.toml").write_text(made.story_toml)
    return Workspace.load(root)


def breadth_first(made: Generated, workspace: Workspace) -> list[str]:
    """The articles' identities in the order in which a crawler without scores fetches them."""
    stories = tuple(workspace.stories().values())
    desk = Desk.of(stories, workspace.outlets())
    queues = [list(_items(made, lists_of(outlet, stories, desk))) for outlet in desk.outlets]
    turns = chain.from_iterable(zip_longest(*queues))
    return list(dict.fromkeys(canonical(url) for url in turns if url))


def _items(made: Generated, sources: Iterator[ListSource]) -> Iterator[str]:
    waiting = [(source.kind, source.url) for source in sources]
    while waiting:
        kind, url = waiting.pop(0)
        host, _, path = url.partition("://")[2].partition("/")
        answer = made.site.outlets[host].page("/" + path).answer(edition=1, visit=0)
        reading = read_list(
            kind, answer.body, url=url, content_type=answer.media, windows=(Window(),)
        )
        if isinstance(reading, Refusal):
            continue
        waiting += [(kind, child.url) for child in reading.children]
        yield from (found.url for found in reading.found)


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
    known = {canonical(one.url) for one in made.known}
    fresh = {canonical(one.url) for one in made.known if one.since == 2}
    wanted = {
        canonical(one.url)
        for one in made.known
        if one.on_story and one.fate == "article" and one.since == 1
    }
    with tempfile.TemporaryDirectory(prefix="discovery-") as folder, serve(made.site) as site:
        root = Path(folder) / "desk"
        plain = breadth_first(made, make_desk(root, made))
        found = crawl(root, site, "--limit", str(budget))
        crawl(root, site)
        site.switch(2)
        again = crawl(root, site)
        everything = list(site.visits)
    own = list(dict.fromkeys(identity(one) for one in found.visits if identity(one) in known))
    share, baseline = (len(wanted & set(order[:budget])) / len(wanted) for order in (own, plain))
    new = {identity(visit) for visit in again.visits if visit.status == 200} & fresh
    gap, overlaps = smallest_gap(everything)
    closed = sum(visit.target.startswith(f"/{CLOSED}/") for visit in everything)
    print(
        f"{outlets} outlets x {articles} articles, {len(wanted)} on story at first, {budget} pages"
    )
    print(f"found within the budget: {share:.0%} (breadth-first: {baseline:.0%})")
    print(f"recrawl: {len(again.visits)} requests, {len(new)} new articles,"
          f" {len(again.visits) / max(len(new), 1):.1f} requests each")  # fmt: skip
    print(f"robots violations: {closed}; two at once to one domain: {overlaps};"
          f" smallest gap: {gap:.3f} s (delay {DELAY} s)")  # fmt: skip
    return 0 if share > baseline and not closed and not overlaps and gap >= DELAY else 1


if __name__ == "__main__":
    sys.exit(main())
