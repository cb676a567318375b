"""The smaller fields: description, section, tags, image, site name, declared addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from crawler.extract.page import Page
from crawler.extract.page.linked_data import as_list, name_of
from crawler.extract.phrases import phrase_list
from crawler.extract.text import field_text, fold

DESCRIPTION_LIMIT, NAME_LIMIT, URL_LIMIT = 1_000, 120, 2_048
TAG_LIMIT = 30
SECTION_META = phrase_list("section_meta")


def read_description(page: Page) -> str:
    """What the page says it is about, at most 1,000 characters; the fullest of its descriptions."""
    said = (
        page.first("og:description"),
        page.first("description", "dc.description", "dcterms.description"),
        field_text(page.article.get("description"), DESCRIPTION_LIMIT),
        page.first("twitter:description"),
    )
    return next(filter(None, said), "")[:DESCRIPTION_LIMIT]


def read_section(page: Page) -> str:
    """The section of the paper: by JSON-LD, meta, or else the last step of the breadcrumb before the page."""
    said = page.article.get("articleSection") or page.item.get("articleSection")
    linked = [name_of(value, NAME_LIMIT) for value in as_list(said)]
    named = next(filter(None, linked), "") or page.first(*SECTION_META)
    return (named or _breadcrumb(page))[:NAME_LIMIT]


def read_tags(page: Page) -> tuple[str, ...]:
    """Keywords of JSON-LD and meta, in order and once each, at most 30."""
    tags: dict[str, str] = {}
    for raw in _raw_tags(page):
        for part in raw.split(",") if "," in raw else [raw]:
            tag = field_text(part, NAME_LIMIT)
            if tag and ":" not in tag:
                tags.setdefault(fold(tag), tag)
    return tuple(tags.values())[:TAG_LIMIT]


def read_image(page: Page) -> str:
    """The absolute http(s) address of the page's picture; "" when it names none."""
    for raw in (
        page.first("og:image:secure_url", "og:image:url", "og:image"),
        *_linked_images(page),
        page.first("twitter:image", "twitter:image:src"),
    ):
        if address := _absolute(page.url, raw):
            return address
    return ""


def read_site_name(page: Page) -> str:
    """What the site calls itself, at most 120 characters."""
    found = (name for name in _site_names(page) if name)
    return next(found, "")[:NAME_LIMIT].removeprefix("@")


def _site_names(page: Page) -> Iterator[str]:
    yield page.first("og:site_name")
    yield name_of(page.article.get("publisher"), NAME_LIMIT)
    for wanted in (("website", "newsmediaorganization"), ("organization",)):
        yield from (
            name_of(node, NAME_LIMIT)
            for node in page.nodes
            if str(node.get("@type")).lower() in wanted
        )
    yield page.first(
        "application-name",
        "apple-mobile-web-app-title",
        "publisher",
        "dc.publisher",
        "dcterms.publisher",
    )
    yield page.first("twitter:site", "al:android:app_name", "al:ios:app_name")


def named_addresses(page: Page) -> tuple[tuple[str, str], ...]:
    """The addresses that the page gives as its own, each with who says so: rel=canonical, then og:url."""
    said = (("canonical", page.canonical), ("og:url", page.first("og:url")))
    return tuple((source, address) for source, address in said if address)


def declared_addresses(page: Page) -> tuple[str, ...]:
    """The same without who says so."""
    return tuple(address for _, address in named_addresses(page))


def _raw_tags(page: Page) -> Iterator[str]:
    for value in as_list(page.article.get("keywords")):
        yield name_of(value, 2_000)
    for name in (
        "article:tag",
        "news_keywords",
        "og:article:tag",
        "parsely-tags",
        "sailthru.tags",
        "keywords",
    ):
        yield from page.meta.get(name, ())


def _linked_images(page: Page) -> Iterator[str]:
    for value in as_list(page.article.get("image")):
        yield (
            value
            if isinstance(value, str)
            else str(value.get("url") or "")
            if isinstance(value, Mapping)
            else ""
        )


def _absolute(base: str, raw: str) -> str:
    try:
        address = urljoin(base, raw.strip()) if raw else ""
    except ValueError:
        return ""
    return (
        address if address.startswith(("https://", "http://")) and len(address) <= URL_LIMIT else ""
    )


def _breadcrumb(page: Page) -> str:
    for node in page.nodes:
        if str(node.get("@type")).lower() == "breadcrumblist":
            steps = [
                item for item in as_list(node.get("itemListElement")) if isinstance(item, Mapping)
            ]
            names = [
                name_of(step, NAME_LIMIT) or name_of(step.get("item"), NAME_LIMIT) for step in steps
            ]
            return names[-2] if len(names) >= 3 else ""
    return ""
