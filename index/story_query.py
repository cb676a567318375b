"""A story's queries as one tree: what `search` and the matcher ask to find its coverage."""

from __future__ import annotations

from functools import lru_cache

from index.query import And, Filter, Node, Not, Or, parse
from index.story import ANY, Story

_UNKNOWN = "und"


def story_tree(story: Story) -> Node:
    """The tree that finds a story's coverage; raises `QuerySyntaxError` for a faulty query.

    An article in a language with a query is asked that query and the one for `any`; one of unknown
    language is asked all. One in a language without a query is asked the one for `any`; if there
    is none it is asked all too, since names and loan words carry over.
    """
    named = {code: _parsed(query) for code, query in story.match.items() if code != ANY}
    found = [_both(Filter("lang", (code,)), tree) for code, tree in named.items()]
    if ANY in story.match:
        found.append(_parsed(story.match[ANY]))
        others: Node = Filter("lang", (_UNKNOWN,))
    else:
        others = Not(Filter("lang", tuple(named)))
    if named:
        found.append(_both(others, _either([*named.values()])))
    if not story.not_query:
        return _either(found)
    return _both(_either(found), Not(_parsed(story.not_query)))


def query_tree(story: Story, language: str) -> Node:
    """The queries that an article of a language is asked.

    For an article of that language this tree and `story_tree` differ only in the `not` query.
    """
    named = [_parsed(query) for code, query in story.match.items() if code != ANY]
    asked = [_parsed(story.match[ANY])] if ANY in story.match else []
    if language in story.match and language != ANY:
        asked.append(_parsed(story.match[language]))
    elif not language or ANY not in story.match:
        asked += named
    return _either(asked)


@lru_cache(maxsize=1_000)
def _parsed(query: str) -> Node:
    return parse(query)


def _either(parts: list[Node]) -> Node:
    """An Or of all, in the form that `parse` gives it."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def _both(first: Node, second: Node) -> Node:
    parts = [part.parts if isinstance(part, And) else (part,) for part in (first, second)]
    return And((*parts[0], *parts[1]))
