"""A large file of the web read as it streams, resumed by a range where the connection breaks off."""

from __future__ import annotations

import logging
import os
import re
import socket
import time
import urllib.error
import urllib.request
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import IO, Any, Self

from index.errors import PressclipError
from index.workspace.addresses import is_private_url, is_public_address

PATIENCE = 60.0  # seconds without a byte
MOST_BREAKS = 5  # of the connection in one file
_PAUSES = (1.0, 5.0, 20.0, 60.0, 120.0)  # seconds before each new try
_BUSY = frozenset({403, 429, 500, 502, 503, 504})
_UNREACHABLE = (
    (socket.gaierror, "dns", "no such host"),
    (ConnectionRefusedError, "refused", "nobody listens there"),
)
_RANGE = re.compile(r"\s*bytes\s+([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\*)\s*$", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,18}")
_PARTIAL, _NOT_SATISFIABLE = 206, 416
_SHORT_STEP = 1 << 20  # bytes
_PIECE = 1 << 16

logger = logging.getLogger(__name__)


class RemoteFileError(PressclipError):
    """A file of the web that could not be read to its end; `code` is the ledger's."""

    def __init__(self, url: str, code: str, detail: str) -> None:
        super().__init__(f"{url}: {code}: {detail}")
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[Any, ...]:
        url = str(self).partition(": ")[0]
        return type(self), (url, self.code, self.detail)


class _Guard:
    """Lets nothing that began at a public address end at a private one.

    Redirects are checked as written, connections by the address that was reached: a name may lead
    anywhere. Behind a proxy the proxy is reached, and resolves.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._is_public = not is_private_url(url)
        self._began_public: bool | None = None

    def check_redirect(self, url: str) -> None:
        """Raises `RemoteFileError` for a private address that a file of the web leads to."""
        if self._is_public and is_private_url(url):
            raise RemoteFileError(self._url, "blocked-address", f"it leads to {url[:200]}")

    def check_peer(self, address: str) -> None:
        """Raises `RemoteFileError` if a connection after a public one reached a private address."""
        is_public = is_public_address(address)
        if self._began_public is None:
            self._began_public = is_public
        elif self._began_public and not is_public:
            raise RemoteFileError(self._url, "blocked-address", f"it leads to {address}")


class _Connection(HTTPConnection):
    """A connection that has its guard look at the address it reached."""

    def __init__(self, *args: Any, guard: _Guard, **named: Any) -> None:
        super().__init__(*args, **named)
        self._guard = guard

    def connect(self) -> None:
        super().connect()
        self._guard.check_peer(self.sock.getpeername()[0])


class _TlsConnection(_Connection, HTTPSConnection):
    """The same over TLS."""


class _Connections(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Opens http and https by guarded connections."""

    def __init__(self, guard: _Guard) -> None:
        super().__init__()
        self._guard = guard

    def http_open(self, req: Any) -> Any:
        return self.do_open(partial(_Connection, guard=self._guard), req)

    def https_open(self, req: Any) -> Any:
        return self.do_open(partial(_TlsConnection, guard=self._guard), req)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but not from a public address to a private one."""

    def __init__(self, guard: _Guard) -> None:
        self._guard = guard

    def redirect_request(
        self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: str
    ) -> Any:
        self._guard.check_redirect(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class RemoteFile:
    """Reads a URL from its beginning to its end, or from wherever it is told to by `seek`.

    Proxies and certificates are the environment's (`https_proxy`, `SSL_CERT_FILE`). Who answers 403,
    429 or 5xx, or breaks off, is asked again for the rest after a pause, `MOST_BREAKS` times at most.
    `validator` is what the server calls the file's state (RFC 9110, 8.8); where a rest is of another
    state, `RemoteFileError` says `changed`.
    """

    _no_ranges = ("no-range", "it cannot be resumed: no ranges are given")

    def __init__(
        self, url: str, agent: str, *, validator: str = "", sleep: Any = time.sleep
    ) -> None:
        self._url = url
        guard = _Guard(url)
        self._opener = urllib.request.build_opener(_Redirects(guard), _Connections(guard))
        self._agent = agent
        self._sleep = sleep
        self._stream: IO[bytes] | None = None
        self._breaks = 0
        self._size: int | None = None
        self._whole: int | None = None  # bytes of the file, by the answer that told them first
        self._gives_ranges = False
        self._has_answered = False
        self.validator = validator
        self.place = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`; none at the end. Raises `RemoteFileError`."""
        while True:
            if self._stream is None and self._size is not None and self.place >= self._size:
                return b""
            stream = self._connected()
            try:
                data: bytes = stream.read(size)
            except (OSError, HTTPException) as error:
                self._break("broken", _reason(error))
                continue
            if not data and self._size is not None and self.place < self._size and size:
                self._break("broken", f"it ends after {self.place:,} of {self._size:,} bytes")
                continue
            self.place += len(data)
            return data

    def _connected(self) -> IO[bytes]:
        """The answer that is open, or another, which is tried for until the breaks are used up.

        An unknown host, or one that does not answer, is reported at once: no pause mends a typing error.
        """
        while self._stream is None:
            try:
                self._stream = self._open()
            except (OSError, HTTPException) as error:
                code = _unreachable(error)
                if code and not self._has_answered:
                    raise RemoteFileError(self._url, code, _reason(error)) from error
                self._break("broken", _reason(error))
        return self._stream

    def _open(self) -> IO[bytes]:
        headers = {"User-Agent": self._agent, "Accept-Encoding": "identity"}
        if self.place:
            headers["Range"] = f"bytes={self.place}-"
            if self.validator:
                headers["If-Range"] = self.validator
        request = urllib.request.Request(self._url, headers=headers)  # noqa: S310 - checked below
        if request.type not in ("http", "https"):
            raise RemoteFileError(self._url, "blocked-scheme", "neither http nor https")
        try:
            answer = self._opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            self._has_answered = True
            if error.code in _BUSY:
                raise OSError(f"http-{error.code}") from error
            if error.code == _NOT_SATISFIABLE and self.place:
                raise self._changed("it is shorter now") from error
            raise RemoteFileError(self._url, f"http-{error.code}", error.reason) from error
        self._has_answered = True
        self._check(answer)
        stream: IO[bytes] = answer
        return stream

    def _check(self, answer: Any) -> None:
        """Learn the size and the state; raises `RemoteFileError` for a rest of another file."""
        try:
            whole = self._whole_by(answer)
        except RemoteFileError:
            answer.close()
            raise
        self._size = self._whole = whole if whole is not None else self._whole
        ranges = answer.headers.get("Accept-Ranges", "").strip().lower()
        self._gives_ranges = answer.status == _PARTIAL or ranges == "bytes"
        self.validator = validator_of(answer.headers) or self.validator

    def _whole_by(self, answer: Any) -> int | None:
        """How many bytes the file has, None if nothing tells it; raises `RemoteFileError` as above."""
        validator = validator_of(answer.headers)
        if self.validator and self.place and validator not in ("", self.validator):
            raise self._changed("its server calls it another one")
        length = answer.headers.get("Content-Length", "")
        whole = self.place + int(length) if _DIGITS.fullmatch(length) else None
        if answer.status == _PARTIAL:
            told = _RANGE.match(answer.headers.get("Content-Range", ""))
            if told is None:
                raise RemoteFileError(self._url, "no-range", "it does not say which bytes it gives")
            if int(told[1]) != self.place:
                raise self._changed(
                    f"asked from byte {self.place:,} on, it gives {int(told[1]):,} on"
                )
            whole = whole if told[2] == "*" else int(told[2])
        elif self.place:
            if self.validator and not validator:
                raise self._changed("its server calls it another one")
            raise RemoteFileError(self._url, *self._no_ranges)
        if self._whole is not None and whole is not None and whole != self._whole:
            raise self._changed(f"{whole:,} bytes, not {self._whole:,}")
        return whole

    def _changed(self, detail: str) -> RemoteFileError:
        return RemoteFileError(self._url, "changed", f"not the file that was begun: {detail}")

    def _break(self, code: str, detail: str) -> None:
        self._close()
        if self._breaks >= MOST_BREAKS:
            raise RemoteFileError(self._url, code, detail)
        pause = _PAUSES[min(self._breaks, len(_PAUSES) - 1)]
        logger.warning("%s: %s; asked again in %d s", self._url, detail, pause)
        self._sleep(pause)
        self._breaks += 1

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None


class SeekableRemoteFile(RemoteFile):
    """A URL that is read by ranges, wherever it is sought; back and to its end only where there are any.

    A short step forward is read and dropped, which costs less than another request.
    """

    _no_ranges = ("needs-ranges", "its server gives no ranges: download it")

    def seekable(self) -> bool:
        """It is."""
        return True

    def readable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The place of the next byte."""
        return self.place

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place; raises `RemoteFileError` if its end is asked for and not known."""
        if whence == os.SEEK_CUR:
            offset += self.place
        elif whence == os.SEEK_END:
            offset += self._end()
        self._step_to(max(0, offset))
        return self.place

    def _step_to(self, place: int) -> None:
        step = place - self.place
        if step > 0 and (step <= _SHORT_STEP or not self._gives_ranges) and self._stream:
            while step > 0 and (piece := self.read(min(step, _PIECE))):
                step -= len(piece)
        elif step:
            self._close()
        self.place = place

    def _end(self) -> int:
        if self._whole is None:
            self._connected()
        if self._whole is None:
            raise RemoteFileError(self._url, "no-length", "its server does not tell how long it is")
        return self._whole


def _reason(error: Exception) -> str:
    """What went wrong, in words without those of the library around it."""
    cause = getattr(error, "reason", error)
    for kind, _, words in _UNREACHABLE:
        if isinstance(cause, kind):
            return words
    return str(getattr(cause, "strerror", "") or cause) or type(cause).__name__


def _unreachable(error: Exception) -> str:
    """The code for a host that is not there or does not listen; empty for anything else."""
    cause = getattr(error, "reason", error)
    return next((code for kind, code, _ in _UNREACHABLE if isinstance(cause, kind)), "")


def validator_of(headers: Any) -> str:
    """What names a state of a file in `If-Range`: a strong ETag, or else its time; empty for neither."""
    etag = headers.get("ETag", "").strip()
    if etag and not etag.startswith("W/"):
        return str(etag)
    return str(headers.get("Last-Modified", "")).strip()
