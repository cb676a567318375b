"""What the labels of a story teach: from what is known of the labelled articles and of some others.

What was kept beside the verdicts serves where it is of this article, story and profile; all else is read
and drafted. Both come to the same.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.query.match import AnalysedArticle, analyse
from index.relevance.assignment import Readers
from index.relevance.batches import PART, draft_case, stories_of
from index.relevance.corrections import Corrections, Example, Signals, teach
from index.relevance.draft import FAINTEST, Draft
from index.relevance.hashes import compare_by, in_headline, terms_of, unpack
from index.relevance.profile import Profile, read_features
from index.relevance.verdict import draft_verdict
from index.store import Label, Store
from index.store.evidence import Compared
from index.store.samples import FirstSight
from index.workspace.story import Story

_MOST_LABELS = 500
_SOME_ON, _SOME_OTHERS = 100, 400  # without a label, which stand for all that the labels do not say
_OPENING = 2_000  # characters that tell whether two labelled articles are one text
_TITLE_WEIGHT = 2.0  # a word of the headline counts as two


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an article is compared by, and the draft of its verdict where labels may move that."""

    compared: Compared
    draft: Draft | None


def teach_story(
    store: Store,
    readers: Readers,
    story: Story,
    profile: Profile,
    last: FirstSight,
    *,
    is_kept: bool,
    stale: Collection[str] = (),
) -> Corrections | None:
    """What the labels of a story teach beside its profile; None without labels.

    `is_kept` is whether what was kept beside the verdicts is of this story and profile; but for the
    `stale` articles. `last` is the last article that some without a label are taken from.
    """
    labels = store.labels.of(story.id)
    newest = _distinct(store, labels)
    if not newest:
        return None
    unlabelled = [
        *store.samples.unlabelled(story.id, last, on=True, most=_SOME_ON),
        *store.samples.unlabelled(story.id, last, on=False, most=_SOME_OTHERS),
    ]
    wanted = sorted({*newest, *unlabelled})
    kept = [name for name in wanted if name not in stale] if is_kept else []
    known = _kept(store, story, kept, labels)
    missing = [name for name in wanted if name not in known]
    known |= _read(store, readers, story, profile, missing)
    return learn_corrections(
        [
            (known[name], labels[name].decision == "on-story")
            for name in sorted(newest)
            if name in known
        ],
        [known[name] for name in sorted(unlabelled) if name in known],
    )


def learn_corrections(
    labelled: Sequence[tuple[Known, bool]], others: Sequence[Known]
) -> Corrections | None:
    """What labelled articles teach, each with whether it was accepted, beside some without a label."""
    background = _Background.of(one.compared for one in others)
    examples: list[tuple[Example, Signals]] = []
    for one, accepted in labelled:
        if one.draft is not None and one.draft.signals is not None:
            terms = background.weigh(one.compared)
            example = Example(language=one.compared.language, terms=terms, accepted=accepted)
            examples.append((example, one.draft.signals))
    return teach(
        examples,
        [
            (one.draft.signals, terms_of(one.compared).tolist())
            for one in others
            if one.draft is not None
            and one.draft.signals is not None
            and one.draft.rules >= FAINTEST
        ],
    )


def correct(
    profile: Profile,
    story: Story,
    labelled: Sequence[tuple[AnalysedArticle, bool]],
    others: Iterable[AnalysedArticle] = (),
    vectors: Mapping[str, bytes] | None = None,
) -> Profile:
    """The profile with what labels teach: articles that were accepted or not, and some without a label.

    `vectors` are what is known of the meaning of their headlines, by URL.
    """
    bare, given = replace(profile, corrections=None), vectors or {}

    def read(analysed: AnalysedArticle) -> Known:
        features = read_features(analysed)
        vector = given.get(analysed.article.url, b"")
        found = draft_verdict(analysed, story, features, profile=bare, vector=vector)
        draft = found if isinstance(found, Draft) else None
        return Known(compared=compare_by(analysed, features), draft=draft)

    taught = learn_corrections(
        [(read(analysed), accepted) for analysed, accepted in labelled],
        [read(analysed) for analysed in others],
    )
    return replace(profile, corrections=taught)


def _distinct(store: Store, labels: Mapping[str, Label]) -> list[str]:
    """The newest labelled articles, each text once, by id."""
    newest = sorted(labels, key=lambda name: (labels[name].at, name), reverse=True)[:_MOST_LABELS]
    found: dict[tuple[str, str], str] = {}
    for identity, article in store.samples.read(sorted(newest), _OPENING):
        found.setdefault((article.title, article.text), identity)
    return list(found.values())


def _kept(
    store: Store, story: Story, ids: Sequence[str], labels: Collection[str]
) -> dict[str, Known]:
    """What was kept of articles; of a labelled one all is needed, of another its draft may be of no use."""
    drafts = store.evidence.drafts(story.id, ids)
    return {
        name: Known(
            compared=compared,
            draft=Draft.from_json(drafts[name]) if name in drafts else None,
        )
        for name, compared in store.evidence.compared(ids).items()
        if name in drafts or name not in labels
    }


def _read(
    store: Store, readers: Readers, story: Story, profile: Profile, ids: Sequence[str]
) -> dict[str, Known]:
    known = {}
    for start in range(0, len(ids), PART):
        for case in store.cases.read(ids[start : start + PART]):
            analysed = analyse(case.article)
            features = read_features(analysed)
            draft = None
            if story in stories_of(case, readers):
                found = draft_case(case, analysed, features, story, {story.id: profile})
                draft = found if isinstance(found, Draft) else None
            known[case.id] = Known(compared=compare_by(analysed, features), draft=draft)
    return known


@dataclass(frozen=True, slots=True)
class _Background:
    """How many articles of each language there are, and how many hold a term."""

    articles: Counter[str]
    terms: Counter[int]

    @classmethod
    def of(cls, found: Iterable[Compared]) -> _Background:
        background = cls(Counter(), Counter())
        for one in found:
            background.articles[one.language] += 1
            background.terms.update(unpack(one.terms).tolist())
        return background

    def weigh(self, compared: Compared) -> dict[int, float]:
        """The terms of an example by inverse document frequency, those of the headline for more."""
        number = self.articles[compared.language]
        terms = unpack(compared.terms).tolist()
        weights: dict[int, float] = {}
        for place, term in enumerate([*terms, *terms[: compared.titled]]):
            rarity = math.log((number + 2) / (self.terms[term] + 0.5))
            if rarity > 0:
                in_title = place >= len(terms)
                key = in_headline(term) if in_title else term
                weights[key] = rarity * (_TITLE_WEIGHT if in_title else 1.0)
        return weights
