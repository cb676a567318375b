"""The user's own command, run when a crawl brought something new for a story."""

from __future__ import annotations

import logging
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.errors import UsageError
from index.store import Store
from index.workspace.story import Story

TIMEOUT = 60.0  # seconds
FIELDS = ("story", "title", "new", "headline", "url")

logger = logging.getLogger(__name__)


def alert_arguments(template: str, values: Mapping[str, str]) -> list[str]:
    """The command as arguments: split as a shell splits, then filled in; no shell ever reads it.

    Fields are those of `FIELDS`; a brace that names none stays. A value is always within one
    argument, whatever it holds. Raises `UsageError` for quotes that do not close.
    """
    try:
        words = shlex.split(template)
    except ValueError as error:
        raise UsageError(f"[alert] run: {error}: {template}") from error
    return [_filled(word, values) for word in words]


def raise_alerts(
    stories: Sequence[Story], news: Mapping[str, Sequence[str]], database: Path
) -> None:
    """Run the command of each story that has new articles; what goes wrong is said in the log."""
    with Store.open(database) as store:
        for story in stories:
            ids = news.get(story.id, ())
            if story.alert_run and ids:
                _run(alert_arguments(story.alert_run, _values(story, ids, store)), story)


def _values(story: Story, ids: Sequence[str], store: Store) -> dict[str, str]:
    newest = store.articles.get(ids[-1:])[ids[-1]].article
    values = (story.id, story.title, str(len(ids)), newest.title, newest.url)
    return dict(zip(FIELDS, values, strict=True))


def _filled(word: str, values: Mapping[str, str]) -> str:
    """One pass from the left, so that a headline with braces in it is not filled in again."""
    parts = word.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        known = bool(closed) and name in values
        filled.append(f"{values[name].replace(chr(0), '')}{rest}" if known else "{" + part)
    return "".join(filled)


def _run(arguments: list[str], story: Story) -> None:
    try:
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, timeout=TIMEOUT, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        logger.warning("stories/%s.toml: [alert] run: %s", story.id, error)
        return
    if done.returncode:
        logger.warning("stories/%s.toml: [alert] run: exit %d", story.id, done.returncode)
