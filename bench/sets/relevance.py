"""The labelled sets of the relevance gate: made-up stories, made-up articles, real feed items."""

from __future__ import annotations

import csv
import gzip
import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.made_up.coverage import STORIES, labelled
from bench.sets.real import FEED_ITEMS
from index.article import Article
from index.errors import Fault
from index.query.match import AnalysedArticle, analyse
from index.relevance.profile import Background, Features, read_features
from index.workspace.outlets import Outlets
from index.workspace.story import Story, load_story

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "tests" / "data" / "relevance"
HELD = ROOT / "tests" / "data" / "relevance_held"
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article with its label for one story: core, mention, objects, confuser or none."""

    analysed: AnalysedArticle
    features: Features
    label: str
    trap: bool

    @property
    def language(self) -> str:
        return self.analysed.language


def own_sets() -> Iterator[tuple[Story, list[Item]]]:
    """The made-up stories in headlines, each with all items, labelled for it."""
    yield from _headlines(OWN, _rows(OWN))


def held_sets() -> Iterator[tuple[Story, list[Item]]]:
    """Two more, written when the method was done, among the items of the others.

    Whoever changes the method looks at the figures only, not at the items.
    """
    yield from _headlines(HELD, [*_rows(HELD), *_rows(OWN)])


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "items.tsv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _headlines(folder: Path, rows: Sequence[dict[str, str]]) -> Iterator[tuple[Story, list[Item]]]:
    for path in sorted((folder / "stories").glob("*.toml")):
        story = load_file(path)
        yield story, [_row_item(row, f"https://a.example/{n}", story) for n, row in enumerate(rows)]


def _row_item(row: dict[str, str], url: str, story: Story) -> Item:
    is_own = row["story"] == story.id
    return _item(
        _article(row["title"], row["lead"], row["lang"], row["day"], url),
        label=row["label"] if is_own else "none",
        trap=is_own and row["trap"] == "yes",
    )


def coverage_sets() -> Iterator[tuple[Story, list[Item]]]:
    """Two more made-up stories, in whole articles."""
    for coverage in STORIES:
        yield (
            coverage.story,
            [_item(one, label=label, trap=trap) for one, label, trap in labelled(coverage)],
        )


WEEKS = (
    ("feed-items-to-2023-02-06.jsonl.gz", "feed-items-labelled.dev.jsonl"),
    ("feed-items-2023-02-07-to-12.jsonl.gz", "feed-items-labelled.week2.jsonl"),
)
BALLOON = ROOT / "bench" / "sets" / "stories" / "balloon.toml"


def real_set() -> tuple[Story, list[Item]]:
    """The labelled feed items, with the other items of that week as what they have to be told from."""
    return load_file(BALLOON), week_items(0)


def week_items(week: int, *, every: int = 1) -> list[Item]:
    """The items of the first (0) or second (1) week, of those without a label each so-manieth."""
    news, labels = WEEKS[week]
    labelled = [json.loads(line) for line in (FEED_ITEMS / labels).open()]
    with gzip.open(FEED_ITEMS / news, "rt") as file:
        rows = {row["url"]: row for row in [*map(json.loads, file), *labelled]}
    return [
        _item(
            _article(
                html.unescape(row["title"] or ""),
                _TAG.sub(" ", html.unescape(row["desc"] or "")),
                row["lang"] or "",
                row["date"] or "",
                row["url"],
            ),
            label=row.get("label", "none"),
            trap=row.get("lexical_trap", False),
        )
        for number, row in enumerate(rows.values())
        if "label" in row or number % every == 0
    ]


def count_background(items: Sequence[Item]) -> Background:
    background = Background()
    for item in items:
        background.add(item.features)
    return background


def core_of(items: Sequence[Item]) -> list[int]:
    return [n for n, item in enumerate(items) if item.label == "core"]


def _article(title: str, lead: str, language: str, date: str, url: str) -> Article:
    try:
        published = datetime.fromisoformat(date)
    except ValueError:
        published = None
    if published is not None and published.tzinfo is None:
        published = published.replace(tzinfo=UTC)
    return Article(
        url=url,
        canonical_url=url,
        outlet="",
        title=title,
        text="",
        description=" ".join(lead.split()),
        language=language[:2],
        published=published,
        fetched=datetime(2024, 7, 1, tzinfo=UTC),
    )


def _item(article: Article, *, label: str, trap: bool) -> Item:
    analysed = analyse(article)
    return Item(analysed=analysed, features=read_features(analysed), label=label, trap=trap)


def load_file(path: Path) -> Story:
    faults: list[Fault] = []
    story = load_story(path, faults, Outlets())
    if story is None or faults:
        raise SystemExit(f"{path}: {'; '.join(map(str, faults))}")
    return story
