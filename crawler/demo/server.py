"""The sample outlets' server: a port for each outlet, and a proxy that knows their host names.

Every outlet listens on a port of its own on 127.0.0.1. A crawl reaches them under their made-up
names through the proxy port (`http_proxy`), so that addresses, robots.txt and the archive are those
of the outlets; the proxy answers for them and refuses every other host.

`python -m crawler.demo.server` runs it as a process: its first line of output is a JSON object with
the ports. It obeys the lines `edition N` on its standard input, and ends when that input ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
import threading
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Any, Self, TextIO
from urllib.parse import urlsplit

from crawler.demo.exchange import Request, compose, parse_request
from crawler.demo.site import ServedAnswer, ServedOutlet, Site

LOOPBACK = "127.0.0.1"
MOST_HEADER_BYTES = 65_536
PLAIN = "text/plain; charset=utf-8"
ORDER = re.compile(r"edition ([1-9]\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One line of the request log: from the request's head to its answer.

    Times are seconds of the machine's monotonic clock, `size` the bytes of the answer with its head.
    """

    host: str
    target: str
    method: str
    status: int
    conditional: bool
    agent: str
    size: int
    started: float
    ended: float

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where a site listens: the proxy's port, and one for each host."""

    proxy: int
    outlets: Mapping[str, int]

    @property
    def proxy_url(self) -> str:
        """The value of `http_proxy`."""
        return f"http://{LOOPBACK}:{self.proxy}"

    def to_dict(self) -> dict[str, Any]:
        """A plain dict of JSON values."""
        return {"proxy": self.proxy, "outlets": dict(self.outlets)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(**data)


def _refusal(status: int, reason: str) -> ServedAnswer:
    return ServedAnswer(status=status, media=PLAIN, body=f"{reason}\n".encode())


class SiteServer:
    """Answers for a site until it is closed; `edition` may be changed at any time.

    `note` is called with each visit when its answer is about to be sent.
    """

    def __init__(self, site: Site, *, note: Callable[[Visit], None], edition: int = 1) -> None:
        self.edition = edition
        self._site = site
        self._note = note
        self._visits: Counter[tuple[str, str]] = Counter()
        self._servers: list[asyncio.Server] = []
        self._conversations: set[asyncio.Task[None]] = set()

    async def start(self) -> Ports:
        """Listen on free ports of 127.0.0.1; raises `OSError` when there are none."""
        proxy = await self._listen(None)
        outlets = {host: await self._listen(one) for host, one in self._site.outlets.items()}
        return Ports(proxy=proxy, outlets=MappingProxyType(outlets))

    async def close(self) -> None:
        """Stop listening and drop what is still being said."""
        for server in self._servers:
            server.close()
        for task in self._conversations:
            task.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)

    async def _listen(self, outlet: ServedOutlet | None) -> int:
        server = await asyncio.start_server(
            partial(self._accept, outlet), LOOPBACK, 0, limit=MOST_HEADER_BYTES
        )
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _accept(
        self,
        outlet: ServedOutlet | None,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._conversations.add(task)
        try:
            while await self._exchange(outlet, reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, OSError):
            pass  # the client left, or does not speak HTTP/1: nothing to answer
        except asyncio.CancelledError:
            pass  # close() ends the conversation; the streams of 3.11 would log it as an error
        finally:
            self._conversations.discard(task)
            writer.close()

    async def _exchange(
        self,
        outlet: ServedOutlet | None,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """One request and its answer; False ends the connection."""
        request = parse_request(await reader.readuntil(b"\r\n\r\n"))
        started = monotonic()
        host, target, outlet = self._address(outlet, request)
        answer = self._answer(outlet, host, target, request.method)
        await asyncio.sleep(answer.delay + (outlet.latency if outlet else 0.0))
        extra = outlet.headers if outlet else ()
        status, payload = compose(answer, request, now=datetime.now(UTC), extra=extra)
        visit = Visit(
            host=host,
            target=target,
            method=request.method,
            status=status,
            conditional=request.conditional,
            agent=request.headers.get("user-agent", ""),
            size=len(payload),
            started=started,
            ended=monotonic(),
        )
        self._note(visit)  # before it is sent, so that who has an answer finds it in the log
        writer.write(payload)
        await writer.drain()
        return request.keeps_alive and answer.cut is None and request.method in ("GET", "HEAD")

    def _address(
        self, outlet: ServedOutlet | None, request: Request
    ) -> tuple[str, str, ServedOutlet | None]:
        """The host, the target, and whose they are: an absolute form names its host."""
        if request.target.startswith("/") or outlet is not None:
            return (outlet.host if outlet else ""), request.target, outlet
        url = urlsplit(request.target)
        if url.scheme != "http" or not url.hostname or url.port not in (None, 80):
            return request.target, "", None
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        return url.hostname, target, self._site.outlets.get(url.hostname)

    def _answer(
        self, outlet: ServedOutlet | None, host: str, target: str, method: str
    ) -> ServedAnswer:
        if outlet is None and not host:
            return _refusal(400, "This is the sample outlets' proxy: set http_proxy to it.")
        if outlet is None and host.endswith(".example"):
            return _refusal(502, f"No sample outlet has the name {host}.")
        if outlet is None:
            return _refusal(403, "This proxy answers for the sample outlets only.")
        if method not in ("GET", "HEAD"):
            return _refusal(405, "Only GET and HEAD.")
        visit = self._visits[host, target]
        self._visits[host, target] += 1
        return outlet.page(target).answer(edition=self.edition, visit=visit)


async def run(
    site: Site, *, log: TextIO | None, edition: int, announce: Callable[[Ports], None]
) -> None:
    """Serve until SIGTERM, SIGINT, or the end of the standard input."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = SiteServer(site, note=partial(_write_visit, log), edition=edition)
    announce(await server.start())
    listener = partial(_listen_to_parent, loop, partial(_obey, server), stop.set)
    threading.Thread(target=listener, daemon=True).start()
    await stop.wait()
    await server.close()


def _obey(server: SiteServer, line: str) -> None:
    order = ORDER.fullmatch(line)
    if order:
        server.edition = int(order[1])
    _say(line if order else f"not understood: {line}")


def _listen_to_parent(
    loop: asyncio.AbstractEventLoop, obey: Callable[[str], None], stop: Callable[[], None]
) -> None:
    """Read orders; the unbuffered read holds no lock that would stop the interpreter's end."""
    rest = b""
    while piece := os.read(0, 4096):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            loop.call_soon_threadsafe(obey, line.decode("ascii", "replace").strip())
    loop.call_soon_threadsafe(stop)


def _write_visit(log: TextIO | None, visit: Visit) -> None:
    if log is not None:
        log.write(json.dumps(visit.to_dict()) + "\n")
        log.flush()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _announce(port_file: Path | None, ports: Ports) -> None:
    line = json.dumps(ports.to_dict())
    if port_file is not None:
        part = port_file.with_name(f".{port_file.name}.part")
        part.write_text(line + "\n", "utf-8")
        part.replace(port_file)
    _say(line)


def server_options(description: str) -> ArgumentParser:
    """What every process that serves outlets can be told; a made-up site adds its own options."""
    parser = ArgumentParser(description=description)
    parser.add_argument("--edition", type=_edition, default=1, help="The edition to begin with.")
    parser.add_argument("--port-file", type=Path, help="Write the ports to this file too, as JSON.")
    parser.add_argument(
        "--log", type=Path, help="Append a line of JSON to this file for each request."
    )
    parser.add_argument("--latency", type=_latency, help="Seconds before every answer.")
    return parser


def serve_until_stopped(site: Site, options: Namespace) -> None:
    """Serve a site on free ports of 127.0.0.1 as `server_options` were chosen; see `run`."""
    if options.latency is not None:
        outlets = site.outlets.values()
        site = Site.of(replace(outlet, latency=options.latency) for outlet in outlets)
    with ExitStack() as stack:
        log: Path | None = options.log
        journal = stack.enter_context(log.open("a", encoding="utf-8")) if log else None
        announce = partial(_announce, options.port_file)
        asyncio.run(run(site, log=journal, edition=options.edition, announce=announce))


def _edition(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("an edition is a number from 1 on")
    return int(text)


def _latency(text: str) -> float:
    with suppress(ValueError):
        if 0 <= float(text) <= 60:
            return float(text)
    raise ArgumentTypeError("write seconds, from 0 to 60")


def main() -> None:
    """Serve the sample outlets."""
    from crawler.demo.press import sample_site  # only a process that serves them reads them

    parser = server_options("Serve the sample outlets on free ports of 127.0.0.1.")
    parser.add_argument(
        "--past",
        action="store_true",
        help="As they are years later, with what archives have of them.",
    )
    options = parser.parse_args()
    if options.past:
        from crawler.demo.past_services import sample_past

        serve_until_stopped(sample_past(), options)
    else:
        serve_until_stopped(sample_site(), options)


if __name__ == "__main__":
    main()
