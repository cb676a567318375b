"""Every verdict brought up to the stories, the labels and the articles as they are, from the store.

Four steps. What the queries alone say of each article that is new, or of all when a story was changed.
The profile of each story, from those scores and the labels (`training`, `teaching`). The verdict of
each article, by query, profile and family: of all articles where story or profile are others now, else of
those that changed; where only labels teach something else, all that they may move is finished again from
what was kept (`retelling`). Last, with what this was made, so that the next time has only news to judge.

The result depends on the set of articles, the labels and the stories, not on the order in which
articles came, nor on how often this was done on the way.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from index.relevance.assignment import Readers
from index.relevance.batches import Bench, Ruling, each_part, rule, score
from index.relevance.profile import Profile
from index.relevance.retelling import finish_again
from index.relevance.teaching import teach_story
from index.relevance.training import Frame, frame_of, learn
from index.relevance.untouched import AtOnce, judge_at_once, met_by_query
from index.store import Evaluation, Store, StoreWriter
from index.workspace.story import Story
from index.workspace.story_tree import story_tree

RULES = 8
"""Of how verdicts are made: raised with any change of it, and every archive is judged again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reevaluation:
    """What a re-evaluation came to: articles judged and verdicts changed, ids that came into the corpus and

    left it, stories whose file had changed, and stories whose profile did.
    """

    judged: int = 0
    changed: int = 0
    entered: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    learned: tuple[str, ...] = ()


def digest_of(story: Story, readers: Readers) -> str:
    """A digest of all that a story's file says and its verdicts depend on."""
    own = readers.outlets.get(story.id)
    said = [
        RULES,
        str(story_tree(story)),
        story.not_query,
        str(story.window),
        story.min_words,
        [(seed.language, seed.title, seed.words) for seed in story.seeds],
        sorted(story.keep_always),
        sorted(story.keep_never),
        None if own is None else sorted(own),
    ]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]


def profiles_of(store: Store) -> dict[str, Profile]:
    """What was learned of each story when its verdicts were last evaluated."""
    return {
        name: Profile.from_dict(json.loads(state.profile))
        for name, state in store.evaluations.all().items()
        if state.profile
    }


def is_current(store: Store, readers: Readers) -> bool:
    """Whether every verdict is of the stories and articles as they are."""
    states, newest = store.evaluations.all(), store.revision()
    return states.keys() == {story.id for story in readers.stories} and all(
        states[story.id].digest == digest_of(story, readers) and states[story.id].revision == newest
        for story in readers.stories
    )


def reevaluate(store: StoreWriter, readers: Readers, *, workers: int = 0) -> Reevaluation:
    """Evaluate the verdicts of all stories again; deleted ones keep nothing more. Safe to kill and repeat.

    `workers` are processes, one a core unless told otherwise. Raises `StorageError` children.
    """
    before = set(store.articles.kept_ids())
    store.verdicts.keep_only([story.id for story in readers.stories])
    if is_current(store, readers):
        return _outcome(store, before)
    states = store.evaluations.all()
    digests = {story.id: digest_of(story, readers) for story in readers.stories}
    edited = {name for name in digests if states.get(name, Evaluation()).digest != digests[name]}
    news = _changed(store, states, digests.keys() - edited)
    store.evaluations.begin(edited)
    concerned = {
        story.id: _concerned(store, readers, story, states)
        for story in readers.stories
        if story.id in edited
    }
    for named, ids in (*_shared(store, concerned), (digests.keys() - edited, news)):
        _score(store, Bench(readers=readers, named=frozenset(named)), ids, workers)
    learned = _learn(store, readers, states, digests, news)
    profiles = {name: one.profile for name, one in learned.items() if one.profile is not None}
    anew = edited | {name for name, one in learned.items() if one.is_other}
    store.evaluations.begin(anew)
    at_once = {
        story.id: judge_at_once(store, story, profiles.get(story.id), is_edited=story.id in edited)
        for story in readers.stories
        if story.id in anew and not story.keeps_everything
        if concerned.get(story.id, set(news)) is not None
    }
    exact = {name: _exact(at_once.get(name), concerned.get(name, set(news))) for name in anew}
    judged = changed = 0
    for named, ids in (*_shared(store, exact), (digests.keys() - anew, news)):
        if named and ids:
            bench = Bench(readers=readers, profiles=profiles, named=frozenset(named), keeps=True)
            changed += _rule(store, bench, ids, workers)
            judged = max(judged, len(ids))
    for name, found in at_once.items():
        rest = [
            (one, verdict)
            for one, verdict in found.changed.items()
            if one not in (exact[name] or ())
        ]
        store.verdicts.say_anew(rest)
        changed += len(rest)
    taught = {name for name, one in learned.items() if one.is_taught} - anew
    for name in sorted(taught):
        changed += finish_again(store, name, learned[name].profile, news)
    _write_states(store, readers, digests, profiles)
    return _outcome(
        store,
        before,
        judged=judged,
        changed=changed,
        edited=tuple(sorted(edited)),
        learned=tuple(sorted(taught | {name for name, one in learned.items() if one.is_other})),
    )


def _concerned(
    store: Store, readers: Readers, story: Story, states: Mapping[str, Evaluation]
) -> set[str] | None:
    """The articles that the changed query of a story may concern, the new ones too; None: any."""
    if not states.get(story.id, Evaluation()).digest:  # never judged, or not to the end
        return None
    found = met_by_query(store, readers, story)
    if found is None:
        return None
    news = store.articles.changed_ids(states[story.id].revision)
    return found | store.evidence.unknown() | set(news)


def _exact(found: AtOnce | None, concerned: set[str] | None) -> set[str] | None:
    """The articles that a story has to judge one by one; None: all."""
    return None if found is None or concerned is None else concerned | found.others


def _shared(
    store: Store, wanted: Mapping[str, set[str] | None]
) -> list[tuple[set[str], list[str]]]:
    """Stories and the articles to judge for them, in two lots: all articles, and some."""
    every = {name for name, ids in wanted.items() if ids is None}
    some = wanted.keys() - every
    ids: set[str] = set().union(*(wanted[name] or () for name in some))
    return [(every, store.articles.all_ids() if every else []), (set(some), sorted(ids))]


def _outcome(
    store: Store,
    before: set[str],
    *,
    judged: int = 0,
    changed: int = 0,
    edited: tuple[str, ...] = (),
    learned: tuple[str, ...] = (),
) -> Reevaluation:
    after = set(store.articles.kept_ids())
    return Reevaluation(
        judged=judged,
        changed=changed,
        entered=tuple(sorted(after - before)),
        left=tuple(sorted(before - after)),
        edited=edited,
        learned=learned,
    )


def _changed(store: Store, states: Mapping[str, Evaluation], stories: Iterable[str]) -> list[str]:
    """The articles that changed since these stories were evaluated, and the rest of their families."""
    since = min((states[name].revision for name in stories), default=store.revision())
    return store.articles.changed_ids(since)


def _score(store: StoreWriter, bench: Bench, ids: Sequence[str], workers: int) -> None:
    """Note what the queries alone say; what has no verdict yet gets one that the last step replaces."""
    if not bench.named:
        return
    for found in each_part(store, ids, partial(score, bench), workers=workers):
        with store.transaction():
            store.verdicts.score_alone(found.alone)
            store.evidence.put(found.compared)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    """The profile of a story: whether it is another one, and whether labels teach something else."""

    profile: Profile | None
    is_other: bool
    is_taught: bool


def _learn(
    store: StoreWriter,
    readers: Readers,
    states: Mapping[str, Evaluation],
    digests: Mapping[str, str],
    news: Collection[str],
) -> dict[str, _Learned]:
    """What is known now of each story."""
    found = {}
    for story in readers.stories:
        state = states.get(story.id, Evaluation())
        frame = frame_of(store, story, digests[story.id])
        is_kept = state.digest == digests[story.id]
        found[story.id] = _learn_story(
            store, readers, story, state, frame, frozenset(news), is_kept=is_kept
        )
    return found


def _learn_story(
    store: StoreWriter,
    readers: Readers,
    story: Story,
    state: Evaluation,
    frame: Frame | None,
    news: Collection[str],
    *,
    is_kept: bool,
) -> _Learned:
    before = Profile.from_dict(json.loads(state.profile)) if state.profile else None
    if frame is None:
        return _Learned(profile=None, is_other=before is not None, is_taught=False)
    if frame.mark == state.mark:
        return _Learned(profile=before, is_other=False, is_taught=False)
    bare = _bare(before)
    is_same = frame.words == state.mark.partition(" ")[0]
    profile = bare if is_same else learn(store, story, frame)
    is_other = _write(profile) != _write(bare)
    if profile is None:
        return _Learned(profile=None, is_other=is_other, is_taught=False)
    taught = teach_story(
        store,
        readers,
        story,
        profile,
        frame.within.last,
        is_kept=is_kept and not is_other,
        stale=news,
    )
    profile = replace(profile, corrections=taught)
    return _Learned(
        profile=profile,
        is_other=is_other,
        is_taught=_write(profile) != _write(before),
    )


def _bare(profile: Profile | None) -> Profile | None:
    return None if profile is None else replace(profile, corrections=None)


def _write(profile: Profile | None) -> str | None:
    return None if profile is None else json.dumps(profile.to_dict(), ensure_ascii=False)


def _rule(store: StoreWriter, bench: Bench, ids: Sequence[str], workers: int) -> int:
    number = 0
    for found in each_part(store, ids, partial(rule, bench), workers=workers):
        number += _put(store, found)
    return number


def _put(store: StoreWriter, rulings: Sequence[Ruling]) -> int:
    changes = [ruling for ruling in rulings if ruling.changes]
    with store.transaction():
        store.evidence.put(
            [(one.id, one.compared) for one in rulings if one.compared is not None],
            [(one.id, name, draft) for one in rulings for name, draft in one.drafts],
        )
        for ruling in changes:
            store.verdicts.judge(ruling.id, ruling.verdicts, dropped=ruling.dropped)
    return len(changes)


def _write_states(
    store: StoreWriter,
    readers: Readers,
    digests: Mapping[str, str],
    profiles: Mapping[str, Profile],
) -> None:
    with store.transaction():
        newest, made = store.revision(), {}
        for story in readers.stories:
            # The verdicts just written have numbers of their own, which are no news.
            frame = frame_of(store, story, digests[story.id])
            made[story.id] = Evaluation(
                digest=digests[story.id],
                revision=newest,
                mark=frame.mark if frame else "",
                profile=_write(profiles.get(story.id)),
            )
        store.evaluations.note(made)
