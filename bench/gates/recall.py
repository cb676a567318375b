"""Estimates of recall against known truth: outlets whose lists show only a part of what they publish.

    python -m bench.gates.recall [--outlets N]

Simulated outlets publish by day and hour at different rates; feeds hold the newest 10 to 50 items, news
sitemaps 48 hours, sections the newest without dates; each leaves some articles out. They are visited
every hour to every second day, sometimes not at all for days. Beside the estimate by windows stands the
overlap of channels as a whole (Chapman, Chao). One half is to look at, the other is held to
floors; exit 1 when one is broken.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.planning.accounted import accounted, is_joined
from index.coverage.estimates import Recall, estimate_recall
from index.coverage.windows import Seen, cut_segments, recall_of
from index.store import Span

HALVES = {"look": 31, "gate": 32}
FLOORS = {"within 5 points": 0.9, "intervals hold": 0.93}
START = datetime(2023, 2, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEWS_SITEMAP = timedelta(hours=48)
NEAR = 0.05  # of the share held


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedList:
    """A list: how many of the newest it holds, how far back, what share of all, and whether it dates them."""

    channel: str
    most: int
    reach: timedelta
    share: float
    dated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What was seen of an outlet and when its channels looked; all that it published."""

    seen: Sequence[Seen]
    windows: dict[str, list[Span]]
    published: Sequence[datetime]
    every: int  # hours

    @property
    def truth(self) -> int:
        """How many articles there were: of the time watched, and what is held beside."""
        segments = cut_segments(self.windows)
        first, last = segments[0].span.began, segments[-1].span.ended
        beside = sum(1 for one in self.seen if one.at and not first < one.at <= last)
        return beside + sum(1 for moment in self.published if first < moment <= last)


def simulate(rng: random.Random) -> Case:
    """One outlet and one desk that visits it."""
    days = rng.randrange(8, 25)
    published = _publish(rng, days, rate=3 * 40 ** rng.random())
    lists = _lists(rng)
    listed = {one: {p for p in published if rng.random() < one.share} for one in lists}
    every = rng.choice((1, 3, 6, 12, 24, 48))
    windows: dict[SimulatedList, list[Span]] = {one: [] for one in lists}
    named: dict[datetime, set[str]] = defaultdict(set)
    for now in _visits(rng, days, every):
        for one in lists:
            shown = _shown(one, listed[one], now)
            known = any(one.channel in named[moment] for moment in shown if moment in named)
            _note(windows[one], one, shown, known, now)
            for moment in shown:
                named[moment].add(one.channel)
    by_channel: dict[str, list[Span]] = defaultdict(list)
    for one, spans in windows.items():
        by_channel[one.channel] += spans
    seen = [Seen(at=moment, channels=frozenset(by)) for moment, by in named.items()]
    return Case(seen=seen, windows=dict(by_channel), published=published, every=every)


def _publish(rng: random.Random, days: int, rate: float) -> list[datetime]:
    """Moments of publication from five days before the start: fewer at night and at weekends."""
    found = []
    for hour in range(-120, days * 24):
        moment = START + hour * HOUR
        pace = rate / 24 * (0.4 if moment.hour < 6 else 1.2) * (0.6 if moment.weekday() > 4 else 1)
        left = rng.expovariate(1.0)
        while left < pace:
            found.append(moment + rng.random() * HOUR)
            left += rng.expovariate(1.0)
    return sorted(found)


def _lists(rng: random.Random) -> list[SimulatedList]:
    feed = SimulatedList(
        channel="feed",
        most=rng.choice((10, 20, 30, 50)),
        reach=timedelta(days=60),
        share=rng.choice((1.0, 1.0, 0.9, 0.7)),
    )
    sitemap = SimulatedList(
        channel="sitemap", most=1000, reach=NEWS_SITEMAP, share=rng.choice((1.0, 1.0, 0.95, 0.8))
    )
    section = SimulatedList(
        channel="section",
        most=rng.choice((15, 25, 40)),
        reach=timedelta(days=60),
        share=rng.choice((1.0, 0.8, 0.5)),
        dated=False,
    )
    return rng.choice(([feed, sitemap], [feed, sitemap, section], [feed, section]))


def _visits(rng: random.Random, days: int, every: int) -> Iterable[datetime]:
    """Visits every so many hours, not to the minute; one desk in three stands still for days."""
    still = rng.uniform(0.3, 0.7) * days if rng.random() < 1 / 3 else None
    moment = START + rng.random() * every * HOUR
    while moment < START + timedelta(days=days):
        day = (moment - START) / timedelta(days=1)
        if still is None or not still < day < still + min(4.0, days / 5):
            yield moment
        moment += every * HOUR * rng.uniform(0.8, 1.2)


def _shown(one: SimulatedList, listed: set[datetime], now: datetime) -> list[datetime]:
    fresh = sorted(moment for moment in listed if now - one.reach < moment <= now)
    return fresh[-one.most :]


def _note(
    spans: list[Span],
    one: SimulatedList,
    shown: Sequence[datetime],
    known: bool,
    now: datetime,
) -> None:
    """The times that a visit accounts for, as a crawl notes them."""
    span = accounted(shown if one.dated else (), now)
    newest = spans[-1] if spans else None
    joined = is_joined(span, newest) if one.dated else known
    if joined and newest is not None:
        spans[-1] = Span(newest.began, max(newest.ended, span.ended))
    else:
        spans.append(span)


# The table


def by_windows(case: Case) -> Recall:
    """`index.coverage.windows`."""
    return recall_of(case.seen, case.windows)


def by_whole(case: Case) -> Recall:
    """Chapman and Chao over all that was seen."""
    return estimate_recall([one.channels for one in case.seen])


WAYS: dict[str, Callable[[Case], Recall]] = {"windows": by_windows, "whole": by_whole}


def main() -> int:
    """Print both halves; 1 when a floor is broken."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--outlets", type=int, default=240)
    outlets = parser.parse_args().outlets
    broken = []
    for half, seed in HALVES.items():
        rng = random.Random(seed)
        cases = [simulate(rng) for _ in range(outlets)]
        print(f"{half}: {outlets} outlets{'':14}" + "".join(f"{name:>12}" for name in WAYS))
        figures = {name: _figures([(one, way(one)) for one in cases]) for name, way in WAYS.items()}
        for measure in figures["windows"]:
            row = "".join(f"{figures[name].get(measure, 0):>12.3f}" for name in WAYS)
            print(f"  {measure:32}{row}")
        if half == "gate":
            broken += [one for one, floor in FLOORS.items() if figures["windows"][one] < floor]
    for one in broken:
        print(f"BROKEN  {one}: floor {FLOORS[one]}")
    return 1 if broken else 0


def _figures(found: Sequence[tuple[Case, Recall]]) -> dict[str, float]:
    told = [(case, one) for case, one in found if one.estimate]
    figures = {
        "has an estimate": len(told) / len(found),
        "within 5 points": _share(_off(case, one) <= NEAR for case, one in told),
        "intervals hold": _share(_holds(case, one) for case, one in told),
        "no interval of zero width": _share(
            one.estimate.low < one.estimate.high for _, one in told if one.estimate
        ),
        "mean error, points": sum(100 * _off(case, one) for case, one in told) / len(told),
        "mean width, of the truth": sum(
            (one.estimate.high - one.estimate.low) / case.truth
            for case, one in told
            if one.estimate
        )
        / len(told),
    }
    for every in sorted({case.every for case, _ in told}):
        these = [(case, one) for case, one in told if case.every == every]
        figures[f"every {every} h: within 5 points"] = _share(_off(*one) <= NEAR for one in these)
        figures[f"every {every} h: intervals hold"] = _share(_holds(*one) for one in these)
    return figures


def _share(results: Iterable[bool]) -> float:
    listed = list(results)
    return sum(listed) / len(listed) if listed else 0.0


def _off(case: Case, recall: Recall) -> float:
    """How far the share held is off, 0 to 1."""
    return abs((recall.share or 0.0) - min(1.0, recall.held / case.truth))


def _holds(case: Case, recall: Recall) -> bool:
    return recall.estimate is not None and recall.estimate.low <= case.truth <= recall.estimate.high


if __name__ == "__main__":
    raise SystemExit(main())
