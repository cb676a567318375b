"""The text of an article: trafilatura's, with articleBody as a second opinion and trimmed ends."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extract.body.amid import drop_amid
from crawler.extract.body.blocks import locate, read_blocks
from crawler.extract.body.gaps import fill_gaps
from crawler.extract.body.layout import prose_of
from crawler.extract.body.prune import paragraph_size, prune
from crawler.extract.body.region import cut_beyond
from crawler.extract.body.rescue import rescue_text, strip_html
from crawler.extract.body.standfirst import find_standfirst
from crawler.extract.body.trim import LinkTexts, drop_bios, trim_ends
from crawler.extract.page import Page
from crawler.extract.page.parsers import quicken_others
from crawler.extract.text import ELLIPSES, fold, paragraphs, squeeze, tokens, weigh

# trafilatura logs an error for each page it gives up on; here that is a verdict, not an error.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

TEXT_LIMIT = 400_000
# Weighed characters: below SHORT a text is next to nothing, below CLAIM_MINIMUM a claim is a teaser.
SHORT, CLAIM_MINIMUM = 200, 250
# The share of the page's prose that a text must hold not to be poor.
POOR = 0.2
# Against trafilatura's text: the least length of a claim that may trim it.
TRUSTED = 0.7


def read_body(
    page: Page, title: str, leads: Sequence[str] = (), authors: Sequence[str] = ()
) -> tuple[Sequence[str], str]:
    """The paragraphs, and the witness that won: `trafilatura`, `json-ld` or a last resort.

    `leads` are the letters and digits of what the markup calls a standfirst.
    Cuts what is beside the article out of the page's tree.
    """
    prune(page.tree)
    claimed, main = claimed_body(page), main_text(page)
    bare = [line for line in main if squeeze(line) != squeeze(title)]
    if claimed and _prefer_claimed("\n".join(claimed), "\n".join(bare)):
        return claimed, "json-ld"
    main = drop_bios(_trimmed(page, title, main, claimed, leads, authors), authors)
    if weigh("\n".join(main)) < SHORT:
        main, witness = rescue_text(page, title, main)
        if witness:
            return main, witness
    return main, "trafilatura" if main else ""


def main_text(page: Page) -> list[str]:
    """The text by trafilatura in its precise mode; in its default mode where that found next to nothing.

    Its comparison with readability, a third of its time, is left out where it could change nothing:
    readability is preferred only with twice the text, or to a text without paragraphs.
    """
    own = _run(page, favor_precision=True, fast=True)
    precise = own.text if _is_whole(own, page.tree) else _run(page, favor_precision=True).text
    if weigh(precise) >= SHORT and len(precise) >= POOR * paragraph_size(page.tree):
        return paragraphs(precise)
    balanced = _run(page, favor_precision=False).text
    return paragraphs(balanced if len(balanced) > 2 * len(precise) else precise)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extraction:
    """What trafilatura made of a page: the text, and how many paragraphs and tables it has."""

    text: str = ""
    paragraphs: int = 0
    tables: int = 0


def _run(page: Page, *, favor_precision: bool, fast: bool = False) -> _Extraction:
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    quicken_others()
    document = bare_extraction(
        page.tree,
        url=page.url or None,
        favor_precision=favor_precision,
        include_comments=False,
        fast=fast,
    )
    if not isinstance(document, Document):
        return _Extraction()
    return _Extraction(
        text=_bounded(document.text or ""),
        paragraphs=sum(next(p.itertext(), None) is not None for p in document.body.iter("p")),
        tables=len(document.body.findall(".//table")),
    )


def _bounded(text: str) -> str:
    """The text up to its limit, with no paragraph cut in two."""
    return text if len(text) <= TEXT_LIMIT else text[:TEXT_LIMIT].rpartition("\n")[0]


def _is_whole(own: _Extraction, tree: HtmlElement) -> bool:
    """Whether no other reading of the page can have twice the text outside links."""
    if weigh(own.text) < 2 * SHORT or not own.paragraphs or own.tables > own.paragraphs:
        return False
    return 2 * len(own.text) >= prose_of(tree)


def _trimmed(
    page: Page,
    title: str,
    lines: list[str],
    claimed: Sequence[str],
    leads: Sequence[str],
    authors: Sequence[str],
) -> list[str]:
    """The text without strange ends and with its standfirst."""
    if not lines:
        return lines
    whole = lines
    if claimed and _size(claimed) >= TRUSTED * _size(lines) and _coverage(claimed, lines) >= 0.9:
        lines = _trim_to(lines, claimed)
    blocks = read_blocks(page.tree)
    links = LinkTexts(page.tree)
    kept = trim_ends(cut_beyond(lines, locate(lines, blocks)), title, blocks, links)
    whole_page = 2 * _size(whole) < TEXT_LIMIT
    lines = fill_gaps(kept, blocks, page.url, cut=whole, ends=whole_page)
    lines = drop_amid(lines, locate(lines, blocks), authors)
    standfirst = find_standfirst(page, title, lines, blocks, leads)
    return [standfirst, *lines] if standfirst else lines


def claimed_body(page: Page) -> list[str]:
    """The paragraphs of JSON-LD's articleBody; [] for a teaser or none."""
    raw = page.article.get("articleBody")
    if not isinstance(raw, str):
        return []
    lines = paragraphs(strip_html(raw[:TEXT_LIMIT]))
    if weigh("\n".join(lines)) < CLAIM_MINIMUM or lines[-1].endswith(ELLIPSES):
        return []
    return lines


def _prefer_claimed(claimed: str, main: str) -> bool:
    """Whether articleBody is plainly fuller: the text is empty, a part of it, or another one."""
    if weigh(main) < SHORT:
        return True
    covered = _coverage([main], [claimed])
    fuller = len(claimed) / len(main)
    if fuller <= 1.3 or len(tokens(claimed)) <= len(tokens(main)):  # a heap of letters is no text
        return False
    return (covered >= 0.95 and fuller > 1.3) or (covered < 0.35 and fuller > 1.4)


def _coverage(part: Sequence[str], whole: Sequence[str]) -> float:
    """The share of the words of `part`, counted, that `whole` has."""
    ours, theirs = Counter(tokens("\n".join(part))), Counter(tokens("\n".join(whole)))
    total = sum(ours.values())
    return sum((ours & theirs).values()) / total if total else 0.0


def _size(lines: Sequence[str]) -> int:
    return sum(map(len, lines))


def _trim_to(main: list[str], claimed: Sequence[str]) -> list[str]:
    """The lines between the first and the last that articleBody knows."""
    known = fold(" ".join(claimed))
    inside = [fold(line)[:80] in known for line in main]
    if not any(inside):
        return main
    start, end = inside.index(True), len(inside) - inside[::-1].index(True)
    return main[start:end]
