"""Which site a URL belongs to: the registered domain, by the public suffix list in the package."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from crawler.refusal import Refusal
from crawler.urls.parts import read_url

if TYPE_CHECKING:
    from tldextract import TLDExtract


def registered_domain(url: str) -> str:
    """The site a URL belongs to: `bbc.co.uk` for `https://www.bbc.co.uk/news`; empty if none.

    Blogs and pages under a shared name (`a.blogspot.com`) are sites of their own, as the list's
    private part has it. A bare address or a name without a dot is one site for each port.
    """
    parts = read_url(url)
    if isinstance(parts, Refusal):
        return ""
    domain = domain_of(parts.host)
    if domain == parts.host and _has_no_owner(parts.host):
        return f"{parts.host}:{parts.port}" if parts.port else parts.host
    return domain


def outlet_of(url: str) -> str:
    """The outlet's id when no configured outlet claims the URL: its registered domain."""
    return registered_domain(url)


@lru_cache(maxsize=8192)
def domain_of(host: str) -> str:
    """The registered domain of a host; the host itself when it is an address or a suffix."""
    if _has_no_owner(host):
        return host
    found = _suffixes()(host)
    if found.domain and found.suffix:
        return f"{found.domain}.{found.suffix}"
    if found.suffix:
        return host
    # A last label not on the list is a suffix too (the list's rule `*`): made-up and new names.
    return ".".join(host.split(".")[-2:])


def _has_no_owner(host: str) -> bool:
    return "." not in host or host.startswith("[") or host.rpartition(".")[2].isdigit()


@cache
def _suffixes() -> TLDExtract:
    # Imported here: it costs 0.1 s, and a URL without a host to judge needs none of it.
    from tldextract import TLDExtract

    return TLDExtract(
        suffix_list_urls=(),
        cache_dir=None,
        fallback_to_snapshot=True,
        include_psl_private_domains=True,
    )
