"""Does an article belong to a story: verdicts with reasons, learned from and settled over the store.

`relevance` judges one article; `training` learns a story's profile from the store; `settling` brings
every verdict up to the stories, labels and articles as they are; `preview` tells what that would change.
"""

from index.judging.preview import Borderline, Effect, borderline, effect_of, pending
from index.judging.readers import GIVEN_CHANNELS, Readers
from index.judging.relevance import judge, judge_analysed
from index.judging.settling import Settled, digest_of, is_settled, profiles_of, settle

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
