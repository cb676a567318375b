"""A dispersion plot: a line for each article, with its matches from beginning to end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.text.wording import counted
from search_cli.output.formats import write_list
from search_cli.output.render import Format, cells, one_line, pad, paint, shorten
from search_cli.output.terminal import Terminal, write

if TYPE_CHECKING:
    from index.study.dispersion import Places

FIELDS = ("id", "published", "outlet", "zone", "place", "words", "match")
SHOWN = 20
_OUTLET = 20
_BLOCKS = " ▁▂▃▄▅▆▇█"


def show_plot(
    terminal: Terminal,
    style: Format,
    head: str,
    rows: Iterable[Mapping[str, Any]],
    limit: int | None,
) -> None:
    """The places as a plot, or for a program a row for each match, its place from 0 to 1."""
    if style == "table":
        terminal.show(_lines(head, list(rows), limit or SHOWN, terminal))
    else:
        write(write_list(rows, FIELDS, style))


def _lines(
    head: str, rows: Sequence[Mapping[str, Any]], limit: int, terminal: Terminal
) -> Iterator[str]:
    from index.study.dispersion import count_bins, spread_over

    articles, days = _articles(rows)
    yield f"{head} · DP {spread_over(articles):.2f} over {counted(len(articles), 'article')}"
    names = [shorten(one_line(one.outlet), _OUTLET) for one in articles[:limit]]
    width = max(map(cells, [*names, "all"]), default=3)
    bins = max(min(terminal.width - width - 24, 60), 10)
    yield f"{pad('', 12 + width + 2)}beginning{pad('end', bins - len('beginning'), right=True)}"
    every = [place for one in articles for place in one.places]
    if len(articles) > 1:
        counts = count_bins(every, bins)
        largest = max(counts)
        bar = "".join(_BLOCKS[-(-count * 8 // largest)] for count in counts)
        name = paint(pad("all", width), "bold", colored=terminal.colored)
        yield f"{pad('', 12)}{name}  {bar}{len(every):>7,}"
    for one, name in zip(articles[:limit], names, strict=True):
        marks = "".join("┃" if count else "·" for count in count_bins(one.places, bins))
        yield f"{days[one.id]:<10}  {pad(name, width)}  {marks}{len(one.places):>7,}"
    if len(articles) > limit:
        yield f"{limit} of {counted(len(articles), 'article')} shown; -n {len(articles)} shows all"


def _articles(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Places], dict[str, str]]:
    """The matches in the texts, not the headlines, article by article; and the days of these."""
    from index.study.dispersion import Places

    held: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["zone"] != "title":
            held.setdefault(row["id"], []).append(row)
    articles = [
        Places(
            id=identity,
            outlet=own[0]["outlet"],
            words=own[0]["words"],
            places=tuple(row["place"] for row in own),
        )
        for identity, own in held.items()
    ]
    return articles, {identity: own[0]["day"] for identity, own in held.items()}
