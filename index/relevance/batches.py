"""Stored articles ready to be judged, read in parts, in this process or in several."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from index.article import Article, Verdict
from index.query.match import AnalysedArticle, analyse
from index.relevance.assignment import Readers
from index.relevance.profile import Profile
from index.relevance.verdict import judge_analysed, score_alone
from index.store.database import connect, database_errors
from index.workspace.story import Story

PART = 200
Found = TypeVar("Found")

_FEW = 1000  # articles below which other processes are not worth their start


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An article with all that its verdicts depend on beside the stories.

    `names` are its id and addresses, `before` the verdicts as they are stored, `copies` by story
    the members of its family that the queries put on it, `labelled` the stories with a label.
    """

    id: str
    article: Article
    names: frozenset[str]
    channels: frozenset[str]
    labelled: frozenset[str]
    copies: Mapping[str, int]
    before: Mapping[str, Verdict]

    def stories(self, readers: Readers) -> list[Story]:
        """The stories that judge it."""
        reading = readers.stories_of(self.article.outlet, self.channels)
        more = [story for story in readers.stories if story.id in self.labelled]
        return [*reading, *(story for story in more if story not in reading)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What changes for one article: verdicts to write, and stories that judge it no more."""

    id: str
    verdicts: tuple[Verdict, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What articles are judged with; `named` are the stories to judge by, `readers` has all."""

    readers: Readers
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    named: frozenset[str] = frozenset()


def rule(bench: Bench, cases: Sequence[Case]) -> list[Ruling]:
    """The changes of verdicts that are due, article by article."""
    return [ruling for case in cases if (ruling := _rule(bench, case)) is not None]


def score(bench: Bench, cases: Sequence[Case]) -> list[tuple[str, str, float]]:
    """Article, story, and the score of the queries alone."""
    found = []
    for case in cases:
        asked = [story for story in case.stories(bench.readers) if story.id in bench.named]
        analysed = analyse(case.article) if asked else None
        for story in asked:
            assert analysed is not None
            found.append((case.id, story.id, score_alone(analysed, story, names=case.names)))
    return found


def each_part(
    path: Path,
    connection: Connection,
    ids: Sequence[str],
    work: Callable[[Sequence[Case]], Found],
    *,
    workers: int = 0,
) -> Iterator[Found]:
    """What `work` makes of each part of the articles, in order; of many by several processes.

    `work` must be picklable. Raises `StoreError`.
    """
    parts = [ids[start : start + PART] for start in range(0, len(ids), PART)]
    number = workers or os.cpu_count() or 1
    if len(ids) < _FEW or number == 1:
        for part in parts:
            yield work(read_cases(connection, part))
        return
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(number, context, initializer=_end_with_parent) as pool:
        yield from pool.map(partial(_work, path, work), parts)


def read_cases(connection: Connection, ids: Sequence[str]) -> list[Case]:
    """The cases of some articles, in the order of their ids; unknown ones are left out."""
    marks = ",".join("?" * len(ids))

    def grouped(statement: str) -> dict[str, list[tuple[str, ...]]]:
        found: dict[str, list[tuple[str, ...]]] = {}
        for article, *values in connection.execute(statement.replace("?", marks), ids):
            found.setdefault(article, []).append(tuple(values))
        return found

    names = grouped("SELECT article, url, key FROM aliases WHERE article IN (?)")
    channels = grouped("SELECT DISTINCT article, channel FROM captures WHERE article IN (?)")
    labels = grouped(
        "SELECT articles.id, story FROM labels JOIN articles USING (key) WHERE articles.id IN (?)"
    )
    copies = grouped(
        "SELECT own.id, story, count(*) FROM articles AS own JOIN articles AS other"
        " ON other.family = own.family AND other.id <> own.id"
        " JOIN verdicts ON verdicts.article = other.id AND alone > 0"
        " WHERE own.id IN (?) GROUP BY 1, 2"
    )
    before = _stored_verdicts(connection, ids)
    rows = connection.execute(
        f"SELECT id, record, text FROM articles WHERE id IN ({marks}) ORDER BY id", ids
    )
    return [
        Case(
            id=row[0],
            article=Article.from_dict({**json.loads(row[1]), "text": row[2]}),
            names=frozenset({row[0], *(name for pair in names.get(row[0], ()) for name in pair)}),
            channels=frozenset(channel for (channel,) in channels.get(row[0], ())),
            labelled=frozenset(story for (story,) in labels.get(row[0], ())),
            copies={story: int(number) for story, number in copies.get(row[0], ())},
            before=before.get(row[0], {}),
        )
        for row in rows
    ]


def _stored_verdicts(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, Verdict]]:
    """The verdicts without labels, by article and story."""
    marks = ",".join("?" * len(ids))
    found: dict[str, dict[str, Verdict]] = {}
    for article, story, decision, value, reasons, alone in connection.execute(
        "SELECT article, story, decision, score, reasons, alone FROM verdicts"
        f" WHERE article IN ({marks})",
        ids,
    ):
        found.setdefault(article, {})[story] = Verdict(
            story=story,
            decision=decision,
            score=value,
            reasons=tuple(json.loads(reasons)),
            alone=alone,
        )
    return found


def _rule(bench: Bench, case: Case) -> Ruling | None:
    reading = case.stories(bench.readers)
    asked = [story for story in reading if story.id in bench.named]
    gone = bench.named & case.before.keys() - {story.id for story in reading}
    analysed = analyse(case.article) if asked else None
    verdicts = [_verdict(bench, case, analysed, story) for story in asked if analysed is not None]
    changed = tuple(found for found in verdicts if case.before.get(found.story) != found)
    if not changed and not gone:
        return None
    return Ruling(id=case.id, verdicts=changed, dropped=tuple(sorted(gone)))


def _verdict(bench: Bench, case: Case, analysed: AnalysedArticle, story: Story) -> Verdict:
    return judge_analysed(
        analysed,
        story,
        names=case.names,
        profile=bench.profiles.get(story.id),
        copies=case.copies.get(story.id, 0),
    )


def _end_with_parent() -> None:
    """End this process when its parent is killed: a worker would wait for more work for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _work(path: Path, work: Callable[[Sequence[Case]], Found], ids: Sequence[str]) -> Found:
    connection = connect(path, readonly=True)
    try:
        with database_errors(path):
            return work(read_cases(connection, ids))
    finally:
        connection.close()
