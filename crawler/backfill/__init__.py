"""The sources of past coverage: what each is asked, and how its answers become candidates.

Pure functions on values, a module a source; nothing here knows the network or the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from crawler.backfill import (
    ccindex,
    ccnews,
    cdx,
    dated_sitemaps,
    doc,
    gal,
    mediacloud,
    memento,
    wikipedia,
)  # fmt: skip
from crawler.backfill.asks import Answer, Ask, Copy, Lead, Scope
from crawler.refusal import Refusal

__all__ = ["SOURCES", "Answer", "Ask", "Copy", "Lead", "Scope", "Source", "read_answer"]

Reader = Callable[[Ask, bytes, str, Scope], Answer | Refusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source as the spider asks it.

    `pause` is the least number of seconds between two requests, by what its operators state, `size` the
    usual size of an answer in bytes. A `bulk`
    source gives files of everybody's news, which are read and not archived; a `service` answers
    programs by its documented interface, so that robots.txt, which is for pages, is not asked for.
    `needs_outlets` says that it is asked outlet by outlet, `key` the environment's variable that holds
    the user's key for it, `since` the first day that it has anything of.
    """

    name: str
    base: str
    pause: float
    size: int
    read: Reader
    plan: Callable[[Scope], Iterator[Ask]] = lambda _: iter(())
    bulk: bool = False
    service: bool = True
    needs_outlets: bool = False
    key: str = ""
    since: date | None = None


def _read_gal(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    del ask, content_type, scope
    return gal.read(body)


def _read_timemap(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    del scope
    return memento.read(ask, body, content_type)


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        source.name: source
        for source in (
            Source(
                name=gal.SOURCE,
                base=gal.BASE,
                pause=1.0,
                size=gal.SIZE,
                read=_read_gal,
                bulk=True,
                since=gal.FIRST.date(),
            ),
            Source(
                name=doc.SOURCE,
                base=doc.BASE,
                pause=5.0,
                size=doc.SIZE,
                read=doc.read,
                plan=doc.plan,
                since=doc.FIRST.date(),
            ),
            Source(
                name=wikipedia.SOURCE,
                base=wikipedia.BASE,
                pause=1.0,
                size=wikipedia.SIZE,
                read=wikipedia.read,
                plan=wikipedia.plan,
            ),
            Source(
                name=cdx.SOURCE,
                base=cdx.BASE,
                pause=2.5,  # 24 requests a minute, whatever they are for
                size=cdx.SIZE,
                read=cdx.read,
                plan=cdx.plan,
                needs_outlets=True,
            ),
            Source(
                name=cdx.LOOKUP,
                base=cdx.BASE,
                pause=2.5,
                size=cdx.LOOKUP_SIZE,
                read=cdx.read_lookup,
            ),
            Source(
                name=memento.LOOKUP,
                base=memento.BASE,
                pause=1.0,
                size=memento.SIZE,
                read=_read_timemap,
            ),
            Source(
                name=ccindex.SOURCE,
                base=ccindex.BASE,
                pause=5.0,
                size=ccindex.SIZE,
                read=ccindex.read,
                plan=ccindex.plan,
                needs_outlets=True,
            ),
            Source(
                name=mediacloud.SOURCE,
                base=mediacloud.BASE,
                pause=30.0,  # two requests a minute, of a key that has no higher quota
                size=mediacloud.SIZE,
                read=mediacloud.read,
                plan=mediacloud.plan,
                key=mediacloud.KEY,
            ),
            Source(
                name=ccnews.SOURCE,
                base=ccnews.BASE,
                pause=1.0,
                size=ccnews.SIZE,
                read=ccnews.read,
                plan=ccnews.plan,
                since=ccnews.FIRST,
            ),
            Source(
                name=dated_sitemaps.SOURCE,
                base="",
                pause=0.0,
                size=dated_sitemaps.SIZE,
                read=dated_sitemaps.read,
                plan=dated_sitemaps.plan,
                service=False,
                needs_outlets=True,
            ),
        )
    }
)


def read_answer(ask: Ask, body: bytes, content_type: str, scope: Scope) -> Answer | Refusal:
    """What the answer to a request holds. Never raises on what a service sent."""
    return SOURCES[ask.source].read(ask, body, content_type, scope)
