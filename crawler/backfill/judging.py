"""What a source says of a page → how much it promises to be coverage, before anything is fetched.

The story's own queries judge title and description as they judge an article; where nothing is said
of a page, the words of its address stand in for a title. A headline that has only the story's head
word ("Balloon brought down off Carolina") may well be coverage: it waits behind those that meet the
queries whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from crawler.backfill.asks import Copy, Lead, Scope
from crawler.backfill.cdx import page_in, raw
from crawler.backfill.prefilter import Sieve, sieves_of
from crawler.lists import Found, candidate_of, in_window, screen_of, slug_words
from crawler.urls import is_front_page, looks_like_article, trap_fault
from index.article import Article
from index.capture import Listing
from index.query import Node, Or, Phrase, Wildcard, Word
from index.query.match import AnalysedArticle, analyse, spans_of
from index.relevance import judge_analysed, score_by_queries
from index.relevance.profile import Profile
from index.store import Candidate
from index.workspace.story import ANY, Story
from index.workspace.story_tree import query_tree

WANTED = 0.15  # the least promise of what is fetched
HEAD_WORD = 0.2  # what a headline promises that has only the head word
_WRAPPED = ("https://web.archive.org/web/", "http://web.archive.org/web/")
_LIKENESS_WORDS = 12
_LEAST_LIKENESS = 4  # letters

OutletOf = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Judges leads for one story; `sieves` are what they must pass before they are judged at all.

    There is one for each language with a query, and under "" one for all of them together.
    """

    story: Story
    screen: Story
    sieves: Mapping[str, Sieve]
    profile: Profile | None = None

    @classmethod
    def of(cls, story: Story, profile: Profile | None = None) -> Judge:
        """The judge of a story, with what was learned of it; raises `QuerySyntaxError`."""
        return cls(
            story=story,
            screen=screen_of(story),
            sieves=sieves_of(story, _likeness(profile)),
            profile=profile,
        )

    def promise(self, lead: Lead) -> float:
        """How much a lead promises to be coverage, 0 to 1."""
        found = lead.found
        title = found.title or slug_words(found.url)
        if not found.title and not any(map(str.isalpha, title)):
            return max(lead.least, WANTED if looks_like_article(found.url) else 0.0)
        text = f"{title} {found.summary}"
        if not self.sieves[""](text):
            return lead.least
        for language in self._languages(lead.language, text):
            score = self._score(title, found, language)
            if score is None:
                return 0.0
            if score:
                return max(score, lead.least)
        return lead.least

    def _languages(self, said: str, text: str) -> list[str]:
        """The languages by whose queries a text is judged: its own, and others whose words it has.

        What sources say of languages is often wrong, and names carry over.
        """
        own = said[:2]
        hit = [
            code
            for code, sieve in self.sieves.items()
            if code not in ("", own, ANY) and sieve(text)
        ]
        return [own, *hit] if own in self.sieves or ANY in self.sieves or not hit else hit

    def _score(self, title: str, found: Found, language: str) -> float | None:
        """What title and description say; None if they meet the story's `not`."""
        words = Article(
            url=found.url,
            canonical_url=found.url,
            outlet="",
            title=title,
            text=found.summary,
            language=language,
            fetched=datetime.now(UTC),
        )
        analysed = analyse(words)
        score = self._read_score(analysed)
        if score is None:
            return None
        return score or (HEAD_WORD if _has_head_word(self.screen, analysed) else 0.0)

    def _read_score(self, analysed: AnalysedArticle) -> float | None:
        if self.profile is None:  # the reasons of a verdict are most of its cost
            return score_by_queries(analysed, self.screen)
        verdict = judge_analysed(analysed, self.screen, profile=self.profile)
        return None if verdict.reasons[:1] == ("the not query is met",) else verdict.score


def candidates_of(
    leads: Iterable[Lead], scope: Scope, judge_: Judge, source: str, outlet_of: OutletOf
) -> Iterator[tuple[Candidate, Lead]]:
    """The leads that are worth a request, each with the candidate that orders it."""
    for named in leads:
        lead = unwrapped(named)
        promise = judge_.promise(lead) if is_in_scope(lead, scope) else 0.0
        if promise < WANTED or is_front_page(lead.found.url) or trap_fault(lead.found.url):
            continue
        outlet = outlet_of(lead.found.url)
        listing = Listing(
            channel=source,
            outlet=outlet,
            title=lead.found.title,
            summary=lead.found.summary,
            published=lead.found.published,
        )
        candidate = candidate_of(lead.found, outlet=outlet, listing=listing, terms=promise)
        if candidate is not None and candidate.key:
            yield candidate, lead


def unwrapped(lead: Lead) -> Lead:
    """The lead for the page itself, where a source names a copy of it in the Wayback Machine."""
    url = lead.found.url
    if not url.startswith(_WRAPPED) or (memento := page_in(url)) is None:
        return lead
    copy = Copy(url=memento[0], address=raw(url), captured=memento[1], archive="wayback")
    return replace(lead, found=replace(lead.found, url=memento[0]), copy=lead.copy or copy)


def is_in_scope(lead: Lead, scope: Scope) -> bool:
    """Whether a lead is in the story's window, languages and outlets, as far as they are known."""
    found = lead.found
    return (
        _is_in_time(found, scope) and scope.is_language(lead.language) and scope.is_host(found.url)
    )


def _is_in_time(found: Found, scope: Scope) -> bool:
    if found.published_at is not None:
        return scope.holds(found.published_at)
    return in_window(found, (scope.window,))  # the address may name a day


def _likeness(profile: Profile | None) -> Iterator[str]:
    """The words that say most of what the story's articles have in common."""
    if profile is None:
        return
    heaviest = sorted(profile.terms.items(), key=lambda item: -item[1])
    words = (term.partition(":")[2] for term, _ in heaviest[:_LIKENESS_WORDS])
    yield from (word for word in words if len(word) >= _LEAST_LIKENESS)


def _has_head_word(story: Story, analysed: AnalysedArticle) -> bool:
    """Whether the title has a word that half of the query's alternatives are made of."""
    heads = _head_words(tuple(story.match.items()), story, analysed.language)
    return any(spans_of(word, "title", analysed) for word in heads)


@lru_cache(maxsize=256)
def _cached_heads(match: tuple[tuple[str, str], ...], tree: Node) -> tuple[Word | Wildcard, ...]:
    branches = tree.parts if isinstance(tree, Or) else (tree,)
    counts: Counter[Word | Wildcard] = Counter()
    for branch in branches:
        counts.update(set(_words_of(branch)))
    return tuple(word for word, count in counts.items() if 2 * count >= len(branches))


def _head_words(
    match: tuple[tuple[str, str], ...], story: Story, language: str
) -> tuple[Word | Wildcard, ...]:
    return _cached_heads(match, query_tree(story, language))


def _words_of(node: Node) -> Iterator[Word | Wildcard]:
    match node:
        case Word(text):
            yield Word(text.lower())
        case Wildcard():
            yield node
        case Phrase(text):
            yield from (Word(word.lower()) for word in text.split())
        case _:
            for part in getattr(node, "parts", ()):
                yield from _words_of(part)
