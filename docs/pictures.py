"""Makes the two pictures of the README from a desk of the demo: its report, and the desk in a browser.

    pressclip demo somewhere && python docs/pictures.py somewhere

It needs the extras `serve` and `pictures`, Playwright (of the extra `test`) and Debian's Chromium.
Without a folder it runs the demo by itself.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).parent / "pictures"
PRESSCLIP = [sys.executable, "-m", "search_cli.main"]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZE = {"width": 900, "height": 560}


def make(desk: Path, browser: Any) -> None:
    """Write both pictures of a desk."""
    page = browser.new_page(viewport=SIZE)
    report = desk.resolve() / "balloon.html"
    call(desk, "report", "balloon", "-o", str(report))
    page.goto(report.as_uri())
    page.screenshot(path=PICTURES / "report.png")
    served = subprocess.Popen(
        [*PRESSCLIP, "-C", str(desk), "serve", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        page.goto(address_of(served) + "?q=balloon+pentagon")
        page.screenshot(path=PICTURES / "browser.png")
    finally:
        served.terminate()
        served.wait()


def address_of(served: subprocess.Popen[str]) -> str:
    """The address that `serve` prints; raises `OSError` when it ends without one."""
    assert served.stdout is not None
    for line in served.stdout:
        for word in line.split():
            if word.startswith("http://127.0.0.1"):
                return word.rstrip("/.,") + "/"
    raise OSError("pressclip serve did not start")


def call(folder: Path, *arguments: str) -> None:
    """Run a verb on the desk; raises `CalledProcessError` when it fails."""
    subprocess.run([*PRESSCLIP, "-C", str(folder), *arguments], check=True)


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as scratch, sync_playwright() as playwright:
        desk = Path(sys.argv[1]) if sys.argv[1:] else Path(scratch) / "balloon-demo"
        if not desk.exists():
            subprocess.run([*PRESSCLIP, "demo", str(desk)], check=True)
        make(desk, playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS)))
