"""`pressclip story`: what to look for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from index.workspace import Workspace
from index.workspace.story import Story
from index.workspace.toml_reader import format_duration
from search_cli.commandline.lazy import LazyGroup, Verb
from search_cli.output.formats import emit, emit_record, format_options
from search_cli.output.render import Column, Format
from search_cli.output.terminal import note
from search_cli.session import Session
from search_cli.view.related import event_line, events_of, look_command

_HERE = "search_cli.commands.story"
SECTIONS = {
    "Commands": {
        "new": Verb("search_cli.commands.story_new:new", "Write a commented story file."),
        "quality": Verb(
            "search_cli.commands.story_quality:quality", "Precision and recall, from your answers."
        ),
        "suggest": Verb(
            "search_cli.commands.story_suggest:suggest", "A query for a language that has none."
        ),
        "translate": Verb(
            "search_cli.commands.story_translate:translate",
            "Its query in other languages, by Wikipedia's titles.",
        ),
        "split": Verb(
            "search_cli.commands.story_split:split", "Related events: include, exclude, follow."
        ),
        "edit": Verb(
            "search_cli.commands.story_edit:edit", "Edit a story, and see what that changes."
        ),
        "check": Verb("search_cli.commands.story_check:check", "Check the files; try the queries."),
        "list": Verb(f"{_HERE}:list_stories", "List the stories."),
        "show": Verb(f"{_HERE}:show", "Show a story as it was understood."),
    }
}
COLUMNS = (
    Column(key="id", title="id", color="cyan"),
    Column(key="window", title="window"),
    Column(key="languages", title="languages", most=24),
    Column(key="outlets", title="outlets", right=True),
    Column(key="title", title="title", grows=True),
)


@click.group(cls=LazyGroup, sections=SECTIONS)
def story() -> None:
    """Define what to look for: one TOML file per story, in stories/.

    EXAMPLES
      pressclip story new balloon --match en '"spy balloon"'
      pressclip story new balloon --from clipping.txt
      pressclip story check balloon
      pressclip story suggest balloon zh
      pressclip story list
    """


@click.command(name="list")
@format_options
@click.pass_obj
def list_stories(session: Session, style: Format | None) -> None:
    """List the stories with their windows, languages and numbers of outlets.

    EXAMPLES
      pressclip story list
      pressclip story list --json
    """
    workspace = Workspace.find(session.directory)
    outlets = workspace.outlets()
    rows = [
        {
            "id": story.id,
            "window": str(story.window),
            "languages": ", ".join(story.languages or story.match),
            "outlets": len(story.outlets_of(outlets)),
            "title": story.title,
        }
        for story in workspace.stories().values()
    ]
    if not rows:
        note(session, "No story yet.\nnext: pressclip story new ID")
    fields = tuple(column.key for column in COLUMNS)
    emit(session, rows, style=style, fields=fields, columns=COLUMNS)


@click.command()
@click.argument("story_id", metavar="ID")
@format_options
@click.pass_obj
def show(session: Session, story_id: str, style: Format | None) -> None:
    """Show a story with all defaults filled in and all collections resolved.

    On stderr stands what came in lately and tells of something else (see story split).

    EXAMPLES
      pressclip story show balloon
      pressclip story show balloon --json
    """
    workspace = Workspace.find(session.directory)
    found = workspace.story(story_id)
    record: dict[str, Any] = story_record(found)
    record["outlets"] = [outlet.id for outlet in found.outlets_of(workspace.outlets())]
    events = events_of(workspace, story_id)
    if style in ("json", "jsonl"):
        emit_record(session, {**record, "related_events": events}, style=style)
        return
    emit_record(session, dict(_flatten(record)), style=style)
    for event in events:
        note(session, event_line(event))
    if events:
        note(session, f"next: {look_command(story_id)}")


def story_record(story: Story) -> dict[str, Any]:
    """The story as plain values under the keys of its file."""
    return {
        "id": story.id,
        "title": story.title,
        "about": story.about,
        "window": str(story.window),
        "languages": story.languages,
        "match": {**story.match, **({"not": story.not_query} if story.not_query else {})},
        "seeds": [
            {"lang": seed.language, "title": seed.title, "words": ", ".join(seed.words)}
            for seed in story.seeds
        ],
        "min_words": story.min_words,
        "keep": {"always": story.keep_always, "never": story.keep_never},
        "discover": {
            "feeds": story.discover.feeds,
            "sitemaps": story.discover.sitemaps,
            "sections": story.discover.sections,
            "seeds": story.discover.seeds,
            "follow": story.discover.follow,
            "limit_per_outlet": story.discover.limit_per_outlet,
        },
        "schedule": {
            "every": format_duration(story.schedule.every),
            "until": str(story.schedule.until or ""),
            "then": format_duration(story.schedule.then),
            "recheck": [format_duration(age) for age in story.schedule.recheck],
            "at_night_only": story.schedule.at_night_only,
        },
        "alert": {"run": story.alert_run},
        "frames": story.frames,
    }


def _flatten(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of nested tables under dotted keys, as TOML would name them."""
    for key, value in record.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        elif value not in ("", (), []):
            yield prefix + key, value
