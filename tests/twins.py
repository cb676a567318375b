"""One desk in two engines: its own index and an OpenSearch node, with the same answers asked of both."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bench.peers.opensearch_nodes import ABSENT, Node, find_home, run_nodes
from index.article import Article, Decision, Verdict
from index.corpus import Corpus
from index.fulltext.indexer import update_index
from index.fulltext.searcher import SearchIndex, When
from index.opensearch.push import push
from index.opensearch.searcher import ClusterIndex
from index.query import Node as QueryNode
from index.query import parse
from index.store import Store, StoreWriter
from index.workspace.search_settings import ClusterAddress, parse_address
from tests.conftest import add_article
from tests.test_index_searcher import NOW, WORDS, make_stored

DECISIONS: tuple[Decision, ...] = ("on-story", "on-story", "mention", "borderline", "off-story")


@contextmanager
def serve_node() -> Iterator[Node]:
    """A node that answers; skips where OpenSearch is not installed."""
    if find_home() is None:
        pytest.skip(ABSENT)
    with run_nodes() as nodes:
        yield nodes[0]


def fill_store(store: StoreWriter, count: int, *, seed: int = 3, first: int = 0) -> None:
    """Put made-up articles into a store: some carried by others, some edited, some removed, tagged."""
    rng = random.Random(f"{seed} {first}")
    known: list[tuple[str, Article]] = []
    for number in range(first, first + count):
        article = _make(rng, number)
        if known and rng.random() < 0.2:  # a reprint
            _, other = rng.choice(known)
            article = replace(article, title=other.title, text=other.text, language=other.language)
        known.append((_add(store, article, rng), article))
        if rng.random() < 0.2:  # an edit of one before
            _, old = rng.choice(known)
            words = " ".join(rng.choices(list(WORDS.values()), k=1)[0].split()[:4])
            new = replace(
                old, text=f"{old.text} {words}.", title=f"{old.title} {words}",
                fetched=old.fetched + timedelta(hours=number + 1),
            )  # fmt: skip
            _add(store, new, rng)
            known = [(name, new if one is old else one) for name, one in known]
    store.tags.change([name for name, _ in known[::7]], add=["key"], at=NOW)


def _make(rng: random.Random, number: int) -> Article:
    article = make_stored(rng, number).article
    language = article.language.partition("-")[0]
    glue = "" if language in ("zh", "ja") else " "
    words = WORDS[language].split()
    more = [glue.join(rng.choices(words, k=rng.randrange(4, 40))) for _ in range(3)]
    kind = rng.choice(["", "opinion", "analysis"])
    return replace(
        article, text=". ".join([article.text, *more]), kind=kind,
        canonical_url=article.url, agency=rng.choice(["", "", "AFP", "Reuters"]),
    )  # fmt: skip


def _add(store: StoreWriter, article: Article, rng: random.Random) -> str:
    verdict = Verdict(story="balloon", decision=rng.choice(DECISIONS), score=0.5)
    other = Verdict(story="Flood", decision=rng.choice(("on-story", "off-story")), score=0.5)
    return add_article(store, article, verdict, other)


@dataclass(frozen=True, slots=True)
class Twins:
    """The same desk through both engines."""

    root: Path
    address: ClusterAddress
    own: Corpus
    cluster: Corpus

    def differences(self, tree: QueryNode, *, when: When = "now") -> str:
        """What the two say differently of a query; nothing where they agree."""
        ours = self.own.index.search(self.own._resolve(tree), when=when)
        theirs = self.cluster.index.search(self.cluster._resolve(tree), when=when)
        mine, found = set(ours.ids()), set(theirs.ids())
        if mine != found or ours.total != theirs.total or ours.texts != theirs.texts:
            return (
                f"{tree}: {ours.total} and {theirs.total} articles, {ours.texts} and"
                f" {theirs.texts} texts; missing {sorted(mine - found)[:5]}, more"
                f" {sorted(found - mine)[:5]}"
            )
        return ""


@contextmanager
def open_twins(root: Path, node: Node, name: str, *, count: int = 150) -> Iterator[Twins]:
    """A desk of made-up articles in both engines."""
    address = parse_address(f"opensearch://{node.address}/{name}")
    with StoreWriter.open(root / "pressclip.db") as store:
        store.ledger.start_run("crawl balloon")
        fill_store(store, count)
        update_index(store, root / "index", batch=40)
        push(store, address, replicas=0)
    with open_pair(root, address) as twins:
        yield twins


@contextmanager
def open_pair(root: Path, address: ClusterAddress) -> Iterator[Twins]:
    """The desk of a folder, whatever either engine holds of it."""
    store, other = Store.open(root / "pressclip.db"), Store.open(root / "pressclip.db")
    with (
        Corpus(store, SearchIndex.open(root / "index")) as own,
        Corpus(other, ClusterIndex.open(address, other)) as cluster,
    ):
        yield Twins(root, address, own, cluster)


def parsed(query: str) -> QueryNode:
    """A query's tree, read at the moment of the made-up articles."""
    return parse(query, now=NOW)
