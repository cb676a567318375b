"""What the weights of a score do to the judged set of `bench/gates/search.py`: nDCG@10 by setting.

    python -m bench.quality.search_weights

BM25F counts a word of the headline or the lead as several of the text; K1 says how soon more of a word
no longer helps, B how much a long text is held against it (Robertson and Zaragoza 2009). Each row
changes one of the four and leaves the others as they are shipped; "text alone" counts all words once.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import index.fulltext.schema
import index.fulltext.searcher.evaluate
import index.fulltext.searcher.rank
from bench.gates.search import Piece, Topic, ask_pressclip, ndcg, read_set

SHIPPED = {
    "title": index.fulltext.schema.TITLE_WEIGHT,
    "lead": index.fulltext.schema.LEAD_WEIGHT,
    "K1": index.fulltext.searcher.rank.K1,
    "B": index.fulltext.searcher.rank.B,
}
TRIED: Mapping[str, Sequence[float]] = {
    "title": (1, 2, 3, 4, 6, 10),
    "lead": (1, 2, 3, 5),
    "K1": (0.6, 0.9, 1.2, 1.5, 2.0, 3.0),
    "B": (0.0, 0.3, 0.5, 0.75, 0.9, 1.0),
}


def main() -> None:
    pieces, topics = read_set()
    print(f"{len(pieces)} articles, {len(topics)} queries, nDCG@10; * as shipped")
    print(f"{'text alone':12}{measure(pieces, topics, {'title': 1, 'lead': 1}):8.4f}")
    for name, values in TRIED.items():
        for value in values:
            mark = "*" if value == SHIPPED[name] else ""
            print(f"{name:6}{value:6g}{measure(pieces, topics, {name: value}):8.4f} {mark}")


def measure(
    pieces: Sequence[Piece], topics: Sequence[Topic], changed: Mapping[str, float]
) -> float:
    """The mean over all queries, of an index that is built and asked with these weights."""
    setting = {**SHIPPED, **changed}
    for module in (index.fulltext.schema, index.fulltext.searcher.evaluate):
        module.__dict__["TITLE_WEIGHT"] = int(setting["title"])
        module.__dict__["LEAD_WEIGHT"] = int(setting["lead"])
    index.fulltext.searcher.rank.__dict__["K1"] = setting["K1"]
    index.fulltext.searcher.rank.__dict__["B"] = setting["B"]
    with tempfile.TemporaryDirectory() as folder:
        ranking = ask_pressclip(pieces, [topic.query for topic in topics], Path(folder) / "index")
    return statistics.mean(ndcg(ranking[topic.query], topic) for topic in topics)


if __name__ == "__main__":
    main()
