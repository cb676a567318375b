"""Pages that are before the article: bot walls, consent, log-in, errors, scripts, paywalls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from crawler.extract.page import Page
from crawler.extract.page.media import media_of
from crawler.extract.phrases import phrase_pattern
from crawler.extract.rejection import NotAnArticle
from crawler.extract.text import ELLIPSES, MINIMUM_WORDS, SHORT_WORDS, count_words

BOT_WALL = phrase_pattern("bot_wall")
CONSENT = phrase_pattern("consent")
CONSENT_PLACE = re.compile(
    r"^(?:consent|myprivacy|cmp|guce|zustimmung)\.|/(?:consent|privacy-?gate|cookie-?wall|zustimmung|sp-consent)(?:[/?.]|$)",
    re.IGNORECASE,
)
LOGIN = phrase_pattern("login")
MISSING = phrase_pattern("missing")
ERROR = phrase_pattern("error")
NEEDS_SCRIPT = phrase_pattern("needs_script")
PAYWALL = phrase_pattern("paywall")
WALL_WORDS = 60


def refuse_wall(page: Page, title: str, lines: Sequence[str]) -> NotAnArticle | None:
    """The refusal of a short page that is before an article, or None.

    Only pages with less than 120 words are looked at: an article about captchas is an article.
    """
    text = " ".join(lines)
    count = count_words(text)
    if count >= SHORT_WORDS:
        return None
    place = urlsplit(page.url)
    heads = " | ".join(dict.fromkeys([page.title, title, *page.headings[:2]]))
    words = text if count < WALL_WORDS else ""
    checks = (
        ("bot-wall", _found(BOT_WALL, page.title, title, words[:400])),
        (
            "consent",
            CONSENT_PLACE.search(place.netloc + place.path) or _found(CONSENT, page.title, title),
        ),
        (
            # Templates put an article's linked data on pages of nothing, too: then few words tell.
            "soft-404",
            (not page.article or count < WALL_WORDS)
            and (MISSING.search(heads) or (count < MINIMUM_WORDS and MISSING.search(words))),
        ),
        ("soft-404", count < WALL_WORDS and not page.article and _leads_to_front(page)),
        ("error", (not page.article or count < WALL_WORDS) and _found(ERROR, page.title, title)),
        (
            "login",
            not page.article
            and (_found(LOGIN, page.title, title) or (count < MINIMUM_WORDS and page.has_password)),
        ),
        ("js-shell", NEEDS_SCRIPT.search(words[:600])),
    )
    kind = next((kind for kind, hit in checks if hit), "")
    return (
        NotAnArticle(kind=kind, reason=f"a page of {count} words titled {heads[:80]!r}")
        if kind
        else None
    )


def refuse_little(page: Page, title: str, lines: Sequence[str]) -> NotAnArticle | None:
    """The refusal of a page with next to no text, or None."""
    count = count_words(" ".join(lines))
    if count >= MINIMUM_WORDS:
        return None
    if media := media_of(page):
        return NotAnArticle(kind=media, reason=f"only {count} words beside what it shows")
    if is_paywalled(page, lines):
        return NotAnArticle(kind="paywall", reason=f"only {count} words before the paywall")
    if NEEDS_SCRIPT.search(" ".join(page.noscript)[:5000]):
        return NotAnArticle(kind="js-shell", reason="the text comes by script only")
    return NotAnArticle(kind="too-short", reason=f"{count} words of text under {title[:60]!r}")


def is_cut(page: Page, lines: Sequence[str]) -> bool:
    """Whether the text of a page behind a paywall ends at the wall: it is short, or breaks off."""
    if not is_paywalled(page, lines):
        return False
    short = count_words(" ".join(lines)) < 2 * SHORT_WORDS
    return short or bool(lines and lines[-1].rstrip().endswith(ELLIPSES))


def is_paywalled(page: Page, lines: Sequence[str]) -> bool:
    """Whether the page says that it is not free, or ends where a subscription begins."""
    free = page.article.get("isAccessibleForFree")
    if free is False or str(free).rsplit("/", 1)[-1].lower() == "false":
        return True
    if (
        page.first("article:content_tier").lower() in ("locked", "metered")
        or page.first("og:article:content_tier").lower() == "locked"
    ):
        return True
    return (
        count_words(" ".join(lines)) < 2 * SHORT_WORDS
        and PAYWALL.search(" ".join(lines[-3:])[-2000:]) is not None
    )


def _leads_to_front(page: Page) -> bool:
    """Whether a page deep in a site calls the front page of that site its canonical address."""
    if not page.canonical:
        return False
    own, named = urlsplit(page.url), urlsplit(urljoin(page.url, page.canonical))
    return (
        own.netloc == named.netloc
        and len(own.path.strip("/")) > 1
        and not named.path.strip("/")
        and not named.query
    )


def _found(pattern: re.Pattern[str], *texts: str) -> bool:
    return any(pattern.search(text.strip()) for text in texts if text)
