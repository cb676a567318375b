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
# Names that no public server has: special use (RFC 6761, 6762, 8375, and ICANN's `internal`), and what
# networks commonly call themselves (RFC 6762, appendix G). Behind a proxy the proxy resolves a name, so
# the name itself must tell.
_PRIVATE_ZONES = (
    ".localhost",
    ".local",
    ".internal",
    ".home.arpa",
    ".localdomain",
    ".intranet",
    ".private",
    ".corp",
    ".home",
    ".lan",
)
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
    """Whether the host, as written, is not public: an address of a network, or a name that never is.

    `http://10.0.0.1/`, `http://wiki/`, `http://printer.local/`, and `http://metadata.…/`, by which
    clouds hand out keys. Names are not resolved.
    """
    try:
        host = _host(url)
    except ValueError:  # no client could tell either
        return True
    try:
        return not is_public_address(host)
    except ValueError:
        pass
    if _is_private_name(host):
        return True
    if not host[:1].isdigit():
        return False
    from socket import inet_aton, inet_ntoa  # 4 ms, which a list of names does not need

    try:  # 127.1, 0x7f000001 and 2130706433 are addresses to every client, not names
        return not is_public_address(inet_ntoa(inet_aton(host)))
    except (OSError, ValueError):
        return False


def _is_private_name(host: str) -> bool:
    if "." not in host:  # a single label; a number is an address in another spelling
        return not host.isdigit() and not host.startswith("0x")
    return host.endswith(_PRIVATE_ZONES) or host.startswith("metadata.")


def _host(url: str) -> str:
    """The host as clients read it: unescaped, with the digits and full stops of other scripts."""
    host = unquote(urlsplit(url).hostname or "")
    return normalize("NFKC", host.translate(_FULL_STOPS)).rstrip(".").lower()
