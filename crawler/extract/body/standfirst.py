"""The standfirst: the summary under the headline, which extractors take for furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.body.blocks import Block, line_key
from crawler.extract.body.trim import is_sentence
from crawler.extract.page import Page
from crawler.extract.text import field_text, squeeze, weigh

SHORTEST, LONGEST = 40, 700
PLACE = re.compile(r"^[^.:–—]{2,25}[.:–—]\s+")  # `Berlin. The minister …`
CUT = re.compile(r"\s*(?:…|\.{3}|\[…\]|\[\.{3}\])\s*$")
SUBHEADINGS, HEADED = frozenset({"h2", "h3", "h4"}), 80
CAPTIONS = frozenset({"figure", "figcaption", "a", "aside", "nav", "footer"})


def find_standfirst(
    page: Page,
    title: str,
    lines: Sequence[str],
    blocks: Sequence[Block],
    marked: Sequence[str] = (),
) -> str:
    """The page's visible summary when the text lacks it; else "".

    It is an element of its own before the text, and says what the page calls its description or
    what its markup calls a standfirst: `marked`, the letters and digits of such elements.
    """
    known = squeeze(" ".join(lines))
    wanted = [
        key
        for key in (*described(page), *marked)
        if key[:120] not in known and key not in squeeze(title)
    ]
    before = list(_before(blocks, line_key(lines[0])))
    for block in before if wanted else ():
        own = squeeze(block.text)
        said = {own, squeeze(PLACE.sub("", block.text))}
        if any(
            one.startswith(key) and len(one) < 1.6 * len(key) + 40 for key in wanted for one in said
        ):
            return "" if own in known else block.text
    return next((block.text for block in before if _is_headed(block, title, known)), "")


def _is_headed(block: Block, title: str, known: str) -> bool:
    """Whether a summary is between the headline and the text as a subheading of whole sentences."""
    return (
        block.element.tag in SUBHEADINGS
        and weigh(block.text) >= HEADED
        and is_sentence(block.text)
        and squeeze(block.text) not in known
        and squeeze(block.text) not in squeeze(title)
        and block.element.find(".//a") is None
    )


def described(page: Page) -> list[str]:
    """The letters and digits of what the page calls its descriptions, the short ones left out."""
    keys = (squeeze(CUT.sub("", text)) for text in _descriptions(page))
    return list(dict.fromkeys(key for key in keys if weigh(key) >= SHORTEST))


def _descriptions(page: Page) -> Iterator[str]:
    yield field_text(page.article.get("description"), LONGEST)
    yield field_text(page.article.get("alternativeHeadline"), LONGEST)
    yield page.first("og:description")
    yield page.first("description")
    yield page.first("twitter:description")


def _before(blocks: Sequence[Block], first: str) -> Iterator[Block]:
    """The blocks in page order up to the one that the article begins with."""
    for block in blocks:
        if first and block.key == first:
            return
        if (
            weigh(block.text) >= SHORTEST
            and len(block.text) <= LONGEST
            and not _in_caption(block.element)
        ):
            yield block


def _in_caption(element: HtmlElement) -> bool:
    return any(one.tag in CAPTIONS for one in islice(element.iterancestors(), 6))
