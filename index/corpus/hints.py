"""What to search for in another language: words of the stories' own queries in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from index.query import And, Filter, Node, Not, Phrase, Typo, Wildcard, Word, parse, parts_of
from index.text.analysis import primary_language, terms_of_words
from index.workspace.story import Story

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageHint:
    """Words for a language, each with its articles in it, the most frequent first."""

    language: str
    words: tuple[tuple[str, int], ...]


def language_hints(
    tree: Node, stories: Iterable[Story], count: Callable[[Node], int]
) -> tuple[LanguageHint, ...]:
    """For each language a query asks for, what the stories that know its words say there.

    `count` counts the articles that a tree matches; words that find none are left out.
    """
    asked = _tokens(tree)
    queries = [query for story in stories for query in _queries_about(story, asked)]
    hints = []
    for language in _languages(tree):
        terms = {
            term: number
            for query in queries
            for term in _terms(query.get(language))
            if not _tokens(term) <= asked
            if (number := count(And((Filter("lang", (language,)), term))))
        }
        best = sorted(terms.items(), key=lambda item: (-item[1], str(item[0])))[:_SHOWN]
        if best:
            words = tuple((str(term), number) for term, number in best)
            hints.append(LanguageHint(language=language, words=words))
    return tuple(hints)


def _languages(tree: Node) -> list[str]:
    """Those that every hit must be in one of."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    wanted = [part for part in parts if isinstance(part, Filter) and part.field == "lang"]
    return [primary_language(value) for part in wanted for value in part.values]


def _queries_about(story: Story, asked: set[str]) -> Iterator[Mapping[str, Node]]:
    """The story's queries by language, if one of them has a word that is asked for."""
    queries = {language: parse(text) for language, text in story.match.items()}
    if any(asked & _tokens(query) for query in queries.values()):
        yield queries


def _terms(tree: Node | None) -> Iterator[Node]:
    """The words, phrases and wildcards that a query looks for, without those that it excludes."""
    match tree:
        case None | Not():
            return
        case Word() | Phrase() | Wildcard() | Typo():
            yield tree
        case _:
            for part in parts_of(tree):
                yield from _terms(part)


def _tokens(tree: Node) -> set[str]:
    found = set()
    for term in _terms(tree):
        if isinstance(term, Word | Phrase | Typo):
            found |= {slot.text for slot in terms_of_words(term.text).slots}
        elif isinstance(term, Wildcard):
            found.add(term.pattern.strip("*"))
    return found
