"""The user's command for news: filled in as arguments, never through a shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import UsageError
from search_cli.automation.alert import alert_arguments

VALUES = {
    "new": "3",
    "story": "balloon",
    "title": "A balloon",
    "headline": "$(rm x); '\" {new}",
    "url": "u",
}


@pytest.mark.parametrize(
    ("template", "arguments"),
    [
        (
            "notify-send pressclip '{new} new on {story}'",
            ["notify-send", "pressclip", "3 new on balloon"],
        ),
        ("say {headline}", ["say", "$(rm x); '\" {new}"]),
        ("say '{headline} {new}'", ["say", "$(rm x); '\" {new} 3"]),
        ("awk '{print}' {other} {", ["awk", "{print}", "{other}", "{"]),
    ],
    ids=["design", "hostile", "once", "braces"],
)
def test_a_value_stays_within_its_argument(template: str, arguments: list[str]) -> None:
    assert alert_arguments(template, VALUES) == arguments


def test_quotes_that_do_not_close_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run"):
        alert_arguments("say 'x", VALUES)
