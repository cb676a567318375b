"""Quotations as lines or data: of one article, of many grouped, by speaker or outlet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from index.article import isoformat
from index.text.wording import counted
from search_cli.output.moments import moment
from search_cli.output.render import Row, isolate, one_line, paint, shorten, wrap
from search_cli.output.terminal import Terminal

if TYPE_CHECKING:
    from index.store import StoredArticle
    from index.study.quotes import Quoted, Saying, Utterance

UTTERANCE_FIELDS = (
    "text", "speaker", "outlets", "articles", "texts", "altered", "first_outlet", "first_article",
    "first_published", "sayings", "translations",
)  # fmt: skip
GROUP_FIELDS = ("name", "utterances", "articles", "others", "unattributed", "first")
_LONGEST = 300  # characters of a quotation in a list
_OUTLETS = 6


def quote_records(stored: StoredArticle) -> list[dict[str, Any]]:
    """The quotations of an article as JSON values; places are characters of its text."""
    from index.text.quotes import quotes_of

    return [
        {
            "id": stored.id,
            "text": quote.text,
            "speaker": quote.speaker or None,
            "named": quote.named or None,
            "cue": quote.cue or None,
            "start": quote.start,
            "end": quote.end,
            "term": quote.is_term,
        }
        for quote in quotes_of(stored.article)
    ]


def quote_lines(stored: StoredArticle, terminal: Terminal) -> Iterator[str]:
    """The quotations of an article by speaker, those of nobody known apart, then its terms."""
    from index.text.quotes import quotes_of

    quotes = quotes_of(stored.article)
    yield paint(one_line(stored.article.title), "bold", colored=terminal.colored)
    said = [quote for quote in quotes if not quote.is_term]
    terms = [quote for quote in quotes if quote.is_term]
    yield f"{stored.id} · {one_line(stored.article.outlet)} · {counted(len(said), 'quotation')}"
    named = [quote.speaker for quote in said if quote.speaker]
    for speaker in [*dict.fromkeys(named), ""]:
        own = [quote for quote in said if quote.speaker == speaker]
        if not own:
            continue
        yield ""
        name = one_line(speaker) if speaker else "(nobody is named)"
        yield paint(name, "cyan", colored=terminal.colored)
        for quote in own:
            yield from _wrapped(quote.text, terminal)
    if terms:
        yield ""
        yield f"terms: {', '.join(dict.fromkeys(one_line(quote.text) for quote in terms))}"


def utterance_record(one: Utterance) -> dict[str, Any]:
    """An utterance as JSON values, with every printing of it."""
    return {
        "text": one.text,
        "speaker": one.speaker or None,
        "outlets": list(one.outlets),
        "articles": len({saying.article for saying in one.sayings}),
        "texts": len({saying.family for saying in one.sayings}),
        "altered": len(one.altered),
        "first_outlet": one.first.outlet,
        "first_article": one.first.article,
        "first_published": isoformat(one.first.published),
        "sayings": [
            {
                "article": saying.article,
                "outlet": saying.outlet,
                "language": saying.language,
                "published": isoformat(saying.published),
                "text": saying.quote.text,
                "speaker": saying.quote.speaker or None,
                "named": saying.quote.named or None,
                "cue": saying.quote.cue or None,
                "start": saying.quote.start,
                "end": saying.quote.end,
                "altered": saying in one.altered,
            }
            for saying in one.sayings
        ],
        "translations": [
            {
                "article": saying.article,
                "outlet": saying.outlet,
                "language": saying.language,
                "text": saying.quote.text,
            }
            for saying in one.translations
        ],
    }


def utterance_lines(
    head: str, listed: Sequence[Utterance], limit: int, terminal: Terminal, zone: tzinfo
) -> Iterator[str]:
    """A header, then each utterance with who said it, who printed it, and who altered it."""
    yield from terminal.head(head)
    for one in listed[:limit]:
        yield ""
        yield from _wrapped(shorten(one_line(one.text), _LONGEST), terminal)
        name = one_line(one.speaker) if one.speaker else "(nobody is named)"
        first = one.first
        told = moment(first.published, zone) if first.published else "undated"
        outlets = ", ".join(map(one_line, one.outlets[1 : _OUTLETS + 1]))
        more = (
            f" and {len(one.outlets) - 1 - _OUTLETS} more"
            if len(one.outlets) > _OUTLETS + 1
            else ""
        )
        also = f" · also {outlets}{more}" if outlets else ""
        where = f"{name} · first {one_line(first.outlet)} {told} ({first.article}){also}"
        for number, line in enumerate(wrap(where, _room(terminal, 4))):
            head_of = line.startswith(name) and not number
            shown = paint(name, "cyan", colored=terminal.colored) + line[len(name) :]
            yield f"    {isolate(shown if head_of else line)}"
        for saying in one.altered[:2]:
            yield from _altered_lines(one.text, saying, terminal)
        for saying in one.translations:
            told = f"seems to be in {saying.language}, {one_line(saying.outlet)} ({saying.article})"
            line = shorten(f"{told}: “{one_line(saying.quote.text)}”", _LONGEST)
            for part in wrap(line, _room(terminal, 4)):
                yield f"    {isolate(part)}"
    if len(listed) > limit:
        yield ""
        yield f"{limit:,} of {len(listed):,} shown; -n {len(listed)} shows all"


def _altered_lines(text: str, saying: Saying, terminal: Terminal) -> Iterator[str]:
    """How a printing differs within its marks: what was taken out, what stands instead."""
    from index.versions.diff import word_diff

    marks = {"-": "[-{}-]", "+": "{{+{}+}}"}
    pieces = word_diff(one_line(text), one_line(saying.quote.text))
    shown = "".join(
        marks[op].format(part.strip()) + (" " if part[-1:] == " " else "") if op in marks else part
        for op, part in pieces
    )
    line = shorten(f"altered in {one_line(saying.outlet)} ({saying.article}): {shown}", _LONGEST)
    for part in wrap(line, _room(terminal, 4)):
        yield f"    {part}"


def sample_read(read: int, matching: int) -> str:
    """A line that says that only a sample of the articles was read for quotations."""
    return f"read: a sample of {read:,} of {matching:,} articles; narrow the query to read all"


def group_record(row: Quoted, *, by_outlet: bool) -> Row:
    """A speaker or an outlet as JSON values."""
    return {
        "name": row.name,
        "utterances": row.utterances,
        "articles": row.articles,
        "others": row.others,
        "unattributed": row.unattributed if by_outlet else None,
        "first": isoformat(row.first),
    }


def _room(terminal: Terminal, indent: int) -> int:
    return max(min(terminal.width, terminal.measure) - indent, 20)


def _wrapped(text: str, terminal: Terminal) -> Iterator[str]:
    for line in wrap(one_line(f"“{text}”"), _room(terminal, 2)):
        yield f"  {isolate(line)}"
