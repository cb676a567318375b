"""Last resorts for a page whose markup shows next to no text: noscript, embedded state, description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape

from crawler.extract.page import Page
from crawler.extract.page.embedded import read_block_lists, read_long_fields
from crawler.extract.page.markup import parse
from crawler.extract.page.states import join_chunks
from crawler.extract.text import MINIMUM_WORDS, count_words, field_text, paragraphs, tokens, weigh

NOSCRIPT_MINIMUM, STATE_MINIMUM = 500, 300
TEXT_LIMIT = 200_000
STATE_FIELD = re.compile(
    r'"(?:articleBody|body|bodyHtml|body_html|content|contents|html|text|rendered|story)"\s*:\s*"((?:[^"\\]++|\\.)*+)"'
)
BREAK = re.compile(r"<(?:/p|br|/div|/h\d|/li|/blockquote)[^<>]{0,300}>", re.IGNORECASE)
COMMENT = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
TAG = re.compile(r"<[^<>]{0,2000}>")
AGREEMENT = 0.5
DESCRIPTION_WORDS = 8


def rescue_text(page: Page, title: str, lines: Sequence[str]) -> tuple[list[str], str]:
    """Text from where readers without the site's scripts do not look, and its witness.

    The lines as they were, with an empty witness, when nothing is more.
    """
    for witness, found in last_resorts(page, title):
        if count_words(" ".join(found)) > max(MINIMUM_WORDS, 2 * count_words(" ".join(lines))):
            return found, witness
    if count_words(" ".join(lines)) < MINIMUM_WORDS and (teaser := _teaser(page, title)):
        return [teaser], "description"
    return list(lines), ""


def strip_html(text: str) -> str:
    """The text of an HTML fragment, a line a block; entities resolved twice, as sites escape them."""
    if "&" in text:
        text = unescape(unescape(text))
    return TAG.sub("", BREAK.sub("\n", COMMENT.sub(" ", text))) if "<" in text else text


def last_resorts(page: Page, title: str) -> Iterator[tuple[str, list[str]]]:
    """The texts of a page's noscript and embedded data, each with its witness; empty for none."""
    longest = max(page.noscript, key=len, default="")
    if weigh(longest) >= NOSCRIPT_MINIMUM:
        yield "noscript", _read_noscript(longest)
    yield "state", _read_states(page, title)


def _read_noscript(markup: str) -> list[str]:
    from trafilatura import bare_extraction

    tree = parse(f"<html><body><article>{markup}</article></body></html>")
    document = None if tree is None else bare_extraction(tree, include_comments=False)
    return paragraphs(getattr(document, "text", None) or "")


def _read_states(page: Page, title: str) -> list[str]:
    """The longest text of the page's embedded data that speaks of what its title says."""
    wanted = {word for word in tokens(title) if len(word) > 3 or not word.isascii()}
    best: list[str] = []
    for script in join_chunks(page.scripts):
        for found in _state_texts(script):
            shared = len(wanted & set(tokens(" ".join(found))))
            if (
                wanted
                and shared >= AGREEMENT * len(wanted)
                and weigh(" ".join(found)) > max(STATE_MINIMUM, sum(map(len, best)))
            ):
                best = found
    return best


def _state_texts(script: str) -> Iterator[list[str]]:
    """The texts of a script's data: of one field, also where the data is in a string; of blocks."""
    yield from _state_fields(script)
    if "JSON.parse" in script or "__next_f" in script:
        yield from (paragraphs(strip_html(text)) for text in read_long_fields(script))
    yield from read_block_lists(script)


def _state_fields(script: str) -> Iterator[list[str]]:
    """The texts that are in one field of the data."""
    for match in STATE_FIELD.finditer(script):
        if weigh(match[1]) >= STATE_MINIMUM or "\\u" in match[1]:
            yield paragraphs(strip_html(_unquote(match[1])))


def _unquote(raw: str) -> str:
    try:
        text = json.loads(f'"{raw[:TEXT_LIMIT]}"', strict=False)
    except ValueError:
        return ""
    return text if isinstance(text, str) else ""


def _teaser(page: Page, title: str) -> str:
    """What an article page without text says of itself: a paywalled or a film's page."""
    if not page.article and page.first("og:type").lower() not in (
        "article",
        "video",
        "video.other",
        "video.movie",
    ):
        return ""
    said = (
        field_text(page.article.get("description"), 1000),
        page.first("og:description"),
        page.first("description"),
    )
    best = max(said, key=len)
    return best if count_words(best) >= DESCRIPTION_WORDS and best != title else ""
