"""The corpus in SQLite: one store, with a part for each noun; the only SQL beside that of `families`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.faces import load_on_demand

if TYPE_CHECKING:
    from index.store.captures import DecidedCapture, KnownCapture
    from index.store.cases import Case
    from index.store.counts import StoryCount
    from index.store.evaluations import Evaluation
    from index.store.frontier import Candidate
    from index.store.hosts import Host, SiteFile
    from index.store.labels import Label
    from index.store.ledger import Entry, RunRecord
    from index.store.lists import ListPage, Span
    from index.store.past import StoreAt
    from index.store.rechecks import Recheck
    from index.store.recording import Recorded
    from index.store.samples import FirstSight
    from index.store.standings import Removal, Standing, Version
    from index.store.store import Store, StoreWriter
    from index.store.stored import StoredArticle
else:
    __getattr__ = load_on_demand(
        __name__,
        {
            "captures": "DecidedCapture KnownCapture",
            "cases": "Case",
            "counts": "StoryCount",
            "evaluations": "Evaluation",
            "frontier": "Candidate",
            "hosts": "Host SiteFile",
            "labels": "Label",
            "ledger": "Entry RunRecord",
            "lists": "ListPage Span",
            "past": "StoreAt",
            "rechecks": "Recheck",
            "recording": "Recorded",
            "samples": "FirstSight",
            "standings": "Removal Standing Version",
            "store": "Store StoreWriter",
            "stored": "StoredArticle",
        },
    )

__all__ = [
    "Candidate",
    "Case",
    "DecidedCapture",
    "Entry",
    "Evaluation",
    "FirstSight",
    "Host",
    "KnownCapture",
    "Label",
    "ListPage",
    "Recheck",
    "Recorded",
    "Removal",
    "RunRecord",
    "SiteFile",
    "Span",
    "Standing",
    "Store",
    "StoreAt",
    "StoreWriter",
    "StoredArticle",
    "StoryCount",
    "Version",
]
