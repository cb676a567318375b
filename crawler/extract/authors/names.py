"""Names out of bylines: what is a person's name in `By Ana Ruiz and Bo Li | Updated 4 May`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.extract.dates.names import is_month
from crawler.extract.phrases import openings, phrase_pattern, phrases
from crawler.extract.text import fold, is_unspaced, one_line

NAME_LIMIT, HAN_LIMIT, RAW_LIMIT = 70, 8, 300
HAN_STOP = re.compile("[。，！？的了在是]")
PREFIX = re.compile(
    rf"^\W*(?:by(?=by\b))?(?:{phrases('byline')})(?:\s*[:：]\s*|\s*[/／]\s*|\s+|(?<=[记記]者))",
    re.IGNORECASE,
)
STARTS = openings("byline")
TAIL = re.compile(rf"\s*(?:{phrases('byline_end')}).*$", re.IGNORECASE | re.DOTALL)
SPLIT = re.compile(
    r"\s*[;|•·\n、]\s*|\s*/\s+|(?<=\w)\s*/\s*(?=\w)|\s*,\s+|\s*，\s*|\s+(?:and|und|et|y|e|og|och|en|&|with|mit|con|avec|и|та|και)\s+",
    re.IGNORECASE,
)
SUFFIX = re.compile(
    r"\s+(?:기자|특파원|記者|记者|著|監訳|訳)$|(?<=[가-힣]{2})\s*기자$|\s*\([^)]{0,40}\)?$"
)
FOREIGN = re.compile(
    r"https?:|www\.|@|\d|[<>{}=_#:]|\.(?:com|net|org|de|uk|fr|es|it)\b", re.IGNORECASE
)
ROLES = re.compile(rf"\b(?:{phrases('role')})\b", re.IGNORECASE)
AGENCY = re.compile(rf"^(?:{phrases('agency')})$", re.IGNORECASE)
CREDIT = phrase_pattern("credit")


def split_names(raw: Iterable[str]) -> list[str]:
    """The names in some texts, in order and once each, without roles and departments.

    Beside a name of several words a single word is a place, a paper or a rank.
    """
    names: dict[str, str] = {}
    for text in raw:
        for part in _parts(one_line(text, RAW_LIMIT)):
            key = fold(part)
            if key and is_name(part):
                names.setdefault(key, part)
    return list(names.values())


def strip_prefix(text: str) -> str:
    """A byline without its `By`; the text as it was when there is none."""
    return PREFIX.sub("", text)


def is_name(text: str) -> bool:
    """Whether a text may be the name of a person or an agency: short, no address, no role."""
    words = text.split()
    if not (2 <= len(text) <= NAME_LIMIT and len(words) <= 6) or FOREIGN.search(text):
        return False
    if is_unspaced(text) and (
        (len(text) > HAN_LIMIT and "・" not in text) or HAN_STOP.search(text)
    ):
        return False
    return bool(AGENCY.match(text)) or not ROLES.search(text)


def _parts(text: str) -> list[str]:
    if FOREIGN.match(text) or (CREDIT.search(text[:25]) and not PREFIX.match(text)):
        return []
    inner = strip_prefix(strip_prefix(text))
    if (cut := TAIL.search(inner)) is not None:
        inner = (
            _without_month(inner[: cut.start()])
            if cut[0].strip()[:1].isdigit()
            else inner[: cut.start()]
        )
    parts = [_bare(part) for part in SPLIT.split(inner) if part]
    full = [part for part in parts if len(part.split()) > 1 or is_unspaced(part)]
    return full or parts


def _without_month(text: str) -> str:
    """A byline cut before the number of a day or year, without the words that lead to it."""
    words = text.split()
    while words and (
        is_month(words[-1].strip(".,"))
        or words[-1].lower() in ("on", "am", "le", "el", "em", "il", "den")
    ):
        words.pop()
    return " ".join(words)


def _bare(part: str) -> str:
    part = strip_prefix(part).strip(" ,:;-–—\"'“”„«»()[]【】/&*")
    part = SUFFIX.sub("", part).strip(" ,")
    return part if re.search(r"\b[^\W\d_]\.$", part) else part.rstrip(".")
