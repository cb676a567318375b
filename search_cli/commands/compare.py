"""`pressclip compare`: groups of articles side by side, by counts, shares and frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from search_cli.asking.grouping import by_option, cell_name, frame_trees, read_groups, story_named
from search_cli.asking.narrowing import Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import chosen_format, format_options, refuse_own_file
from search_cli.output.pictures import check_picture, picture_option, write_picture
from search_cli.output.render import Column, Format, Row, one_line, table, write_rows
from search_cli.output.terminal import Terminal, note, write
from search_cli.session import Session
from search_cli.view.listing import header
from search_cli.view.picturing import compared_picture
from search_cli.view.study import note_behind, show_no_match

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node
    from index.study.compare import Compared, Share
    from index.workspace import Workspace

FIELDS = (
    "group", "articles", "texts", "outlets", "measure", "count", "total", "share", "low", "high",
    "drawn",
)  # fmt: skip
PUBLISHED = "published"
ROWS = 30
OF_OUTLETS = ("outlet", "country", "collection")


@click.command()
@query_options
@by_option("A row for each outlet, country, lang, kind, …; several give a grid.")
@click.option("--vs", "versus", metavar="QUERY", multiple=True, help="Against these; repeatable.")
@click.option(
    "--frame", "asked", metavar="NAME=QUERY", multiple=True,
    help="A frame of your own; else those of the story asked for.",
)  # fmt: skip
@click.option("--all", "carried", is_flag=True, help="In frames count reprints as carried.")
@click.option("-n", "limit", metavar="N", type=click.IntRange(1), help="At most N; 30 in a table.")
@picture_option("Also as a picture: FILE.svg or FILE.png.")
@format_options
@click.pass_obj
def compare(
    session: Session,
    words: tuple[str, ...],
    by: tuple[str, ...],
    versus: tuple[str, ...],
    asked: tuple[str, ...],
    carried: bool,
    limit: int | None,
    picture: Path | None,
    style: Format | None,
    narrowing: Narrowing,
) -> int:
    """Set groups of articles side by side: how much they published, and in which frames.

    EXAMPLES
      pressclip compare story:balloon --by country
      pressclip compare 'story:balloon country:cn' --vs 'story:balloon country:us'
      pressclip compare balloon --by outlet --frame 'civilian=airship OR weather' -f csv
      pressclip compare story:balloon --by country,kind
      pressclip compare story:balloon --by country --picture shares.png

    A frame is a set of words: the share is of the group's texts, reprints once (with --all of its
    articles). Published is the share of the matching articles in all that the outlets' own lists
    named in the same days, so that a silent outlet (0%) and one that nobody watched (–) differ.
    In brackets stands the interval of 95%: by drawing outlets where there are three or more, since
    outlets differ, else Wilson's. For programs a row is a measure of a group. Exit status 1 when
    nothing matches.
    """
    require_words(words, "compare")
    groups = read_groups(by, frame=False)
    check_picture(picture)
    if bool(groups) == bool(versus):
        raise UsageError(
            "compare needs groups: --by, or another query with --vs, not both",
            hint="pressclip compare QUERY --by country",
        )
    workspace, corpus = open_desk(session, narrowing)
    with corpus:
        tree = narrowing.understand(corpus, words)
        trees = {corpus.echo(tree): tree}
        for query in versus:
            other = narrowing.understand(corpus, [query])
            trees[corpus.echo(other)] = other
        frames = _frames(workspace, corpus, tree, asked)
        found = _measure(corpus, trees, groups, frames, carried=carried)
        if not any(one.articles for one in found):
            return show_no_match(session, corpus, tree, FIELDS, style)
        if picture is not None:
            refuse_own_file(workspace, picture)
            drawn = compared_picture(found[: limit or ROWS], title=corpus.echo(tree))
            write_picture(picture, drawn)
            note(session, f"wrote {picture}: {drawn.alt}")
        terminal = Terminal.of(session)
        chosen = chosen_format(style, terminal)
        if chosen == "table":
            title = " · ".join(groups) if groups else "query"
            matches = corpus.match(tree)
            head = header(corpus, matches, corpus.echo(tree)) if groups else ""
            terminal.show(_lines(head, title, found, tuple(frames), limit or ROWS, terminal))
            note(session, _told(found, carried=carried))
        else:
            write(write_rows(_rows(found[:limit]), FIELDS, chosen))
        note_behind(session, corpus)
    return 0


def _frames(
    workspace: Workspace, corpus: Corpus, tree: Node, asked: Sequence[str]
) -> dict[str, Node]:
    """The frames asked for, else those of the one story that the query names, if it has any."""
    if not asked:
        story = story_named(workspace, tree)
        return frame_trees(story) if story else {}
    frames = {}
    for given in asked:
        name, sign, query = given.partition("=")
        if not sign or not name.strip() or not query.strip():
            raise UsageError(
                f"--frame {one_line(given)}: not NAME=QUERY",
                hint="--frame 'civilian=airship OR weather'",
            )
        frames[name.strip()] = corpus.understand(query, mentions=True)
    return frames


def _measure(
    corpus: Corpus,
    trees: Mapping[str, Node],
    groups: Sequence[str],
    frames: Mapping[str, Node],
    *,
    carried: bool,
) -> list[Compared]:
    from index.study.compare import Item, compare_groups, read_frames, read_items, read_listed

    items: dict[str, Sequence[Item]] = {}
    days: list[str] = []
    for name, tree in trees.items():
        days += corpus.count_facet(corpus.match(tree), "day")
        cells = read_items(corpus, tree, groups)
        named = {cell_name(cell): found for cell, found in cells.items()} if groups else {}
        items |= named or ({} if groups else {name: cells.get((), [])})
    members = _members(corpus, groups)
    listed = read_listed(corpus, days)
    # A watched outlet without a match is a finding: it was silent.
    for name, outlets in members.items():
        if name not in items and any(outlet in listed for outlet in outlets):
            items[name] = []
    framed = read_frames(corpus, trees.values(), frames)
    return compare_groups(items, framed, listed, members, carried=carried)


def _members(corpus: Corpus, groups: Sequence[str]) -> dict[str, list[str]]:
    """The outlets of outlets.toml in each group that is made of outlets."""
    if len(groups) != 1 or groups[0] not in OF_OUTLETS:
        return {}
    if groups[0] == "outlet":
        return {outlet: [outlet] for outlet in corpus.outlet_ids()}
    found: dict[str, list[str]] = {}
    for outlet, names in corpus.outlet_groups(groups[0]).items():
        for name in names:
            found.setdefault(name, []).append(outlet)
    return found


def _lines(
    head: str,
    title: str,
    found: Sequence[Compared],
    frames: Sequence[str],
    limit: int,
    terminal: Terminal,
) -> Iterator[str]:
    if head:
        yield head
    columns = (
        Column(key="group", title=title, color="cyan", grows=True),
        *(Column(key=key, title=key, right=True) for key in ("articles", "texts", PUBLISHED)),
        *(Column(key=f"frame {name}", title=one_line(name), right=True) for name in frames),
    )
    rows = [_shown(one) for one in found[:limit]]
    yield from table(rows, columns, width=terminal.width, colored=terminal.colored)
    if len(found) > limit:
        yield f"{limit:,} of {len(found):,} shown; -n {len(found)} shows all"


def _shown(one: Compared) -> Row:
    return {
        "group": one.name,
        "articles": f"{one.articles:,}",
        "texts": f"{one.texts:,}",
        PUBLISHED: _percent(one.published) if one.published.total else _empty(one),
        **{f"frame {name}": _percent(share) for name, share in one.frames.items()},
    }


def _percent(share: Share) -> str:
    """`62% (51–72)`, or a dash where nothing is known."""
    if share.share is None or share.interval is None:
        return "–"
    low, high = (round(100 * end) for end in share.interval)
    return f"{100 * share.share:.0f}% ({low}–{high})"


def _empty(one: Compared) -> str:
    """What stands for a share of nothing: that there was nothing, or that nobody watched."""
    return "0 of 0" if one.watched else "–"


def _told(found: Iterable[Compared], *, carried: bool) -> str:
    """What the shares are of, and what their intervals rest on."""
    drawn = {share.drawn for one in found for share in (one.published, *one.frames.values())}
    ways = []
    if "outlets" in drawn:
        ways.append("outlets drawn anew (bootstrap)")
    if "articles" in drawn:
        ways.append("Wilson's for fewer than three outlets")
    of = "articles, reprints as carried" if carried else "texts, reprints once"
    told = f"frames: of {of}; published: of what the outlets' own lists named; – nobody watched"
    return f"{told}; 95%: {', '.join(ways)}" if ways else told


def _rows(found: Iterable[Compared]) -> Iterator[Row]:
    for one in found:
        for measure, share in ((PUBLISHED, one.published), *one.frames.items()):
            low, high = share.interval or (None, None)
            known = measure != PUBLISHED or one.watched
            yield {
                "group": one.name,
                "articles": one.articles,
                "texts": one.texts,
                "outlets": one.outlets,
                "measure": measure,
                "count": share.count if known else None,
                "total": share.total if known else None,
                "share": None if share.share is None else round(share.share, 4),
                "low": None if low is None else round(low, 4),
                "high": None if high is None else round(high, 4),
                "drawn": share.drawn or None,
            }
