"""What an edit of a story would change, before it is saved; and the articles nearest the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from index.article import Decision, Verdict
from index.relevance.assignment import Readers
from index.relevance.batches import Bench, each_part, rule
from index.relevance.draft import ABOUT
from index.relevance.reevaluation import digest_of, profiles_of
from index.store import Evaluation, Store
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
    store: Store,
    before: Story | None,
    after: Story,
    outlets: Outlets,
    *,
    workers: int = 0,
) -> Effect:
    """What editing a story from `before` (None: it is new) to `after` adds and removes; writes nothing.

    By what has been learned of the story so far: the re-evaluation learns again from what the edit brings, so
    its result may differ by some that no query meets. About 3 ms an article and core.
    """
    then = _kept(store, before, outlets, workers) if before is not None else set()
    now = _kept(store, after, outlets, workers)
    return Effect(added=tuple(sorted(now - then)), removed=tuple(sorted(then - now)))


def pending(store: Store, story: Story, outlets: Outlets, *, workers: int = 0) -> Effect:
    """What a story's file as it is now will change in the corpus; by what was learned, as `effect_of`."""
    then = {
        name
        for name, decision in store.verdicts.decided(story.id).items()
        if _keeps(story.id, decision)
    }
    now = _kept(store, story, outlets, workers)
    return Effect(added=tuple(sorted(now - then)), removed=tuple(sorted(then - now)))


def borderline(store: Store, story: str, number: int = 5) -> Borderline:
    """That many articles on each side of the threshold of a story; what has a label is left out."""
    return Borderline(
        above=store.verdicts.nearest(story, ABOUT, "above", number),
        below=store.verdicts.nearest(story, ABOUT, "below", number),
    )


def _kept(store: Store, story: Story, outlets: Outlets, workers: int) -> set[str]:
    """The ids that a story keeps, labels in force; judged again where its file has changed since."""
    found = store.verdicts.of_story(story.id)
    readers = Readers.of([story], outlets)
    made = store.evaluations.all().get(story.id, Evaluation())
    if (made.digest, made.revision) != (digest_of(story, readers), store.revision()):
        bench = Bench(readers=readers, profiles=profiles_of(store), named=frozenset({story.id}))
        for rulings in each_part(
            store,
            store.articles.all_ids(),
            partial(rule, bench),
            workers=workers,
        ):
            for ruling in rulings:
                found.pop(ruling.id, None)
                found |= [(ruling.id, verdict.decision) for verdict in ruling.verdicts]
    labels = {name: label.decision for name, label in store.labels.of(story.id).items()}
    return {name for name, decision in (found | labels).items() if _keeps(story.id, decision)}


def _keeps(story: str, decision: Decision) -> bool:
    return Verdict(story=story, decision=decision, score=0.0).kept
