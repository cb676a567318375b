"""Does an article belong to a story: verdicts with reasons, learned from and settled over the store.

`relevance` judges one article; `training` learns a story's profile from the store; `settling` brings
every verdict up to the stories, labels and articles as they are; `preview` tells what that would change.
"""

from index.relevance.assignment import GIVEN_CHANNELS, Readers
from index.relevance.preview import Borderline, Effect, borderline, effect_of, pending
from index.relevance.reevaluation import Settled, digest_of, is_settled, profiles_of, settle
from index.relevance.verdict import judge, judge_analysed

__all__ = [
    "GIVEN_CHANNELS",
    "Borderline",
    "Effect",
    "Readers",
    "Settled",
    "borderline",
    "digest_of",
    "effect_of",
    "is_settled",
    "judge",
    "judge_analysed",
    "pending",
    "profiles_of",
    "settle",
]
