"""A page as it was read: the record, the text, what each source said, what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from index.article import Article, isoformat
from index.text.zones import count_words, is_unspaced
from search_cli.output.render import cells, one_line, shorten, to_json
from search_cli.output.terminal import warn

if TYPE_CHECKING:
    from crawler.extract import Explanation
    from index.capture import Capture
    from index.habits.values import Priors

Style = Literal["record", "text", "md", "json", "jsonl"]


# The keys of outlets.toml by which a field would be read otherwise.
CHANGED_BY = {
    "title": ("title_parts", "headings"),
    "authors": ("bylines", "desks", "accounts"),
    "published": ("tz", "date_order", "country"),
    "language": ("lang",),
    "charset": ("charset",),
    "text": (),
    "kind": (),
    "address": (),
}
KEYS = {"zone": "tz", "language": "lang"}  # of outlets.toml, where a prior has another name


def extracted(
    told: Iterable[tuple[Capture, Explanation]], style: Style, *, many: bool, width: int
) -> Iterator[tuple[str, bool]]:
    """The output piece by piece, each with whether it is an article's; evidence in lines of `width` cells."""
    listed = many and style == "json"
    count = 0
    for count, (capture, one) in enumerate(told, start=1):
        is_article = isinstance(one.result, Article)
        if style in ("json", "jsonl"):
            comma = "" if not listed else "[\n" if count == 1 else ",\n"
            text = f"{comma}{to_json(as_record(capture, one))}" + ("" if listed else "\n")
        else:
            gap = "\n" if count > 1 and style != "text" else ""
            text = gap + "".join(f"{line}\n" for line in _lines(capture, one, style, width))
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
            "known": {name: getattr(told.known, name) for name in told.known.source},
            "known_by": dict(told.known.source),
            "changed_by": CHANGED_BY,
        }
    return record


def _lines(capture: Capture, told: Explanation, style: Style, screen: int) -> Iterator[str]:
    result = told.result
    if not isinstance(result, Article):
        reason = _cut(result.reason, 300)
        if style == "record":
            yield f"{_cut(capture.url, 2_000)}: no article: {result.kind} ({reason})"
            yield from _explained(told, screen)
        else:
            warn(f"{_cut(capture.url, 2_000)}: no article: {result.kind} ({reason})")
        return
    if style == "record":
        yield from _fields(result)
        yield from _explained(told, screen)
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


def _explained(told: Explanation, screen: int) -> Iterator[str]:
    if not (told.testimony or told.removed):
        return
    yield "\nheard (* has won)"
    width = max((len(one.source) for one in told.testimony), default=0)
    for one in told.testimony:
        mark = "*" if one.won else " "
        yield _line(f"{mark} {one.field:<10} {one.source:<{width}}  ", one.said, 300, screen)
    if isinstance(told.result, Article):
        yield from _zones(told.result, screen)
    if told.removed:
        yield "\nkept out"
        for removal in told.removed:
            yield _line(f"  {removal.reason}: ", removal.text, 120, screen)
    yield from _known(told.known, screen)


def _known(known: Priors, screen: int) -> Iterator[str]:
    """What the page was read with, and where that is from; then the keys that would change what."""
    if known.source:
        yield "\nknown of the outlet"
    for name, source in known.source.items():
        value = getattr(known, name)
        told = value if isinstance(value, str) else " · ".join(value) or "none"
        yield _line(f"  {KEYS.get(name, name):<12} ({source}) ", told, 200, screen)
    yield "\nwhat would change it, in outlets.toml"
    for field, keys in CHANGED_BY.items():
        yield f"  {field:<12} {', '.join(keys) or 'nothing: it follows from the page alone'}"


def _zones(article: Article, screen: int) -> Iterator[str]:
    stretches = [(zone.kind, article.text[zone.start : zone.end]) for zone in article.zones]
    beside = [(f"{aside.kind} (beside)", aside.text) for aside in article.asides]
    if stretches or beside:
        yield "\nzones (the rest is body)"
        for kind, text in [*stretches, *beside]:
            yield _line(f"  {kind:<16} ", text, 120, screen)


def _line(before: str, text: str, most: int, screen: int) -> str:
    """A line of evidence, at most that many cells of the text, and no more than the screen is wide."""
    return before + _cut(text, min(most, max(20, screen - cells(before))))


def _cut(text: str, most: int) -> str:
    """The text on one line, at most that many cells of it."""
    return shorten(one_line(text[: 4 * most]), most)
