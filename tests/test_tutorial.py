"""Every command of the tutorial, run in its order against the made-up newspapers."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.demo.serving import SiteProcess
from tests.transcripts import steps, unsaid

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"


@pytest.mark.timeout(600)
def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    """Thirty processes, some twenty-five seconds of CPU: it adds newspapers and crawls for real."""
    assert len(list(steps(PAGE))) > 20
    with SiteProcess("--edition", "2") as outlets:
        assert unsaid(PAGE, tmp_path, http_proxy=outlets.ports.proxy_url) == []
    page = (tmp_path / "desk" / "balloon.html").read_text("utf-8")
    assert "US fighter jet shoots down Chinese balloon" in page
