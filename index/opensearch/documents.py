"""The turning of an article into what the cluster is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from index.article import Article
from index.fulltext.schema import FOREVER, MENTIONED, encode_id, to_micros, to_quarter
from index.fulltext.searcher.filters import UNKNOWN
from index.opensearch.client import Json
from index.opensearch.mapping import HOLE, LONGEST, WEIGHTS
from index.query.match import filter_key
from index.store import Standing, StoredArticle
from index.text.analysis import Analysis, analyse_text, is_capitals, primary_language
from index.text.quotes.positions import quoted_in
from index.text.zones import body_of, lead_of


def to_source(
    stored: StoredArticle, standing: Standing | None = None, changed: Collection[str] = ()
) -> Json:
    """What is sent of an article as it is, or as it stood for a time.

    `changed` are the kinds of what its edits had changed by then. Raises `ValueError` for an id that
    is not in base 36.
    """
    article = stored.article
    language = primary_language(article.language)
    texts = {"text": body_of(article), "lead": lead_of(article), "title": article.title}
    zones = {name: analyse_text(text, language) for name, text in texts.items()}
    quoted = quoted_in(article)
    quotes = [_part(zones["text"], first, last) for first, last in quoted.ranges]
    title = [zones["title"]] * WEIGHTS["title"]
    weighted = [zones[name] for name, times in WEIGHTS.items() for _ in range(times)]
    published, seen = article.published, to_micros(stored.first_seen)
    source = {
        "text": _tokens(weighted),
        "stem": _stems(weighted, always=True),
        "title": _tokens(title),
        "title_stem": _stems(title),
        "quote": _tokens(quotes),
        "quote_stem": _stems(quotes),
        "author": _tokens([analyse_text(", ".join(article.authors), language)]),
        "speaker": _tokens([analyse_text(", ".join(quoted.speakers), article.language)]),
        "capitals": _capitals(weighted, title, quotes),
        "length": sum(len(zone.tokens) for zone in weighted),
        "code": encode_id(stored.id),
        "family": encode_id(stored.family),
        "published": to_micros(published) if published else None,
        "quarter": to_quarter(published) if published else None,
        "seen": seen,
        "moment": to_micros(published) if published else seen,
        "since": to_micros(standing.since) if standing else None,
        "until": to_micros(standing.until) if standing and standing.until else FOREVER,
        "version": stored.versions,
        "is": flags_of(stored),
        "changed": sorted(changed),
        "outlet": article.outlet,
        "lang": language or UNKNOWN,
        "section": article.section,
        "kind": article.kind,
        "agency": article.agency,
        "authors": list(article.authors),
        "speakers": list(quoted.speakers),
        "stories": list(stored.stories),
        "keys": _keys(stored, language),
    }
    return {name: _cut(value) for name, value in source.items() if value not in (None, "", [])}


def flags_of(stored: StoredArticle) -> list[str]:
    """What `is:` finds an article by, but for what the store alone knows."""
    decisions = {verdict.decision for verdict in stored.verdicts}
    holds = {
        "original": stored.id == stored.family,
        "reprint": stored.id != stored.family,
        "edited": stored.versions > 1,
        "removed": stored.removal is not None,
        "paywalled": stored.article.paywalled,
        "undated": stored.article.published is None,
        "date-conflict": stored.article.date_conflict,
        "mention": bool(stored.mentions) and not stored.stories,
        "borderline": "borderline" in decisions,
    }
    return [flag for flag, does in holds.items() if does]


def _keys(stored: StoredArticle, language: str) -> list[str]:
    article: Article = stored.article
    stories = [*stored.stories, *(MENTIONED + name for name in stored.mentions)]
    values = {
        "outlet": [article.outlet],
        "lang": [language or UNKNOWN],
        "section": [article.section],
        "kind": [article.kind],
        "agency": [article.agency],
        "story": stories,
    }
    return [key_of(name, value) for name, found in values.items() for value in found if value]


def key_of(field: str, value: str) -> str:
    """The term of field `keys` by which a filter finds the value."""
    return f"{field}={filter_key(field, value)}"[:LONGEST]


def _part(zone: Analysis, first: int, last: int) -> Analysis:
    here = slice(first, last + 1)
    return Analysis(zone.tokens[here], zone.stems[here], zone.written[here])


def _tokens(zones: Iterable[Analysis]) -> list[str]:
    return [" ".join(map(cut, zone.tokens)) for zone in zones if zone.tokens]


def _stems(zones: Sequence[Analysis], *, always: bool = False) -> list[str]:
    """The roots at their positions. An article without any needs none, but where lengths count."""
    if not always and not any(any(zone.stems) for zone in zones):
        return []
    return [" ".join(cut(stem) or HOLE for stem in zone.stems) for zone in zones if zone.tokens]


def _capitals(
    weighted: Iterable[Analysis], title: Iterable[Analysis], quotes: Iterable[Analysis]
) -> str:
    """The tokens of words in capitals, with the zone before them where one is asked for."""
    found = []
    for prefix, zones in (("", weighted), ("title:", title), ("quote:", quotes)):
        for zone in zones:
            for token, word in zip(zone.tokens, zone.written, strict=True):
                if is_capitals(word):
                    found.append(cut(prefix + token))
    return " ".join(found)


def cut(token: str) -> str:
    """As much of a token as counts."""
    return token[:LONGEST]


def _cut(value: object) -> object:
    """Names no longer than a term may be; texts are cut token by token."""
    if isinstance(value, list):
        return [one if " " in one else one[:LONGEST] for one in value]
    return value
