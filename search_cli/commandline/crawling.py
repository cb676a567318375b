"""What the verbs that fetch have in common: Scrapy's settings."""

from __future__ import annotations

from collections.abc import Sequence

from index.errors import UsageError


def scrapy_settings(pairs: Sequence[str]) -> dict[str, str]:
    """The settings of `-s NAME=VALUE`; raises `UsageError`."""
    for pair in pairs:
        if "=" not in pair:
            raise UsageError(
                f"-s {pair}: not NAME=VALUE", hint="for example -s DOWNLOAD_TIMEOUT=60"
            )
    return dict(pair.split("=", 1) for pair in pairs)
