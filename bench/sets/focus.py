"""Made-up stories with what breaks a judge of words, as items: a second event, mentions, digests.

`focus_stories.toml` holds the lines to look at, `focus_gate.toml` those to gate on, in which nobody
looks, and other news for both. Each headline of a kind is put with leads of the same kind and
language, so that there is enough to label fifty and still to measure.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, Literal

from index.article import Article
from index.query.match import AnalysedArticle, analyse
from index.relevance.profile import Features, read_features

FILES = {
    "look": Path(__file__).with_name("focus_stories.toml"),
    "gate": Path(__file__).with_name("focus_gate.toml"),
}
KINDS = ("core", "second", "mention", "confuser")
_MORE = {"core": 45, "second": 8, "mention": 24, "confuser": 8}
_FEWEST = 3  # lines of a language that are put together in other ways
_START = datetime(2026, 1, 5, 8, tzinfo=UTC)

Half = Literal["look", "gate"]
Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One item: the article, what it is compared by, its label and whether it is a plain line."""

    analysed: AnalysedArticle
    features: Features
    label: str
    plain: bool

    @property
    def is_core(self) -> bool:
        return self.label == "core"


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """A story: its id, half, window, a plain query, and all items with the labels they have for it."""

    id: str
    half: Half
    window: str
    query: str
    items: Sequence[Told]


def focus_sets(half: Half) -> Iterator[Focus]:
    """The made-up stories of a half; for each, the items of the others and other news are `none`."""
    data = tomllib.loads(FILES[half].read_text("utf-8"))
    news = list(_news(tomllib.loads(FILES["look"].read_text("utf-8"))["others"]))
    told = {story["id"]: list(_lines(story)) for story in data["story"]}
    for story in data["story"]:
        chance = random.Random(story["id"])
        items = [
            _item(line, label if name == story["id"] else "none", plain, chance, number)
            for number, (name, label, line, plain) in enumerate(
                [
                    *((name, *one) for name, lines in told.items() for one in lines),
                    *(("", "none", line, False) for line in news),
                ]
            )
        ]
        yield Focus(
            id=story["id"],
            half=half,
            window=story["window"],
            query=story["query"],
            items=items,
        )


def _lines(story: Mapping[str, Any]) -> Iterator[tuple[str, Line, bool]]:
    chance = random.Random(f"more {story['id']}")
    for kind in KINDS:
        lines = [_split(text) for text in story[kind]]
        yield from ((kind, line, True) for line in lines)
        mixed = [
            (one[0], one[1], other[2])
            for one, other in product(lines, lines)
            if one is not other and one[0] == other[0] and _is_spoken(one[0], lines)
        ]
        chosen = chance.sample(mixed, min(_MORE[kind], len(mixed)))
        yield from ((kind, line, False) for line in chosen)


def _is_spoken(language: str, lines: Sequence[Line]) -> bool:
    return sum(line[0] == language for line in lines) >= _FEWEST


def _split(text: str) -> Line:
    language, title, lead = (part.strip() for part in text.split("|"))
    return language, title, lead


def _news(others: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[Line]:
    for language, parts in others.items():
        space = "" if language == "zh" else " "
        for who, does, what in product(parts["who"], parts["does"], parts["what"]):
            yield language, space.join((who, does, what)), ""


def _item(line: Line, label: str, plain: bool, chance: random.Random, number: int) -> Told:
    language, title, lead = line
    url = f"https://harbour-daily.example/{number}"
    article = Article(
        url=url,
        canonical_url=url,
        outlet="harbour-daily.example",
        title=title,
        description=lead,
        text="",
        language=language,
        published=_START + timedelta(hours=chance.randrange(600)),
        fetched=_START + timedelta(days=90),
    )
    analysed = analyse(article)
    return Told(analysed=analysed, features=read_features(analysed), label=label, plain=plain)
