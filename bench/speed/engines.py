"""The desk's own index beside an OpenSearch node, by size: what each takes to fill and to answer.

    python -m bench.speed.engines [--sizes 10000,100000] [--queries 15] [--heap 1g]

Made-up articles, the same questions of both, through the same `Corpus`; the answers are compared. Prints,
for each size, articles a second when filled (the node's own time in brackets), disk, and for each kind of
question the milliseconds of the clock, median of all questions, the best of three askings each. The last
lines name what is quicker where, and where the two lines would cross, by the last two sizes. One node on
this machine, without copies, shares its cores with who asks: compare within a run. A million articles
take some hours and 15 GB of disk.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.peers.opensearch_nodes import Node, run_nodes
from bench.peers.search_engines import Pressclip, Question
from bench.speed.search import KINDS, make_questions
from index.corpus import Corpus
from index.fulltext.searcher import SearchIndex
from index.opensearch.push import push
from index.opensearch.searcher import ClusterIndex
from index.store import Store
from index.workspace.search_settings import ClusterAddress, parse_address

ROUNDS = 3
OWN, CLUSTER = "own index", "OpenSearch"

Times = Mapping[str, Mapping[str, float]]
"""By kind of question and engine the median in milliseconds."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--queries", type=int, default=15, help="of each kind")
    parser.add_argument("--heap", default="1g")
    options = parser.parse_args()
    measured: dict[int, Times] = {}
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder, run_nodes(heap=options.heap) as nodes:
            measured[size] = measure(Path(folder), nodes[0], size, options.queries)
    show_crossing(measured)


def measure(folder: Path, node: Node, size: int, queries: int) -> Times:
    """Fill both with so many articles, and ask both."""
    print(
        f"\n{size:,} articles · {os.cpu_count()} cores · load {os.getloadavg()[0]:.1f}", flush=True
    )
    address = parse_address(f"opensearch://{node.address}/bench")
    own = Pressclip(folder)
    own.prepare(0, size)
    started = time.monotonic()
    own.finish()
    filled = time.monotonic() - started
    print(
        f"{OWN}: {size / filled:.0f} articles a second, {_disk(folder / 'data' / 'index')} MB",
        flush=True,
    )
    spent = node_seconds(node)
    with Store.open(folder / "data" / "pressclip.db") as store:
        report = push(store, address, replicas=0)
    spent = node_seconds(node) - spent
    print(
        f"{CLUSTER}: {size / report.seconds:.0f} articles a second ({size / spent:.0f} a CPU second of"
        f" the node), {_disk(node.folder / 'data')} MB",
        flush=True,
    )
    questions = make_questions(size, queries)
    times, hits = {}, {}
    for name in (OWN, CLUSTER):
        with open_engine(name, folder, address) as corpus:
            own.corpus = corpus
            times[name], hits[name] = ask(own, questions)
    different = sum(one != other for one, other in zip(hits[OWN], hits[CLUSTER], strict=True))
    print(f"{len(questions)} questions, {sum(hits[OWN]):,} hits, {different} answers different")
    print(f"{'ms, median':28}{OWN:>14}{CLUSTER:>14}")
    table = {kind: {name: times[name][kind] for name in times} for kind in KINDS}
    for kind, row in table.items():
        print(f"{kind:28}{row[OWN]:14.1f}{row[CLUSTER]:14.1f}", flush=True)
    return table


def open_engine(name: str, folder: Path, address: ClusterAddress) -> Corpus:
    store = Store.open(folder / "data" / "pressclip.db")
    if name == OWN:
        return Corpus(store, SearchIndex.open(folder / "data" / "index"))
    return Corpus(store, ClusterIndex.open(address, store))


def ask(engine: Pressclip, questions: Sequence[Question]) -> tuple[dict[str, float], list[int]]:
    """By kind the median of the clock's milliseconds, and how many articles each question found."""
    times: dict[str, list[float]] = defaultdict(list)
    hits = []
    for question in questions:
        best = float("inf")
        for _ in range(ROUNDS):
            started = time.perf_counter()
            found = engine.ask(question)
            best = min(best, time.perf_counter() - started)
        times[question.kind].append(1000 * best)
        hits.append(found)
    return {kind: statistics.median(each) for kind, each in times.items()}, hits


def node_seconds(node: Node) -> float:
    """CPU seconds that the node's process has taken so far."""
    assert node.process is not None
    fields = Path(f"/proc/{node.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def show_crossing(measured: Mapping[int, Times]) -> None:
    """Where the two engines take as long, if both go on as between the last two sizes."""
    sizes = sorted(measured)
    print(f"\nquicker, and where the two would take as long (by a line through {sizes[-2:]})")
    for kind in KINDS:
        quicker = [
            f"{size:,}: {min(measured[size][kind], key=measured[size][kind].__getitem__)}"
            for size in sizes
        ]
        print(f"{kind:28}{'; '.join(quicker)}; {_crossing(measured, sizes[-2:], kind)}")


def _crossing(measured: Mapping[int, Times], sizes: Sequence[int], kind: str) -> str:
    if len(sizes) < 2:
        return "one size gives no line"
    low, high = sizes
    gaps = [measured[size][kind][OWN] - measured[size][kind][CLUSTER] for size in sizes]
    slope = (gaps[1] - gaps[0]) / (high - low)
    if slope <= 0:
        return "no crossing"
    at = high - gaps[1] / slope
    return f"at about {max(0, round(at, -3)):,.0f}"


def _disk(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1_000_000


if __name__ == "__main__":
    main()
