"""Articles that meet nothing of a query and are hardly like the story: judged at once, none is read.

Of such an article the verdict is always the same: off the story, with a score that closeness alone makes.
When a story or what was learned of it changes, most of a desk's articles are of this kind before and after;
all others are found here, to be judged one by one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from index.article import Verdict
from index.relevance.assignment import Readers
from index.relevance.draft import UNMET
from index.relevance.measures import FAINT
from index.relevance.nearness import is_without_query
from index.relevance.profile import Profile
from index.relevance.verdict import doubts_of, plain_address
from index.store import Store
from index.store.evidence import Judged
from index.workspace.story import Story

_PLAIN = json.dumps([UNMET])[:-1]
_MARGIN = 1e-9  # sums in another order differ by less


def met_by_query(store: Store, readers: Readers, story: Story) -> set[str] | None:
    """The articles that a changed query may concern; None: any may be.

    Those that hold a word of it, those whose verdict was more than faint, those decided by hand, and
    those that are not known well enough.
    """
    if story.keeps_everything or story.id in readers.outlets:
        return None
    if store.verdicts.number(story.id) < store.samples.size():
        return None
    from index.relevance.touching import find_touched  # numpy, as below

    touched = find_touched(store, story)
    by_hand = {plain_address(name) for name in (*story.keep_always, *story.keep_never)}
    if by_hand:
        touched |= {
            article
            for article, names in store.aliases.all_names()
            if not by_hand.isdisjoint(map(plain_address, names))
        }
    return touched | store.verdicts.except_off(story.id, _PLAIN)


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What was found by looking at all articles of a story at once.

    `others` may be more than faint now, or were: they have to be judged one by one. `changed` are the
    verdicts that are to be of the rest, by article, where they are others now.
    """

    others: set[str]
    changed: dict[str, Verdict]


def judge_at_once(
    store: Store, story: Story, profile: Profile | None, *, is_edited: bool
) -> AtOnce:
    """The verdicts on all articles of the kind, beside those that a query concerns; writes nothing."""
    from index.relevance.closeness import Likeness

    others = store.evidence.drafted_ids(story.id) | store.evidence.unknown()
    others |= set(store.labels.of(story.id))
    meant = profile is not None and profile.meaning is not None
    encoded = store.encodings.encoded() if meant else frozenset()
    changed: dict[str, Verdict] = {}
    likeness = Likeness(profile)
    for part in store.evidence.unlike(story.id):
        close, scores = likeness.judge([one.compared for one in part])
        for one, value, score in zip(part, close.tolist(), scores.tolist(), strict=True):
            abroad = one.article in encoded and is_without_query(story, one.compared.language)
            if value >= FAINT - _MARGIN or abroad:
                others.add(one.article)
            elif _is_plain(one):
                verdict = _verdict(story, one, round(score, 3), is_edited=is_edited)
                if verdict is not None:
                    changed[one.article] = verdict
    return AtOnce(others, changed)


def _is_plain(one: Judged) -> bool:
    return one.decision == "off-story" and one.reasons.startswith(_PLAIN)


def _verdict(story: Story, one: Judged, score: float, *, is_edited: bool) -> Verdict | None:
    """The verdict as it is to be, None where it is that."""
    reasons: Sequence[str] = json.loads(one.reasons) if not is_edited else ()
    if is_edited:
        doubts = doubts_of(story, one.compared.language, undated=one.compared.undated)
        reasons = (UNMET, *doubts)
        if score == one.score and one.reasons == json.dumps(reasons, ensure_ascii=False):
            return None
    elif score == one.score:
        return None
    return Verdict(story=story.id, decision="off-story", score=score, reasons=tuple(reasons))
