"""Having a public archive save the articles of the stories, behind a crawl: few at a time, the rest later."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from crawler.wire.wayback_save import Answer, SaveService
from index.store import Store, StoreWriter
from index.store.backfill import SourceState
from index.store.saves import SAVED, Save
from index.workspace import Workspace
from index.workspace.addresses import is_private_url
from index.workspace.lock import hold

SOURCE = "wayback-save"
# What will be the same tomorrow.
FINAL = (
    "error:not-found", "error:no-access", "error:blocked", "error:blocked-url",
    "error:invalid-url-syntax", "error:ftp-access-denied", "error:unauthorized",
)  # fmt: skip
_KEPT = timedelta(hours=1)  # so long the service keeps an answer
_REST = {
    "error:user-session-limit": timedelta(minutes=10),
    "http-429": timedelta(hours=1),
    "http-503": timedelta(hours=1),
}
# Whatever else fails by HTTP may be the page's fault: it counts as a try, and others have their turn.
_OF_THE_SERVICE = re.compile(r"error:|http-(401|403|429|503)$")
_LONG_REST = timedelta(days=1)
_SHORT_REST = timedelta(minutes=30)
_BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What came of it: copies made, pages that are waited for, pages refused; why it was broken off."""

    saved: int = 0
    waiting: int = 0
    refused: int = 0
    stopped: str = ""


def save_copies(
    workspace: Workspace,
    *,
    patience: float,
    pace: float | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Saving:
    """Ask for what is on-story and has no copy yet, for at most `patience` seconds.

    `pace` takes the place of the service's own, for a service that is the user's. Raises `UsageError`
    for keys or an address that cannot be used, `WorkspaceBusy` while another does the same, and
    `StorageError` children.
    """
    service = SaveService(workspace, timeout=min(20.0, patience))
    with hold(workspace.data / "saves.lock"), StoreWriter.open(workspace.database) as store:
        state = store.backfill.sources().get(SOURCE)
        if state and state.paused_until and clock() < state.paused_until:
            return Saving(waiting=len(store.saves.pending()))
        return _Round(store, service, pace or service.pace, clock).run(patience)


class _Round:
    """One run's requests; whatever is known of an article is in the store before the next is asked for."""

    def __init__(
        self, store: Store, service: SaveService, pace: float, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._service = service
        self._pace = pace
        self._clock = clock
        self._done = Saving()
        self._looks: dict[str, int] = {}  # by article: the number of the latest look at its job
        self._number = 0

    def run(self, patience: float) -> Saving:
        end = time.monotonic() + patience
        wanted = self._wanted()
        while not self._is_stopped() and time.monotonic() < end:
            self._look()
            if self._is_stopped() or not (wanted or self._store.saves.pending()):
                break
            if wanted:
                self._ask(*wanted.pop(0))
            time.sleep(max(0.0, min(self._pace, end - time.monotonic())))
        return replace(self._done, waiting=len(self._store.saves.pending()))

    def _is_stopped(self) -> bool:
        return bool(self._done.stopped)

    def _wanted(self) -> list[tuple[str, str]]:
        now = self._clock()
        left = self._service.daily - self._store.saves.count_since(now - timedelta(days=1))
        if left <= 0:
            return []
        found = self._store.saves.wanted(
            before=now - timedelta(hours=20), final=FINAL, limit=min(left, _BATCH)
        )
        return [(name, url) for name, url in found if not is_private_url(url)]

    def _ask(self, article: str, url: str) -> None:
        before = self._store.saves.get(article)
        one = Save(article=article, asked=self._clock(), tries=before.tries + 1 if before else 1)
        self._take(one, self._service.ask(url))

    def _look(self) -> None:
        """Look at one job, the one that was looked at longest ago; end those that are kept no more."""
        waiting = []
        for one in self._store.saves.pending():
            if self._clock() - one.asked > _KEPT:
                self._store.saves.note(replace(one, outcome="no-answer", job=""))
            else:
                waiting.append(one)
        for one in sorted(waiting, key=lambda one: self._looks.get(one.article, 0)):
            self._number += 1
            self._looks[one.article] = self._number
            held = self._store.articles.get([one.article]).get(one.article)
            if held is not None:  # else it was forgotten meanwhile
                self._take(one, self._service.look(one.job, held.article.url))
                return

    def _take(self, one: Save, answer: Answer) -> None:
        match answer.kind:
            case "asked":
                self._store.saves.note(replace(one, job=answer.job))
            case "saved":
                copy = replace(
                    one, outcome=SAVED, job="", captured=answer.captured, address=answer.address
                )
                self._store.saves.note(copy)
                self._done = replace(self._done, saved=self._done.saved + 1)
            case "refused":
                self._store.saves.note(replace(one, outcome=answer.code, job=""))
                self._done = replace(self._done, refused=self._done.refused + 1)
            case "paused":
                if answer.code.startswith("http-") and not _OF_THE_SERVICE.match(answer.code):
                    self._store.saves.note(replace(one, outcome=answer.code, job=""))
                self._done = replace(self._done, stopped=answer.code)
        self._remember(answer)

    def _remember(self, answer: Answer) -> None:
        now = self._clock()
        rest = _REST.get(answer.code) or (
            _LONG_REST if _OF_THE_SERVICE.match(answer.code) else _SHORT_REST
        )
        self._store.backfill.remember(
            SourceState(
                source=SOURCE,
                asked=now,
                paused_until=now + rest if answer.kind == "paused" else None,
                outcome=answer.kind,
                detail=answer.code,
            )
        )
