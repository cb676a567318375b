"""What it costs to judge again after a label, a changed query and new articles, beside judging all again.

    python -m bench.speed.rejudge [--articles 1000 3000 10000] [--workers 1]

The articles are made up (`bench.made_up.articles`: 16 languages, some 600 words each); one in fifty is
coverage of a made-up story, half of these without its words in the headline. For each size, in one store:
all articles judged; one label; a changed query; 100 new articles, twice, since once in a while the profile
is learned again; and at the end all judged again, which must come to the same verdicts, reason by reason.
Prints seconds, CPU where there is one worker, how many articles were read, and each step beside 100 new
articles (the aim: at most 3), and the CPU of one verdict after analysis; then how the steps grow with the
store, and how often an article is read for its verdict while a crawl brings the smallest number of them,
100 at a time. Exit status 1 where the verdicts differ.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.made_up.articles import make_articles
from index.article import Verdict, isoformat
from index.query.match import AnalysedArticle, analyse
from index.relevance import (
    Readers,
    Reevaluation,
    borderline,
    judge_analysed,
    profiles_of,
    reevaluate,
)
from index.relevance.profile import Profile
from index.store import StoredArticle, StoreWriter
from index.workspace.outlets import Outlets
from index.workspace.story import Story

STORY = Story(
    id="lights",
    title="The lights over Vandermoor",
    match={
        "en": '"lights of Vandermoor" OR lights NEAR/8 (Vandermoor OR observatory)',
        "any": "Vandermoor lights",
    },
    not_query='"festival of lights"',
)
WIDER = replace(STORY, match={**STORY.match, "en": "lights NEAR/12 (Vandermoor OR observatory)"})
START = datetime(2023, 6, 1, tzinfo=UTC)
NAMED = "Lights over Vandermoor seen again. The lights stood above the Vandermoor observatory. "
UNNAMED = "Above the observatory Professor Quillard of Vandermoor counted them once more. "


@dataclass(frozen=True, slots=True)
class Step:
    """What one step took: seconds, or seconds of CPU where there is one worker, and what it did."""

    seconds: float
    done: Reevaluation


def main() -> int:
    options = _options()
    sizes: list[int] = sorted(options.articles)
    steps, same = {}, True
    with tempfile.TemporaryDirectory() as folder:
        for count in sizes:
            steps[count], is_same = _measure(Path(folder) / f"{count}.db", count, options.workers)
            same = same and is_same
        life = _live(Path(folder) / "life.db", sizes[0], options.workers)
    _show_growth(sizes, steps)
    print(
        f"\na crawl of {sizes[0]:,} articles, 100 at a time: each read {life:.2f} times for its verdict"
    )
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of the main process: {own:.0f} MiB")
    return 0 if same else 1


def _measure(path: Path, count: int, workers: int) -> tuple[dict[str, Step], bool]:
    steps: dict[str, Step] = {}
    with StoreWriter.open(path) as store:
        fill(store, _articles(count))
        first, wider = (Readers.of([story], Outlets()) for story in (STORY, WIDER))
        reevaluate(store, first, workers=workers)
        store.labels.put(_doubtful(store), STORY.id, "off-story", at=START)
        steps["a label"] = _settle(store, first, workers)
        steps["a changed query"] = _settle(store, wider, workers)
        for number in (count, count + 100):
            fill(store, _articles(number + 100, number))
            found = _settle(store, wider, workers)
            name = "and the profile" if found.done.learned else "100 new articles"
            steps[name] = found
        before = _verdicts(store)
        store.evaluations.begin([STORY.id])
        steps["all again"] = _settle(store, wider, workers)
        is_same = before == _verdicts(store)
        profile = profiles_of(store).get(STORY.id)
    _show(count, workers, steps, is_same=is_same)
    some = [analyse(found.article) for found in _articles(count, max(0, count - 400))]
    for name, known in (("with the profile", profile), ("by the queries alone", None)):
        print(
            f"  a verdict {name:22}{_verdict(some, known):10.3f} ms of CPU after analysis, median"
        )
    return steps, is_same


def _live(path: Path, count: int, workers: int) -> float:
    """How often an article is read for its verdict while a store grows by 100 at a time."""
    readers, read = Readers.of([STORY], Outlets()), 0
    with StoreWriter.open(path) as store:
        for number in range(0, count, 100):
            fill(store, _articles(min(number + 100, count), number))
            read += _settle(store, readers, workers).done.judged
    return read / count


def _settle(store: StoreWriter, readers: Readers, workers: int) -> Step:
    clock = time.process_time if workers == 1 else time.perf_counter
    start = clock()
    done = reevaluate(store, readers, workers=workers)
    return Step(clock() - start, done)


def _doubtful(store: StoreWriter) -> str:
    """The article on the story about which least is sure."""
    return borderline(store, STORY.id, 1).above[0][0]


def _verdicts(store: StoreWriter) -> dict[str, tuple[Verdict, ...]]:
    found = store.articles.get(store.articles.all_ids())
    return {name: one.verdicts for name, one in found.items()}


def _show(count: int, workers: int, steps: dict[str, Step], *, is_same: bool) -> None:
    unit = "s of CPU" if workers == 1 else f"s with {workers} workers"
    print(f"\n{count:,} articles; the verdicts are {'the same' if is_same else 'NOT THE SAME'}")
    news = steps["100 new articles"].seconds
    for name, step in steps.items():
        print(
            f"  {name:18}{step.seconds:9.2f} {unit}; {step.done.judged:7,} read,"
            f" {step.done.changed:6,} verdicts changed; {step.seconds / news:6.2f} × 100 new"
        )


def _show_growth(sizes: Sequence[int], steps: dict[int, dict[str, Step]]) -> None:
    """By how much each step grows where the store grows from the smallest size to the largest."""
    small, large = steps[sizes[0]], steps[sizes[-1]]
    print(
        f"\nfrom {sizes[0]:,} to {sizes[-1]:,} articles, {sizes[-1] / sizes[0]:.1f} times as many:"
    )
    for name in [one for one in small if one in large]:
        print(f"  {name:18}{large[name].seconds / small[name].seconds:6.1f} times the work")


def _verdict(some: Sequence[AnalysedArticle], profile: Profile | None) -> float:
    times = []
    for analysed in some:
        start = time.process_time_ns()
        judge_analysed(analysed, STORY, profile=profile)
        times.append((time.process_time_ns() - start) / 1e6)
    return median(times)


def _articles(until: int, first: int = 0) -> Iterator[StoredArticle]:
    """Made-up articles, every fiftieth of them about the story."""
    for number, stored in enumerate(make_articles(until - first, first), start=first):
        if number % 50:
            yield stored
            continue
        article = stored.article
        opening = NAMED if number % 100 else UNNAMED
        title = f"Vandermoor: {article.title}" if number % 100 else article.title
        yield replace(
            stored,
            article=replace(article, title=title, text=opening * 3 + article.text, language="en"),
        )


def fill(store: StoreWriter, articles: Iterator[StoredArticle]) -> None:
    """Put articles into the store without looking for their families, which is another bench."""
    with closing(sqlite3.connect(store.path)) as database, database:
        for stored in articles:
            article = stored.article
            seen = isoformat(START + timedelta(seconds=stored.revision))  # in the order of arrival
            (number,) = database.execute(
                'INSERT INTO captures (url, fetched, status, outlet, channel, file, "offset", length,'
                " digest, outcome, article) VALUES (?, ?, 200, ?, 'feed', 'a', ?, 1, '', 'kept', ?)"
                " RETURNING id",
                (article.url, seen, article.outlet, stored.revision, stored.id),
            ).fetchone()
            record = article.to_dict()
            text = record.pop("text")
            database.execute(
                "INSERT INTO articles (id, key, revision, kept, family, first_seen, versions, capture,"
                " text, record) VALUES (?, ?, (SELECT newest + 1 FROM revision), 0, ?, ?, 1, ?, ?, ?)",
                (stored.id, article.url, stored.id, seen, number, text, json.dumps(record)),
            )
            database.execute("UPDATE revision SET newest = newest + 1")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 3_000, 10_000])
    parser.add_argument("--workers", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
