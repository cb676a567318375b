"""One request to an authority of time stamps (RFC 3161, 3.4: over HTTP)."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any

from crawler.wire.politeness import user_agent
from index.errors import UsageError
from index.evidence.timestamps import TimestampError
from index.workspace import Workspace
from index.workspace.addresses import is_private_url

PATIENCE = 30.0  # seconds
_MOST = 1 << 20


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """An authority answers where it is: elsewhere may be a private address, and no POST arrives there."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects())


def ask_authority(workspace: Workspace, url: str, request: bytes) -> bytes:
    """The answer to a request, DER; raises `TimestampError` where there is none.

    A private address is asked only where the workspace allows it (`UsageError`).
    """
    if is_private_url(url) and not workspace.allow_private:
        raise UsageError(f"{url}: a private address", hint="allow_private = true in workspace.toml")
    headers = {
        "Content-Type": "application/timestamp-query",
        "User-Agent": user_agent(workspace.contact),
    }
    asked = urllib.request.Request(url, data=request, headers=headers, method="POST")  # noqa: S310  # http(s) by workspace.toml
    try:
        with _OPENER.open(asked, timeout=PATIENCE) as answer:
            data: bytes = answer.read(_MOST)
    except (urllib.error.URLError, HTTPException, OSError) as error:
        reason = " ".join(str(getattr(error, "reason", error)).split())[:120]
        raise TimestampError(
            f"{url}: no time stamp: {reason}", hint="nothing is lost: run pressclip stamp later"
        ) from error
    return data
