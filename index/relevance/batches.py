"""Stored articles ready to be judged, read in parts, in this process or in several."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from index.article import Verdict
from index.query.match import AnalysedArticle, analyse
from index.relevance.assignment import Readers
from index.relevance.draft import FAINTEST, Draft
from index.relevance.hashes import compare_by
from index.relevance.profile import Features, Profile, read_features
from index.relevance.verdict import draft_verdict, finish_draft, score_alone
from index.store import Case, Store
from index.store.evidence import Compared
from index.workspace.story import Story

PART = 200
Found = TypeVar("Found")

_FEW = 1000  # articles below which other processes are not worth their start


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What changes for one article: verdicts to write, and stories that judge it no more.

    `compared` and `drafts`, by story, are to be kept beside the verdicts: what it is compared by unless
    that is known, and None if there is no draft.
    """

    id: str
    verdicts: tuple[Verdict, ...] = ()
    dropped: tuple[str, ...] = ()
    compared: Compared | None = None
    drafts: tuple[tuple[str, str | None], ...] = ()

    @property
    def changes(self) -> bool:
        """Whether a verdict is another now."""
        return bool(self.verdicts or self.dropped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What articles are judged with; `named` are the stories to judge by, `readers` has all.

    `keeps` is whether the evidence is to be kept.
    """

    readers: Readers
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    keeps: bool = False


def rule(bench: Bench, cases: Sequence[Case]) -> list[Ruling]:
    """The changes of verdicts that are due, and what is to be kept, article by article."""
    rulings = (_rule(bench, case) for case in cases)
    return [ruling for ruling in rulings if ruling.changes or bench.keeps]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """(article, story, score) of what the queries alone say, and what articles are compared by."""

    alone: tuple[tuple[str, str, float], ...]
    compared: tuple[tuple[str, Compared], ...]


def score(bench: Bench, cases: Sequence[Case]) -> Scored:
    """What the queries alone say, and of what is not known yet what it is compared by."""
    alone, compared = [], []
    for case in cases:
        asked = [story for story in stories_of(case, bench.readers) if story.id in bench.named]
        if not asked:
            continue
        analysed = analyse(case.article)
        for story in asked:
            alone.append((case.id, story.id, score_alone(analysed, story, names=case.names)))
        if not case.is_known:
            compared.append((case.id, compare_by(analysed, read_features(analysed))))
    return Scored(alone=tuple(alone), compared=tuple(compared))


def each_part(
    store: Store,
    ids: Sequence[str],
    work: Callable[[Sequence[Case]], Found],
    *,
    workers: int = 0,
) -> Iterator[Found]:
    """What `work` makes of each part of the articles, in order; of many by several processes.

    `work` must be picklable. Raises `StoreError`.
    """
    parts = [ids[start : start + PART] for start in range(0, len(ids), PART)]
    number = workers or os.cpu_count() or 1
    if len(ids) < _FEW or number == 1:
        for part in parts:
            yield work(store.cases.read(part))
        return
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(number, context, initializer=_end_with_parent) as pool:
        yield from pool.map(partial(_work, store.path, work), parts)


def stories_of(case: Case, readers: Readers) -> list[Story]:
    """The stories that judge an article: those that read it, and those for which it has a label."""
    reading = readers.stories_of(case.article.outlet, case.channels)
    more = [story for story in readers.stories if story.id in case.labelled]
    return [*reading, *(story for story in more if story not in reading)]


def _rule(bench: Bench, case: Case) -> Ruling:
    reading = stories_of(case, bench.readers)
    asked = [story for story in reading if story.id in bench.named]
    gone = bench.named & case.before.keys() - {story.id for story in reading}
    if not asked:
        dropped = tuple(sorted(gone))
        return Ruling(id=case.id, dropped=dropped, drafts=tuple((name, None) for name in dropped))
    analysed = analyse(case.article)
    features = read_features(analysed)
    made = [draft_case(case, analysed, features, story, bench.profiles) for story in asked]
    verdicts = [
        _finish(bench, found, features, story) for found, story in zip(made, asked, strict=True)
    ]
    changed = tuple(found for found in verdicts if case.before.get(found.story) != found)
    ruling = Ruling(id=case.id, verdicts=changed, dropped=tuple(sorted(gone)))
    if not bench.keeps:
        return ruling
    drafts = [
        (story.id, _kept(found, is_labelled=story.id in case.labelled))
        for found, story in zip(made, asked, strict=True)
    ]
    return replace(
        ruling,
        compared=None if case.is_known else compare_by(analysed, features),
        drafts=(*drafts, *((name, None) for name in sorted(gone))),
    )


def draft_case(
    case: Case,
    analysed: AnalysedArticle,
    features: Features,
    story: Story,
    profiles: Mapping[str, Profile],
) -> Draft | Verdict:
    """The draft of a story's verdict on a case, or the verdict where labels have no say."""
    return draft_verdict(
        analysed,
        story,
        features,
        names=case.names,
        profile=profiles.get(story.id),
        copies=case.copies.get(story.id, 0),
        vector=case.vector,
    )


def _finish(bench: Bench, found: Draft | Verdict, features: Features, story: Story) -> Verdict:
    profile = bench.profiles.get(story.id)
    return finish_draft(found, story, profile.corrections if profile else None, features)


def _kept(found: Draft | Verdict, *, is_labelled: bool) -> str | None:
    """What is kept of a draft: what labels may move, and what is learned from."""
    if isinstance(found, Verdict) or found.signals is None:
        return None
    return found.to_json() if is_labelled or is_telling(found) else None


def is_telling(draft: Draft) -> bool:
    """Whether labels have a say in a draft, or it in what labels teach."""
    return draft.asks or draft.rules >= FAINTEST


def _end_with_parent() -> None:
    """End this process when its parent is killed: a worker would wait for more work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _work(path: Path, work: Callable[[Sequence[Case]], Found], ids: Sequence[str]) -> Found:
    with Store.open(path) as store:
        return work(store.cases.read(ids))
