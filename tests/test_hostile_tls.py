"""A certificate that is not valid, a port where nobody is, a name that nobody has: told apart."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.test_hostile_wire import GOOD, Desk, make_desk, serve


def self_signed(folder: Path) -> Path:
    """A certificate for localhost that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


class Page(http.server.BaseHTTPRequestHandler):
    """One article; no robots.txt."""

    def do_GET(self) -> None:
        status, body = (404, b"") if self.path == "/robots.txt" else (200, GOOD)
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serve_tls(folder: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def crawl(root: Path, url: str, outlets: str = "") -> tuple[Desk, set[str]]:
    make_desk(root, outlets)
    (root / "workspace.toml").write_text("delay = 0.0\nallow_private = true\n")
    with serve({}) as wire:
        desk = Desk(root, wire)
        desk.crawl(urls=[url], proxy=False)
        return desk, {row[0] for row in desk.rows("SELECT outcome FROM ledger")}


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with serve_tls(tmp_path) as port:
        desk, outcomes = crawl(tmp_path / "desk", f"https://localhost:{port}/x")
    assert outcomes == {"tls"}
    assert desk.archived() == []


def test_the_user_can_excuse_one_outlet_from_it(tmp_path: Path) -> None:
    with serve_tls(tmp_path) as port:
        outlet = f'[[outlet]]\nid = "self"\nurl = "https://localhost:{port}/"\nverify_tls = false\n'
        _, outcomes = crawl(tmp_path / "desk", f"https://localhost:{port}/x", outlet)
    assert outcomes == {"kept"}


def test_the_excuse_of_one_outlet_is_not_another_s(tmp_path: Path) -> None:
    with serve_tls(tmp_path) as port, serve_tls(tmp_path) as other:
        outlet = (
            f'[[outlet]]\nid = "self"\nurl = "https://localhost:{other}/"\nverify_tls = false\n'
        )
        _, outcomes = crawl(tmp_path / "desk", f"https://localhost:{port}/x", outlet)
    assert outcomes == {"tls"}


def test_a_port_where_nobody_listens_is_refused(tmp_path: Path) -> None:
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))  # bound, and not listening
        _, outcomes = crawl(tmp_path / "desk", f"http://127.0.0.1:{held.getsockname()[1]}/x")
    assert outcomes == {"refused"}


def test_a_name_that_nobody_has_is_dns(tmp_path: Path) -> None:
    try:
        socket.getaddrinfo("no-such-host.invalid", 80)
    except OSError:
        pass
    else:
        pytest.skip("this machine's resolver answers for every name")
    _, outcomes = crawl(tmp_path / "desk", "http://no-such-host.invalid/x")
    assert outcomes == {"dns"}
