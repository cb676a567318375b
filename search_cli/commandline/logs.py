"""Where log lines go while a verb runs: to the terminal, more of them with -v, fewer with -q."""

from __future__ import annotations

from search_cli.session import Session


def set_logging(session: Session) -> None:
    """Log lines of the rooms below: more with -v, none under an error with -q."""
    if not (session.quiet or session.verbose):
        return
    import logging

    from search_cli.commandline.log_format import OneLine, send

    if session.quiet:
        send(OneLine(), logging.ERROR)
    else:
        send(logging.Formatter("%(name)s: %(message)s"), logging.INFO)
        logging.getLogger().setLevel(logging.INFO)


def show_warnings() -> None:
    """Show warnings as bare lines, unless `-q` or `-v` has set up more or less."""
    import logging

    if not logging.getLogger().handlers:
        from search_cli.commandline.log_format import OneLine, send

        send(OneLine(), logging.WARNING)
