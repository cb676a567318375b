"""Known articles fetched again: when, with which validators, and what an unchanged one comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from crawler.ingest.read import Reading, ReadingContext, Refused
from crawler.urls import canonical, is_front_page, registered_domain
from index.capture import Capture, Listing
from index.store import Candidate, Recheck, StoredArticle, StoreWriter

RECHECK = "recheck"
REMOVED = frozenset({"http-404", "http-410", "soft-404"})
REDIRECT_HOME = "redirect-home"
RECHECK_SCORE = 5.0  # after what is new and promises to be coverage, before the rest


def candidates_of(rechecks: Iterable[Recheck]) -> list[Candidate]:
    """The articles as candidates of the frontier."""
    return [
        Candidate(
            url=recheck.url,
            key=canonical(recheck.url),
            outlet=recheck.outlet,
            site=registered_domain(recheck.url),
            score=RECHECK_SCORE,
            listing=Listing(channel=RECHECK, outlet=recheck.outlet),
        )
        for recheck in rechecks
    ]


def validators(store: StoreWriter, candidate: Candidate) -> dict[str, str]:
    """The headers that make the request for a known article a conditional one.

    None for one that is gone: that it is there again shall be in the archive, not in a 304. None
    for one that is kept out of search: a header may have asked for it, of which a 304 says nothing.
    """
    if candidate.listing.channel != RECHECK:
        return {}
    for identity in store.articles.find(candidate.url, candidate.key):
        recheck = store.rechecks.get(identity)
        held = store.articles.get([identity])[identity]
        if recheck is not None and held.removal is None and not held.article.withheld:
            return conditions(recheck.etag, recheck.last_modified)
    return {}


def conditions(etag: str, last_modified: str) -> dict[str, str]:
    """If-None-Match and If-Modified-Since, as far as there is something to ask with."""
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in asked.items() if value}


def plan_recheck(
    store: StoreWriter, context: ReadingContext, identity: str, capture: Capture
) -> None:
    """After an article was read: when the next look at it is due, and with which validators."""
    held = store.articles.get([identity])[identity]
    store.rechecks.plan(
        Recheck(
            article=identity,
            due=_next(held, context, capture.fetched),
            etag=capture.header("ETag"),
            last_modified=capture.header("Last-Modified"),
        ),
        checked=capture.fetched,
    )


def plan_first_recheck(store: StoreWriter, context: ReadingContext, held: StoredArticle) -> None:
    """For an article that came into the corpus without being fetched: its next look, if none is due."""
    known = store.rechecks.get(held.id)
    if known is not None and known.due is not None:
        return
    fetched = held.article.fetched
    store.rechecks.plan(
        Recheck(
            article=held.id,
            due=_next(held, context, fetched),
            etag=known.etag if known else "",
            last_modified=known.last_modified if known else "",
        ),
        checked=fetched,
    )


def removal_code(capture: Capture, reading: Reading) -> str:
    """Why an article that was known at the capture's address would be gone; empty when it is not.

    Gone are 404 and 410, a page that says the same, and the front page in the article's place.
    Errors, walls and whatever else may pass are no removal.
    """
    if isinstance(reading, Refused) and reading.code in REMOVED:
        return reading.code
    asked = capture.listing.url
    if asked and is_front_page(capture.url) and not is_front_page(asked):
        return REDIRECT_HOME
    return ""


def plan_after_unchanged(store: StoreWriter, context: ReadingContext, identity: str) -> None:
    """After a look that showed nothing new, or a page that is gone: the next age of its schedule."""
    held = store.articles.get([identity])[identity]
    store.rechecks.delay(identity, _next(held, context, datetime.now(UTC)))


def _next(held: StoredArticle, context: ReadingContext, now: datetime) -> datetime | None:
    return next_recheck(
        _schedule_of(context, held.stories),
        first_seen=held.first_seen,
        published=held.article.published,
        now=now,
    )


def _schedule_of(context: ReadingContext, stories: Iterable[str]) -> list[timedelta]:
    keeping = set(stories)
    return sorted(
        {age for story in context.stories if story.id in keeping for age in story.schedule.recheck}
    )


def next_recheck(
    ages: Sequence[timedelta], *, first_seen: datetime, published: datetime | None, now: datetime
) -> datetime | None:
    """When an article is fetched again: its next age of the schedule, None when it has had the last.

    Ages count from first sight. What was older than the whole schedule by then is not looked at again:
    the archive of three years ago does not change.
    """
    if not ages or (published is not None and first_seen - published > ages[-1]):
        return None
    return next((first_seen + age for age in ages if first_seen + age > now), None)
