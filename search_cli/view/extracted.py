"""A page as it was read: the record and the text, what each witness said, what was kept out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from index.article import Article, isoformat
from index.text.zones import count_words, is_unspaced
from search_cli.output.render import one_line, shorten, to_json
from search_cli.output.terminal import warn

if TYPE_CHECKING:
    from crawler.extract import Explanation
    from index.capture import Capture

Style = Literal["record", "text", "md", "json", "jsonl"]


def extracted(
    told: Iterable[tuple[Capture, Explanation]], style: Style, *, many: bool
) -> Iterator[tuple[str, bool]]:
    """The output piece by piece, each with whether it is of an article."""
    listed = many and style == "json"
    count = 0
    for count, (capture, one) in enumerate(told, start=1):
        is_article = isinstance(one.result, Article)
        if style in ("json", "jsonl"):
            comma = "" if not listed else "[\n" if count == 1 else ",\n"
            text = f"{comma}{to_json(as_record(capture, one))}" + ("" if listed else "\n")
        else:
            gap = "\n" if count > 1 and style != "text" else ""
            text = gap + "".join(f"{line}\n" for line in _lines(capture, one, style))
        yield text, is_article
    if listed:
        yield ("\n]\n" if count else "[]\n"), False


def as_record(capture: Capture, told: Explanation) -> dict[str, Any]:
    """The record for a program: the article's keys, or `refused` and `reason`; `explain` where asked."""
    if not isinstance(told.result, Article):
        record: dict[str, Any] = {
            "url": capture.url,
            "fetched": isoformat(capture.fetched),
            "refused": told.result.kind,
            "reason": told.result.reason,
        }
    else:
        record = told.result.to_dict()
    if told.testimony or told.removed:
        record["explain"] = {
            "heard": [asdict(one) for one in told.testimony],
            "removed": [asdict(one) for one in told.removed],
        }
    return record


def _lines(capture: Capture, told: Explanation, style: Style) -> Iterator[str]:
    result = told.result
    if not isinstance(result, Article):
        reason = _cut(result.reason, 300)
        if style == "record":
            yield f"{_cut(capture.url, 2_000)}: no article: {result.kind} ({reason})"
            yield from _explained(told)
        else:
            warn(f"{_cut(capture.url, 2_000)}: no article: {result.kind} ({reason})")
        return
    if style == "record":
        yield from _fields(result)
        yield from _explained(told)
        yield ""
    elif style == "md":
        yield f"# {result.title}\n"
        about = (", ".join(result.authors), _day(result), result.outlet)
        yield f"{' · '.join(filter(None, about))}  \n<{result.canonical_url}>\n"
    yield result.text


def _fields(article: Article) -> Iterator[str]:
    unit = "characters" if is_unspaced(article) else "words"
    values = (
        ("title", article.title, "title"),
        ("authors", ", ".join(article.authors), "authors"),
        ("published", _dated(article), "published"),
        ("updated", f"{article.updated:%Y-%m-%d %H:%M} UTC" if article.updated else "", ""),
        ("language", article.language, "language"),
        ("kind", f"{article.kind}{', behind a paywall' if article.paywalled else ''}", ""),
        ("outlet", " · ".join(filter(None, (article.outlet, article.site_name))), ""),
        ("agency", article.agency, ""),
        ("place", article.place, ""),
        ("section", article.section, ""),
        ("tags", ", ".join(article.tags), ""),
        ("kicker", article.kicker, ""),
        ("image", article.image, ""),
        ("url", article.canonical_url, ""),
        ("form", article.witnesses.get("form", ""), ""),
        ("text", f"{count_words(article):,} {unit}", "text"),
    )
    for name, value, field in values:
        if value:
            witness = article.witnesses.get(field, "")
            yield f"{name:<10} {_cut(value, 2_000)}{f'   ({witness})' if witness else ''}"


def _dated(article: Article) -> str:
    """When it was published, with `~` before a weak date and a word on witnesses that disagree."""
    if not (day := _day(article)):
        return ""
    weak = "~" if article.has_weak_date else ""
    return f"{weak}{day}{', witnesses disagree' if article.date_conflict else ''}"


def _day(article: Article) -> str:
    if article.published is None:
        return ""
    pattern = {"day": "%Y-%m-%d", "month": "%Y-%m"}.get(
        article.published_precision, "%Y-%m-%d %H:%M UTC"
    )
    return article.published.strftime(pattern)


def _explained(told: Explanation) -> Iterator[str]:
    if not (told.testimony or told.removed):
        return
    yield "\nheard (* has won)"
    width = max((len(one.source) for one in told.testimony), default=0)
    for one in told.testimony:
        mark = "*" if one.won else " "
        yield f"{mark} {one.field:<10} {one.source:<{width}}  {_cut(one.said, 300)}"
    if isinstance(told.result, Article):
        yield from _zones(told.result)
    if told.removed:
        yield "\nkept out"
        for removal in told.removed:
            yield f"  {removal.reason}: {_cut(removal.text, 120)}"


def _zones(article: Article) -> Iterator[str]:
    stretches = [(zone.kind, article.text[zone.start : zone.end]) for zone in article.zones]
    beside = [(f"{aside.kind} (beside)", aside.text) for aside in article.asides]
    if stretches or beside:
        yield "\nzones (the rest is body)"
        for kind, text in [*stretches, *beside]:
            yield f"  {kind:<16} {_cut(text, 120)}"


def _cut(text: str, most: int) -> str:
    """The text on one line, at most so many cells of it."""
    return shorten(one_line(text[: 4 * most]), most)
