"""What a run sees of outlets' habits: the traits of their pages are noted, its visits counted."""

from __future__ import annotations

from crawler.ingest.intake import Filed, Intake
from crawler.ingest.read import FEED_TEXT, ReadArticle
from index.families.fingerprint import hash_block
from index.habits.values import NO_TRAITS
from index.text.shingles import normal_tokens

PAGE = "page"  # what a visit is about, beside the kinds of lists
LASTMOD = "lastmod"
UNMODIFIED, SAME, CHANGED = "unmodified", "same", "changed"
CONDITIONS = frozenset({"if-none-match", "if-modified-since"})


def note_traits(intake: Intake, identity: str, filed: Filed, read: ReadArticle) -> None:
    """Keep what the page of an article showed of its outlet's habits, and count how a visit was answered."""
    if filed.capture.listing.channel == FEED_TEXT:
        return
    count_answer(intake, filed, CHANGED)
    if read.traits != NO_TRAITS:
        outlet = read.article.outlet
        digest = hash_block(normal_tokens(read.article.text))
        intake.store.habits.note(identity, outlet, filed.capture.fetched, read.traits, digest)
        intake.shown.add(outlet)


def count_answer(intake: Intake, filed: Filed, answer: str) -> None:
    """Count how a page that was asked for with validators was answered; a replay counts nothing."""
    asked = {name.lower() for name, _ in filed.capture.request_headers}
    if intake.earlier is None and not asked.isdisjoint(CONDITIONS):
        intake.store.habits.count_answer(filed.outlet, PAGE, answer, filed.capture.fetched)
