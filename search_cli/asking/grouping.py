"""`--by`: what articles are grouped by, one facet or several as a grid, and the frames of a story."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from index.errors import UsageError
from index.study.groups import FRAME, NO_VALUE, cell_name, frame_trees, stories_of, story_named
from index.workspace.story import FOLDER

if TYPE_CHECKING:
    from index.query import Node
    from index.workspace import Workspace
    from index.workspace.story import Story

__all__ = [
    "FRAME",
    "GROUPS",
    "NO_VALUE",
    "by_columns",
    "by_option",
    "cell_name",
    "frame_trees",
    "frames_for",
    "read_groups",
    "story_named",
    "story_of",
]

Function = TypeVar("Function", bound=Callable[..., Any])

# As index.fulltext.searcher.GROUPS, which is not imported to show a help text; a test compares them.
GROUPS = (
    "outlet", "collection", "lang", "country", "kind", "agency", "section", "author", "speaker", "story",
    "is", "changed",
)  # fmt: skip
_ALIASES = {"language": "lang", "outlets": "outlet", "frames": FRAME}


def by_option(text: str) -> Callable[[Function], Function]:
    """Give a verb `--by X`, repeatable and with commas, as `by`."""
    return click.option("--by", "by", metavar="X,…", multiple=True, help=text)


def read_groups(
    given: Sequence[str], *, frame: bool = True, more: Sequence[str] = ()
) -> tuple[str, ...]:
    """The groups that `--by` names, each once; raises `UsageError` for an unknown one."""
    names = [part.strip() for value in given for part in value.split(",") if part.strip()]
    known = (*GROUPS, *([FRAME] if frame else ()), *more)
    wanted = tuple(dict.fromkeys(_ALIASES.get(name, name) for name in names))
    for name in wanted:
        if name not in known:
            from index.workspace.toml_reader import did_you_mean

            hint = did_you_mean(name, known) or f"one of: {', '.join(known)}"
            raise UsageError(f"--by {name}: no such group", hint=hint)
    return wanted


def frames_for(
    workspace: Workspace, tree: Node, groups: Sequence[str], verb: str
) -> dict[str, Node]:
    """The frames of the one story that a query asks for, where they are among the groups.

    Raises `UsageError` if there is no such story, or it has no frames.
    """
    if FRAME not in groups:
        return {}
    return frame_trees(story_of(workspace, tree, verb))


def story_of(workspace: Workspace, tree: Node, verb: str) -> Story:
    """The one story that a query asks for; raises `UsageError` if there is none with frames."""
    named = stories_of(tree)
    if len(named) != 1:
        raise UsageError(
            "--by frame needs one story, whose frames are counted",
            hint=f"pressclip {verb} story:ID --by frame",
        )
    story = workspace.story(named.pop())
    if not story.frames:
        raise UsageError(
            f"{FOLDER}/{story.id}.toml has no [frames]",
            hint=f"name sets of words there; pressclip story edit {story.id}",
        )
    return story


def by_columns(groups: Sequence[str], cell: Sequence[str]) -> Mapping[str, str]:
    """A cell as a row's values by the name of their group."""
    return dict(zip(groups, cell, strict=True))
