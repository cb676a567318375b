"""The way of a capture into the corpus, top to bottom: archive → read → record → judge → index.

    stage    what it does                                              its detail
    archive  keep the bytes as they came, before anything else         index/archive
    read     extract, identify, judge by what is known, fingerprint    read.py, related_pages.py, pool.py
    record   put what it came to into the store and the ledger         recording.py, rechecks.py
    judge    at the end of a run: every verdict that may differ        reevaluate.py
    index    at the end of a run: all that changed in the store        index/fulltext/indexer.py

This is the order of durability: archive, then store, then index. The store can be made again from the
archive, and the index from the store. So a kill between two stages loses nothing: what was archived and
not recorded is taken up by the next run (run.py), what was recorded and not indexed by the next index.

There are two ways through the first three stages. A live crawl takes each page as it comes, in Scrapy's
pipelines (crawler/spiders/pipelines.py), and fetches what completes it: `archive_capture`,
`record_unchanged`, `read_live`, `record_reading`. What is there already comes through `take_captures`,
many at once: the files of `crawl --warc` (warc_import.py), the archive at a `replay` (replay.py), and
what a killed run left (run.py). What other desks have read is recorded without the first two (merge.py).
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace

from crawler.ingest import recording
from crawler.ingest.intake import Filed, Intake
from crawler.ingest.pool import arrival
from crawler.ingest.read import FEED_TEXT, REFUSED_PAGES, ReadArticle, Reading, Refused, read_again
from crawler.ingest.rechecks import RECHECK
from crawler.ingest.reevaluate import reevaluate_verdicts
from crawler.ingest.related_pages import CHANNELS as RELATED
from crawler.ingest.related_pages import RelatedPage
from crawler.wire.optouts import optouts_of
from index.capture import ArchiveRef, Capture
from index.errors import PressclipError
from index.fulltext.indexer import rebuild_index, update_index
from index.relevance import Readers, Reevaluation
from index.store import StoreWriter
from index.store.learning import learn_habits, with_new_parts
from index.store.tidying import tidy
from index.workspace import Workspace
from index.workspace.lock import hold

FetchRelated = Callable[[Capture, RelatedPage], Awaitable[Capture | None]]

_PUSH_PATIENCE = 60.0  # seconds that a run waits for a busy cluster at its end

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page between the stages read and record, with the related pages that were read with it."""

    filed: Filed
    reading: Reading
    related: Sequence[Filed] = ()


def take_captures(intake: Intake, captures: Iterable[Capture]) -> None:
    """Archive, read and record captures, as many at once as the pool holds, in their order.

    A related page has the page that it completes read again, with all that came beside it until then.
    """
    waiting: deque[tuple[Filed, list[Filed], Future[Reading]]] = deque()
    for capture in captures:
        page, related = _page_and_related(intake, archive_capture(intake, capture))
        waiting.append((page, related, _start_reading(intake, page, related)))
        if len(waiting) >= intake.pool.capacity:
            _record_first(intake, waiting)
    while waiting:
        _record_first(intake, waiting)


# --- archive ---


def archive_capture(intake: Intake, capture: Capture) -> Filed:
    """Archive a capture, unless it comes from the archive, and give it its number in the store.

    In a live crawl the middleware next to the wire has archived it (crawler/wire/archive.py).
    """
    archived = capture
    if capture.ref is None:
        withheld = capture.withheld or optouts_of(capture).withheld(intake.context.optouts)
        archived = intake.archive.append(replace(capture, withheld=withheld))
    outlet = intake.context.outlet_of(archived.url)
    listing = archived.listing
    beside = listing.source if listing.channel in RELATED else ""
    number = intake.store.captures.add(archived, outlet=outlet, beside=beside)
    return Filed(capture=archived, number=number, outlet=outlet)


# --- read ---


async def read_live(intake: Intake, filed: Filed, fetch: FetchRelated) -> ReadPage:
    """Read a page; as long as another one may complete it, fetch that, archive it, read them together.

    `fetch` gives None for a page that cannot be had.
    """
    related: list[Filed] = []
    reading = await _read(intake, filed, related)
    asked: set[str] = set()
    while reading.wants is not None and reading.wants.url not in asked:
        asked.add(reading.wants.url)
        found = await fetch(filed.capture, reading.wants)
        if found is None:
            break
        related.append(archive_capture(intake, found))
        reading = await _read(intake, filed, related)
    return ReadPage(filed=filed, reading=reading, related=related)


async def read_feed_text(intake: Intake, page: ReadPage) -> ReadPage:
    """The page; or where the site refuses it and a feed carried its text, that text read instead.

    The refusal is recorded then, too.
    """
    instead = _feed_text_of(intake, page.filed, page.reading)
    if instead is None:
        return page
    record_reading(intake, page)
    return ReadPage(filed=instead, reading=await _read(intake, instead))


async def _read(intake: Intake, filed: Filed, related: Sequence[Filed] = ()) -> Reading:
    future = intake.pool.submit(filed.capture, [one.capture for one in related])
    await arrival(future)
    return intake.pool.outcome(future, filed.capture.url)


def _start_reading(intake: Intake, filed: Filed, related: Sequence[Filed]) -> Future[Reading]:
    """Have a capture read; of a page that was not archived its article is read again."""
    capture, beside = filed.capture, [one.capture for one in related]
    kept = all(one.body or not one.withheld for one in (capture, *beside))
    if kept or capture.ref is None:
        return intake.pool.submit(capture, beside)
    known: Future[Reading] = Future()
    article = intake.earlier.versions.as_captured(capture.ref) if intake.earlier else None
    known.set_result(read_again(article, capture, intake.context))
    return known


def _page_and_related(intake: Intake, filed: Filed) -> tuple[Filed, list[Filed]]:
    """The page that a capture completes, with its related pages; the capture itself when it is none."""
    found = intake.store.captures.page_of(filed.number)
    if found is None:
        return filed, []
    related = intake.store.captures.related(found[0], until=filed.number)
    return _filed_at(intake, *found), [_filed_at(intake, *one) for one in related]


def _filed_at(intake: Intake, number: int, ref: ArchiveRef) -> Filed:
    capture = intake.archive.read(ref)
    outlet = intake.context.outlet_of(capture.url)
    return Filed(capture=capture, number=number, outlet=outlet)


def _feed_text_of(intake: Intake, filed: Filed, reading: Reading) -> Filed | None:
    """The text that a feed carried of a page that the site refuses, filed; None without one."""
    if not isinstance(reading, Refused) or reading.code not in REFUSED_PAGES or intake.earlier:
        return None  # what an earlier run took from a feed is in the archive
    capture = filed.capture
    page = intake.store.feed_texts.get(filed.key)
    if not page:
        return None
    return archive_capture(
        intake,
        Capture(
            url=capture.listing.url or capture.url,
            status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=page.encode(),
            fetched=capture.fetched,
            listing=replace(capture.listing, channel=FEED_TEXT),
            is_resource=True,
        ),
    )


# --- record ---


def record_unchanged(intake: Intake, filed: Filed) -> bool:
    """Whether a capture has the very bytes of its article's last one: recorded so, and not read."""
    return recording.record_same_bytes(intake, filed)


def record_reading(intake: Intake, page: ReadPage) -> str:
    """Store what a page came to, with its line in the ledger, all or nothing; return the outcome's code.

    Each related page has a line of its own.
    """
    filed, reading = page.filed, page.reading
    with intake.store.transaction():
        if recording.is_forgotten(intake, filed, reading):
            reading = recording.FORGOTTEN
        outcome = recording.store_outcome(intake, filed, reading)
        is_first = recording.note_outcome(intake, filed, outcome)
        intake.store.frontier.finish(filed.key)
        if outcome.article is None and filed.capture.listing.channel == RECHECK:
            recording.plan_next_recheck(intake, filed.capture.url, filed.key)
        for one in page.related:
            recording.record_related(intake, one, reading, outcome.article)
    intake.counts[outcome.code] += is_first
    intake.recorded += 1
    logger.debug("%s: %s %s", filed.capture.url, outcome.code, outcome.detail)
    return outcome.code


def _record_first(
    intake: Intake, waiting: deque[tuple[Filed, list[Filed], Future[Reading]]]
) -> None:
    # In order, so that two runs over one archive number the same articles alike.
    filed, related, future = waiting.popleft()
    reading = _outcome(intake, filed, future)
    record_reading(intake, ReadPage(filed=filed, reading=reading, related=related))
    if isinstance(reading, ReadArticle) and reading.wants:
        intake.incomplete[filed.capture.url] = filed
    else:
        intake.incomplete.pop(filed.capture.url, None)
    if instead := _feed_text_of(intake, filed, reading):
        text = _outcome(intake, instead, intake.pool.submit(instead.capture))
        record_reading(intake, ReadPage(filed=instead, reading=text))


def _outcome(intake: Intake, filed: Filed, future: Future[Reading]) -> Reading:
    wait([future], return_when=FIRST_COMPLETED)
    return intake.pool.outcome(future, filed.capture.url)


# --- judge ---


def judge_articles(intake: Intake, readers: Readers, *, workers: int = 0) -> Reevaluation:
    """Take boilerplate out of the new texts, learn the outlets' habits, then re-evaluate what may differ.

    `readers` are all stories of the workspace. Nothing is left to do where nothing changed.
    """
    tidy(intake.store, intake.written)
    declared = intake.context.outlets
    shown = intake.shown | with_new_parts(intake.store, declared)
    learn_habits(intake.store, shown, declared, intake.written)
    intake.written.clear()
    intake.shown.clear()
    return reevaluate_verdicts(intake.store, readers, intake.context, intake.run, workers=workers)


# --- index ---


def index_articles(store: StoreWriter, workspace: Workspace, *, anew: bool = False) -> None:
    """Bring the search index up to the store; `anew` makes it from nothing.

    So is the one in a cluster, where searches ask that; what hinders it is logged, and ends no run.
    """
    if anew:
        rebuild_index(store, workspace.index_dir)
    else:
        update_index(store, workspace.index_dir)
    if workspace.search.engine == "opensearch":
        _push(store, workspace)


def _push(store: StoreWriter, workspace: Workspace) -> None:
    from index.opensearch.push import push

    try:
        with hold(workspace.data / "push.lock"):
            push(store, workspace.search.address(), patience=_PUSH_PATIENCE)
    except PressclipError as error:
        logger.warning("the index in the cluster is behind: %s; later run: pressclip push", error)
