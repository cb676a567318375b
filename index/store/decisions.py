"""What counts of an article for each story: its verdict, or the label that outvotes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from index.article import Verdict
from index.store.database import Connection

DECIDED = "you decided"


def read_decisions(connection: Connection, ids: Sequence[str]) -> dict[str, list[Verdict]]:
    """The verdicts on articles, labels in force, by article and in order of their stories."""
    marks = ",".join("?" * len(ids))
    found: dict[str, list[Verdict]] = {}
    for article, story, decision, score, reasons, alone, note in connection.execute(
        "SELECT article, story, decision, score, reasons, alone, note FROM decisions"
        f" WHERE article IN ({marks}) ORDER BY story",
        ids,
    ):
        verdict = Verdict(
            story=story,
            decision=decision,
            score=score,
            reasons=tuple(json.loads(reasons)),
            alone=alone,
        )
        found.setdefault(article, []).append(labelled(verdict, note))
    return found


def labelled(verdict: Verdict, note: str | None) -> Verdict:
    """A verdict whose decision is a label's, with a score and reasons that say so; None: no label."""
    if note is None:
        return verdict
    score = {"on-story": 1.0, "off-story": 0.0}.get(verdict.decision, verdict.score)
    told = f"{DECIDED}: {note}" if note else DECIDED
    return replace(verdict, score=score, reasons=(told, *verdict.reasons))
