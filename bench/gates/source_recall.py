"""The recall that independent sources tell, against known truth: stories backfilled from simulated sources.

    python -m bench.gates.source_recall [--stories N]

A story has 80 to 3,000 articles of 20 to 200 outlets, many on its first days and few later. Each source
names a share of what it could show: GDELT's list on the days that were asked for, its search where no
answer was cut at 250, CC-NEWS where the files were read, the Wayback Machine and sitemaps at some outlets
only, Media Cloud, Wikipedia's few. Requests fail, or are still to be made. The ledger of these
requests is what the estimate reads. Beside it stands the overlap of all sources as a whole (Chapman,
Chao). One half is to look at, the other is held to floors; exit 1 when one is broken.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from index.coverage.estimates import Recall, estimate_recall
from index.coverage.source_recall import recall_by_sources, samples_of
from index.coverage.source_spans import Shown, spans_of_sources
from index.store.articles import Sighting
from index.store.backfill import ANSWERED, WHOLE, Asked
from index.workspace.story import Window

HALVES = {"look": 41, "gate": 42}
FLOORS = {"within 5 points": 0.7, "intervals hold": 0.9, "no interval of zero width": 1.0}
MOST_OFF = 5.0  # points of the share held, in the mean
NEAR = 0.05
FIRST = date(2023, 2, 1)
DAY = timedelta(days=1)
Place = tuple[datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A story: every article there was, those that sources named, and the ledger of what was asked."""

    published: Sequence[Place]
    seen: Sequence[Sighting]
    asked: Sequence[Asked]
    window: Window

    @property
    def shown(self) -> dict[str, Shown]:
        """What each source could have shown."""
        return spans_of_sources(self.asked, self.window)

    @property
    def truth(self) -> int:
        """How many articles one source at least could have shown."""
        shown = self.shown.values()
        return sum(1 for at, outlet in self.published if any(s.holds(at, outlet) for s in shown))


def simulate(rng: random.Random) -> Case:
    """One story and one backfill of it."""
    days = rng.randrange(10, 40)
    window = Window(FIRST, FIRST + (days - 1) * DAY)
    outlets = [f"o{number}.example" for number in range(rng.randrange(20, 200))]
    published = _publish(rng, days, outlets, round(80 * 37 ** rng.random()))
    named: dict[int, set[str]] = defaultdict(set)
    asked: list[Asked] = []
    for simulate_source in _sources(rng):
        asked += simulate_source(rng, window, outlets, published, named)
    seen = [
        Sighting(outlet=published[n][1], published=published[n][0], channels=frozenset(by))
        for n, by in named.items()
    ]
    return Case(published=published, seen=seen, asked=asked, window=window)


def _publish(rng: random.Random, days: int, outlets: Sequence[str], number: int) -> list[Place]:
    """Articles, most on the first days and of the first outlets."""
    weights = [1 / (place + 3) for place in range(len(outlets))]
    chosen = rng.choices(outlets, weights, k=number)
    moments = (min(days - 1e-6, rng.expovariate(4 / days)) for _ in chosen)
    return sorted((_at(day), outlet) for day, outlet in zip(moments, chosen, strict=True))


def _at(days: float) -> datetime:
    return datetime.combine(FIRST, time(), UTC) + days * DAY


Source = Callable[
    [random.Random, Window, Sequence[str], Sequence[Place], dict[int, set[str]]], Iterator[Asked]
]


def _sources(rng: random.Random) -> list[Source]:
    """Two to six of them; GDELT's list is nearly always asked."""
    others = [_search, _wikipedia, _wayback, _news_files, _media_cloud, _sitemaps]
    rng.shuffle(others)
    return [*([_list] if rng.random() < 0.9 else []), *others[: rng.randrange(2, 6)]]


def _take(
    rng: random.Random,
    chance: float,
    channel: str,
    published: Sequence[Place],
    named: dict[int, set[str]],
    may: Callable[[Place], bool],
) -> None:
    for number, place in enumerate(published):
        if may(place) and rng.random() < chance:
            named[number].add(channel)


def _list(
    rng: random.Random, window: Window, outlets: Sequence[str], published: Sequence[Place],
    named: dict[int, set[str]],
) -> Iterator[Asked]:  # fmt: skip
    """Quarters of an hour on some stretch of the days; articles are met up to a day late."""
    length = (_last(window) - FIRST).days + 1
    first, last = rng.randrange(0, length // 3 + 1), rng.randrange(length // 2, length + 2)
    missing = {rng.randrange(first, last + 1) for _ in range(rng.randrange(3))}
    met = {day for day in range(first, last + 1) if day not in missing}
    for day in met:
        for quarter in range(96):
            key = f"{FIRST + day * DAY:%Y%m%d}{quarter // 4:02}{quarter % 4 * 15:02}"
            yield Asked(source="gdelt", key=key, outcome=WHOLE)
    late = {place: _days_of(place) + 0.2 * rng.random() for place in published}
    _take(rng, rng.uniform(0.2, 0.9), "gdelt", published, named, lambda p: int(late[p]) in met)


def _search(
    rng: random.Random, window: Window, outlets: Sequence[str], published: Sequence[Place],
    named: dict[int, set[str]],
) -> Iterator[Asked]:  # fmt: skip
    """Weeks, halved where an answer has 250; some are left to the next run."""
    chance = rng.uniform(0.2, 0.7)
    found = [number for number in range(len(published)) if rng.random() < chance]
    length = (_last(window) - FIRST).days + 1
    waiting = [(float(day), min(day + 7.0, float(length))) for day in range(0, length, 7)]
    while waiting:
        first, last = waiting.pop()
        key = f"{_at(first):%Y%m%d%H%M%S}-{_at(last):%Y%m%d%H%M%S} q"
        if rng.random() < 0.1:
            yield Asked(source="gdelt-doc", key=key, outcome=rng.choice(("", "http-503")))
            continue
        these = [n for n in found if first <= _days_of(published[n]) < last]
        for number in these[:250]:
            named[number].add("gdelt-doc")
        yield Asked(source="gdelt-doc", key=key, outcome=ANSWERED, records=min(250, len(these)))
        if len(these) >= 250 and last - first > 1 / 48:
            waiting += [(first, (first + last) / 2), ((first + last) / 2, last)]


def _wikipedia(
    rng: random.Random, window: Window, outlets: Sequence[str], published: Sequence[Place],
    named: dict[int, set[str]],
) -> Iterator[Asked]:  # fmt: skip
    """A few of all."""
    _take(rng, rng.uniform(0.03, 0.25), "wikipedia", published, named, lambda _: True)
    yield Asked(source="wikipedia", key="en:Event", outcome=ANSWERED, records=90)


def _wayback(
    rng: random.Random, window: Window, outlets: Sequence[str], published: Sequence[Place],
    named: dict[int, set[str]],
) -> Iterator[Asked]:  # fmt: skip
    """Some outlets; of some of them the list is cut, and of what comes late there is nothing."""
    span = f"{FIRST:%Y%m%d}-{_last(window) + DAY:%Y%m%d}"
    chosen = set(outlets[: rng.randrange(3, 15)])
    cut = {host for host in sorted(chosen) if rng.random() < 0.2}
    end = _at((_last(window) - FIRST).days + 1)
    late = {place: place[0] + rng.random() * DAY for place in published}
    for host in sorted(chosen):
        yield Asked(source="wayback", key=f"{host} {span}", outcome=ANSWERED, records=900)
        if host in cut:
            yield Asked(source="wayback", key=f"{host} {span} x", outcome="")
    chance = rng.uniform(0.3, 0.9)
    _take(
        rng, chance, "wayback", published, named,
        lambda p: p[1] in chosen and late[p] < end and (p[1] not in cut or p[0].microsecond % 3 == 0),
    )  # fmt: skip


def _news_files(
    rng: random.Random, window: Window, outlets: Sequence[str], published: Sequence[Place],
    named: dict[int, set[str]],
) -> Iterator[Asked]:  # fmt: skip
    """Eight files a day, one after the other; some are not read."""
    length = (_last(window) - FIRST).days + 3
    stop = rng.uniform(0.4, 1.2) * length
    read: dict[int, bool] = {}
    for number in range(8 * length):
        read[number] = number / 8 < stop and rng.random() > 0.01
        name = f"crawl-data/CC-NEWS/2023/02/CC-NEWS-{_at(number / 8):%Y%m%d%H%M%S}-00001.warc.gz"
        outcome = ANSWERED if read[number] else rng.choice(("", "http-503"))
        yield Asked(source="cc-news", key=name, outcome=outcome)
    late = {place: _days_of(place) + rng.random() * 0.3 for place in published}
    _take(
        rng, rng.uniform(0.1, 0.6), "cc-news", published, named,
        lambda p: read.get(int(late[p] * 8), False),
    )  # fmt: skip


def _media_cloud(
    rng: random.Random, window: Window, outlets: Sequence[str], published: Sequence[Place],
    named: dict[int, set[str]],
) -> Iterator[Asked]:  # fmt: skip
    """Everything, page by page; where one is missing, nothing is known of the rest."""
    through = rng.random() < 0.8
    pages = rng.randrange(1, 4)
    for page in range(pages):
        outcome = ANSWERED if through or page < pages - 1 else ""
        token = f" t{page}" if page else ""
        yield Asked(source="mediacloud", key=f"en {window}{token}", outcome=outcome, records=100)
    shown = _at((_last(window) - FIRST).days * (1.0 if through else rng.random()) + 1)
    _take(
        rng, rng.uniform(0.2, 0.6), "mediacloud", published, named, lambda p: p[0] < shown
    )  # fmt: skip


def _sitemaps(
    rng: random.Random, window: Window, outlets: Sequence[str], published: Sequence[Place],
    named: dict[int, set[str]],
) -> Iterator[Asked]:  # fmt: skip
    """Nearly everything of some outlets; of some, one map did not come."""
    chosen = set(outlets[: rng.randrange(2, 10)])
    torn = {host for host in sorted(chosen) if rng.random() < 0.2}
    for host in sorted(chosen):
        key = f"https://{host}/map-%s.xml {window}"
        yield Asked(source="sitemaps", key=key % 1, part=host, outcome=ANSWERED)
        outcome = "http-503" if host in torn else ANSWERED
        yield Asked(source="sitemaps", key=key % 2, part=host, outcome=outcome)
    half = _at((_last(window) - FIRST).days / 2)
    _take(
        rng, rng.uniform(0.8, 1.0), "sitemaps", published, named,
        lambda p: p[1] in chosen and (p[1] not in torn or p[0] < half),
    )  # fmt: skip


def _days_of(place: Place) -> float:
    return (place[0] - _at(0)) / DAY


def _last(window: Window) -> date:
    return window.end or FIRST


# The table


def by_spans(case: Case) -> tuple[Recall, int]:
    """`index.coverage.source_recall`, and how many articles it is about."""
    return recall_by_sources(case.seen, case.shown).articles, case.truth


def by_whole(case: Case) -> tuple[Recall, int]:
    """Chapman and Chao over all that was seen, which is about all there were."""
    return estimate_recall([samples_of(one.channels) for one in case.seen]), len(case.published)


WAYS: dict[str, Callable[[Case], tuple[Recall, int]]] = {"spans": by_spans, "whole": by_whole}


def main() -> int:
    """Print both halves; 1 when a floor is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--stories", type=int, default=150)
    stories = parser.parse_args().stories
    broken = []
    for half, seed in HALVES.items():
        rng = random.Random(seed)
        cases = [simulate(rng) for _ in range(stories)]
        print(f"{half}: {stories} stories{'':14}" + "".join(f"{name:>12}" for name in WAYS))
        figures = {name: figures_of([way(one) for one in cases]) for name, way in WAYS.items()}
        for measure in figures["spans"]:
            row = "".join(f"{figures[name].get(measure, 0):>12.3f}" for name in WAYS)
            print(f"  {measure:32}{row}")
        if half == "gate":
            found = figures["spans"]
            broken += [
                f"{one}: floor {least}" for one, least in FLOORS.items() if found[one] < least
            ]
            if found["mean error, points"] > MOST_OFF:
                broken.append(f"mean error: at most {MOST_OFF} points")
    for one in broken:
        print(f"BROKEN  {one}")
    return 1 if broken else 0


def figures_of(found: Sequence[tuple[Recall, int]]) -> dict[str, float]:
    """What the estimates of a way are worth, each beside the truth."""
    told = [(one, one.estimate, truth) for one, truth in found if one.estimate]
    off = [abs((one.share or 0) - min(1.0, one.held / truth)) for one, _, truth in told]
    return {
        "has an estimate": len(told) / len(found),
        "within 5 points": _share(one <= NEAR for one in off),
        "mean error, points": 100 * sum(off) / len(off),
        "intervals hold": _share(e.low <= truth <= e.high for _, e, truth in told),
        "no interval of zero width": _share(e.low < e.high for _, e, _ in told),
        "mean width, of the truth": sum((e.high - e.low) / t for _, e, t in told) / len(told),
    }


def _share(results: Iterable[bool]) -> float:
    listed = list(results)
    return sum(listed) / len(listed) if listed else 0.0


if __name__ == "__main__":
    raise SystemExit(main())
