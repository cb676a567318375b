"""Related events: what came in by a story's words and tells of something else, shown and answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from index.article import Decision
from index.errors import UsageError, WorkspaceBusy
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.story import FOLDER, is_story_id
from search_cli.output.questions import prompt
from search_cli.output.render import one_line
from search_cli.output.terminal import warn
from search_cli.view.reviewing import Desk, read_key

if TYPE_CHECKING:
    from index.relevance.drift import RelatedEvent
    from index.store import Store

_SHOWN_WORDS = 3
_KEYS = "i include · e exclude · f follow as a story · a all its articles · s skip · q quit"
_DECISIONS: dict[str, Decision] = {"i": "on-story", "e": "off-story"}


def events_of(workspace: Workspace, story: str) -> list[dict[str, Any]]:
    """A story's related events as records, each with its newest headline; none without a database."""
    if not workspace.database.exists():
        return []
    from index.relevance.drift import related_events
    from index.store import Store

    with Store.open(workspace.database) as store:
        return [event_record(store, event) for event in related_events(store, story)]


def event_record(store: Store, event: RelatedEvent[str]) -> dict[str, Any]:
    """What is told of an event: how many articles, since when, its words and its newest headline."""
    newest = store.articles.get(event.ids[:1])
    return {
        "articles": len(event.ids),
        "first": event.first.date().isoformat(),
        "last": event.last.date().isoformat(),
        "words": list(event.words),
        "example": newest[event.ids[0]].article.title,
    }


def event_line(record: dict[str, Any]) -> str:
    """A line for a related event: `5 articles since 2024-05-21 are of something else: …`."""
    words = ", ".join(record["words"][:_SHOWN_WORDS])
    return (
        f"{counted(record['articles'], 'article')} since {record['first']} tell of something else:"
        f" {words} (“{one_line(record['example'])}”)"
    )


def look_command(story: str) -> str:
    """The command that shows a story's related events."""
    return f"pressclip story split {story}"


def check_new(name: str, workspace: Workspace) -> None:
    """Raise `UsageError` if no story can be written under a name."""
    if not is_story_id(name):
        raise UsageError(f"{name}: not a valid story id", hint="lower case a-z, digits, - and _")
    if workspace.story_file(name).exists():
        raise UsageError(f"{FOLDER}/{name}.toml exists; nothing was changed")


def decide_on(desk: Desk, event: RelatedEvent[str], decision: Decision) -> None:
    """Store a decision on all articles of an event; raises `WorkspaceBusy`."""
    desk.decide(event.ids, decision, f"related event: {', '.join(event.words)}")


def ask_events(
    store: Store,
    desk: Desk,
    events: Sequence[RelatedEvent[str]],
    follow: Callable[[RelatedEvent[str], str], None],
) -> bool:
    """Ask what to do with each event; False when the user wants to leave.

    `follow` writes a story of an event under a name.
    """
    for place, event in enumerate(events, start=1):
        warn(f"\n{place} of {len(events)} · {desk.story.id} · related event")
        warn(event_line(event_record(store, event)))
        if not _ask(store, desk, event, follow):
            return False
    return True


def _ask(
    store: Store,
    desk: Desk,
    event: RelatedEvent[str],
    follow: Callable[[RelatedEvent[str], str], None],
) -> bool:
    """Ask until an event is decided on, followed or skipped; False for leaving."""
    while True:
        key = read_key(f"{_KEYS} ")
        if key == "q":
            return False
        if key == "s":
            return True
        if key == "a":
            warn("\n".join(_titles(store, event)))
        try:
            if key in _DECISIONS:
                decide_on(desk, event, _DECISIONS[key])
                return True
            if key == "f":
                name = prompt("id of the new story", option="pressclip story split --follow")
                check_new(name, desk.workspace)
                follow(event, name)
        except WorkspaceBusy as busy:
            warn(f"not stored: {busy}; press the key again when it is done")
        except UsageError as refused:
            warn(f"{refused}{f' ({refused.hint})' if refused.hint else ''}")


def _titles(store: Store, event: RelatedEvent[str]) -> Iterator[str]:
    found = store.articles.get(list(event.ids))
    for name in event.ids:
        article = found[name].article
        yield f"  {name}  {one_line(article.outlet)}  {one_line(article.title)}"
