# ruff: noqa: E501 (markup is a line)
"""Made-up pages whose markup names no field: day, author and headline must be found by what is seen.

At least three templates a kind, in twelve languages, half of them to look at and half to gate on; texts and
furniture are those of the own pages, dates are written as CLDR has them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_timedelta

from bench.sets.own_pages import OwnPage
from index.capture import Capture

PAGES = Path(__file__).resolve().parents[2] / "tests" / "data" / "pages"
LOOK, GATE = ("en", "de", "es", "ru", "ja", "ar"), ("fr", "it", "pl", "pt", "zh", "nl")
AHEAD, FETCHED_AFTER = 3, 12  # days from the article to the other stories, and to the fetch
MEASURED = {"dates": "date", "bylines": "authors", "titles": "title", "amid": "precision"}
"""What each kind is about."""
ADVERTISED = {
    "en": "Advertisement", "de": "Anzeige", "es": "Publicidad", "ru": "Реклама", "ja": "広告", "ar": "Advertisement",
    "fr": "Publicité", "it": "Pubblicità", "pl": "Reklama", "pt": "Publicidade", "zh": "广告", "nl": "Advertentie",
}  # fmt: skip
POINTING = {
    "en": "Read more", "de": "Lesen Sie auch", "es": "Lea también", "ru": "Читайте также", "ja": "関連記事",
    "ar": "Read more", "fr": "Lire aussi", "it": "Leggi anche", "pl": "Czytaj też", "pt": "Leia também",
    "zh": "延伸阅读", "nl": "Lees ook",
}  # fmt: skip
CREDITED = {
    "de": "Foto",
    "es": "Foto",
    "ru": "Фото",
    "fr": "Crédit photo",
    "it": "Foto",
    "pl": "Fot.",
    "pt": "Foto",
}


class Told:
    """What a template may show of one article: its parts, the furniture, dates as its language writes them."""

    def __init__(
        self, language: str, article: Mapping[str, Any], furniture: Mapping[str, Any]
    ) -> None:
        self.language, self.a, self.f = language, article, furniture
        self.locale = {"zh": "zh_Hans"}.get(language, language)
        self.title, self.names = article["title"], article["authors"]
        self.headline = f"<h1>{article['title']}</h1>"
        self.text = "".join(f"<p>{line}</p>" for line in article["paragraphs"])

    def day(self, later: int = 0) -> str:
        """The day of the article, or one later, written out."""
        return format_date(self.a["day"] + timedelta(days=later), "long", locale=self.locale)

    def ago(self, hours: int) -> str:
        """`2 hours ago`."""
        return format_timedelta(
            timedelta(hours=-hours), add_direction=True, threshold=2, locale=self.locale
        )

    def others(self, tag: str = "span", name: str = "date") -> str:
        """Cards of other stories, each with a later date."""
        return "".join(
            f"<div class=card><h3><a href=/r{place}>{line}</a></h3><{tag} class={name}>{self.day(AHEAD + place)}</{tag}></div>"
            for place, line in enumerate(self.f["related"])
        )

    def byline(self) -> str:
        """The names, separated by commas."""
        return ", ".join(self.names)


Make = Callable[[Told], str]


def field_pages(languages: tuple[str, ...]) -> list[tuple[str, OwnPage]]:
    """The kind and the page of every template in every one of the languages."""
    articles, furniture = _load("articles.toml"), _load("furniture.toml")
    return [
        (kind, _page(f"{kind}-{place}-{language}", make, Told(language, articles[language], furniture[language])))
        for language in languages
        for kind, makes in TEMPLATES.items()
        for place, make in enumerate(makes, 1)
    ]  # fmt: skip


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((PAGES / name).read_text(encoding="utf-8"))


def _page(name: str, make: Make, told: Told) -> OwnPage:
    a, f = told.a, told.f
    head = f"<meta charset=utf-8><title>{a['title']} | {a['outlet']}</title>"
    html = f"<!doctype html><html lang={told.language}><head>{head}</head><body>{make(told)}</body></html>"
    fetched = datetime.combine(a["day"], time(20), UTC) + timedelta(days=FETCHED_AFTER)
    return OwnPage(
        id=name,
        capture=Capture(
            url=f"https://{a['host']}/news/a-report-from-the-valley-7311",
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=html.encode(),
            fetched=fetched,
        ),
        zone=a["zone"],
        fields=frozenset({"title", "authors", "date"}),
        title=a["title"],
        authors=tuple(a["authors"]),
        day=a["day"],
        paragraphs=tuple(a["paragraphs"]),
        allowed=(a["standfirst"], a["city"]),
        furniture=tuple(f["related"]),
    )


def _dates() -> Iterator[Make]:
    yield (
        lambda t: (
            f"<div class='card-layout'>{t.headline}<div>{t.day()}</div>{t.text}</div>{t.others()}"
        )
    )
    yield (
        lambda t: (
            f"<ul><li><a href=/r>{t.f['related'][0]}</a> <time class=when>{t.ago(2)}</time><li><a href=/s>{t.f['related'][1]}</a> <time class=when>{t.ago(5)}</time></ul><article>{t.headline}<time class=when>{t.day()}</time>{t.text}</article>"
        )
    )
    yield (
        lambda t: (
            f"<article>{t.headline}<p class=entry-meta><time class=updated>{t.day()}</time></p>{t.text}</article>{t.others('time', 'updated')}"
        )
    )
    yield (
        lambda t: (
            f"<article>{t.headline}<p class=post-date>{''.join(f'<span>{part}</span> ' for part in t.day().split())}</p>{t.text}</article>{t.others()}"
        )
    )
    yield (
        lambda t: (
            f"<div class=event-box><b>{t.day(5)}</b></div><article>{t.headline}<p>{t.day()}</p>{t.text}</article>"
        )
    )
    yield (
        lambda t: (
            f"<header><p>{t.day()}</p>{t.headline}</header><article>{t.text}</article>{t.others()}"
        )
    )


def _bylines() -> Iterator[Make]:
    def linked(t: Told) -> str:
        return " ".join(
            f"<a href='/author/{place}'>{name}</a>" for place, name in enumerate(t.names)
        )

    yield (
        lambda t: (
            f"<article>{t.headline}<div class=x1>{linked(t)}</div>{t.text}</article>{t.others()}"
        )
    )
    yield (
        lambda t: (
            f"<div class='card wide'>{t.headline}<p class=byline>{t.byline()}</p>{t.text}</div>{t.others()}"
        )
    )
    yield (
        lambda t: (
            f"<article>{t.headline}<div class=author>{linked(t)} <a href=/f>Facebook</a> <a href=/w>WhatsApp</a></div>{t.text}</article>"
        )
    )
    yield (
        lambda t: (
            f"<article>{t.headline}<p class=author-name>{t.byline()}, {t.a['outlet'].split()[-1]}</p>{t.text}</article>"
        )
    )


def _titles() -> Iterator[Make]:
    yield (
        lambda t: (
            f"<article><h1><span class=kicker>{t.f['nav'][0]}</span> {t.title}</h1>{t.text}</article>"
        )
    )
    yield (
        lambda t: (
            f"<article><h1><span class=dachzeile>{t.f['nav'][1]}</span><span>{t.title}</span></h1>{t.text}</article>"
        )
    )
    yield lambda t: f"<article><h1>{t.title} <small>{t.day()}</small></h1>{t.text}</article>"
    yield (
        lambda t: (
            f"<article><h1><span class=sr-only>{t.f['nav'][0]}:</span> {t.title}</h1>{t.text}</article>"
        )
    )


def _amid() -> Iterator[Make]:
    def with_line(t: Told, line: str) -> str:
        first, *others = (f"<p>{paragraph}</p>" for paragraph in t.a["paragraphs"])
        return f"<article>{t.headline}{first}<p>{line}</p>{''.join(others)}</article>"

    yield lambda t: with_line(t, ADVERTISED[t.language])
    yield lambda t: with_line(t, f"{POINTING[t.language]}: <a href=/r>{t.f['related'][0]}</a>")
    yield lambda t: with_line(t, f"{CREDITED.get(t.language, 'Photo')}: {t.names[0]}")


TEMPLATES: dict[str, list[Make]] = {
    "dates": list(_dates()),
    "bylines": list(_bylines()),
    "titles": list(_titles()),
    "amid": list(_amid()),
}
