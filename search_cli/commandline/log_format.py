"""How a log line looks on a terminal; loaded only by verbs that log."""

from __future__ import annotations

import logging

from search_cli.output.render import one_line


class OneLine(logging.Formatter):
    """A record as one line: of an exception its kind and words, and no traceback; -v has that."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with nothing in it that a terminal would obey."""
        line = one_line(record.getMessage())
        if record.exc_info and (error := record.exc_info[1]) is not None:
            line += f" ({type(error).__name__}: {one_line(str(error))[:200]}; -v shows more)"
        return line


def send(lines: logging.Formatter, level: int) -> None:
    """Let log lines from a level on go to the terminal in a form."""
    handler = logging.StreamHandler()
    handler.setLevel(level)  # Scrapy opens the root logger to everything; the handler decides
    handler.setFormatter(lines)
    logging.basicConfig(handlers=[handler], force=True)
