"""Verdicts finished again from their drafts, where labels teach something else and nothing else changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from index.article import Verdict
from index.relevance.corrections import Corrections
from index.relevance.draft import Draft
from index.relevance.hashes import terms_of
from index.relevance.profile import Profile
from index.store import StoreWriter
from index.store.evidence import Drafted

if TYPE_CHECKING:
    from index.relevance.neighbours import Neighbours


def finish_again(
    store: StoreWriter, story: str, profile: Profile | None, others: Collection[str]
) -> int:
    """Finish the verdicts of a story by what labels teach now, but for `others`; how many changed.

    No article is read. Raises `StorageError` children.
    """
    from index.relevance.neighbours import (
        Neighbours,  # numpy, which a run without labels does without
    )

    taught = profile.corrections if profile is not None else None
    near = Neighbours(taught) if taught is not None else None
    skipped, number = frozenset(others), 0
    for part in store.evidence.drafted(story):
        asked = [one for one in part if one.article not in skipped]
        number += _put(store, asked, list(_finish(story, asked, taught, near)))
    return number


def _finish(
    story: str, part: Sequence[Drafted], taught: Corrections | None, near: Neighbours | None
) -> Iterator[Verdict]:
    drafts = [Draft.from_json(one.draft) for one in part]
    if taught is None or near is None:
        yield from (draft.finish(story, draft.rules) for draft in drafts)
        return
    held = near.held([terms_of(one.compared) for one in part])
    for draft, own in zip(drafts, held, strict=True):
        if draft.asks and draft.signals is not None:
            yield draft.finish(story, *taught.correct(draft.signals, own))
        else:
            yield draft.finish(story, draft.rules)


def _put(store: StoreWriter, part: Sequence[Drafted], verdicts: Sequence[Verdict]) -> int:
    """Write what is another verdict now; only another decision is a change of its article."""
    changed = [
        (one.article, verdict, one.verdict.decision != verdict.decision)
        for one, verdict in zip(part, verdicts, strict=True)
        if one.verdict != verdict
    ]
    with store.transaction():
        store.verdicts.say_anew(
            [(name, verdict) for name, verdict, decides in changed if not decides]
        )
        for name, verdict, decides in changed:
            if decides:
                store.verdicts.judge(name, [verdict])
    return len(changed)
