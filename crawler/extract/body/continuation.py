"""What a page says of the rest of its article: the next part, an AMP page, a page for printing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml.html import HtmlElement

from crawler.extract.fields import declared_addresses
from crawler.extract.kinds import describes_page
from crawler.extract.page import Page, element_text
from crawler.extract.phrases import class_pattern, phrase_pattern
from crawler.urls import article_url, canonical, clean, looks_like_article, registered_domain

NUMBER_NAMES = frozenset(
    ("page", "p", "pg", "paged", "page_no", "pageno", "pagenum", "seite", "pagina", "pag", "sayfa", "strona")
)  # fmt: skip
# /page/2, /page-2.html, /2, /a-headline-2.html, /a-headline,2.html: before the number, it, after it.
NUMBERED = re.compile(
    r"(?P<head>.+?)(?:/(?:page|seite|pagina|strona|p)[-/]?|[-_,]page[-_]?|[-_,/])"
    r"(?P<number>[1-9]\d?)(?P<tail>\.(?:s?html?|php|aspx?))?/?"
)
PAGED = re.compile(r"[/_,-](?:page|seite|pagina|strona|p)[-_/]?[1-9]\d?(?:\.\w{3,5})?/?$")
NEXT = phrase_pattern("next_page")
READERS = class_pattern("readers_class")
READERS_ADDRESS = re.compile(r"comment|cpage|replies|respond|kommentar", re.IGNORECASE)
LINK_LIMIT, PAGER_TEXT = 3_000, 300
LABEL_LIMIT = 60
# What every address of a form for printing has, and every address of a further page.
PRINTS, DIGIT = ("print", "drucken", "imprimir"), re.compile(r"\d")
MANY_HEADLINES = 25  # as links: a front or section page


FORM = "form"  # the witness that says which form of its page an article was read from

Form = Literal["", "amp", "print"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Addresses on the page's own site, empty for none: the article's next part, its other forms.

    `own` says which form the page itself is, and `main` where the page is that it is a form of.
    """

    next: str = ""
    amp: str = ""
    print: str = ""
    main: str = ""
    own: Form = ""


NO_FORMS = Forms()

Addresses = frozenset[tuple[str, int]]
NO_ADDRESSES: Addresses = frozenset()


def read_forms(page: Page) -> Forms:
    """What the links of a page say; asked before anything is cut out of its tree.

    A next part is an address that differs from the page's own only by the number that follows, and
    that `rel=next` or a pager names; pagers of readers' comments are none.
    """
    site = registered_domain(page.url)
    own = frozenset(_readings(page.url))
    found = {"next": "", "amp": "", "print": ""}
    parts = _is_of_one_article(page)
    columns = zip(page.walk.elements, page.walk.tags, strict=True)
    links = (link for link, tag in columns if tag in ("a", "link"))
    for link in islice(links, LINK_LIMIT):
        href = link.get("href") or ""
        if not href or href.startswith(("#", "javascript:", "mailto:")):
            continue
        role = _role(link, href, page.url, own if parts else NO_ADDRESSES)
        if role and not found[role]:
            url = clean(href, page.url)
            if url and registered_domain(url) == site and url != clean(page.url):
                found[role] = url
    main = article_url(page.url, declared_addresses(page))
    is_other = main != clean(page.url)
    form = _own_form(page, is_other)
    return Forms(**found, main=main if form and is_other else "", own=form)


def is_further_page(page: Page, first: str, forms: Forms) -> bool:
    """Whether a page is a further part of the article at the address that it declares as its own.

    A number alone may be of another article's name (`/a-balloon-2`), unless the page leads on.
    """
    numbers = [number for base, number in _readings(page.url) if base == canonical(first)]
    return max(numbers, default=1) > 1 and bool(forms.next or PAGED.search(urlsplit(page.url).path))


def _own_form(page: Page, is_other: bool) -> Form:
    """What a page is by its markup or address; an AMP page that names no other is a main page."""
    if is_other and any(mark in page.tree.attrib for mark in ("amp", "\u26a1")):
        return "amp"
    return "print" if _prints(page.url) else ""


def _is_of_one_article(page: Page) -> bool:
    """Whether something says that the page is an article's: a list's pages are never joined."""
    if page.linked_headlines >= MANY_HEADLINES:
        return False
    is_called_so = describes_page(page) or page.first("og:type").lower() == "article"
    return is_called_so or looks_like_article(page.url)


def _role(link: HtmlElement, href: str, page_url: str, own: Addresses) -> str:
    """What a link leads to; a next part only where the page has addresses of its own to go on from."""
    named = link.get("rel")
    relations = named.lower().split() if named else ()
    if "amphtml" in relations:
        return "amp"
    is_anchor = link.tag == "a"
    if is_anchor and any(word in href.lower() for word in PRINTS) and _prints(href):
        return "print"
    if not own:
        return ""
    if "next" not in relations and not (is_anchor and _may_lead_on(link, href)):
        return ""
    number = _follows(clean(href, page_url), own)
    if number and ("next" in relations or _is_in_pager(link, number)):
        return "" if _is_of_readers(link, href) else "next"
    return ""


def _may_lead_on(link: HtmlElement, href: str) -> bool:
    """Whether a link says that it leads on, or is a number: the others are no closer looked at."""
    if DIGIT.search(href) is None:
        return False
    label = _label(link)
    return label.isdigit() or NEXT.match(label.strip()) is not None


def _label(link: HtmlElement) -> str:
    """What a link says: its text, or else its title."""
    return element_text(link, LABEL_LIMIT) or link.get("title") or link.get("aria-label") or ""


def _prints(href: str) -> bool:
    """Whether an address is a form for printing, as sites spell it."""
    parts = urlsplit(href)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.path.rstrip("/").lower().endswith(("/print", "/print.html", "/drucken", "/imprimir")):
        return True
    return any(
        query.get(name, "").lower() in ("", "1", "true", "print") and name in query
        for name in ("print", "printable", "printview")
    ) or "print" in (query.get("view", "").lower(), query.get("output", "").lower())


def _follows(url: str, own: Addresses) -> int:
    """The number of the part at an address, when it is the one after the page's own; else 0."""
    for base, number in _readings(url):
        if number >= 2 and (base, number - 1) in own:
            return number
    return 0


def _readings(url: str) -> Iterator[tuple[str, int]]:
    """The address without its page number, and the number, in every way that it can be read."""
    if not url:
        return
    yield canonical(url), 1
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in pairs:
        if name.lower() in NUMBER_NAMES and re.fullmatch(r"[1-9]\d?", value):
            rest = urlencode([pair for pair in pairs if pair != (name, value)])
            yield canonical(urlunsplit(parts._replace(query=rest))), int(value)
    if match := NUMBERED.fullmatch(parts.path):
        bare = f"{match['head']}{match['tail'] or ''}"
        yield canonical(urlunsplit(parts._replace(path=bare))), int(match["number"])


def _is_in_pager(link: HtmlElement, number: int) -> bool:
    """Whether a link is a number or "next" among the few words of a pager."""
    text = _label(link)
    if text != str(number) and not NEXT.search(text.strip()):
        return False
    around = text
    for one in islice(link.iterancestors(), 3):
        told = element_text(one, PAGER_TEXT + 1, joint=" ")
        if len(told) > PAGER_TEXT:
            break
        around = told
    return re.search(rf"(?<!\d){number - 1}(?!\d)", around) is not None


def _is_of_readers(link: HtmlElement, href: str) -> bool:
    if READERS_ADDRESS.search(href):
        return True
    return any(
        READERS.search(f"{one.get('class') or ''} {one.get('id') or ''}".lower()[:300])
        for one in islice(link.iterancestors(), 10)
    )
