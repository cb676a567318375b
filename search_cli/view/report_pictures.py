"""The pictures of a report, each with its words and the table behind it, and the story's turning points."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.study.intervals import UNDATED, Interval, group_days
from index.text.wording import counted
from search_cli.asking.grouping import FRAME, NO_VALUE, frame_trees
from search_cli.output.pictures import Picture, can_draw, draw_svg
from search_cli.view.charting import fitting, intervals_between
from search_cli.view.flow_picture import flow_picture
from search_cli.view.picturing import bars_picture, grid_picture
from search_cli.view.report_studies import taken_texts, words_against
from search_cli.view.watching import ALL, Watch

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node
    from index.store import StoredArticle
    from index.workspace.story import Story

PLACES = 60
GRID_ROWS = 40
WAYS = 60
FIRST_ARTICLES = 3
Days = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture as an address of its data (empty if nothing can be drawn), and its table.

    `rows` have a name, a total, and a cell for each place: its count, or None if nobody looked.
    """

    heading: str
    alt: str
    source: str
    group: str
    places: tuple[str, ...]
    rows: tuple[tuple[str, int | str, tuple[int | str | None, ...]], ...]
    more: int
    about: str = ""


def figures_of(corpus: Corpus, tree: Node, story: Story) -> Iterator[Figure]:
    """Attention by language and by country, the days of each outlet, the frames over time."""
    from index.study.groups import days_of, read_cells

    whole = corpus.count_facet(corpus.match(tree), "day")
    interval = fitting(list(whole), "day", PLACES)
    places = intervals_of(whole, interval)
    if not places:
        return
    yield from _attention(corpus, tree, whole, interval, places)
    frames = frame_trees(story)
    kinds = [("lang", "By language"), ("country", "By country"), ("outlet", "Who published when")]
    for group, heading in [*kinds, *([(FRAME, "Frames")] if frames else [])]:
        cells = days_of(read_cells(corpus, tree, (group, "day"), frames))
        if group == FRAME:  # in the order of the story's file
            cells = {(name,): cells[name,] for name in frames if (name,) in cells}
        if len(cells) < 2 and group != "outlet":
            continue
        names = corpus.outlet_names() if group == "outlet" else {}
        counts = {
            names.get(cell[0], cell[0]) or NO_VALUE: group_days(days, interval)
            for cell, days in cells.items()
        }
        watch = Watch.of(corpus, list(whole), by_outlet=group == "outlet")
        ids = {names.get(cell[0], cell[0]): cell[0] for cell in cells}
        gaps = {name: watch.gaps(ids.get(name, name), interval) for name in counts}
        shown = dict(list(counts.items())[:GRID_ROWS])
        if group == "outlet":
            picture = grid_picture(shown, interval, title=heading, gaps=gaps)
        else:
            of = group_days(whole, interval) if group == FRAME else None
            picture = bars_picture(
                counts, interval, title=heading, gaps=watch.gaps(ALL, interval), whole=of
            )
        yield _figure(picture, heading, group, places, shown, gaps, len(counts) - len(shown))


def _attention(
    corpus: Corpus,
    tree: Node,
    whole: Mapping[str, int],
    interval: Interval,
    places: Sequence[str],
) -> Iterator[Figure]:
    """The articles as a share of all that the outlets' own lists named; nothing if none is known."""
    from index.study.compare import read_attention

    matching, listed = read_attention(corpus, tree, list(whole))
    counts, of = group_days(matching, interval), group_days(listed, interval)
    counts = {place: count for place, count in counts.items() if of[place]}
    if not counts:
        return
    heading = "Attention: of what the outlets published"
    watch = Watch.of(corpus, list(whole), by_outlet=False)
    gaps = watch.gaps(ALL, interval)
    picture = bars_picture({"all": counts}, interval, title=heading, gaps=gaps, whole=of)
    shares = (
        "" if not of.get(place) else f"{counts.get(place, 0):,} of {of[place]:,}"
        for place in places
    )
    every, published = sum(counts.values()), sum(of.values())
    row = ("all", f"{every / published:.0%}", tuple(shares))
    about = (
        f"{every:,} of the {published:,} pages that the outlets' own lists named in these days,"
        " on the story or not."
    )
    source = _source_of(picture)
    yield Figure(
        heading=heading, alt=picture.alt, source=source, group="", places=tuple(places),
        rows=(row,), more=0, about=about,
    )  # fmt: skip


def _source_of(picture: Picture) -> str:
    """The picture as an address of its data; empty if nothing can be drawn."""
    if not can_draw():
        return ""
    return f"data:image/svg+xml;base64,{b64encode(draw_svg(picture).encode()).decode()}"


def flow_of(corpus: Corpus, tree: Node, names: Mapping[str, str]) -> Figure | None:
    """Who took whose texts: a picture, and a row for each pair; None if nobody did."""
    from index.study.flow import count_ways

    taken = taken_texts(corpus, tree)
    if not taken:
        return None
    heading = "Who took whose texts, and how fast"
    picture = flow_picture(taken, names, title=heading)
    ways = count_ways(taken)
    rows = [
        (
            names.get(way.carrier, way.carrier),
            way.texts,
            (names.get(way.origin, way.origin), f"{way.median:g} h", f"{way.fastest:g} h"),
        )
        for way in ways[:WAYS]
    ]
    return Figure(
        heading=heading, alt=picture.alt, source=_source_of(picture), group="carried by",
        places=("text of", "median", "fastest"), rows=tuple(rows), more=len(ways) - len(rows),
    )  # fmt: skip


def intervals_of(days: Mapping[str, int], interval: Any) -> list[str]:
    """Every interval from the first to the last with an article."""
    dated = [place for place in group_days(days, interval) if place != UNDATED]
    return intervals_between(min(dated), max(dated), interval) if dated else []


def _figure(
    picture: Picture,
    heading: str,
    group: str,
    places: Sequence[str],
    counts: Days,
    gaps: Mapping[str, frozenset[str]],
    more: int,
) -> Figure:
    return Figure(
        heading=heading,
        alt=picture.alt,
        source=_source_of(picture),
        group=group,
        places=tuple(places),
        rows=tuple(
            (
                name,
                sum(row.values()),
                tuple(
                    None if not row.get(place) and place in gaps[name] else row.get(place, 0)
                    for place in places
                ),
            )
            for name, row in counts.items()
        ),
        more=more,
    )


def chronology_of(
    corpus: Corpus, found: Sequence[StoredArticle], tree: Node
) -> Iterator[tuple[str, str, tuple[StoredArticle, ...], tuple[str, ...]]]:
    """When, what, the articles behind it, its keywords: the first report, each burst, the last report.

    `found` are oldest first.
    """
    from index.study.bursts import find_bursts

    dated = [one for one in found if one.article.published]
    if not dated:
        return
    days = corpus.count_facet(corpus.match(tree), "day")
    places = intervals_of(days, "day")
    by_day: dict[str, list[StoredArticle]] = {}
    for one in dated:
        published = one.article.published
        if published and one.family == one.id:
            day = published.astimezone(corpus.zone).date().isoformat()
            by_day.setdefault(day, []).append(one)
    yield places[0], "First report", (dated[0],), ()
    for burst in find_bursts([days.get(place, 0) for place in places]):
        span = places[burst.first : burst.last + 1]
        articles = [one for place in span for one in by_day.get(place, ())]
        sizes = corpus.store.families.sizes()
        articles.sort(key=lambda one: -sizes.get(one.family, 1))
        when = span[0] if len(span) == 1 else f"{span[0]} to {span[-1]}"
        yield (
            when,
            f"Coverage bursts out: {counted(burst.count, 'article')}",
            tuple(articles[:FIRST_ARTICLES]),
            _words_of(corpus, tree, span),
        )
    if len(places) > 1:
        yield places[-1], "Latest report", (dated[-1],), ()


def _words_of(corpus: Corpus, tree: Node, days: Sequence[str]) -> tuple[str, ...]:
    """The keywords of some days against the others of the story, in its main language."""
    from index.corpus.narrow import narrow, read_period

    period = read_period(days[0], days[-1], corpus.zone, None)
    return words_against(corpus, narrow(tree, period), tree)
