"""A checked bundle of evidence in a few lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from index.text.wording import counted
from search_cli.output.render import one_line

if TYPE_CHECKING:
    from index.evidence.checking import Bundle

TRUST = {
    "given": "it leads to the certificates of --roots",
    "bundle": "it leads to the certificates in the bundle: are they the authority's? --roots FILE",
    "": "its signature was not checked: give the authority's certificates, --roots FILE",
}


def bundle_lines(path: Path, bundle: Bundle) -> Iterator[str]:
    """That a bundle is whole, of what page it is, and the number that stands for it."""
    records = bundle.manifest["records"]
    page: dict[str, object] = next((one for one in records if one.get("role") == "page"), {})
    yield f"{path} is whole: {counted(len(records), 'record')}, each what its digest says"
    url = one_line(str(page.get("url", "")))
    yield f"{url}, captured {one_line(str(page.get('fetched', '')))}"
    for one in bundle.stamps:
        moment = f"{one.token.moment.astimezone(UTC):%F %T} UTC"
        yield f"stamped {moment}: {one_line(one.url)}"
        yield f"  by {one_line(one.token.authority)}; {TRUST[one.trust]}"
    yield f"SHA-256 of its SHA256SUMS: {bundle.fingerprint}"
