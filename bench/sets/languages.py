"""Stories of English clippings, told in four languages without a query: headlines of our own, labelled.

`languages.toml` holds the lines, half of the stories to look at and half to gate on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any, Literal

from index.article import Article
from index.query.match import AnalysedArticle, analyse
from index.relevance.profile import Features, read_features

FILE = Path(__file__).with_name("languages.toml")
ABROAD = ("de", "es", "ru", "zh")
_DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A headline as an article, what it is compared by, and its label for the story at hand."""

    analysed: AnalysedArticle
    features: Features
    label: Literal["core", "confuser", "none", "clipping"]

    @property
    def article(self) -> Article:
        return self.analysed.article

    @property
    def language(self) -> str:
        return self.analysed.language


@dataclass(frozen=True, slots=True, kw_only=True)
class Abroad:
    """A story: its id, half, one obvious word for each language, its clippings and all lines."""

    id: str
    half: Literal["look", "gate"]
    word: dict[str, str]
    clippings: Sequence[Article]
    lines: Sequence[Line]


def language_sets() -> Iterator[Abroad]:
    """The stories; for each, the lines of the others and other news are `none`."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    news = [
        (language, f"{who}{'' if language == 'zh' else ' '}{does}")
        for language, parts in data["others"].items()
        for who, does in product(parts["who"], parts["does"])
    ]
    for story in data["story"]:
        lines = [(one["id"], *line) for one in data["story"] for line in _lines(one)]
        lines += [("", "none", *line, "") for line in news]
        yield Abroad(
            id=story["id"],
            half=story["half"],
            word=story["word"],
            clippings=[
                _article("en", title, lead, number)
                for number, (_, _, title, lead) in enumerate(
                    _lines({**story, "core": {}, "confuser": {}})
                )
            ],
            lines=[
                _line(label if name == story["id"] else "none", language, title, lead, number)
                for number, (name, label, language, title, lead) in enumerate(lines)
                if not (name == story["id"] and label == "clipping")
            ],
        )


def _lines(story: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for text in story["clippings"]:
        title, lead = map(str.strip, text.split("|"))
        yield "clipping", "en", title, lead
    for label in ("core", "confuser"):
        for language, titles in story[label].items():
            yield from ((label, language, title, "") for title in titles)


def _line(label: Any, language: str, title: str, lead: str, number: int) -> Line:
    analysed = analyse(_article(language, title, lead, 1000 + number))
    return Line(analysed=analysed, features=read_features(analysed), label=label)


def _article(language: str, title: str, lead: str, number: int) -> Article:
    url = f"https://harbour-daily.example/{number}"
    return Article(
        url=url,
        canonical_url=url,
        outlet="harbour-daily.example",
        title=title,
        description=lead,
        text="",
        language=language,
        published=_DAY,
        fetched=_DAY,
    )
