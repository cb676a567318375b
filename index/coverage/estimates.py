"""How well an outlet is covered: recall, yield, change points, gaps, failing lists.

Pure functions; `index/coverage/outlet_health.py` reads their input from the store.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean, median

from index.store import ListPage, Span

Z95 = 1.959964
WEAK = 0.25  # of what is expected
RECENT_DAYS = 3
LEAST_DAYS = 7  # of history for an outlet's own median
STALE_LEAST = timedelta(days=3)
STALE_GAPS = 5  # times a list's usual gap between news
GONE_AFTER = 3  # failed visits

_BLOCKED = frozenset(
    {"http-401", "http-402", "http-403", "http-429", "http-451", "robots", "robots-unreachable"}
    | {"list-bot-wall", "list-consent"}
)
_GONE = frozenset({"http-404", "http-410", "dns"})
_NO_LIST = frozenset({"list-not-a-feed", "list-not-a-sitemap", "list-html"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An estimate of how many articles there are, its 95 % interval, and the method."""

    total: float
    low: float
    high: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Articles held of an outlet, by how many channels; `estimate` is None where `why_not` says why."""

    held: int
    channels: Mapping[str, int]
    estimate: Estimate | None = None
    why_not: str = ""

    @property
    def share(self) -> float | None:
        """The share of the estimated articles that are held, 0 to 1."""
        return min(1.0, self.held / self.estimate.total) if self.estimate else None


def chapman(first: int, second: int, both: int) -> Estimate:
    """The size of a population of which two independent samples share `both` members.

    Chapman, D. G. (1951): Some properties of the hypergeometric distribution with applications to
    zoological sample censuses. Univ. of California Publications in Statistics 1, 131-160; variance:
    Seber (1970), Biometrika 57, 29-42. The interval is Chao's (1987), on a logarithmic scale over
    what was not seen, so that it never falls below what was.
    """
    total = (first + 1) * (second + 1) / (both + 1) - 1
    spread = (first + 1) * (second + 1) * (first - both) * (second - both)
    variance = spread / ((both + 1) ** 2 * (both + 2))
    sample = min(first, second)
    return _interval(total, first + second - both, variance, sample, "Chapman")


def chao(frequencies: Mapping[int, int], samples: int) -> Estimate:
    """A lower bound of a population's size from how many members were seen once, twice, … in samples.

    `frequencies[k]` is the number seen by exactly k of the samples. Chao, A. (1987): Estimating the
    population size for capture-recapture data with unequal catchability. Biometrics 43, 783-791, as
    Chao2: bias-corrected, so that it is defined where nothing was seen twice, and with the factor
    (samples - 1) / samples, without which it is above the truth for a handful of samples (Colwell
    and Coddington 1994, Phil. Trans. R. Soc. B 345, 101-118).
    """
    once, twice = frequencies.get(1, 0), frequencies.get(2, 0)
    seen, share = sum(frequencies.values()), (samples - 1) / samples
    unseen = share * once * (once - 1) / (2 * (twice + 1))
    variance = (
        unseen
        + share**2 * once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + share**2 * once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    return _interval(seen + unseen, seen, variance if unseen else 0.0, seen, "Chao's lower bound")


def estimate_recall(sightings: Sequence[frozenset[str]], held: int | None = None) -> Recall:
    """The recall by the channels that named each article: `Chapman` for two, `chao` for more.

    Channels that depend on each other (a feed and a news sitemap of one system list the same) make
    the estimate too low, never too high.
    """
    channels = Counter(channel for seen in sightings for channel in seen)
    found = sum(1 for seen in sightings if seen)
    number = found if held is None else held
    if len(channels) < 2:
        why = "found by one channel only" if channels else "found by no list"
        return Recall(held=number, channels=channels, why_not=why)
    if len(channels) == 2:
        (_, first), (_, second) = channels.items()
        both = sum(1 for seen in sightings if len(seen) == 2)
        if not both:
            return Recall(held=number, channels=channels, why_not="its channels share no article")
        estimate = chapman(first, second, both)
    else:
        estimate = chao(Counter(len(seen) for seen in sightings if seen), len(channels))
    return Recall(held=number, channels=channels, estimate=estimate)


def weakness(days: Sequence[int], expect: float | None) -> str:
    """What is wrong with an outlet's articles a day, oldest day first; empty when nothing is.

    Weak is a mean of the last three days under a quarter of `expect`, or without one of the median
    of the days before.
    """
    if len(days) < RECENT_DAYS:
        return ""
    recent, before = days[-RECENT_DAYS:], days[:-RECENT_DAYS]
    if expect is None and len(before) < LEAST_DAYS:
        return ""
    usual = median(before) if expect is None else expect
    now = mean(recent)
    if usual < 1 or now >= WEAK * usual:
        return ""
    source = "usual" if expect is None else "expected"
    return f"{now:.1f} articles a day for {RECENT_DAYS} days ({source}: {usual:g})"


def change_points(days: Sequence[int]) -> list[int]:
    """The days at which the level of a series of counts changes, as indexes of the first new day.

    The best segmentation under a Poisson likelihood with a penalty of 3 log n a change: optimal
    partitioning (Jackson et al. 2005, IEEE Signal Processing Letters 12, 105-108), which PELT
    (Killick et al. 2012) prunes; for the months that are looked at, pruning gains nothing.
    """
    sums = [0]
    for count in days:
        sums.append(sums[-1] + count)
    penalty = 3 * math.log(max(len(days), 2))
    best = [-penalty]
    last = [0]
    for end in range(1, len(days) + 1):
        costs = [
            best[start] + _cost(sums[end] - sums[start], end - start) + penalty
            for start in range(end)
        ]
        start = min(range(end), key=costs.__getitem__)
        best.append(costs[start])
        last.append(start)
    points = []
    end = len(days)
    while last[end] > 0:
        points.append(last[end])
        end = last[end]
    return points[::-1]


def ailment(page: ListPage, now: datetime) -> str:
    """What is wrong with a list: gone, blocked, no list, failing, stale; empty if nothing is."""
    if page.failures:
        times = f", {page.failures} times" if page.failures > 1 else ""
        if page.outcome in _BLOCKED:
            return f"blocked ({page.outcome}{times})"
        if page.outcome in _NO_LIST:
            return f"answers something else than a list ({page.outcome}{times})"
        if page.outcome in _GONE and page.failures >= GONE_AFTER:
            return f"gone ({page.outcome}{times})"
        return f"fails ({page.outcome}{times})"
    if page.changed is None or page.usual <= 0 or page.parent:
        return ""
    allowed = max(STALE_LEAST, STALE_GAPS * timedelta(days=1) / page.usual)
    if page.fetched is not None and page.fetched - page.changed > allowed:
        days = (now - page.changed).days
        return f"stale: nothing new for {days} days (usually {page.usual:.1f} a day)"
    return ""


def stale_since(dates: Sequence[datetime], now: datetime) -> str:
    """In words, for how long a list has nothing new although its own rhythm lets expect it; or empty.

    Allowed are five times the mean gap between its items, and three days at least.
    """
    past = sorted(moment for moment in dates if moment <= now)
    if len(past) < 2:
        return ""
    usual = (past[-1] - past[0]) / (len(past) - 1)
    silent = now - past[-1]
    if silent <= max(STALE_LEAST, STALE_GAPS * usual):
        return ""
    rhythm = f"usually {timedelta(days=1) / usual:.1f} a day" if usual else "all of one moment"
    return f"nothing new for {silent.days} days ({rhythm})"


def gaps(watched: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """The times between `start` and `end` that no visit accounts for."""
    found: list[Span] = []
    reached = start
    for span in sorted(watched, key=lambda span: span.began):
        if span.began > reached and span.began < end:
            found.append(Span(reached, span.began))
        reached = max(reached, span.ended)
    if reached < end:
        found.append(Span(reached, end))
    return found


def _interval(total: float, seen: int, variance: float, sample: int, method: str) -> Estimate:
    """95 % on a logarithmic scale; where a sample shows nothing unseen, what it may have missed yet."""
    unseen = total - seen
    if unseen <= 0 or variance <= 0:
        named = 0.05 ** (1 / max(sample, 1))  # all were named, with 1 chance in 20
        high = seen + max(1, math.ceil(seen * (1 - named) / named))
        return Estimate(total=max(total, seen), low=seen, high=high, method=method)
    factor = math.exp(Z95 * math.sqrt(math.log(1 + variance / unseen**2)))
    return Estimate(
        total=total, low=seen + unseen / factor, high=seen + unseen * factor, method=method
    )


def _cost(total: int, length: int) -> float:
    """Twice the negative Poisson log-likelihood of a segment, without what all segmentations share."""
    return 2 * (total - total * math.log(total / length)) if total else 0.0
