"""Draws the picture of growth from the table in docs/benchmarks.md: `python docs/growth.py`.

It needs the extra `pictures`.
"""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE / "benchmarks.md"
PICTURE = HERE / "pictures" / "growth.svg"
ROW = re.compile(r"\| (?P<step>[^|]+) \| (?P<size>[\d,]+) \| (?P<cost>[\d.]+) \| [^|]*\|")
TITLE = "CPU of one step, as a ratio to the smallest size measured"


def read_rows(page: str) -> list[dict[str, Any]]:
    """The rows of the table, each with its ratio to the smallest size of the same step."""
    found = [
        (match["step"], int(match["size"].replace(",", "")), float(match["cost"]))
        for match in ROW.finditer(page)
    ]
    rows = []
    for _, group in groupby(found, key=lambda one: one[0]):
        first, *others = group
        for step, size, cost in (first, *others):
            rows.append({"step": step, "articles": size, "ratio": round(cost / first[2], 3)})
    return rows


def chart(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows as a chart of Vega-Lite, both axes logarithmic."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": TITLE,
        "description": TITLE,
        "width": 480,
        "height": 240,
        "background": "white",
        "data": {"values": rows},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {
                "field": "articles",
                "type": "quantitative",
                "scale": {"type": "log"},
                "axis": {"title": "articles or URLs", "format": ",d", "tickCount": 4},
            },
            "y": {
                "field": "ratio",
                "type": "quantitative",
                "scale": {"type": "log", "domain": [0.8, 12]},
                "axis": {"title": "times the smallest size", "values": [1, 2, 5, 10]},
            },
            "color": {"field": "step", "type": "nominal", "legend": {"title": None, "labelLimit": 260}},
        },
    }  # fmt: skip


def main() -> None:
    """Write the picture."""
    import vl_convert

    rows = read_rows(PAGE.read_text("utf-8"))
    PICTURE.write_text(vl_convert.vegalite_to_svg(json.dumps(chart(rows))), "utf-8")


if __name__ == "__main__":
    main()
