"""How the hits divide: tables of counts, with bars for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from search_cli.output.formats import write_list
from search_cli.output.render import Column, Format, Row, paint, table, to_json
from search_cli.output.terminal import Terminal

FIELDS = ("facet", "value", "articles")
VALUES_SHOWN = 20
BAR = 24  # cells
NO_VALUE = {"day": "undated", "lang": "unknown"}
_COLUMNS = (
    Column(key="value", color="cyan", most=48),
    Column(key="articles", right=True),
    Column(key="bar", color="dim", most=BAR),
)

Facets = Mapping[str, Mapping[str, int]]


def split_names(names: str) -> tuple[str, ...]:
    """The facets of `outlet,lang`, each once; `date` is `day` and `language` is `lang`."""
    aliases = {"date": "day", "language": "lang"}
    found = (aliases.get(name.strip(), name.strip()) for name in names.split(","))
    return tuple(dict.fromkeys(name for name in found if name))


def facet_lines(
    header: str, facets: Facets, terminal: Terminal, *, limit: int | None
) -> Iterator[str]:
    """A table for each facet; of days all, of others the most frequent values."""
    yield from terminal.head(header)
    for name, counted in facets.items():
        most = limit or (len(counted) if name == "day" else VALUES_SHOWN)
        shown = list(counted.items())[:most]
        largest = max((count for _, count in shown), default=1)
        rows = [
            {
                "value": value or NO_VALUE.get(name, "none"),
                "articles": f"{count:,}",
                "bar": "█" * max(round(BAR * count / largest), 1),
            }
            for value, count in shown
        ]
        yield ""
        yield paint(name, "bold", colored=terminal.colored)
        if not rows:
            yield "none of the articles has any"
        yield from table(rows, _COLUMNS, width=terminal.width, colored=terminal.colored)
        if len(counted) > len(shown):
            yield f"{len(counted) - len(shown):,} more values; -n {len(counted)} shows all"


def facet_pieces(
    facets: Facets, style: Format, *, total: int, texts: int, limit: int | None
) -> Iterator[str]:
    """The counts for a program: rows of facet, value and articles, or one object as JSON."""
    cut = {name: dict(list(counted.items())[:limit]) for name, counted in facets.items()}
    if style == "json":
        yield f"{to_json({'articles': total, 'texts': texts, 'facets': cut})}\n"
    else:
        yield from write_list(_rows(cut), FIELDS, style)


def _rows(facets: Facets) -> Sequence[Row]:
    return [
        {"facet": name, "value": value, "articles": count}
        for name, counted in facets.items()
        for value, count in counted.items()
    ]
