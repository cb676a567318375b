"""A list of hits for a terminal: the query as understood, the rows, how fresh the desk is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from index.text.wording import counted
from search_cli.output.moments import dated, moment, span, zone_name
from search_cli.output.render import (
    ELLIPSIS,
    Column,
    cells,
    clean,
    isolate,
    one_line,
    paint,
    shorten,
    table,
)
from search_cli.output.terminal import Terminal

if TYPE_CHECKING:
    from index.corpus import Corpus, Hit, Hits
    from index.corpus.nothing import NoHits
    from index.fulltext.engine import Answer
    from index.fulltext.searcher.snippet import Snippet
    from index.query import Node

COLUMNS = (
    Column(key="row", right=True),
    Column(key="id", color="cyan"),
    Column(key="published"),
    Column(key="outlet", most=24),
    Column(key="language"),
    Column(key="title", grows=True),
    Column(key="more", color="dim", most=36),
)
_SPACE = re.compile(r"\s+")
WIDE = 120  # cells; on a narrower screen the headline has a line of its own
FRESH = timedelta(days=1)
OLDER_SHOWN = 3
_UNSTEMMED = {
    "bg": "Bulgarian",
    "bn": "Bengali",
    "he": "Hebrew",
    "hr": "Croatian",
    "ja": "Japanese",
    "ko": "Korean",
    "sk": "Slovak",
    "th": "Thai",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def list_hits(
    corpus: Corpus,
    hits: Hits,
    terminal: Terminal,
    *,
    fold: bool,
    asked: str = "",
    below: Sequence[str] = (),
) -> Iterator[str]:
    """The lines of a result: a header, two or three lines a hit, a footer.

    `fold` as in the search; `asked` is told instead of the query; of `below` each hit has a line.
    """
    yield header(corpus, hits.matches, asked or hits.query)
    rows = [_row(number, hit, corpus.zone) for number, hit in enumerate(hits, start=1)]
    wide = terminal.width >= WIDE
    heads = _one_line_heads(rows, terminal) if wide else _two_line_heads(rows, terminal)
    for number, (head, hit) in enumerate(zip(heads, hits, strict=True)):
        yield from head
        at = moment(hit.entry.published, corpus.zone) if hit.entry else ""
        room = terminal.width - 5 - (len(at) + 2 if at else 0)
        if snippet := marked(hit.snippet, room, colored=terminal.colored):
            yield f"     {f'{at}: ' if at else ''}{isolate(snippet)}"
        if below:
            yield f"     {below[number]}"
    yield from _footer(corpus, len(hits), hits.texts if fold else hits.total)
    yield from _seen_later(corpus, hits)


def header(corpus: Corpus, matches: Answer, asked: str) -> str:
    """The query, the counts, and the time zone of the times below."""
    parts = (
        one_line(asked),
        looked_back(corpus),
        articles_and_texts(matches.total, matches.texts),
        left_out(corpus, matches.tree),
        zone_name(corpus.zone, datetime.now(UTC)),
    )
    return " · ".join(filter(None, parts))


def articles_and_texts(articles: int, texts: int) -> str:
    """`53 articles, 47 texts`: what reprints share is one text."""
    return f"{counted(articles, 'article')}, {counted(texts, 'text')}"


def left_out(corpus: Corpus, tree: Node) -> str:
    """How many articles match but only mention their story; empty if none."""
    hidden = corpus.hidden_mentions(tree)
    return f"{counted(hidden, 'mention')} left out (--mentions)" if hidden else ""


def looked_back(corpus: Corpus) -> str:
    """`as of 2023-02-04 12:00`, or that every version was read; empty for a search of today."""
    if isinstance(corpus.when, datetime):
        return f"as of {moment(corpus.when, corpus.zone)}"
    return "in all versions" if corpus.when == "ever" else ""


def _row(number: int, hit: Hit, zone: tzinfo) -> dict[str, Any]:
    return {
        "row": number,
        "id": hit.id,
        "published": dated(hit.stored.article, zone),
        "outlet": hit.outlet,
        "language": hit.language,
        "title": hit.title,
        "more": remarks(hit, zone),
    }


def remarks(hit: Hit, zone: tzinfo) -> str:
    """`removed 2023-02-06 +9 reprints edited ×2`, as far as it is so."""
    older, removal = hit.version < hit.stored.versions, hit.stored.removal
    more = [
        f"removed {moment(removal.seen, zone)[:10]}" if removal else "",
        live(len(hit.stored.article.entries)),
        f"only in v{hit.version} of {hit.stored.versions}" if older else "",
        f"+{counted(hit.reprints, 'reprint')}" if hit.reprints else "",
        f"edited ×{hit.stored.versions - 1}" if hit.stored.versions > 1 and not older else "",
    ]
    return " ".join(filter(None, more))


def live(entries: int) -> str:
    """`live ×12`, for a live blog of that many entries."""
    return f"live ×{entries}" if entries else ""


def _one_line_heads(
    rows: Sequence[dict[str, Any]], terminal: Terminal
) -> Iterator[tuple[str, ...]]:
    lines = table(rows, COLUMNS, width=terminal.width, colored=terminal.colored)
    return ((line,) for line in lines)


def _two_line_heads(
    rows: Sequence[dict[str, Any]], terminal: Terminal
) -> Iterator[tuple[str, ...]]:
    """The headline, and under it when, where, in which language, and how often again."""
    digits = len(str(len(rows)))
    for row in rows:
        number, identity = f"{row['row']:>{digits}}", row["id"]
        title = shorten(one_line(row["title"]), terminal.width - digits - len(identity) - 4)
        painted = paint(identity, "cyan", colored=terminal.colored)
        facts = (row["published"], row["outlet"], row["language"], row["more"])
        told = shorten(" · ".join(one_line(fact) for fact in facts if fact), terminal.width - 5)
        yield (
            f"{number}  {painted}  {isolate(title)}",
            f"     {paint(told, 'dim', colored=terminal.colored)}",
        )


def marked(snippet: Snippet, width: int, *, colored: bool) -> str:
    """The snippet on one line with what matched in bold, cut around the first match."""
    snippet = _from_match(snippet, width)
    pieces = [(_SPACE.sub(" ", clean(text)), color) for text, color in _pieces(snippet)]
    whole = "".join(text for text, _ in pieces)
    short = shorten(whole, width)
    kept = len(short) if short == whole else len(short.removesuffix(ELLIPSIS))
    line = ""
    for text, color in pieces:
        line += paint(text[: max(kept, 0)], color, colored=colored)
        kept -= len(text)
    return line if short == whole else line + ELLIPSIS


def _from_match(snippet: Snippet, width: int) -> Snippet:
    """The snippet without its beginning, as far as that keeps the first match out of sight."""
    first = snippet.marks[0] if snippet.marks else (0, 0)
    if cells(snippet.text[: first[1]]) < width:
        return snippet
    start = max(first[0] - width // 3, 0)
    start = snippet.text.find(" ", start, first[0]) + 1 or start
    marks = tuple((left - start + 1, right - start + 1) for left, right in snippet.marks)
    return replace(snippet, text=ELLIPSIS + snippet.text[start:], marks=marks)


def _pieces(snippet: Snippet) -> Iterator[tuple[str, str]]:
    """The parts of a snippet with their colours: what matched, and what is around it."""
    end = 0
    for start, stop in snippet.marks:
        yield snippet.text[end:start], "dim"
        yield snippet.text[start:stop], "bold"
        end = stop
    yield snippet.text[end:], "dim"


def _footer(corpus: Corpus, listed: int, possible: int) -> Iterator[str]:
    if listed < possible:
        yield not_shown(listed, possible)
    yield from filter(None, [freshness(corpus.fetched(), datetime.now(UTC))])
    yield from filter(None, [behind(corpus)])


def not_shown(shown: int, total: int) -> str:
    """`2 of 12 shown; -n 12 shows the other 10`."""
    return f"{shown} of {total:,} shown; -n {total} shows the other {total - shown:,}"


def _seen_later(corpus: Corpus, hits: Hits) -> Iterator[str]:
    """How many of the listed texts were first seen after the moment looked back to."""
    if not isinstance(corpus.when, datetime):
        return
    later = sum(hit.stored.article.fetched > corpus.when for hit in hits)
    if later:
        yield f"{later} of {len(hits)}: the text as first seen, which was later"


def freshness(fetched: dict[str, datetime], now: datetime) -> str:
    """How many outlets were crawled in the last day, and which were not."""
    old = sorted((moment, outlet) for outlet, moment in fetched.items() if now - moment > FRESH)
    if not fetched:
        return ""
    told = f"{counted(len(fetched), 'outlet')} crawled, {len(fetched) - len(old)} in the last day"
    names = [
        f"{one_line(outlet)} ({span((now - moment).total_seconds())})" for moment, outlet in old
    ]
    if not names:
        return told
    more = f", {len(names) - OLDER_SHOWN} more" if len(names) > OLDER_SHOWN else ""
    return f"{told} · older: {', '.join(names[:OLDER_SHOWN])}{more}"


def behind(corpus: Corpus) -> str:
    """A line that says how far the index is behind the store; empty when it is not."""
    if not corpus.behind:
        return ""
    run = corpus.index.updated_by
    return f"the index is {counted(corpus.behind, 'change')} behind the store; run: {run}"


def explain(found: NoHits) -> Iterator[str]:
    """Lines for a query without matches: how often each part matches, and what to try."""
    counts = " · ".join(f"{one_line(part)} {count:,}" for part, count in found.counts)
    lead = "No articles match all of this." if len(found.counts) > 1 else "No articles match."
    yield f"{lead}   {counts}"
    words = [f"{one_line(other)} ({count:,})" for _, other, count in found.suggestions]
    drops = [f"drop {one_line(part)}: {count:,}" for part, count in found.dropped if count]
    hints = [
        f"in {_language_name(hint.language)} stories use: "
        + ", ".join(f"{one_line(word)} ({count:,})" for word, count in hint.words)
        for hint in found.hints
    ]
    if words or drops or hints:
        yield f"try: {'   ·   '.join([*words, *drops, *hints])}"
    if found.mentions:
        told = "mentions its" if found.mentions == 1 else "mention their"
        yield f"{found.mentions:,} only {told} story; to see what does: --mentions"


def _language_name(code: str) -> str:
    from index.text.analysis.stemming import STEMMERS

    return _UNSTEMMED.get(code) or STEMMERS.get(code, code).title()
