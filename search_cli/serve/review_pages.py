"""Deciding in the browser on what the queries could not: the text to decide on, and the decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index.article import Decision
from index.errors import UsageError
from search_cli.output.moments import dated
from search_cli.view.reviewing import Desk, queue_of

if TYPE_CHECKING:
    from search_cli.serve.desk import ServedDesk

CHOICES: tuple[tuple[str, str, str], ...] = (
    ("y", "on-story", "It belongs"),
    ("m", "mention", "It only mentions the story"),
    ("n", "off-story", "It does not belong"),
)
_DECISIONS: Mapping[str, Decision] = {
    "on-story": "on-story",
    "mention": "mention",
    "off-story": "off-story",
}


@dataclass(slots=True)
class BrowserReview:
    """The decisions of one time that the desk is served; they are stored one by one, as they are made."""

    served: ServedDesk
    token: str
    desks: dict[str, Desk] = field(default_factory=dict)
    done: dict[str, list[list[str]]] = field(default_factory=dict)

    def next_text(self, story_id: str, skipped: tuple[str, ...]) -> dict[str, Any]:
        """The least certain text that was not skipped; raises `UsageError` for an unknown story."""
        story = self.served.workspace.story(story_id)
        corpus = self.served.corpus
        groups = queue_of(corpus.store, story_id)
        left = [group for group in groups if group.first.id not in skipped]
        group = left[0] if left else None
        names = corpus.outlet_names()
        return {
            "story": story,
            "waiting": len(groups),
            "skipped": skipped,
            "undo": bool(self.done.get(story_id)),
            "pending": self.pending(story_id),
            "choices": CHOICES,
            "group": group
            and {
                "id": group.first.id,
                "title": group.first.article.title,
                "language": group.first.article.language,
                "paragraphs": [
                    line for line in group.first.article.text.split("\n") if line.strip()
                ],
                "facts": [
                    names.get(group.first.article.outlet, group.first.article.outlet),
                    dated(group.first.article, corpus.zone),
                    group.first.article.language,
                    f"score {group.verdict.score:.2f}",
                    f"{len(group.reprints)} reprints" if group.reprints else "",
                ],
                "reasons": group.verdict.reasons,
                "url": group.first.article.url,
            },
        }

    def decide(self, story_id: str, article: str, decision: str) -> None:
        """Store a decision on a text of the queue and its reprints.

        Raises `UsageError` for what is not a decision or is not in the queue, and `WorkspaceBusy`.
        """
        if decision not in _DECISIONS:
            raise UsageError(f"no such decision: {decision}")
        groups = {group.first.id: group for group in queue_of(self.served.corpus.store, story_id)}
        if article not in groups:
            raise UsageError(f"{article} does not wait for a decision", hint="see the next one")
        ids = groups[article].ids
        self._desk(story_id).decide(ids, _DECISIONS[decision])
        self.done.setdefault(story_id, []).append(ids)

    def undo(self, story_id: str) -> None:
        """Take the last decision back; raises `UsageError` if there is none, and `WorkspaceBusy`."""
        done = self.done.get(story_id)
        if not done:
            raise UsageError("nothing to undo")
        self._desk(story_id).decide(done[-1], None)
        done.pop()

    def pending(self, story_id: str) -> int:
        """How many decisions verdicts and index do not know yet."""
        desk = self.desks.get(story_id)
        return 0 if desk is None or desk.is_settled else len(self.done.get(story_id, ()))

    def settle(self) -> None:
        """Learn from all decisions, judge again, bring the index up; raises `WorkspaceBusy`."""
        waiting = [desk for desk in self.desks.values() if not desk.is_settled]
        if waiting:
            waiting[0].settle()  # which judges by every story
        for desk in waiting:
            desk.is_settled = True

    def _desk(self, story_id: str) -> Desk:
        if story_id not in self.desks:
            story = self.served.workspace.story(story_id)
            self.desks[story_id] = Desk(self.served.workspace, story, datetime.now(UTC))
        return self.desks[story_id]
