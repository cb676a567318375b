"""The language of a text: py3langid, with its script and the page's own claim as witnesses."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from crawler.extract.page import Page

SAMPLE = 800
# Characters: `bench.quality.language` measures from which on the text is surer than the declaration.
ENOUGH, LITTLE = 80, 40
CODE = re.compile(r"([a-zA-Z]{2,3})(?:[-_]|$)")
# ISO 639-1 in place of what pages and the classifier also write.
ALIASES = {
    "nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "jp": "ja", "cn": "zh", "kr": "ko",
    "ua": "uk", "gr": "el", "cz": "cs", "dk": "da", "se": "sv", "br": "pt", "eng": "en", "deu": "de",
    "fra": "fr", "spa": "es", "zho": "zh",
}  # fmt: skip
# Neighbours that a classifier takes for each other: here the page's own claim decides.
NEIGHBOURS = tuple(
    frozenset(group.split())
    for group in (
        "no da sv",
        "hr sr bs sl",
        "id ms",
        "cs sk",
        "es gl pt ca an",
        "ru uk be bg mk sr",
        "zu xh st rw",
        "fa ps ur ar ku",
        "hi mr ne",
        "af nl",
        "de lb",
        "it la co",
    )
)
# What the classifier may answer: the languages in which there are newspapers, as far as it knows them.
LANGUAGES = [
    "af", "am", "ar", "as", "az", "be", "bg", "bn", "br", "bs", "ca", "cs", "cy", "da", "de", "el", "en",
    "es", "et", "eu", "fa", "fi", "fr", "fy", "ga", "gl", "gu", "ha", "he", "hi", "hr", "ht", "hu", "hy",
    "id", "ig", "is", "it", "ja", "ka", "kk", "km", "kn", "ko", "ku", "ky", "lb", "lo", "lt", "lv", "mg",
    "mk", "ml", "mn", "mr", "ms", "mt", "my", "ne", "nl", "no", "om", "or", "pa", "pl", "ps", "pt", "ro",
    "ru", "rw", "si", "sk", "sl", "sn", "so", "sq", "sr", "st", "sv", "sw", "ta", "te", "th", "tl", "tr",
    "uk", "ur", "uz", "vi", "xh", "yo", "zh", "zu",
]  # fmt: skip
# A letter of these scripts belongs to one language of the news, nearly always.
SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0530-\u058f]")),
)

OTHER_SCRIPT = re.compile("[\u0370-\u05ff\u0e00-\u10ff\u3040-\ud7af]")


def read_language(text: str, page: Page, usual: str = "") -> tuple[str, str]:
    """The ISO 639-1 code and its witness; ("", "") when neither text nor page tells.

    `usual` is the language of the outlet's other pages, asked where text and page tell too little.
    """
    declared = declared_language(page)
    if script := _by_script(text[:SAMPLE]):
        return script, "script"
    if len(text) < ENOUGH and declared:
        return declared, "declared"
    if usual and len(text) < ENOUGH:
        return usual, "outlet"
    if len(text) < LITTLE:
        return "", ""
    code = _classify(text)
    if declared != code and any(code in group and declared in group for group in NEIGHBOURS):
        return declared, "declared"
    return code, "text"


def language_of(text: str) -> str:
    """The ISO 639-1 code of a text without a page around it; "" where it is too short to tell."""
    if script := _by_script(text[:SAMPLE]):
        return script
    return _classify(text) if len(text) >= LITTLE else ""


def _classify(text: str) -> str:
    return _alias(load_classifier()(text[:SAMPLE])[0])


@cache
def load_classifier() -> Callable[[str], tuple[str, float]]:
    """The classifier for the languages of newspapers; loading it takes a second of CPU."""
    from py3langid import classify, set_languages

    set_languages(LANGUAGES)
    return classify  # type: ignore[no-any-return]


def _by_script(text: str) -> str:
    """The language whose script most of the letters are of; "" for scripts of many languages."""
    if not OTHER_SCRIPT.search(text):
        return ""
    letters = sum(map(str.isalpha, text))
    counts = {code: len(pattern.findall(text)) for code, pattern in SCRIPTS}
    if counts["ja"] * 20 > counts["zh"] > 0:  # Japanese is written mostly in Han characters too
        counts["ja"] += counts["zh"]
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] * 2 > letters else ""


def declared_language(page: Page) -> str:
    """The ISO 639-1 code that the page claims in its markup; "" for none."""
    claims = (
        page.tree.get("lang"),
        page.article.get("inLanguage"),
        page.first("og:locale"),
        page.first("content-language"),
    )
    for claim in claims:
        if isinstance(claim, str) and (match := CODE.match(claim.strip())):
            code = _alias(match[1].lower())
            if len(code) == 2:
                return code
    return ""


def _alias(code: str) -> str:
    return ALIASES.get(code, code)
