"""What the stage `record` writes of one capture: each case that its reading may be, and its ledger line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.extract.body.continuation import FORM
from crawler.ingest.habits import PAGE, SAME, UNMODIFIED, count_answer, note_traits
from crawler.ingest.identity import settle_identity
from crawler.ingest.intake import Filed, Intake
from crawler.ingest.read import ReadArticle, Reading, Refused
from crawler.ingest.rechecks import RECHECK, plan_after_unchanged, plan_recheck, removal_code
from crawler.ingest.related_pages import CHANNELS as RELATED
from crawler.ingest.related_pages import MAX_PARTS
from crawler.urls import canonical
from crawler.wire.optouts import optouts_of, optouts_of_article
from index.capture import Capture
from index.store import Candidate, Entry

FORGOTTEN = Refused(code="forgotten", detail="it was forgotten with pressclip forget")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureOutcome:
    """What a capture came to: the ledger's code, why in words, and the article if it is one."""

    code: str
    detail: str
    article: str | None = None


def is_forgotten(intake: Intake, filed: Filed, reading: Reading) -> bool:
    """Whether a page was forgotten on demand: by its address, or by what it says of itself."""
    forgotten = intake.store.tombstones.forgotten()
    keys = [filed.key]
    if isinstance(reading, ReadArticle):
        keys += [reading.key, *(key for key, _ in reading.aliases)]
    return any(forgotten(key, filed.outlet) for key in keys)


def store_outcome(intake: Intake, filed: Filed, reading: Reading) -> CaptureOutcome:
    """Store what a reading is, by the first case that fits it.

    It belongs to an article that is held, it says that a known article is gone, it is not an article at
    all, or it is an article of its own.
    """
    if belongs := _belongs_to_held(intake, filed, reading):
        return belongs
    if code := removal_code(filed.capture, reading):
        return _store_removal(intake, filed, reading, code)
    if isinstance(reading, Refused):
        return CaptureOutcome(code=reading.code, detail=reading.detail)
    return _store_article(intake, filed, reading)


def note_outcome(intake: Intake, filed: Filed, outcome: CaptureOutcome) -> bool:
    """Write down what a capture came to; False when it had come to something before."""
    intake.store.captures.decide(filed.number, outcome.code, outcome.article)
    entry = _entry(intake, filed, outcome)
    if intake.store.ledger.revise(entry):
        return False
    intake.store.ledger.add([entry])
    return True


def record_related(intake: Intake, filed: Filed, reading: Reading, article: str | None) -> None:
    """Write down what a page came to that was read together with another: taken up, or left out."""
    capture = filed.capture
    held = reading.article.parts if isinstance(reading, ReadArticle) else ()
    if any(part.url == capture.url for part in held):
        code, detail = capture.listing.channel, f"of the article {article}"
    elif capture.status != 200:
        code, detail = f"http-{capture.status}", "the server did not give the page"
    else:
        code, detail = "no-part", f"nothing in it goes with {capture.listing.source}"
    if note_outcome(intake, filed, CaptureOutcome(code=code, detail=detail, article=article)):
        intake.counts[code] += 1


def record_same_bytes(intake: Intake, filed: Filed) -> bool:
    """Whether a capture has the very bytes of the article's last one; if so it is recorded so."""
    store, capture = intake.store, filed.capture
    identity = store.articles.with_body(filed.key, capture)
    if identity is None or not _asks_the_same(intake, identity, capture):
        return False
    with store.transaction():
        code = _outcome_of(intake, identity)
        outcome = CaptureOutcome(code=code, detail="the same bytes as before", article=identity)
        store.removals.end(identity, capture.fetched)
        store.captures.decide(filed.number, code, identity)
        store.frontier.finish(filed.key)
        store.ledger.add([_entry(intake, filed, outcome)])
        plan_recheck(store, intake.context, identity, capture)
    count_answer(intake, filed, SAME)
    _count_unchanged(intake, code)
    return True


def record_unmodified(intake: Intake, candidate: Candidate) -> None:
    """A known article's server says that it was not modified: nothing came, and that is recorded."""
    with intake.store.transaction():
        identity = plan_next_recheck(intake, candidate.url, candidate.key)
        code = _outcome_of(intake, identity) if identity else "http-304"
        intake.store.frontier.finish(candidate.key)
        entry = Entry(
            url=candidate.url,
            key=candidate.key,
            outlet=candidate.outlet,
            channel=candidate.listing.channel,
            outcome=code,
            detail="not modified since it was last fetched",
            at=datetime.now(UTC),
            run=intake.run,
        )
        intake.store.ledger.add([entry])
        intake.store.habits.count_answer(candidate.outlet, PAGE, UNMODIFIED, entry.at)
    _count_unchanged(intake, code)


def plan_next_recheck(intake: Intake, url: str, key: str) -> str | None:
    """A recheck for which nothing came: the article's next one is planned. Returns the article's id."""
    found = intake.store.articles.find(url, key)
    if not found:
        return None
    plan_after_unchanged(intake.store, intake.context, found[0])
    return found[0]


def _count_unchanged(intake: Intake, code: str) -> None:
    intake.counts[code] += 1
    intake.counts["unchanged"] += 1
    intake.recorded += 1


def _belongs_to_held(intake: Intake, filed: Filed, reading: Reading) -> CaptureOutcome | None:
    """What a page read by itself is of an article that is held: a part, an AMP or print page."""
    if isinstance(reading, Refused) or filed.capture.listing.channel in RELATED:
        return None
    store = intake.store
    own = {reading.key, canonical(filed.capture.url)}
    form = reading.article.witnesses.get(FORM, "")
    for identity, held in store.articles.get(store.articles.find(reading.key, *own)).items():
        key = canonical(held.article.canonical_url)
        parts = {canonical(part.url) for part in held.article.parts} - {key}
        if reading.key == key:  # a further page that calls the first its canonical address
            parts.add(canonical(held.article.continues))
        detail = f"of the article {identity}"
        if own & parts:
            return CaptureOutcome(code="part", detail=detail, article=identity)
        if form and FORM not in held.article.witnesses:
            return CaptureOutcome(code=form, detail=detail, article=identity)
    return None


def _store_removal(intake: Intake, filed: Filed, reading: Reading, code: str) -> CaptureOutcome:
    """Note that a known article is gone; of an unknown one there is nothing to note."""
    capture = filed.capture
    found = intake.store.articles.find(capture.listing.url or capture.url, filed.key)
    if not found:
        if isinstance(reading, Refused):
            return CaptureOutcome(code=reading.code, detail=reading.detail)
        return CaptureOutcome(code=code, detail="")
    if intake.store.removals.note(found[0], code, capture.fetched):
        intake.counts["removed"] += 1
    detail = f"the outlet removed the article: {found[0]} is kept, and marked"
    return CaptureOutcome(code=code, detail=detail)


def _store_article(intake: Intake, filed: Filed, read: ReadArticle) -> CaptureOutcome:
    """Store an article: new, edited or unchanged; plan its recheck, and say why it is kept or not."""
    store = intake.store
    wanted = intake.known_as(filed)
    pages = {part.url for part in read.article.parts}
    if parts := [pair for pair in read.aliases if pair[1] in pages]:
        store.articles.fold(read.key, parts, wanted=wanted)
    settled = settle_identity(store, read, filed.capture.listing.url, wanted=wanted)
    read = settled.read
    if settled.joins:
        address = read.article.canonical_url
        store.articles.merge(settled.one_with[0], settled.one_with[1:], read.key, address)
        intake.written.add(settled.one_with[0])
    recorded = store.articles.record(
        read.article,
        key=read.key,
        capture=filed.number,
        verdicts=read.verdicts,
        fingerprint=read.fingerprint,
        aliases=read.aliases,
        wanted=wanted,
    )
    store.aliases.claim(recorded.id, [key for key in read.claims if key != read.key])
    intake.counts[recorded.change] += 1
    note_traits(intake, recorded.id, filed, read)
    if recorded.kept or read.article.withheld == "noindex":
        plan_recheck(store, intake.context, recorded.id, filed.capture)
    if recorded.change != "unchanged":
        intake.written.add(recorded.id)
    if recorded.change == "new":
        intake.arrived.append(recorded.id)
    code, detail = _verdict_in_words(read, is_kept=recorded.kept)
    for other, why in settled.apart:
        detail += f"; not one with {other}: {why}"
        if filed.capture.listing.channel == RECHECK:  # its address leads to another article now
            plan_after_unchanged(store, intake.context, other)
    return CaptureOutcome(code=code, detail=detail, article=recorded.id)


def _verdict_in_words(read: ReadArticle, *, is_kept: bool) -> tuple[str, str]:
    """The ledger's code and words for what the stories say of an article, by the best verdict."""
    best = max(read.verdicts, key=lambda verdict: verdict.score, default=None)
    if best is None:
        return "no-story", "no story of the desk reads this outlet"
    reasons = f"{best.story}: {'; '.join(best.reasons)}"
    if best.kept and read.article.withheld:
        return read.article.withheld, f"its page asks not to be in search; {reasons}"
    return "kept" if is_kept else best.decision, reasons


def _asks_the_same(intake: Intake, identity: str, capture: Capture) -> bool:
    """Whether the headers around the same bytes ask for what they asked for before.

    The bytes of a page are not all of an article of which a part is missing.
    """
    held = intake.store.articles.get([identity])[identity].article
    is_partial = bool(held.continues) and len(held.parts) + 1 < MAX_PARTS
    return not is_partial and optouts_of(capture) == optouts_of_article(held)


def _outcome_of(intake: Intake, identity: str) -> str:
    return intake.store.articles.get([identity])[identity].outcome


def _entry(intake: Intake, filed: Filed, outcome: CaptureOutcome) -> Entry:
    capture = filed.capture
    return Entry(
        url=capture.url,
        key=filed.key,
        outlet=filed.outlet,
        channel=capture.listing.channel,
        outcome=outcome.code,
        detail=outcome.detail,
        at=capture.fetched,
        run=intake.run,
        capture=filed.number,
    )
