"""Why a captured page is not an article: a coded kind and a reason in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAnArticle:
    """A page that does not enter the corpus.

    `kind` is one of: `http-NNN`, `not-html`, `empty`, `bot-wall`, `consent`, `login`, `paywall`,
    `soft-404`, `error`, `js-shell`, `list-page`, `product`, `forum`, `too-short`; `video`, `audio`
    and `gallery` for what is shown with next to no words.
    """

    kind: str
    reason: str
