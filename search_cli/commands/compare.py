"""`pressclip compare`: groups of articles side by side, by counts, shares and frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING

import click

from index.errors import UsageError
from search_cli.asking.grouping import by_option, frame_trees, read_groups, story_named
from search_cli.asking.narrowing import Narrowing, open_desk, query_options, require_words
from search_cli.output.formats import chosen_format, format_options, refuse_own_file, write_list
from search_cli.output.pictures import boxes_told, check_picture, picture_option, write_picture
from search_cli.output.render import Column, Format, cells, one_line, table
from search_cli.output.terminal import Terminal, note, warn, write
from search_cli.session import Session
from search_cli.view.comparing import (
    FIELDS,
    PUBLISHED,
    compared_shown,
    compared_told,
)
from search_cli.view.listing import header
from search_cli.view.picturing import compared_picture
from search_cli.view.study import note_behind, show_no_match

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.query import Node
    from index.study.compare import Compared
    from index.workspace import Workspace

ROWS = 30
LONG = 24  # cells of a query that is in a table itself


@click.command()
@query_options
@by_option("A row for each outlet, country, lang, kind, …; several give a grid.")
@click.option(
    "--vs", "versus", metavar="QUERY", multiple=True, help="Compare with this group (repeatable)."
)
@click.option(
    "--frame", "asked", metavar="NAME=QUERY", multiple=True,
    help="Count a frame of your own [default: the story's frames].",
)  # fmt: skip
@click.option(
    "--all", "carried", is_flag=True, help="Count every reprint in frames, not each text once."
)
@click.option(
    "-n",
    "limit",
    metavar="N",
    type=click.IntRange(1),
    help="Show at most N groups [default: 30 in a table, else all].",
)
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
    """Compare groups of articles: how much they published, and in which frames.

    EXAMPLES
      pressclip compare story:balloon --by country
      pressclip compare 'story:balloon country:cn' --vs 'story:balloon country:us'
      pressclip compare balloon --by outlet --frame 'civilian=airship OR weather'
      pressclip compare story:balloon --by country,kind
      pressclip compare story:balloon --by country --picture shares.png

    A frame is a set of words. Its share is the share of the group's texts, each text once (with
    --all: of its articles). Published is the share of matching articles among all that the outlets'
    own lists named on the same days; a silent outlet has 0%, an outlet that was not crawled –.
    Brackets show the 95% interval: a bootstrap over outlets where there are three or more, else
    Wilson's. For programs there is one row per group and measure. Exit status 1 when nothing
    matches.
    """
    require_words(words, "compare")
    groups = read_groups(by, frame=False)
    check_picture(picture)
    if bool(groups) == bool(versus):
        raise UsageError(
            "compare needs either --by or --vs",
            hint="pressclip compare QUERY --by country",
        )
    from index.study.compare import compared_records, measure_groups

    workspace, corpus = open_desk(session, narrowing)
    with corpus:
        tree = narrowing.understand(corpus, words)
        trees = {corpus.echo(tree): tree}
        for query in versus:
            other = narrowing.understand(corpus, [query])
            trees[corpus.echo(other)] = other
        frames = _frames(workspace, corpus, tree, asked)
        found = measure_groups(corpus, trees, groups, frames, carried=carried)
        if not any(one.articles for one in found):
            return show_no_match(session, corpus, tree, FIELDS, style)
        if picture is not None:
            refuse_own_file(workspace, picture)
            drawn = compared_picture(found[: limit or ROWS], title=corpus.echo(tree))
            write_picture(picture, drawn)
            note(session, f"wrote {picture}: {drawn.alt}")
            if told := boxes_told(picture, drawn):
                warn(told)
        terminal = Terminal.of(session)
        chosen = chosen_format(style, terminal)
        if chosen == "table":
            title = " · ".join(groups) if groups else "query"
            matches = corpus.match(tree)
            head = header(corpus, matches, corpus.echo(tree)) if groups else ""
            terminal.show(_lines(head, title, found, tuple(frames), limit or ROWS, terminal))
            note(session, compared_told(found, carried=carried))
        else:
            write(write_list(compared_records(found[:limit]), FIELDS, chosen))
        note_behind(session, corpus)
    return 0


def _frames(
    workspace: Workspace, corpus: Corpus, tree: Node, asked: Sequence[str]
) -> dict[str, Node]:
    """The frames asked for, or else those of the one story that the query names, if it has any."""
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


def _lines(
    head: str,
    title: str,
    found: Sequence[Compared],
    frames: Sequence[str],
    limit: int,
    terminal: Terminal,
) -> Iterator[str]:
    if head:
        yield from terminal.head(head)
    columns = (
        Column(key="group", title=title, color="cyan", grows=True),
        *(Column(key=key, title=key, right=True) for key in ("articles", "texts", PUBLISHED)),
        *(Column(key=f"frame {name}", title=one_line(name), right=True) for name in frames),
    )
    rows = [dict(compared_shown(one)) for one in found[:limit]]
    if not head and any(cells(one.name) > LONG for one in found):  # queries: letters stand for them
        for letter, row in zip(ascii_uppercase, rows, strict=False):
            first, *more = terminal.head(f"{letter}  {one_line(str(row['group']))}")
            yield from (first, *(f"   {line}" for line in more))
            row["group"] = letter
    yield from table(rows, columns, width=terminal.width, colored=terminal.colored)
    if len(found) > limit:
        yield f"{limit:,} of {len(found):,} shown; -n {len(found)} shows all"
