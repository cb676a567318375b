"""What pictures show of counts: over time by group, a grid of days and outlets, groups side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from index.errors import UsageError
from index.study.intervals import UNDATED, Counts, Interval
from index.text.wording import counted
from search_cli.output.pictures import Picture
from search_cli.output.render import one_line
from search_cli.view.charting import intervals_between

if TYPE_CHECKING:
    from index.study.compare import Compared

WIDTH, HEIGHT = 720, 240
COLORS = 7  # rows with a colour of their own; others share the last one
OTHERS = "others"
GAP = "#eeeeee"
_NO_GAPS: Mapping[str, Collection[str]] = MappingProxyType({})

_NAMED = 12  # groups in the words of a picture


def bars_picture(
    rows: Mapping[str, Counts],
    interval: Interval,
    *,
    title: str,
    gaps: Collection[str] = (),
    whole: Counts | None = None,
) -> Picture:
    """Counts by interval, a colour for each row, one upon the other; grey where there was no crawl.

    With `whole`, shares of it, a line for each row: rows may overlap.
    """
    shown = _few(rows)
    places = _places(shown, interval)
    values = [
        {
            "interval": place,
            "group": one_line(name),
            "value": _value(counts, place, whole),
        }
        for name, counts in shown.items()
        for place in places
    ]
    axis = {"field": "interval", "type": "ordinal", "axis": _time_axis(places), "title": None}
    y: dict[str, Any] = {"field": "value", "type": "quantitative"}
    y["title"] = "share" if whole else "articles"
    if whole:
        y["axis"] = {"format": "%"}
    else:
        y["axis"] = {"format": ",d", "tickMinStep": 1}
    layers: list[dict[str, Any]] = []
    empty = [place for place in places if place in gaps]
    if empty:
        layers.append(
            {
                "data": {"values": [{"interval": place} for place in empty]},
                "mark": {"type": "bar", "color": GAP, "width": {"band": 1}},
                "encoding": {"x": axis, "y": {"value": 0}, "y2": {"value": HEIGHT}},
            }
        )
    color: dict[str, Any] = {"field": "group", "type": "nominal", "title": None}
    color |= {"sort": [one_line(name) for name in shown]}
    color |= {"legend": None} if len(shown) == 1 else {}
    layers.append(
        {
            "data": {"values": values},
            "mark": {"type": "line", "point": True} if whole else {"type": "bar"},
            "encoding": {"x": axis, "y": y, "color": color},
        }
    )
    spec = {
        "width": WIDTH,
        "height": HEIGHT,
        "title": {"text": one_line(title), "subtitle": _subtitle(interval, empty, rows)},
        "layer": layers,
    }
    return Picture(spec=spec, alt=_alt(title, shown, interval, empty, share=whole is not None))


def grid_picture(
    rows: Mapping[str, Counts],
    interval: Interval,
    *,
    title: str,
    gaps: Mapping[str, Collection[str]] = _NO_GAPS,
) -> Picture:
    """A row of squares for each group, darker with more articles; hatched where there was no crawl."""
    places = _places(rows, interval)
    names = [one_line(name) for name in rows]
    values = [
        {"interval": place, "group": one_line(name), "articles": counts.get(place, 0)}
        for name, counts in rows.items()
        for place in places
        if counts.get(place)
    ]
    missed = [
        {"interval": place, "group": one_line(name)}
        for name, counts in rows.items()
        for place in places
        if place in gaps.get(name, ()) and not counts.get(place)
    ]
    most = max((counts.get(place, 0) for counts in rows.values() for place in places), default=1)
    axis = {
        "field": "interval", "type": "ordinal", "axis": _time_axis(places), "title": None,
        "scale": {"domain": places},
    }  # fmt: skip
    y = {
        "field": "group", "type": "nominal", "title": None, "sort": names,
        "scale": {"domain": names}, "axis": {"labelLimit": 200},
    }  # fmt: skip
    layers = [
        {
            "data": {"values": missed},
            "mark": {"type": "text", "text": "╱╱", "color": "#999999", "fontSize": 11},
            "encoding": {"x": axis, "y": y},
        },
        {
            "data": {"values": values},
            "mark": {"type": "rect", "stroke": "white"},
            "encoding": {
                "x": axis,
                "y": y,
                "color": {
                    "field": "articles", "type": "quantitative", "title": "articles",
                    "scale": {"scheme": "blues", "domainMin": 0},
                    "legend": {"format": ",d", "values": _steps(most)},
                },
            },
        },
    ]  # fmt: skip
    spec = {
        "width": WIDTH,
        "height": {"step": 20},
        "title": {
            "text": one_line(title),
            "subtitle": _subtitle(interval, missed, rows, grid=True),
        },
        "layer": layers,
    }
    return Picture(spec=spec, alt=_alt(title, rows, interval, missed, share=False))


def compared_picture(found: Sequence[Compared], *, title: str) -> Picture:
    """A panel for each measure: a point for each group's share, with its interval of 95 %.

    Raises `UsageError` if no share is known: there is nothing to draw.
    """
    measures = [("published", [one.published for one in found])]
    for name in found[0].frames if found else ():
        measures.append((one_line(name), [one.frames[name] for one in found]))
    values = [
        {
            "group": one_line(one.name),
            "measure": measure,
            "share": share.share,
            "low": share.interval[0] if share.interval else share.share,
            "high": share.interval[1] if share.interval else share.share,
        }
        for measure, shares in measures
        for one, share in zip(found, shares, strict=True)
        if share.share is not None
    ]
    if not has_shares(found):
        hint = "--frame NAME=QUERY counts words of your own; a story may have [frames]"
        raise UsageError("no share is known, so there is nothing to draw", hint=hint)
    y = {
        "field": "group", "type": "nominal", "title": None,
        "sort": [one_line(one.name) for one in found], "axis": {"labelLimit": 220},
    }  # fmt: skip
    x = {"type": "quantitative", "axis": {"format": "%", "tickCount": 3}, "title": None}
    spec = {
        "title": {"text": one_line(title), "subtitle": "shares, with intervals of 95 %"},
        "data": {"values": values},
        "facet": {
            "column": {
                "field": "measure", "type": "nominal", "title": None,
                "sort": [name for name, _ in measures],
            }
        },
        "spec": {
            "width": 200,
            "height": {"step": 24},
            "layer": [
                {"mark": {"type": "rule", "strokeWidth": 2, "color": "#56b4e9"},
                 "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}}},
                {"mark": {"type": "point", "filled": True, "size": 70, "color": "#0072b2"},
                 "encoding": {"y": y, "x": {**x, "field": "share"}}},
            ],
        },
        "resolve": {"scale": {"x": "independent"}},
    }  # fmt: skip
    told = "; ".join(
        f"{one_line(one.name)}: "
        + ", ".join(
            f"{name} {shares[number].share:.0%}"
            for name, shares in measures
            if shares[number].share is not None
        )
        for number, one in enumerate(found[:_NAMED])
    )
    if len(found) > _NAMED:
        told += f"; and {len(found) - _NAMED} more"
    return Picture(spec=spec, alt=f"{one_line(title)}. {told}")


def has_shares(found: Sequence[Compared]) -> bool:
    """Whether any share of the groups is known, so that there is something to draw."""
    return any(
        share.share is not None for one in found for share in (one.published, *one.frames.values())
    )


def _value(counts: Counts, place: str, whole: Counts | None) -> float | None:
    """The count, or its share; None for a share of nothing."""
    count = counts.get(place, 0)
    if whole is None:
        return count
    return count / whole[place] if whole.get(place) else None


def _few(rows: Mapping[str, Counts]) -> dict[str, Counts]:
    """The rows, small ones together, so that each has a colour that can be told from the others."""
    if len(rows) <= COLORS + 1:
        return dict(rows)
    names = list(rows)
    rest: dict[str, int] = {}
    for name in names[COLORS:]:
        for place, count in rows[name].items():
            rest[place] = rest.get(place, 0) + count
    return {name: rows[name] for name in names[:COLORS]} | {OTHERS: rest}


def _places(rows: Mapping[str, Counts], interval: Interval) -> list[str]:
    known = [place for counts in rows.values() for place in counts if place != UNDATED]
    return intervals_between(min(known), max(known), interval) if known else []


def _steps(most: int) -> list[int]:
    """A few whole numbers up to the largest."""
    return sorted({max(round(most * part / 4), 1) for part in range(1, 5)})


def _time_axis(places: Sequence[str]) -> dict[str, Any]:
    """Labels that do not run into each other."""
    every = max(-(-len(places) // 12), 1)
    return {"labelAngle": 0, "values": list(places[::every]), "labelOverlap": True, "grid": False}


def _subtitle(
    interval: str, missed: Sequence[object], rows: Mapping[str, Counts], *, grid: bool = False
) -> str:
    undated = sum(counts.get(UNDATED, 0) for counts in rows.values())
    sign = "╱╱" if grid else "grey"
    parts = [
        f"articles by {interval} of publication",
        f"{sign}: not crawled" if missed else "",
        f"{undated:,} undated not drawn" if undated else "",
    ]
    return " · ".join(filter(None, parts))


def _alt(
    title: str, rows: Mapping[str, Counts], interval: str, missed: Sequence[object], *, share: bool
) -> str:
    """The picture in words: what it counts, from when to when, the peak, the largest rows."""
    total: dict[str, int] = {}
    for counts in rows.values():
        for place, count in counts.items():
            total[place] = total.get(place, 0) + count
    dated = {place: count for place, count in total.items() if place != UNDATED}
    parts = [f"{one_line(title)}: {'shares of ' if share else ''}articles by {interval}"]
    if dated:
        peak = max(dated, key=lambda place: (dated[place], place))
        parts.append(f"from {min(dated)} to {max(dated)}")
        parts += [] if share else [f"most on {peak} ({dated[peak]:,})"]
    if len(rows) > 1:
        parts.append(
            ", ".join(f"{one_line(name)} {sum(counts.values()):,}" for name, counts in rows.items())
        )
    if missed:
        parts.append(f"{counted(len(missed), 'place')} not crawled")
    return "; ".join(parts) + "."
