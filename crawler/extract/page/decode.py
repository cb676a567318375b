"""Bytes to characters: which of the charsets claimed for a page is the true one."""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LANGUAGE = re.compile(rb"<html[^>]{0,300}?\slang\s*=\s*[\"']?([a-z]{2})", re.IGNORECASE)
# Where nothing is declared, a page in these languages is nearly always in one of these.
LEGACY = {
    "zh": ("gb18030", "big5hkscs"),
    "ja": ("cp932", "euc_jp", "iso2022_jp"),
    "ko": ("cp949",),
    "ru": ("cp1251", "koi8-r"),
    "uk": ("cp1251", "koi8-u"),
    "th": ("cp874",),
    "el": ("cp1253",),
    "tr": ("cp1254",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
}
LATIN = frozenset({"cp1252", "iso8859-1", "iso8859-15"})  # what servers claim by default
NOT_TEXT = re.compile(rb"<[^<>]*>|[\x00-\x7f]{40,}")
SAMPLE = 20_000
TORN, DAMAGED, SENSIBLE = 0.02, 0.01, 0.5
CAPITALS = 0.7  # the share of capital letters beyond which a text is none
NOT_ASCII = bytes(range(0x80, 0x100))
FEW = 12  # bytes above ASCII: two quotation marks and an accent say nothing against a claim
FOREIGN_WORD = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
TYPOGRAPHY = dict.fromkeys(map(ord, "«»‹›“”„‘’‚–—…·•¿¡©®°§€£\u00a0"), " ")
# Latin beside Cyrillic or Greek in one word is what a wrong charset makes of accents.
MIXED = re.compile(
    "[a-zA-Z\u00c0-\u024f](?=[\u0370-\u04ff])|[\u0370-\u04ff](?=[a-zA-Z\u00c0-\u024f])"
)

# Four accented Latin letters in a row are a word in another script.
HEAP = re.compile("[\u00c0-\u024f]{4}")


def decode(body: bytes, content_type: str = "") -> str:
    """The characters of a page, never failing: what cannot be read becomes U+FFFD.

    In order: a byte order mark; UTF-8 that is valid and has multibyte sequences, which beats any
    contradicting claim; the HTTP header; the page's own meta; detection.
    """
    for mark, charset in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    if body.isascii() and b"\x1b" not in body:
        return body.decode("ascii")
    if sparse := _utf16(body):
        return body.decode(sparse, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_legacy_charset(body, content_type), "replace")


def _utf16(body: bytes) -> str:
    """UTF-16 without a mark shows as a NUL beside every character of the markup."""
    head = body[:400]
    if head[1::2].count(0) * 3 > len(head):
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) * 3 > len(head) else ""


def _legacy_charset(body: bytes, content_type: str) -> str:
    """The charset of bytes that are not valid UTF-8; a few torn characters do not count."""
    if _damage(body, "utf-8") < TORN:
        return "utf-8"
    sample = _text_bytes(body)
    claims = (http_content_type_encoding(content_type), html_body_declared_encoding(body[:8192]))
    declared = [charset for charset in claims if charset and not charset.startswith("utf")]
    sound = [charset for charset in dict.fromkeys(declared) if _damage(sample, charset) < DAMAGED]
    if not sound:
        return _detect(body, sample)
    # The header wins, unless the page's own claim makes much better sense of the bytes.
    best = max(sound, key=lambda charset: (round(_sense(sample, charset), 1), charset == sound[0]))
    few = len(sample) - len(sample.translate(None, NOT_ASCII)) < FEW
    foreign = best in LATIN and _named_language(body) in LEGACY
    if few or (_sense(sample, best) >= SENSIBLE and not foreign):
        return best
    return max(best, _detect(body, sample), key=lambda charset: _sense(sample, charset))


def _sense(sample: bytes, charset: str) -> float:
    """The share of non-ASCII characters that are letters in words as people write them, 0 to 1.

    Quotes, dashes and the like say nothing of the charset and are left out.
    """
    text = sample.decode(charset, "replace").translate(TYPOGRAPHY)
    foreign = [char for char in text if not char.isascii()]
    if sum(map(str.isupper, foreign)) > CAPITALS * len(foreign):
        return 0.0  # what the Cyrillic charsets make of each other: small letters become capitals
    words = filter(_is_written, FOREIGN_WORD.findall(text))
    return (
        sum(not char.isascii() for word in words for char in word) / len(foreign)
        if foreign
        else 1.0
    )


def _is_written(word: str) -> bool:
    """Whether a word is of one script, has no capital after a small letter and no heap of accents."""
    return not (
        MIXED.search(word)
        or HEAP.search(word)
        or any(one.islower() and two.isupper() for one, two in pairwise(word))
    )


def _damage(body: bytes, charset: str) -> float:
    """The share of the non-ASCII characters that cannot be read in that charset."""
    try:
        text = body.decode(charset, "replace")
    except LookupError:
        return 1.0
    foreign = sum(map(len, re.findall(r"[^\x00-\x7f]+", text)))
    return text.count("\ufffd") / foreign if foreign else 0.0


def _detect(body: bytes, sample: bytes) -> str:
    """Detection by the page's language when it names one, else by frequencies."""
    known = LEGACY.get(_named_language(body), ())
    candidates = [charset for charset in known if _damage(sample, charset) < DAMAGED]
    if len(candidates) == 1:
        return candidates[0]
    best = from_bytes(sample, cp_isolation=candidates or None, threshold=0.4).best()
    if best is not None:
        return str(best.encoding)
    return candidates[0] if candidates else "cp1252"


def _named_language(body: bytes) -> str:
    """The language that the page's first element names, as two letters; empty for none."""
    found = LANGUAGE.search(body[:4096])
    return found[1].decode("ascii").lower() if found else ""


def _text_bytes(body: bytes) -> bytes:
    """The bytes that tell charsets apart: without markup and without long runs of ASCII."""
    return NOT_TEXT.sub(b" ", body[:400_000])[:SAMPLE]
