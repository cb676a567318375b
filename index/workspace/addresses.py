"""Which network addresses are public: the one answer for the files, the probes and the crawl."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

# IPv6 by which a gateway reaches any IPv4 address: IPv4-compatible and -mapped (RFC 4291, 2.5.5),
# IPv4-translated (RFC 2765), local NAT64 (RFC 8215), Teredo (RFC 4380), 6to4 (RFC 3056); and the old
# site-local addresses (RFC 3879). No newspaper is served there.
_DISGUISES = tuple(
    map(
        IPv6Network,
        (
            "::/96",
            "::ffff:0:0/96",
            "::ffff:0:0:0/96",
            "64:ff9b:1::/48",
            "2001::/32",
            "2002::/16",
            "fec0::/10",
        ),
    )
)
# On a network with IPv6 alone every IPv4 site has such an address (NAT64, RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")
_FULL_STOPS = str.maketrans("\u3002\uff0e\uff61", "...")


def is_public_address(text: str) -> bool:
    """Whether an IP address is one of the public Internet; raises `ValueError` for what is none.

    Not public: loopback, private, link-local, shared (CGNAT), multicast, reserved, unspecified, and
    IPv6 that stands for an IPv4 address (mapped, 6to4, Teredo; NAT64 of one that is not public).
    """
    address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            address = IPv4Address(address.packed[12:])
        elif any(address in network for network in _DISGUISES):
            return False
    return address.is_global and not address.is_multicast


def is_private_url(url: str) -> bool:
    """Whether the host is, as written, an address that is not public (names are not resolved)."""
    try:
        host = _host(url)
    except ValueError:  # no client could tell either
        return True
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not is_public_address(host)
    except ValueError:
        pass
    if not host[:1].isdigit():
        return False
    from socket import inet_aton, inet_ntoa  # 4 ms, which a list of names does not need

    try:  # 127.1, 0x7f000001 and 2130706433 are addresses to every client, not names
        return not is_public_address(inet_ntoa(inet_aton(host)))
    except (OSError, ValueError):
        return False


def _host(url: str) -> str:
    """The host as clients read it: unescaped, with the digits and full stops of other scripts."""
    host = unquote(urlsplit(url).hostname or "")
    return normalize("NFKC", host.translate(_FULL_STOPS)).rstrip(".").lower()
