"""The extractors that the extraction gate compares: ours, and its peers where they are installed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawler.extract import NotAnArticle, extract
from crawler.extract.page.decode import decode
from index.article import ZoneKind
from index.capture import Capture
from index.habits.values import Priors
from index.text.zones import sayings


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one extractor read from one page; `silent` are the fields that it never tells.

    `kind` is set where it tells kinds of pages, `zones` where it tells texts beside the body.
    """

    text: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    day: date | None = None
    language: str = ""
    section: str = ""
    site_name: str = ""
    kind: str = ""
    paywalled: bool = False
    zones: frozenset[tuple[str, str]] = frozenset()
    silent: frozenset[str] = frozenset()


TEXT_ONLY = frozenset({"authors", "date", "section"})
NO_SECTION = frozenset({"section"})
ZONES: tuple[ZoneKind, ...] = ("kicker", "lead", "caption")
Extractor = Callable[[Capture, str], Reading]


def installed() -> Iterator[tuple[str, Extractor]]:
    """Ours first, trafilatura next, then every other peer that can be imported."""
    yield "pressclip", read_pressclip
    yield "trafilatura", read_trafilatura
    yield from ((name, extractor) for name, module, extractor in _peers() if _is_there(module))


def absent() -> list[str]:
    """The peers that are not installed (`pip install -e '.[bench]'` brings them)."""
    return [name for name, module, _ in _peers() if not _is_there(module)]


def _peers() -> tuple[tuple[str, str, Extractor], ...]:
    return (
        ("newspaper4k", "newspaper", read_newspaper),
        ("readability-lxml", "readability", read_readability),
        ("resiliparse", "resiliparse.extract.html2text", read_resiliparse),
    )


def _is_there(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def read_pressclip(capture: Capture, zone: str = "") -> Reading:
    """The project's own extractor; a refused page is a reading with nothing but its kind."""
    found = extract(capture, priors=Priors(zone=zone))
    if isinstance(found, NotAnArticle):
        return Reading(kind=found.kind)
    return Reading(
        text=found.text,
        title=found.title,
        authors=found.authors,
        day=found.published_day,
        language=found.language,
        section=found.section,
        site_name=found.site_name,
        kind=found.kind,
        paywalled=found.paywalled,
        zones=frozenset((kind, text) for kind in ZONES for text in sayings(found, kind)),
    )


def read_trafilatura(capture: Capture, zone: str = "") -> Reading:
    """The peer trafilatura as it comes, with metadata, on the page's bytes."""
    from trafilatura import bare_extraction

    found: Any = bare_extraction(capture.body, url=capture.url or None, with_metadata=True)
    if found is None:
        return Reading()
    return Reading(
        text=found.text or "",
        title=found.title or "",
        authors=tuple((found.author or "").split("; ")) if found.author else (),
        day=_day(found.date),
        site_name=found.sitename or "",
        section=(found.categories or [""])[0],
    )


def read_newspaper(capture: Capture, zone: str = "") -> Reading:
    """newspaper4k on the decoded page, without the network."""
    newspaper: Any = importlib.import_module("newspaper")
    article = newspaper.Article(capture.url or "http://unknown.example/", fetch_images=False)
    article.download(input_html=_html(capture))
    try:
        article.parse()
    except Exception:  # noqa: BLE001 - a peer's failure on one page is its empty reading
        return Reading(silent=NO_SECTION)
    published = article.publish_date
    return Reading(
        text=article.text or "",
        title=article.title or "",
        authors=tuple(article.authors or ()),
        day=published.date() if published else None,
        language=article.meta_lang or "",
        silent=NO_SECTION,
    )


def read_readability(capture: Capture, zone: str = "") -> Reading:
    """readability-lxml's summary as text, and its title."""
    readability: Any = importlib.import_module("readability")
    html: Any = importlib.import_module("lxml.html")
    document = readability.Document(_html(capture))
    try:
        tree = html.fromstring(document.summary())
        title = document.short_title()
    except Exception:  # noqa: BLE001 - a peer's failure on one page is its empty reading
        return Reading(silent=TEXT_ONLY)
    return Reading(text="\n".join(tree.itertext()), title=title, silent=TEXT_ONLY)


def read_resiliparse(capture: Capture, zone: str = "") -> Reading:
    """The main content by resiliparse, and the title element."""
    html2text: Any = importlib.import_module("resiliparse.extract.html2text")
    parse: Any = importlib.import_module("resiliparse.parse.html")
    tree = parse.HTMLTree.parse(_html(capture))
    text = html2text.extract_plain_text(tree, main_content=True, alt_texts=False)
    return Reading(text=text, title=tree.title or "", silent=TEXT_ONLY)


def _html(capture: Capture) -> str:
    """The page decoded by our rule, so that no peer is judged by its charset detection."""
    return decode(capture.body, capture.header("Content-Type"))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
