"""`pressclip story split`: related events that came in by a story's words, and what to do with each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from index.article import Decision
from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.story import Story
from search_cli.commands.review import finish
from search_cli.commands.story_edit import title_lines
from search_cli.commands.story_new import follow_event
from search_cli.output.formats import emit, format_options
from search_cli.output.render import Column, Format
from search_cli.output.terminal import note
from search_cli.session import Session
from search_cli.view.related import check_new, decide_on
from search_cli.view.reviewing import Desk

if TYPE_CHECKING:
    from index.relevance.drift import RelatedEvent
    from index.store import Store

COLUMNS = (
    Column(key="event", title="event", right=True),
    Column(key="articles", title="articles", right=True),
    Column(key="first", title="first"),
    Column(key="last", title="last"),
    Column(key="words", title="words", grows=True),
)
FIELDS = ("event", "articles", "first", "last", "words", "ids")
_EXAMPLES = 3


@click.command()
@click.argument("story_id", metavar="ID")
@click.option("--include", metavar="EVENT", type=click.IntRange(1), multiple=True,
              help="This event belongs to the story.")  # fmt: skip
@click.option("--exclude", metavar="EVENT", type=click.IntRange(1), multiple=True,
              help="This event does not.")  # fmt: skip
@click.option("--follow", metavar="EVENT NEW", type=(click.IntRange(1), str), multiple=True,
              help="Write a story NEW of this event.")  # fmt: skip
@format_options
@click.pass_obj
def split(
    session: Session,
    story_id: str,
    include: tuple[int, ...],
    exclude: tuple[int, ...],
    follow: tuple[tuple[int, str], ...],
    style: Format | None,
) -> None:
    """Show what came in lately and tells of something else, and say whether it belongs.

    EXAMPLES
      pressclip story split balloon
      pressclip story split balloon --include 1
      pressclip story split balloon --exclude 1 --follow 1 objects

    A related event is a group of five articles and more of the story's last week which share words that
    its older articles do not have: two at least, one of them in the headline. Events are counted in
    the order of the list. Include and exclude are decisions on all its articles, as in review, and
    the story learns from them; an event that was decided on is not shown again. Follow proposes a
    story file from the event's articles; what the old story has stays there, unless you exclude it.
    """
    workspace = Workspace.find(session.directory)
    story = workspace.story(story_id)
    for _, name in follow:
        check_new(name, workspace)
    from index.relevance.drift import related_events
    from index.store import Store

    with Store.open(workspace.database) as store:
        events = related_events(store, story.id)
        wanted = [*include, *exclude, *(number for number, _ in follow)]
        for number in wanted:
            if number > len(events):
                known = f"{counted(len(events), 'event')} found: pressclip story split {story.id}"
                raise UsageError(f"{story.id}: no event {number}", hint=known)
        if both := {*include} & {*exclude}:
            raise UsageError(f"event {min(both)}: include or exclude, not both")
        if not wanted:
            _list(session, store, story, events, style)
            return
        for number, name in follow:
            follow_event(session, workspace, store, events[number - 1], name)
        decisions: list[tuple[int, Decision]] = [
            *((number, "on-story") for number in include),
            *((number, "off-story") for number in exclude),
        ]
        if decisions:
            desk = Desk(workspace, story, datetime.now(UTC))
            for number, decision in decisions:
                decide_on(desk, events[number - 1], decision)
            finish(session, desk)


def _list(
    session: Session,
    store: Store,
    story: Story,
    events: Sequence[RelatedEvent[str]],
    style: Format | None,
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "event": number,
            "articles": len(event.ids),
            "first": event.first.date().isoformat(),
            "last": event.last.date().isoformat(),
            "words": ", ".join(event.words),
            "ids": list(event.ids),
        }
        for number, event in enumerate(events, start=1)
    ]
    emit(session, rows, style=style, fields=FIELDS, columns=COLUMNS)
    if not events:
        note(session, f"{story.id}: no related event; what came in lately is as it was before")
        return
    note(session, "\n".join(_examples(store, story, events)))


def _examples(store: Store, story: Story, events: Sequence[RelatedEvent[str]]) -> Iterator[str]:
    for number, event in enumerate(events, start=1):
        yield from title_lines(store, [(str(number), name) for name in event.ids[:_EXAMPLES]])
    yield f"next: pressclip story split {story.id} --include 1, --exclude 1 or --follow 1 NEW"
