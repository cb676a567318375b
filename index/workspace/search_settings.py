"""[search] of workspace.toml: which engine answers searches, and where an OpenSearch cluster is."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from index.errors import UsageError
from index.workspace.toml_reader import TableReader

Engine = Literal["whoosh", "opensearch"]

ADDRESS_VARIABLE = "PRESSCLIP_OPENSEARCH"
EXAMPLE = "opensearch://search.example.org:9200/pressclip"

_SCHEMES = {"opensearch": "http", "opensearchs": "https"}
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAddress:
    """Where a cluster is: the roots of its nodes' URLs, the name of the index, who asks.

    As text it has no credentials, so that it can be printed.
    """

    roots: tuple[str, ...]
    name: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        scheme = "opensearchs" if self.roots[0].startswith("https:") else "opensearch"
        hosts = ",".join(root.partition("://")[2] for root in self.roots)
        return f"{scheme}://{hosts}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """`engine`: what answers searches; `cluster` is the address of an OpenSearch cluster, if one is set."""

    engine: Engine = "whoosh"
    cluster: ClusterAddress | None = None

    def address(self) -> ClusterAddress:
        """The cluster's address: of $PRESSCLIP_OPENSEARCH, or else of `url`; raises `UsageError`."""
        if given := os.environ.get(ADDRESS_VARIABLE):
            return read_address(given, f"${ADDRESS_VARIABLE}")
        if self.cluster is None:
            raise UsageError(
                "no OpenSearch cluster is set",
                hint=f'in workspace.toml, [search]: url = "{EXAMPLE}", or set ${ADDRESS_VARIABLE}',
            )
        return self.cluster


def read_address(text: str, source: str = "the address") -> ClusterAddress:
    """The address that a person gave; raises `UsageError`, which does not repeat it."""
    try:
        return parse_address(text)
    except ValueError as error:
        raise UsageError(f"{source} {error}", hint=f"as in {EXAMPLE}") from None


def parse_address(text: str) -> ClusterAddress:
    """`opensearch://[user:password@]host[:9200][,host…]/name`, with `opensearchs` over TLS.

    Raises `ValueError`, which does not repeat the text, as it may hold a password.
    """
    scheme, separator, rest = text.strip().partition("://")
    if not separator or scheme not in _SCHEMES:
        raise ValueError("does not begin with opensearch:// (or opensearchs://, over TLS)")
    place, _, name = rest.partition("/")
    credentials, _, hosts = place.rpartition("@")
    user, _, password = credentials.partition(":")
    found = [_HOST.fullmatch(host) for host in hosts.split(",")]
    roots = [
        f"{_SCHEMES[scheme]}://{host[1]}:{host[2] or 9200}"
        for host in found
        if host and int(host[2] or 9200) < 65536
    ]
    if len(roots) < len(found):
        raise ValueError("names no host that can be one")
    name = name.rstrip("/") or "pressclip"
    if not _NAME.fullmatch(name):
        raise ValueError("ends in a name that no index can have (small letters, digits, - and _)")
    from urllib.parse import unquote

    return ClusterAddress(
        roots=tuple(roots), name=name, user=unquote(user), password=unquote(password)
    )


def read_search(reader: TableReader) -> SearchSettings:
    """The settings of the table; what is wrong goes to the reader's faults."""
    engine: Any = reader.choice("engine", ("whoosh", "opensearch"), "whoosh")
    cluster = None
    if url := reader.text("url"):
        try:
            cluster = parse_address(url)
        except ValueError as error:
            reader.fault("url", str(error), f"as in {EXAMPLE}")
    reader.finish()
    return SearchSettings(engine=cast(Engine, engine), cluster=cluster)
