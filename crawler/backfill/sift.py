"""What a worker makes of a source's answer: candidates in the order of their promise, and copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.backfill import gal, read_answer
from crawler.backfill.asks import Ask, Copy, Scope
from crawler.backfill.judging import Judge, OutletOf, candidates_of
from crawler.refusal import Refusal
from crawler.urls import canonical
from index.relevance.profile import Profile
from index.store import Candidate
from index.store.backfill import KnownCopy
from index.workspace.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A request to a source, and the body that came for it."""

    ask: Ask
    body: bytes
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiftedAnswer:
    """What an answer came to: `records` in all, and by code those that were no use."""

    candidates: tuple[Candidate, ...] = ()
    copies: tuple[KnownCopy, ...] = ()
    more: tuple[Ask, ...] = ()
    records: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)


def sift_answer(
    answered: Answered, scope: Scope, profile: Profile | None, outlet_of: OutletOf
) -> SiftedAnswer | Refusal:
    """Read an answer and judge what it names; only copies of what is wanted are kept in mind."""
    judge, ask = _judge_of(scope.story, profile), answered.ask
    if ask.source == gal.SOURCE:  # hundreds of records for one of a story: most are not even made
        answer = gal.read(answered.body, judge.sieves[""])
    else:
        answer = read_answer(ask, answered.body, answered.content_type, scope)
    if isinstance(answer, Refusal):
        return answer
    candidates: dict[str, Candidate] = {}
    copies = [known(copy) for copy in answer.copies]
    for candidate, lead in candidates_of(
        answer.leads, scope, judge, answered.ask.source, outlet_of
    ):
        best = candidates.get(candidate.key)
        if best is None or best.score < candidate.score:
            candidates[candidate.key] = candidate
        if lead.copy is not None:
            copies.append(known(lead.copy))
    return SiftedAnswer(
        candidates=tuple(candidates.values()),
        copies=tuple(one for one in copies if one.key),
        more=answer.more,
        records=answer.records,
        refused=dict(answer.refused),
    )


def known(copy: Copy) -> KnownCopy:
    """A copy as the store keeps it, under the identity of its page."""
    return KnownCopy(
        key=canonical(copy.url),
        url=copy.url,
        address=copy.address,
        captured=copy.captured,
        archive=copy.archive,
        digest=copy.digest,
        start=copy.start,
        length=copy.length,
    )


_judges: dict[str, tuple[Profile | None, Judge]] = {}


def _judge_of(story: Story, profile: Profile | None) -> Judge:
    """The judge of a story, made once in a process; what was learned of a story is the run's."""
    made = _judges.get(story.id)
    if made is None or made[0] is not profile or made[1].story != story:
        made = _judges[story.id] = (profile, Judge.of(story, profile))
    return made[1]
