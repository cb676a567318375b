"""Bytes to characters: which of the charsets claimed for a page is the true one."""

from __future__ import annotations

import codecs
import re

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding

from crawler.extract.page.charsets import codec, count_foreign, detect, text_bytes
from crawler.extract.page.mojibake import undo_doubled

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LANGUAGE = re.compile(
    rb"<(?:html|body)[^>]{0,300}?\slang\s*=\s*[\"']?([a-z]{2,3}(?:[-_][a-z]{2,4})?)",
    re.IGNORECASE,
)
JAPANESE_SHIFT = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
HEAD = 8_192
DAMAGED = 0.01
FEW_LETTERS = 12  # below this the charset of the outlet's other pages tells more than the letters
FEW = 4  # two quotation marks and an accent say nothing against a claim
WHOLE = (
    4  # whole characters of UTF-8 to one torn byte; what other charsets make by chance is far below
)
# Of these no letter pairs are known; a page that claims one seldom errs.
UNDETECTED = frozenset(
    {"iso8859-3", "iso8859-10", "iso8859-14", "iso8859-16", "mac-roman", "macintosh", "mac-cyrillic",
     "x-mac-cyrillic", "cp437", "cp850", "cp852", "cp855", "hz", "johab", "koi8-t", "kz1048", "ptcp154",
     "viscii", "iso2022_kr", "euc_jis_2004"}
)  # fmt: skip
# The first differs from the second in letters that the second's pages lack.
COUSINS = frozenset({("iso8859-15", "cp1252"), ("cp950", "big5hkscs")})
LATIN, OTHER = (
    "a-zA-Z\u00c0-\u024f",
    "\u0370-\u05ff\u0600-\u06ff\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af",
)
MIXED = re.compile(
    f"[{LATIN}][{OTHER}]|[{OTHER}][{LATIN}]|[a-z][\u00a1-\u00ac\u00ae-\u00b9\u00bc-\u00bf][a-z]"
)
FOREIGN = re.compile(r"[^\x00-\x7f]+")


def decode(body: bytes, content_type: str = "", *, country: str = "", usual: str = "") -> str:
    """The characters of a page, never failing: what cannot be read becomes U+FFFD.

    In order: a byte order mark; UTF-8, valid or with a few torn characters, which beats any
    contradicting claim; what the bytes are by themselves, by the page's language and by `country`,
    the last part of the host's name (`pl`); the claim of header or page where it comes close to that.
    `usual` is the charset of the outlet's other pages: it counts where the letters are too few to tell.
    """
    charset = charset_of(body, content_type, country=country, usual=usual)
    marked = next((mark for mark, _ in BOMS if body.startswith(mark)), b"")
    text = body[len(marked) :].decode(charset, "replace")
    return undo_doubled(text) if charset == "utf-8" and not marked else text


def charset_of(body: bytes, content_type: str = "", *, country: str = "", usual: str = "") -> str:
    """The name of the charset that `decode` reads a page in."""
    for mark, charset in BOMS:
        if body.startswith(mark):
            return charset
    if body.isascii():
        return "iso2022_jp" if any(shift in body for shift in JAPANESE_SHIFT) else "ascii"
    if sparse := _utf16(body):
        return sparse
    return "utf-8" if is_utf8(body) else _legacy_charset(body, content_type, country, usual)


def sure_charset(body: bytes, content_type: str = "", *, country: str = "") -> str:
    """The charset that the bytes tell by themselves; "" where they are ASCII, or have too few letters."""
    if any(body.startswith(mark) for mark, _ in BOMS) or body.isascii() or _utf16(body):
        return ""
    if is_utf8(body):
        return "utf-8"
    if count_foreign(text_bytes(body)) < FEW_LETTERS:
        return ""
    return _legacy_charset(body, content_type, country, "")


def is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8, of which a few characters may be torn."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = "".join(FOREIGN.findall(body.decode("utf-8", "replace")))
        torn = text.count("\ufffd")
        return len(text) - torn >= WHOLE * torn
    return True


def _utf16(body: bytes) -> str:
    """UTF-16 without a mark shows as a NUL beside every character of the markup."""
    head = body[:400]
    if head[1::2].count(0) * 3 > len(head):
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) * 3 > len(head) else ""


def _legacy_charset(body: bytes, content_type: str, country: str, usual: str) -> str:
    """The charset of bytes that are not UTF-8."""
    sample = text_bytes(body)
    claims = (http_content_type_encoding(content_type), html_body_declared_encoding(body[:HEAD]))
    declared = [codec(claim) for claim in claims if claim and not claim.startswith("utf")]
    sound = [charset for charset in dict.fromkeys(declared) if _damage(sample, charset) < DAMAGED]
    if usual and count_foreign(sample) < FEW_LETTERS:
        known = codec(usual)
        if _damage(sample, known) < DAMAGED and _is_written(sample.decode(known, "replace")):
            return known
    found = detect(sample, _named_language(body), country)
    return next((claim for claim in sound if _is_believed(claim, found, sample)), found)


def _is_believed(claim: str, found: str, sample: bytes) -> bool:
    """Whether a claim that the bytes allow stands against what they look like.

    It does where letters are too few to look like anything, and where the detector does not know it.
    """
    if claim == found or (claim, found) in COUSINS:
        return True
    return (count_foreign(sample) < FEW or claim in UNDETECTED) and _is_written(
        sample.decode(claim, "replace")
    )


def _is_written(text: str) -> bool:
    """Whether no word holds letters of two scripts, or a sign that is in no word."""
    return MIXED.search(text) is None


def _damage(body: bytes, charset: str) -> float:
    """The share of the non-ASCII characters that cannot be read in that charset."""
    try:
        text = body.decode(charset, "replace")
    except LookupError:
        return 1.0
    foreign = sum(map(len, FOREIGN.findall(text)))
    return text.count("\ufffd") / foreign if foreign else 0.0


def _named_language(body: bytes) -> str:
    """The language that the page's first element names, in lower case; empty for none."""
    found = LANGUAGE.search(body[:HEAD])
    return found[1].decode("ascii").lower().replace("_", "-") if found else ""
