"""Keyword in context: each match of a query in an article, with the words around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.article import Article
from index.query.spans import Span
from index.text.analysis import read_tokens
from index.text.zones import body_of, lead_of

Zone = Literal["title", "lead", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A match and what is before and after it, as the article has it, on one line.

    `place` is where in its zone it begins, from 0 to 1, `words` how many words the zone has.
    """

    zone: Zone
    place: float
    words: int
    left: str
    match: str
    right: str


def contexts_of(
    article: Article, marks: Mapping[str, Sequence[Sequence[Span]]], *, words: int
) -> Iterator[Context]:
    """The matches in the order of reading: headline, then text, or the lead where the text has none.

    `marks` are the positions of each term by zone, `words` how many stand on each side (letters, in
    scripts without spaces). Of matches that overlap the first is shown.
    """
    body: Zone = "lead" if any(marks["lead"]) and not any(marks["text"]) else "text"
    texts: dict[Zone, str] = {
        "title": article.title, "lead": lead_of(article), "text": body_of(article),
    }  # fmt: skip
    for zone in ("title", body):
        spans = _apart({span for found in marks[zone] for span in found})
        yield from _contexts(zone, texts[zone], spans, article.language, words)


def _contexts(
    zone: Zone, text: str, spans: Sequence[Span], language: str, words: int
) -> Iterator[Context]:
    if not spans:
        return
    tokens = list(read_tokens(text, language))
    for first, last in spans:
        if last >= len(tokens):  # the text was cut to less than was indexed
            return
        start, end = tokens[first].start, tokens[last].end
        left, right = max(first - words, 0), min(last + words, len(tokens) - 1)
        yield Context(
            zone=zone,
            place=first / len(tokens),
            words=len(tokens),
            left=_line(text[tokens[left].start : start]),
            match=_line(text[start:end]),
            right=_line(text[end : max(tokens[right].end, end)]),
        )


def _apart(spans: set[Span]) -> list[Span]:
    """The spans in order, without those that begin within one before them."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one[0], -one[1])):
        if not kept or span[0] > kept[-1][1]:
            kept.append(span)
    return kept


def _line(text: str) -> str:
    return "".join(" " if letter.isspace() else letter for letter in text)
