"""What an edit of a story would change, before it is saved; and the articles nearest the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from index.article import Decision, Verdict
from index.relevance.assignment import Readers
from index.relevance.batches import Bench, each_part, rule
from index.relevance.reevaluation import digest_of, profiles_of
from index.relevance.verdict import ABOUT
from index.store import ArticleStore
from index.workspace.outlets import Outlets
from index.workspace.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The ids that a changed story would keep and the story as it is does not, and the other way."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Borderline:
    """Ids and scores nearest the threshold, the nearest first: on the story, and not."""

    above: tuple[tuple[str, float], ...] = ()
    below: tuple[tuple[str, float], ...] = ()


def effect_of(
    store: ArticleStore,
    before: Story | None,
    after: Story,
    outlets: Outlets,
    *,
    workers: int = 0,
) -> Effect:
    """What editing a story from `before` (None: it is new) to `after` adds and removes; writes nothing.

    By what has been learned of the story so far: the re-evaluation learns anew from what the edit brings, so
    its result may differ by some that no query meets. About 3 ms an article and core.
    """
    then = _kept(store, before, outlets, workers) if before is not None else set()
    now = _kept(store, after, outlets, workers)
    return Effect(added=tuple(sorted(now - then)), removed=tuple(sorted(then - now)))


def pending(store: ArticleStore, story: Story, outlets: Outlets, *, workers: int = 0) -> Effect:
    """What a story's file as it is now will change in the corpus; by what was learned, as `effect_of`."""
    then = {name for name, decision in _decided(store, story) if _keeps(story.id, decision)}
    now = _kept(store, story, outlets, workers)
    return Effect(added=tuple(sorted(now - then)), removed=tuple(sorted(then - now)))


def borderline(store: ArticleStore, story: str, number: int = 5) -> Borderline:
    """So many articles on each side of the threshold of a story; what has a label is left out."""
    return Borderline(
        above=_nearest(store, story, "decision = 'on-story' AND score >= ?", "ASC", number),
        below=_nearest(
            store, story, "decision IN ('borderline', 'off-story') AND score < ?", "DESC", number
        ),
    )


def _nearest(
    store: ArticleStore, story: str, where: str, order: str, number: int
) -> tuple[tuple[str, float], ...]:
    rows = store.connection.execute(
        f"SELECT article, score FROM decisions WHERE story = ? AND {where} AND note IS NULL"
        f" AND score > 0 ORDER BY score {order}, article LIMIT ?",
        (story, ABOUT, number),
    )
    return tuple((row[0], row[1]) for row in rows)


def _kept(store: ArticleStore, story: Story, outlets: Outlets, workers: int) -> set[str]:
    """The ids that a story keeps, labels in force; judged anew where its file has changed since."""
    found = _stored(store, story)
    readers = Readers.of([story], outlets)
    state = store.connection.execute(
        "SELECT digest, revision FROM judgings WHERE story = ?", (story.id,)
    ).fetchone()
    if state != (digest_of(story, readers), store.revision()):
        bench = Bench(readers=readers, profiles=profiles_of(store), named=frozenset({story.id}))
        for rulings in each_part(
            store.path, store.connection, store.all_ids(), partial(rule, bench), workers=workers
        ):
            for ruling in rulings:
                found.pop(ruling.id, None)
                found |= [(ruling.id, verdict.decision) for verdict in ruling.verdicts]
    labels = {name: label.decision for name, label in store.labels(story.id).items()}
    return {name for name, decision in (found | labels).items() if _keeps(story.id, decision)}


def _stored(store: ArticleStore, story: Story) -> dict[str, Decision]:
    return dict(
        store.connection.execute(
            "SELECT article, decision FROM verdicts WHERE story = ?", (story.id,)
        ).fetchall()
    )


def _decided(store: ArticleStore, story: Story) -> list[tuple[str, Decision]]:
    return store.connection.execute(
        "SELECT article, decision FROM decisions WHERE story = ?", (story.id,)
    ).fetchall()


def _keeps(story: str, decision: Decision) -> bool:
    return Verdict(story=story, decision=decision, score=0.0).kept
