"""Other desks taken into this one: their captures and what was read from them, without reading again.

Each reading takes the way that a page takes in a crawl (`recording.store_outcome`), in the order in which
the pages came; so a hub of several desks is as one desk would be that had crawled all of it. Families,
boilerplate, habits and verdicts are made of the whole at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import merge as merge_sorted
from itertools import islice
from pathlib import Path

from crawler.ingest.intake import Filed, Intake
from crawler.ingest.merge_desks import Desk, DeskPlan, Merged, open_desks, plan_desks
from crawler.ingest.pool import ReadingPool
from crawler.ingest.read import ReadArticle, ReadingContext, Refused
from crawler.ingest.recording import FORGOTTEN, is_forgotten, store_outcome
from crawler.ingest.stages import index_articles, judge_articles
from crawler.urls import canonical
from index.archive import Archive
from index.archive.adopting import adopt_file, drop_unfinished, is_lacking
from index.article import isoformat
from index.capture import Capture, Listing
from index.evidence.stamping import take_stamps
from index.families.fingerprint import fingerprint
from index.maintenance.forget import finish_rewrites
from index.relevance import Readers
from index.store import Entry, StoreWriter
from index.store.moments import time_of
from index.store.other_desk import OtherCapture, OtherReading
from index.store.tidying import tidy
from index.text.wording import counted
from index.workspace import Workspace
from index.workspace.joining import join_files
from index.workspace.lock import hold

BATCH = 200  # captures in one transaction
Report = Callable[[int, int], None]
Tell = Callable[[DeskPlan], None]


def merge_desks(
    workspace: Workspace,
    folders: Sequence[Path],
    *,
    by_reference: bool = False,
    workers: int = 0,
    tell: Tell = lambda _: None,
    report: Report = lambda done, number: None,
    step: Callable[[str], None] = lambda _: None,
) -> Merged:
    """Take all that other desks have and this one has not; nothing is fetched or extracted.

    `tell` hears of each desk before it is taken, `report` how many captures of how many were looked at,
    `step` what is done when all were. Killed at any moment it has lost nothing, and the next merge
    completes it. Raises `UsageError` for what is not a desk of its own, `WorkspaceBusy`, `ConfigError` and
    the children of `StorageError`.
    """
    with ExitStack() as stack:
        stack.enter_context(hold(workspace.data / "lock"))
        store = stack.enter_context(StoreWriter.open(workspace.database))
        desks = open_desks(workspace, folders, stack)
        plans = plan_desks(workspace, store, desks)
        for plan in plans:  # told before anything is written
            tell(plan)
        for desk, plan in zip(desks, plans, strict=True):
            join_files(workspace, desk.workspace, plan.joining)
        done = take_desks(
            workspace, store, desks, by_reference=by_reference, workers=workers, report=report,
            step=step,
        )  # fmt: skip
        return replace(done, desks=tuple(plans))


def take_desks(
    workspace: Workspace,
    store: StoreWriter,
    desks: Sequence[Desk],
    *,
    by_reference: bool = False,
    workers: int = 0,
    report: Report = lambda done, number: None,
    step: Callable[[str], None] = lambda _: None,
) -> Merged:
    """Take what desks have that are opened and held still, into a desk whose lock is held.

    Raises the children of `StorageError`.
    """
    with ExitStack() as stack:
        archive = stack.enter_context(Archive(workspace.archive_dir))
        finish_rewrites(store, archive)
        drop_unfinished(workspace.archive_dir)
        stories, outlets = tuple(workspace.stories().values()), workspace.outlets()
        context = ReadingContext.of(stories, outlets, optouts=workspace.optouts)
        for desk in desks:
            store.merging.take_runs(desk.store)
        run = store.ledger.start_run("merge")
        pool = stack.enter_context(ReadingPool(context, workers=1))  # what is here is read already
        intake = Intake(archive=archive, store=store, pool=pool, context=context, run=run)
        taking = _Taking(intake, desks, Readers.of(stories, outlets))
        files = taking.take_files(workspace, by_reference=by_reference)
        taking.take_captures(report)
        remarks = taking.take_tables()
        stamps = sum(take_stamps(workspace, desk.workspace) for desk in desks)
        taking.settle(workers, step)
        store.ledger.end_run(run, 0)
        step("indexing")
        index_articles(store, workspace)
        return Merged(
            desks=(),
            files=files,
            captures=taking.captures,
            new=intake.counts["new"],
            edited=intake.counts["edited"],
            remarks=remarks,
            stamps=stamps,
            forgotten=tuple(taking.forgotten),
            counts=store.counts.corpus(),
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """A capture with the desk it is from, in the order of time; of one moment, in the order of desks."""

    desk: Desk
    capture: OtherCapture

    @property
    def order(self) -> tuple[str, int, int]:
        return self.capture.fetched, self.desk.place, self.capture.number


class _Taking:
    """One merge at work: which article here is which one there, and what was taken."""

    def __init__(self, intake: Intake, desks: Sequence[Desk], readers: Readers) -> None:
        self._intake = intake
        self._store = intake.store
        self._desks = desks
        self._readers = readers
        self._stories = {story.id for story in readers.stories}
        self._articles: dict[tuple[int, str], str] = {}
        self._wanted: dict[int, str] = {}
        self.captures = 0
        self.forgotten: list[str] = []
        self._renamed = {desk.place: self._names_here(desk) for desk in desks}
        intake.known_as = lambda filed: self._wanted.get(filed.number, "")
        was_unfinished = self._store.merging.is_unfinished()
        now = isoformat(datetime.now(UTC)) or ""
        self._since = min(
            self._store.merging.begin(desk.store.identity(), str(desk.source), now)
            for desk in desks
        )
        self._is_resumed = was_unfinished

    def take_files(self, workspace: Workspace, *, by_reference: bool) -> Counter[str]:
        """Bring the archive files with new captures here; how many by what was done."""
        done: Counter[str] = Counter()
        ours = workspace.archive_dir
        named = self._store.captures.count_by_file()
        for desk in self._desks:
            names = set(self._store.merging.missing_files(desk.store))
            lost = {one for one in named if is_lacking(one, ours, by_reference=by_reference)}
            names |= lost & desk.store.captures.count_by_file().keys()
            for name in sorted(names):
                theirs = desk.workspace.archive_dir
                done[adopt_file(name, theirs, ours, by_reference=by_reference)] += 1
        return done

    def take_captures(self, report: Report) -> None:
        """Take every capture that is new here, in the order of time, with what was read from it."""
        for desk in self._desks:
            renamed = self._renamed[desk.place]
            self.forgotten += self._store.merging.take_tombstones(desk.store, renamed)
        number = sum(desk.store.counts.corpus()["captures"] for desk in self._desks)
        ways = [self._places(desk) for desk in self._desks]
        later: list[_Place] = []
        seen = 0
        places = merge_sorted(*ways, key=lambda one: one.order)
        while batch := list(islice(places, BATCH)):
            with self._store.transaction():
                later += [place for place in batch if not self._take(place)]
            seen += len(batch)
            report(seen, number)
        with self._store.transaction():
            for place in later:
                self._take(place, is_last=True)

    def take_tables(self) -> int:
        """Take what hangs on no capture; how many labels, tags and notes were new."""
        return sum(
            self._store.merging.take_tables(desk.store, str(desk.source), self._renamed[desk.place])
            for desk in self._desks
        )

    def settle(self, workers: int, step: Callable[[str], None]) -> None:
        """Make families, boilerplate, habits and verdicts of the whole, and note that it is done.

        What a killed merge had taken is counted in: all that changed since it began.
        """
        written = self._store.merging.changed_since(self._since)
        self._intake.written |= set(written)
        if written or self.captures or self._is_resumed:
            for desk in self._desks:
                names = self._renamed[desk.place]
                self._intake.shown |= {
                    names.get(one, one) for one in desk.store.outlets_with_traits()
                }
        number = counted(len(self._intake.written), "article")
        step(f"looking for boilerplate in {number}")
        tidy(self._store, self._intake.written)
        for desk in self._desks:  # of the texts without boilerplate, as they were encoded there
            if ids := self._store.merging.take_encodings(desk.store):
                self._store.evaluations.reopen(self._store.encodings.oldest(ids) - 1)
        step(f"judging {number}, and what they bear on")
        judge_articles(self._intake, self._readers, workers=workers)
        self._store.merging.finish()

    def _places(self, desk: Desk) -> Iterator[_Place]:
        return (_Place(desk, capture) for capture in desk.store.captures_by_time())

    def _names_here(self, desk: Desk) -> dict[str, str]:
        """The ids that its outlets have here, where they are others."""
        own, theirs = self._intake.context.outlets, desk.workspace.outlets()
        names: dict[str, str] = {}
        for name in desk.store.outlets():
            home = theirs.by_id[name].home if name in theirs else f"https://{name}/"
            found = own.of_url(home)
            if found is not None and found.id != name and name not in own:
                names[name] = found.id
        return names

    def _take(self, place: _Place, *, is_last: bool = False) -> bool:
        """Take a capture; False where its article is not here yet, so that it is asked for again."""
        capture, desk = place.capture, place.desk
        held = self._store.merging.held(capture)
        if held and held.article and capture.article:
            self._articles.setdefault((desk.place, capture.article), held.article)
        if held and (held.outcome is not None or capture.outcome is None):
            return True
        reading = desk.store.reading(capture.number) if capture.article else None
        article = self._articles.get((desk.place, capture.article)) if capture.article else None
        if capture.article and reading is None and article is None and not is_last:
            return False
        outlet = self._intake.context.outlet_of(capture.url)
        number = (
            held.number if held else self._store.merging.file(capture, outlet, self._page_of(place))
        )
        self.captures += held is None
        if capture.outcome is None:
            return True
        filed = Filed(capture=_as_capture(capture), number=number, outlet=outlet)
        if reading is not None:
            self._record(place, filed, reading)
        elif article is not None:
            self._store.removals.end(article, filed.capture.fetched)
            self._store.captures.decide(number, capture.outcome, article)
        elif capture.article:  # its article was not taken: it was forgotten here
            self._store.captures.decide(number, FORGOTTEN.code)
        else:
            refused = Refused(code=capture.outcome)
            store_outcome(self._intake, filed, refused)
            self._store.captures.decide(number, capture.outcome)
        return True

    def _record(self, place: _Place, filed: Filed, reading: OtherReading) -> None:
        """Store a reading as a crawl would, by the verdicts of the other desk until all is judged again."""
        store, outcome = self._store, place.capture.outcome or ""
        self._wanted = {filed.number: reading.id}
        read = self._read_article(filed, reading)
        if is_forgotten(self._intake, filed, read):
            code, article = FORGOTTEN.code, None
        else:
            found = store_outcome(self._intake, filed, read)
            code, article = found.code, found.article
        store.captures.decide(filed.number, code, article)
        if code != outcome:
            self._note(filed, code, article)
        if article is None:
            return
        self._articles[place.desk.place, reading.id] = article
        if reading.checked:
            store.merging.leave_recheck(article, reading.checked)
        self._know_as_there(filed, reading, article)

    def _read_article(self, filed: Filed, reading: OtherReading) -> ReadArticle:
        article = replace(reading.version, outlet=filed.outlet)
        if reading.newest is not None:
            article = replace(article, canonical_url=reading.newest.canonical_url)
        key = canonical(article.canonical_url)
        return ReadArticle(
            article=article,
            key=key,
            aliases=tuple(pair for pair in reading.addresses if pair[0] != key),
            verdicts=tuple(one for one in reading.verdicts if one.story in self._stories),
            fingerprint=fingerprint(article),
            claims=reading.claims,
        )

    def _know_as_there(self, filed: Filed, reading: OtherReading, article: str) -> None:
        """Where it is the newest text here too: what the other desk has learned of it since it was read."""
        if reading.newest is None:
            return
        held = self._store.articles.get([article])[article]
        if held.archive != filed.capture.ref:
            return
        known = replace(
            reading.newest, outlet=filed.outlet, canonical_url=held.article.canonical_url
        )
        if known != held.article:
            self._store.articles.rewrite(article, known)

    def _note(self, filed: Filed, code: str, article: str | None) -> None:
        named = f": the article {article}" if article else ""
        entry = Entry(
            url=filed.capture.url, key=filed.key, outlet=filed.outlet,
            channel=filed.capture.listing.channel, outcome=code, detail=f"merged into this desk{named}",
            at=datetime.now(UTC), run=self._intake.run, capture=filed.number,
        )  # fmt: skip
        self._store.ledger.add([entry])

    def _page_of(self, place: _Place) -> int | None:
        """The number here of the capture that one completes."""
        beside = place.capture.beside
        return None if beside is None else self._store.merging.number_of(place.desk.store, beside)


def _as_capture(capture: OtherCapture) -> Capture:
    """What the stage `record` asks of a capture whose page was read elsewhere."""
    return Capture(
        url=capture.url,
        status=capture.status,
        headers=(),
        body=b"",
        fetched=time_of(capture.fetched),
        listing=Listing(channel=capture.channel),
        ref=capture.ref,
    )
