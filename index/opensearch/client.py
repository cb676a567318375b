"""Requests to a cluster: JSON in and out, another node when one is silent, waiting when it is busy."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.errors import IndexUnusable, UsageError
from index.workspace.search_settings import ADDRESS_VARIABLE, ClusterAddress

if TYPE_CHECKING:
    import urllib3

EXTRA = "pip install 'pressclip[opensearch]'"

FIRST_PATIENCE = 3.0  # seconds

_BUSY = frozenset({429, 502, 503, 504})
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 10.0  # seconds
_log = logging.getLogger(__name__)

Json = dict[str, Any]


class ClusterRefusal(IndexUnusable):
    """The cluster understood a request and would not do it: its status and the kind of its reason."""

    def __init__(self, message: str, *, status: int, kind: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.kind = kind


class Cluster:
    """The nodes behind one address.

    `patience` is how many seconds one request is tried for where no node answers, or where it says
    that it is too busy; little until one has answered, as the address may be wrong. `timeout` is how
    long one answer may take.
    """

    def __init__(self, address: ClusterAddress, *, timeout: float = 60.0) -> None:
        self.address = address
        self.patience = FIRST_PATIENCE
        self._pool, self._headers = _open_pool(address, timeout)
        self._node = 0

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def call(self, method: str, path: str, body: Json | None = None, **options: str) -> Json:
        """One request; raises `IndexUnusable`, and `ClusterRefusal` for what was refused."""
        data = None if body is None else json.dumps(body).encode()
        return self._ask(method, path, data, "application/json", options)

    def bulk(self, lines: Iterable[bytes]) -> list[Json]:
        """Write documents; each line is JSON. What the cluster was too busy for is sent again.

        Returns what became of each that was written. Raises as `call`, and for a document refused.
        """
        waiting = _operations(lines)
        done: list[Json] = []
        pause, end = _FIRST_PAUSE, time.monotonic() + self.patience
        while waiting:
            data = b"\n".join([line for one in waiting for line in one]) + b"\n"
            answer = self._ask("POST", "/_bulk", data, "application/x-ndjson", {})
            again = []
            for operation, item in zip(waiting, answer["items"], strict=True):
                ((_, result),) = item.items()
                if result["status"] in _BUSY:
                    again.append(operation)
                elif result["status"] >= 400 and result["status"] != 404:
                    raise self._refused(result["status"], result, f"article {result['_id']}: ")
                else:
                    done.append(result)
            if again and time.monotonic() > end:
                raise self._busy(f"{len(again):,} articles were turned away")
            if again:
                _log.info("%s: busy: %d articles are sent again", self.address, len(again))
                time.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            waiting = again
        return done

    def _ask(
        self, method: str, path: str, data: bytes | None, kind: str, options: Mapping[str, str]
    ) -> Json:
        pause, end = _FIRST_PAUSE, time.monotonic() + self.patience
        while True:
            status, answer, fault = self._try(method, path, data, kind, options)
            if status and status not in _BUSY:
                break
            if time.monotonic() + pause > end:
                raise self._busy(fault) if status else self._silent(fault)
            _log.info("%s: %s; trying again in %.2g s", self.address, fault, pause)
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        if status in (401, 403):
            raise ClusterRefusal(
                f"{self.address}: the cluster refuses who asks ({status})",
                status=status,
                kind="credentials",
                hint=f"put user:password@ before the host, in ${ADDRESS_VARIABLE}",
            )
        if status >= 400:
            raise self._refused(status, answer)
        return answer

    def _try(
        self, method: str, path: str, data: bytes | None, kind: str, options: Mapping[str, str]
    ) -> tuple[int, Json, str]:
        """One try at one node: status (0 for none), answer, and what to say of it."""
        import urllib3

        root = self.address.roots[self._node % len(self.address.roots)]
        url = f"{root}{path}"
        if options:
            url += "?" + "&".join(f"{name}={value}" for name, value in options.items())
        headers = {**self._headers, "Content-Type": kind}
        try:
            response = self._pool.request(method, url, body=data, headers=headers)
        except urllib3.exceptions.HTTPError as error:
            self._node += 1
            return 0, {}, f"no answer from {root.partition('://')[2]} ({_reason(error)})"
        if response.status in _BUSY:
            self._node += 1
        try:
            answer = json.loads(response.data) if response.data else {}
        except ValueError:
            answer = {}
        if not isinstance(answer, dict) or (
            not answer and response.status < 400 and method != "HEAD"
        ):
            answer = {} if not isinstance(answer, dict) else answer
        return response.status, answer, f"it answers {response.status}"

    def _refused(self, status: int, answer: Json, what: str = "") -> ClusterRefusal:
        error = answer.get("error")
        found = error if isinstance(error, dict) else {}
        for cause in found.get("root_cause") or ():
            found = {**found, **cause}
        deepest = found
        while isinstance(deepest.get("caused_by"), dict):
            deepest = deepest["caused_by"]
        kind = str(found.get("type") or "")
        reason = str(deepest.get("reason") or kind or "no reason given")
        return ClusterRefusal(
            f"{self.address}: {what}{reason[:300]} ({status})", status=status, kind=kind
        )

    def _busy(self, fault: str) -> IndexUnusable:
        return IndexUnusable(
            f"{self.address}: too busy for {self.patience:g} seconds ({fault})",
            hint="try again later; what was written stays, and a push goes on from there",
        )

    def _silent(self, fault: str) -> IndexUnusable:
        return IndexUnusable(
            f"{self.address}: {fault}", hint="is the cluster running, and reachable?"
        )


def _open_pool(
    address: ClusterAddress, timeout: float
) -> tuple[urllib3.PoolManager, dict[str, str]]:
    try:
        import urllib3
    except ImportError:
        raise UsageError("OpenSearch needs an extra that is not installed", hint=EXTRA) from None
    pool = urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=5.0, read=timeout), retries=False, maxsize=4
    )
    if not address.user:
        return pool, {}
    return pool, urllib3.make_headers(basic_auth=f"{address.user}:{address.password}")


def _reason(error: Exception) -> str:
    """The kind of the error alone: its text may repeat what was asked."""
    return {
        "NewConnectionError": "connection refused",
        "ConnectTimeoutError": "no connection in time",
        "ReadTimeoutError": "no answer in time",
        "NameResolutionError": "no such host",
        "SSLError": "its certificate is not trusted",
        "ProtocolError": "connection lost",
    }.get(type(error).__name__, type(error).__name__)


def _operations(lines: Iterable[bytes]) -> list[Sequence[bytes]]:
    """The lines by operation: a deletion has one, any other has its document after it."""
    found: list[Sequence[bytes]] = []
    each = iter(lines)
    for line in each:
        found.append((line,) if line.startswith(b'{"delete"') else (line, next(each)))
    return found
