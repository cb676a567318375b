"""[archive] of workspace.toml: where closed archive files are sent, and whether they also stay here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.workspace.toml_reader import TableReader, parse_http_url

_S3 = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,62}(/[\w./-]*)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """`url`: `s3://BUCKET/PREFIX`, empty for none; `endpoint` of a server that is not Amazon's; its region.

    `keep_local`: the files also stay in `data/archive`.
    """

    url: str = ""
    endpoint: str = ""
    region: str = ""
    keep_local: bool = True


def read_archive(reader: TableReader) -> ArchiveSettings:
    """The settings of the table; what is wrong goes to the reader's faults."""
    if "@" in reader.text("url"):
        reader.fault("url", "must hold no key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        reader.finish()
        return ArchiveSettings()
    found = ArchiveSettings(
        url=reader.parsed("url", parse_s3) or "",
        endpoint=(reader.parsed("endpoint", parse_http_url) or "").rstrip("/"),
        region=reader.text("region"),
        keep_local=reader.flag("keep_local", True),
    )
    reader.finish()
    return found


def parse_s3(text: str) -> str:
    """An address of a bucket, with no slash at its end; raises `ValueError`."""
    if not _S3.fullmatch(text):
        raise ValueError('is not an address such as "s3://bucket/desk"')
    return text.rstrip("/")
