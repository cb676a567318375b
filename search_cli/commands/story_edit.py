"""`pressclip story edit`: change a story's file, and know what that changes before it is saved."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import click

from index.errors import ConfigError, Fault, UsageError
from index.files import write_atomic
from index.workspace import Workspace
from index.workspace.outlets import Outlets
from index.workspace.story import FOLDER, Story, load_story, nearest_story
from search_cli.output.questions import confirm
from search_cli.output.render import one_line
from search_cli.output.terminal import note, warn
from search_cli.output.waiting import stop_waiting
from search_cli.session import Session

if TYPE_CHECKING:
    from index.relevance import Effect
    from index.store import Store

_SHOWN = 5


@click.command()
@click.argument("story_id", metavar="ID")
@click.pass_obj
def edit(session: Session, story_id: str) -> None:
    """Edit a story file in $VISUAL or $EDITOR. It is saved once it is valid and you agree.

    EXAMPLES
      pressclip story edit balloon
      EDITOR=nano pressclip story edit balloon

    Before it is saved you are told what the edit would put into the corpus and take out of it.
    """
    workspace = Workspace.find(session.directory)
    path = workspace.story_file(story_id)
    if not path.is_file():
        known = [file.stem for file in workspace.story_files()]
        raise UsageError(f"no such story: {story_id}", hint=nearest_story(story_id, known))
    if not session.ask:
        raise UsageError("an editor cannot be used with --no-input")
    outlets = workspace.outlets()
    draft = Path(mkdtemp(prefix="pressclip-")) / path.name  # faults are named by the file's name
    draft.write_bytes(path.read_bytes())
    story = _edited(draft, outlets)
    if draft.read_bytes() == path.read_bytes():
        note(session, f"{FOLDER}/{path.name} is unchanged")
    elif _agreed(session, workspace, _story_of(path, outlets), story, outlets):
        write_atomic(path, draft.read_text("utf-8"))
        note(session, f"{FOLDER}/{path.name} is valid and saved")
        note(session, f"next: pressclip story check {story_id}, or pressclip crawl {story_id}")
    else:
        note(session, f"{FOLDER}/{path.name} is unchanged; your draft is {draft}")
        return
    rmtree(draft.parent)


def _edited(draft: Path, outlets: Outlets) -> Story:
    """The story of the draft once it is valid; raises `ConfigError` when the user gives up."""
    while True:
        stop_waiting()
        click.edit(filename=str(draft))
        faults: list[Fault] = []
        story = load_story(draft, faults, outlets)
        if story is not None and not faults:
            return story
        warn("\n".join(map(str, faults)))
        if not sys.stdin.isatty() or not confirm("Edit it again?", option="a terminal"):
            warn(f"nothing was saved; your draft is {draft}")
            raise ConfigError(faults)


def _story_of(path: Path, outlets: Outlets) -> Story | None:
    """The story as its file has it now; None if that is at fault."""
    faults: list[Fault] = []
    story = load_story(path, faults, outlets)
    return None if faults else story


def _agreed(
    session: Session, workspace: Workspace, before: Story | None, after: Story, outlets: Outlets
) -> bool:
    """Tell what the edit changes, and ask; yes where there is no corpus to tell it by."""
    if before is None or not workspace.database.exists():
        return True
    from index.relevance import effect_of
    from index.store import Store

    note(session, "checking what this changes …")
    with Store.open(workspace.database) as store:
        effect = effect_of(store, before, after, outlets)
        told = list(effect_lines(store, effect, _SHOWN))
        note(session, "\n".join(told) or "this edit changes nothing in the corpus")
    return confirm("Save it?", option="a terminal")


def effect_lines(store: Store, effect: Effect, number: int) -> Iterator[str]:
    """`+12 articles, −3`, and some of either; nothing if nothing changes."""
    if not effect.added and not effect.removed:
        return
    articles = f"article{'' if len(effect.added) == 1 else 's'}"
    yield f"+{len(effect.added):,} {articles}, −{len(effect.removed):,}"
    yield from title_lines(store, [("+", name) for name in effect.added[:number]])
    yield from title_lines(store, [("−", name) for name in effect.removed[:number]])


def title_lines(store: Store, marked: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A line for each article: a mark, its id, outlet and headline."""
    found = store.articles.get([name for _, name in marked])
    for mark, name in marked:
        if name in found:
            article = found[name].article
            yield f"  {mark}  {name}  {one_line(article.outlet)}  {one_line(article.title)}"
