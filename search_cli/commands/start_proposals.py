"""What `pressclip start` proposes: the kind of an answer, a name for the story, outlets, the way to
collect. Pure: an answer in, a proposal out.
"""  # fmt: skip

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Literal
from urllib.parse import urlsplit

from index.workspace.starter import Entry, outlets_for, search_directory
from index.workspace.story import Window

Subject = Literal["url", "file", "text", "words"]
Way = Literal["crawl", "backfill", "both", "nothing"]
WAYS = ("crawl", "backfill", "both", "nothing")
LISTED = timedelta(days=14)  # for about so long the lists of outlets name an article
_TEXT_WORDS = 12  # from so many words on an answer is a pasted text
_ID_WORDS, _ID_LENGTH = 4, 40
_KINDS = ("agency", "national", "broadcaster", "online", "regional", "state")
_FILE = re.compile(r"^[~./\\]|\.(txt|html?|md|xml)$", re.IGNORECASE)
_SIGNS = re.compile(r"[^a-z0-9]+")
_SMALL = frozenset("a an and at by for from in is of on or the to with".split())  # noqa: SIM905


def kind_of(answer: str) -> Subject:
    """What the answer to “what is the story?” is."""
    if re.match(r"https?://", answer, re.IGNORECASE):
        return "url"
    if "\n" in answer:
        return "text"
    if _FILE.search(answer) and " " not in answer.strip():
        return "file"
    return "text" if len(answer.split()) >= _TEXT_WORDS else "words"


def propose_id(answer: str) -> str:
    """An id for the story of an answer: from the address or the file's name, or else the first words.

    >>> propose_id("https://example.com/news/2023/02/spy-balloon-shot-down.html?x=1")
    'spy-balloon-shot-down'
    >>> propose_id("Le ballon de l'été")
    'le-ballon-de-l'
    >>> propose_id("气球")
    'story'
    """
    kind = kind_of(answer)
    if kind == "url":
        parts = urlsplit(answer).path.rstrip("/").split("/")
        answer = max(parts, key=lambda part: len(re.findall(r"[a-z]+", part)))
    if kind == "file":
        answer = answer.replace("\\", "/").rsplit("/", 1)[-1]
    if kind in ("url", "file"):
        answer = re.sub(r"\.\w{2,5}$", "", answer)
    plain = unicodedata.normalize("NFKD", _without_date(answer)).encode("ascii", "ignore").decode()
    words = [word for word in _SIGNS.split(plain.lower()) if word and word not in _SMALL]
    told = "-".join(words[:_ID_WORDS])[:_ID_LENGTH].strip("-")
    return told if re.search("[a-z]", told) else "story"


def _without_date(text: str) -> str:
    return re.sub(r"^\s*date:?[ \t]+\S+\s*", "", text, count=1, flags=re.IGNORECASE)


def propose_outlets(
    languages: Sequence[str], countries: Sequence[str], known: Collection[str], most: int
) -> list[Entry]:
    """Outlets to offer for a story, of every kind in turn, without those that the desk has."""
    fit = [one for one in outlets_for(languages, countries) if one.id not in known]
    near = [one for one in fit if one.country in countries]
    return [*_mixed(near), *_mixed(one for one in fit if one not in near)][:most]


def home_of(language: str) -> str:
    """The country where most speakers of a language are looked for (CLDR's likely subtags)."""
    from babel.core import get_global

    parts = str(get_global("likely_subtags").get(language, "")).split("_")
    return parts[-1].lower() if len(parts) > 1 else ""


def read_choice(answer: str, offered: Sequence[Entry]) -> tuple[list[str], list[Entry]]:
    """The outlets that an answer names, and those to offer next where it is a search instead.

    Numbers, ids and addresses name; `all` names all; `none` and nothing name none.
    """
    chosen: list[str] = []
    for word in answer.replace(",", " ").split():
        if word.isdigit() and 0 < int(word) <= len(offered):
            chosen.append(offered[int(word) - 1].id)
        elif word.lower() == "all":
            chosen += [one.id for one in offered]
        elif "." in word or "://" in word:
            chosen.append(word)
        elif word.lower() not in ("none", "no", "n"):
            return [], search_directory(answer.replace(",", " ").split())
    return list(dict.fromkeys(chosen)), []


def propose_way(window: Window | None, *, outlets: bool, today: date) -> Way:
    """How to collect first: what is over is found by a backfill, what goes on by a crawl too."""
    if window is not None and window.end is not None and window.end < today - LISTED:
        return "backfill"
    if not outlets:
        return "backfill"
    if window is not None and window.start is not None and window.start < today - LISTED:
        return "both"
    return "crawl"


def _mixed(entries: Sequence[Entry] | Iterator[Entry]) -> list[Entry]:
    """An agency, a national paper, a broadcaster …, and again."""
    by_kind: dict[str, list[Entry]] = {kind: [] for kind in _KINDS}
    for one in entries:
        by_kind[one.kind].append(one)
    turns = zip_longest(*by_kind.values())
    return [one for turn in turns for one in turn if one is not None]
