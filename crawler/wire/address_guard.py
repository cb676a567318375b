"""Nothing leads to this machine or its network: not a link, a redirect, a feed or a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.urls import url_fault
from crawler.wire.failures import RequestRefused
from index.workspace.addresses import is_private_url, is_public_address

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class AddressGuard:
    """No request to this machine or its network by way of a link, a redirect or a feed (SSRF).

    Names are checked where they are resolved (`GuardedResolver`), so that the address checked is the
    address connected to; behind a proxy the proxy resolves, and only names and literals are checked.
    `ports` are those that the user named himself, beside 80 and 443.
    """

    def __init__(self, allow_private: bool, ports: Iterable[int] = ()) -> None:
        self._allow_private = allow_private
        self._ports = frozenset({80, 443, *ports})

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        settings = crawler.settings
        return cls(settings.getbool("PRESSCLIP_ALLOW_PRIVATE"), settings.getlist("PRESSCLIP_PORTS"))

    def process_request(self, request: Request) -> None:
        """Refuse other schemes, private addresses and unusual ports; raises `RequestRefused`."""
        if fault := url_fault(request.url):
            raise RequestRefused(fault, request.url[:200])
        if self._allow_private:
            return
        if is_private_url(request.url):
            raise RequestRefused("blocked-address", "a private or loopback address")
        if (port := urlsplit(request.url).port) and port not in self._ports:
            raise RequestRefused("blocked-port", f"port {port}: only 80 and 443")


class GuardedResolver(CachingThreadedResolver):
    """Resolves names, and refuses those that lead to private addresses."""

    allow_private = False
    proxies: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Made by Scrapy."""
        resolver: Self = super().from_crawler(crawler, reactor)
        resolver.allow_private = crawler.settings.getbool("PRESSCLIP_ALLOW_PRIVATE")
        resolver.proxies = frozenset(
            urlsplit(proxy).hostname or "" for proxy in getproxies().values()
        )
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802
        """The address of a name; fails with `DNSLookupError` when it is not a public one.

        The user's own proxy may be anywhere.
        """
        found: Deferred[str] = super().getHostByName(name, timeout)
        if self.allow_private or name in self.proxies:
            return found
        return found.addCallback(self._check, name)

    @staticmethod
    def _check(address: str, name: str) -> str:
        if not is_public_address(address):
            raise DNSLookupError(f"{name} leads to the private address {address}")
        return address
