"""Whether what an outlet says of its pages' and lists' changes is worth asking for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

ENOUGH = 5  # visits that a judgement takes
RARE = 0.1

Worth = Literal["unknown", "works", "never"]


def says_nothing(answers: Mapping[str, int]) -> bool:
    """Whether a lastmod that says "changed" is followed by the very same sitemap nearly always."""
    same, changed = answers.get("same", 0), answers.get("changed", 0)
    return same >= ENOUGH and changed <= RARE * (same + changed)


def validators(answers: Mapping[str, int]) -> Worth:
    """Whether asking with validators saves anything: `never` where the same bytes come time and again."""
    if answers.get("unmodified", 0):
        return "works"
    return "never" if answers.get("same", 0) >= ENOUGH else "unknown"
