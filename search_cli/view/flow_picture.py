"""The picture of who took whose texts: a point for each printing, so many hours after the origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.text.wording import counted
from search_cli.output.pictures import Picture
from search_cli.output.render import one_line
from search_cli.view.picturing import COLORS, OTHERS, WIDTH

if TYPE_CHECKING:
    from index.study.flow import Taken

ROWS = 30


def flow_picture(taken: Sequence[Taken], names: Mapping[str, str], *, title: str) -> Picture:
    """A row for each outlet that carried others' texts, a point for each, a colour for each origin."""

    def name(outlet: str) -> str:
        return one_line(names.get(outlet, outlet))

    carriers = [one for one, _ in Counter(each.carrier for each in taken).most_common(ROWS)]
    origins = [one for one, _ in Counter(each.origin for each in taken).most_common()]
    colored = origins[:COLORS]
    values = [
        {
            "carrier": name(one.carrier),
            "hours": round(one.hours, 2),
            "origin": name(one.origin) if one.origin in colored else OTHERS,
        }
        for one in taken
        if one.carrier in carriers
    ]
    y: dict[str, Any] = {"field": "carrier", "type": "nominal", "title": None}
    y |= {"sort": list(map(name, carriers)), "axis": {"labelLimit": 200, "grid": True}}
    x = {"field": "hours", "type": "quantitative", "title": "hours after the text was out"}
    color = {"field": "origin", "type": "nominal", "title": "text of"}
    spec = {
        "width": WIDTH,
        "height": {"step": 20},
        "title": {"text": one_line(title), "subtitle": "a point is an article with the text"},
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.75},
        "encoding": {"y": y, "x": x, "color": {**color, "sort": list(map(name, colored))}},
    }
    often = Counter(each.origin for each in taken).most_common(3)
    told = ", ".join(f"of {name(one)} {count:,}" for one, count in often)
    first = f"{one_line(title)}: {counted(len(taken), 'article')} with another outlet's text"
    return Picture(spec=spec, alt=f"{first}; {told}.")
