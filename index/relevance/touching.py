"""Which articles hold a word of a story's queries, by the hashes of their words.

Only these may meet a query, or tell in a reason what of it they hold. A query of which no word needs to
be there (a filter alone, a wildcard, what is not) may be met by any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy
from numpy.typing import NDArray

from index.query import And, Everything, Filter, Near, Node, Not, Or, Period, Phrase, Word, walk
from index.relevance.hashes import hash_word, unpack_words
from index.store import Store
from index.text.analysis import stem_word, terms_of_words
from index.workspace.story import Story
from index.workspace.story_tree import story_tree

Flags = NDArray[numpy.bool_]


def find_touched(store: Store, story: Story) -> set[str]:
    """The articles that a story's queries may concern."""
    tree = story_tree(story)
    leaves = set(_leaves(tree))
    found: set[str] = set()
    for part in store.evidence.words():
        holding = _holding(leaves, part)
        touched = _is_met(tree, holding, len(part)) | _is_named(tree, holding, len(part))
        found |= {row[0] for row, is_it in zip(part, touched.tolist(), strict=True) if is_it}
    return found


def _leaves(tree: Node) -> Iterator[Node]:
    for node in walk(tree):
        if not isinstance(node, And | Or | Not | Near | Filter | Period | Everything):
            yield node


def _holding(leaves: set[Node], part: Sequence[tuple[str, str, bytes]]) -> Mapping[Node, Flags]:
    """For each leaf which articles hold its words, or other forms of these."""
    words, ends = unpack_words([row[2] for row in part])
    languages = sorted({row[1] for row in part})

    def holds(word: str) -> Flags:
        flags = numpy.zeros(len(part), bool)
        for form in sorted({word, *(stem_word(word, language) for language in languages)} - {""}):
            hits = numpy.flatnonzero(words == hash_word(form))
            flags[numpy.searchsorted(ends, hits, side="right")] = True
        return flags

    found: dict[Node, Flags] = {}
    for leaf in leaves:
        flags = numpy.ones(len(part), bool)
        if isinstance(leaf, Word | Phrase) and leaf.zone != "speaker":
            terms = terms_of_words(leaf.text)
            for slot in terms.slots:
                if slot.kind == "token":
                    flags &= holds(slot.text)
            if isinstance(leaf, Word) and terms.word:
                flags |= holds(leaf.text)
        found[leaf] = flags
    return found


def _is_met(node: Node, holding: Mapping[Node, Flags], number: int) -> Flags:
    """Which articles hold enough words to meet a query."""
    match node:
        case And(parts) | Near(parts):
            return _all([_is_met(one, holding, number) for one in parts])
        case Or(parts):
            return _any([_is_met(one, holding, number) for one in parts])
        case Not() | Filter() | Period() | Everything():
            return numpy.ones(number, bool)
        case _:
            return holding[node]


def _is_named(node: Node, holding: Mapping[Node, Flags], number: int) -> Flags:
    """Which articles hold a term of a query that a reason would name."""
    match node:
        case And(parts) | Or(parts):
            return _any([_is_named(one, holding, number) for one in parts])
        case Not() | Filter() | Period() | Everything():
            return numpy.zeros(number, bool)
        case _:
            return _is_met(node, holding, number)


def _all(flags: Sequence[Flags]) -> Flags:
    return numpy.asarray(numpy.all(flags, axis=0), bool)


def _any(flags: Sequence[Flags]) -> Flags:
    return numpy.asarray(numpy.any(flags, axis=0), bool)
