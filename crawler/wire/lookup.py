"""Looking around: requests of a person who waits for the answer and decides by it what to ask next.

`outlet add`, `outlet check`, `extract URL` and `story new --from URL` ask this way. Each request goes
the way of a crawl's: robots.txt, delays, guards, limits, the archive, the failures that are held
against a host.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from crawler.lists.xml import SITEMAP_LIMIT
from crawler.refusal import Refusal
from crawler.urls import outlet_of, registered_domain, url_fault
from crawler.wire import politeness
from crawler.wire.archive import header_pairs
from crawler.wire.backoff import Backoff
from crawler.wire.failures import failure_code, is_passing
from crawler.wire.process import StoppableProcess, base_settings, forgo_rest
from crawler.wire.retry import retry_after
from crawler.wire.robots import RobotsRules
from crawler.wire.robots_middleware import RobotsMiddleware
from crawler.wire.web import FetchedPage
from index.archive import Archive
from index.capture import LIST_PREFIX, LOOKUP, Listing
from index.errors import StorageError
from index.maintenance.forget import finish_rewrites
from index.store import StoreWriter
from index.workspace import OptOutPolicy, Workspace
from index.workspace.lock import hold
from index.workspace.outlets import Outlets

T = TypeVar("T")

# The person who waits can ask again. Only a host that asks for a pause is given one, and asked again.
ASKED_AGAIN: Mapping[str, Any] = {
    "RETRY_TIMES": 1,
    "RETRY_HTTP_CODES": [429, 503],
    "RETRY_EXCEPTIONS": [],
}
# A person may try a host that did not answer lately; not one that said to be left alone.
_WISHED_REST = frozenset({"http-429", "http-503"})
_PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupContext:
    """What the wire asks of a reading context: the outlets, and the policy for opt-outs."""

    outlets: Outlets
    optouts: OptOutPolicy

    def outlet_of(self, url: str) -> str:
        """The id of the outlet that publishes at a URL: a declared one, or else its registered domain."""
        declared = self.outlets.of_url(url)
        return declared.id if declared else outlet_of(url)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupRun:
    """What the wire asks of a run, without stories, workers and index."""

    workspace: Workspace
    context: LookupContext
    archive: Archive
    store: StoreWriter


@contextlib.contextmanager
def open_run(workspace: Workspace | None) -> Iterator[LookupRun]:
    """The workspace with its lock, archive and store; without one a folder that is thrown away afterwards.

    Raises `WorkspaceBusy`, `ConfigError` or `StorageError`.
    """
    with contextlib.ExitStack() as stack:
        if workspace is None:
            folder = stack.enter_context(TemporaryDirectory(prefix="pressclip-"))
            workspace = Workspace(root=Path(folder), min_free=0)
        context = LookupContext(outlets=workspace.outlets(), optouts=workspace.optouts)
        stack.enter_context(hold(workspace.data / "lock"))
        archive = Archive(workspace.archive_dir, min_free=workspace.min_free)
        stack.enter_context(archive)
        archive.recover()
        store = stack.enter_context(StoreWriter.open(workspace.database))
        finish_rewrites(store, archive)
        yield LookupRun(workspace=workspace, context=context, archive=archive, store=store)


class Lookup:
    """The web, asked one address at a time; used within the reactor.

    Never raises for what a website does; `StorageError` when the archive takes no more. Refusals
    have the codes of the crawl's ledger, and `resting` for a host that asked to be left alone.
    """

    def __init__(self, crawler: Crawler, run: LookupRun) -> None:
        self.agent = str(crawler.settings["USER_AGENT"])
        self.backoff = Backoff(run.store, datetime.now(UTC))
        self._crawler = crawler
        self._excused = {
            site
            for site, host in self.backoff.backing_off.items()
            if host.outcome not in _WISHED_REST
        }

    async def fetch(self, url: str) -> FetchedPage | Refusal:
        """The answer at a URL that may be a list or any other page of an outlet; up to 50 MiB."""
        return await self._ask(url, LIST_PREFIX + LOOKUP, {"download_maxsize": SITEMAP_LIMIT})

    async def fetch_page(self, url: str) -> FetchedPage | Refusal:
        """The answer at the URL of an article, with the crawl's limit of size and its opt-outs."""
        return await self._ask(url, LOOKUP, {})

    async def ask_service(self, url: str, service: str) -> FetchedPage | Refusal:
        """The answer of a documented interface for programs, at its own pace; robots.txt is for pages."""
        return await self._ask(url, LIST_PREFIX + LOOKUP, {"service": service})

    async def robots(self, url: str) -> RobotsRules:
        """The robots rules of the host of a URL, fetched once a day."""
        middleware = self._crawler.get_downloader_middleware(RobotsMiddleware)
        if middleware is None:
            raise RuntimeError("robots.txt is not obeyed")
        rules: RobotsRules = await middleware.rules_of_host(url)
        return rules

    async def _ask(self, url: str, channel: str, meta: Mapping[str, Any]) -> FetchedPage | Refusal:
        if fault := url_fault(url):
            return Refusal(code=fault, detail=url[:200])
        site = registered_domain(url)
        if (host := self.backoff.backing_off.get(site)) and site not in self._excused:
            until = f"left alone until {host.retry_at:%Y-%m-%d %H:%M} UTC"
            return Refusal(code="resting", detail=f"{host.outcome} lately; {until}")
        request = Request(
            url, callback=NO_CALLBACK, meta={**meta, "listing": Listing(channel=channel)}
        )
        engine: Any = self._crawler.engine
        try:
            response: Response = await engine.download_async(request)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001  whatever failed has a code
            code, detail = failure_code(Failure(error))  # type: ignore[no-untyped-call]
            if is_passing(code):
                self.backoff.failed(site, code)
            return Refusal(code=code, detail=detail)
        self._note(site, response)
        return _page_of(response)

    def _note(self, site: str, response: Response) -> None:
        code = f"http-{response.status}"
        if is_passing(code):
            asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
            self.backoff.failed(site, code, retry_after(asked))
        else:
            self.backoff.answered(site)


def _page_of(response: Response) -> FetchedPage:
    reasons = response.meta.get("redirect_reasons", [])
    has_moved = bool(reasons) and _PERMANENT.issuperset(reasons)
    return FetchedPage(
        url=response.url,
        status=response.status,
        headers=header_pairs(response.headers),
        body=response.body,
        moved_to=response.url if has_moved else "",
    )


class LookupSpider(Spider, Generic[T]):
    """Its crawl is one piece of work that asks the web and comes to a value."""

    name = "lookup"

    def __init__(self, *, run: LookupRun, work: Callable[[Lookup], Awaitable[T]]) -> None:
        super().__init__()
        self.run = run
        self.results: list[T] = []
        self.error: Exception | None = None
        self.reason = ""
        self._work = work
        self._task: asyncio.Future[T] | None = None

    async def start(self) -> AsyncIterator[Any]:
        """Do the work; what it raises is kept for the one who asked."""
        lookup = Lookup(self.crawler, self.run)
        self._task = asyncio.ensure_future(self._work(lookup))
        try:
            self.results.append(await self._task)
        except Exception as error:  # noqa: BLE001  raised again outside of the reactor
            self.error = error
        finally:
            lookup.backoff.close()
        requests: tuple[Request, ...] = ()  # all were made on the way
        for request in requests:
            yield request

    def stop(self) -> None:
        """Leave the work as it is; called from the reactor."""
        if self._task is not None:
            self._task.cancel()

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end."""
        self.reason = reason


def look_around(
    workspace: Workspace | None,
    work: Callable[[Lookup], Awaitable[T]],
    *,
    named: Iterable[str] = (),
    settings: Mapping[str, Any] | None = None,
) -> T:
    """What `work` comes to; once a process, since Scrapy's reactor runs only once.

    `named` are the URLs that the user wrote himself: their ports are let through, beside 80 and 443.
    Without a workspace nothing is kept. Raises what `work` raises, `KeyboardInterrupt` when it was
    stopped, `WorkspaceBusy`, `ConfigError` or `StorageError`.
    """
    with open_run(workspace) as run:
        values = base_settings()
        for given in (politeness.settings_of(run.workspace), ASKED_AGAIN, settings or {}):
            values.setdict(given, priority="cmdline")
        ports = {port for url in named if (port := urlsplit(url).port)}
        values.set("PRESSCLIP_PORTS", sorted(ports), priority="cmdline")
        process = StoppableProcess(values)
        crawler = process.create_crawler(LookupSpider)
        begun = process.crawl(crawler, run=run, work=work)
        process.run_reactor()
        if begun.done() and (wrong := begun.exception()) is not None:
            raise wrong
        spider: LookupSpider[T] | None = crawler.spider  # type: ignore[assignment]
        if spider is None:
            raise RuntimeError("looking around could not be started")
        if not spider.reason:  # the reactor did not wait for what was under way
            forgo_rest()
        if spider.error is not None:
            raise spider.error
        if not spider.results:
            raise KeyboardInterrupt
        return spider.results[0]


def fetch_pages(
    workspace: Workspace | None, urls: Iterable[str], *, settings: Mapping[str, Any] | None = None
) -> dict[str, FetchedPage | Refusal]:
    """The answers at URLs of articles that the user named; raises as `look_around`."""
    wanted = tuple(dict.fromkeys(urls))

    async def work(lookup: Lookup) -> dict[str, FetchedPage | Refusal]:
        answers = await asyncio.gather(*map(lookup.fetch_page, wanted))
        return dict(zip(wanted, answers, strict=True))

    return look_around(workspace, work, named=wanted, settings=settings)
