"""Which stories judge an article: those that read its outlet, or all for a page that was named."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from index.capture import FINDERS
from index.workspace.outlets import Outlets
from index.workspace.story import Story

# The user or a source of past coverage named the page, not an outlet's list.
GIVEN_CHANNELS = frozenset({"urls", "warc", *FINDERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """The stories of a workspace, and for each that chooses its outlets, their ids."""

    stories: tuple[Story, ...] = ()
    outlets: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, stories: Sequence[Story], outlets: Outlets) -> Self:
        """The readers of the stories; raises `UsageError` for an outlet that is not declared."""
        chosen = {
            story.id: frozenset(outlet.id for outlet in story.outlets_of(outlets))
            for story in stories
            if story.outlets.use or story.outlets.add or story.outlets.drop
        }
        return cls(stories=tuple(stories), outlets=chosen)

    def stories_of(self, outlet: str, channels: Collection[str]) -> list[Story]:
        """The stories that judge what came from an outlet through these channels."""
        is_given = not GIVEN_CHANNELS.isdisjoint(channels)
        return [story for story in self.stories if is_given or self.reads(story, outlet)]

    def reads(self, story: Story, outlet: str) -> bool:
        """Whether a story reads an outlet."""
        return story.id not in self.outlets or outlet in self.outlets[story.id]
