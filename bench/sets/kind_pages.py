# ruff: noqa: E501 (markup is a line)
"""Made-up pages that are no articles, and articles that look like none: several templates and languages.

Half of the languages are there to look at, half to gate on; the prose is that of the charset matrix.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.capture import Capture

TEXTS = tomllib.loads(
    (Path(__file__).parent.parent.parent / "tests/data/charsets/texts.toml").read_text("utf-8")
)
LOOK, GATE = ("en", "de", "es", "ru", "ja", "tr"), ("fr", "it", "pl", "pt", "zh", "cs")
FETCHED = datetime(2023, 3, 1, tzinfo=UTC)
CALLS = {
    "en": "Request a quote|Book a demo|What our clients say", "de": "Angebot anfordern|Termin vereinbaren|Unsere Leistungen",
    "es": "Solicite presupuesto|Nuestros servicios|Prueba gratis", "ru": "Наши услуги|Заказать звонок|Бесплатная консультация",
    "ja": "お問い合わせはこちら|無料体験|資料請求", "tr": "Book a demo|Contact us today|Our services",
    "fr": "Demandez un devis|Nos services|Essai gratuit", "it": "Richiedi un preventivo|I nostri servizi|Prova gratuita",
    "pl": "Nasze usługi|Wypróbuj za darmo|Skontaktuj się z nami", "pt": "Solicite orçamento|Nossos serviços|Teste grátis",
    "zh": "免费试用|联系我们|我们的服务", "cs": "Request a demo|Our services|Get started",
}  # fmt: skip
CARTS = {
    "en": "Add to cart", "de": "In den Warenkorb", "es": "Añadir al carrito", "ru": "В корзину",
    "ja": "カートに入れる", "tr": "Sepete ekle", "fr": "Ajouter au panier", "it": "Aggiungi al carrello",
    "pl": "Do koszyka", "pt": "Adicionar ao carrinho", "zh": "加入购物车", "cs": "Přidat do košíku",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPage:
    """A made-up page: its name, the kind it is of (`article` for one), and the capture."""

    id: str
    kind: str
    capture: Capture


def kind_pages(languages: tuple[str, ...]) -> list[KindPage]:
    """Every template in every one of the languages."""
    return [
        KindPage(id=f"{name}-{language}", kind=kind, capture=_capture(make, language))
        for language in languages
        for name, kind, make in _templates()
    ]


Make = Callable[[str], tuple[str, str, str]]
"""A language to address, head and body."""


def _templates() -> Iterator[tuple[str, str, Make]]:
    for kind, makes in TEMPLATES.items():
        for make in makes:
            yield make.__name__.strip("_"), kind, make


def _capture(make: Make, language: str) -> Capture:
    url, head, body = make(language)
    html = f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Capture(url=url, status=200, headers=headers, body=html.encode(), fetched=FETCHED)


def _prose(language: str, count: int = 3) -> str:
    lines = (TEXTS[language]["look"], TEXTS[language]["gate"])
    return "".join(f"<p>{lines[n % 2]} {lines[(n + 1) % 2]}</p>" for n in range(count))


def _title(language: str, words: int = 6) -> str:
    text = TEXTS[language]["gate"]
    return " ".join(text.split()[:words])[:60] if " " in text else text[:16]


def _titled(language: str, site: str = "Site") -> str:
    return f"<title>{_title(language)} - {site}</title>"


def _linked(node: dict[str, object]) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **node})}</script>'


# Forums


def _phpbb(language: str) -> tuple[str, str, str]:
    posts = "".join(
        f'<div class="post has-profile"><dl class="postprofile"><dt>Rider{n}</dt><dd>Posts: {n * 31}</dd></dl>'
        f'<div class="postbody"><p class="author">by <b>Rider{n}</b> » 0{n + 1} Feb 2023</p><div class="content">{_prose(language, 1)}</div></div></div>'
        for n in range(4)
    )
    body = (
        f'<div id="wrap" class="wrap"><h2 class="topic-title">{_title(language)}</h2>{posts}</div>'
    )
    return (
        "https://boat-owners.example/viewtopic.php?f=4&t=167",
        _titled(language, "Boat owners"),
        body,
    )


def _xenforo(language: str) -> tuple[str, str, str]:
    posts = "".join(
        f'<article class="message message--post"><div class="message-user"><img class="avatar"><h4 class="message-name">Cat{n}</h4>'
        f'</div><div class="message-userContent"><time datetime="2023-02-0{n + 1}T10:00:00Z">x</time>{_prose(language, 1)}</div></article>'
        for n in range(4)
    )
    head = _titled(language, "Cats") + _linked(
        {"@type": "DiscussionForumPosting", "headline": _title(language), "datePublished": "2023-02-01",
         "author": {"@type": "Person", "name": "Cat0"}}
    )  # fmt: skip
    return (
        f"https://cats.example/threads/{language}-a-question.230143/",
        head,
        f"<h1>{_title(language)}</h1>{posts}",
    )


def _discourse(language: str) -> tuple[str, str, str]:
    posts = "".join(
        f'<div class="topic-body crawler-post"><span itemprop="author"><a href="/u/a{n}">a{n}</a></span>'
        f'<div class="post" itemprop="articleBody">{_prose(language, 1)}</div></div>'
        for n in range(3)
    )
    head = (
        _titled(language, "Makers")
        + '<meta name="generator" content="Discourse 3.2.0"><meta property="og:type" content="website">'
    )
    return (
        "https://makers.example/t/how-do-i-glue-it/8812",
        head,
        f"<h1>{_title(language)}</h1>{posts}",
    )


def _question(language: str) -> tuple[str, str, str]:
    answers = "".join(
        f'<div class="answer" itemprop="suggestedAnswer" itemscope itemtype="https://schema.org/Answer"><div class="vote">{n}</div>'
        f'<div class="user-info">u{n}</div><div itemprop="text">{_prose(language, 1)}</div></div>'
        for n in range(3)
    )
    body = (
        '<div itemscope itemtype="https://schema.org/QAPage"><div itemprop="mainEntity" itemscope itemtype="https://schema.org/Question">'
        f'<h1 itemprop="name">{_title(language)}</h1>{answers}</div></div>'
    )
    return "https://ask.example/questions/88123/how", _titled(language, "Ask"), body


# Products


def _woocommerce(language: str) -> tuple[str, str, str]:
    head = (
        _titled(language, "Bags")
        + '<meta name="generator" content="WooCommerce 8.1"><meta property="og:type" content="product">'
    )
    body = (
        f'<div class="single-product"><h1 class="product_title">{_title(language, 3)}</h1><p class="price">€ 49,00</p>'
        f'<form class="cart"><button name="add-to-cart">{CARTS[language]}</button></form>{_prose(language)}</div>'
    )
    return "https://bags.example/produkt/bag-17/", head, body


def _shopify(language: str) -> tuple[str, str, str]:
    offer = {"@type": "Offer", "price": "39.00", "priceCurrency": "USD"}
    head = _titled(language, "Lamps") + _linked(
        {"@type": "Product", "name": _title(language, 3), "offers": offer}
    )
    body = f"<h1>{_title(language, 3)}</h1><span>$39.00</span><button>{CARTS[language]}</button>{_prose(language)}"
    return "https://lamps.example/products/desk-lamp", head, body


def _market(language: str) -> tuple[str, str, str]:
    body = (
        f'<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">{_title(language, 3)}</h1>'
        '<div itemprop="offers" itemscope itemtype="http://schema.org/Offer"><meta itemprop="price" content="12.50"></div>'
        f'<a class="buy">{CARTS[language]}</a>{_prose(language)}</div>'
    )
    return "https://market.example/katalog/12-lantern", _titled(language, "Market"), body


# Manuals


def _sphinx(language: str) -> tuple[str, str, str]:
    head = (
        _titled(language, "tool 2.1 documentation")
        + '<meta name="generator" content="Docutils 0.18: sphinx">'
    )
    body = f'<nav class="wy-nav-side"></nav><div class="rst-content"><h1>{_title(language)}</h1>{_prose(language)}<pre>tool run</pre></div>'
    return f"https://tool.example/{language}/latest/install.html", head, body


def _docusaurus(language: str) -> tuple[str, str, str]:
    head = _titled(language, "Kit docs") + '<meta name="generator" content="Docusaurus v3.1">'
    body = f'<div class="theme-doc-markdown"><h1>{_title(language)}</h1>{_prose(language)}</div><div>On this page</div>'
    return "https://kit.example/docs/guides/start", head, body


def _reference(language: str) -> tuple[str, str, str]:
    body = f"<main><h1>{_title(language)}</h1>{'<pre>GET /v1/boats</pre>' * 4}{_prose(language)}<p>On this page</p><p>See also</p></main>"
    return "https://docs.harbour-api.example/reference/boats", _titled(language, "API"), body


# Firms


def _plumber(language: str) -> tuple[str, str, str]:
    calls = "".join(f"<a>{call}</a>" for call in CALLS[language].split("|"))
    head = _titled(language, "Pipes") + _linked(
        {"@type": "LocalBusiness", "name": "Pipes", "telephone": "1"}
    )
    return (
        "https://pipes.example/services/boilers",
        head,
        f"<h1>{_title(language, 3)}</h1>{_prose(language, 2)}{calls}",
    )


def _software(language: str) -> tuple[str, str, str]:
    calls = "".join(f"<button>{call}</button>" for call in CALLS[language].split("|"))
    head = _titled(language, "Cloudy") + '<meta property="og:type" content="website">'
    parts = "".join(
        f"<section><h2>{_title(language, 3)}</h2><p>{TEXTS[language]['look'][:110]}</p></section>"
        for _ in range(5)
    )
    return (
        "https://cloudy.example/solutions/teams",
        head,
        f"<h1>{_title(language, 4)}</h1>{calls}{parts}",
    )


def _agency(language: str) -> tuple[str, str, str]:
    calls = "".join(f"<p><a>{call}</a></p>" for call in CALLS[language].split("|"))
    return (
        "https://agency.example/about-us",
        _titled(language, "Agency"),
        f"<h1>{_title(language, 3)}</h1>{_prose(language, 2)}{calls}",
    )


# Calendars


def _concert(language: str) -> tuple[str, str, str]:
    head = _titled(language, "Hall") + _linked(
        {"@type": "MusicEvent", "name": _title(language), "startDate": "2023-05-01T20:00"}
    )
    return (
        "https://hall.example/events/8812-concert",
        head,
        f"<h1>{_title(language)}</h1>{_prose(language, 2)}",
    )


# Articles


def _report(language: str) -> tuple[str, str, str]:
    head = _titled(language, "Gazette") + _linked(
        {
            "@type": "NewsArticle",
            "headline": _title(language),
            "datePublished": "2023-02-04T10:00:00Z",
            "author": {"@type": "Person", "name": "Ida Plum"},
        }
    )
    return (
        "https://gazette.example/2023/02/04/ferry",
        head,
        f"<h1>{_title(language)}</h1>{_prose(language)}",
    )


def _plain_report(language: str) -> tuple[str, str, str]:
    body = f'<h1>{_title(language)}</h1><p class="date">2023-02-04</p>{_prose(language)}'
    return "https://valley.example/local/ferry-stays-ashore", _titled(language, "Valley"), body


def _shop_journal(language: str) -> tuple[str, str, str]:
    head = (
        _titled(language, "Bags")
        + '<meta name="generator" content="WooCommerce 8.1"><meta property="og:type" content="article">'
    )
    body = f'<h1>{_title(language)}</h1><time datetime="2023-02-04">x</time>{_prose(language)}<a>{CARTS[language]}</a>'
    return "https://bags.example/blog/how-a-bag-is-sewn", head, body


def _review(language: str) -> tuple[str, str, str]:
    product = {"@type": "Product", "name": "Lamp", "offers": {"@type": "Offer", "price": "39"}}
    article = {
        "@type": "NewsArticle",
        "headline": _title(language),
        "datePublished": "2023-02-04",
        "author": {"@type": "Person", "name": "Ida Plum"},
    }
    head = _titled(language, "Gazette") + _linked({"@graph": [product, article]})
    return (
        "https://gazette.example/tech/lamp-tested",
        head,
        f"<h1>{_title(language)}</h1>{_prose(language)}<p>$39.00</p><a>{CARTS[language]}</a>",
    )


def _forum_page(language: str) -> tuple[str, str, str]:
    """The opinion page of a paper whose section is called Forum, under which readers write."""
    comments = "".join(
        f'<li class="comment"><span class="avatar"></span><div class="comment-body"><p>{TEXTS[language]["look"]}</p></div></li>'
        for _ in range(4)
    )
    head = (
        _titled(language, "Gazette")
        + '<meta property="og:type" content="article"><meta property="article:published_time" content="2023-02-04T10:00:00Z">'
    )
    body = f'<h1>{_title(language)}</h1><p class="byline">By Ida Plum</p>{_prose(language)}<ol class="comments">{comments}</ol>'
    return "https://gazette.example/forum/ferry-should-stay", head, body


def _event_report(language: str) -> tuple[str, str, str]:
    event = {"@type": "MusicEvent", "name": "Concert", "startDate": "2023-02-03"}
    article = {
        "@type": "NewsArticle",
        "headline": _title(language),
        "datePublished": "2023-02-04",
        "author": {"@type": "Person", "name": "Ida Plum"},
    }
    head = _titled(language, "Gazette") + _linked({"@graph": [event, article]})
    return (
        "https://gazette.example/events/concert-review",
        head,
        f"<h1>{_title(language)}</h1>{_prose(language)}",
    )


def _firm_journal(language: str) -> tuple[str, str, str]:
    calls = "".join(f"<a>{call}</a>" for call in CALLS[language].split("|"))
    body = f'<h1>{_title(language)}</h1><p class="date">2023-02-04</p>{_prose(language)}{calls}'
    return "https://pipes.example/blog/why-boilers-hum", _titled(language, "Pipes"), body


TEMPLATES: dict[str, tuple[Make, ...]] = {
    "forum": (_phpbb, _xenforo, _discourse, _question),
    "product": (_woocommerce, _shopify, _market),
    "documentation": (_sphinx, _docusaurus, _reference),
    "service": (_plumber, _software, _agency),
    "calendar": (_concert,),
    "article": (_report, _plain_report, _shop_journal, _review, _forum_page, _event_report, _firm_journal),
}  # fmt: skip
