"""`pressclip review`: decide by hand what the queries could not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from index.article import Decision
from index.errors import UsageError
from index.text.wording import counted
from index.workspace import Workspace
from search_cli.asking.articles import find_articles
from search_cli.output.formats import emit, format_options
from search_cli.output.moments import zone_of
from search_cli.output.questions import expect_answer
from search_cli.output.render import Column, Format
from search_cli.output.terminal import Terminal, note
from search_cli.session import Session
from search_cli.view.reviewing import Desk, Review, queue_of

if TYPE_CHECKING:
    from index.store import Store
    from index.workspace.story import Story

FIELDS = ("story", "id", "score", "outlet", "language", "published", "title", "url", "reasons")
_BATCH = 10  # answers after which the story learns and the queue is made again
COLUMNS = (
    Column(key="story", title="story"),
    Column(key="id", title="id", color="cyan"),
    Column(key="score", title="score", right=True),
    Column(key="outlet", title="outlet", most=24),
    Column(key="language", title="lang"),
    Column(key="title", title="title", grows=True),
)


@click.command()
@click.argument("story_id", metavar="[STORY]", required=False)
@click.option("--on", multiple=True, metavar="ID", help="Mark this article as on the story.")
@click.option("--mention", multiple=True, metavar="ID", help="Mark this article as a mere mention.")
@click.option("--off", multiple=True, metavar="ID", help="Mark this article as off the story.")
@click.option("--undo", multiple=True, metavar="ID", help="Withdraw your decision on this article.")
@click.option(
    "--note", "remark", default="", metavar="TEXT", help="Your reason, kept with the decision."
)
@format_options
@click.pass_obj
def review(
    session: Session,
    story_id: str | None,
    on: tuple[str, ...],
    mention: tuple[str, ...],
    off: tuple[str, ...],
    undo: tuple[str, ...],
    remark: str,
    style: Format | None,
) -> None:
    """Walk through the borderline articles, the least certain first, and decide on each.

    EXAMPLES
      pressclip review balloon
      pressclip review balloon --off m0c8t --note 'a festival'
      pressclip review balloon --undo m0c8t
      pressclip review --json                     only list them

    First you are asked about related events: groups of new articles that tell of something else
    (see story split). Include them, exclude them, or follow them as a story of their own.

    Then about articles that are borderline or little more. After every ten answers the story learns
    from them, tells you what changed, and asks on.

    Keys: y it belongs, m it only mentions the story, n it does not, s skip, w why, t the whole
    text, u undo, q quit. A decision is stored at once, covers all reprints of the text, wins over
    every query and survives a replay. With a format or --no-input the articles are only listed.
    """
    workspace = Workspace.find(session.directory)
    labels = _named(on=on, mention=mention, off=off, undo=undo)
    stories = [workspace.story(story_id)] if story_id else list(workspace.stories().values())
    if labels and len(stories) != 1:
        raise UsageError("which story?", hint="name it: pressclip review STORY --on ID")
    from index.store import Store

    with Store.open(workspace.database) as store:
        if labels:
            _label(session, workspace, store, stories[0], labels, remark)
        elif style is not None or not session.ask:
            _list(session, store, stories, style)
        else:
            _walk(session, workspace, store, stories)


def _named(**names: tuple[str, ...]) -> list[tuple[str, Decision | None]]:
    decisions: Mapping[str, Decision | None] = {
        "on": "on-story", "mention": "mention", "off": "off-story", "undo": None,
    }  # fmt: skip
    return [(name, decisions[option]) for option, given in names.items() for name in given]


def _label(
    session: Session,
    workspace: Workspace,
    store: Store,
    story: Story,
    labels: Sequence[tuple[str, Decision | None]],
    remark: str,
) -> None:
    """Store the decisions that the command line names."""
    ids = find_articles(workspace, store, [name for name, _ in labels])
    desk = Desk(workspace, story, datetime.now(UTC))
    known = {name: label.decision for name, label in store.labels.of(story.id).items()}
    families = {name: found.family for name, found in store.articles.get([*known, *ids]).items()}
    for identity, (_, decision) in zip(ids, labels, strict=True):
        desk.decide([identity], decision, remark)
        note(session, f"{identity}: {decision or 'decided by its verdict again'}")
        if decision is not None:
            if told := _contradicted(identity, decision, known, families):
                note(session, told)
            known[identity] = decision
    finish(session, desk)


def _contradicted(
    identity: str, decision: Decision, known: Mapping[str, Decision], families: Mapping[str, str]
) -> str:
    """That a decision is against an earlier one, on the article or on a reprint of it; else empty."""
    before = known.get(identity, decision)
    if before != decision:
        return f"{identity}: you had decided {before}; the last one stands"
    for other, found in sorted(known.items()):
        same = other != identity and families.get(other) == families.get(identity)
        if same and (found == "on-story") != (decision == "on-story"):
            return f"{identity}: a reprint of {other}, on which you decided {found}; both stand"
    return ""


def _list(session: Session, store: Store, stories: Sequence[Story], style: Format | None) -> None:
    rows: list[dict[str, Any]] = []
    for story in stories:
        for group in queue_of(store, story.id):
            record = group.first.article.to_dict()
            verdict = group.verdict
            own = {
                "story": story.id,
                "id": group.first.id,
                "score": verdict.score,
                "reasons": list(verdict.reasons),
            }
            rows.append({**record, **own})
    if not rows:
        note(session, "nothing to review")
    emit(session, rows, style=style, fields=FIELDS, columns=COLUMNS)


def _walk(session: Session, workspace: Workspace, store: Store, stories: Sequence[Story]) -> None:
    expect_answer("Does it belong?", option="--no-input to list them, --on ID or --off ID")
    terminal, zone = Terminal.of(session), zone_of(session, workspace)
    for story in stories:
        seen: set[str] = set()
        if not _ask_related(session, workspace, store, story):
            return
        waiting = queue_of(store, story.id)
        if not waiting:
            note(session, f"{story.id}: nothing to review")
        while waiting:
            batch = waiting[:_BATCH]
            seen.update(group.first.id for group in batch)
            desk = Desk(workspace, story, datetime.now(UTC))
            with ExitStack() as stack:
                stack.callback(finish, session, desk)  # Ctrl-C loses nothing either
                if not Review(desk, batch, terminal, zone).run():
                    return
            waiting = [group for group in queue_of(store, story.id) if group.first.id not in seen]


def _ask_related(session: Session, workspace: Workspace, store: Store, story: Story) -> bool:
    """Ask about what came in lately and tells of something else; False when the user wants to leave."""
    from index.relevance.drift import related_events
    from search_cli.commands.story_new import follow_event
    from search_cli.view.related import ask_events

    if not (events := related_events(store, story.id)):
        return True
    desk = Desk(workspace, story, datetime.now(UTC))
    with ExitStack() as stack:
        stack.callback(finish, session, desk)
        return ask_events(
            store,
            desk,
            events,
            lambda event, name: follow_event(session, workspace, store, event, name),
        )


def finish(session: Session, desk: Desk) -> None:
    """Say what was decided, and bring verdicts and index up to it."""
    if desk.is_settled:
        return
    desk.settle()
    counts = Counter(desk.decided.values())
    told = ", ".join(f"{number} {decision}" for decision, number in counts.items()) or "no decision"
    note(session, f"{desk.story.id}: {told}; {_taught(desk)}; the search index is up to date")


def _taught(desk: Desk) -> str:
    """What the decisions changed beside the articles that they are for."""
    change = desk.change
    if change is None:
        return "no verdict changed"
    entered, left = (len({*ids} - desk.decided.keys()) for ids in (change.entered, change.left))
    return (
        f"{counted(change.changed, 'verdict')} changed by it,"
        f" {counted(entered, 'other article')} came in and {left:,} left"
    )
