"""The page of a search: its counts, the days, the facets, a page of hits; or why there are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index.study.intervals import UNDATED, group_days
from search_cli.output.moments import dated, moment, zone_name
from search_cli.serve.asked import Asked
from search_cli.view.charting import fitting, intervals_between
from search_cli.view.listing import behind, explain, freshness, left_out, remarks
from search_cli.view.watching import ALL, Watch

if TYPE_CHECKING:
    from index.corpus import Corpus, Hit
    from index.fulltext.engine import Answer
    from index.query import Node
    from index.workspace import Workspace
    from search_cli.serve.desk import ServedDesk

HITS = 20  # a page
KEPT = 50  # searches whose days and facets are kept
BARS = 92  # a quarter of a year in days
VALUES = 8  # of a facet
WIDTH, HEIGHT = 920, 90
SHOWN_FACETS = (
    "outlet",
    "country",
    "kind",
    "lang",
    "story",
    "section",
    "agency",
    "collection",
    "is",
)
LABELS = {
    "outlet": "Outlet", "country": "Country", "kind": "Kind", "lang": "Language", "story": "Story",
    "section": "Section", "agency": "Agency", "collection": "Collection", "is": "State",
    "changed": "Changed", "author": "Author", "speaker": "Speaker", "day": "Day",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An interval of the histogram: its articles, its place in the picture, the filter that asks for it."""

    first: str
    articles: int
    filter: str
    x: float
    width: float
    top: float
    height: float
    gap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Articles by day, week, month or year."""

    interval: str
    bars: tuple[Bar, ...]
    most: int
    undated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value of a facet: how many articles have it, and the filter that asks for it."""

    name: str
    articles: int
    filter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """How the articles divide; `more` values are not shown."""

    key: str
    label: str
    values: tuple[FacetValue, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that the page of a search shows."""

    asked: Asked
    understood: str
    articles: int
    texts: int
    hits: tuple[Mapping[str, Any], ...]
    first: int
    last: int
    pages: int
    histogram: Histogram | None
    facets: tuple[Facet, ...]
    nothing: tuple[str, ...]
    notes: tuple[str, ...]
    zone: str


def gather_results(desk: ServedDesk, asked: Asked) -> Results:
    """The answer to a search; raises as a search does."""
    corpus = desk.corpus
    tree, since = tree_of(desk.workspace, corpus, asked)
    matches = corpus.match(tree)
    listed = matches.total if asked.every else matches.texts
    pages = max(-(-listed // HITS), 1)
    page = min(asked.page, pages)
    with corpus.index.reading():
        ranked = matches.top(page * HITS, sort=asked.sort, fold=not asked.every)
    hits = corpus.read_hits(matches, ranked[(page - 1) * HITS :])
    names = corpus.outlet_names()
    now = datetime.now(UTC)
    histogram, facets = _divisions(desk, tree, matches) if matches.total else (None, ())
    return Results(
        asked=asked,
        understood=f"{asked.words} · {since}" if since else asked.words,
        articles=matches.total,
        texts=matches.texts,
        hits=tuple(hit_row(hit, corpus, names) for hit in hits),
        first=(page - 1) * HITS + 1 if hits else 0,
        last=(page - 1) * HITS + len(hits),
        pages=pages,
        histogram=histogram,
        facets=facets,
        nothing=() if matches.total else tuple(_why_nothing(corpus, tree, since)),
        notes=tuple(
            filter(None, (left_out(corpus, tree), freshness(corpus.fetched(), now), behind(corpus)))
        ),
        zone=zone_name(corpus.zone, now),
    )


def _divisions(
    desk: ServedDesk, tree: Node, matches: Answer
) -> tuple[Histogram | None, tuple[Facet, ...]]:
    """Days and facets, which are the same on every page of a search; those of the last few are kept."""
    if tree not in desk.kept:
        if len(desk.kept) >= KEPT:
            desk.kept.clear()
        names = desk.corpus.outlet_names()
        facets = tuple(facets_of(desk.corpus, matches, names))
        desk.kept[tree] = histogram_of(desk.corpus, matches), facets
    kept: tuple[Histogram | None, tuple[Facet, ...]] = desk.kept[tree]
    return kept


def tree_of(workspace: Workspace, corpus: Corpus, asked: Asked) -> tuple[Node, str]:
    """What is looked for, and since when where only what is new is; reading marks nothing as told."""
    tree = asked.tree(corpus)
    if not asked.new:
        return tree, ""
    from search_cli.asking.novelty import Told, count_versions, only

    told = Told.read(workspace, asked.new)
    fresh = told.fresh(count_versions(corpus, tree))
    since = moment(told.at, corpus.zone)
    return only(tree, fresh), f"new since {since}" if since else "nothing was told before"


def _why_nothing(corpus: Corpus, tree: Node, since: str) -> Iterator[str]:
    if since:
        yield f"Nothing new ({since})."
    else:
        yield from explain(corpus.explain_nothing(tree))


def hit_row(hit: Hit, corpus: Corpus, names: Mapping[str, str]) -> dict[str, Any]:
    """What is shown of a hit."""
    return {
        "id": hit.id,
        "title": list(marked_pieces(hit.title, hit.title_marks)),
        "snippet": list(marked_pieces(hit.snippet.text, hit.snippet.marks)),
        "outlet": names.get(hit.outlet, hit.outlet),
        "language": hit.language,
        "when": dated(hit.stored.article, corpus.zone),
        "remarks": remarks(hit, corpus.zone),
        "entry": moment(hit.entry.published, corpus.zone) if hit.entry else "",
        "url": hit.url,
    }


def marked_pieces(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it matched."""
    end = 0
    for start, stop in marks:
        if start < end:
            continue
        yield text[end:start], False
        yield text[start:stop], True
        end = stop
    yield text[end:], False


def histogram_of(corpus: Corpus, matches: Answer) -> Histogram | None:
    """The matching articles by the longest-lasting unit that fits; None if none is dated."""
    days = corpus.count_facet(matches, "day")
    dated_days = [day for day in days if day != UNDATED]
    if not dated_days:
        return None
    interval = fitting(dated_days, "day", BARS)
    counts = group_days(days, interval)
    undated = counts.pop(UNDATED, 0)
    places = intervals_between(min(counts), max(counts), interval)
    watch = Watch.of(corpus, dated_days, by_outlet=False)
    gaps = watch.gaps(ALL, interval)
    most = max(counts.values())
    step = WIDTH / len(places)
    bars = []
    for number, first in enumerate(places):
        count = counts.get(first, 0)
        height = max(count * (HEIGHT - 2) / most, 2) if count else 0
        bars.append(
            Bar(
                first=first,
                articles=count,
                filter=_period(first, interval),
                x=round(number * step, 1),
                width=round(min(step * 0.86, 60), 1),
                top=round(HEIGHT - height, 1),
                height=round(height, 1),
                gap=not count and first in gaps,
            )
        )
    return Histogram(interval=interval, bars=tuple(bars), most=most, undated=undated)


def _period(first: str, interval: str) -> str:
    """The query for an interval by its first day."""
    if interval == "week":
        year, week, _ = datetime.fromisoformat(first).isocalendar()
        return f"date:{year}-W{week:02}"
    return f"date:{first[: {'day': 10, 'month': 7, 'year': 4}[interval]]}"


def facets_of(corpus: Corpus, matches: Answer, names: Mapping[str, str]) -> Iterator[Facet]:
    """The facets that divide the articles: each with its most frequent values."""
    for key in SHOWN_FACETS:
        values = [pair for pair in corpus.count_facet(matches, key).items() if pair[0]]
        if not values:
            continue
        yield Facet(
            key=key,
            label=LABELS[key],
            values=tuple(facet_value(key, name, count, names) for name, count in values[:VALUES]),
            more=max(len(values) - VALUES, 0),
        )


def facet_value(key: str, name: str, count: int, names: Mapping[str, str]) -> FacetValue:
    """A value as it is shown, with the filter that asks for it."""
    from index.query import Filter, Phrase, unparse

    shown = names.get(name, name) if key == "outlet" else name
    if key == "author":
        return FacetValue(name=shown, articles=count, filter=unparse(Phrase(name, zone="author")))
    if key == "day":
        query = f"date:{name}" if name else "is:undated"
        return FacetValue(name=shown or "undated", articles=count, filter=query)
    return FacetValue(name=shown, articles=count, filter=unparse(Filter(key, (name,))))
