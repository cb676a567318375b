"""What a page is made of besides prose: posts, prices, carts, code, calls to act; read before the text is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from crawler.extract.page import Page
from crawler.extract.page.walk import Walk
from crawler.extract.phrases import phrase_stems, phrases

TEXT_LIMIT = 20_000  # characters; a page's buttons and headings repeat themselves
REPEATED = 3
CURRENCIES = ("$", "€", "£", "¥", "₹", "usd", "eur", "chf", "zł", "kč", "руб", "kr")
# Of one post in a thread, by the software that makes most of them, and by common names.
POST = re.compile(
    r"^(?:(?:js-)?(?:forum[-_]?)?(?:post|message|reply|answer|topic|thread)(?:[-_]?(?:body|content|text|inner|item"
    r"|row|wrapper|container|cell|main|message|bit))?|postbody|postprofile|topic-body|cooked|lia-message-body|ipscomment)$",
    re.IGNORECASE | re.MULTILINE,
)
POSTER = re.compile(
    r"^author$|^.*(?:avatar|poster|post-?author|username|postprofile|user-?(?:info|name|details|card)|message-user|member|karma|vote).*$",
    re.IGNORECASE | re.MULTILINE,
)
SOFTWARE = {
    "forum": re.compile(
        r"^(?:phpbb|postbody|postprofile|postbit\w*|message-usercontent|topic-body|lia-message-\w+|bbp-\w+|bbpress"
        r"|ipscomment_content|ipstype_\w+|js-vote-count|js-post-body|woltlab\w*|smf\w*|xf-?\w+|nodebb\w*|flarum\w*"
        r"|poststream\w*|viewtopic\w*|showthread\w*|vb_?postbit\w*|forum-?post\w*|forumbit\w*)$",
        re.IGNORECASE | re.MULTILINE,
    ),
    "documentation": re.compile(
        r"^(?:rst-content|wy-nav-\w+|md-content\w*|md-sidebar\w*|theme-doc-\w+|docmaincontainer\w*|toctree-\w+"
        r"|vpdoc|vp-doc|vpsidebar\w*|gitbook\w*|docs-(?:content|sidebar|wrapper|toc|body)|doc-content|sphinxsidebar\w*"
        r"|mdbook\w*|starlight\w*|readme-docs|redoc-wrap|swagger-ui|api-content|docusaurus\w*|theme-edit-this-page)$",
        re.IGNORECASE | re.MULTILINE,
    ),
    "product": re.compile(
        r"^(?:single-product|product-(?:template|detail\w*|form\w*|price|page|info|single|gallery|essential)|woocommerce-product\w*"
        r"|product__(?:price|title|info|form)\w*|pdp[-_]\w+|add-to-cart\w*|add_to_cart\w*|buy-box|buybox|productdetail\w*"
        r"|shopify-product-form)$",
        re.IGNORECASE | re.MULTILINE,
    ),
}  # fmt: skip
CART_STEMS = phrase_stems("cart")
CALLS, CART = re.compile(phrases("call_to_act")), re.compile(phrases("cart"))
MANUAL, THREAD = re.compile(phrases("manual")), re.compile(phrases("thread"))
PRICE = re.compile(
    r"(?:[$€£¥₹]|usd|eur|chf|kr\.?)\s?\d[\d.,]*|\d[\d.,]*\s?(?:[€£₹]|zł|kč|руб|usd|eur|kr\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUp:
    """Counts of what speaks for a kind: elements, or different phrases; `software` names what made it."""

    posts: int = 0
    posters: int = 0
    software: frozenset[str] = frozenset()
    shop_parts: int = 0
    prices: int = 0
    code: int = 0
    calls: int = 0
    cart: int = 0
    manual: int = 0
    thread: int = 0


NO_MAKE_UP = MakeUp()


def read_make_up(page: Page, *, dated: bool) -> MakeUp:
    """The make-up of a page whose tree is still whole.

    `dated` says that a date was found: then calls to act, which firms' journals have too, are not counted.
    Phrases are looked for only where an element gives a reason to.
    """
    names = _count_names(page.walk)
    listed = "\n".join(names)
    posts = max((names[name] for name in POST.findall(listed)), default=0)
    posters = max((names[name] for name in POSTER.findall(listed)), default=0)
    software = frozenset(kind for kind, made in SOFTWARE.items() if made.search(listed))
    code = page.walk.tags.count("pre")
    text = " ".join(page.walk.text[: 2 * TEXT_LIMIT].split())[:TEXT_LIMIT].lower()
    prices = len(PRICE.findall(text)) if any(sign in text for sign in CURRENCIES) else 0
    sells = sum("offers" in item or "price" in item for item in page.items)
    return MakeUp(
        posts=posts,
        posters=posters,
        software=software,
        shop_parts=sells,
        prices=prices,
        code=code,
        calls=0 if dated else _different(CALLS, text),
        cart=_different(CART, text) if any(stem in text for stem in CART_STEMS) else 0,
        manual=_different(MANUAL, text) if code or not dated else 0,
        thread=_different(THREAD, text) if posts >= REPEATED or "forum" in software else 0,
    )


def _count_names(walk: Walk) -> Counter[str]:
    """How many elements of a page's body have each class."""
    body = walk.tags.index("body") if "body" in walk.tags else len(walk.tags)
    names: Counter[str] = Counter()
    for label, times in Counter(walk.classes[body:]).items():
        for name in dict.fromkeys(label[:200].split()):
            names[name] += times
    return names


def _different(pattern: re.Pattern[str], text: str) -> int:
    return len(set(pattern.findall(text)))
