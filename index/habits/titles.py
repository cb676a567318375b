"""Titles taken apart at their separators: headline, section, name of the paper."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from index.text.shingles import normal_tokens

PART_LIMIT = 60  # characters

_BREAK = re.compile(r"\s+(?:[|\-–—·•»«~/:]|::|--)+\s+|\s*[|｜ㅣ»]+\s*")


def has_parts(title: str) -> bool:
    """Whether a title has a separator in it."""
    return _BREAK.search(title) is not None


def end_parts(title: str) -> Iterator[tuple[str, str]]:
    """Each part that may be beside the headline, with the rest of the title: first, last, last but one."""
    breaks = list(_BREAK.finditer(title))
    if not breaks:
        return
    pairs = [
        (title[breaks[-1].end() :], title[: breaks[-1].start()]),
        (title[: breaks[0].start()], title[breaks[0].end() :]),
    ]
    if len(breaks) > 1:  # `headline | section | name`
        pairs.append((title[breaks[-2].end() : breaks[-1].start()], title[: breaks[-2].start()]))
    yield from ((part, rest) for part, rest in pairs if part.strip() and len(part) <= PART_LIMIT)


def without_parts(title: str, parts: Collection[str]) -> str:
    """The title without known parts at its ends; as it is where nothing else would be left."""
    known = {fold_part(part) for part in parts}
    while True:
        ends = [(part, rest) for part, rest in end_parts(title) if rest.strip()]
        cut = next((rest for part, rest in ends[:2] if fold_part(part) in known), "")
        if not cut or fold_part(cut) in known:
            return title
        title = cut.strip()


def fold_part(text: str) -> str:
    """A part of a title as it is compared: its words, without case and signs."""
    return " ".join(normal_tokens(text))
