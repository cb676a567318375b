"""A floor for what a search finds first: nDCG@10 on a judged set, beside stock Whoosh and SQLite FTS5.

    python -m bench.gates.search [--explain] [--opensearch]

The set, bench/sets/judged/articles.toml, was written for this: short articles in five languages, and queries
as people type them, without accents and in other forms of a word. All engines get the same queries and
want all words of one. `--opensearch` asks our index in an OpenSearch node, too. Exits with 1 when
pressclip is below the floor, or below another engine.
"""

from __future__ import annotations

import argparse
import math
import sqlite3
import statistics
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.peers.opensearch_nodes import run_nodes
from index.article import Article
from index.fulltext.documents import to_document
from index.fulltext.schema import FORMAT, LAYOUT, build_schema
from index.fulltext.searcher import SearchIndex
from index.fulltext.segments.folders import draft_folder, publish
from index.fulltext.segments.toc import State, write_state
from index.fulltext.segments.writer import SegmentWriter
from index.opensearch.client import Cluster
from index.opensearch.documents import to_source
from index.opensearch.mapping import index_body
from index.opensearch.push import document_lines
from index.opensearch.searcher import ClusterIndex
from index.opensearch.state import IndexState
from index.query import parse
from index.store import StoredArticle, StoreWriter
from index.workspace.search_settings import parse_address

JUDGED = Path(__file__).resolve().parents[1] / "sets" / "judged" / "articles.toml"
FLOOR = 0.98
DEPTH = 10
NOW = datetime(2023, 2, 4, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Piece:
    """An article of the set."""

    name: str
    title: str
    lead: str
    text: str

    @property
    def language(self) -> str:
        return self.name.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Topic:
    """A query and what is relevant to it: names of articles with 2 or 1."""

    query: str
    judged: Mapping[str, int]


Ranking = dict[str, list[str]]
"""The names found by each query, best first."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--explain", action="store_true", help="print each query")
    parser.add_argument("--opensearch", action="store_true", help="ask a node, too")
    options = parser.parse_args()
    pieces, topics = read_set()
    queries = [topic.query for topic in topics]
    with tempfile.TemporaryDirectory() as folder:
        rankings = {
            "pressclip": ask_pressclip(pieces, queries, Path(folder) / "ours"),
            "whoosh": ask_whoosh(pieces, queries, Path(folder) / "whoosh"),
            "fts5": ask_fts5(pieces, queries),
        }
        if options.opensearch:
            rankings["opensearch"] = ask_opensearch(pieces, queries, Path(folder))
    gains = {
        name: [ndcg(ranking[topic.query], topic) for topic in topics]
        for name, ranking in rankings.items()
    }
    if options.explain:
        for place, topic in enumerate(topics):
            row(topic.query, *(values[place] for values in gains.values()))
    print(f"{len(pieces)} articles, {len(topics)} queries, nDCG@{DEPTH}")
    print(f"{'':24}" + "".join(f"{name:>12}" for name in gains))
    for language in dict.fromkeys(piece.language for piece in pieces):
        own = [place for place, topic in enumerate(topics) if is_of(topic, language)]
        row(
            language,
            *(statistics.mean(values[place] for place in own) for values in gains.values()),
        )
    means = {name: statistics.mean(values) for name, values in gains.items()}
    row("all", *means.values())
    if means["pressclip"] < max(FLOOR, *means.values()):
        print(f"below the floor of {FLOOR} or below another engine", file=sys.stderr)
        return 1
    return 0


def row(label: str, *values: float) -> None:
    print(f"{label:24}" + "".join(f"{value:12.3f}" for value in values))


def is_of(topic: Topic, language: str) -> bool:
    """Whether the best answers are in that language."""
    best = max(topic.judged.values())
    return any(
        name.startswith(f"{language}-") for name, gain in topic.judged.items() if gain == best
    )


def read_set() -> tuple[list[Piece], list[Topic]]:
    data = tomllib.loads(JUDGED.read_text("utf-8"))
    pieces = [
        Piece(item["id"], item["title"], item["lead"], item["text"].replace("\n", " "))
        for item in data["article"]
    ]
    return pieces, [Topic(item["query"], item["judged"]) for item in data["topic"]]


def ndcg(found: Sequence[str], topic: Topic) -> float:
    """Discounted gain of the first answers over that of the best order (Järvelin and Kekäläinen 2002)."""
    gains = [topic.judged.get(name, 0) for name in found]
    ideal = sorted(topic.judged.values(), reverse=True)
    return discounted(gains) / discounted(ideal)


def discounted(gains: Sequence[int]) -> float:
    return math.fsum(
        (2**gain - 1) / math.log2(place + 2) for place, gain in enumerate(gains[:DEPTH])
    )


def ask_pressclip(pieces: Sequence[Piece], queries: Sequence[str], folder: Path) -> Ranking:
    draft = draft_folder(folder, FORMAT)
    draft.mkdir(parents=True)
    writer = SegmentWriter(LAYOUT)
    for number, piece in enumerate(pieces):
        writer.add(to_document(store(number, piece)))
    write_state(draft, State(records=(writer.write(draft),), generation=1), build_schema())
    publish(draft, folder, FORMAT)
    index = SearchIndex.open(folder)
    return {
        query: [pieces[hit.document].name for hit in index.search(parse(query)).top(DEPTH)]
        for query in queries
    }


def ask_opensearch(pieces: Sequence[Piece], queries: Sequence[str], folder: Path) -> Ranking:
    """Our own index in a node: no other engine, but another way to the same scores."""
    with run_nodes() as nodes, StoreWriter.open(folder / "empty.db") as empty:
        address = parse_address(f"opensearch://{nodes[0].address}/gate")
        state = IndexState(name="gate", number=1, store=empty.identity(), revision=len(pieces))
        cluster = Cluster(address)
        for index, alias in ((state.now, "gate"), (state.past, "gate.past")):
            body = index_body(state.meta(), shards=1, replicas=0)
            cluster.call("PUT", f"/{index}", {**body, "aliases": {alias: {}}})
        lines: list[bytes] = []
        for number, piece in enumerate(pieces):
            lines += document_lines(state.now, f"a{number}", to_source(store(number, piece)))
        cluster.bulk(lines)
        cluster.call("POST", f"/{state.now}/_refresh")
        names = {f"a{number}": piece.name for number, piece in enumerate(pieces)}
        cluster_index = ClusterIndex.open(address, empty)
        return {
            query: [names[hit.id] for hit in cluster_index.search(parse(query)).top(DEPTH)]
            for query in queries
        }


def store(number: int, piece: Piece) -> StoredArticle:
    article = Article(
        url=f"https://{piece.name}.example/",
        canonical_url="",
        outlet="gate.example",
        title=piece.title,
        description=piece.lead,
        text=piece.text,
        fetched=NOW,
        language=piece.language,
    )
    identity = f"a{number}"
    return StoredArticle(
        id=identity,
        revision=number + 1,
        article=article,
        family=identity,
        verdicts=(),
        kept=True,
        first_seen=NOW,
        versions=1,
        archive=None,
        aliases=(),
    )


def ask_whoosh(pieces: Sequence[Piece], queries: Sequence[str], folder: Path) -> Ranking:
    import whoosh.analysis
    from whoosh.fields import STORED, TEXT, Schema
    from whoosh.index import create_in
    from whoosh.qparser.default import MultifieldParser

    analysis: Any = whoosh.analysis
    folder.mkdir()
    text = TEXT(analyzer=analysis.StemmingAnalyzer())
    index: Any = create_in(str(folder), Schema(name=STORED, title=text, text=text))
    writer = index.writer()
    for piece in pieces:
        writer.add_document(name=piece.name, title=piece.title, text=f"{piece.lead} {piece.text}")
    writer.commit()
    parser: Any = MultifieldParser(["title", "text"], index.schema)
    with index.searcher() as searcher:
        return {
            query: [hit["name"] for hit in searcher.search(parser.parse(query), limit=DEPTH)]
            for query in queries
        }


def ask_fts5(pieces: Sequence[Piece], queries: Sequence[str]) -> Ranking:
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE words USING fts5 (name UNINDEXED, title, text, tokenize='porter')"
    )
    rows = [(piece.name, piece.title, f"{piece.lead} {piece.text}") for piece in pieces]
    db.executemany("INSERT INTO words VALUES (?, ?, ?)", rows)
    select = f"SELECT name FROM words WHERE words MATCH ? ORDER BY bm25(words) LIMIT {DEPTH}"
    found = {
        query: [
            row[0] for row in db.execute(select, (" ".join(f'"{word}"' for word in query.split()),))
        ]
        for query in queries
    }
    db.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
