"""[evidence] of workspace.toml: who stamps the time of captures, and by which certificates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.errors import UsageError
from index.workspace.toml_reader import TableReader, parse_http_url


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSettings:
    """`tsa`: the address of an RFC 3161 authority; `roots`: a PEM file of the workspace with its roots."""

    tsa: str = ""
    roots: str = ""

    def read_roots(self, root: Path) -> bytes:
        """The PEM file's bytes; raises `UsageError` where it cannot be read."""
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
        tsa=reader.parsed("tsa", parse_http_url) or "", roots=reader.text("roots")
    )
    reader.finish()
    return found
