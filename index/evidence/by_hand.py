"""How somebody without pressclip checks a bundle: the lines of shell that its page shows.

They need what every Unix has: unzip, sha256sum, perl, gzip, openssl; of web archives, warcio.
"""

from __future__ import annotations

from collections.abc import Mapping
from shlex import quote
from typing import Any

from index.evidence.bundle import ROOTS
from index.evidence.merkle import sides_of
from index.evidence.stamps import leaf_text

# The SHA-256 of the bytes that hexadecimal digits stand for.
_HASH = """h() { perl -e 'print pack "H*", shift' "$1" | sha256sum | cut -c 1-64; }"""


def whole_commands(bundle: str) -> list[str]:
    """That no file was changed, and that each response is what its digest says."""
    return [
        f"unzip {quote(bundle)} -d evidence && cd evidence",
        "sha256sum -c SHA256SUMS            # no file was changed",
        "sha256sum SHA256SUMS               # the number that whoever gave you the bundle told you",
        "warcio check -v records.warc.gz    # each response is what its digest says (pip install warcio)",
    ]


def record_command(record: Mapping[str, Any]) -> str:
    """A response as it came over the wire, without any reader of web archives."""
    start, length = int(record["offset"]) + 1, int(record["length"])
    return f"tail -c +{start} records.warc.gz | head -c {length} | gzip -d"


def stamp_commands(said: Mapping[str, Any], record: Mapping[str, Any]) -> list[str]:
    """From the row of a record, step by step, to the root that was stamped, and to who stamped it."""
    line = leaf_text(record["url"], record["fetched"], record["digest"]).decode("utf-8")
    token = quote(said["token"])
    steps = [
        f"a=$(h 01{beside}$a)" if side == "left" else f"a=$(h 01$a{beside})"
        for beside, side in zip(said["path"], sides_of(said["place"], said["size"]), strict=True)
    ]
    return [
        _HASH,
        f"a=$(printf '%s\\n' {quote(line.removesuffix(chr(10)))} | sha256sum | cut -c 1-64)",
        "a=$(h 00$a)                        # a leaf of the tree",
        *steps,
        f"""test "$a" = {said["root"]} && perl -e 'print pack "H*", shift' "$a" > root""",
        f"openssl ts -reply -in {token} -text      # when, and by whom",
        f"openssl ts -verify -data root -in {token} -CAfile {ROOTS}   # or the authority's own certificates",
    ]
