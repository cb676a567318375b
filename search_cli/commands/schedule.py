"""`pressclip schedule`: the timer that crawls what is due."""

from __future__ import annotations

import click

from search_cli.commandline.lazy import LazyGroup, Verb

_VERBS = "crawler.schedule_command"
SECTIONS = {
    "Commands": {
        "show": Verb(
            f"{_VERBS}:show", "Tell how often each story is looked at, and by which timer."
        ),
        "install": Verb(f"{_VERBS}:install", "Write a systemd user timer, or a crontab line."),
        "remove": Verb(f"{_VERBS}:remove", "Stop the timer and delete it."),
    }
}


@click.group(cls=LazyGroup, sections=SECTIONS)
def schedule() -> None:
    """Let the machine crawl what is due.

    EXAMPLES
      pressclip schedule install               a systemd user timer, no root needed
      pressclip schedule install --every 06:30
      pressclip schedule install --cron        print a crontab line instead
      pressclip schedule show
      pressclip schedule remove

    Each run is `crawl --due`, which visits what is due by the stories' [schedule] and by each
    list's own pace; a run that was missed is caught up, one that is still going is not doubled.
    """
