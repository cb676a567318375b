"""How long it takes to judge a whole store again, and one article, beside the queries alone.

    python -m bench.speed.rejudge [--articles 50000] [--workers 2]

The articles are made up (`bench.made_up.articles`: 16 languages, some 600 words each); one in fifty is
coverage of a made-up story, half of these without its words in the headline. Prints, for the same store:
settling a story that was changed (what the queries alone say of all, the profile, all verdicts),
settling when nothing changed, settling after 100 new articles, and the CPU of one verdict after
analysis, with a profile and by the queries alone, each for a small and for the whole store.
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
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench.made_up.articles import make_articles
from index.article import isoformat
from index.query.match import AnalysedArticle, analyse
from index.relevance import Readers, judge_analysed, profiles_of, reevaluate
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


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        for count in sorted({min(1_000, options.articles), options.articles}):
            _measure(Path(folder) / f"{count}.db", count, options.workers)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of the main process: {own:.0f} MiB")
    return 0


def _measure(path: Path, count: int, workers: int) -> None:
    print(f"\n{count:,} articles, {workers} workers")
    with StoreWriter.open(path) as store:
        fill(store, _articles(count))
        readers = Readers.of([STORY], Outlets())
        reevaluate(store, readers, workers=workers)
        for name, asked in (
            ("a changed story", Readers.of([WIDER], Outlets())),
            ("nothing changed", Readers.of([WIDER], Outlets())),
        ):
            _settle(store, name, asked, workers)
        fill(store, _articles(count + 100, count))
        _settle(store, "100 new articles", readers := Readers.of([WIDER], Outlets()), workers)
        profile = profiles_of(store).get(STORY.id)
    some = [analyse(found.article) for found in _articles(count, max(0, count - 400))]
    for name, known in (("with the profile", profile), ("by the queries alone", None)):
        print(
            f"  a verdict {name:22}{_verdict(some, known):10.3f} ms of CPU after analysis, median"
        )


def _settle(store: StoreWriter, name: str, readers: Readers, workers: int) -> None:
    start, began = time.perf_counter(), time.process_time()
    settled = reevaluate(store, readers, workers=workers)
    spent, used = time.perf_counter() - start, time.process_time() - began
    each = used / settled.judged * 1000 if settled.judged else 0.0
    told = f"{used:9.2f} s of CPU, {each:.2f} ms an article" if workers == 1 else ""
    print(
        f"  {name:18}{spent:9.2f} s{told};"
        f" {settled.judged:,} judged, {settled.changed:,} changed,"
        f" {store.counts.corpus()['articles']:,} on the story"
    )


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
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
