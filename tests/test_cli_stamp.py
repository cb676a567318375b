"""`stamp`: time from others, by a real authority (openssl) on loopback; what does not hold is one line."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

from index.archive import Archive
from index.evidence.bundle import with_sums, write_zip
from index.evidence.by_hand import stamp_commands
from index.evidence.merkle import climb, path_of, root_of
from index.evidence.stamping import is_due, read_state
from index.evidence.stamps import leaf_of
from index.store import StoreWriter
from index.workspace import Workspace
from search_cli.automation.stamping import stamp_daily
from tests.test_cli_export import Command
from tests.test_cli_prove import PAGE, by_hand, files_of, proved
from tests.tsa import make_authority, serve_authority

__all__ = ["proved"]
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")

# Of Certificate Transparency's own tests: the leaves, and the root over all of them.
CT_LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
CT_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_the_tree_is_that_of_rfc_6962() -> None:
    assert root_of(CT_LEAVES).hex() == CT_ROOT
    assert root_of([]) == hashlib.sha256().digest()


@pytest.mark.parametrize("size", range(1, 18))
def test_from_every_leaf_a_path_leads_to_the_root(size: int) -> None:
    leaves = [b"%d" % number for number in range(size)]
    for place, leaf in enumerate(leaves):
        path = path_of(leaves, place)
        assert climb(leaf, place, size, path) == root_of(leaves)
        with pytest.raises(ValueError, match="too"):
            climb(leaf, place, size, [*path, b"x"])
        if path:
            with pytest.raises(ValueError, match="too short"):
                climb(leaf, place, size, path[:-1])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address and root certificate of an authority."""
    folder = tmp_path_factory.mktemp("tsa") / "a"
    roots = make_authority(folder)
    with serve_authority(folder) as address:
        yield address, roots


def configure(desk: Path, address: str, *, roots: str = "") -> None:
    lines = ["allow_private = true", "[evidence]", f'tsa = "{address}"']
    if roots:
        lines.append(f'roots = "{roots}"')
    (desk / "workspace.toml").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture
def stamped(proved: Path, authority: tuple[str, Path], pressclip: Command) -> Path:
    """The bundle of an article whose captures were stamped."""
    configure(proved, authority[0], roots=str(authority[1]))
    said = pressclip("stamp")
    assert said.status == 0, said.err
    assert "2 captures, stamped 20" in said.err
    assert "by CN=Example TSA\n" in said.err
    assert pressclip("prove", PAGE.url, "-o", "b.zip").status == 0
    return proved / "b.zip"


def test_a_bundle_says_since_when_and_by_whom(
    stamped: Path, authority: tuple[str, Path], pressclip: Command
) -> None:
    said = pressclip("verify", "--bundle", str(stamped), "--roots", str(authority[1]))
    assert said.status == 0, said.err
    assert f"UTC: {PAGE.url}\n" in said.err
    assert "by CN=Example TSA; it leads to the certificates of --roots" in said.err
    said = pressclip("verify", "--bundle", str(stamped))
    assert "it leads to the certificates in the bundle" in said.err


@pytest.mark.skipif(not shutil.which("unzip"), reason="unzip is not installed")
def test_what_the_page_tells_to_do_checks_the_stamp(stamped: Path, tmp_path: Path) -> None:
    done = by_hand(stamped, tmp_path / "a")
    assert done.returncode == 0, done.stderr
    assert "Verification: OK" in done.stdout + done.stderr
    assert "Time stamp: " in done.stdout
    root = json.loads(files_of(stamped)["manifest.json"])["stamps"][0]["root"]
    assert (tmp_path / "a" / "evidence" / "root").read_bytes().hex() == root


def test_the_lines_of_the_page_climb_any_tree() -> None:
    record = {
        "url": "https://w.example/it's",
        "fetched": "2023-02-04T12:00:00Z",
        "digest": "sha256:A",
    }
    leaves = sorted([leaf_of(*record.values()), *(b"%032d" % number for number in range(6))])
    place = leaves.index(leaf_of(*record.values()))
    path = [one.hex() for one in path_of(leaves, place)]
    said = {
        "token": "t.tsr",
        "place": place,
        "size": 7,
        "path": path,
        "root": root_of(leaves).hex(),
    }
    lines = [
        line for line in stamp_commands(said, record) if not line.startswith(("openssl", "test"))
    ]
    done = subprocess.run(
        ["bash", "-c", "\n".join([*lines, "echo $a"])], capture_output=True, text=True
    )
    assert done.stdout.strip() == root_of(leaves).hex()


def test_what_is_stamped_is_not_stamped_again(stamped: Path, pressclip: Command) -> None:
    said = pressclip("stamp")
    assert (said.status, "every capture is already time-stamped" in said.err) == (1, True)


def test_a_foreign_authority_is_not_believed(
    stamped: Path, pressclip: Command, tmp_path: Path
) -> None:
    other = make_authority(tmp_path / "other", name="Other TSA")
    said = pressclip("verify", "--bundle", str(stamped), "--roots", str(other), "--json")
    assert said.status == 4
    assert "leads to none of the trusted certificates" in said.out


def test_a_stamp_of_something_else_shows(
    stamped: Path, authority: tuple[str, Path], pressclip: Command
) -> None:
    files = files_of(stamped)
    del files["SHA256SUMS"]
    manifest = json.loads(files["manifest.json"])
    manifest["stamps"][0]["path"][0] = "00" * 32
    files["manifest.json"] = json.dumps(manifest).encode()
    with stamped.open("wb") as file:
        write_zip(file, with_sums(files))
    said = pressclip("verify", "--bundle", str(stamped), "--json")
    assert (said.status, "the time stamp is of something else" in said.out) == (4, True)


def test_a_certificate_that_had_run_out_is_not_believed(
    proved: Path, pressclip: Command, tmp_path: Path
) -> None:
    from index.evidence.timestamps import TimestampError, make_request, read_roots, read_token

    folder = tmp_path / "old"
    roots = make_authority(folder, days=-1)
    request = make_request(b"x")
    (folder / "q.tsq").write_bytes(request.as_bytes())
    made = subprocess.run(
        ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-signer", "tsa.pem",
         "-inkey", "tsa.key", "-out", "a.tsr"], cwd=folder, capture_output=True,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("this openssl signs with no certificate that has run out")
    with pytest.raises(TimestampError, match="was not valid at the time"):
        read_token((folder / "a.tsr").read_bytes(), b"x", roots=read_roots(roots.read_bytes(), "r"))


@contextlib.contextmanager
def bad_authority(status: int, kind: str, body: bytes, *, location: str = "") -> Iterator[str]:
    """Its address; every request is answered so, what ends with a dot drips for six seconds more."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if location:
                self.send_header("Location", location)
            endless = body.endswith(b".")
            self.send_header("Content-Length", str(len(body) + 60 * endless))
            self.end_headers()
            self.wfile.write(body)
            with contextlib.suppress(OSError):
                for _ in range(60 * endless):
                    if ended.wait(0.1):
                        break
                    self.wfile.write(b".")

        def log_message(self, *_: object) -> None:
            pass

    ended = Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr?key=hush"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((200, "text/html", b"<html>Welcome"), "it answered with a web page (text/html)"),
        ((503, "text/plain", b"down"), "it answered 503"),
        ((302, "text/html", b""), "it answered 302"),
        ((200, "application/timestamp-reply", b"\x30\x03\x02\x01"), "no time stamp in DER (RFC 3161)"),
        ((200, "application/timestamp-reply", b""), "no time stamp in DER (RFC 3161)"),
        ((200, "application/timestamp-reply", b"x" * (1 << 20) + b"y"), "over 1 MiB"),
        ((200, "application/timestamp-reply", b"slow."), "timed out"),
    ],
    ids=["html", "error", "redirect", "cut", "empty", "huge", "slow"],
)  # fmt: skip
def test_a_bad_answer_is_one_line_without_the_key(
    proved: Path,
    pressclip: Command,
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[int, str, bytes],
    told: str,
) -> None:
    monkeypatch.setattr("search_cli.commands.stamp.PATIENCE", 0.5)
    with bad_authority(*answer, location="http://127.0.0.1:1/") as address:
        configure(proved, address)
        said = pressclip("stamp")
    assert (said.status, told in said.err) == (4, True), said.err
    assert "Traceback" not in said.err
    assert "hush" not in said.err + pressclip("status").out
    assert told in pressclip("status", "--json").out


def test_an_authority_that_is_down_is_one_line(proved: Path, pressclip: Command) -> None:
    configure(proved, "http://127.0.0.1:9/tsr")
    said = pressclip("stamp")
    assert said.status == 4
    assert "http://127.0.0.1:9/tsr: no time stamp: " in said.err
    assert "nothing is lost" in said.err
    assert "Traceback" not in said.err


def test_a_certificate_that_has_run_out_is_one_line_and_no_stamp(
    proved: Path, pressclip: Command, tmp_path: Path
) -> None:
    roots = make_authority(tmp_path / "old", days=-1)
    with serve_authority(tmp_path / "old") as address:
        configure(proved, address, roots=str(roots))
        said = pressclip("stamp")
    assert said.status == 4
    assert "the authority's certificate was not valid at the time of the stamp" in said.err
    assert not list((proved / "data" / "stamps").glob("*.json"))


def test_a_foreign_certificate_is_one_line_and_no_stamp(
    proved: Path, pressclip: Command, authority: tuple[str, Path], tmp_path: Path
) -> None:
    configure(proved, authority[0], roots=str(make_authority(tmp_path / "other", name="Other TSA")))
    said = pressclip("stamp")
    assert said.status == 4
    assert "leads to none of the trusted certificates" in said.err
    assert not list((proved / "data" / "stamps").glob("*.json"))


def test_a_stamp_of_another_digest_is_one_line_and_no_stamp(
    stamped: Path, pressclip: Command
) -> None:
    (stamp,) = (stamped.parent / "data" / "stamps").glob("*.json")
    token = b64decode(json.loads(stamp.read_text())["token"])
    stamp.unlink()
    with Archive(stamped.parent / "data" / "archive") as archive:
        capture = archive.append(replace(PAGE, fetched=PAGE.fetched + timedelta(hours=3)))
    with StoreWriter.open(stamped.parent / "data" / "pressclip.db") as store:
        store.captures.add(capture, outlet="w.example")
    with bad_authority(200, "application/timestamp-reply", token) as address:
        configure(stamped.parent, address)
        said = pressclip("stamp")
    assert (said.status, "the time stamp is of something else" in said.err) == (4, True)
    assert not list((stamped.parent / "data" / "stamps").glob("*.json"))


def test_a_password_in_the_address_is_refused_and_never_told(
    proved: Path, pressclip: Command
) -> None:
    configure(proved, "https://me:hush@tsa.example/tsr")
    for command in (["stamp"], ["status"], ["doctor"]):
        said = pressclip(*command)
        assert "hush" not in said.out + said.err
    assert "[evidence] tsa" in said.err or "evidence.tsa" in said.err + said.out, said.err


def test_a_crawl_has_its_captures_stamped_once_a_day(
    proved: Path, authority: tuple[str, Path]
) -> None:
    configure(proved, authority[0], roots=str(authority[1]))
    workspace = Workspace.load(proved)
    assert stamp_daily(workspace).startswith("2 captures stamped 20")
    assert stamp_daily(workspace) == ""
    state = read_state(workspace)
    assert state is not None
    assert (state.captures, state.authority, state.failed) == (2, "CN=Example TSA", "")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert is_due(state, tomorrow)
    assert stamp_daily(workspace, now=tomorrow) == ""  # nothing new to stamp


def test_a_crawl_never_waits_for_an_authority_that_is_slow(
    proved: Path, pressclip: Command, authority: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_cli.automation.stamping.PATIENCE", 0.3)
    with bad_authority(200, "application/timestamp-reply", b"slow.") as address:
        configure(proved, address)
        told = stamp_daily(Workspace.load(proved))
    assert told.startswith("no time stamp today: http://127.0.0.1:")
    assert told.endswith("timed out; the next crawl tries again")
    assert "no time stamp at " in pressclip("status", "-f", "table").out
    configure(proved, authority[0], roots=str(authority[1]))
    monkeypatch.undo()
    assert stamp_daily(Workspace.load(proved)).startswith("2 captures stamped 20")


def test_status_says_what_is_stamped(
    proved: Path, pressclip: Command, authority: tuple[str, Path]
) -> None:
    configure(proved, authority[0])
    assert "time stamps: none yet" in pressclip("status", "-f", "table").out
    assert pressclip("stamp").status == 0
    shown = pressclip("status", "-f", "table").out
    assert "time stamps: 2 of 2 captures, newest 20" in shown
    assert "by CN=Example TSA" in shown
    assert "no time stamp at" not in shown


def test_roots_that_are_missing_are_no_failure_of_a_crawl(
    proved: Path, authority: tuple[str, Path]
) -> None:
    configure(proved, authority[0], roots="nowhere.pem")
    assert "nowhere.pem: No such file" in stamp_daily(Workspace.load(proved))


def test_without_an_authority_it_says_what_to_write(proved: Path, pressclip: Command) -> None:
    said = pressclip("stamp")
    assert (said.status, "[evidence] tsa" in said.err) == (2, True)
    configure(proved, "ftp://x")
    assert pressclip("stamp").status == 2
