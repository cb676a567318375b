"""A query carried into another language, word by word, in its own form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.query import And, Near, Node, Not, Or, Phrase, Typo, Wildcard, Word
from index.relevance.suggest.translate import carry_names
from index.text.analysis import holds_paired_script

Titles = Mapping[str, Mapping[str, Sequence[str]]]


def words_of(tree: Node) -> list[str]:
    """The words and phrases that a query finds by, as they are written, each once."""
    match tree:
        case Word(text) | Phrase(text):
            return [text]
        case Or(parts) | And(parts) | Near(parts):
            return list(dict.fromkeys(word for part in parts for word in words_of(part)))
        case _:
            return []


def carry_tree(tree: Node, titles: Titles, source: str, target: str) -> Node | None:
    """The query with each word as the target language has it; None where its meaning would be lost.

    Of alternatives those without a translation are left out; what has to stand together is lost with the
    first part that has none. Countries and names are carried as `carry_names` does, other words by
    `titles`, by word and language. Scripts without spaces have no distance between words.
    """
    match tree:
        case Word(text) | Phrase(text):
            return _carry_word(text, titles, source, target)
        case Or(parts):
            kept = [found for part in parts if (found := carry_tree(part, titles, source, target))]
            return _any(kept)
        case And(parts) | Near(parts):
            every = [carry_tree(part, titles, source, target) for part in parts]
            together = tuple(part for part in every if part is not None)
            if len(together) < len(parts):
                return None
            if isinstance(tree, And) or any(map(_is_paired, together)):
                return And(together)
            return Near(together, tree.distance, tree.ordered)
        case Not() | Wildcard() | Typo():
            return None
        case _:
            return tree


def _carry_word(text: str, titles: Titles, source: str, target: str) -> Node | None:
    named = [name for name in titles.get(text, {}).get(target, ()) if name]
    if text[:1].isupper() and not named:
        named = carry_names([text], source, target)
    nodes = [Phrase(name) if " " in name else Word(name) for name in dict.fromkeys(named)]
    return _any(nodes)


def _any(nodes: Sequence[Node]) -> Node | None:
    kept = list(dict.fromkeys(nodes))
    if len(kept) > 1:
        return Or(tuple(kept))
    return kept[0] if kept else None


def _is_paired(node: Node) -> bool:
    return any(holds_paired_script(word) for word in words_of(node))
