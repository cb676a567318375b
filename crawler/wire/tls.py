"""Certificates are verified, but for an outlet of which the user said that its own is not valid."""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer


class OutletHandler(HTTP11DownloadHandler):
    """Scrapy's own handler of https; it knows one policy for all hosts, and by default verifies none."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory: Any = ByOutlet(self._contextFactory, crawler)


@implementer(IPolicyForHTTPS)
class ByOutlet:
    """The verifying policy, and another for hosts of outlets with `verify_tls = false`."""

    def __init__(self, verifying: Any, crawler: Crawler) -> None:
        self._verifying = verifying
        self._trusting = _ScrapyClientContextFactory(verify_certificates=False)
        self._crawler = crawler

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802  Twisted's name
        """What opens a TLS connection to a host."""
        policy = (
            self._trusting if self._is_excused(hostname.decode("ascii"), port) else self._verifying
        )
        return policy.creatorForNetloc(hostname, port)

    def _is_excused(self, host: str, port: int) -> bool:
        run = self._crawler.spider.run  # type: ignore[union-attr]
        authority = f"{host}:{port}" if port != 443 else host
        outlet = run.context.outlets.of_url(f"https://{authority}/")
        return outlet is not None and not outlet.verify_tls
