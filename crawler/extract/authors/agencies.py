"""Whose report an article is, and where it was filed: the agency and the place of its dateline."""

from __future__ import annotations

import re

from crawler.extract.dates.cldr_names import is_month
from crawler.extract.page import Page
from crawler.extract.page.linked_data import as_list, name_of
from index.article import Article
from index.families.credits import AGENCIES, find_credits
from index.text.zones import all_zones

NAME_LIMIT, PLACE_LIMIT, PLACE_WORDS = 120, 60, 4
HEAD = 200  # characters of a paragraph that may hold a dateline
BRACKET = re.compile(r"[()（）\[\]\"“”]")
# "WASHINGTON, Feb 4 (Reuters) -", "Berlin (dpa) –": what is before the bracket.
BRACKETED = re.compile(r"^\W{0,3}([^\n()（）\d]{2,60}[^\n()（）]{0,30}?)\s*[(（]")
# "HARLOW, Mont. — ", "МОСКВА, 4 фев — ": capitals alone, for a dash follows any words.
SHOUTED = re.compile(r"^\W{0,3}([^\n—–:;!?]{3,80}?)\s*(?:[—–]|\s--?)\s")
CHINESE = re.compile(
    r"^\W{0,3}[\u4e00-\u9fff]{2,4}?社([\u4e00-\u9fff]{2,8}?)(?:\d{1,2}月)?\d{1,2}日[^\n。]{0,12}?[电電]"
)
JAPANESE = re.compile(r"^\W{0,2}[【［]([ァ-ヶー\u4e00-\u9fff]{2,12}?)(?:共同|時事|＝|=|[】］])")
KOREAN = re.compile(r"^\W{0,2}[(（\[]([가-힣]{2,8})\s*[=＝]")


def read_organization(page: Page) -> str:
    """The organization whose report the page's linked data says it is (`sourceOrganization`); "" for none."""
    named = (
        name_of(value, NAME_LIMIT) for value in as_list(page.article.get("sourceOrganization"))
    )
    return next(filter(None, named), "")


def read_agency(article: Article) -> str:
    """The news agency whose report an article says it is, as `Reuters`; "" for none."""
    strong = (credit.source for credit in find_credits(article) if credit.strong)
    return next((AGENCIES[source][0] for source in strong if source in AGENCIES), "")


def read_place(article: Article) -> str:
    """The place that the dateline of the text names, at most 60 characters; "" for none.

    A dateline is before the standfirst or behind it.
    """
    first = next((zone.start for zone in all_zones(article) if zone.kind == "body"), 0)
    return _place_in(article.text[:HEAD], article) or _place_in(
        article.text[first:][:HEAD], article
    )


def _place_in(head: str, article: Article) -> str:
    for pattern in (CHINESE, JAPANESE, KOREAN):
        if match := pattern.match(head):
            return match[1]
    datelines = any(credit.kind == "dateline" for credit in find_credits(article))
    if datelines and (match := BRACKETED.match(head)) and _is_named(place := _bare(match[1])):
        return place
    if (match := SHOUTED.match(head)) and _is_shouted(match[1]):
        return _bare(match[1])
    return ""


def _is_shouted(place: str) -> bool:
    """Whether the first part of a place is in capitals: `HARLOW, Mont.`"""
    first = place.split(",")[0].strip()
    if len(first.split()) > PLACE_WORDS or BRACKET.search(place):
        return False
    return len(first) > 2 and first.upper() == first and first.lower() != first


def _is_named(place: str) -> bool:
    """Whether each word may be of a name: none begins with a small letter but `de`, `am` and the like."""
    return all(len(word) <= 3 or not word[0].islower() for word in place.split()) and (
        not place[:1].islower()
    )


def _bare(place: str) -> str:
    """A place without the date that is behind it."""
    kept: list[str] = []
    for part in re.split(r"\s*,\s*", place):
        words = part.strip().split()
        if any(any(map(str.isdigit, word)) or is_month(word) for word in words):
            break
        kept.append(" ".join(words))
    return ", ".join(filter(None, kept))[:PLACE_LIMIT].strip(" .-–—")
