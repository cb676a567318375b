"""Text that may be stored: NFC, printable, bounded; and how two short texts are compared."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

# C0 but tab and newline, DEL, C1, surrogates and noncharacters; then what has no width and means
# nothing to a reader: soft hyphen, zero-width space, word joiner, BOM, and the bidi controls.
# ZWNJ and ZWJ stay: Persian and the Indic scripts spell with them.
UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    + "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
TOKEN = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
ASCII_NOT_WORD = {place: None for place in range(128) if not chr(place).isalnum()}
# A text of fewer words is short; one of fewer still is hardly a text.
SHORT_WORDS, MINIMUM_WORDS = 120, 20
ELLIPSES = ("…", "...", "[…]", "[...]")  # with which a teaser breaks off
TAG = re.compile(r"<[^<>]{0,500}>")


def one_line(text: object, limit: int) -> str:
    """The text of a field on one line, single-spaced, at most `limit` characters; "" for no text.

    The length is cut before anything else looks at it: later patterns are not all linear.
    """
    if not isinstance(text, str):
        return ""
    line = " ".join(text[: 4 * limit].split())
    if not (line.isprintable() and unicodedata.is_normalized("NFC", line)):
        line = " ".join(UNWANTED.sub("", unicodedata.normalize("NFC", line)).split())
    return line[:limit].rstrip()


def field_text(text: object, limit: int) -> str:
    """`one_line` for a field that sites fill with HTML: entities resolved (twice), tags dropped."""
    if not isinstance(text, str):
        return ""
    cut = text[: 4 * limit]
    if "&" in cut:
        cut = unescape(unescape(cut))
    return one_line(TAG.sub(" ", cut) if "<" in cut else cut, limit)


def paragraphs(text: str) -> list[str]:
    """The lines of a text that have something on them, each clean and single-spaced."""
    lines = (one_line(line, len(line)) for line in text.splitlines())
    return [line for line in lines if line]


def tokens(text: str) -> list[str]:
    """Casefolded words; a character of a script without spaces is a word of its own."""
    return TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def fold(text: str) -> str:
    """What is left of a text when case, punctuation and space do not count."""
    return " ".join(tokens(text))


def squeeze(text: str) -> str:
    """The letters and digits of a text alone: what is left when markup split words."""
    if text.isascii():
        return text.translate(ASCII_NOT_WORD).lower()
    for sign in set(text):  # a text has few: a fifth of the time of a pattern
        if not sign.isalnum():
            text = text.replace(sign, "")
    return text.casefold()


def overlap(first: str, second: str) -> float:
    """Sørensen–Dice coefficient of the words of two short texts, 0 to 1."""
    one, two = set(tokens(first)), set(tokens(second))
    return 2 * len(one & two) / (len(one) + len(two)) if one and two else 0.0


def weigh(text: str) -> int:
    """The length of a text as if it were written with spaces: a Han character counts for three."""
    return len(text) * (3 if is_unspaced(text) else 1)


def count_words(text: str) -> int:
    """Words of a text; two characters of a script without spaces count as one."""
    return len(text) // 2 if is_unspaced(text) else len(text.split())


def is_unspaced(text: str) -> bool:
    """Whether the text is written mostly in a script that does not part words by spaces."""
    if text.isascii():
        return False
    found = UNSPACED_LETTER.findall(text, 0, 500)
    return len(found) * 3 > len(text[:500].strip()) > 0
