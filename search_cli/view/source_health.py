"""What `pressclip status` says of the sources of past coverage, and of the recall that they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, tzinfo
from typing import Any

from index.coverage.estimates import Recall
from index.coverage.source_recall import StoryRecall, take_story_recall
from index.store import Store
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.story import Story
from search_cli.output.moments import moment
from search_cli.output.render import one_line


def source_health_lines(workspace: Workspace, story: str, zone: tzinfo) -> Iterator[str]:
    """What sources were asked for a story, and which of them is left alone for now; none without any."""
    if not workspace.database.exists():
        return
    with Store.open(workspace.database) as store:
        counts, states = store.backfill.counts(story), store.backfill.sources()
    for one in counts:
        parts = [f"{one.answered:,} of {counted(one.asked, 'request')} answered"]
        parts += [f"{one.candidates:,} promising"] if one.candidates else []
        parts += [f"{one.refused:,} failed"] if one.refused else []
        parts += [f"{one.planned:,} left"] if one.planned else []
        state = states.get(one.source)
        if state and state.paused_until and state.paused_until > datetime.now(UTC):
            why = one_line(f"{state.outcome}: {state.detail}")
            parts.append(f"left alone until {moment(state.paused_until, zone)} ({why})")
        yield f"{one.source}: {' · '.join(parts)}"


def source_records(workspace: Workspace, story: str) -> list[dict[str, Any]]:
    """The same as JSON values."""
    if not workspace.database.exists():
        return []
    with Store.open(workspace.database) as store:
        states = store.backfill.sources()
        return [
            {**asdict(one), "state": asdict(states[one.source]) if one.source in states else None}
            for one in store.backfill.counts(story)
        ]


def recall_lines(workspace: Workspace, stories: Sequence[Story]) -> Iterator[str]:
    """How much of each story the sources together say is held; none for one that only lists found."""
    if not workspace.database.exists():
        return
    with Store.open(workspace.database) as store:
        for story in stories:
            if store.backfill.counts(story.id):
                recall = take_story_recall(store, story, _outlet_of(workspace))
                yield from _recall_lines(story, recall)


def _outlet_of(workspace: Workspace) -> Callable[[str], str]:
    """The outlet of a host by outlets.toml, or as articles of none of them have it."""
    outlets = workspace.outlets()

    def outlet_of(host: str) -> str:
        declared = outlets.of_url(f"https://{host}/")
        return declared.id if declared else host

    return outlet_of


def _recall_lines(story: Story, found: StoryRecall) -> Iterator[str]:
    days = f", {found.days[0]} to {found.days[1]}" if found.days else ""
    yield f"{story.id}{days}: {estimate_line(found.articles, 'articles')}"
    yield f"  found by {samples_line(found.articles)}"
    yield f"  {estimate_line(found.outlets, 'outlets')}"
    methods = (one.estimate.method for one in (found.articles, found.outlets) if one.estimate)
    if told := ", ".join(dict.fromkeys(methods)):
        yield f"  method: {told}"


def estimate_line(recall: Recall, what: str) -> str:
    """`37 articles held of probably 44 (41–58)`, or why nothing can be said."""
    if recall.estimate is None:
        return f"{recall.held:,} {what} held; {recall.why_not}"
    found = recall.estimate
    return (
        f"{recall.held:,} {what} held of probably {found.total:,.0f}"
        f" ({found.low:,.0f}–{found.high:,.0f})"
    )


def samples_line(recall: Recall) -> str:
    """How many each sample named, most first."""
    named: Sequence[tuple[str, int]] = sorted(recall.channels.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {number:,}" for name, number in named)
