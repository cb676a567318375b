# ruff: noqa: E501 (markup is a line)
"""Made-up pages whose markup hides the article: at least three templates a kind, in twelve languages.

Half of the languages are there to look at, half to gate on; texts and furniture are those of the own pages.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from html import escape
from pathlib import Path
from typing import Any

from bench.sets.own_pages import OwnPage
from index.capture import Capture

PAGES = Path(__file__).resolve().parents[2] / "tests" / "data" / "pages"
LOOK, GATE = ("en", "de", "es", "ru", "ja", "ar"), ("fr", "it", "pl", "pt", "zh", "nl")
ADS = "<div class=ad-slot></div>"

Make = Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[str, str]]
"""An article and the furniture of its language to the head and the body of a page."""


def block_pages(languages: tuple[str, ...]) -> list[tuple[str, OwnPage]]:
    """The kind and the page of every template in every one of the languages."""
    articles, furniture = _load("articles.toml"), _load("furniture.toml")
    return [
        (kind, _page(f"{kind}-{place}-{language}", make, articles[language], furniture[language]))
        for language in languages
        for kind, makes in TEMPLATES.items()
        for place, make in enumerate(makes, 1)
    ]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((PAGES / name).read_text(encoding="utf-8"))


def _page(name: str, make: Make, a: Mapping[str, Any], f: Mapping[str, Any]) -> OwnPage:
    head, body = make(a, f)
    html = f"<!doctype html><html lang={name.rpartition('-')[2]}><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    fetched = datetime.combine(a["day"], time(20), UTC) + timedelta(days=2)
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
        fields=frozenset({"title", "authors"} if name.startswith("authors") else {"title"}),
        title=a["title"],
        authors=tuple(a["authors"]),
        day=a["day"],
        paragraphs=tuple(a["paragraphs"]),
        allowed=(a["standfirst"], a["city"]),
        furniture=(*f["related"], *(f[key] for key in ("newsletter", "comment", "bio", "legal"))),
    )


def _head(a: Mapping[str, Any]) -> str:
    return f"<title>{a['title']} | {a['outlet']}</title><meta property=og:title content='{escape(a['title'])}'><meta property=article:published_time content={a['day']}T08:00:00{a['offset']}>"


def _tags(lines: list[str], tag: str, name: str = "") -> str:
    return "".join(f"<{tag}{f' class={name}' if name else ''}>{line}</{tag}>" for line in lines)


def _menu(f: Mapping[str, Any], glue: str = " | ") -> str:
    return glue.join(f"<a href=/{place}>{item}</a>" for place, item in enumerate(f["nav"]))


def _text(a: Mapping[str, Any]) -> str:
    return f"<article>{_tags(a['paragraphs'], 'p')}</article>"


def _whole(a: Mapping[str, Any]) -> str:
    return f"<article><h1>{a['title']}</h1>{_tags(a['paragraphs'], 'p')}</article>"


def _links(f: Mapping[str, Any]) -> str:
    return "".join(
        f"<p><a href=/r{place}>{item}</a></p>" for place, item in enumerate(f["related"])
    )


def _breaks() -> Iterator[Make]:
    yield lambda a, f: (
        _head(a),
        f"<div id=top>{_menu(f)}</div><div class=story><h1>{a['title']}</h1>{'<br><br>'.join(a['paragraphs'])}</div><div id=foot>{f['legal']}</div>",
    )
    yield lambda a, f: (
        _head(a),
        f"<center>{_menu(f)}</center><h1>{a['title']}</h1><font face=arial size=2>{'<br>&nbsp;<br>'.join(a['paragraphs'])}</font><hr>{f['legal']}",
    )
    yield lambda a, f: (
        _head(a),
        f"<div>{_menu(f)}</div><div class=main><h1>{a['title']}</h1><p>{'<br /><br />'.join(a['paragraphs'])}</p></div><p>{f['legal']}</p>",
    )


def _tables() -> Iterator[Make]:
    yield lambda a, f: (
        _head(a),
        f"<table width=980><tr><td colspan=3>{_menu(f)}</td></tr><tr><td width=150>{_menu(f, '<br>')}</td><td><h1>{a['title']}</h1>{_tags(a['paragraphs'], 'p')}</td><td width=200>{_links(f)}<br><br>{f['newsletter']}</td></tr><tr><td colspan=3>{f['legal']}</td></tr></table>",
    )
    yield lambda a, f: (
        _head(a),
        f"<table><tr><td>{_menu(f)}</td></tr></table><table><tr><td>{_menu(f, '<br>')}</td><td><table><tr><td><h1>{a['title']}</h1></td></tr><tr><td>{'<br><br>'.join(a['paragraphs'])}</td></tr></table></td><td>{_links(f)}</td></tr></table><table><tr><td>{f['legal']}</td></tr></table>",
    )
    yield lambda a, f: (
        _head(a),
        f"<table role=presentation><tr><td><font size=1>{_menu(f)}</font></td><td><font size=5><b>{a['title']}</b></font><p>{'<br><br>'.join(a['paragraphs'])}</td></tr><tr><td>{f['legal']}</td><td><b>{f['nav'][0]}</b><br>{_links(f)}</td></tr></table>",
    )


def _divs() -> Iterator[Make]:
    yield lambda a, f: (
        _head(a),
        f"<header>{_menu(f)}</header><main><h1>{a['title']}</h1><div class=body>{_tags(a['paragraphs'], 'div', 'x-para')}</div></main><footer>{f['legal']}</footer>",
    )
    yield lambda a, f: (
        _head(a),
        f"<div>{_menu(f)}</div><div><div><h1>{a['title']}</h1></div><div>{_tags(a['paragraphs'], 'div')}</div></div><div>{_links(f)}</div><div>{f['legal']}</div>",
    )
    yield lambda a, f: (
        _head(a),
        f"<nav>{_menu(f)}</nav><div><h1>{a['title']}</h1>{a['paragraphs'][0]}{_tags(a['paragraphs'][1:], 'p')}</div><div class=related>{_links(f)}</div>",
    )


def _unclosed() -> Iterator[Make]:
    for tag in ("nav", "button", "aside"):
        yield lambda a, f, tag=tag: (
            _head(a),
            f"<{tag}>{_menu(f)}<div><h1>{a['title']}</h1>{_tags(a['paragraphs'], 'p')}</div><div class=related>{_links(f)}</div>",
        )  # type: ignore[misc]
    yield lambda a, f: (
        _head(a),
        f"<table><tr><td>{_menu(f)}<tr><td><h1>{a['title']}</h1>{_tags(a['paragraphs'], 'p')}<div class=related>{_links(f)}</div>",
    )


def _split() -> Iterator[Make]:
    yield lambda a, f: (
        _head(a),
        f"<main><h1>{a['title']}</h1>{ADS.join(_tags(a['paragraphs'][place : place + 2], 'p').join(('<div class=part>', '</div>')) for place in range(0, len(a['paragraphs']), 2))}</main><footer>{f['legal']}</footer>",
    )
    yield lambda a, f: (
        _head(a),
        f"<article><h1>{a['title']}</h1>{''.join(f'<div class=block><div class=wrap><p>{line}</p></div></div>' for line in a['paragraphs'])}</article><aside>{_links(f)}</aside>",
    )
    yield lambda a, f: (
        _head(a),
        f"<div id=page><h1>{a['title']}</h1><section class=text>{_tags(a['paragraphs'][:2], 'p')}</section><figure><img src=/a.jpg></figure><section class=text>{_tags(a['paragraphs'][2:], 'p')}</section></div><p>{f['legal']}</p>",
    )


def _tails() -> Iterator[Make]:
    teaser = "<div class=row><h4><a href=/r>{}</a></h4><p>{}</p></div>"
    yield lambda a, f: (
        _head(a),
        f"<h1>{a['title']}</h1><div id=c1>{_tags(a['paragraphs'], 'p')}</div><div id=c2>{teaser.format(f['related'][0], f['bio'])}{teaser.format(f['related'][1], f['comment'])}</div>",
    )
    yield lambda a, f: (
        _head(a),
        f"<article><h1>{a['title']}</h1><div class=article-body>{_tags(a['paragraphs'], 'p')}</div>{_links(f)}</article><p>{f['legal']}</p>",
    )
    yield lambda a, f: (
        _head(a),
        f"<main><h1>{a['title']}</h1><div>{_tags(a['paragraphs'], 'p')}</div><div class=box><p>{f['newsletter']}</p></div><div class=box>{_links(f)}</div></main>",
    )


def _lists() -> Iterator[Make]:
    """The article's last paragraphs are a list, which belongs to it."""
    yield lambda a, f: (
        _head(a),
        f"<nav>{_menu(f)}</nav><article><h1>{a['title']}</h1>{_tags(a['paragraphs'][:-2], 'p')}<ul>{_tags(a['paragraphs'][-2:], 'li')}</ul></article><footer>{f['legal']}</footer>",
    )
    yield lambda a, f: (
        _head(a),
        f"<div class=story-body><h1>{a['title']}</h1>{_tags(a['paragraphs'][:-2], 'p')}<ol>{_tags(a['paragraphs'][-2:], 'li')}</ol></div><div class=related>{_links(f)}</div>",
    )
    yield lambda a, f: (
        _head(a),
        f"<main><h1>{a['title']}</h1>{_tags(a['paragraphs'][:-2], 'p')}<ul>{''.join(f'<li><p>{line}</p></li>' for line in a['paragraphs'][-2:])}</ul></main>",
    )


def _linked(a: Mapping[str, Any], **more: Any) -> str:
    node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": a["title"],
        "datePublished": f"{a['day']}T08:00:00{a['offset']}",
        **more,
    }
    return (
        f"<title>{a['title']}</title><script type=application/ld+json>{json.dumps(node)}</script>"
    )


def _claims() -> Iterator[Make]:
    """What JSON-LD claims for the text: whole where the page shows half, cut short, another's."""
    yield lambda a, f: (
        _linked(a, articleBody="\n".join(a["paragraphs"])),
        f"<article><h1>{a['title']}</h1>{_tags(a['paragraphs'][:2], 'p')}</article>",
    )
    yield lambda a, f: (
        _linked(a, articleBody=" ".join(a["paragraphs"])[:260] + "…"),
        f"<article><h1>{a['title']}</h1>{_tags(a['paragraphs'], 'p')}</article>",
    )
    yield lambda a, f: (
        _linked(a, articleBody=f["comment"]),
        f"<article><h1>{a['title']}</h1>{_tags(a['paragraphs'], 'p')}</article>",
    )


def _titles() -> Iterator[Make]:
    """A section before the headline, a second h1, a site that the page does not know, a byline behind it."""
    yield lambda a, f: (_head(a), f"<h1><span>{a['section']}</span> {a['title']}</h1>{_text(a)}")
    yield lambda a, f: (
        _head(a),
        f"<h1>{a['outlet']}</h1><h1>{a['title']}</h1>{_text(a)}<h1>{f['related'][0]}</h1>",
    )
    yield lambda a, f: (
        f"<title>{a['title']} - {a['outlet']}</title>",
        f"<div><b>{a['title']}</b></div>{_text(a)}",
    )
    yield lambda a, f: (_head(a), f"<h1>{a['title']} <small>{a['by']}</small></h1>{_text(a)}")


def _authors() -> Iterator[Make]:
    """An organization before the persons, offices beside them, names in one text, tags beside them."""
    office = {"@type": "Organization", "name": "The Desk"}
    yield lambda a, f: (
        _linked(
            a,
            author=[
                {**office, "name": a["outlet"]},
                *({"@type": "Person", "name": name} for name in a["authors"]),
            ],
        ),
        _whole(a),
    )
    yield lambda a, f: (
        _linked(
            a,
            author=[
                {"@type": "Person", "name": name, "jobTitle": "Staff Writer"}
                for name in a["authors"]
            ],
            keywords=f["nav"],
        ),
        _whole(a),
    )
    yield lambda a, f: (
        _head(a),
        f"<article><h1>{a['title']}</h1><p class=byline>{a['by']}</p>{_tags(a['paragraphs'], 'p')}</article><div class=tags>{_menu(f)}</div>",
    )


TEMPLATES: dict[str, tuple[Make, ...]] = {
    "breaks": tuple(_breaks()), "tables": tuple(_tables()), "divs": tuple(_divs()),
    "unclosed": tuple(_unclosed()), "split": tuple(_split()), "tails": tuple(_tails()),
    "lists": tuple(_lists()), "claims": tuple(_claims()), "titles": tuple(_titles()),
    "authors": tuple(_authors()),
}  # fmt: skip
