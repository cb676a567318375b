"""Who is quoted, how often and by whom: the same words in other articles, also altered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.study.translations import mark_translations
from index.text.quotes import Quote, quotes_of
from index.text.shingles import normal_tokens

if TYPE_CHECKING:
    from index.corpus import Corpus
    from index.fulltext.engine import Answer
    from index.store import StoredArticle

SAME = 0.8
"""The share of the shorter one's runs of words from which on two quotations are one utterance."""

_RUN = 3  # words
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A quotation as one article prints it."""

    article: str
    family: str
    outlet: str
    language: str
    published: datetime | None
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What was said once, as several articles print it; `sayings` in the order of publication.

    `text` is the longest printing, `speaker` the one most of them name. `altered` are the printings
    that leave words out within their marks, or have others; one that only begins later or ends
    earlier is whole.
    """

    text: str
    speaker: str
    sayings: tuple[Saying, ...]
    altered: tuple[Saying, ...]
    translations: tuple[Saying, ...] = ()
    """The first printing in each language in which the same speaker seems to say the same."""

    @property
    def first(self) -> Saying:
        """The earliest printing."""
        return self.sayings[0]

    @property
    def outlets(self) -> tuple[str, ...]:
        """Who printed it, in the order of publication."""
        return tuple(dict.fromkeys(saying.outlet for saying in self.sayings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A speaker or an outlet with its quotations: how many utterances, articles, outlets or speakers."""

    name: str
    utterances: int
    articles: int
    others: int
    first: datetime | None
    unattributed: int = 0


def sayings_of(stored: StoredArticle) -> Iterator[Saying]:
    """The quotations of an article, without terms and scare quotes."""
    for quote in quotes_of(stored.article):
        if not quote.is_term:
            yield Saying(
                article=stored.id,
                family=stored.family,
                outlet=stored.article.outlet,
                language=stored.article.language,
                published=stored.article.published,
                quote=quote,
            )


def full_speakers(sayings: Sequence[Saying]) -> list[Saying]:
    """The sayings, a speaker known by a surname alone given the full name that most articles give.

    A surname that two full names share stays as it is.
    """
    full: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for saying in sayings:
        words = saying.quote.speaker.split()
        if len(words) > 1:
            full[words[-1]][saying.quote.speaker] += 1
    known = {
        surname: names.most_common(1)[0][0] for surname, names in full.items() if len(names) == 1
    }
    return [
        replace(saying, quote=replace(saying.quote, speaker=known[saying.quote.speaker]))
        if saying.quote.speaker in known
        else saying
        for saying in sayings
    ]


def group_utterances(sayings: Iterable[Saying]) -> list[Utterance]:
    """The utterances behind quotations: those in most outlets first, then the earliest.

    Two are one where the shorter one's runs of three words are in the longer one (`SAME`); of
    another language or with marks cut otherwise alike.
    """
    groups: list[list[Saying]] = []
    places: defaultdict[int, list[int]] = defaultdict(list)
    ordered = sorted(
        sayings, key=lambda one: (-len(one.quote.text), one.published or _LATEST, one.article)
    )
    for saying in ordered:
        runs = _runs(saying.quote.text)
        shared = Counter(number for run in runs for number in places[run])
        best = max(shared, key=lambda number: (shared[number], -number), default=None)
        if best is not None and shared[best] >= SAME * len(runs):
            groups[best].append(saying)
            continue
        for run in runs:
            places[run].append(len(groups))
        groups.append([saying])
    found = [_utterance(group) for group in groups]
    return sorted(
        found,
        key=lambda one: (
            -len(one.outlets),
            -len(one.sayings),
            one.first.published or _LATEST,
            one.text,
        ),
    )


def read_utterances(corpus: Corpus, matches: Answer) -> tuple[list[Utterance], int]:
    """The utterances of the matching articles, and how many articles were read: of many a sample."""
    from index.study.sample import read_articles, take_sample

    ids = take_sample(corpus, matches, language="", every=True).ids
    sayings = [saying for stored in read_articles(corpus, ids) for saying in sayings_of(stored)]
    return mark_translations(group_utterances(full_speakers(sayings))), len(ids)


def choose_utterances(
    every: Iterable[Utterance],
    speaker: str | None = None,
    *,
    unattributed: bool = False,
    altered: bool = False,
) -> list[Utterance]:
    """Those that somebody of the name said, that nobody is named for, that somebody altered."""
    return [
        one
        for one in every
        if (speaker is None or is_named(one, speaker))
        and not (unattributed and one.speaker)
        and (one.altered or not altered)
    ]


def is_named(utterance: Utterance, name: str) -> bool:
    """Whether the words of a name are in the speaker's, in their order, whatever the case.

    In scripts without spaces the name may be a part of the speaker's.
    """
    wanted, own = normal_tokens(name), normal_tokens(utterance.speaker)
    starts = range(len(own) - len(wanted) + 1)
    return bool(wanted) and any(own[start : start + len(wanted)] == wanted for start in starts)


def count_speakers(utterances: Iterable[Utterance]) -> list[Quoted]:
    """The speakers, those with most utterances first; who is not named is left out."""
    held: defaultdict[str, list[Utterance]] = defaultdict(list)
    for one in utterances:
        if one.speaker:
            held[one.speaker].append(one)
    rows = [
        Quoted(
            name=name,
            utterances=len(own),
            articles=len({saying.article for one in own for saying in one.sayings}),
            others=len({saying.outlet for one in own for saying in one.sayings}),
            first=_first(saying for one in own for saying in one.sayings),
        )
        for name, own in held.items()
    ]
    return sorted(rows, key=lambda row: (-row.utterances, -row.articles, row.name))


def count_outlets(utterances: Iterable[Utterance]) -> list[Quoted]:
    """The outlets, those that printed most utterances first; `others` are the speakers they name."""
    held: defaultdict[str, list[tuple[Utterance, Saying]]] = defaultdict(list)
    for one in utterances:
        for saying in one.sayings:
            held[saying.outlet].append((one, saying))
    rows = [
        Quoted(
            name=name,
            utterances=len({id(one) for one, _ in own}),
            articles=len({saying.article for _, saying in own}),
            others=len({saying.quote.speaker for _, saying in own} - {""}),
            first=_first(saying for _, saying in own),
            unattributed=len({id(one) for one, saying in own if not saying.quote.speaker}),
        )
        for name, own in held.items()
    ]
    return sorted(rows, key=lambda row: (-row.utterances, row.name))


def _utterance(members: Sequence[Saying]) -> Utterance:
    longest = members[0].quote.text
    named = Counter(one.quote.speaker for one in members if one.quote.speaker)
    tokens = normal_tokens(longest)
    ordered = sorted(members, key=lambda one: (one.published or _LATEST, one.article))
    return Utterance(
        text=longest,
        speaker=named.most_common(1)[0][0] if named else "",
        sayings=tuple(ordered),
        altered=tuple(one for one in ordered if not _stands_in(one.quote.text, tokens)),
    )


def _stands_in(text: str, tokens: Sequence[str]) -> bool:
    """Whether a printing is the longest one, or a piece of it that nothing was taken out of."""
    own = normal_tokens(text)
    starts = range(len(tokens) - len(own) + 1)
    return any(tokens[start : start + len(own)] == own for start in starts)


def _runs(text: str) -> frozenset[int]:
    """The runs of words as numbers; these take a tenth of the memory."""
    tokens = normal_tokens(text)
    if len(tokens) <= _RUN:
        return frozenset({hash(tuple(tokens))})
    starts = range(len(tokens) - _RUN + 1)
    return frozenset(hash(tuple(tokens[start : start + _RUN])) for start in starts)


def _first(sayings: Iterable[Saying]) -> datetime | None:
    return min((saying.published for saying in sayings if saying.published), default=None)
