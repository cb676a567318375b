"""Outlets learned from what the store holds of their pages; titles read before follow what is known now."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from index.habits.learn import NEWEST, learn
from index.habits.priors import priors_of
from index.habits.titles import without_parts
from index.store.store import StoreWriter
from index.workspace.outlets import Outlets


def learn_habits(store: StoreWriter, outlets: Iterable[str], declared: Outlets) -> None:
    """Learn these outlets anew, by the pages that the store holds now; raises `StorageError` children.

    The result depends on the set of articles, not on their order.
    """
    for outlet in sorted(outlets):
        known = declared.by_id.get(outlet)
        with store.transaction():
            pages = store.habits.traits(outlet, NEWEST)
            habits = learn(pages, country=known.country if known else "")
            is_new = habits.title_parts != store.habits.of(outlet).title_parts
            store.habits.learn(outlet, habits)
            if is_new:
                _cut_titles(store, outlet, priors_of(known, habits).title_parts)


def _cut_titles(store: StoreWriter, outlet: str, parts: Collection[str]) -> None:
    """Give the articles that were read before their titles without what is known now to be none of them.

    A visit to come then finds the headline that it has, and no edit.
    """
    for identity, title in store.articles.titles(outlet):
        if (headline := without_parts(title, parts)) != title:
            store.articles.retitle(identity, headline)
