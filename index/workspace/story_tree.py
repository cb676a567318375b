"""A story's queries as one tree: what `search` and the matcher ask to find its coverage."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from index.query import And, Filter, Node, Not, Or, parse, rewrite
from index.workspace.story import ANY, Story

_UNKNOWN = "und"

_Queries = tuple[tuple[str, str], ...]
_Groups = tuple[tuple[str, tuple[str, ...]], ...]


def story_tree(story: Story) -> Node:
    """The tree that finds a story's coverage; raises `QuerySyntaxError` for a faulty query.

    An article in a language with a query is asked that query and the one for `any`; one of unknown
    language is asked all. One in a language without a query is asked the one for `any`; if there
    is none it is asked all too, since names and loan words carry over. Collections and countries
    are there as their outlets.
    """
    return _story_tree(tuple(story.match.items()), story.not_query, story.groups)


def query_tree(story: Story, language: str) -> Node:
    """The queries that an article of a language is asked.

    For an article of that language this tree and `story_tree` differ only in the `not` query.
    """
    return _query_tree(tuple(story.match.items()), language, story.groups)


def not_tree(story: Story) -> Node | None:
    """What keeps an article out although it meets the queries; None if the story has no such query."""
    return _not_tree(story.not_query, story.groups) if story.not_query else None


# Every article is asked, so the trees are made once.
@lru_cache(maxsize=1_000)
def _story_tree(match: _Queries, not_query: str, groups: _Groups) -> Node:
    queries = {code: _parsed(query, groups) for code, query in match}
    named = {code: tree for code, tree in queries.items() if code != ANY}
    found = [_both(Filter("lang", (code,)), tree) for code, tree in named.items()]
    if ANY in queries:
        found.append(queries[ANY])
        others: Node = Filter("lang", (_UNKNOWN,))
    else:
        others = Not(Filter("lang", tuple(named)))
    if named:
        found.append(_both(others, _either([*named.values()])))
    if not not_query:
        return _either(found)
    return _both(_either(found), Not(_parsed(not_query, groups)))


@lru_cache(maxsize=10_000)
def _query_tree(match: _Queries, language: str, groups: _Groups) -> Node:
    queries = {code: _parsed(query, groups) for code, query in match}
    named = [tree for code, tree in queries.items() if code != ANY]
    asked = [queries[ANY]] if ANY in queries else []
    if language in queries and language != ANY:
        asked.append(queries[language])
    elif not language or ANY not in queries:
        asked += named
    return _either(asked)


@lru_cache(maxsize=1_000)
def _not_tree(query: str, groups: _Groups) -> Node:
    return _parsed(query, groups)


def _parsed(query: str, groups: _Groups) -> Node:
    known = dict(groups)

    def expand(node: Node) -> Node:
        if not isinstance(node, Filter) or node.field not in ("outlet", "collection", "country"):
            return node
        names = node.values
        if node.field == "country":
            names = tuple(f"country:{value.casefold()}" for value in names)
        elif node.field == "collection":
            names = tuple(f"@{value.removeprefix('@')}" for value in names)
        members = [one for name in names for one in known.get(name, _itself(name))]
        return Filter("outlet", tuple(dict.fromkeys(members)))

    return rewrite(parse(query), expand)


def _itself(name: str) -> tuple[str, ...]:
    """What a name stands for that is not a group: an outlet; no outlet is of an unknown country."""
    return () if name.startswith(("@", "country:")) else (name,)


def _either(parts: list[Node]) -> Node:
    """An Or of all, in the form that `parse` gives it."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def _both(first: Node, second: Node) -> Node:
    parts = [part.parts if isinstance(part, And) else (part,) for part in (first, second)]
    return And((*parts[0], *parts[1]))


def queries_digest(story: Story) -> str:
    """A digest of the queries by which what a source of past coverage names is judged."""
    return blake2b(str(story_tree(story)).encode(), digest_size=6).hexdigest()
