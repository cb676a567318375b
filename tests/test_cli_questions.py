"""A question that nobody can answer: the option is named before anything is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Said


@pytest.mark.parametrize(
    ("line", "question", "option"),
    [
        ("forget prairie-courier.example", "Forget it for good?", "--no-input"),
        ("schedule install", "Install and start?", "--no-input or --print"),
        ("story quality balloon", "Does it belong?", "a terminal, or pressclip review balloon"),
    ],
)
def test_with_stdin_closed_the_option_is_all_that_is_shown(
    corpus: Path, own_process: Callable[..., Said], line: str, question: str, option: str
) -> None:
    said = own_process("-C", str(corpus), *line.split())
    assert (said.status, said.out) == (2, "")
    first, hint = said.err.splitlines()
    assert first == f"error: no answer to “{question}”: standard input is closed"
    assert hint.startswith(f"hint: use {option}")


def test_answers_that_come_in_a_pipe_are_taken(
    corpus: Path, own_process: Callable[..., Said]
) -> None:
    said = own_process("-C", str(corpus), "forget", "prairie-courier.example", answer="n\n")
    assert "Forget it for good?" in said.err
    assert said.status == 130
