"""A verdict but for what labels teach: what is kept of it, and how it is finished."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self

from index.article import Decision, Verdict
from index.relevance.corrections import Signals

ABOUT = 0.5
"""The score from which an article is on the story."""

UNSURE = 0.3
"""The score from which it is for a person to look at."""

FAINTEST = 0.1
"""What the rules must say of an article without a label for it to be learned from."""

UNMET = "the query is not met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A verdict but for what labels teach.

    `rules` is the score without them, `signals` what they weigh, `asks` whether they have a say. `faint`
    are the reasons of what stays off the story because it meets no query, `reasons` all others;
    `shortage` is why its text is too short, `when` how it is known whether it is `inside` the window.
    """

    rules: float
    alone: float = 0.0
    signals: Signals | None = None
    asks: bool = False
    reasons: tuple[str, ...] = ()
    faint: tuple[str, ...] | None = None
    shortage: str = ""
    inside: bool = True
    when: str = ""

    def finish(self, story: str, score: float, taught: tuple[str, ...] = ()) -> Verdict:
        """The verdict with a score of 0 to 1, and in words what labels have taught."""
        if self.faint is not None and score < UNSURE:
            return _verdict(story, "off-story", score, self.faint)
        reasons = (*self.reasons, *taught)
        if self.shortage:
            return _verdict(story, "off-story", score, (self.shortage, *reasons))
        decision = _decide(score) if self.inside else "outside-window"
        return _verdict(story, decision, score, (*reasons, self.when), self.alone)

    def to_json(self) -> str:
        """The draft as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of `to_json`; raises `ValueError`, `KeyError` or `TypeError` on foreign data."""
        data = json.loads(text)
        signals, faint = data["signals"], data["faint"]
        return cls(
            **{
                **data,
                "signals": Signals(**signals) if signals else None,
                "reasons": tuple(data["reasons"]),
                "faint": None if faint is None else tuple(faint),
            }
        )


def _decide(score: float) -> Decision:
    if score >= ABOUT:
        return "on-story"
    return "borderline" if score >= UNSURE else "mention"


def _verdict(
    story: str, decision: Decision, score: float, reasons: tuple[str, ...], alone: float = 0.0
) -> Verdict:
    kept = tuple(reason for reason in reasons if reason)
    return Verdict(story=story, decision=decision, score=round(score, 3), reasons=kept, alone=alone)
