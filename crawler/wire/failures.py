"""What went wrong with a request, as a code of the ledger."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import TimeoutError as ConnectTimeoutError
from twisted.python.failure import Failure

_CODES: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused"),
    (DownloadTimeoutError, "timeout"),
    (ConnectTimeoutError, "timeout"),
    (DownloadCancelledError, "too-large"),
    (ResponseDataLossError, "broken"),
    (UnsupportedURLSchemeError, "blocked-scheme"),
    (DownloadFailedError, "failed"),
)
ROBOTS_UNREACHABLE = "robots-unreachable"
PASSING = frozenset(
    {"dns", "refused", "timeout", "tls", "broken", "failed", "http-429", ROBOTS_UNREACHABLE}
)


class RequestRefused(IgnoreRequest):
    """We do not send this request, or do not take its answer: `code` says by which rule."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def failure_code(failure: Failure) -> tuple[str, str]:
    """The ledger's code for a failed request, and a line for a person."""
    error: BaseException = failure.value  # type: ignore[assignment]  # a failure always has one
    if isinstance(error, RequestRefused):
        return error.code, error.detail
    detail = " ".join(str(error).split())[:200] or type(error).__name__
    if "certificate" in detail.lower() or "ssl" in detail.lower():
        return "tls", detail
    return next((code for kind, code in _CODES if isinstance(error, kind)), "failed"), detail


def unreachable_code(error: Exception) -> str:
    """Why nothing of a host can be had, when its robots.txt cannot: by name if the host is at fault."""
    code, _ = failure_code(Failure(error))  # type: ignore[no-untyped-call]
    return code if code in ("dns", "refused", "tls") else ROBOTS_UNREACHABLE


def is_passing(code: str) -> bool:
    """Whether trying again later may help: the server or the network, not the page, was at fault."""
    return code in PASSING or code.startswith("http-5")
