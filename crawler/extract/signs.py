# ruff: noqa: E501 (a pattern is a line)
"""The signs of each kind of page that is not an article, and of an article: points, and what they stand on.

No sign decides alone: what speaks for a forum, a shop, a manual or a firm's own page is held against
what speaks for an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.extract.makeup import REPEATED, MakeUp
from crawler.extract.page import Page
from crawler.extract.page.linked_data import is_page_node, types
from crawler.extract.text import is_unspaced
from crawler.urls.dated import named_days

NEWS_TYPES = frozenset(
    {"newsarticle", "reportagenewsarticle", "opinionnewsarticle", "analysisnewsarticle", "liveblogposting",
     "backgroundnewsarticle", "reviewnewsarticle", "askpublicnewsarticle"}
)  # fmt: skip
POST_TYPES = frozenset(
    {"article", "blogposting", "report", "review", "pressrelease", "scholarlyarticle"}
)
THREAD_TYPES = frozenset({"discussionforumposting", "qapage", "question", "discussionforum"})
THING_TYPES = frozenset(
    {"product", "productgroup", "individualproduct", "offer", "aggregateoffer", "softwareapplication",
     "mobileapplication", "vehicle", "car", "book", "apartment", "realestatelisting", "accommodation"}
)  # fmt: skip
FIRM_TYPES = frozenset(
    {"service", "localbusiness", "professionalservice", "financialservice", "legalservice", "medicalbusiness",
     "homeandconstructionbusiness", "governmentservice", "aboutpage", "contactpage", "faqpage", "store",
     "dentist", "attorney", "restaurant", "hotel", "lodgingbusiness"}
)  # fmt: skip
MANUAL_TYPES = frozenset({"apireference", "techarticle", "howto", "faqpage"})
EVENT_TYPES = frozenset(
    {
        "event",
        "musicevent",
        "sportsevent",
        "theaterevent",
        "festival",
        "exhibitionevent",
        "educationevent",
    }
)
GENERATORS = {
    "forum": re.compile(
        r"phpbb|vbulletin|xenforo|discourse|mybb|\bsmf\b|invision|woltlab|flarum|nodebb|vanilla forums"
        r"|bbpress",
        re.IGNORECASE,
    ),
    "documentation": re.compile(
        r"sphinx|mkdocs|docusaurus|gitbook|vuepress|vitepress|docfx|mdbook|antora|doxygen|readthedocs"
        r"|starlight|javadoc"
        r"|mediawiki|dokuwiki|confluence",
        re.IGNORECASE,
    ),
    "product": re.compile(
        r"woocommerce|shopify|prestashop|magento|opencart|shopware", re.IGNORECASE
    ),
}
HOSTS = {
    "forum": re.compile(r"^(?:forums?|community|discuss|discourse|talk|board|boards|answers|foro|foren)\.|forum"),
    "documentation": re.compile(r"^(?:docs?|documentation|developers?|dev|manual|wiki|learn|help|support|api)\.|readthedocs"),
    "product": re.compile(r"^(?:shop|store|tienda|boutique)\."),
}  # fmt: skip
PATHS = {
    "forum": re.compile(
        r"/(?:forums?|foro|foren|threads?|viewtopic|showthread|topic|discussions?|questions/\d"
        r"|t/[^/]+/\d|boards?|posts?/\d+$)"
        r"(?:[/.?]|$)|viewtopic\.php|showthread\.php|[?&](?:topic|t|tid)=\d",
        re.IGNORECASE,
    ),
    "product": re.compile(
        r"/(?:products?|produkte?|productos?|produits?|prodotti|prodotto|produtos?|p|dp|item|itm|sku"
        r"|shop|store|buy)/"
        r"|-p-?\d{4,}|[?&](?:product_id|sku|variant)=",
        re.IGNORECASE,
    ),
    "documentation": re.compile(
        r"/(?:docs?|documentation|reference|manual|handbook|api|guides?|tutorials?|wiki|help|kb"
        r"|knowledge-?base|faq|support"
        r"|hilfe|ayuda|aide|javadoc|man)(?:/|$)",
        re.IGNORECASE,
    ),
    "service": re.compile(
        r"/(?:services?|solutions?|pricing|features|about(?:-us)?|contact(?:-us)?|company|industries"
        r"|practice-areas?|our-\w+"
        r"|locations?|leistungen|angebot|ueber-uns|dienstleistungen|servicios|quienes-somos|nosotros"
        r"|soluciones|prestations|a-propos"
        r"|servizi|chi-siamo|servicos|sobre|diensten|over-ons|uslugi|o-nas|careers|plans|demo|platform"
        r"|use-cases?)(?:[/.]|$)",
        re.IGNORECASE,
    ),
    "calendar": re.compile(
        r"/(?:events?|calendar|kalender|veranstaltung(?:en)?|termine?|eventos?|agenda|evenements?"
        r"|eventi|spielplan)(?:/|$)",
        re.IGNORECASE,
    ),
}  # fmt: skip
JOURNAL = re.compile(
    r"/(?:news|blogs?|article|articles|story|stories|press|posts?|magazine|insights|nachrichten"
    r"|actualites?|noticias|notizie|presse)(?:/|$)",
    re.IGNORECASE,
)  # fmt: skip
LONG_LINE, LONG_LINE_UNSPACED = 200, 80
LEAST = 4
"""Points of a kind below which nothing is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What has been read of a page when its kind is judged."""

    title: str = ""
    lines: Sequence[str] = ()
    stated: bool = False
    """Whether markup or address says when it was published."""
    dated: bool = False
    """Whether any date of publication was found with some trust."""
    signed: bool = False


def page_types(page: Page) -> frozenset[str]:
    """The schema.org types of the nodes that stand for the page itself, in any syntax."""
    nodes = [node for node in (*page.nodes, *page.items) if is_page_node(node)]
    return frozenset[str]().union(*map(types, nodes))


def is_surely_news(page: Page) -> bool:
    """Whether the markup calls the page a report and nothing else: then nothing else is looked for."""
    named = page_types(page)
    return bool(named & NEWS_TYPES) and not named & (THREAD_TYPES | THING_TYPES)


def article_points(page: Page, reading: Reading) -> int:
    """How much speaks for an article."""
    named = types(page.article) | types(page.item)
    long_lines = sum(map(_is_long, reading.lines))
    signs = (
        (4, bool(named & NEWS_TYPES)),
        (2, bool(named & POST_TYPES)),
        (1, page.first("og:type").lower() == "article"),
        (2, reading.stated),
        (1, reading.dated),
        (2, reading.signed),
        (2, named_days(page.url) is not None),
        (2, JOURNAL.search(urlsplit(page.url).path) is not None),
        (1, long_lines >= 3),
        (1, long_lines >= 6),
    )
    return sum(points for points, sign in signs if sign)


def _is_long(line: str) -> bool:
    return len(line) >= (LONG_LINE_UNSPACED if is_unspaced(line) else LONG_LINE)


def kind_points(page: Page, made: MakeUp, reading: Reading) -> Iterator[tuple[str, int, list[str]]]:
    """Each kind for which something speaks, its points and the reasons."""
    for kind, signs in _signs(page, made, reading).items():
        met = [(points, reason) for points, sign, reason in signs if sign]
        if met:
            yield kind, sum(points for points, _ in met), [reason for _, reason in met]


def _signs(page: Page, made: MakeUp, reading: Reading) -> dict[str, list[tuple[int, bool, str]]]:
    named, og_type = page_types(page), page.first("og:type").lower()
    url = urlsplit(page.url)
    host, path = url.hostname or "", f"{url.path}?{url.query}"
    generator = page.first("generator")
    prices = page.first("product:price:amount", "og:price:amount")

    def common(kind: str, by_software: int) -> list[tuple[int, bool, str]]:
        generators, hosts, paths = GENERATORS.get(kind), HOSTS.get(kind), PATHS[kind]
        return [
            (by_software, kind in made.software, f"its markup is that of {kind} software"),
            (
                {"product": 1, "forum": 4}.get(kind, 3),  # shops' software has journals too
                bool(generators and generators.search(generator)),
                f"made by {generator[:40]}",
            ),
            (3, bool(hosts and hosts.search(host)), f"its host is called {host}"),
            (2, paths.search(path) is not None, f"its address is a {kind}'s"),
        ]  # fmt: skip

    return {
        "forum": [
            *common("forum", 3),
            (4, bool(named & THREAD_TYPES), "it calls itself a thread"),
            (
                2,
                made.posts >= REPEATED and made.posters >= REPEATED,
                f"{made.posts} posts by users",
            ),
            (1, made.thread >= 2, "it speaks of posts and replies"),
            (1, made.thread >= 4, ""),
        ],
        "product": [
            *common("product", 2),
            (3, bool(named & THING_TYPES), "it calls itself a product"),
            (3, og_type in ("product", "og:product", "product.item"), "it calls itself a product"),
            (2, bool(prices), "it names its price"),
            (2, made.shop_parts >= 1, "it has a cart or an offer"),
            (2, made.cart >= 1, "one can buy there"),
            (1, made.prices >= 4, "it is full of prices"),
        ],
        "documentation": [
            *common("documentation", 4),
            (3, bool(named & MANUAL_TYPES), "it calls itself a manual"),
            (1, made.manual >= 1, "it speaks as manuals do"),
            (1, made.manual >= 2, ""),
            (1, made.code >= 3, f"{made.code} pieces of code"),
        ],
        "service": [
            *common("service", 0),
            (2, bool(named & FIRM_TYPES), "it calls itself a firm's page"),
            (1, made.calls >= 1, "it calls to act"),
            (2, made.calls >= 3, f"{made.calls} calls to act"),
            (1, not reading.dated and not reading.signed, "it has neither date nor author"),
            (
                1,
                og_type in ("website", "business.business", "company"),
                "it calls itself a website",
            ),
            (1, sum(map(_is_long, reading.lines)) < 3, "it has little prose"),
            (1, _is_short(url.path), "its address is short"),
        ],
        "calendar": [
            *common("calendar", 0),
            (3, bool(named & EVENT_TYPES), "it calls itself an event"),
        ],
    }


def _is_short(path: str) -> bool:
    """Whether a path has one step of one or two words: a firm's pages are at the top."""
    steps = [step for step in path.split("/") if step]
    return len(steps) <= 1 and all(step.count("-") <= 1 for step in steps)
