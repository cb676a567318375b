"""Ways into this machine and out of it that stay shut during a crawl: schemes, ports, names, listeners."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.settings import Settings

from crawler.wire.address_guard import AddressGuard
from crawler.wire.failures import RequestRefused
from tests.test_hostile_wire import Desk, make_desk, serve

# What goes on below Python is replaced by what tells of it: whoever listens, and a resolver that lies.
LISTENING = """
import socket
real = socket.socket.listen
def listen(self, *args):
    if self.family != socket.AF_UNIX:
        open("listened", "a").write(f"{self.getsockname()}\\n")
    real(self, *args)
socket.socket.listen = listen
from search_cli.main import run
raise SystemExit(run())
"""
LYING = """
import socket
socket.gethostbyname = lambda name: "127.0.0.1"
from search_cli.main import run
raise SystemExit(run())
"""


def crawl(root: Path, program: str, url: str, proxy: str = "") -> str:
    """Crawl one URL with a changed program; returns what became of it."""
    make_desk(root)
    environment = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    done = subprocess.run(
        [sys.executable, "-c", program, "crawl", "--urls", "-", "-s", "RETRY_TIMES=0"],
        cwd=root, env={**environment, **({"http_proxy": proxy} if proxy else {})},
        input=url, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    with serve({}) as wire:
        return Desk(root, wire).outcomes()[url.partition("://")[2].removesuffix("/x")]


def settings() -> Settings:
    found = Settings()
    found.setmodule("crawler.settings")
    return found


def test_a_name_that_leads_to_this_machine_is_not_connected_to(tmp_path: Path) -> None:
    # Connected to, port 80 of this machine would refuse: `refused`, or answer.
    assert crawl(tmp_path / "desk", LYING, "http://rebinding.example/x") == "dns"


def test_a_crawl_listens_on_no_port(tmp_path: Path) -> None:
    with serve({}) as wire:
        assert crawl(tmp_path / "desk", LISTENING, "http://a.example/x", wire.proxy) == "http-404"
    assert not (tmp_path / "desk" / "listened").exists()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "url-scheme"),
        ("data:text/html,x", "url-scheme"),
        ("ftp://a.example/x", "url-scheme"),
        ("s3://bucket/x", "url-scheme"),
        ("javascript:alert(1)", "url-scheme"),
        ("http://a.example:22/", "blocked-port"),
        ("https://a.example:8443/", "blocked-port"),
    ],
)
def test_other_schemes_and_ports_are_refused(url: str, code: str) -> None:
    request = Request("http://a.example/")
    request._url = url  # a redirect may set what Scrapy itself would not build
    with pytest.raises(RequestRefused) as refused:
        AddressGuard(allow_private=False).process_request(request)
    assert refused.value.code == code


def test_there_is_no_handler_for_another_scheme() -> None:
    handlers = settings().getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_an_answer_has_thirty_seconds() -> None:
    assert settings().getfloat("DOWNLOAD_TIMEOUT") == 30
