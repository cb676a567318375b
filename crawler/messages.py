"""Where the wire's log lines go while a verb runs: warnings to the terminal, as bare lines."""

from __future__ import annotations

import logging


def start_logging() -> None:
    """Show warnings, unless `-q` or `-v` has set up more or less."""
    if not logging.getLogger().handlers:
        handler = logging.StreamHandler()
        handler.setLevel(logging.WARNING)  # Scrapy opens the loggers to everything
        logging.basicConfig(format="%(message)s", handlers=[handler])
