"""Authors: the persons a page names as its writers, by schema.org, meta and visible bylines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from crawler.extract.authors.bylines import BIOGRAPHY, find_authors, find_signature
from crawler.extract.authors.names import (
    is_full_name,
    is_handle,
    is_organization,
    split_names,
)
from crawler.extract.authors.places import byline_texts
from crawler.extract.fields import read_section, read_tags
from crawler.extract.page import Page, element_text
from crawler.extract.page.linked_data import as_list, name_of
from crawler.extract.phrases import phrase_list
from crawler.extract.text import fold, is_unspaced, one_line
from crawler.extract.title import site_names
from index.habits.values import NO_PRIORS, Priors

AUTHOR_LIMIT = 24
META_NAMES = phrase_list("author_meta")


def read_authors(
    page: Page, known: Priors = NO_PRIORS, heard: Mapping[str, Sequence[str]] | None = None
) -> tuple[tuple[str, ...], str]:
    """The names, at most 24, and the witness that gave them; ((), "") when nobody is named.

    The outlet's own name is not an author, nor is an account that its markup names on every page; its desks
    stand back behind persons. `known.bylines` are asked where the page's own witnesses name no person.
    `heard` are the names by witness, where they were asked already.
    """
    names, source = _read_authors(page, known, author_witnesses(page) if heard is None else heard)
    desks = frozenset(map(fold, known.desks))
    if known.bylines and not any(_is_person(name) and fold(name) not in desks for name in names):
        usual = split_names(byline_texts(page.tree, known.bylines))
        persons = [name for name in usual if _is_person(name) and fold(name) not in desks]
        if persons:
            return tuple(persons[:AUTHOR_LIMIT]), "usual byline"
    return names, source


def _read_authors(
    page: Page, known: Priors, said: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], str]:
    outlet = site_names(page) | frozenset(map(fold, known.accounts))
    desks = frozenset(map(fold, known.desks))
    subjects = _subjects(page)
    named = {
        source: [_without_outlet(name, outlet) for name in raw] for source, raw in said.items()
    }
    heard = {
        source: [name for name in raw if fold(name) not in outlet and fold(name) not in subjects]
        for source, raw in named.items()
    }
    visible = heard["byline"]
    weak: tuple[tuple[str, ...], str] = ((), "")
    for source, names in heard.items():
        if names and source in ("json-ld", "meta") and _extends(visible, names):
            return tuple(visible[:AUTHOR_LIMIT]), "byline"
        if source != "byline" and names and _replaces(page, visible, names):
            return tuple(visible[:AUTHOR_LIMIT]), "byline"
        if any(_is_person(name) and fold(name) not in desks for name in names):
            return tuple(names[:AUTHOR_LIMIT]), source
        if names and not weak[0]:
            weak = tuple(names[:AUTHOR_LIMIT]), source
    return weak


def _without_outlet(name: str, outlet: Collection[str]) -> str:
    """`Dave Epstein Globe` of the Boston Globe without what is its own."""
    first, _, last = name.rpartition(" ")
    ends = {known.rpartition(" ")[2] for known in outlet if " " in known}
    return first if " " in first and fold(last) in ends and fold(name) not in outlet else name


def _replaces(page: Page, visible: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a visible byline of full names stands against markup whose names no reader sees.

    These are then the account that put the page in.
    """
    if not visible or not all(map(is_full_name, visible)):
        return False
    if {fold(name) for name in visible} & {fold(name) for name in names}:
        return False
    shown = fold(page.walk.text)
    return not any(fold(name) in shown for name in names)


def _is_person(name: str) -> bool:
    """Whether a name is neither an account's nor an organization's."""
    return not is_handle(name) and not is_organization(name)


def _subjects(page: Page) -> frozenset[str]:
    """The page's section and tags, as far as they are one word: classes call them authors at times."""
    named = (*read_tags(page), read_section(page))
    return frozenset(fold(name) for name in named if len(name.split()) == 1)


def author_witnesses(page: Page) -> dict[str, list[str]]:
    """The names that each witness gives, the most trusted witness first."""
    return {
        "json-ld": split_names(_persons(page.article)),
        "meta": split_names(_from_meta(page)),
        "microdata": split_names(_from_microdata(page.tree) or _persons(page.item)),
        "byline": find_authors(page.walk, page.headline),
    }


def read_signature(lines: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The names with which the text itself is signed, as Chinese and Korean papers do."""
    names = find_signature(lines)
    return tuple(names[:AUTHOR_LIMIT]), "text" if names else ""


def _extends(visible: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the visible byline names all of these and one to three more, each a full name."""
    known = {fold(name) for name in names}
    more = [name for name in visible if fold(name) not in known]
    return (
        len(visible) - len(more) == len(known) and 0 < len(more) <= 3 and all(map(_is_full, more))
    )


def _is_full(name: str) -> bool:
    return is_unspaced(name) or (
        " " in name and all(word[0].isupper() for word in name.split()[::2])
    )


def _from_meta(page: Page) -> list[str]:
    """The contents of the first author meta that has any."""
    for name in META_NAMES:
        contents = [text for text in page.meta.get(name, ())[:AUTHOR_LIMIT] if split_names([text])]
        if contents:
            return contents
    return []


def _from_microdata(tree: HtmlElement) -> list[str]:
    """Whom microdata names as authors: all those of the thing that the first of them belongs to.

    Further things on the page are readers' comments and other articles.
    """
    marked = (
        element
        for element in tree.iterfind(".//*[@itemprop]")
        if element.tag != "meta" and "author" in (element.get("itemprop") or "").lower().split()
    )
    found: list[str] = []
    whose: HtmlElement | None = None
    for count, element in enumerate(islice(marked, 2 * AUTHOR_LIMIT)):
        scope = next((one for one in element.iterancestors() if "itemscope" in one.attrib), None)
        if count == 0:
            whose = scope
        if scope is whose:
            found.append(_named_by(element))
    return list(filter(None, found))


def _named_by(element: HtmlElement) -> str:
    """The name of a microdata author: its own property, its content, or its text; no biography."""
    name = element.find(".//*[@itemprop='name']")
    if name is None and element.find(BIOGRAPHY) is not None:
        return ""
    one = element if name is None else name
    return one.get("content") or element_text(one, 120, joint=" ")


def _persons(article: Mapping[str, Any]) -> list[str]:
    """Names of the node's persons; of its organizations only when there is no person."""
    named = as_list(article.get("author")) or as_list(article.get("creator"))
    persons = [_full_name(one) for one in named if not _is_organization(one)]
    return [name for name in persons if name] or [_full_name(one) for one in named]


def _full_name(value: object) -> str:
    if isinstance(value, Mapping) and "role" in str(value.get("@type", "")).lower():
        value = next(iter(as_list(value.get("author") or value.get("creator"))), value)
    if isinstance(value, Mapping) and not value.get("name"):
        parts: Iterable[object] = (value.get("givenName"), value.get("familyName"))
        return " ".join(filter(None, (one_line(part, 80) for part in parts)))
    return name_of(value)


def _is_organization(value: object) -> bool:
    return isinstance(value, Mapping) and "organization" in str(value.get("@type", "")).lower()
