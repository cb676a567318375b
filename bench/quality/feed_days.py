"""A real case: a story's feed items replayed as daily feeds, with a budget of requests a day.

    python -m bench.quality.feed_days

Each day the feeds name that day's items; each day so many pages may be asked for, of all that was named
until then. Ours is the frontier's order (words of the story in title, summary and address, then the
newest first). The baselines ask for the newest first, and breadth-first: feed by feed in turn, each in its
own order, what was named first before what was named later. Told is which
share of the story's items was asked for by the last day, and how many days after they were named.
The items are others' and not in the repository; where they are absent nothing is measured.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import chain, zip_longest
from pathlib import Path
from statistics import mean
from typing import Any

from bench.sets.real import FEED_ITEMS, is_here
from crawler.lists import Found, candidate_of, promise, screen_of
from crawler.urls import canonical, registered_domain
from index.capture import Listing
from index.store import Candidate, StoreWriter
from index.workspace.outlets import Outlets
from index.workspace.story import Story, load_story

ROOT = Path(__file__).resolve().parents[2]
STORY = ROOT / "bench" / "sets" / "stories" / "balloon.toml"
BUDGETS = (25, 50, 100, 200, 400)  # pages a day
WANTED = frozenset({"core", "objects"})

Item = Mapping[str, Any]


def items_by_day() -> dict[str, list[Item]]:
    """The items by the day on which a feed named them, in the order of the feeds."""
    days: dict[str, list[Item]] = defaultdict(list)
    with gzip.open(
        FEED_ITEMS / "feed-items-to-2023-02-06.jsonl.gz", "rt", encoding="utf-8"
    ) as file:
        for line in file:
            item = json.loads(line)
            days[item["day"]].append(item)
    return dict(sorted(days.items()))


def story_keys() -> set[str]:
    """The identities of the items that are about the story, by hand-made labels."""
    with (FEED_ITEMS / "feed-items-labelled.dev.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return {canonical(row["url"]) for row in rows if row["label"] in WANTED}


def as_candidate(item: Item, screen: Story | None) -> Candidate | None:
    """The frontier's candidate for an item, scored as a crawl does; by its date alone without a story."""
    moment = datetime.fromisoformat(item["date"]) if item.get("date") else None
    found = Found(
        url=item["url"], title=item["title"] or "", summary=item["desc"] or "", published_at=moment
    )
    listing = Listing(channel="feed", source=item["feed"])
    outlet = registered_domain(item["feed"])
    terms = promise(found, screen) if screen else 0.0
    return candidate_of(found, outlet=outlet, listing=listing, terms=terms)


def by_frontier(days: Mapping[str, Sequence[Candidate]], budget: int) -> dict[str, str]:
    """The day on which each identity was asked for, in the order of the store's own frontier."""
    asked: dict[str, str] = {}
    with (
        tempfile.TemporaryDirectory(prefix="feed-days-") as folder,
        StoreWriter.open(Path(folder) / "pressclip.db") as store,
    ):
        for day, candidates in days.items():
            with store.transaction():
                store.frontier.add(candidates)
            for _ in range(budget):
                best = [(store.frontier.best(site), site) for site in store.frontier.sites()]
                ranked = [(score, site) for score, site in best if score is not None]
                if not ranked:
                    break
                with store.transaction():
                    taken = store.frontier.take(max(ranked)[1], 1)
                asked.update((one.key, day) for one in taken)
    return asked


def by_score(days: Mapping[str, Sequence[Candidate]], budget: int) -> dict[str, str]:
    """As `by_frontier`, without the database: the highest score first, then the identity."""
    asked: dict[str, str] = {}
    waiting: dict[str, Candidate] = {}
    for day, candidates in days.items():
        for one in candidates:
            if one.key not in asked:
                waiting.setdefault(one.key, one)
        best = sorted(waiting.values(), key=lambda one: (-one.score, one.key))[:budget]
        for one in best:
            asked[waiting.pop(one.key).key] = day
    return asked


def breadth_first(days: Mapping[str, Sequence[Item]], budget: int) -> dict[str, str]:
    """The same, feed by feed in turn, what was named first before what was named later."""
    asked: dict[str, str] = {}
    waiting: dict[str, None] = {}
    for day, items in days.items():
        feeds: dict[str, list[str]] = defaultdict(list)
        for item in items:
            feeds[item["feed"]].append(canonical(item["url"]))
        in_turn = chain.from_iterable(zip_longest(*feeds.values()))
        waiting |= dict.fromkeys(key for key in in_turn if key and key not in asked)
        for key in list(waiting)[:budget]:
            del waiting[key]
            asked[key] = day
    return asked


def tell(order: str, asked: Mapping[str, str], named: Mapping[str, str], wanted: set[str]) -> float:
    """Print and return the share of the story's items asked for, with the mean delay in days."""
    found = wanted & asked.keys()
    share = len(found) / len(wanted)
    late = [(date.fromisoformat(asked[key]) - date.fromisoformat(named[key])).days for key in found]
    print(
        f"  {order:<14} {share:>4.0%} of {len(wanted)} story items, {mean(late or [0]):.1f} days late"
    )
    return share


def main() -> int:
    if not is_here(FEED_ITEMS):
        return 0
    faults: list[Any] = []
    story = load_story(STORY, faults, Outlets())
    if story is None or faults:
        raise SystemExit(f"{STORY}: {faults}")
    days, screen = items_by_day(), screen_of(story)
    scored, dated = (
        {
            day: [one for item in items if (one := as_candidate(item, by))]
            for day, items in days.items()
        }
        for by in (screen, None)
    )
    named: dict[str, str] = {}
    for day, candidates in scored.items():
        for one in candidates:
            named.setdefault(one.key, day)
    wanted = story_keys() & named.keys()
    print(f"{len(named):,} items of {len(days)} days, {len(wanted)} about the story")
    better = []
    for budget in BUDGETS:
        print(f"{budget} pages a day:")
        ours = tell("ours", by_score(scored, budget), named, wanted)
        newest = tell("newest first", by_score(dated, budget), named, wanted)
        plain = tell("breadth-first", breadth_first(days, budget), named, wanted)
        better.append(ours > max(newest, plain))
    smallest = BUDGETS[0]
    same = (
        by_frontier(scored, smallest).keys() & wanted == by_score(scored, smallest).keys() & wanted
    )
    print(f"the frontier in the database asks for the same at {smallest} a day: {same}")
    return 0 if all(better) and same else 1


if __name__ == "__main__":
    sys.exit(main())
