"""Which address an article is kept under, and whether what is at two addresses is one article.

Pure decisions, each with a code and its witnesses. Four bear on it: what the page declares (canonical,
og:url), what its parameters may name, what a redirect led to, and whether title and text are equal. No
address is believed that would make one record of two articles; what addresses alone cannot tell is a
claim, which title and text decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.urls.article import IDENTITY_NAMES, is_front_page, looks_like_article
from crawler.urls.canonical import canonical, page_of
from crawler.urls.domains import registered_domain
from crawler.urls.parts import clean, query_pairs, split_pair

PAGE_NAMES = frozenset(
    {"page", "p", "pg", "paged", "page_no", "pageno", "pagenum", "seite", "pagina", "pag", "sayfa", "strona"}
)  # fmt: skip
Code = Literal[
    "own", "declared", "bare", "first-page", "front", "list", "elsewhere", "unreadable", "drops-number",
    "drops-parameter", "contradicted",
]  # fmt: skip
Link = Literal["own", "declared", "redirect", "claim"]
Likeness = Literal["equal", "alike", "other"]

REASONS: dict[Code, str] = {
    "own": "the page's own address",
    "declared": "the page declares it",
    "bare": "the page declares it, and the parameters that it drops name no article",
    "first-page": "the page declares it, and drops the number of its first page",
    "front": "it is the site's front page",
    "list": "it is a list's, and the page's own an article's",
    "elsewhere": "it is another site's",
    "unreadable": "it is no address",
    "drops-number": "it lacks the parameter that names the article",
    "drops-parameter": "it lacks a parameter, and does not look like an article's itself",
    "contradicted": "canonical and og:url differ, and og:url is the page's own address",
}
BELIEVED = frozenset({"own", "declared", "bare", "first-page"})
# Where title and text may still show that both addresses have one article.
CLAIMS = frozenset({"drops-parameter", "contradicted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was made of one address that a page declares: by whom, the address, the code of the decision."""

    source: str
    url: str
    code: Code

    @property
    def reason(self) -> str:
        """The decision in words."""
        return REASONS[self.code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The address that an article is kept under, by which witness, and how each was judged.

    `claims` are identities that the page may share, which title and text decide.
    """

    url: str
    source: str
    code: Code
    said: tuple[Said, ...] = ()
    claims: tuple[str, ...] = ()


def decide_address(page_url: str, declared: Sequence[tuple[str, str]]) -> Identity:
    """The first of the declared addresses (source, address) that is believed; else the page's own, clean."""
    page_url = page_of(page_url)
    own = clean(page_url) or page_url
    is_own_named = any(
        canonical(url) == canonical(own) for source, url in declared if source == "og:url"
    )
    said = tuple(
        _judge(source, page_of(url), own, is_own_named=is_own_named)
        for source, url in declared
        if url
    )
    claimed = [canonical(one.url) for one in said if one.code in CLAIMS]
    claims = tuple(dict.fromkeys(filter(None, [*claimed, _plain_claim(own)])))
    for one in said:
        if one.code in BELIEVED:
            return Identity(url=one.url, source=one.source, code=one.code, said=said, claims=claims)
    return Identity(url=own, source="address", code="own", said=said, claims=claims)


def _plain_claim(own: str) -> str:
    """The identity without its query, where that is an article's and no parameter names one; else ""."""
    bare, _, query = canonical(own).partition("?")
    if not query or not looks_like_article(bare):
        return ""
    names = _without([split_pair(pair) for pair in query_pairs(query)], bare)
    return bare if names in BELIEVED else ""


def article_url(page_url: str, declared: Iterable[str] = ()) -> str:
    """The first address of those declared that may be an article's own, or else the page's, clean.

    For what belongs together anyway (a form of a page, its further parts); `decide_address` is for keeping.
    """
    page_url = page_of(page_url)
    own = clean(page_url) or page_url
    said = (_judge("", page_of(url), own, is_own_named=False) for url in declared if url)
    return next((one.url for one in said if one.code in BELIEVED), own)


def _judge(source: str, declared: str, own: str, *, is_own_named: bool) -> Said:
    url = clean(declared, own) if declared.strip() else ""
    code: Code
    if not url:
        code = "unreadable"
    elif registered_domain(url) != registered_domain(own):
        code = "elsewhere"  # forged or syndicated: information, no identity
    elif canonical(url) == canonical(own):
        code = "own"
    elif is_front_page(url):
        code = "front"
    elif (dropped := _dropped(url, own)) is not None:
        code = _without(dropped, url)
    elif looks_like_article(own) and not looks_like_article(url):
        code = "list"
    else:
        code = "contradicted" if source == "canonical" and is_own_named else "declared"
    return Said(source=source, url=url or declared[:200], code=code)


def _dropped(wanted: str, page: str) -> list[tuple[str, str]] | None:
    """The parameters of the page's identity that the same path lacks; None for another path, or for none."""
    bare, full = canonical(wanted), canonical(page)
    bare_path, _, bare_query = bare.partition("?")
    full_path, _, full_query = full.partition("?")
    kept, had = set(query_pairs(bare_query)), set(query_pairs(full_query))
    if bare_path != full_path or not kept < had:
        return None
    return sorted(map(split_pair, had - kept))


def _without(dropped: Sequence[tuple[str, str]], url: str) -> Code:
    is_article = looks_like_article(url)
    rest = [(name, value) for name, value in dropped if name not in PAGE_NAMES or value != "1"]
    if is_article and not rest:
        return "first-page"
    names = IDENTITY_NAMES | PAGE_NAMES
    numbered = rest if is_article else dropped
    if any(name in names and any(map(str.isdigit, value)) for name, value in numbered):
        return "drops-number"
    return "bare" if is_article else "drops-parameter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sameness:
    """Whether what is at two addresses is one article, with the code of the decision."""

    is_same: bool
    code: str


def are_one(link: Link, likeness: Likeness) -> Sameness:
    """Whether a page and an article held are one.

    `link` is how they are joined: the page's own address is the article's, or the page declares it, or a
    redirect led from it to the page, or one of them claims the other's. `likeness` is that of title and text.
    """
    if link == "own":
        return Sameness(is_same=True, code="same-address")  # an edit of whatever size
    if likeness == "equal":
        return Sameness(is_same=True, code=f"{link}-and-equal")
    if link == "claim":
        return Sameness(is_same=False, code="claim-not-equal")
    if likeness == "alike":
        return Sameness(is_same=True, code=f"{link}-and-alike")
    return Sameness(is_same=False, code=f"{link}-but-other")
