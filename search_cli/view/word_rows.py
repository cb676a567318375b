"""Keywords and collocates as rows: their columns for a person, their values for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search_cli.output.render import Column, Row

if TYPE_CHECKING:
    from index.study.collocates import Collocate
    from index.study.keywords import Keyword

KEYWORD_FIELDS = (
    "word", "side", "uses", "per_million", "articles", "outlets", "other_uses", "other_per_million",
    "other_articles", "other_outlets", "g2", "log_ratio", "p",
)  # fmt: skip
KEYWORD_COLUMNS = (
    Column(key="word", title="keyword", color="cyan", grows=True),
    Column(key="rate", title="per million", right=True),
    Column(key="other_rate", title="elsewhere", right=True),
    Column(key="g2", title="G²", right=True),
    Column(key="ratio", title="log ratio", right=True),
    Column(key="articles", title="articles", right=True),
    Column(key="outlets", title="outlets", right=True),
)
COLLOCATE_FIELDS = (
    "word", "together", "left", "right", "uses", "articles", "outlets", "log_dice", "g2",
)  # fmt: skip
COLLOCATE_COLUMNS = (
    Column(key="word", title="word", color="cyan", grows=True),
    Column(key="log_dice", title="logDice", right=True),
    Column(key="g2", title="G²", right=True),
    *(
        Column(key=key, title=key, right=True)
        for key in ("together", "left", "right", "articles", "outlets")
    ),
)


def keyword_shown(one: Keyword) -> Row:
    """A keyword as a person reads it, both sides beside each other."""
    return {
        "word": one.word,
        "rate": f"{one.rate:,.0f}",
        "other_rate": f"{one.other_rate:,.0f}",
        "g2": f"{one.g2:,.1f}",
        "ratio": f"{one.ratio:+.1f}",
        "articles": f"{one.articles:,} / {one.other_articles:,}",
        "outlets": f"{one.outlets:,} / {one.other_outlets:,}",
    }


def keyword_record(side: str, one: Keyword) -> Row:
    """A keyword as JSON values; `side` tells which of both uses it more."""
    return {
        "word": one.word,
        "side": side,
        "uses": one.uses,
        "per_million": round(one.rate, 2),
        "articles": one.articles,
        "outlets": one.outlets,
        "other_uses": one.other_uses,
        "other_per_million": round(one.other_rate, 2),
        "other_articles": one.other_articles,
        "other_outlets": one.other_outlets,
        "g2": round(one.g2, 2),
        "log_ratio": round(one.ratio, 3),
        "p": one.p,
    }


def collocate_shown(one: Collocate) -> Row:
    """A collocate as a person reads it."""
    return {**collocate_record(one), "log_dice": f"{one.dice:.1f}", "g2": f"{one.g2:,.1f}"}


def collocate_record(one: Collocate) -> Row:
    """A collocate as JSON values."""
    return {
        "word": one.word,
        "together": one.together,
        "left": one.left,
        "right": one.right,
        "uses": one.uses,
        "articles": one.articles,
        "outlets": one.outlets,
        "log_dice": round(one.dice, 3),
        "g2": round(one.g2, 2),
    }
