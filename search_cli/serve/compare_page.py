"""The page that sets groups side by side: by what articles are, or by several queries."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from index.errors import UsageError
from search_cli.asking.grouping import GROUPS, cell_name, frame_trees, read_groups, story_named
from search_cli.output.render import Column, one_line
from search_cli.serve.asked import Asked
from search_cli.serve.results import LABELS, facet_value, tree_of
from search_cli.serve.study import SHOWN, Option, Study, Values
from search_cli.view.comparing import (
    FIELDS,
    PUBLISHED,
    compared_shown,
    compared_told,
)
from search_cli.view.listing import explain, header
from search_cli.view.picturing import compared_picture, has_shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.corpus import Corpus
    from index.query import Node
    from index.study.compare import Compared
    from index.workspace import Workspace
    from search_cli.output.render import Row

DRAWN = 30  # groups in a picture
_GROUPS = tuple((name, LABELS[name].lower()) for name in GROUPS)

COMPARE = (
    Option(key="by", label="A row for each", kind="choice", values=_GROUPS, default="outlet"),
    Option(key="and", label="and", kind="choice", values=(("", "no more"), *_GROUPS)),
    Option(key="vs", label="Or against the query", example="country:us"),
    Option(key="frame", label="Frame of your own", example="civilian=airship OR weather"),
    Option(key="all", label="In frames count every reprint", kind="tick"),
)


def compare_page(workspace: Workspace, corpus: Corpus, asked: Asked, values: Values) -> Study:
    """Groups of the search side by side; the same as `pressclip compare`."""
    tree, _ = tree_of(workspace, corpus, asked)
    versus, carried = values["vs"], bool(values["all"])
    groups = () if versus else read_groups([values["by"], values["and"]], frame=False)
    trees = {corpus.echo(tree): tree}
    if versus:
        other = Asked(query=versus, mentions=asked.mentions).tree(corpus)
        trees[corpus.echo(other)] = other
    frames = _frames(workspace, corpus, tree, values["frame"])
    arguments = ["--vs", versus] if versus else ["--by", ",".join(groups)]
    arguments += ["--frame", values["frame"]] if values["frame"] else []
    arguments += ["--all"] if carried else []
    from index.study.compare import compared_records, measure_groups

    found = measure_groups(corpus, trees, groups, frames, carried=carried)
    if not any(one.articles for one in found):
        told = tuple(explain(corpus.explain_nothing(tree)))
        return Study(fields=FIELDS, nothing=told, arguments=tuple(arguments))
    title = " · ".join(groups) if groups else "query"
    names = corpus.outlet_names() if groups == ("outlet",) else {}
    rows = [_row(asked, one, groups, names) for one in found[:SHOWN]]
    return Study(
        fields=FIELDS,
        records=list(compared_records(found)),
        told=header(corpus, corpus.match(tree), corpus.echo(tree)) if groups else "",
        columns=(
            Column(key="group", title=title),
            *(Column(key=key, title=key, right=True) for key in ("articles", "texts", PUBLISHED)),
            *(Column(key=f"frame {name}", title=one_line(name), right=True) for name in frames),
        ),
        tables=(("", rows, max(len(found) - SHOWN, 0)),),
        notes=(compared_told(found, carried=carried),),
        arguments=tuple(arguments),
        picture=partial(compared_picture, found[:DRAWN], title=corpus.echo(tree))
        if has_shares(found[:DRAWN])
        else None,
    )


def _frames(workspace: Workspace, corpus: Corpus, tree: Node, given: str) -> dict[str, Node]:
    """The frame of the form, or else those of the one story that is asked for."""
    if not given:
        story = story_named(workspace, tree)
        return frame_trees(story) if story else {}
    name, sign, query = given.partition("=")
    if not sign or not name.strip() or not query.strip():
        raise UsageError(
            f"a frame is NAME=QUERY: {one_line(given)}", hint="civilian=airship OR weather"
        )
    return {name.strip(): corpus.understand(query, mentions=True)}


def _row(asked: Asked, one: Compared, groups: tuple[str, ...], names: Mapping[str, str]) -> Row:
    """A group with its outlet's name, and the address of its articles where one filter finds them."""
    shown = {**compared_shown(one), "group": names.get(one.name, one.name)}
    if len(groups) != 1 or one.name == cell_name([""]):
        return shown
    return {**shown, "link": asked.with_filter(facet_value(groups[0], one.name, 0, names).filter)}
