"""One request to an authority of time stamps (RFC 3161, 3.4: over HTTP)."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from http.client import HTTPException
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from crawler.wire.politeness import user_agent
from index.errors import UsageError
from index.evidence.timestamps import TimestampError
from index.workspace import Workspace
from index.workspace.addresses import is_private_url

PATIENCE = 30.0  # seconds, for all of an answer
_MOST = 1 << 20
_LATER = "nothing is lost: run pressclip stamp later"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """An authority answers where it is: elsewhere may be a private address, and no POST arrives there."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects())


def ask_authority(
    workspace: Workspace, url: str, request: bytes, *, patience: float = PATIENCE
) -> bytes:
    """The answer to a request, DER; raises `TimestampError` if there is none in `patience` seconds.

    A private address is asked only where the workspace allows it (`UsageError`). What an address has
    behind its path (a key, often) is never told.
    """
    shown = without_secrets(url)
    if is_private_url(url) and not workspace.allow_private:
        hint = "allow_private = true in workspace.toml"
        raise UsageError(f"{shown}: a private address", hint=hint)
    headers = {
        "Content-Type": "application/timestamp-query",
        "User-Agent": user_agent(workspace.contact),
    }
    asked = urllib.request.Request(url, data=request, headers=headers, method="POST")  # noqa: S310  # http(s) by workspace.toml
    try:
        kind, data = _within(patience, partial(_send, asked, patience))
    except urllib.error.HTTPError as error:
        raise TimestampError(
            f"{shown}: no time stamp: it answered {error.code}", hint=_LATER
        ) from error
    except (urllib.error.URLError, HTTPException, OSError) as error:
        said = str(getattr(error, "reason", error)).replace(url, shown)
        reason = " ".join(said.split())[:120] or "timed out"
        raise TimestampError(f"{shown}: no time stamp: {reason}", hint=_LATER) from error
    if kind == "text/html":
        told = f"{shown}: no time stamp: it answered with a web page ({kind})"
        raise TimestampError(told, hint="is this the authority's address for RFC 3161?")
    return data


def without_secrets(url: str) -> str:
    """The address without user, password, query and fragment."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _send(asked: urllib.request.Request, patience: float) -> tuple[str, bytes]:
    """The kind of the answer, and the answer."""
    try:
        with _OPENER.open(asked, timeout=patience) as answer:
            data = answer.read(_MOST + 1)
            if len(data) > _MOST:
                raise OSError("its answer is over 1 MiB")
            return answer.headers.get_content_type(), data
    except urllib.error.HTTPError as error:
        error.close()
        raise


def _within(patience: float, work: Callable[[], tuple[str, bytes]]) -> tuple[str, bytes]:
    """What the work gives; raises `TimeoutError` after that many seconds.

    In a thread that is left behind then: a server that sends a byte now and then never times out.
    """
    future: Future[tuple[str, bytes]] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001 - raised again by result()
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future.result(timeout=patience)
