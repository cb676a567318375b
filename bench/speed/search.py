"""The search engine beside stock Whoosh, SQLite FTS5 and tantivy: a made-up corpus, one run.

    python -m bench.speed.search [--size N] [--queries N] [--engines pressclip,whoosh,fts5,tantivy]

Every engine works in processes of its own on the same articles and queries. Figures are CPU seconds
and milliseconds of this machine at this moment: compare within a run. tantivy is left out where it is
not installed (`pip install tantivy`). pressclip reads its articles from the store and analyses each in
its own language, as written and as stems; the others have one English analyser for all, so that they
find nothing in Chinese and less in the other languages.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.made_up.articles import make_articles
from bench.peers.search_engines import ENGINES, Question

ROOT = Path(__file__).resolve().parents[2]
MORE = 100  # articles added to a finished index
ROUNDS = 3  # of each query; the best counts
GRAMMAR = 20  # the most frequent words, as "of the": a phrase of theirs is a kind of its own
CHUNK = 500
KINDS = (
    "term, frequent", "term", "two terms", "phrase", "phrase, frequent", "near", "prefix", "typo",
    "term + outlet + dates", "facets: outlet, day", "ten snippets",
)  # fmt: skip

Report = dict[str, Any]


def main() -> None:
    options = read_options()
    if options.step:
        print(json.dumps(work(options)))
        return
    names = [name for name in options.engines.split(",") if is_installed(name)]
    base = [sys.executable, "-m", "bench.speed.search", "--size", str(options.size)]
    asked = run([*base, "--queries", str(options.queries), "--step", "questions"])[0]
    with tempfile.TemporaryDirectory() as folder:
        reports = {
            name: measure([*base, "--name", name], asked, Path(folder) / name) for name in names
        }
    show(reports, options.size)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--queries", type=int, default=15, help="of each kind")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--name", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def is_installed(name: str) -> bool:
    return name != "tantivy" or importlib.util.find_spec("tantivy") is not None


def make_questions(size: int, count: int) -> list[Question]:
    """Queries of each kind; their words are drawn by how many of the English articles have them."""
    texts = [
        stored.article.text.replace(".", "").split()
        for stored in make_articles(min(size, 2000))
        if stored.article.language == "en"
    ]
    counted = Counter(word for text in texts for word in set(text) if len(word) > 4)
    frequent, middle = (
        [word for word, times in counted.items() if low <= times / len(texts) < high]
        for low, high in ((0.2, 0.7), (0.02, 0.08))
    )
    grammar = {
        word for word, _ in Counter(word for text in texts for word in text).most_common(GRAMMAR)
    }
    pairs = [pair for text in texts[:500] for pair in pairwise(text) if not grammar & {*pair}]
    rng = random.Random(size)
    questions = []
    for _ in range(count):
        text, one, other = rng.choice(texts), rng.choice(middle), rng.choice(frequent)
        start = rng.randrange(len(text) - 1)
        words: Mapping[str, Sequence[str]] = {
            "two terms": [one, other],
            "phrase": rng.choice(pairs),
            "phrase, frequent": text[start : start + 2],
            "near": [other, rng.choice(frequent)],
            "prefix": [one[:4]],
            "typo": [one[:2] + one[3:]],
        }
        long = ("term, frequent", "facets: outlet, day")
        questions += [
            Question(kind, words.get(kind, [other if kind in long else one])) for kind in KINDS
        ]
    return questions


def measure(base: Sequence[str], asked: str, folder: Path) -> Report:
    """Build, add, ask warm, ask cold, each in a process whose CPU and memory the kernel tells."""
    folder.mkdir()
    base = [*base, "--folder", str(folder)]
    build, _, build_memory = run([*base, "--step", "build"])
    report = {**json.loads(build), "build_memory": build_memory}
    report |= json.loads(run([*base, "--step", "more"])[0])
    answer, _, report["ask_memory"] = run([*base, "--step", "ask"], asked)
    report["times"] = json.loads(answer)
    report["cold"], report["cold_memory"] = coldest([*base, "--step", "cold"], asked)
    if folder.name == "pressclip":
        call = "import sys; from search_cli.main import run; sys.exit(run(sys.argv[1:]))"
        words = json.loads(asked)[1][1]
        argv = [sys.executable, "-c", call, "-C", str(folder), "search", *words]
        report["command"], report["command_memory"] = coldest(argv)
        empty = folder / "empty"
        empty.mkdir()
        run([*base[:-1], str(empty), "--step", "build", "--size", "0"])
        argv[argv.index("-C") + 1] = str(empty)
        report["command_empty"], _ = coldest(argv)
    return report


def coldest(argv: Sequence[str], given: str = "") -> tuple[float, float]:
    """CPU milliseconds and MiB of a new process, the best of some."""
    ended = [run(argv, given, allowed=(0, 1))[1:] for _ in range(ROUNDS)]
    return min((1000 * spent, memory) for spent, memory in ended)


def run(
    argv: Sequence[str], given: str = "", *, allowed: Sequence[int] = (0,)
) -> tuple[str, float, float]:
    """What a process printed, its CPU seconds, and the MiB of memory it had at its peak."""
    with subprocess.Popen(
        argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(given)
        child.stdin.close()
        said = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in allowed:
        raise SystemExit(f"{' '.join(argv)} ended with {child.returncode}")
    return said, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def work(options: argparse.Namespace) -> Any:
    """One step, in the process that was made for it."""
    if options.step == "questions":
        made = make_questions(options.size, options.queries)
        return [(question.kind, question.words) for question in made]
    engine = ENGINES[options.name](options.folder)
    match options.step:
        case "build":
            spent = fill(engine, 0, options.size)
            return {
                "rate": options.size / spent,
                "size": engine.size() / max(1, options.size) / 1024,
            }
        case "more":
            return {"more": fill(engine, options.size, MORE)}
        case "ask":
            return ask(engine, read_questions())
        case "cold":
            engine.open()
            return engine.ask(read_questions()[1])


def read_questions() -> list[Question]:
    return [Question(kind, words) for kind, words in json.load(sys.stdin)]


def fill(engine: Any, first: int, count: int) -> float:
    """Index articles; returns the CPU seconds without those of making the articles up."""
    engine.prepare(first, count)
    spent = 0.0
    for start in range(first, first + count, CHUNK):
        articles = list(make_articles(min(CHUNK, first + count - start), start))
        engine.keep(articles)
        started = time.process_time()
        engine.build(articles)
        spent += time.process_time() - started
    started = time.process_time()
    engine.finish()
    return spent + time.process_time() - started


def ask(engine: Any, questions: Sequence[Question]) -> dict[str, list[float]]:
    """Milliseconds of CPU by kind: of each query the first asking, and the best of all."""
    engine.open()
    engine.ask(questions[0])
    times: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        if question.kind not in engine.limits:
            times[question.kind].append(min(clock(engine, question) for _ in range(ROUNDS)))
    return times


def clock(engine: Any, question: Question) -> float:
    started = time.process_time()
    engine.ask(question)
    return (time.process_time() - started) * 1000


def show(reports: Mapping[str, Report], size: int) -> None:
    print(f"{size:,} articles · {os.cpu_count()} cores · load {os.getloadavg()[0]:.1f}\n")
    row("", *reports)
    figures = (
        ("articles per CPU second", "rate", "{:.0f}"),
        (f"add {MORE}, CPU s", "more", "{:.2f}"),
        ("index, KB an article", "size", "{:.1f}"),
        ("memory, indexing, MiB", "build_memory", "{:.0f}"),
        ("memory, searching, MiB", "ask_memory", "{:.0f}"),
        ("cold search, CPU ms", "cold", "{:.0f}"),
        ("cold search, MiB", "cold_memory", "{:.0f}"),
    )
    for label, key, form in figures:
        row(label, *(form.format(report[key]) for report in reports.values()))
    if ours := reports.get("pressclip"):
        row("pressclip search, CPU ms", f"{ours['command']:.0f}")
        row("the same, empty corpus", f"{ours['command_empty']:.0f}")
        row("pressclip search, MiB", f"{ours['command_memory']:.0f}")
    print("\nwarm, CPU ms, p50 / p95")
    for kind in KINDS:
        row(kind, *(quantiles(report["times"].get(kind)) for report in reports.values()))


def row(label: str, *cells: str) -> None:
    print(f"{label:28}" + "".join(f"{cell:>16}" for cell in cells))


def quantiles(times: Sequence[float] | None) -> str:
    if not times:
        return "-"
    cuts = statistics.quantiles([*times, times[-1]], n=20, method="inclusive")
    return f"{cuts[9]:.1f} / {cuts[18]:.1f}"


if __name__ == "__main__":
    main()
