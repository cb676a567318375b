"""Kill -9 of an OpenSearch cluster while a push writes: the elected manager, then every node at once.

    python -m bench.drills.cluster_kills [--articles 1500] [--heap 512m]

Three nodes, each part of the index on two of them. A push runs in a process of its own; the manager is
killed in its middle, then started again; later all three are killed in one moment and started again. The
push waits and goes on. In the end every article whose revision the cluster had confirmed by then must be
there, and both engines must answer alike. Exits with 1 where something is lost.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.peers.opensearch_nodes import Node, run_nodes, wait_for
from bench.peers.search_engines import Pressclip
from index.corpus import Corpus
from index.errors import IndexUnusable
from index.fulltext.searcher import SearchIndex
from index.opensearch.client import Cluster
from index.opensearch.push import push
from index.opensearch.searcher import ClusterIndex
from index.opensearch.state import read_states
from index.query import Everything, parse
from index.store import Store
from index.workspace.search_settings import parse_address

QUERIES = ("*", "-lang:en", "date:2023-02", "is:reprint", "section:world OR section:sport")
ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--heap", default="512m")
    parser.add_argument("--push", nargs=2, help=argparse.SUPPRESS, metavar=("DATABASE", "ADDRESS"))
    options = parser.parse_args()
    if options.push:
        return push_all(Path(options.push[0]), options.push[1])
    with tempfile.TemporaryDirectory() as folder, run_nodes(3, heap=options.heap) as nodes:
        return drill(Path(folder), nodes, options.articles)


def push_all(database: Path, address: str) -> int:
    """What the child does: tell each revision that is confirmed."""
    with Store.open(database) as store:
        report = push(
            store, parse_address(address), shards=3, patience=600,
            told=lambda revision: print(revision, flush=True),
        )  # fmt: skip
    print(json.dumps({"added": report.added, "revision": report.revision}), flush=True)
    return 0


def drill(folder: Path, nodes: list[Node], articles: int) -> int:
    own = Pressclip(folder)
    own.prepare(0, articles)
    own.finish()
    database = folder / "data" / "pressclip.db"
    address = f"opensearch://{','.join(node.address for node in nodes)}/drill"
    command = [sys.executable, "-m", "bench.drills.cluster_kills", "--push", str(database), address]
    failed = False
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        confirmed = int(child.stdout.readline())
        manager = find_manager(nodes)
        print(
            f"revision {confirmed:,} is confirmed; killing the manager, {manager.name}", flush=True
        )
        failed |= kill_and_start(nodes, [manager], address, confirmed)
        confirmed = int(child.stdout.readline())
        print(f"revision {confirmed:,} is confirmed; killing all three nodes", flush=True)
        failed |= kill_and_start(nodes, nodes, address, confirmed)
        *_, last = child.stdout.read().splitlines()
    print(f"the push ended with {child.returncode}: {last}")
    differences = compare(folder, database, address)
    for difference in differences:
        print(f"DIFFERENT: {difference}")
    print("nothing that was confirmed is lost" if not failed else "LOST")
    return int(failed or bool(differences) or child.returncode != 0)


def find_manager(nodes: list[Node]) -> Node:
    """The node that the cluster has elected."""
    (elected,) = nodes[0].ask("/_cat/cluster_manager?format=json")
    return next(node for node in nodes if node.name == elected["node"])


def kill_and_start(nodes: list[Node], victims: list[Node], address: str, confirmed: int) -> bool:
    """Kill them in one moment, start them again; whether the cluster then holds less than it confirmed."""
    for node in victims:
        assert node.process is not None
        node.process.kill()
    for node in victims:
        node.kill()
    started = time.monotonic()
    for node in victims:
        node.start()
    wait_for(nodes, seconds=300, status="yellow")
    cluster = Cluster(parse_address(address))
    cluster.patience = 120
    while True:
        try:
            state, _ = read_states(cluster)
            break
        except IndexUnusable:
            time.sleep(1)
    revision = state.revision if state else 0
    cluster.call("POST", "/drill.1,drill.1.past/_refresh")
    found = cluster.call(
        "POST", "/drill/_search", {"size": 0, "query": {"match_all": {}}, "track_total_hits": True}
    )
    held = found["hits"]["total"]["value"]
    cluster.close()
    print(
        f"  back after {time.monotonic() - started:.0f} s with {held:,} articles, at revision {revision:,}",
        flush=True,
    )
    # Of made-up articles each has one revision, and all are kept.
    return bool(revision < confirmed or held < confirmed)


def compare(folder: Path, database: Path, address: str) -> list[str]:
    """What the two engines answer differently in the end."""
    first, second = Store.open(database), Store.open(database)
    with (
        Corpus(first, SearchIndex.open(folder / "data" / "index")) as own,
        Corpus(second, ClusterIndex.open(parse_address(address), second)) as cluster,
    ):
        found = []
        for query in QUERIES:
            tree = parse(query)
            ours, theirs = set(own.match(tree).ids()), set(cluster.match(tree).ids())
            print(f"  {query}: {len(ours):,} and {len(theirs):,} articles")
            if ours != theirs:
                found.append(f"{query}: {len(ours - theirs)} missing, {len(theirs - ours)} more")
        assert cluster.match(Everything()).total == cluster.index.count
        return found


if __name__ == "__main__":
    raise SystemExit(main())
