"""Does an article belong to a story: verdicts with reasons, learned from the store.

`verdict` judges one article; `training` learns a story's profile from the store; `reevaluation` brings
every verdict up to the stories, labels and articles as they are; `preview` shows what that would change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.faces import load_on_demand

if TYPE_CHECKING:
    from index.relevance.assignment import GIVEN_CHANNELS, Readers
    from index.relevance.preview import Borderline, Effect, borderline, effect_of, pending
    from index.relevance.reevaluation import (
        Reevaluation,
        digest_of,
        is_current,
        profiles_of,
        reevaluate,
    )
    from index.relevance.verdict import judge, judge_analysed, score_by_queries
else:
    __getattr__ = load_on_demand(
        __name__,
        {
            "assignment": "GIVEN_CHANNELS Readers",
            "preview": "Borderline Effect borderline effect_of pending",
            "reevaluation": "Reevaluation digest_of is_current profiles_of reevaluate",
            "verdict": "judge judge_analysed score_by_queries",
        },
    )

__all__ = [
    "GIVEN_CHANNELS",
    "Borderline",
    "Effect",
    "Readers",
    "Reevaluation",
    "borderline",
    "digest_of",
    "effect_of",
    "is_current",
    "judge",
    "judge_analysed",
    "pending",
    "profiles_of",
    "reevaluate",
    "score_by_queries",
]
