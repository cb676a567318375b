"""[evidence] of workspace.toml: who stamps the time of captures, and who else is asked to keep the pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.errors import UsageError
from index.workspace.toml_reader import TableReader, parse_http_url

WAYBACK = "https://web.archive.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSettings:
    """`tsa`: the address of an RFC 3161 authority; `roots`: a PEM file of the workspace with its roots.

    `wayback`: the Wayback Machine is asked to save what is on-story; `wayback_address` is another
    service that speaks as it does.
    """

    tsa: str = ""
    roots: str = ""
    wayback: bool = False
    wayback_address: str = WAYBACK

    def read_roots(self, root: Path) -> bytes:
        """The PEM file's bytes; raises `UsageError` if it cannot be read."""
        path = root / self.roots
        try:
            return path.read_bytes()
        except OSError as error:
            raise UsageError(
                f"{path}: {error.strerror}", hint="[evidence] roots names it"
            ) from error


def read_evidence(reader: TableReader) -> EvidenceSettings:
    """The settings of the table; what is wrong goes to the reader's faults."""
    found = EvidenceSettings(
        tsa=reader.parsed("tsa", parse_http_url) or "",
        roots=reader.text("roots"),
        wayback=reader.flag("wayback", False),
        wayback_address=(reader.parsed("wayback_address", parse_http_url) or WAYBACK).rstrip("/"),
    )
    reader.finish()
    return found
