"""Verdicts re-evaluated at the two ends of a run; what comes in or goes by it has a line in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from crawler.ingest.read import ReadingContext
from crawler.ingest.rechecks import plan_first_recheck
from index.relevance import Readers, Reevaluation, reevaluate
from index.relevance.encode import Report, encode_news, find_translations
from index.store import Entry, StoredArticle, StoreWriter

_PART = 200


def reevaluate_verdicts(
    store: StoreWriter,
    readers: Readers,
    context: ReadingContext,
    run: int,
    *,
    workers: int = 0,
    report: Report = lambda done, number: None,
) -> Reevaluation:
    """Bring every verdict up to date; with a line in the ledger for each article that came or left by it.

    What has no vectors yet gets them first, where the encoder is installed. `readers` are all stories of
    the workspace, `context` those of the run, `report` hears how many were encoded. Raises `StorageError`.
    """
    encode_news(store, readers.stories, report)
    done = reevaluate(store, readers, workers=workers)
    find_translations(store)
    with store.transaction():
        for stored in _articles(store, (*done.entered, *done.left)):
            _note_verdict(store, stored, run)
        for stored in _articles(store, done.entered):
            plan_first_recheck(store, context, stored)
    return done


def _articles(store: StoreWriter, ids: Sequence[str]) -> Iterator[StoredArticle]:
    for start in range(0, len(ids), _PART):
        yield from store.articles.get(ids[start : start + _PART]).values()


def _note_verdict(store: StoreWriter, stored: StoredArticle, run: int) -> None:
    best = max(stored.verdicts, key=lambda verdict: verdict.score, default=None)
    reasons = f"{best.story}: {'; '.join(best.reasons)}" if best else "no story reads this outlet"
    capture = store.captures.decide_again(stored.id, stored.outcome)
    entry = Entry(
        url=stored.article.url,
        key=capture.key,
        outlet=stored.article.outlet,
        channel=capture.channel,
        outcome=stored.outcome,
        detail=f"judged again: {reasons}",
        at=datetime.now(UTC),
        run=run,
        capture=capture.id,
    )
    store.ledger.add([entry])
