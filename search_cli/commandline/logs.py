"""Where log lines go while a verb runs: to the terminal, more of them with -v, fewer with -q."""

from __future__ import annotations

from search_cli.session import Session


def set_logging(session: Session) -> None:
    """Log lines of the rooms below: more with -v, none under an error with -q."""
    if not (session.quiet or session.verbose):
        return
    import logging

    level = logging.ERROR if session.quiet else logging.INFO
    handler = logging.StreamHandler()
    handler.setLevel(level)  # Scrapy opens the root logger to everything; the handler decides
    logging.basicConfig(level=level, format="%(name)s: %(message)s", handlers=[handler], force=True)


def show_warnings() -> None:
    """Show warnings as bare lines, unless `-q` or `-v` has set up more or less."""
    import logging

    if not logging.getLogger().handlers:
        handler = logging.StreamHandler()
        handler.setLevel(logging.WARNING)  # Scrapy opens the loggers to everything
        logging.basicConfig(format="%(message)s", handlers=[handler])
