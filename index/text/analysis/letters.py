"""Letters: which make words, which are cut into pairs, and how each is folded."""

from __future__ import annotations

import re
import unicodedata

# Letters of scripts that are cut into pairs: Thai, Lao, Myanmar, Khmer, Hangul, kana, bopomofo, Han.
PAIRED = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd\u0ec0-\u0ec6\u0edc-\u0edf"
    "\u1000-\u102a\u103f\u1050-\u1055\u105a-\u105d\u1061\u1065\u1066\u106e-\u1070\u1075-\u1081\u108e"
    "\u1100-\u11ff\u1780-\u17b3\u17d7\u17dc\u3005-\u3007\u3031-\u3035\u303b\u303c\u3041-\u3096"
    "\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7c6\ud7cb-\ud7fb\uf900-\ufaff"
    "\uff66-\uff9d\uffa0-\uffdc\U0001b000-\U0001b2ff\U00020000-\U0003fffd"
)
# Combining marks, with letters and gaps between them where that shortens the list.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711-\u07f3\u07fd\u0816-\u082d"
    "\u0859-\u085b\u0898-\u08e1\u08e3-\u0963\u0981-\u09e3\u09fe-\u0a75\u0a81-\u0ae3"
    "\u0afa-\u0b63\u0b82-\u0bd7\u0c00-\u0c63\u0c81-\u0c83\u0cbc-\u0d4d\u0d57-\u0d63"
    "\u0d81-\u0df3\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f18\u0f19"
    "\u0f35\u0f37\u0f39\u0f3e-\u0f84\u0f86-\u0fbc\u0fc6\u102b-\u103e\u1056-\u1059\u105e-\u1060"
    "\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f-\u109d\u135d-\u135f"
    "\u1712-\u1734\u1752-\u1773\u17b4-\u17d3\u17dd\u180b-\u180d\u180f-\u193b\u1a17-\u1a1b"
    "\u1a55-\u1a7f\u1ab0-\u1b44\u1b6b-\u1b73\u1b80-\u1bf3\u1c24-\u1c37\u1cd0-\u1cd2"
    "\u1cd4-\u1dff\u20d0-\u20f0\u2cef-\u2cf1\u2d7f-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\ua672"
    "\ua674-\ua67d\ua69e-\ua6f1\ua802-\ua827\ua82c\ua880-\ua8c5\ua8e0-\ua8f1\ua8ff-\ua92d"
    "\ua947-\ua953\ua980-\ua9c0\ua9e5-\uaa4d\uaa7b-\uaac1\uaaeb-\uaaef\uaaf5\uaaf6\uabe3-\uabea"
    "\uabec\uabed\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"
)
# The marks beyond the first 65,536 code points, where next to no text has a letter.
HIGH_MARKS = (
    "\U000101fd-\U000102e0\U00010376-\U0001037a\U00010a01-\U00010a3f\U00010ae5-\U00010ae6"
    "\U00010d24-\U00010d27\U00010eab-\U00010eac\U00010f46-\U00010f50\U00010f82-\U00010f85"
    "\U00011000-\U00011046\U00011070-\U000110ba\U000110c2\U00011100-\U00011134"
    "\U00011145-\U00011173\U00011180-\U000111c0\U000111c9-\U000111cc\U000111ce-\U000111cf"
    "\U0001122c-\U00011237\U0001123e\U000112df-\U000112ea\U00011300-\U00011446"
    "\U0001145e-\U000114c3\U000115af-\U000115c0\U000115dc-\U00011640\U000116ab-\U000116b7"
    "\U0001171d-\U0001172b\U0001182c-\U0001183a\U00011930-\U00011943\U000119d1-\U000119e0"
    "\U000119e4-\U00011a3e\U00011a47-\U00011a99\U00011c2f-\U00011c3f\U00011c92-\U00011d47"
    "\U00011d8a-\U00011d97\U00011ef3-\U00011ef6\U00016af0-\U00016af4\U00016b30-\U00016b36"
    "\U00016f4f-\U00016f92\U00016fe4-\U00016ff1\U0001bc9d-\U0001bc9e\U0001cf00-\U0001cf46"
    "\U0001d165-\U0001d169\U0001d16d-\U0001d172\U0001d17b-\U0001d182\U0001d185-\U0001d18b"
    "\U0001d1aa-\U0001d1ad\U0001d242-\U0001d244\U0001da00-\U0001da36\U0001da3b-\U0001da6c"
    "\U0001da75\U0001da84\U0001da9b-\U0001e136\U0001e2ae-\U0001e2ef\U0001e8d0-\U0001e94a"
)
JOINERS = "\u00ad\u200b-\u200d\u2060\ufeff"
APOSTROPHES = "'\u2018\u2019\uff07\u02bc"

# Signs that come and go in writing (accents, Hebrew points, Arabic vowels); Indic signs stay.
_FLEETING = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
_LETTERS = {
    **dict(zip("øłđðħıŋё", "olddhinе", strict=True)),
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    **dict(zip("أإآٱىیېئؤکةۀ", "ااااييييوكهه", strict=True)),
    "ـ": "",
    "\u02bc": "",
}
_ELIDED = frozenset(
    {
        *("l", "d", "j", "m", "t", "s", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"),
        *("dell", "all", "nell", "sull", "dall", "coll", "un", "quest", "quell"),
    }
)
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")


def fold(word: str) -> str:
    """One word's exact form: compatibility and case folded, accents and inner signs gone."""
    if word.isascii() and word.isalnum():
        return word.lower()
    bare = strip_clitics(word)
    return fold_letters(unicodedata.normalize("NFKC", bare).casefold()) or bare


def fold_letters(text: str) -> str:
    """The letters and digits of a case-folded text without accents and fleeting signs, run together."""
    return text.translate(_FOLDED)


def is_capitals(word: str) -> bool:
    """Whether a word is written in capitals (US, U.S., NATO’s), which two letters at least tell."""
    bare = word if word.isascii() and word.isalnum() else strip_clitics(word)
    return bare.isupper() and sum(map(str.isalpha, bare)) > 1


def strip_clitics(word: str) -> str:
    """The word without a possessive ’s and without elided articles before it (l’, d’, dell’)."""
    if not _APOSTROPHE.search(word):
        return word
    text = _APOSTROPHE.sub("'", word)
    if len(text) > 2 and text[-2:] in ("'s", "'S"):
        text = text[:-2]
    head, mark, tail = text.partition("'")
    while mark and tail and head.lower() in _ELIDED:
        text = tail
        head, mark, tail = text.partition("'")
    return text


class _Folded(dict[int, str | None]):
    """Code point → folded letters, filled as letters are met."""

    def __missing__(self, point: int) -> str | None:
        self[point] = folded = _fold_letter(chr(point))
        return folded


_FOLDED = _Folded()


def _fold_letter(letter: str) -> str | None:
    if letter in _LETTERS:
        return _LETTERS[letter]
    if _FLEETING.match(letter):
        return None
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.digit(letter))
    if category[0] not in "LMN":
        return None
    base = unicodedata.normalize("NFD", letter)[0]
    is_latin_or_greek = base < "\u0250" or "\u0370" <= base < "\u0400"
    return base if is_latin_or_greek else letter
