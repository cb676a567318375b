"""Public or not, in every spelling an address has."""

from __future__ import annotations

import pytest

from index.workspace.addresses import is_private_url, is_public_address

NOT_PUBLIC = {
    "loopback": "127.0.0.1",
    "all of 127": "127.255.3.4",
    "unspecified": "0.0.0.0",
    "private": "10.1.2.3",
    "private 172": "172.31.0.1",
    "private 192": "192.168.1.1",
    "link-local, metadata": "169.254.169.254",
    "shared (CGNAT)": "100.64.0.1",
    "benchmarks": "198.18.0.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "v6 loopback": "::1",
    "v6 unspecified": "::",
    "v6 unique local": "fd00:ec2::254",
    "v6 link-local": "fe80::1%eth0",
    "v6 site-local": "fec0::1",
    "v6 multicast": "ff02::1",
    "mapped": "::ffff:127.0.0.1",
    "mapped public": "::ffff:8.8.8.8",
    "compatible": "::127.0.0.1",
    "translated": "::ffff:0:127.0.0.1",
    "6to4": "2002:7f00:1::",
    "Teredo": "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "NAT64 of loopback": "64:ff9b::127.0.0.1",
    "NAT64 of metadata": "64:ff9b::169.254.169.254",
    "local NAT64": "64:ff9b:1::8.8.8.8",
}


@pytest.mark.parametrize("address", NOT_PUBLIC.values(), ids=NOT_PUBLIC.keys())
def test_an_address_is_not_public(address: str) -> None:
    assert not is_public_address(address)
    host = f"[{address.replace('%', '%25')}]" if ":" in address else address
    assert is_private_url(f"http://{host}/")


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8"])
def test_an_address_is_public(address: str) -> None:
    assert is_public_address(address)
    assert not is_private_url(f"http://[{address}]/" if ":" in address else f"http://{address}/")


SPELLINGS = {
    "short": "127.1",
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "octal": "0177.0.0.1",
    "mixed": "0x7f.1",
    "zero": "0",
    "full stop at the end": "127.0.0.1.",
    "name": "localhost",
    "name with full stop": "LOCALHOST.",
    "below localhost": "desk.localhost",
    "escaped": "%31%32%37.0.0.1",
    "full-width digits": "１２７.0.0.1",
    "ideographic full stops": "127。0。0。1",
    "in circles": "①②⑦.0.0.1",
    "credentials before it": "apnews.com@127.0.0.1",
    "port behind it": "127.0.0.1:80",
    "unreadable": "[::1",
}


@pytest.mark.parametrize("host", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_every_spelling_of_this_machine_is_private(host: str) -> None:
    assert is_private_url(f"http://{host}/")


@pytest.mark.parametrize(
    "host",
    [
        "wiki",
        "printer.local",
        "vault.corp.internal",
        "METADATA.google.internal.",
        "metadata.goog",
        "metadata.azure.example",
        "nas.home.arpa",
        "router.lan",
        "box.localdomain",
        "printer\u3002local",
    ],
)
def test_a_name_that_is_never_public_is_private(host: str) -> None:
    assert is_private_url(f"http://{host}/latest")


@pytest.mark.parametrize(
    "host", ["local.example", "internal.com", "metadata-blog.com", "homearpa.org", "thelocal.se"]
)
def test_a_public_name_may_sound_private(host: str) -> None:
    assert not is_private_url(f"https://{host}/")


@pytest.mark.parametrize("host", ["apnews.com", "10.example", "127.0.0.1.example", "1.1.1.1"])
def test_names_and_public_addresses_are_not_private(host: str) -> None:
    assert not is_private_url(f"https://{host}/")


def test_what_is_no_address_is_an_error() -> None:
    with pytest.raises(ValueError, match="apnews"):
        is_public_address("apnews.com")
