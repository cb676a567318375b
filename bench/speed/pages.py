"""The search page of `pressclip serve` beside the same search alone, over growing made-up corpora.

    python -m bench.speed.pages [--sizes 1000,4000,16000] [--queries 40]

CPU milliseconds, p50 and p95: of a page that nobody asked for before, of its second page, and of the
search alone, which answers the same query with ten hits. The growth is that of the first from each
size to the next.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bench.made_up.articles import make_articles
from bench.peers.search_engines import ENGINES
from search_cli.output.typeset import environment
from search_cli.serve.app import EXPORTS
from search_cli.serve.asked import Asked
from search_cli.serve.desk import ServedDesk
from search_cli.serve.results import gather_results

WORKSPACE = 'contact = "bench@clippings.example"\ntz = "UTC"\n'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,4000,16000")
    parser.add_argument("--queries", type=int, default=40)
    options = parser.parse_args()
    print(
        f"load {os.getloadavg()[0]:.1f}; CPU ms p50/p95 of a page, of the next one, of the search alone"
    )
    before = 0.0
    for size in map(int, options.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            desk = build(Path(folder), size)
            queries = draw_queries(size, options.queries)
            pages = [clock(partial(show_anew, desk, Asked(query=one))) for one in queries]
            again = [clock(partial(show, desk, Asked(query=one, page=2))) for one in queries]
            alone = [clock(partial(search, desk, one)) for one in queries]
            growth = f"  ×{quantile(pages) / before:.2f}" if before else ""
            before = quantile(pages)
            print(f"{size:>9,}  {told(pages)}  {told(again)}  {told(alone)}{growth}")
            desk.close()


def build(root: Path, size: int) -> ServedDesk:
    """A workspace with that many articles, indexed."""
    engine = ENGINES["pressclip"](root)
    engine.prepare(0, size)
    (root / "workspace.toml").write_text(WORKSPACE, "utf-8")
    engine.finish()
    return ServedDesk(root)


def draw_queries(size: int, count: int) -> list[str]:
    """Words of every frequency, pairs, prefixes, a filter; and everything."""
    rng = random.Random(size)
    words = Counter(
        word
        for stored in make_articles(min(size, 1000))
        for word in stored.article.text.replace(".", "").split()
        if len(word) > 4
    )
    frequent = [word for word, _ in words.most_common(len(words) // 3)]
    kinds: Sequence[Callable[[], str]] = (
        lambda: rng.choice(frequent),
        lambda: f"{rng.choice(frequent)} {rng.choice(frequent)}",
        lambda: f"{rng.choice(frequent)[:4]}*",
        lambda: f"{rng.choice(frequent)} lang:en",
        lambda: "*",
    )
    return [kinds[number % len(kinds)]() for number in range(count)]


def show(desk: ServedDesk, asked: Asked) -> str:
    """The page as a browser gets it."""
    values = {"desk": "bench", "review": False, "overview": None, "exports": EXPORTS}
    page = environment("serve").get_template("search.html")
    return page.render(values, asked=asked, results=gather_results(desk, asked))


def show_anew(desk: ServedDesk, asked: Asked) -> str:
    """The same, with nothing kept of an earlier page."""
    desk.kept.clear()
    return show(desk, asked)


def search(desk: ServedDesk, query: str) -> int:
    """Ten hits with their snippets."""
    return len(list(desk.corpus.search(query)))


def clock(call: Callable[[], object]) -> float:
    """CPU milliseconds of the second of two calls."""
    call()
    started = time.process_time()
    call()
    return (time.process_time() - started) * 1000


def quantile(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def told(times: Sequence[float]) -> str:
    return f"{statistics.median(times):6.1f}/{quantile(times):<6.1f}"


if __name__ == "__main__":
    main()
