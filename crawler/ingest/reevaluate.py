"""Verdicts settled at the two ends of a run; what came into the corpus or left it by that is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from crawler.ingest.read import Desk
from crawler.ingest.rechecks import plan_first_recheck
from index.relevance import Readers, Reevaluation, reevaluate
from index.store import Entry, StoredArticle, StoreWriter

_PART = 200


def settle_verdicts(
    store: StoreWriter, readers: Readers, desk: Desk, run: int, *, workers: int = 0
) -> Reevaluation:
    """Bring every verdict up to date; the ledger tells of each article that came or left by it.

    `readers` are all stories of the workspace, `desk` those of the run. Raises `StorageError`.
    """
    settled = reevaluate(store, readers, workers=workers)
    with store.transaction():
        for stored in _articles(store, (*settled.entered, *settled.left)):
            _tell(store, stored, run)
        for stored in _articles(store, settled.entered):
            plan_first_recheck(store, desk, stored)
    return settled


def _articles(store: StoreWriter, ids: Sequence[str]) -> Iterator[StoredArticle]:
    for start in range(0, len(ids), _PART):
        yield from store.articles.get(ids[start : start + _PART]).values()


def _tell(store: StoreWriter, stored: StoredArticle, run: int) -> None:
    best = max(stored.verdicts, key=lambda verdict: verdict.score, default=None)
    told = f"{best.story}: {'; '.join(best.reasons)}" if best else "no story reads this outlet"
    capture = store.captures.decide_again(stored.id, stored.outcome)
    entry = Entry(
        url=stored.article.url,
        key=capture.key,
        outlet=stored.article.outlet,
        channel=capture.channel,
        outcome=stored.outcome,
        detail=f"judged again: {told}",
        at=datetime.now(UTC),
        run=run,
        capture=capture.id,
    )
    store.ledger.add([entry])
