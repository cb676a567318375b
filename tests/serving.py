"""A desk served on a port of this machine, in a thread, and a browser's questions to it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

import uvicorn
from lxml import html

from search_cli.serve.app import make_app
from search_cli.serve.desk import ServedDesk
from search_cli.serve.review_pages import BrowserReview
from search_cli.serve.server import Address, listen

TOKEN = "token-of-a-test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was answered."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)

    @property
    def articles(self) -> int:
        """How many articles the page of a search counts."""
        counts = self.tree.cssselect("p.counts strong")
        return int(counts[0].text.replace(",", ""))


@dataclass(slots=True)
class Served:
    """A desk that is served, and what to ask of it."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Page:
        return self._ask("GET", path, "", headers)

    def search(self, query: str, *filters: str, **more: str) -> Page:
        pairs = [("q", query), *(("f", text) for text in filters), *more.items()]
        return self.get(f"/?{urlencode(pairs, errors='replace')}")

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> Page:
        own = {"Origin": self.url, "Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(form), own | headers)

    def enter(self, token: str = TOKEN) -> Page:
        page = self.get(f"/enter?token={quote(token)}")
        if found := re.match(r"([^=]+)=([^;]+)", page.headers.get("set-cookie", "")):
            self.cookies[found[1]] = found[2]
        return page

    def _ask(self, method: str, path: str, body: str, headers: Mapping[str, str]) -> Page:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, sent | ({"Cookie": cookie} if cookie else {}))
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Page(status=answer.status, text=answer.read().decode(), headers=names)
        finally:
            connection.close()


@contextmanager
def serving(root: Path, *, review: bool = False) -> Iterator[Served]:
    """The desk of a folder, until the block ends."""
    desk = ServedDesk(root)
    address = Address(host="127.0.0.1", port=0)
    app = make_app(desk, address.allowed, BrowserReview(desk, TOKEN) if review else None)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, ws="none", lifespan="on",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with listen(address) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Served(port)
        finally:
            server.should_exit = True
            thread.join(30)
