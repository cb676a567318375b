from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index.corpus.export_record import FIELDS as RECORD_KEYS
from index.query import FIELDS, parse
from index.workspace import Workspace
from search_cli.commandline.topics import PAGES
from tests.conftest import Said

ROOT = Path(__file__).parents[1]
PATHS = os.environ | {"PYTHONPATH": str(ROOT)}
EXAMPLES = re.compile(r"^  (\S.*?)(?:  |$)")


def test_the_page_on_the_command_line_is_current() -> None:
    command = [sys.executable, "-m", "cogapp", "--check", "docs/cli.md"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"run: cog -r docs/cli.md\n{done.stdout}"


def test_every_verb_and_topic_has_a_manual_page_that_can_be_set(
    pressclip: Callable[..., Said], tmp_path: Path
) -> None:
    said = pressclip("help", "--man", str(tmp_path / "man"))
    assert (said.status, said.out) == (0, "")
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "man").rglob("*.[17]")}
    assert f"wrote {len(pages)} pages" in said.err
    assert {"pressclip.1", "pressclip-story-new.1", "pressclip-query.7"} <= set(pages)
    assert "pressclip\\-search \\- Find articles\n" in pages["pressclip-search.1"]
    requests = {
        line for page in pages.values() for line in page.splitlines() if line.startswith((".", "'"))
    }
    assert {line.split()[0] for line in requests} == {".TH", ".SH", ".nf", ".fi"}


def example_lines(page: str) -> list[str]:
    """What stands at the left of a help page's lines, but for words that stand for another."""
    text = (PAGES / f"{page}.txt").read_text("utf-8")
    found = [match[1] for line in text.splitlines() if (match := EXAMPLES.match(line))]
    return [
        line for line in found if not line.startswith(("pressclip ", "--")) and ":X" not in line
    ]


@pytest.mark.parametrize("example", [*example_lines("query"), *example_lines("dates")])
def test_every_query_of_the_help_can_be_read(example: str) -> None:
    parse(example.replace("NOT festival)", "NOT festival"), saved={"week": "date:7d"})


def test_every_field_that_the_help_names_is_one() -> None:
    named = set(re.findall(r"([a-z]+):X", (PAGES / "fields.txt").read_text("utf-8")))
    assert named <= set(FIELDS)
    assert {"title", "author", "outlet", "lang", "date", "seen", "story", "is"} <= named


def test_the_files_of_the_documentation_are_well_formed(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "files.md").read_text("utf-8")
    workspace, outlets, story = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "stories").mkdir()
    (tmp_path / "workspace.toml").write_text(workspace, "utf-8")
    (tmp_path / "outlets.toml").write_text(outlets, "utf-8")
    (tmp_path / "stories" / "balloon.toml").write_text(story, "utf-8")
    assert list(Workspace.load(tmp_path).stories()) == ["balloon"]


def test_every_key_of_a_record_is_documented() -> None:
    text = (ROOT / "docs" / "files.md").read_text("utf-8")
    assert set(RECORD_KEYS) <= set(re.findall(r"`(\w+)`", text))
