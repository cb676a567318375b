"""Serving the desk: a socket of this machine, who may ask, and the token of a review."""

from __future__ import annotations

import errno
import secrets
import socket
from dataclasses import dataclass
from ipaddress import ip_address

from index.errors import PressclipError, UsageError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class PortTaken(PressclipError):
    """Another program listens there, or the system lets nobody listen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the desk listens, and the names by which browsers may call it."""

    host: str
    port: int
    names: tuple[str, ...] = ()

    @property
    def is_loopback(self) -> bool:
        """Whether only programs of this machine reach it."""
        return ip_address(self.host).is_loopback

    @property
    def allowed(self) -> list[str]:
        """The host names of a request that is answered; any other may be a page that misuses DNS."""
        own = f"[{self.host}]" if ":" in self.host else self.host
        return [*LOOPBACK, own, *self.names]

    def url(self, port: int) -> str:
        """The address to open."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{port}/"


def listen(address: Address) -> socket.socket:
    """A socket that listens; raises `PortTaken`, or `UsageError` for an address of another machine."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"port {address.port} is in use",
                hint=f"take another: pressclip serve --port {min(address.port + 1, 65535)}",
            ) from error
        if error.errno == errno.EADDRNOTAVAIL:
            raise UsageError(f"--host {address.host}: not an address of this machine") from error
        raise PortTaken(
            f"port {address.port} cannot be opened: {error.strerror}",
            hint="ports below 1024 belong to the system: pressclip serve --port 8765",
        ) from error
    return listener


def read_host(text: str) -> str:
    """An IP address to listen at; raises `UsageError` for a name."""
    try:
        return "127.0.0.1" if text == "localhost" else str(ip_address(text))
    except ValueError:
        raise UsageError(
            f"--host {text}: not an IP address", hint="127.0.0.1 is this machine alone"
        ) from None


def new_token() -> str:
    """A word that nobody guesses."""
    return secrets.token_urlsafe(24)
