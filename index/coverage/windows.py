"""How many articles there were, by channels that could each show some times only.

A feed holds the newest 10 to 50 items, a news sitemap 48 hours; what came and went between two visits
nobody has seen. So a channel is asked only about the times that its visits account for: its chance to
name an article is the share it named of what the *others* named at these times (for two channels
that is Lincoln and Petersen's estimator). What was seen by a set of channels is divided by the chance that
one of them sees it (Horvitz and Thompson 1952, J. Am. Stat. Assoc. 47, 663-685); for times that no visit
accounts for, the pace of the times around them is taken.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from index.coverage.estimates import Z95, Estimate, Recall, estimate_recall
from index.store import Span

METHOD = "overlap within windows"
LEAST_SHARED = 1  # articles that the others named in a channel's windows
_AROUND = timedelta(days=3)  # on both sides of a gap, or as long as the gap
_PACE_VARIES = 0.25  # relative standard deviation of the pace in one gap from that around it
_STRAGGLERS = 10  # one article of that many may be older than what a list otherwise reaches back to
_ALIKE_GAPS = 4  # gaps whose errors are taken as one: the same hours of the day are missed again


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An article: when it was published, None if that is unknown, and the channels that named it."""

    at: datetime | None
    channels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time, its beginning not included, and the channels whose visits account for it."""

    span: Span
    watching: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Part:
    """How many articles were not seen: the estimate, a cautious one for the interval, its variance."""

    unseen: float
    cautious: float
    variance: float


def estimate_watched(seen: Sequence[Seen], windows: Mapping[str, Sequence[Span]]) -> Recall:
    """The recall of what was published from the first to the last time that a visit accounts for.

    `windows` are, by channel, the times of publication that its visits account for, in any order.
    What was published at other times is held, and counts for nothing else. `why_not` says why there
    is not an estimate: no channel, one only, or hardly anything at times that two account for.
    """
    held, channels = len(seen), Counter(name for one in seen for name in one.channels)
    segments = cut_segments(windows)
    if not channels or not segments:
        return Recall(held=held, channels=channels, why_not="found by no list")
    strata: dict[frozenset[str], list[frozenset[str]]] = defaultdict(list)
    for one, segment in _placed(seen, segments):
        if named := one.channels & segment.watching:
            strata[segment.watching].append(named)
    if sum(1 for spans in windows.values() if spans) < 2:
        return Recall(held=held, channels=channels, why_not="found by one channel only")
    chances = _chances(strata)
    if not chances:
        why = "its channels share no time that both account for"
        return Recall(held=held, channels=channels, why_not=why)
    parts = [_unnamed(strata, chances), _passed(seen, segments, strata, chances)]
    return Recall(held=held, channels=channels, estimate=_interval(held, parts))


def estimate_strata(
    strata: Mapping[frozenset[str], Sequence[frozenset[str]]], *, fewest: int = LEAST_SHARED
) -> Recall:
    """The recall of what one channel at least could have shown.

    `strata` are, by the channels that could have shown it, what was found: for each the channels that
    named it. What channels named that could not have shown it does not count, and a channel is left
    out whose chance fewer than `fewest` articles tell. `why_not` says why there is no estimate.
    """
    counted = {
        watching: [named for by in found if (named := by & watching)]
        for watching, found in strata.items()
    }
    channels = Counter(name for found in counted.values() for by in found for name in by)
    held = sum(map(len, counted.values()))
    if len(channels) < 2:
        why = "found by one channel only" if channels else "found by no list"
        return Recall(held=held, channels=channels, why_not=why)
    chances = {
        name: chance for name, chance in _chances(counted).items() if chance.others >= fewest
    }
    told = {watching: found for watching, found in counted.items() if watching & chances.keys()}
    if not told:
        why = "its channels share no time that both account for"
        return Recall(held=held, channels=channels, why_not=why)
    held = sum(map(len, told.values()))
    return Recall(held=held, channels=channels, estimate=_interval(held, [_unnamed(told, chances)]))


def recall_of(seen: Sequence[Seen], windows: Mapping[str, Sequence[Span]]) -> Recall:
    """`estimate_watched` where two channels have windows; else by the whole overlap of all channels.

    A visit to a list without dates (a section) is a moment; it accounts for the time back to the
    oldest article that the list named since the visit before.
    """
    known = {}
    for channel, spans in windows.items():
        dates = sorted(one.at for one in seen if one.at is not None and channel in one.channels)
        known[channel] = _reach_back(sorted(spans, key=lambda span: span.began), dates)
    if sum(1 for spans in known.values() if spans) < 2:
        return estimate_recall([one.channels for one in seen], held=len(seen))
    return estimate_watched(seen, known)


def _reach_back(spans: Sequence[Span], dates: Sequence[datetime]) -> list[Span]:
    """The spans, in order, of which those that are moments reach back by the dates of a channel."""
    found: list[Span] = []
    start = 0
    for span in spans:
        end = bisect_right(dates, span.ended)
        named = dates[start:end]
        start = max(start, end)
        if span.began < span.ended:
            found.append(span)
        elif named:
            found.append(Span(named[len(named) // _STRAGGLERS], span.ended))
    return [span for span in found if span.began < span.ended]


def cut_segments(windows: Mapping[str, Sequence[Span]]) -> list[Segment]:
    """The time from the first to the last window, cut where another set of channels begins."""
    changes: list[tuple[datetime, int, str]] = []
    for channel, spans in windows.items():
        for span in _merged(spans):
            changes += [(span.began, 1, channel), (span.ended, -1, channel)]
    segments: list[Segment] = []
    watching: Counter[str] = Counter()
    last: datetime | None = None
    for moment, change, channel in sorted(changes):
        if last is not None and last < moment:
            segments.append(Segment(Span(last, moment), frozenset(+watching)))
        watching[channel] += change
        last = moment
    return segments


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.began):
        if merged and span.began <= merged[-1].ended:
            merged[-1] = Span(merged[-1].began, max(merged[-1].ended, span.ended))
        else:
            merged.append(span)
    return [span for span in merged if span.began < span.ended]


def _placed(seen: Iterable[Seen], segments: Sequence[Segment]) -> Iterable[tuple[Seen, Segment]]:
    """The articles of the segments' times, each with its segment."""
    ends = [segment.span.ended for segment in segments]
    for one in seen:
        if one.at is None or one.at <= segments[0].span.began or one.at > ends[-1]:
            continue
        yield one, segments[bisect_left(ends, one.at)]


@dataclass(frozen=True, slots=True)
class _Chance:
    """A channel's chance to name an article of its windows: `named` of `others` that others named."""

    named: int
    others: int

    @property
    def value(self) -> float:
        """The estimate without bias (Chapman 1951), over 0 and up to 1."""
        return (self.named + 1) / (self.others + 1)

    @property
    def cautious(self) -> float:
        """Its mean under Jeffreys' prior, never 0 or 1."""
        return (self.named + 0.5) / (self.others + 1)

    @property
    def variance(self) -> float:
        """The variance of the same posterior."""
        return self.cautious * (1 - self.cautious) / (self.others + 2)


def _chances(strata: Mapping[frozenset[str], Sequence[frozenset[str]]]) -> dict[str, _Chance]:
    named: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for watching, articles in strata.items():
        for channel in watching:
            told = [by for by in articles if by - {channel}]
            others[channel] += len(told)
            named[channel] += sum(1 for by in told if channel in by)
    return {
        channel: _Chance(named[channel], count)
        for channel, count in others.items()
        if count >= LEAST_SHARED
    }


def _unnamed(
    strata: Mapping[frozenset[str], Sequence[frozenset[str]]], chances: Mapping[str, _Chance]
) -> _Part:
    """What no channel named although one at least accounts for the time."""
    unseen = cautious = variance = 0.0
    slopes: dict[str, float] = defaultdict(float)
    for watching, articles in strata.items():
        known = [chances[channel] for channel in watching if channel in chances]
        if not known:
            continue
        count = len(articles)
        missed = math.prod(1 - one.value for one in known)
        unseen += count * missed / (1 - missed)
        missed = math.prod(1 - one.cautious for one in known)
        chance = 1 - missed
        cautious += count * missed / chance
        variance += count * missed / chance**2
        for channel in watching & chances.keys():
            slopes[channel] += count / chance**2 * missed / (1 - chances[channel].cautious)
    variance += sum(slopes[one] ** 2 * chance.variance for one, chance in chances.items())
    return _Part(unseen, cautious, variance)


def _passed(
    seen: Sequence[Seen],
    segments: Sequence[Segment],
    strata: Mapping[frozenset[str], Sequence[frozenset[str]]],
    chances: Mapping[str, _Chance],
) -> _Part:
    """What was published while nobody could see it, by the pace of the times around each gap."""
    gaps = [segment.span for segment in segments if not segment.watching]
    if not gaps:
        return _Part(0.0, 0.0, 0.0)
    weights = {watching: 1 / _chance_of(watching, chances) for watching in strata}
    found = sorted(
        (one.at, weights[segment.watching])
        for one, segment in _placed(seen, segments)
        if one.at is not None and one.channels & segment.watching
    )
    watched = [segment.span for segment in segments if segment.watching]
    in_gaps = Counter(_gap_of(one.at, gaps) for one in seen if one.at is not None)
    unseen, poisson, known = 0.0, 0.0, 0.0
    for gap in gaps:
        count, seconds = _around(gap, found, watched)
        length = (gap.ended - gap.began).total_seconds()
        expected = length * count / seconds if seconds else 0.0
        unseen += max(0.0, expected - in_gaps[gap.began])
        poisson += expected
        known += count
    share = unseen / known if known else 0.0
    varies = _PACE_VARIES * unseen / math.sqrt(max(1.0, len(gaps) / _ALIKE_GAPS))
    return _Part(unseen, unseen, poisson + share**2 * known + varies**2)


def _gap_of(moment: datetime, gaps: Sequence[Span]) -> datetime | None:
    place = bisect_left([gap.ended for gap in gaps], moment)
    inside = place < len(gaps) and gaps[place].began < moment
    return gaps[place].began if inside else None


def _chance_of(watching: Iterable[str], chances: Mapping[str, _Chance]) -> float:
    known = [chances[channel].value for channel in watching if channel in chances]
    return 1 - math.prod(1 - value for value in known) if known else 1.0


def _around(
    gap: Span, found: Sequence[tuple[datetime, float]], watched: Sequence[Span]
) -> tuple[float, float]:
    """How many articles there probably were around a gap, in how many watched seconds."""
    reach = max(_AROUND, gap.ended - gap.began)
    near = Span(gap.began - reach, gap.ended + reach)
    seconds = sum(
        max(0.0, (min(span.ended, near.ended) - max(span.began, near.began)).total_seconds())
        for span in watched
    )
    first, last = (bisect_left(found, (moment, 0.0)) for moment in (near.began, near.ended))
    return sum(weight for _, weight in found[first:last]), seconds


def _interval(held: int, parts: Sequence[_Part]) -> Estimate:
    """95 %, in whole articles: up on a logarithmic scale over what was not seen (Chao 1987).

    Down on the scale of square roots, as of a Poisson number: few unseen may well be none.
    """
    unseen, cautious = sum(part.unseen for part in parts), sum(part.cautious for part in parts)
    variance = sum(part.variance for part in parts)
    root = math.sqrt(unseen) - Z95 * math.sqrt(variance) / (2 * math.sqrt(cautious or 1.0))
    spread = math.sqrt(math.log1p(variance / cautious**2)) if cautious else 0.0
    return Estimate(
        total=held + unseen,
        low=held + math.floor(max(0.0, root) ** 2),
        high=held + max(1, math.ceil(cautious * math.exp(Z95 * spread))),
        method=METHOD,
    )
