"""From what articles are about to a query that would find more of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from index.query import And, Near, Node, Or, Phrase, Word
from index.relevance.suggest.terms import Vocabulary
from index.text.analysis import fold, holds_paired_script, is_capitals

_TOPICS, _SECOND_TOPIC = 2, 0.6
_NAMES, _LEAST_NAME = 6, 0.15
_OTHERS, _LEAST_OTHER = 6, 0.2
_PHRASES, _LEAST_PHRASE = 4, 0.2
_SHORT_NAME = 3  # letters; longer ones (NATO, Nato) are written either way
WITHIN = 12  # words: about a sentence


def propose_tree(words: Vocabulary) -> Node | None:
    """The query for a vocabulary; None if it holds neither a topic nor a name.

    A name that says by itself what the story is stands alone, and its last word near other names. A
    phrase that holds a topic stands for itself; a topic alone needs a name near it or, where no name
    is known, another topic; names alone need each other.
    """
    topics = main_topics(words)
    if words.anchor:
        return _of_anchor(words, topics)
    if not topics:
        return _of_names(main_names(words))
    others = _company(words, topics)
    anchor = any_of(topics)
    if not others:
        return anchor
    parts = [*map(_term, _phrases(words, topics))]
    if holds_paired_script(topics[0]):
        parts.append(And((anchor, any_of(others))))
    else:
        parts.append(Near((anchor, any_of(others)), WITHIN))
    return Or(tuple(parts)) if len(parts) > 1 else parts[0]


def _of_anchor(words: Vocabulary, topics: Sequence[str]) -> Node:
    """A name of its own, or its last word near other names, else near what comes again."""
    last = words.anchor.split()[-1]
    held = set(words.anchor.split())
    company = [name for name in main_names(words) if held.isdisjoint(name.split())]
    if not company:
        company = [one for one in topics if one in words.recurring and one not in map(fold, held)]
    if last == words.anchor or not company:
        return _term(words.anchor)
    return Or((_term(words.anchor), Near((_term(last), any_of(company)), WITHIN)))


def main_topics(words: Vocabulary) -> list[str]:
    """The one or two topics that the articles are about most."""
    again = {topic: weight for topic, weight in words.topics.items() if topic in words.recurring}
    return _heaviest(again or words.topics, _TOPICS, _SECOND_TOPIC)


def main_names(words: Vocabulary) -> list[str]:
    """The names that are in the articles most, none of them part of another."""
    return _heaviest(_shortest(words.names), _NAMES, _LEAST_NAME)


def _company(words: Vocabulary, topics: Sequence[str]) -> list[str]:
    """What has to be near a topic: names, or other topics where there are none."""
    if names := main_names(words):
        return names
    rest = {topic: weight for topic, weight in words.topics.items() if topic not in topics}
    return [
        other
        for other in _heaviest(rest, _OTHERS, _LEAST_OTHER)
        if not any(topic in other for topic in topics)
    ]


def _phrases(words: Vocabulary, topics: Sequence[str]) -> list[str]:
    heads = set(map(fold, topics))
    held = {
        phrase: weight
        for phrase, weight in words.phrases.items()
        if not heads.isdisjoint(map(fold, phrase.split()))
    }
    return _heaviest(held, _PHRASES, _LEAST_PHRASE)


def _of_names(names: Sequence[str]) -> Node | None:
    if len(names) < 2:
        return _term(names[0]) if names else None
    return Near((_term(names[0]), any_of(names[1:])), WITHIN)


def _heaviest(terms: Mapping[str, float], most: int, least: float) -> list[str]:
    """The first terms of a ranked table, down to a share of the heaviest of them."""
    floor = least * max(terms.values(), default=0.0)
    return [term for term, weight in terms.items() if weight >= floor][:most]


def _shortest(names: Mapping[str, float]) -> dict[str, float]:
    """The names without those that hold a shorter one, which finds them too."""
    single = {name for name in names if " " not in name}
    return {
        name: weight
        for name, weight in names.items()
        if name in single or single.isdisjoint(name.split())
    }


def any_of(terms: Iterable[str]) -> Node:
    """Any of some words and phrases, at least one."""
    nodes = tuple(map(_term, terms))
    return nodes[0] if len(nodes) == 1 else Or(nodes)


def _term(text: str) -> Node:
    """A phrase or a word; a short name in capitals as it is written: US is not the word "us"."""
    if " " in text:
        return Phrase(text)
    return Word(text, exact=len(text) <= _SHORT_NAME and is_capitals(text))
