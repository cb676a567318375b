"""A small fetcher for looking around, one request at a time: what `outlet add` probes with.

The crawl has Scrapy; this one is for some dozens of requests without its start-up, with the same
manners: robots.txt, a pause between requests to a site, proxies from the environment, and no way
to addresses that are not public.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Self
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    getproxies,
    proxy_bypass,
)

from crawler.lists.xml import SITEMAP_LIMIT, unpack
from crawler.refusal import Refusal
from crawler.urls import clean, registered_domain, url_fault
from crawler.wire.politeness import user_agent
from crawler.wire.robots import RobotsRules, rules_of
from index.workspace import RobotsForbidden, Workspace
from index.workspace.addresses import is_private_url, is_public_address

MAX_REDIRECTS = 5
TIMEOUT = 15.0
DEADLINE = 30.0
# Only the first 500 KiB of a robots.txt count; one that is longer is no reason to stay out.
ROBOTS_READ_LIMIT = 10 * 2**20

_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer: `url` is where it came from in the end, `body` is unpacked.

    `moved_to` is the same address when only permanent redirects (301, 308) led there; else empty.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    moved_to: str = ""

    @property
    def content_type(self) -> str:
        """The header's value, empty without one."""
        return self.header("content-type")

    def header(self, name: str) -> str:
        """The first header of that name in any case; empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


Fetch = Callable[[str], Page | Refusal]


class Fetcher:
    """Fetches pages politely; call it with a URL. Never raises for what a website does.

    `delay` is seconds between two requests to one site; robots.txt may ask for more; `forbidden` is
    what it means when it is refused itself (`rules_of`). Refusals
    have the codes of the crawl's ledger: `robots`, `blocked-address`, `blocked-port`, `dns`,
    `refused`, `tls`, `timeout`, `too-large`, `broken`, `redirect-loop`, and those of `url_fault`.
    """

    def __init__(
        self,
        *,
        agent: str,
        delay: float,
        allow_private: bool = False,
        forbidden: RobotsForbidden = "open",
        deadline: float = DEADLINE,
    ) -> None:
        self.agent = agent
        self.delay = delay
        self.requests = 0
        self._allow_private = allow_private
        self._forbidden = forbidden
        self._deadline = deadline
        self._robots: dict[str, Page | Refusal] = {}
        self._last: dict[str, float] = {}
        self._ports = {80, 443}

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """A fetcher with the manners that workspace.toml asks for."""
        return cls(
            agent=user_agent(workspace.contact),
            delay=workspace.delay,
            allow_private=workspace.allow_private,
            forbidden=workspace.robots_forbidden,
        )

    def __call__(self, url: str) -> Page | Refusal:
        """The page at a URL, after at most 5 redirects; each hop is checked before it is made."""
        if urlsplit(url).path == "/robots.txt":
            return self.robots_page(url)
        return self._follow(url, SITEMAP_LIMIT, obey=True)

    def rules(self, url: str) -> RobotsRules:
        """The robots rules of the host of a URL, fetched once."""
        answer = self.robots_page(url)
        if isinstance(answer, Refusal):
            return rules_of(None, b"", str(answer))
        return rules_of(answer.status, answer.body, forbidden=self._forbidden)

    def robots_page(self, url: str) -> Page | Refusal:
        """The answer of the host of a URL for its robots.txt, fetched once."""
        origin = origin_of(url)
        if origin not in self._robots:
            self._robots[origin] = self._follow(
                f"{origin}/robots.txt", ROBOTS_READ_LIMIT, obey=False
            )
        return self._robots[origin]

    def admit_port(self, url: str) -> None:
        """Let a port through that the user named himself, beside 80 and 443."""
        self._ports.add(urlsplit(url).port or 80)

    def _follow(self, url: str, limit: int, *, obey: bool) -> Page | Refusal:
        seen = {url}
        is_permanent = True
        for _ in range(MAX_REDIRECTS + 1):
            if refused := self._refuse(url, obey=obey):
                return refused
            answer = self._request(url, limit)
            target = _redirect_of(answer)
            if isinstance(answer, Refusal):
                return answer
            if target is None:
                has_moved = is_permanent and len(seen) > 1
                return replace(answer, moved_to=url) if has_moved else answer
            is_permanent = is_permanent and answer.status in _PERMANENT
            if target in seen or not target:
                break
            seen.add(target)
            url = target
        return Refusal(code="redirect-loop", detail=f"at {url[:200]}")

    def _refuse(self, url: str, *, obey: bool) -> Refusal | None:
        if fault := url_fault(url):
            return Refusal(code=fault, detail=url[:200])
        if not self._allow_private and is_private_url(url):
            return Refusal(code="blocked-address", detail="a private or loopback address")
        if not self._allow_private and (port := urlsplit(url).port) and port not in self._ports:
            return Refusal(code="blocked-port", detail=f"port {port}")
        reason = self.rules(url).refusal(url, self.agent) if obey else ""
        return Refusal(code="robots", detail=reason) if reason else None

    def _request(self, url: str, limit: int) -> Page | Refusal:
        self._wait(url)
        self.requests += 1
        try:
            with _Deadline(self._deadline) as deadline:
                return self._read(url, limit, deadline)
        except (OSError, HTTPException, ValueError) as error:
            return _failure(error, late=deadline.passed)
        finally:
            self._last[registered_domain(url)] = time.monotonic()

    def _read(self, url: str, limit: int, deadline: _Deadline) -> Page | Refusal:
        opener = _opener(
            guarded=not self._allow_private and not _goes_by_proxy(url), deadline=deadline
        )
        request = Request(  # noqa: S310  only http and https get here, and have handlers
            url, headers={"User-Agent": self.agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip"}
        )
        answer = opener.open(request, timeout=TIMEOUT)
        with answer:
            body = answer.read(limit + 1)
            if deadline.passed:
                raise TimeoutError
            if len(body) <= limit and answer.length:
                return Refusal(code="broken", detail=f"{answer.length:,} bytes are missing")
            headers = tuple((str(name), str(value)) for name, value in answer.headers.items())
            page = Page(url=url, status=answer.status, headers=headers, body=body)
        return _unpacked(page, limit)

    def _wait(self, url: str) -> None:
        last = self._last.get(registered_domain(url))
        if last is None:
            return
        known = self._robots.get(origin_of(url))
        asked = 0.0
        if isinstance(known, Page):
            asked = rules_of(known.status, known.body).crawl_delay(self.agent) or 0.0
        pause = last + max(self.delay, asked) - time.monotonic()
        if pause > 0:
            time.sleep(pause)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class _Deadline:
    """Ends a connection after so many seconds, however busily it trickles; a context manager."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, connection: socket.socket) -> None:
        """Put a connection under the deadline."""
        self._sockets.append(connection)

    def _end(self) -> None:
        self.passed = True
        for connection in self._sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself meanwhile


class _BlockedAddressError(OSError):
    """A name that leads to addresses of this machine or its network only."""


def _opener(*, guarded: bool, deadline: _Deadline) -> OpenerDirector:
    """An opener for http and https alone, without redirects: those are followed by us."""

    def connect(address: tuple[str, int], timeout: Any, _source: object) -> socket.socket:
        connection = _connect(address, timeout, guarded=guarded)
        deadline.watch(connection)
        return connection

    def plain(host: str, **options: Any) -> HTTPConnection:
        connection = HTTPConnection(host, **options)
        connection._create_connection = connect  # type: ignore[attr-defined]
        return connection

    def secure(host: str, **options: Any) -> HTTPSConnection:
        connection = HTTPSConnection(host, **options)
        connection._create_connection = connect  # type: ignore[attr-defined]
        return connection

    class Plain(HTTPHandler):
        def http_open(self, req: Request) -> http.client.HTTPResponse:
            return self.do_open(plain, req)

    class Secure(HTTPSHandler):
        def https_open(self, req: Request) -> http.client.HTTPResponse:
            return self.do_open(secure, req, context=ssl.create_default_context())

    opener = OpenerDirector()
    for handler in (ProxyHandler(getproxies()), Plain(), Secure()):
        opener.add_handler(handler)
    return opener


def _connect(address: tuple[str, int], timeout: Any, *, guarded: bool) -> socket.socket:
    """A connection to the first address that lets us in; guarded, only to public ones.

    The address checked is the address connected to, so that a name cannot change in between.
    """
    host, port = address
    found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    public = [entry for entry in found if not guarded or is_public_address(str(entry[4][0]))]
    if not public:
        raise _BlockedAddressError(f"{host} leads to a private address")
    failure: OSError = OSError(f"{host}: no address")
    for family, kind, protocol, _name, target in public:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(timeout)
            connection.connect(target)
        except OSError as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _goes_by_proxy(url: str) -> bool:
    parts = urlsplit(url)
    return bool(getproxies().get(parts.scheme)) and not proxy_bypass(parts.netloc)


def _redirect_of(answer: Page | Refusal) -> str | None:
    """Where a redirect leads, empty if to nothing that can be fetched; None for other answers."""
    if isinstance(answer, Refusal) or answer.status not in _REDIRECTS:
        return None
    return clean(answer.header("location"), answer.url)


def _unpacked(page: Page, limit: int) -> Page | Refusal:
    if len(page.body) > limit:
        return Refusal(code="too-large", detail=f"more than {limit:,} bytes")
    coding = page.header("content-encoding").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        return Refusal(
            code="broken", detail=f"content coding {coding[:40]}, which we did not ask for"
        )
    if not coding or coding == "identity":
        return page
    body = unpack(page.body, limit)
    if isinstance(body, Refusal):
        return Refusal(
            code="broken" if body.code == "unreadable" else body.code, detail=body.detail
        )
    return Page(url=page.url, status=page.status, headers=page.headers, body=body)


def _failure(error: Exception, *, late: bool) -> Refusal:
    """What went wrong on the wire, as the crawl's ledger names it."""
    cause = error.reason if isinstance(error, URLError) else error
    detail = " ".join(str(cause).split())[:200] or type(cause).__name__
    codes: tuple[tuple[type[BaseException], str], ...] = (
        (_BlockedAddressError, "blocked-address"),
        (TimeoutError, "timeout"),
        (socket.gaierror, "dns"),
        (ssl.SSLError, "tls"),
        (ConnectionRefusedError, "refused"),
    )
    code = next((code for kind, code in codes if isinstance(cause, kind)), "broken")
    return (
        Refusal(code="timeout", detail="took too long")
        if late
        else Refusal(code=code, detail=detail)
    )
