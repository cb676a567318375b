"""Outlets learned from what the store holds of their pages; titles read before follow what is known now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from index.habits.learn import NEWEST, learn
from index.habits.priors import priors_of
from index.habits.titles import without_parts
from index.store.store import StoreWriter
from index.workspace.outlets import Outlets

SAME_TEXTS = 3  # addresses with one text that make it doubtful
SAME_TEXT = "its text stands at"  # how the doubt begins


def learn_habits(
    store: StoreWriter, outlets: Iterable[str], declared: Outlets, written: Collection[str] = ()
) -> None:
    """Learn these outlets again, by the pages that the store holds now; raises `StorageError` children.

    The result depends on the set of articles, not on their order. `written` are the ids of what was
    read since the last time: it may have been read with less than is known now.
    """
    for outlet in sorted(outlets):
        known = declared.by_id.get(outlet)
        with store.transaction():
            pages = store.habits.traits(outlet, NEWEST)
            learned = learn(pages, country=known.country if known else "")
            parts = priors_of(known, learned).title_parts
            is_new = not store.habits.of(outlet).cut.issuperset(parts)
            store.habits.learn(outlet, replace(learned, cut=frozenset(parts)))
            _cut_titles(store, outlet, parts, among=None if is_new else written)
            _mark_same_texts(store, outlet)


def with_new_parts(store: StoreWriter, declared: Outlets) -> set[str]:
    """The outlets of which outlets.toml names parts of titles that were not taken off yet."""
    return {
        known.id
        for known in declared
        if known.title_parts and not store.habits.of(known.id).cut.issuperset(known.title_parts)
    }


def _mark_same_texts(store: StoreWriter, outlet: str) -> None:
    """Mark articles whose very text is at three addresses of the outlet under different headlines.

    They may be a wall or a notice: they are kept, and `witnesses.kind` says so.
    """
    doubted: dict[str, str] = {}
    for ids in store.habits.same_texts(outlet, SAME_TEXTS):
        titles = {held.article.title for held in store.articles.get(ids).values()}
        if len(titles) > 1:
            doubted |= dict.fromkeys(ids, f"{SAME_TEXT} {len(ids)} addresses of the outlet")
    store.articles.doubt(outlet, SAME_TEXT, doubted)


def _cut_titles(
    store: StoreWriter, outlet: str, parts: Collection[str], *, among: Collection[str] | None
) -> None:
    """Give the articles that were read before their titles without what is known now to be none of them.

    `among` are ids, None for all. A visit to come then finds the headline that it has, and no edit.
    """
    for identity, title in store.articles.titles(outlet, among):
        if (headline := without_parts(title, parts)) != title:
            store.articles.retitle(identity, headline)
