"""Groups side by side, as lines, rows and columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from search_cli.output.render import Row

if TYPE_CHECKING:
    from index.study.compare import Compared, Share

FIELDS = (
    "group", "articles", "texts", "outlets", "measure", "count", "total", "share", "low", "high",
    "drawn",
)  # fmt: skip
PUBLISHED = "published"


def compared_shown(one: Compared) -> Row:
    """A group as a person reads it: its shares with their intervals."""
    return {
        "group": one.name,
        "articles": f"{one.articles:,}",
        "texts": f"{one.texts:,}",
        PUBLISHED: _percent(one.published) if one.published.total else _empty(one),
        **{f"frame {name}": _percent(share) for name, share in one.frames.items()},
    }


def _percent(share: Share) -> str:
    """`62% (51–72)`, or a dash where nothing is known."""
    if share.share is None or share.interval is None:
        return "–"
    low, high = (round(100 * end) for end in share.interval)
    return f"{100 * share.share:.0f}% ({low}–{high})"


def _empty(one: Compared) -> str:
    """What is shown in place of a share: that nothing was published, or that there was no crawl."""
    return "0 of 0" if one.watched else "–"


def compared_told(found: Iterable[Compared], *, carried: bool) -> str:
    """What the shares refer to, and how their intervals are made."""
    drawn = {share.drawn for one in found for share in (one.published, *one.frames.values())}
    ways = []
    if "outlets" in drawn:
        ways.append("outlets resampled (bootstrap)")
    if "articles" in drawn:
        ways.append("Wilson's for fewer than three outlets")
    of = "articles, reprints as carried" if carried else "texts, reprints once"
    told = f"frames: of {of}; published: of what the outlets' own lists named; – not crawled"
    return f"{told}; 95%: {', '.join(ways)}" if ways else told
