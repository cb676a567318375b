"""Which charset bytes are in that nobody, or nobody rightly, declares: letters tell, languages hint."""

from __future__ import annotations

import re

from chardetng_py import EncodingDetector

# What WHATWG's label means in Python: always the widest of a family, as browsers read it.
WIDEST = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
    "windows-1252": "cp1252", "iso-8859-9": "cp1254", "iso8859-9": "cp1254", "tis-620": "cp874",
    "iso-8859-11": "cp874", "windows-874": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "big5": "big5hkscs", "shift_jis": "cp932", "shift-jis": "cp932", "euc-kr": "cp949",
    "euc_kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso8859-8",
}  # fmt: skip
# The country whose pages in a language are taken as a hint, where its code is not the language's.
COUNTRIES = {
    "be": "by", "cs": "cz", "da": "dk", "el": "gr", "en": "us", "et": "ee", "fa": "ir", "he": "il",
    "ja": "jp", "ka": "ge", "kk": "kz", "ko": "kr", "nb": "no", "nn": "no", "sl": "si", "sq": "al",
    "sr": "rs", "sv": "se", "uk": "ua", "vi": "vn", "zh": "cn", "ar": "eg", "iw": "il", "hy": "am",
    "zh-tw": "tw", "zh-hant": "tw", "zh-hk": "hk", "zh-mo": "hk", "sr-cyrl": "mk",
}  # fmt: skip
# Whose letters Firefox's detector does not tell apart; the small words of the text do.
HUNGARIAN = re.compile(rb"(?<![\w\x80-\xff])(?:hogy|egy|nem|csak|azt?|volt)(?![\w\x80-\xff])")
HUNGARIAN_LETTERS = re.compile(rb"[\xd5\xdb\xf5\xfb]")  # Ő Ű ő ű in Latin-2, Õ Û õ û in Latin-1
NOT_ASCII = bytes(range(0x80, 0x100))
FEW = 6  # bytes above ASCII that need a hint
NOT_TEXT = re.compile(rb"<[^<>]*>")
LONG_ASCII = re.compile(rb"(?<=[\x00-\x7f]{20})[\x00-\x7f]{40,}(?=[\x00-\x7f]{20})")
SAMPLE, SEARCHED = 20_000, 400_000


def text_bytes(body: bytes) -> bytes:
    """The bytes that tell charsets apart: without markup and without long runs of ASCII."""
    return LONG_ASCII.sub(b" ", NOT_TEXT.sub(b" ", body[:SEARCHED]))[:SAMPLE]


def detect(sample: bytes, language: str = "", country: str = "") -> str:
    """The charset of some text, by its bytes and, where these leave a choice, by a hint.

    `language` is a BCP 47 tag in lower case, `country` the last part of a host's name; the language
    is heard first. Many letters need no hint: templates name languages that their pages are not in.
    Method: Firefox's detector (chardetng: frequencies of pairs of classes of letters, by charset).
    """
    detector = EncodingDetector()
    detector.feed(sample, last=True)
    found = codec(detector.guess(tld=None, allow_utf8=False))
    hint = _hint(language, country) if count_foreign(sample) < FEW else None
    if found == "cp1252" and ("hu" in (language[:2], country) or _is_hungarian(sample)):
        hint = b"hu"
    return codec(detector.guess(tld=hint, allow_utf8=False)) if hint else found


def _is_hungarian(sample: bytes) -> bool:
    return len(HUNGARIAN.findall(sample)) >= 2 and HUNGARIAN_LETTERS.search(sample) is not None


def codec(label: str) -> str:
    """Python's name of the charset of that label, the widest of its family."""
    label = label.strip().lower()
    return WIDEST.get(label, label.replace("windows-", "cp"))


def count_foreign(sample: bytes) -> int:
    """How many bytes of a text are above ASCII."""
    return len(sample) - len(sample.translate(None, NOT_ASCII))


def _hint(language: str, country: str) -> bytes | None:
    """A country's code; English, which templates name without cause, is not a hint."""
    named = COUNTRIES.get(language) or COUNTRIES.get(language[:2]) or language[:2]
    hint = country if named in ("", "us") else named
    return hint.encode("ascii") if hint.isascii() and hint.isalpha() else None
