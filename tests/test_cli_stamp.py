"""`stamp`: time from others, by a real authority (openssl) on loopback; what does not hold is one line."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.evidence.bundle import with_sums, write_zip
from index.evidence.merkle import climb, path_of, root_of
from tests.test_cli_export import Command
from tests.test_cli_prove import PAGE, files_of, proved
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


def test_openssl_verifies_the_stamp_as_the_page_says(stamped: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(stamped) as bundle:
        bundle.extractall(folder)
    (said,) = json.loads((folder / "manifest.json").read_text())["stamps"]
    (folder / "root").write_bytes(bytes.fromhex(said["root"]))
    command = ["openssl", "ts", "-verify", "-data", "root", "-in", said["token"], "-CAfile"]
    done = subprocess.run(
        [*command, "stamps/roots.pem"], cwd=folder, capture_output=True, text=True
    )
    assert "Verification: OK" in done.stdout + done.stderr
    assert f"in {said['token']} -CAfile" in (folder / "README.html").read_text()


def test_what_is_stamped_is_not_stamped_again(stamped: Path, pressclip: Command) -> None:
    said = pressclip("stamp")
    assert (said.status, "every capture has its time stamp" in said.err) == (1, True)


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


def test_an_authority_that_is_down_is_one_line(proved: Path, pressclip: Command) -> None:
    configure(proved, "http://127.0.0.1:9/tsr")
    said = pressclip("stamp")
    assert said.status == 4
    assert "http://127.0.0.1:9/tsr: no time stamp: " in said.err
    assert "nothing is lost" in said.err
    assert "Traceback" not in said.err


def test_without_an_authority_it_says_what_to_write(proved: Path, pressclip: Command) -> None:
    said = pressclip("stamp")
    assert (said.status, "[evidence] tsa" in said.err) == (2, True)
    configure(proved, "ftp://x")
    assert pressclip("stamp").status == 2
