"""The project's own test pages: made-up articles in template families, as captures with expectations."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from index.capture import Capture

PAGES = Path(__file__).resolve().parents[2] / "tests" / "data" / "pages"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """A rendered page and what must be found in it; `refusal` is set for a page that is not an article.

    `fields` are those the page names; beside the paragraphs the `allowed` lines may be in the
    text, the lines of `furniture` may not. `zones` are kind and text of what must be told apart.
    """

    id: str
    capture: Capture
    zone: str
    refusal: str = ""
    fields: frozenset[str] = frozenset()
    title: str = ""
    authors: tuple[str, ...] = ()
    day: date | None = None
    language: str = ""
    section: str = ""
    paragraphs: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()
    zones: frozenset[tuple[str, str]] = frozenset()
    kind: str = "article"
    paywalled: bool = False


def own_pages() -> list[OwnPage]:
    """All of the project's own pages, in a stable order."""
    return [*_articles(), *_refusals()]


def _articles() -> Iterator[OwnPage]:
    for name, family in _load("pages.toml")["families"].items():
        for language in _languages(family):
            yield _article_page(name, family, language)


def _refusals() -> Iterator[OwnPage]:
    for name, family in _load("pages.toml")["refusals"].items():
        for language in _languages(family):
            article = _load("articles.toml")[language]
            capture = _capture(f"refusals/{name}", language, family)
            yield OwnPage(
                id=f"{name}-{language}",
                capture=capture,
                zone=article["zone"],
                refusal=family["kind"],
            )


def _article_page(name: str, family: dict[str, Any], language: str) -> OwnPage:
    article, furniture = _load("articles.toml")[language], _load("furniture.toml")[language]
    shown = article["paragraphs"][: family.get("paragraphs", 99)]
    return OwnPage(
        id=f"{name}-{language}",
        capture=_capture(f"families/{name}", language, family),
        zone=article["zone"],
        fields=frozenset(family["fields"]),
        title=article["title"],
        authors=tuple(article["authors"]),
        day=article["day"],
        language=language,
        section=article["section"],
        paragraphs=tuple(shown),
        allowed=(article["standfirst"], article["city"]),
        furniture=(
            *furniture["related"],
            *(
                furniture[key]
                for key in ("newsletter", "cookies", "comment", "bio", "legal", "paywall")
            ),
        ),
        zones=frozenset(_zones(article, furniture, family.get("zones", ()))),
        kind=family.get("kind", "article"),
        paywalled=family.get("paywalled", False),
    )


def _zones(
    article: dict[str, Any], furniture: dict[str, Any], names: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Kind and text of the zones that a family shows."""
    shown = {
        "kicker": article["section"],
        "lead": article["standfirst"],
        "caption": furniture["bio"],
    }
    return ((name, shown[name]) for name in names)


def _capture(template: str, language: str, family: dict[str, Any]) -> Capture:
    article, furniture = _load("articles.toml")[language], _load("furniture.toml")[language]
    charset = family.get("charsets", {}).get(language, "utf-8")
    url = f"https://{article['host']}{family.get('path', '/news/a-report-from-the-valley-7311')}"
    html = (
        _environment()
        .get_template(f"{template}.html.j2")
        .render(a=article, f=furniture, lang=language, url=url, charset=charset)
    )
    return Capture(
        url=url,
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=html.encode(charset, "xmlcharrefreplace"),
        fetched=datetime.combine(article["day"], time(20), UTC) + timedelta(days=2),
    )


def _languages(family: dict[str, Any]) -> list[str]:
    named = family["languages"]
    return list(_load("articles.toml")) if named == "all" else list(named)


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((PAGES / name).read_text(encoding="utf-8"))


def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(PAGES), undefined=StrictUndefined, autoescape=False)
