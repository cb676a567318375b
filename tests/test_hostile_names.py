"""A name that leads to a public address when it is checked, and to this machine when it is connected to."""

# mypy: disable-error-code="no-untyped-call, arg-type"
# (Twisted states what its reactors and resolvers offer with zope.interface, which mypy cannot read.)

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from scrapy.resolver import dnscache
from twisted.internet import defer
from twisted.internet._resolver import SimpleResolverComplexifier
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import DNSLookupError
from twisted.internet.protocol import Factory
from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure

from crawler.wire.address_guard import GuardedResolver

PUBLIC, CANARY = "8.8.8.8", "127.0.0.1"
NAME = "rebinding.example"


class Reactor(MemoryReactorClock):
    """Notes the addresses that it is told to connect to; threads run at once."""

    def getThreadPool(self) -> Reactor:
        return self

    def callInThreadWithCallback(
        self, done: Callable[[bool, object], None], work: Callable[..., object], *args: Any
    ) -> None:
        try:
            done(True, work(*args))
        except OSError:
            done(False, Failure())

    def callFromThread(self, work: Callable[..., object], *args: Any) -> None:
        work(*args)

    @property
    def asked(self) -> list[str]:
        return [client[0] for client in self.tcpClients]


class Answers:
    """The system's resolver, whose owner changes his mind: one address after the other."""

    def __init__(self, *addresses: str) -> None:
        self.left = list(addresses)

    def by_name(self, _name: str) -> str:
        return self.left.pop(0)


@pytest.fixture(autouse=True)
def no_names_known() -> Iterator[None]:
    dnscache.clear()
    yield
    dnscache.clear()


@pytest.fixture
def reactor() -> Reactor:
    reactor = Reactor()
    resolver = GuardedResolver(reactor, cache_size=10, timeout=5)
    reactor.installNameResolver(SimpleResolverComplexifier(resolver))
    return reactor


def connect(reactor: Reactor) -> defer.Deferred[Any]:
    endpoint = HostnameEndpoint(reactor, NAME.encode(), 80)
    return endpoint.connect(Factory())


def test_the_address_that_was_checked_is_connected_to(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers(PUBLIC, CANARY)
    monkeypatch.setattr(socket, "gethostbyname", answers.by_name)
    connect(reactor)
    reactor.advance(1)
    assert reactor.asked == [PUBLIC]
    assert answers.left == [CANARY]  # nobody asked again


def test_a_name_that_changes_between_two_requests_is_not_asked_again(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostbyname", Answers(PUBLIC, CANARY).by_name)
    connect(reactor)
    reactor.advance(1)
    connect(reactor)
    reactor.advance(1)
    assert reactor.asked == [PUBLIC, PUBLIC]


def test_a_name_that_has_changed_is_refused(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostbyname", Answers(PUBLIC, CANARY).by_name)
    connect(reactor)
    reactor.advance(1)
    dnscache.clear()
    caught: list[Failure] = []
    connect(reactor).addErrback(caught.append)
    reactor.advance(1)
    assert reactor.asked == [PUBLIC]
    assert caught[0].check(DNSLookupError)
