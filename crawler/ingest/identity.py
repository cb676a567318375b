"""Which article held a page is of: by its addresses, and by title and text where addresses do not tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.ingest.read import ReadArticle
from crawler.urls import Likeness, Link, are_one, canonical, clean
from index.article import Article
from index.store import StoredArticle, StoreWriter
from index.text.shingles import normal_tokens

EQUAL, ALIKE = 0.9, 0.5  # of the shorter text's runs of four words, how many the other has
LENGTHS = 0.5  # of two equal texts, the shorter to the longer
RUN, TOKENS = 4, 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A reading with the identity that it is recorded under.

    `one_with` are the articles held that it is one with, the one that stays first; `apart` those that an
    address would have joined it with, each with the code of the decision. `joins` says that several are
    to be made one, or one is to be known by another address.
    """

    read: ReadArticle
    one_with: tuple[str, ...] = ()
    joins: bool = False
    apart: tuple[tuple[str, str], ...] = ()


def settle_identity(store: StoreWriter, read: ReadArticle, listed: str, *, wanted: str) -> Settled:
    """Decide which of the articles held at the page's addresses it is one with; nothing is written.

    `listed` is the address that led to the page, `wanted` the id that stays where there are several.
    """
    links = _links(store, read, canonical(listed) if listed else "")
    if len(links) < 2 and set(links.values()) <= {"own"}:
        return Settled(read=read, one_with=tuple(links))
    held = store.articles.get(links)
    same: list[str] = []
    apart: list[tuple[str, str]] = []
    for identity, link in links.items():
        alike = "equal" if link == "own" else likeness(read.article, held[identity].article)
        decision = are_one(link, alike)
        if decision.is_same:
            same.append(identity)
        elif link != "claim":
            apart.append((identity, decision.code))
    read = _apart(store, read, apart, links)
    one_with = _first([held[one] for one in same], wanted)
    read = _under(read, [held[one] for one in one_with])
    is_claimed = any(links[one] == "claim" for one in one_with)
    key = canonical(held[one_with[0]].article.canonical_url) if one_with else ""
    return Settled(
        read=read,
        one_with=one_with,
        joins=len(one_with) > 1 or (is_claimed and key != read.key),
        apart=tuple(apart),
    )


def likeness(one: Article, other: Article) -> Likeness:
    """How much two articles are alike in title and text."""
    titles = normal_tokens(one.title), normal_tokens(other.title)
    mine, theirs = normal_tokens(one.text)[:TOKENS], normal_tokens(other.text)[:TOKENS]
    share = _share(mine, theirs)
    lengths = min(len(mine), len(theirs)) / max(len(mine), len(theirs), 1)
    if titles[0] == titles[1] and share >= EQUAL and lengths >= LENGTHS:
        return "equal"
    return "alike" if titles[0] == titles[1] or share >= ALIKE else "other"


def _share(one: Sequence[str], other: Sequence[str]) -> float:
    """How many of the shorter text's runs of four words the longer one has, 0 to 1."""
    if one == other:
        return 1.0
    runs = sorted((_runs(one), _runs(other)), key=len)
    return len(runs[0] & runs[1]) / len(runs[0]) if runs[0] else 0.0


def _runs(tokens: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(tokens[place : place + RUN]) for place in range(len(tokens) - RUN + 1)}


def _links(store: StoreWriter, read: ReadArticle, listed: str) -> dict[str, Link]:
    """The articles held that an address joins with the page, and how; the closest link counts."""
    own = canonical(read.article.url)
    parts = [canonical(part.url) for part in read.article.parts]
    found: dict[str, Link] = {}
    steps: tuple[tuple[Link, Iterable[str]], ...] = (
        ("own", store.aliases.at([own, *parts])),
        ("declared", store.aliases.at([read.key])),
        ("redirect", store.aliases.at([listed, *(key for key, _ in read.aliases)])),
        ("claim", store.aliases.at(read.claims)),
        ("claim", store.aliases.claiming([own, read.key, *read.claims])),
    )
    for link, ids in steps:
        for identity in ids:
            found.setdefault(identity, link)
    return found


def _first(same: Sequence[StoredArticle], wanted: str) -> tuple[str, ...]:
    """Their ids: the wanted one first if it is among them, then by first sight."""
    ranked = sorted(same, key=lambda held: (held.id != wanted, held.first_seen, held.id))
    return tuple(held.id for held in ranked)


def _apart(
    store: StoreWriter, read: ReadArticle, apart: Sequence[tuple[str, str]], links: dict[str, Link]
) -> ReadArticle:
    """The reading without the addresses of the articles that it is not one with."""
    if not apart:
        return read
    taken = store.aliases.at_which([read.key, *(key for key, _ in read.aliases)])
    others = {identity for identity, _ in apart}
    aliases = tuple(pair for pair in read.aliases if taken.get(pair[0]) not in others)
    if taken.get(read.key) not in others:
        return replace(read, aliases=aliases)
    url = clean(read.article.url) or read.article.url
    own = canonical(url)
    return replace(
        read,
        article=replace(read.article, canonical_url=url),
        key=own,
        aliases=tuple(pair for pair in aliases if pair[0] != own),
    )


def _under(read: ReadArticle, one_with: Sequence[StoredArticle]) -> ReadArticle:
    """The reading under the address that it claims, where an article of the same text is held there."""
    for held in one_with:
        key = canonical(held.article.canonical_url)
        if key in read.claims:
            own = (read.key, read.article.url)
            return replace(
                read,
                article=replace(read.article, canonical_url=held.article.canonical_url),
                key=key,
                aliases=(*(pair for pair in read.aliases if pair[0] != key), own),
            )
    return read
