"""The desk in a real browser: Debian's Chromium, driven by Playwright; skipped where it is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.article import Verdict
from index.fulltext.indexer import update_index
from index.store import StoreWriter
from tests.conftest import ARTICLES, add_article
from tests.serving import TOKEN, Served, serving

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}

if not CHROMIUM.exists():
    pytest.skip(f"no browser: {CHROMIUM} is not there", allow_module_level=True)
pytest.importorskip("playwright.sync_api")
pytest.importorskip("axe_playwright_python.sync_playwright")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture
def desk(corpus: Path) -> Iterator[Served]:
    """A desk with a borderline article, served with review."""
    url = "https://matin.example/maybe"
    article = replace(
        ARTICLES[5], url=url, canonical_url=url, title="Perhaps a balloon",
        text="A white thing was over the county fair, said a clerk.",
    )  # fmt: skip
    verdict = Verdict(story="balloon", decision="borderline", score=0.5, reasons=("unsure",))
    with StoreWriter.open(corpus / "data" / "pressclip.db") as store:
        add_article(store, article, verdict)
        update_index(store, corpus / "data" / "index")
    with serving(corpus, review=True) as served:
        yield served


def open_page(browser: Any, size: str = "desktop", **options: Any) -> tuple[Any, list[str]]:
    """A page of a fresh browser, and what it complains about."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def addresses(page: Any, desk: Served) -> list[str]:
    page.goto(f"{desk.url}/enter?token={TOKEN}")
    page.goto(f"{desk.url}/?q=balloon")
    article = page.locator(".hits h2 a").first.get_attribute("href")
    path = article.partition("?")[0]
    return [
        "/", "/?q=balloon&f=lang:en", "/?q=nowhere", article, f"{path}/versions", f"{path}/family",
        f"{path}/evidence", "/timeline?by=lang", "/families", "/counts/outlet", "/review/balloon",
        "/compare?by=lang", "/keywords?q=balloon&min=1&in=1", "/collocates?word=balloon&min=1",
        "/kwic?q=balloon", "/quotes", "/quotes?by=speaker", "/edits",
    ]  # fmt: skip


@pytest.mark.parametrize("size", list(SIZES))
def test_every_page_can_be_read_by_everybody_and_fits_the_screen(
    browser: Any, desk: Served, size: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, complaints = open_page(browser, size)
    for address in addresses(page, desk):
        page.goto(desk.url + address)
        found = Axe().run(page, options=RULES).response["violations"]
        assert not found, (address, [(one["id"], one["nodes"][0]["html"]) for one in found])
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), address
    assert not complaints


def test_the_desk_is_searched_by_keyboard_alone(browser: Any, desk: Served) -> None:
    page, _ = open_page(browser)
    page.goto(f"{desk.url}/?q=fair")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("balloon")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=balloon*")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.hits h2')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")
    assert "balloon" in page.inner_text("main").lower()


def test_a_study_is_asked_for_by_keyboard_alone(browser: Any, desk: Served) -> None:
    page, complaints = open_page(browser)
    page.goto(f"{desk.url}/collocates?q=balloon")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "o-word":
            break
    page.keyboard.type("balloon")
    page.keyboard.press("Enter")
    page.wait_for_url("**/collocates?q=balloon&word=balloon*")
    assert "balloon stands" in page.inner_text("main") or page.locator("tbody tr").count()
    assert not complaints


def test_a_borderline_article_is_decided_with_one_key(browser: Any, desk: Served) -> None:
    page, complaints = open_page(browser)
    page.goto(f"{desk.url}/enter?token={TOKEN}")
    page.goto(f"{desk.url}/review/balloon")
    assert "Perhaps a balloon" in page.inner_text("main")
    page.keyboard.press("n")
    page.wait_for_selector("text=Nothing waits here")
    page.keyboard.press("u")
    page.wait_for_selector("text=Perhaps a balloon")
    assert not complaints


def test_all_of_it_works_without_scripts(browser: Any, desk: Served) -> None:
    page, _ = open_page(browser, java_script_enabled=False)
    page.goto(f"{desk.url}/enter?token={TOKEN}")
    page.goto(f"{desk.url}/review/balloon")
    page.click("button:has-text('It belongs')")
    page.wait_for_selector("text=Nothing waits here")
    page.click("button:has-text('Bring verdicts')")
    page.fill("#q", "Perhaps")
    page.click("button:has-text('Search')")
    assert page.inner_text(".hits h2 a") == "Perhaps a balloon"


def test_a_page_of_another_site_cannot_decide(browser: Any, desk: Served) -> None:
    page, _ = open_page(browser)
    page.goto(f"{desk.url}/enter?token={TOKEN}")
    form = (
        f"<form method=post action='{desk.url}/review/balloon'><input name=token value={TOKEN}>"
        "<input name=decision value=undo><button>go</button></form>"
    )
    page.goto(f"data:text/html,{form}")
    page.click("button")
    page.wait_for_selector("text=nothing was done")
